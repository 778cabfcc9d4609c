"""Connections: two chapters that share entities."""

from __future__ import annotations

from collections import defaultdict

from ...contract.problems import nearest
from ...contract.tables import split_list
from ..model import Project, Row
from .rule import Problems, each, whole

ROLES = ("subject", "object", "mediator")
_MANY = 8  # shared entities, in a message


@each("connections", "mechanisms", "entities")
def connection_joins_two_chapters(row: Row, project: Project) -> Problems:
    """A connection is between two chapters."""
    if not _is_pair(row):
        what = "a connection joins exactly two chapters."
        yield row.problem("mechanisms", what, "Name two; write a row for each further pair.")


@whole("connections", "claims")
def connected_chapters_share_the_entities(project: Project) -> Problems:
    """Both chapters of a connection have a claim on each entity that it names."""
    claims = project.rows("claims")
    if not all(row.sound(*ROLES) for row in claims):
        return
    named: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        named[claim.mechanism].update(claim[role] for role in ROLES if claim[role])
    for row in project.rows("connections"):
        if not row.sound("mechanisms", "entities") or not _is_pair(row):
            continue
        one, other = split_list(row["mechanisms"])
        shared = named[one] & named[other]
        some = ", ".join(sorted(shared)[:_MANY]) or "nothing so far"
        for entity in split_list(row["entities"]):
            for chapter in (one, other):
                if entity not in named[chapter]:
                    what = f"no claim of {chapter} names it."
                    fix = f"Name what both share ({some}), or add the claim."
                    yield row.problem("entities", what, fix, nearest(entity, shared), value=entity)


def _is_pair(row: Row) -> bool:
    return len(split_list(row["mechanisms"])) == 2
