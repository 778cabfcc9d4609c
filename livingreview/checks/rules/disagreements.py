"""Disagreements: where rows cannot all be true, the book says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...contract.problems import Problem
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .rule import each, whole

_ADD = "Add a row to data/disagreements.csv that names it, or correct the row that is wrong."


def parties(row: Row, project: Project) -> set[str]:
    """The claims that a disagreement touches: those it names, and those of the evidence that it names."""
    evidence = (project.find("evidence", item) for item in split_list(row["evidence"]))
    return set(split_list(row["claims"])) | {
        found["claim_id"] for found in evidence if found is not None
    }


@each("disagreements", "claims", "evidence")
def names_two_sides(row: Row, project: Project) -> Iterator[Problem]:
    """It takes two to disagree."""
    sides = split_list(row["claims"]) + split_list(row["evidence"])
    if len(sides) < 2:
        what = f"a disagreement names at least two claims or evidence rows, this one {len(sides)}."
        fix = "Name both sides in claims and evidence."
        yield row.problem("claims", what, fix)


@whole("claims", "evidence", "disagreements")
def contradicted_claim_is_explained(project: Project) -> Iterator[Problem]:
    """A claim with evidence for and against it is part of a disagreement."""
    if not _all_sound(project):
        return
    support: dict[str, dict[bool, str]] = defaultdict(dict)
    for row in project.rows("evidence"):
        if row.sound("support", "claim_id", "evidence_id"):
            support[row["claim_id"]].setdefault(row["support"] == "supports", row["evidence_id"])
    explained = [parties(row, project) for row in project.rows("disagreements")]
    for row in project.rows("claims"):
        sides = support.get(row["claim_id"], {})
        if (
            len(sides) == 2
            and row.sound("claim_id")
            and not any(row["claim_id"] in group for group in explained)
        ):
            what = f"{sides[True]} supports the claim, {sides[False]} does not, and no disagreement says why."
            yield row.problem("claim_id", what, _ADD)


@whole("claims", "evidence", "disagreements")
def opposite_claims_are_explained(project: Project) -> Iterator[Problem]:
    """Two claims that differ in direction only, wherever they stand in the book, are part of one disagreement."""
    if not _all_sound(project):
        return
    context = ("subject", "perturbation", "predicate", "object", "aspect", "cell", "condition")
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in project.rows("claims"):
        if row["direction"] in ("increased", "decreased") and row.sound(
            "claim_id", "direction", *context
        ):
            groups[tuple(row[column] for column in context)].setdefault(row["direction"], row)
    explained = [parties(row, project) for row in project.rows("disagreements")]
    for sides in groups.values():
        if len(sides) < 2:
            continue
        first, second = sorted(sides.values(), key=lambda row: (row.file, row.line))
        if not any({first["claim_id"], second["claim_id"]} <= group for group in explained):
            what = f"{first['claim_id']} ({first.file}:{first.line}) says the opposite, and no disagreement says why."
            yield second.problem("claim_id", what, _ADD)


@whole("claims", "evidence", "disagreements", "references")
def retracted_paper_is_explained(project: Project) -> Iterator[Problem]:
    """A retracted paper may stay as evidence, with a disagreement of kind retracted that tells the reader."""
    if not _all_sound(project):
        return
    flagged: set[str] = set()
    for row in project.rows("disagreements"):
        if row["kind"] == "retracted" or not row.sound("kind"):
            flagged |= {*split_list(row["claims"]), *split_list(row["evidence"])}
    rows = defaultdict(list)
    for row in project.rows("evidence"):
        rows[row["citekey"]].append(row)
    for entry in project.bibliography.entries:
        uses = rows[entry.key] if "retracted" in entry.fields else []
        if uses and not any(
            row["evidence_id"] in flagged or row["claim_id"] in flagged for row in uses
        ):
            what = f"the paper is retracted and is evidence in {uses[0]['evidence_id']}, and no disagreement of kind retracted says so."
            claims = "; ".join(dict.fromkeys(row["claim_id"] for row in uses))
            fix = f"Add one to data/disagreements.csv with claims {claims} and evidence {'; '.join(row['evidence_id'] for row in uses)}."
            yield entry.problem("retracted", what, fix, value=entry.key)


def _all_sound(project: Project) -> bool:
    """False where a disagreement names something unknown: it may be meant for the very rows that seem unexplained."""
    return all(row.sound("claims", "evidence") for row in project.rows("disagreements"))
