"""Claims: their ids, what their predicate allows, and that somebody says so."""

from __future__ import annotations

from ..model import Project, Row
from .ids import starts_with_prefix, twice
from .rule import Problems, each, whole

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
def claim_id_starts_with_prefix(row: Row, project: Project) -> Problems:
    """A claim's id starts with the prefix of the mechanism whose file it is in."""
    yield from starts_with_prefix(row, "claim_id", "c", project)


@whole("claims")
def no_claim_stands_twice(project: Project) -> Problems:
    """Two rows that claim the same are one claim: its evidence would be counted apart."""
    what, fix = (
        "the claim is the same as {} in {}.",
        "Let the evidence name {}, and delete this row.",
    )
    yield from twice("claims", SAYS, what, fix, project)


@each("claims", "predicate", "direction")
def direction_fits_predicate(row: Row, project: Project) -> Problems:
    """Only predicates that take a direction have one, and they always say what is known of it."""
    predicate = project.find("predicates", row["predicate"])
    if predicate is None or not predicate.sound("takes_direction"):
        return
    takes, has = predicate["takes_direction"] == "true", row["direction"] != NO_DIRECTION
    if takes and not has:
        what = f"the predicate {row['predicate']} takes a direction."
        fix = "Write not_stated where the source gives none."
        yield row.problem("direction", what, fix, "not_stated")
    elif has and not takes:
        what = f"the predicate {row['predicate']} has no direction."
        fix = f"Write {NO_DIRECTION}, or choose a predicate that takes one."
        yield row.problem("direction", what, fix, NO_DIRECTION)


@each("claims", "predicate", "aspect")
def aspect_fits_predicate(row: Row, project: Project) -> Problems:
    """Only predicates that take an aspect have one, and they always do."""
    predicate = project.find("predicates", row["predicate"])
    if predicate is None or not predicate.sound("takes_aspect"):
        return
    takes = predicate["takes_aspect"] == "true"
    if takes and not row["aspect"]:
        what = f"the predicate {row['predicate']} needs an aspect."
        fix = "Say what of the object changes (data/vocab/aspects.csv)."
        yield row.problem("aspect", what, fix)
    elif row["aspect"] and not takes:
        what = f"the predicate {row['predicate']} takes no aspect."
        yield row.problem("aspect", what, "Empty the cell, or choose a predicate that takes one.")


@each("claims", "certainty_override", "override_reason")
def override_has_a_reason(row: Row, project: Project) -> Problems:
    """Who overrules the rule says why."""
    overrides, reason = bool(row["certainty_override"]), bool(row["override_reason"])
    if overrides and not reason:
        fix = "Say why the rule misleads here."
        yield row.problem("override_reason", "an override needs a reason.", fix)
    elif reason and not overrides:
        fix = "Set certainty_override, or empty the cell."
        yield row.problem("override_reason", "a reason without an override.", fix)


@whole("evidence")
def every_claim_has_evidence(project: Project) -> Problems:
    """A claim without evidence is an opinion."""
    supported = project.values("evidence", "claim_id")
    # an evidence row whose claim is misspelt is reported there; its claim is not reported as well
    if not all(row.sound("claim_id") for row in project.rows("evidence")):
        return
    for row in project.rows("claims"):
        if row.sound("claim_id") and row["claim_id"] not in supported:
            fix = f"Add a row to data/evidence/{row.mechanism}.csv, or delete the claim."
            yield row.problem("claim_id", "no evidence row speaks to this claim.", fix)
