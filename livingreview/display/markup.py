"""MyST text from data: escaping, citations, terms, certainty marks and tables that resolve inside the book."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~@^&!])")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEADING = re.compile(r"^(\s*)([-+=:%]|\d+(?=[.)]))")


@dataclass
class Markup:
    """MyST text that a cell displays; the book's own parser reads it, so citations and terms join the book's."""

    text: str

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/markdown": self.text, "text/plain": ""}


def escape(text: object) -> str:
    """Data as MyST text: markup in it is shown, never obeyed; line breaks become spaces."""
    flat = " ".join(str(text).split())
    flat = _SPECIAL.sub(r"\\\1", flat)
    flat = re.sub(
        r"(?i)\b(https?|ftp|www)(:|\.)", r"\1\\\2", flat
    )  # no automatic links out of data
    leading = _LEADING.match(flat)
    if not leading:
        return flat
    if leading[2].isdigit():
        return flat.replace(leading[2], leading[2] + "\\", 1)
    return flat[: leading.start(2)] + "\\" + flat[leading.start(2) :]


def cite(citekeys: Iterable[str], post: str = "") -> str:
    """A citation of one or more papers: ``{cite:p}`a,b` ``; with `post`, as in "ref. 14", after the last."""
    keys = [key for key in dict.fromkeys(citekeys) if key]
    if not keys:
        return ""
    return "{cite:p}`" + ",".join(keys) + (f"{{{post}}}" if post else "") + "`"


def term(label: str, entry: str) -> str:
    """A link to a glossary entry, shown as `label`; the label alone where it would upset the role."""
    return escape(label) if set("`<>") & set(label + entry) else f"{{term}}`{label} <{entry}>`"


def span(text: str, *classes: str) -> str:
    """Text (already MyST) with CSS classes; ``language-zh-Hans`` sets the language (simplified Chinese) as well."""
    return f"[{text}]{{{' '.join('.' + c for c in classes)}}}"


def chinese(text: object) -> str:
    """Chinese text, marked as such; text without a Chinese character is only escaped."""
    return (
        span(escape(text), "language-zh-Hans", "lr-zh")
        if _CHINESE.search(str(text))
        else escape(text)
    )


def certainty_mark(level: str) -> str:
    """The certainty of a claim as a small mark that reads as words."""
    return span(
        f"{level.replace('_', ' ')} certainty", "lr-certainty", f"lr-{level.replace('_', '-')}"
    )


def block(name: str, data: object) -> str:
    """Data for a directive of the engine (``sphinxext``) that makes the page's nodes itself: nothing in it is read as markup."""
    return f"``````{{{name}}}\n{json.dumps(data, ensure_ascii=False)}\n``````"


@dataclass(frozen=True)
class Field:
    """A recorded value that every row of a table has.

    name: column of the data. filter: what the filter by it is called, "" where there is none. words: what values are called, in order;
    the others speak for themselves.
    """

    name: str
    filter: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """What stands behind one row of a table; plain text, not MyST.

    id: address of the row on its page. anchor: a second address, of what the row is the first to tell of. values: as recorded, one for
    each field. note: shown below the row. context: labels and texts, shown where a reader opens the row; a list is put together, what
    starts with # being an address on the page.
    """

    id: str
    anchor: str
    note: str
    values: Sequence[str | int | float]
    context: Sequence[tuple[str, str | list[str]]]


@dataclass(frozen=True)
class Records:
    """What stands behind the rows of a table. columns: for each column of the table the names of its fields, first those to sort by."""

    fields: Sequence[Field]
    columns: Sequence[Sequence[str]]
    rows: Sequence[Record]


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str,
    name: str,
    widths: Sequence[int],
    records: Records | None = None,
) -> str:
    """A numbered table with a repeated header; cells are MyST text on one line each.

    name: label for {numref}. widths: relative column widths. records: what stands behind the rows, in their order, for the page alone.
    """
    kind = "list-table" if records is None else "record-table"
    lines = [f"````{{{kind}}} {caption}", f":name: {name}", ":header-rows: 1", f":widths: {' '.join(map(str, widths))}", ":class: lr-table longtable", ""]  # fmt: skip
    if records is not None:
        lines.append(json.dumps(asdict(records), ensure_ascii=False, separators=(",", ":")))
    for row in [header, *rows]:
        first, *rest = (cell.strip() or "–" for cell in row)
        lines.append(f"* - {first}")
        lines += [f"  - {cell}" for cell in rest]
    return "\n".join([*lines, "````"])
