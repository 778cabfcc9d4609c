"""What is wrong with a project. One rule, one function (see `rule`); one subject, one file.

The first layers mark the cells about which they speak, and the rules that follow leave these alone:
`examples`, then `schema`, then the rules on what rows, entries and pages mean together. `form`
comes after all of them.
"""

from __future__ import annotations

from types import ModuleType

from ..model import Project
from . import (
    bridges,
    chapters,
    citations,
    claims,
    connections,
    disagreements,
    doses,
    entities,
    errata,
    evidence,
    examples,
    gaps,
    glossary,
    key_messages,
    links,
    mechanisms,
    pages,
    people,
    quantities,
    references,
    schema,
    searches,
    sources,
)
from .rule import Problems, rules_of

MARKING: tuple[ModuleType, ...] = (examples, schema)
MEANING: tuple[ModuleType, ...] = (
    references,
    mechanisms,
    key_messages,
    entities,
    glossary,
    sources,
    citations,
    claims,
    evidence,
    doses,
    quantities,
    gaps,
    errata,
    disagreements,
    connections,
    bridges,
    searches,
    people,
    chapters,
    links,
    pages,
)


def problems(project: Project) -> Problems:
    """What all rules say about the project."""
    for module in (*MARKING, *MEANING):
        for rule in rules_of(module):
            yield from rule.find(project)
