"""What joins chapters: connections of two that share entities, and bridges of claims from several reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from ...contract.problems import Problem, nearest
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .evidence import EDITORS
from .rule import each, whole

ROLES = ("subject", "object", "mediator")


@each("connections", "mechanisms", "entities")
def connection_joins_two_chapters(row: Row, project: Project) -> Iterator[Problem]:
    """A connection is between two chapters."""
    if len(split_list(row["mechanisms"])) != 2:
        yield row.problem(
            "mechanisms",
            "a connection joins exactly two chapters.",
            "Name two; write a row for each further pair.",
        )


@whole("connections", "claims")
def connected_chapters_share_the_entities(project: Project) -> Iterator[Problem]:
    """Both chapters of a connection have a claim on each entity that it names."""
    if not all(row.sound(*ROLES) for row in project.rows("claims")):
        return
    named: dict[str, set[str]] = defaultdict(set)
    for claim in project.rows("claims"):
        named[claim.mechanism].update(claim[role] for role in ROLES if claim[role])
    for row in project.rows("connections"):
        chapters = split_list(row["mechanisms"])
        if not row.sound("mechanisms", "entities") or len(chapters) != 2:
            continue
        shared = named[chapters[0]] & named[chapters[1]]
        for entity in split_list(row["entities"]):
            for chapter in chapters:
                if entity not in named[chapter]:
                    what = f"no claim of {chapter} names it."
                    fix = f"Name what both share ({', '.join(sorted(shared)[:8]) or 'nothing so far'}), or add the claim."
                    yield row.problem("entities", what, fix, nearest(entity, shared), value=entity)


@each("bridges", "claims")
def bridge_is_a_chain(row: Row, project: Project) -> Iterator[Problem]:
    """The object of each step is the subject of the next."""
    steps = split_list(row["claims"])
    if len(steps) < 2:
        yield row.problem("claims", "a bridge has at least two steps.", "Name the claims in order.")
    for one, other in pairwise(filter(None, (project.find("claims", step) for step in steps))):
        if one.sound("object") and other.sound("subject") and one["object"] != other["subject"]:
            what = f"{one['claim_id']} ends at {one['object']}, {other['claim_id']} starts from {other['subject']}."
            yield row.problem(
                "claims",
                what,
                "Name claims of which each takes up where the one before ends.",
                value=other["claim_id"],
            )


@whole("bridges", "claims", "evidence")
def no_review_contains_the_bridge(project: Project) -> Iterator[Problem]:
    """A bridge joins reviews: none of them has all of its steps."""
    if not all(row.sound("claim_id", "reported_by") for row in project.rows("evidence")):
        return
    said_by: dict[str, set[str]] = defaultdict(set)
    for row in project.rows("evidence"):
        said_by[row["claim_id"]].add(row["reported_by"])
    for row in project.rows("bridges"):
        steps = split_list(row["claims"])
        if not row.sound("claims") or len(steps) < 2:
            continue
        whole_in = set.intersection(*(said_by[step] for step in steps)) - {EDITORS}
        if whole_in:
            what = f"the {min(whole_in)} review has every step of it."
            yield row.problem(
                "claims",
                what,
                "A chain that one review contains belongs to its chapter; remove the row.",
            )
