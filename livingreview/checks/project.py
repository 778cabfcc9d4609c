"""The project as the checks see it: all its text files, read once, with what could not be read marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..contract.package import Package
from ..contract.problems import Problem
from ..contract.tables import files_of, split_list
from . import bibliography, contract, myst, rows, toc
from .rows import Row, Table


@dataclass(eq=False)
class Project:
    """Everything that was read. Nothing may be concluded from what is absent in a part that is not complete."""

    root: Path
    package: Package
    tables: dict[str, Table]
    bibliography: bibliography.Bibliography
    toc: toc.Toc
    pages: list[myst.Page]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; none where the contract has no such table."""
        return self.tables[table].rows if table in self.tables else []

    def complete(self, name: str) -> bool:
        """True where all of a table, of the `references` or of the `pages` could be read."""
        if name == contract.BIBLIOGRAPHY:
            return self.bibliography.complete
        if name == "pages":
            return self.toc.complete and all(page.complete for page in self.pages)
        return name in self.tables and self.tables[name].complete

    def find(self, table: str, *key: str) -> Row | None:
        """The row of `table` with this primary key, or None."""
        return self._index.get((table, *key))

    def values(self, table: str, column: str) -> dict[str, Row | None]:
        """The values of a column, each with its first row; for `references` the citekeys."""
        if table == contract.BIBLIOGRAPHY:
            return dict.fromkeys(entry.key for entry in self.bibliography.entries)
        found: dict[str, Row | None] = {}
        for row in self.rows(table):
            found.setdefault(row[column], row)
        return found

    def uses(self, target: str, beside: tuple[str, ...] = ()) -> set[str]:
        """All values of all columns that lead to the resource `target`, those of the tables `beside` left out."""
        return {
            value
            for resource in self.package.resources
            if resource.name not in beside
            for key in resource.foreign_keys
            if key.resource == target
            for row in self.rows(resource.name)
            for value in items(row[key.field], resource.field(key.field))
        }

    def users(self, target: str) -> set[str]:
        """The tables that have a column leading to the resource `target`."""
        return {
            r.name
            for r in self.package.resources
            if any(key.resource == target for key in r.foreign_keys)
        }

    @cached_property
    def _index(self) -> dict[tuple[str, ...], Row]:
        index: dict[tuple[str, ...], Row] = {}
        for resource in self.package.resources:
            for row in self.rows(resource.name):
                index.setdefault(
                    (resource.name, *(row[column] for column in resource.primary_key)), row
                )
        return index


def items(value: str, field) -> list[str]:
    """The values in a cell: the items of a list, or the one value, or none."""
    if field.type == "list":
        return split_list(value, field.delimiter)
    return [value] if value else []


def read(root: Path, package: Package) -> tuple[Project, list[Problem]]:
    """Read the whole project in `root`; also give what is wrong with its files."""
    problems = list(rows.unknown_files(package, root))
    tables = {}
    for resource in package.resources:
        tables[resource.name], found = rows.read(resource, root)
        problems += found
    for resource in (
        package.resources
    ):  # a file that is missing is one problem, not one for each row that names something in it
        if resource.is_folder:
            slugs = {row["mechanism"] for row in tables["mechanisms"].rows}
            tables[resource.name].complete &= slugs <= {
                path.stem for path in files_of(resource, root / "data")
            }
    bib, found = bibliography.read(root)
    problems += found
    contents, found = toc.read(root)
    problems += found
    pages, found = myst.read_all(root, contents)
    problems += found
    return Project(root, package, tables, bib, contents, pages), problems
