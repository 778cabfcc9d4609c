"""How a rule is declared: on which rows it looks, and what must be sound before it may speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from ...contract.problems import Problem

if TYPE_CHECKING:
    from ..project import Project
    from ..rows import Row

Rule = Callable[["Project"], Iterator[Problem]]


def each(
    table: str, *columns: str
) -> Callable[[Callable[[Row, Project], Iterator[Problem]]], Rule]:
    """Declare a rule for every row of `table`; rows of which one of `columns` is already reported are passed over."""

    def declare(function: Callable[[Row, Project], Iterator[Problem]]) -> Rule:
        def rule(project: Project) -> Iterator[Problem]:
            for row in project.rows(table):
                if row.sound(*columns):
                    yield from function(row, project)

        rule.is_rule = True
        rule.__doc__ = function.__doc__
        return rule

    return declare


def whole(*tables: str) -> Callable[[Rule], Rule]:
    """Declare a rule over all rows; it is passed over where one of `tables` could not be read completely."""

    def declare(function: Rule) -> Rule:
        def rule(project: Project) -> Iterator[Problem]:
            if all(project.complete(table) for table in tables):
                yield from function(project)

        rule.is_rule = True
        rule.__doc__ = function.__doc__
        return rule

    return declare


def run(module: ModuleType, project: Project) -> Iterator[Problem]:
    """What the rules of a module say, in the order in which they stand there."""
    for item in vars(module).values():
        if getattr(item, "is_rule", False):
            yield from item(project)
