"""Sources, the reviews that the book restates: nothing of them is left out."""

from __future__ import annotations

from ...contract.problems import Problem, spans
from ...contract.tables import split_list
from ..model import Project, Row
from .locating import MOST_REFERENCES, number_is_plausible
from .rule import Problems, each, whole

LOCATED = ("evidence", "quantities", "gaps", "errata")  # the tables that restate a section


@each("sources", "n_references")
def number_of_references_is_plausible(row: Row, project: Project) -> Problems:
    """A slip of the finger must not ask for a billion citations."""
    if not number_is_plausible(row):
        what = f"this is not between 0 and {MOST_REFERENCES}."
        yield row.problem("n_references", what, "Write the highest number that it prints.")


@whole("citations")
def every_number_is_there(project: Project) -> Problems:
    """Each number from 1 to n_references of each source has a row."""
    given = {(row["source"], row["reference_number"]) for row in project.rows("citations")}
    for row in project.rows("sources"):
        if not row.sound("source", "n_references") or not number_is_plausible(row):
            continue
        numbers = range(1, int(row["n_references"]) + 1)
        missing = [n for n in numbers if (row["source"], str(n)) not in given]
        if missing:
            what = f"citations of {row['source']} are missing."
            fix = "Add a row for each number; status unresolved where the paper is not known."
            yield Problem("data/citations.csv", 0, "reference_number", spans(missing), what, fix)


@whole("sources", "mechanisms", *LOCATED)
def every_section_is_restated(project: Project) -> Problems:
    """Each section of a source has a row somewhere; one that no chapter restates is to come."""
    rows = [row for table in LOCATED for row in project.rows(table)]
    if not all(row.sound("reported_by", "source") for row in rows):
        return
    used = {(row["reported_by"] or row["source"], row["section"]) for row in rows}
    for source in project.rows("sources"):
        name, sections = source["source"], split_list(source["sections"])
        if not is_begun(name, project):
            continue
        if any(other == name and s and s not in sections for other, s in used):
            continue  # the row sought may be the one that names no section of it
        for section in sections:
            if (name, section) not in used:
                what = f"no row restates section {section} of {name}."
                fix = "Add its statements to data/evidence/, or correct the list."
                yield source.problem("sections", what, fix, value=section)


def is_begun(source: str, project: Project) -> bool:
    """True where some chapter restates a part of the source."""
    return any(
        pair.partition(":")[0] == source
        for row in project.rows("mechanisms")
        for pair in split_list(row["source_sections"])
    )
