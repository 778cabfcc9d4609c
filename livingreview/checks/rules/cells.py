"""One cell against its field: a sentence that a person can act on, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ...contract.package import Field
from ...contract.problems import nearest
from ...contract.tables import split_list

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
#: What spreadsheets make of SEPTIN2 (SEPT2), MARCHF1 (MARCH1), section 2.9 or the range 1-10, in
#: English and in Chinese. Capitals matter: a gene may be called as a month is.
_EXCEL = re.compile(
    rf"[0-9]{{1,4}}-(?:{_MONTHS})|(?:{_MONTHS})-[0-9]{{2,4}}|[0-9]{{1,2}}月[0-9]{{1,2}}日"
)

#: HTML, roles, emphasis and links: cells are plain text, and shown to the letter.
_MARKUP = re.compile(
    r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|\{[a-z:]+\}`|\*\*[^*]+\*\*|\]\(https?:"
)
_PLAIN = (
    "Write plain text; sub- and superscripts as Unicode (H₂O₂), a source in the column citekey."
)
_BOOLEANS = {"yes": "true", "y": "true", "1": "true", "no": "false", "n": "false", "0": "false"}


class Fault(NamedTuple):
    """What is wrong with a cell, how to mend it, and the nearest valid value."""

    what: str
    fix: str
    close: str = ""


def faults(field: Field, value: str) -> Iterator[Fault]:
    """What is wrong with `value` as a cell of `field`: the first fault of each item."""
    if not value:
        if field.required:
            yield Fault("a value is required.", _instead(field))
        return
    if field.type != "list":
        items = [value]
    else:
        items = split_list(value, field.delimiter)
        yield from _faults_of_list(items, value, field.delimiter)
    for item in items:
        if fault := _fault(field, item):
            yield fault


def _faults_of_list(items: list[str], value: str, delimiter: str) -> Iterator[Fault]:
    if any(not item.strip() for item in value.split(delimiter)):
        fix = f"Separate items by one '{delimiter} ', with none at the end."
        yield Fault("the list has an empty item.", fix)
    doubled = next((item for item in items if items.count(item) > 1), "")
    if doubled:
        yield Fault(f"the list names '{doubled}' twice.", "Name it once.")


def _fault(field: Field, value: str) -> Fault | None:
    if field.type != "date" and field.name != "date" and _EXCEL.fullmatch(value):
        fix = "Type what was meant, and import the file with every column set to Text."
        return Fault("a spreadsheet has turned this into a date.", fix)
    if markup := _MARKUP.search(value):
        what = f"markup ('{markup[0]}') in a cell, where readers would see it as it stands."
        return Fault(what, _PLAIN)
    if field.type in _TYPES and (wrong_type := _TYPES[field.type](value)):
        return wrong_type
    if field.enum and value not in field.enum:
        what = "the contract knows no such value."
        return Fault(what, _one_of(field.enum), nearest(value, field.enum))
    if field.pattern and not re.fullmatch(field.pattern, value):
        fix = field.description or "Change it to that form."
        return Fault(f"this does not have the form {field.pattern}.", fix)
    return None


def _instead(field: Field) -> str:
    """What to write into a required cell."""
    if field.enum:
        return _one_of(field.enum)
    return f"Fill it in: {field.description}" if field.description else "Fill it in."


def _one_of(values: tuple[str, ...]) -> str:
    return f"Use one of: {', '.join(values)}."


def _integer(value: str) -> Fault | None:
    if re.fullmatch(r"0|-?[1-9][0-9]{0,14}", value):
        return None
    fix = "Write digits only, without unit, blank, decimal point or leading zero."
    return Fault("this is not a whole number.", fix)


def _number(value: str) -> Fault | None:
    if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", value):
        return None
    return Fault("this is not a number.", "Write digits, with a point before decimals and no unit.")


def _boolean(value: str) -> Fault | None:
    if value in ("true", "false"):
        return None
    close = _BOOLEANS.get(value.lower()) or nearest(value, ("true", "false"))
    return Fault("this is neither true nor false.", "Write true or false.", close)


def _date(value: str) -> Fault | None:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError:
        return Fault("this is not a day.", "Write it as year-month-day: 2026-07-31.")
    # a contributor east of the machine that checks may be a day ahead of it
    if day > date.today() + timedelta(days=1):
        return Fault("this day lies in the future.", "Write the day on which it was done.")
    return None


_TYPES: dict[str, Callable[[str], Fault | None]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}
