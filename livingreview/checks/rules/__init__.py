"""What rows mean together. One rule, one function; `rule.each` and `rule.whole` say what a rule needs to be sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...contract.problems import Problem
from . import (
    citations,
    claims,
    connections,
    disagreements,
    entities,
    evidence,
    mechanisms,
    searches,
)
from .rule import run

if TYPE_CHECKING:
    from ..project import Project

MODULES = (mechanisms, entities, citations, claims, evidence, disagreements, connections, searches)


def problems(project: Project) -> Iterator[Problem]:
    """What all rules say about the project."""
    for module in MODULES:
        yield from run(module, project)
