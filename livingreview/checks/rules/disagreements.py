"""Disagreements: where rows cannot all be true, the book says so."""

from __future__ import annotations

from collections import defaultdict

from ...contract.tables import split_list
from ..model import REFERENCES, Project, Row
from .rule import Problems, each, whole

LEAST_SIDES = 2
OPPOSITE = ("increased", "decreased")
#: What two claims must have in common to be opposite.
CONTEXT = ("subject", "perturbation", "predicate", "object", "aspect", "cell", "condition")
_ADD = "Add a row to data/disagreements.csv that names it, or correct the row that is wrong."


@each("disagreements", "claims", "evidence")
def disagreement_names_two_sides(row: Row, project: Project) -> Problems:
    """It takes two to disagree."""
    sides = split_list(row["claims"]) + split_list(row["evidence"])
    if len(sides) < LEAST_SIDES:
        least = "a disagreement names at least two claims or evidence rows"
        fix = "Name both sides in claims and evidence."
        yield row.problem("claims", f"{least}, this one {len(sides)}.", fix)


@whole("claims", "evidence", "disagreements")
def contradicted_claim_is_explained(project: Project) -> Problems:
    """A claim with evidence for and against it is part of a disagreement."""
    if not _all_sound(project):
        return
    support: dict[str, dict[bool, str]] = defaultdict(dict)
    for row in project.rows("evidence"):
        if row.sound("support", "claim_id", "evidence_id"):
            sides = support[row["claim_id"]]
            sides.setdefault(row["support"] == "supports", row["evidence_id"])
    explained = {claim for parties in _explained(project) for claim in parties}
    for row in project.rows("claims"):
        claim = row["claim_id"]
        sides = support.get(claim, {})
        if len(sides) == LEAST_SIDES and row.sound("claim_id") and claim not in explained:
            both = f"{sides[True]} supports the claim, {sides[False]} does not"
            yield row.problem("claim_id", f"{both}, and no disagreement says why.", _ADD)


@whole("claims", "evidence", "disagreements")
def opposite_claims_are_explained(project: Project) -> Problems:
    """Two claims of the book that differ in direction only are part of one disagreement."""
    if not _all_sound(project):
        return
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in project.rows("claims"):
        if row["direction"] in OPPOSITE and row.sound("claim_id", "direction", *CONTEXT):
            sides = groups[tuple(row[column] for column in CONTEXT)]
            sides.setdefault(row["direction"], row)
    explained = _explained(project)
    for sides in groups.values():
        if len(sides) < LEAST_SIDES:
            continue
        first, second = sorted(sides.values(), key=lambda row: (row.file, row.line))
        if not any({first["claim_id"], second["claim_id"]} <= parties for parties in explained):
            other = f"{first['claim_id']} ({first.file}:{first.line})"
            what = f"{other} says the opposite, and no disagreement says why."
            yield second.problem("claim_id", what, _ADD)


@whole("claims", "evidence", "disagreements", REFERENCES)
def retracted_paper_is_explained(project: Project) -> Problems:
    """A retracted paper may stay as evidence where a disagreement of kind retracted says so."""
    if not _all_sound(project):
        return
    flagged: set[str] = set()
    for row in project.rows("disagreements"):
        if row["kind"] == "retracted" or not row.sound("kind"):
            flagged |= {*split_list(row["claims"]), *split_list(row["evidence"])}
    rows = defaultdict(list)
    for row in project.rows("evidence"):
        rows[row["citekey"]].append(row)
    for entry in project.references.entries:
        uses = rows[entry.key] if "retracted" in entry.fields else []
        evidence = [row["evidence_id"] for row in uses]
        claims = list(dict.fromkeys(row["claim_id"] for row in uses))
        if uses and flagged.isdisjoint({*evidence, *claims}):
            used = f"the paper is retracted and is evidence in {evidence[0]}"
            parties = f"claims {'; '.join(claims)} and evidence {'; '.join(evidence)}"
            what = f"{used}, and no disagreement of kind retracted says so."
            fix = f"Add one to data/disagreements.csv with {parties}."
            yield entry.problem("retracted", what, fix, value=entry.key)


def _explained(project: Project) -> list[set[str]]:
    """The claims that each disagreement names, and those of the evidence that it names."""
    return [
        {
            *split_list(row["claims"]),
            *(
                found["claim_id"]
                for item in split_list(row["evidence"])
                if (found := project.find("evidence", item)) is not None
            ),
        }
        for row in project.rows("disagreements")
    ]


def _all_sound(project: Project) -> bool:
    """False where a disagreement names something unknown, perhaps meant for the rows sought."""
    return all(row.sound("claims", "evidence") for row in project.rows("disagreements"))
