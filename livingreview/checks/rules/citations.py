"""Citations, the numbered references of the sources: each is used, and as sure as it says."""

from __future__ import annotations

import re

from ..model import Project, Row
from .locating import in_range
from .rule import Problems, each, whole
from .sources import is_begun

LEAST_CONFIDENCE = 0.75  # below it a guess is not cited
NOT_PRINTED = "not_printed"
NUMBERED = ("evidence", "quantities")  # the tables that restate what a reference number stands for


@each("citations", "source", "reference_number")
def number_is_printed(row: Row, project: Project) -> Problems:
    """The number is one that the source prints."""
    yield from in_range(row, "reference_number", project.find("sources", row["source"]))


@whole("citations", "mechanisms", *NUMBERED)
def every_printed_number_is_used(project: Project) -> Problems:
    """A number that is printed stands on a row, for no statement is left out; another on none."""
    rows = [row for table in NUMBERED for row in project.rows(table)]
    if not all(row.sound("reported_by", "reference_number") for row in rows):
        return
    used = {(row["reported_by"], row["reference_number"]) for row in rows}
    for row in project.rows("citations"):
        source = project.find("sources", row["source"])
        sound = row.sound("source", "reference_number", "status")
        if source is None or not sound or not is_begun(row["source"], project):
            continue
        if list(in_range(row, "reference_number", source)):
            continue
        is_used = (row["source"], row["reference_number"]) in used
        if not is_used and row["status"] != NOT_PRINTED:
            what = f"no row uses this number of {row['source']}."
            fix = "Add the statement that cites it, or, where the text never cites it, "
            yield row.problem("reference_number", what, f"{fix}write {NOT_PRINTED}.")
        elif is_used and row["status"] == NOT_PRINTED:
            fix = "Give the status that fits, or correct the rows."
            yield row.problem("status", "rows use this number.", fix)


@each("citations", "status", "citekey", "confidence")
def status_fits(row: Row, project: Project) -> Problems:
    """verified names a paper, unresolved and not_printed none, a candidate a likely one."""
    status, confidence = row["status"], float(row["confidence"])
    if not 0 <= confidence <= 1:
        fix = "Write how likely the match is, from 0 to 1."
        yield row.problem("confidence", "this is not between 0 and 1.", fix)
    elif status == "verified" and not row["citekey"]:
        fix = "Give the citekey, or lower the status."
        yield row.problem("citekey", "a verified reference names its paper.", fix)
    elif status in ("unresolved", NOT_PRINTED) and row["citekey"]:
        fix = "Remove the citekey, or raise the status."
        yield row.problem("citekey", f"a reference that is {status} names no paper.", fix)
    elif status == "candidate" and row["citekey"] and confidence < LEAST_CONFIDENCE:
        what = f"a candidate below {LEAST_CONFIDENCE} is not cited."
        yield row.problem("confidence", what, "Remove the citekey; match_reason keeps the guess.")


@each("citations", "source", "reference_number", "double_report_of")
def double_report_leads_to_another(row: Row, project: Project) -> Problems:
    """double_report_of is another number of the same source, and following it comes to an end."""
    column, value = "double_report_of", row["double_report_of"]
    if not value:
        return
    if not re.fullmatch(r"[0-9]{1,9}", value):
        yield row.problem(column, "this is not a reference number.", "Write the number only.")
        return
    if int(value) == int(row["reference_number"]):
        what = "a reference cannot report itself twice."
        yield row.problem(column, what, "Write the other number.")
        return
    outside = list(in_range(row, column, project.find("sources", row["source"])))
    yield from outside
    other = project.find("citations", row["source"], value)
    if not outside and other is not None and other[column]:
        what = f"reference {value} is itself marked as a double report of {other[column]}."
        fix = "Let all of them name one and the same number, and that one none."
        yield row.problem(column, what, fix)


@each("citations", "seen_at")
def seen_at_is_an_address(row: Row, project: Project) -> Problems:
    """seen_at is the address of a page."""
    if row["seen_at"] and not re.fullmatch(r"https?://[^\s/]+\S*", row["seen_at"]):
        yield row.problem("seen_at", "this is not an address.", "Write it from https:// on.")
