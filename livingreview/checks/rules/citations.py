"""Numbered references of the sources: all there, each as sure as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...problems import Problem
from ..project import Project
from ..rows import Row
from .rule import each, whole

MOST_REFERENCES = 9999
LEAST_CONFIDENCE = 0.75  # below it a guess is not cited


def _plausible(source: Row) -> bool:
    return 0 <= int(source["n_references"]) <= MOST_REFERENCES


@each("sources", "n_references")
def number_of_references_is_plausible(row: Row, project: Project) -> Iterator[Problem]:
    """A slip of the finger must not ask for a billion citations."""
    if not _plausible(row):
        yield row.problem("n_references", f"this is not between 0 and {MOST_REFERENCES}.", "Write the highest number that it prints.")


@whole("citations")
def every_number_is_there(project: Project) -> Iterator[Problem]:
    """Each number from 1 to n_references of each source has a row."""
    given = {(row["source"], row["reference_number"]) for row in project.rows("citations")}
    for source in project.rows("sources"):
        if not source.sound("source", "n_references") or not _plausible(source):
            continue
        missing = [n for n in range(1, int(source["n_references"]) + 1) if (source["source"], str(n)) not in given]
        if missing:
            what = f"citations of {source['source']} are missing."
            fix = "Add a row for each number; status unresolved where the paper is not known."
            yield Problem("data/citations.csv", 0, "reference_number", spans(missing), what, fix)


def spans(numbers: list[int]) -> str:
    """Sorted numbers, runs shortened: ``[1, 2, 3, 7]`` gives ``"1–3, 7"``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


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
        what = f"{source['source']} prints the numbers 1 to {last}." if last else f"{source['source']} prints no numbers."
        yield row.problem(column, what, "Correct the number or the source.")


@each("citations", "status", "citekey", "confidence")
def status_fits(row: Row, project: Project) -> Iterator[Problem]:
    """verified names a paper, unresolved names none, a candidate is cited only when it is likely."""
    status, confidence = row["status"], float(row["confidence"])
    if not 0 <= confidence <= 1:
        yield row.problem("confidence", "this is not between 0 and 1.", "Write how likely the match is, from 0 to 1.")
    elif status == "verified" and not row["citekey"]:
        yield row.problem("citekey", "a verified reference names its paper.", "Give the citekey, or lower the status.")
    elif status == "unresolved" and row["citekey"]:
        yield row.problem("citekey", "an unresolved reference names no paper.", "Remove the citekey, or raise the status.")
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
        yield row.problem("double_report_of", "this is not a reference number.", "Write the number only.")
    elif int(value) == int(row["reference_number"]):
        yield row.problem("double_report_of", "a reference cannot report itself twice.", "Write the other number.")
    elif list(in_range(row, "double_report_of", project.find("sources", row["source"]))):
        yield from in_range(row, "double_report_of", project.find("sources", row["source"]))
    else:
        other = project.find("citations", row["source"], value)
        if other is not None and other["double_report_of"]:
            what = f"reference {value} is itself marked as a double report of {other['double_report_of']}."
            yield row.problem("double_report_of", what, "Let all of them name one and the same number, and that one none.")


@each("citations", "seen_at")
def seen_at_is_an_address(row: Row, project: Project) -> Iterator[Problem]:
    """seen_at is the address of a page."""
    if row["seen_at"] and not re.fullmatch(r"https?://[^\s/]+\S*", row["seen_at"]):
        yield row.problem("seen_at", "this is not an address.", "Write it from https:// on.")
