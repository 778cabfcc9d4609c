"""Numbered references of the sources: all there, each as sure as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...contract.problems import Problem, spans
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .rule import each, whole

MOST_REFERENCES = 9999
LEAST_CONFIDENCE = 0.75  # below it a guess is not cited
NOT_PRINTED = "not_printed"
LOCATED = ("evidence", "quantities", "gaps", "errata")  # the tables that restate a section
NUMBERED = ("evidence", "quantities")  # those that restate what a reference number stands for


def _plausible(source: Row) -> bool:
    return 0 <= int(source["n_references"]) <= MOST_REFERENCES


@each("sources", "n_references")
def number_of_references_is_plausible(row: Row, project: Project) -> Iterator[Problem]:
    """A slip of the finger must not ask for a billion citations."""
    if not _plausible(row):
        yield row.problem(
            "n_references",
            f"this is not between 0 and {MOST_REFERENCES}.",
            "Write the highest number that it prints.",
        )


@whole("citations")
def every_number_is_there(project: Project) -> Iterator[Problem]:
    """Each number from 1 to n_references of each source has a row."""
    given = {(row["source"], row["reference_number"]) for row in project.rows("citations")}
    for source in project.rows("sources"):
        if not source.sound("source", "n_references") or not _plausible(source):
            continue
        missing = [
            n
            for n in range(1, int(source["n_references"]) + 1)
            if (source["source"], str(n)) not in given
        ]
        if missing:
            what = f"citations of {source['source']} are missing."
            fix = "Add a row for each number; status unresolved where the paper is not known."
            yield Problem("data/citations.csv", 0, "reference_number", spans(missing), what, fix)


@whole("sources", "mechanisms", *LOCATED)
def every_section_is_restated(project: Project) -> Iterator[Problem]:
    """Each section of a source that the book restates has a row somewhere; a source without any row is yet to come."""
    rows = [row for table in LOCATED for row in project.rows(table)]
    if not all(row.sound("reported_by", "source", "section") for row in rows):
        return
    used = {(row["reported_by"] or row["source"], row["section"]) for row in rows}
    for source in project.rows("sources"):
        sections = split_list(source["sections"])
        misnamed = any(
            name == source["source"] and section not in sections
            for name, section in used
            if section
        )
        if (
            source.sound("source", "sections") and _begun(source, project) and not misnamed
        ):  # else the row sought may be there
            for section in sections:
                if (source["source"], section) not in used:
                    what = f"no row restates section {section} of {source['source']}."
                    yield source.problem(
                        "sections",
                        what,
                        "Add its statements to data/evidence/, or correct the list.",
                        value=section,
                    )


@whole("citations", "mechanisms", *NUMBERED)
def every_printed_number_is_used(project: Project) -> Iterator[Problem]:
    """Each number that a source prints stands on a row, for no statement is left behind; one that is not printed on none."""
    rows = [row for table in NUMBERED for row in project.rows(table)]
    if not all(row.sound("reported_by", "reference_number") for row in rows):
        return
    used = {(row["reported_by"], row["reference_number"]) for row in rows}
    for row in project.rows("citations"):
        source = project.find("sources", row["source"])
        if (
            source is None
            or not row.sound("source", "reference_number", "status")
            or not _begun(source, project)
        ):
            continue
        if list(in_range(row, "reference_number", source)):
            continue
        is_used = (row["source"], row["reference_number"]) in used
        if not is_used and row["status"] != NOT_PRINTED:
            fix = f"Add the statement that cites it, or, where the text never cites it, write {NOT_PRINTED}."
            yield row.problem(
                "reference_number", f"no row uses this number of {row['source']}.", fix
            )
        elif is_used and row["status"] == NOT_PRINTED:
            yield row.problem(
                "status", "rows use this number.", "Give the status that fits, or correct the rows."
            )


def _begun(source: Row, project: Project) -> bool:
    """True where some chapter restates a part of the source."""
    pairs = (
        pair for row in project.rows("mechanisms") for pair in split_list(row["source_sections"])
    )
    return any(pair.partition(":")[0] == source["source"] for pair in pairs)


@each("citations", "source", "reference_number")
def number_is_printed(row: Row, project: Project) -> Iterator[Problem]:
    """The number is one that the source prints."""
    yield from in_range(row, "reference_number", project.find("sources", row["source"]))


def in_range(row: Row, column: str, source: Row | None) -> Iterator[Problem]:
    """A problem where `column` holds a number that `source` does not print."""
    if source is None or not source.sound("n_references") or not _plausible(source):
        return
    last = int(source["n_references"])
    if not 1 <= int(row[column]) <= last:
        what = (
            f"{source['source']} prints the numbers 1 to {last}."
            if last
            else f"{source['source']} prints no numbers."
        )
        yield row.problem(column, what, "Correct the number or the source.")


@each("citations", "status", "citekey", "confidence")
def status_fits(row: Row, project: Project) -> Iterator[Problem]:
    """verified names a paper, unresolved and not_printed name none, a candidate is cited only when it is likely."""
    status, confidence = row["status"], float(row["confidence"])
    if not 0 <= confidence <= 1:
        yield row.problem(
            "confidence",
            "this is not between 0 and 1.",
            "Write how likely the match is, from 0 to 1.",
        )
    elif status == "verified" and not row["citekey"]:
        yield row.problem(
            "citekey",
            "a verified reference names its paper.",
            "Give the citekey, or lower the status.",
        )
    elif status in ("unresolved", NOT_PRINTED) and row["citekey"]:
        yield row.problem(
            "citekey",
            f"a reference that is {status} names no paper.",
            "Remove the citekey, or raise the status.",
        )
    elif status == "candidate" and row["citekey"] and confidence < LEAST_CONFIDENCE:
        what = f"a candidate below {LEAST_CONFIDENCE} is not cited."
        yield row.problem("confidence", what, "Remove the citekey; match_reason keeps the guess.")


@each("citations", "source", "reference_number", "double_report_of")
def double_report_leads_to_another(row: Row, project: Project) -> Iterator[Problem]:
    """double_report_of is another number of the same source, and following it comes to an end."""
    value = row["double_report_of"]
    if not value:
        return
    if not re.fullmatch(r"[0-9]{1,9}", value):
        yield row.problem(
            "double_report_of", "this is not a reference number.", "Write the number only."
        )
    elif int(value) == int(row["reference_number"]):
        yield row.problem(
            "double_report_of", "a reference cannot report itself twice.", "Write the other number."
        )
    elif list(in_range(row, "double_report_of", project.find("sources", row["source"]))):
        yield from in_range(row, "double_report_of", project.find("sources", row["source"]))
    else:
        other = project.find("citations", row["source"], value)
        if other is not None and other["double_report_of"]:
            what = f"reference {value} is itself marked as a double report of {other['double_report_of']}."
            yield row.problem(
                "double_report_of",
                what,
                "Let all of them name one and the same number, and that one none.",
            )


@each("citations", "seen_at")
def seen_at_is_an_address(row: Row, project: Project) -> Iterator[Problem]:
    """seen_at is the address of a page."""
    if row["seen_at"] and not re.fullmatch(r"https?://[^\s/]+\S*", row["seen_at"]):
        yield row.problem("seen_at", "this is not an address.", "Write it from https:// on.")
