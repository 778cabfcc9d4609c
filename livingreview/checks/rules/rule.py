"""How a rule is declared: at what it looks, and what must be sound before it may speak.

A rule is written as a function that yields problems; its decorator says whether it is asked about
every row of a table (`each`), every page (`each_page`), every entry of the bibliography
(`each_entry`) or once about everything (`whole`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

from ...contract.problems import Problem
from ..model import BibEntry, Project, Row, SourcePage

Problems = Iterator[Problem]
_Thing = TypeVar("_Thing")
_About = Callable[[_Thing, Project], Problems]


@dataclass(frozen=True)
class Rule:
    """A rule. find: what it finds wrong with a project."""

    name: str
    find: Callable[[Project], Problems]


def whole(*needs: str) -> Callable[[Callable[[Project], Problems]], Rule]:
    """Declare a rule over everything; it keeps quiet where one of `needs` is not complete.

    needs: names of tables, `REFERENCES` or `PAGES`.
    """

    def declare(function: Callable[[Project], Problems]) -> Rule:
        def find(project: Project) -> Problems:
            if project.complete(*needs):
                yield from function(project)

        return Rule(function.__name__, find)

    return declare


def each(table: str, *columns: str) -> Callable[[_About[Row]], Rule]:
    """Declare a rule for every row of `table` of which none of `columns` is already reported."""

    def rows(project: Project) -> Iterator[Row]:
        return (row for row in project.rows(table) if row.sound(*columns))

    return _about(rows)


def each_page(*needs: str) -> Callable[[_About[SourcePage]], Rule]:
    """Declare a rule for every page; it keeps quiet where one of `needs` is not complete."""

    def pages(project: Project) -> Iterator[SourcePage]:
        return iter(project.pages if project.complete(*needs) else ())

    return _about(pages)


def each_entry(function: _About[BibEntry]) -> Rule:
    """Declare a rule for every entry of the bibliography."""
    return _about(lambda project: iter(project.references.entries))(function)


def _about(things: Callable[[Project], Iterator[_Thing]]) -> Callable[[_About[_Thing]], Rule]:
    """Declare a rule for each of some things."""

    def declare(function: _About[_Thing]) -> Rule:
        def find(project: Project) -> Problems:
            for thing in things(project):
                yield from function(thing, project)

        return Rule(function.__name__, find)

    return declare


def rules_of(module: ModuleType) -> list[Rule]:
    """The rules of a module, in the order in which they stand there."""
    return [item for item in vars(module).values() if isinstance(item, Rule)]
