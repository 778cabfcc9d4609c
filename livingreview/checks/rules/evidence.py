"""Evidence: to which claim it speaks, who says so and where, and what such a study can show."""

from __future__ import annotations

from ..model import Project, Row
from .ids import starts_with_prefix, twice
from .locating import located
from .rule import Problems, each, whole

DIRECTIONS = ("increased", "decreased", "no_change", "mixed")


@each("evidence", "evidence_id")
def evidence_id_starts_with_prefix(row: Row, project: Project) -> Problems:
    """The id of a row starts with the prefix of the mechanism whose file it is in."""
    yield from starts_with_prefix(row, "evidence_id", "e", project)


@whole("evidence")
def no_evidence_stands_twice(project: Project) -> Problems:
    """Two rows that differ in nothing but their id are one row, entered twice."""
    columns = [c for c in project.package["evidence"].columns if c != "evidence_id"]
    what, fix = "the row is the same as {} in {}.", "Delete it, or enter what tells it from {}."
    yield from twice("evidence", columns, what, fix, project)


@each("evidence", "claim_id")
def claim_is_in_the_same_mechanism(row: Row, project: Project) -> Problems:
    """Evidence stands in the file of its claim's mechanism, for a chapter reads that file only."""
    claim = project.find("claims", row["claim_id"])
    if claim is not None and claim.mechanism != row.mechanism:
        file = f"data/evidence/{claim.mechanism}.csv"
        fix = f"Move the row to {file}, or name a claim of this file."
        yield row.problem("claim_id", f"the claim is in {claim.file}.", fix)


@each("evidence", "claim_id", "study_design", "support")
def design_can_show_a_direction(row: Row, project: Project) -> Problems:
    """A design that measures nothing shows no direction."""
    claim = project.find("claims", row["claim_id"])
    design = project.find("study_designs", row["study_design"])
    if claim is None or not claim.sound("direction"):
        return
    if design is None or not design.sound("allows_direction"):
        return
    speaks = row["support"] in ("supports", "refutes") and claim["direction"] in DIRECTIONS
    if speaks and design["allows_direction"] == "false":
        what = f"this design cannot show a direction, and the claim says {claim['direction']}."
        fix = "Let the row speak to a claim without direction, or correct the design."
        yield row.problem("study_design", what, fix)


@each("evidence", "reported_by", "basis", "section", "reference_number", "citekey")
def evidence_is_located(row: Row, project: Project) -> Problems:
    """Every evidence row says who reports it and where."""
    yield from located(row, project)
