"""Claims: their ids, and what their predicate allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...contract.problems import Problem
from ..project import Project
from ..rows import Row
from .rule import each, whole

NO_DIRECTION = "not_applicable"
#: The columns of a claim that say what is claimed; the rest says how it is put, and how sure it is.
SAYS = (
    "subject",
    "perturbation",
    "predicate",
    "object",
    "aspect",
    "direction",
    "mediator",
    "cell",
    "condition",
)


@each("claims", "claim_id")
def claim_id_starts_with_prefix(row: Row, project: Project) -> Iterator[Problem]:
    """A claim's id starts with the prefix of the mechanism whose file it is in."""
    yield from starts_with_prefix(row, "claim_id", "c", project)


@each("evidence", "evidence_id")
def evidence_id_starts_with_prefix(row: Row, project: Project) -> Iterator[Problem]:
    """So does an evidence row's."""
    yield from starts_with_prefix(row, "evidence_id", "e", project)


def starts_with_prefix(row: Row, column: str, letter: str, project: Project) -> Iterator[Problem]:
    """A problem where the id in `column` is not <prefix>-<letter><number>."""
    mechanism = project.find("mechanisms", row.mechanism)
    if mechanism is None or not mechanism.sound("prefix"):
        return
    start = f"{mechanism['prefix']}-{letter}"
    number = row[column].rpartition("-")[2][1:]
    if row[column] != start + number:
        what = f"ids in this file start with {start}."
        yield row.problem(
            column, what, "Give it the prefix of its mechanism, or move the row.", start + number
        )


@whole("claims")
def no_claim_stands_twice(project: Project) -> Iterator[Problem]:
    """Two rows that claim the same of the same are one claim: its evidence would be counted apart."""
    yield from twice(
        "claims",
        SAYS,
        "the claim is the same as {} in {}.",
        "Let the evidence name {}, and delete this row.",
        project,
    )


@whole("evidence")
def no_evidence_stands_twice(project: Project) -> Iterator[Problem]:
    """Two rows that differ in nothing but their id are one row, entered twice."""
    columns = [c for c in project.package["evidence"].columns if c != "evidence_id"]
    yield from twice(
        "evidence",
        columns,
        "the row is the same as {} in {}.",
        "Delete it, or enter what tells it from {}.",
        project,
    )


def twice(
    table: str, columns: Sequence[str], what: str, fix: str, project: Project
) -> Iterator[Problem]:
    """A problem for each row of a file that says in `columns` what a row above says."""
    above: dict[tuple[str, ...], Row] = {}
    for row in project.rows(table):
        first = above.setdefault((row.file, *(row[c] for c in columns)), row)
        key = project.package[table].primary_key[0]
        if first is not row and first[key] != row[key] and row.sound(key):
            yield row.problem(
                key, what.format(first[key], f"line {first.line}"), fix.format(first[key])
            )


@each("claims", "predicate", "direction")
def direction_fits_predicate(row: Row, project: Project) -> Iterator[Problem]:
    """Only predicates that take a direction have one, and they always say what is known of it."""
    predicate = project.find("predicates", row["predicate"])
    if predicate is None or not predicate.sound("takes_direction"):
        return
    takes = predicate["takes_direction"] == "true"
    if takes and row["direction"] == NO_DIRECTION:
        what = f"the predicate {row['predicate']} takes a direction."
        yield row.problem(
            "direction", what, "Write not_stated where the source gives none.", "not_stated"
        )
    elif not takes and row["direction"] != NO_DIRECTION:
        what = f"the predicate {row['predicate']} has no direction."
        yield row.problem(
            "direction",
            what,
            f"Write {NO_DIRECTION}, or choose a predicate that takes one.",
            NO_DIRECTION,
        )


@each("claims", "predicate", "aspect")
def aspect_fits_predicate(row: Row, project: Project) -> Iterator[Problem]:
    """Only predicates that take an aspect have one, and they always do."""
    predicate = project.find("predicates", row["predicate"])
    if predicate is None or not predicate.sound("takes_aspect"):
        return
    takes = predicate["takes_aspect"] == "true"
    if takes and not row["aspect"]:
        what = f"the predicate {row['predicate']} needs an aspect."
        yield row.problem(
            "aspect", what, "Say what of the object changes (data/vocab/aspects.csv)."
        )
    elif not takes and row["aspect"]:
        what = f"the predicate {row['predicate']} takes no aspect."
        yield row.problem("aspect", what, "Empty the cell, or choose a predicate that takes one.")


@each("claims", "certainty_override", "override_reason")
def override_has_a_reason(row: Row, project: Project) -> Iterator[Problem]:
    """Who overrules the rule says why."""
    if row["certainty_override"] and not row["override_reason"]:
        yield row.problem(
            "override_reason", "an override needs a reason.", "Say why the rule misleads here."
        )
    elif row["override_reason"] and not row["certainty_override"]:
        yield row.problem(
            "override_reason",
            "a reason without an override.",
            "Set certainty_override, or empty the cell.",
        )


@whole("evidence")
def every_claim_has_evidence(project: Project) -> Iterator[Problem]:
    """A claim without evidence is an opinion."""
    supported = project.values("evidence", "claim_id")
    # an evidence row whose claim is misspelt is reported there; its claim is not reported as well
    if not all(row.sound("claim_id") for row in project.rows("evidence")):
        return
    for row in project.rows("claims"):
        if row.sound("claim_id") and row["claim_id"] not in supported:
            fix = f"Add a row to data/evidence/{row.mechanism}.csv, or delete the claim."
            yield row.problem("claim_id", "no evidence row speaks to this claim.", fix)
