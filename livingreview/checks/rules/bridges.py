"""Bridges: chains of claims that no single review has."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from ...contract.tables import split_list
from ..model import Project, Row
from .locating import EDITORS
from .rule import Problems, each, whole

LEAST_STEPS = 2


@each("bridges", "claims")
def bridge_is_a_chain(row: Row, project: Project) -> Problems:
    """The object of each step is the subject of the next."""
    steps = split_list(row["claims"])
    if len(steps) < LEAST_STEPS:
        yield row.problem("claims", "a bridge has at least two steps.", "Name the claims in order.")
    claims = [claim for step in steps if (claim := project.find("claims", step)) is not None]
    for one, other in pairwise(claims):
        if one.sound("object") and other.sound("subject") and one["object"] != other["subject"]:
            end, start = one["object"], other["subject"]
            what = f"{one['claim_id']} ends at {end}, {other['claim_id']} starts from {start}."
            fix = "Name claims of which each takes up where the one before ends."
            yield row.problem("claims", what, fix, value=other["claim_id"])


@whole("bridges", "claims", "evidence")
def no_review_contains_the_bridge(project: Project) -> Problems:
    """A bridge joins reviews: none of them has all of its steps."""
    evidence = project.rows("evidence")
    if not all(row.sound("claim_id", "reported_by") for row in evidence):
        return
    said_by: dict[str, set[str]] = defaultdict(set)
    for row in evidence:
        said_by[row["claim_id"]].add(row["reported_by"])
    for row in project.rows("bridges"):
        steps = split_list(row["claims"])
        if not row.sound("claims") or len(steps) < LEAST_STEPS:
            continue
        whole_in = set.intersection(*(said_by[step] for step in steps)) - {EDITORS}
        if whole_in:
            what = f"the {min(whole_in)} review has every step of it."
            fix = "A chain that one review contains belongs to its chapter; remove the row."
            yield row.problem("claims", what, fix)
