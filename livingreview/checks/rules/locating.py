"""Where a statement is from: the editors read a paper, or a review has it in a section."""

from __future__ import annotations

from ...contract.problems import nearest
from ...contract.tables import split_list
from ..model import Project, Row
from .rule import Problems

EDITORS = "editors"
REPORTED = "reported"
MOST_REFERENCES = 9999


def located(row: Row, project: Project) -> Problems:
    """Editors name the paper they read; a review reports in a section, under one of its numbers."""
    if row["reported_by"] == EDITORS:
        yield from _editors(row)
        return
    source = project.find("sources", row["reported_by"])
    if row["basis"] != REPORTED:
        what = "what a review says is known through that review."
        fix = f"Write {REPORTED}, or let {EDITORS} report what the paper itself says."
        yield row.problem("basis", what, fix, REPORTED)
    yield from section_exists(row, source, required=True)
    if row["reference_number"] and source is not None:
        outside = list(in_range(row, "reference_number", source))
        yield from outside or _numbered(row, project)


def _editors(row: Row) -> Problems:
    if row["basis"] == REPORTED:
        what = "the editors report what they have read themselves."
        fix = "Write abstract_read or full_text_read, or name the review."
        yield row.problem("basis", what, fix, "abstract_read")
    if not row["citekey"]:
        what = "the editors' rows name the paper that was read."
        yield row.problem("citekey", what, "Give its citekey.")
    for column in ("section", "reference_number"):
        yield from empty_for_editors(row, column)


def empty_for_editors(row: Row, column: str) -> Problems:
    """A problem where a row of the editors says where a review has it."""
    if row[column]:
        what = f"the editors' rows have no {column}."
        yield row.problem(column, what, "Empty the cell, or name the review.")


def section_exists(row: Row, source: Row | None, *, required: bool) -> Problems:
    """A problem where `source` has no such section. required: whether one must be named."""
    if source is None or not source.sound("sections"):
        return
    section, sections = row["section"], split_list(source["sections"])
    fix = f"Use one of: {', '.join(sections)}."
    if section and section not in sections:
        what = f"{source['source']} has no such section."
        yield row.problem("section", what, fix, nearest(section, sections))
    elif required and not section:
        yield row.problem("section", "the section of the review is missing.", fix)


def number_is_plausible(source: Row) -> bool:
    """True for a number of references that a review may have."""
    return 0 <= int(source["n_references"]) <= MOST_REFERENCES


def in_range(row: Row, column: str, source: Row | None) -> Problems:
    """A problem where `column` holds a number that `source` does not print."""
    if source is None or not source.sound("n_references") or not number_is_plausible(source):
        return
    last = int(source["n_references"])
    if not 1 <= int(row[column]) <= last:
        numbers = f"the numbers 1 to {last}" if last else "no numbers"
        what = f"{source['source']} prints {numbers}."
        yield row.problem(column, what, "Correct the number or the source.")


def _numbered(row: Row, project: Project) -> Problems:
    """A row with a reference number names the paper that citations.csv gives for it."""
    number = str(int(row["reference_number"]))
    citation = project.find("citations", row["reported_by"], number)
    if citation is None or not citation.sound("citekey", "source", "reference_number"):
        return
    given = citation["citekey"]
    if row["citekey"] != given:
        meant = f"'{given}'" if given else "no paper"
        place = f"data/citations.csv:{citation.line}"
        what = f"{place} gives {meant} for reference {number} of {row['reported_by']}."
        resolve = "Empty the cell, or resolve the reference in data/citations.csv."
        yield row.problem("citekey", what, "Make the two agree." if given else resolve, given)
