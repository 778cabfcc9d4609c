"""What was read: tables, bibliography, contents and pages, each thing with its place in a file.

`read` makes these objects, `rules` look at them. What could not be read is marked as not complete,
for nothing may be concluded from what is absent there; a cell about which something has been said
is marked as bad, lest more is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ..contract.package import Field, Package
from ..contract.problems import Problem
from ..contract.tables import split_list

#: The one resource that is no table: `references.bib`.
REFERENCES = "references"
#: The pages of the book, in `Project.complete`.
PAGES = "pages"


class Row(dict[str, str]):
    """One row: column -> text. A column that is not there reads as empty."""

    def __init__(self, cells: dict[str, str], file: str, line: int) -> None:
        super().__init__(cells)
        self.file = file
        self.line = line
        #: The mechanism of a row in a table kept one file per mechanism.
        self.mechanism = file.rpartition("/")[2].removesuffix(".csv")
        #: Columns whose cells are already reported.
        self.bad: set[str] = set()

    def __missing__(self, column: str) -> str:
        return ""

    def sound(self, *columns: str) -> bool:
        """True where nothing has been found wrong with these cells."""
        return self.bad.isdisjoint(columns)

    def problem(
        self, column: str, what: str, fix: str, close: str = "", value: str | None = None
    ) -> Problem:
        """A problem with one cell of this row. close: the nearest valid value."""
        value = self[column] if value is None else value
        return Problem(self.file, self.line, column, value, what, fix, close)


@dataclass
class Table:
    """The rows of a resource. complete: False where some could not be read."""

    rows: list[Row] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True)
class BibEntry:
    """One entry of `references.bib`.

    kind: its type, in lower case. fields: name in lower case -> (text without its outer braces,
    line).
    """

    file: str
    key: str
    kind: str
    line: int
    fields: dict[str, tuple[str, int]]

    def text(self, name: str) -> str:
        """A field without blanks around it; "" where the entry has none of this name."""
        return self.fields.get(name, ("", 0))[0].strip()

    def problem(
        self, name: str, what: str, fix: str, close: str = "", value: str | None = None
    ) -> Problem:
        """A problem with one field of this entry, or with all of it where `name` is empty."""
        text, line = self.fields.get(name, ("", self.line))
        return Problem(self.file, line, name, text if value is None else value, what, fix, close)


@dataclass
class References:
    """The entries that both BibTeX parsers read. complete: False where there are others."""

    entries: list[BibEntry] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True)
class TocItem:
    """A page of the contents: as written, the caption of its part, the line, its file or ""."""

    name: str
    caption: str
    line: int
    file: str


@dataclass
class Toc:
    """The contents. captions: those of the parts. complete: False where it could not be read."""

    items: list[TocItem] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    complete: bool = True


class Located(NamedTuple):
    """A piece of a page's text and the line on which it stands."""

    value: str
    line: int


class Role(NamedTuple):
    """A role, such as {term}`sleep`."""

    name: str
    text: str
    line: int

    @property
    def is_citation(self) -> bool:
        """True for {cite}, {cite:p}, {footcite} and their like."""
        return self.name.startswith(("cite", "footcite"))

    @property
    def keys(self) -> list[str]:
        """The keys of a citation: ``["a", "b"]`` of ``{see}a{, p. 3},b``."""
        bare = re.sub(r"\{[^{}]*\}", "", self.text)
        return [key.strip() for key in bare.split(",") if key.strip()]

    @property
    def target(self) -> str:
        """What a role leads to: ``label <target>`` gives ``target``."""
        match = re.fullmatch(r".*<([^<>]+)>", self.text, re.DOTALL)
        return " ".join((match[1] if match else self.text).split())


class CodeCell(NamedTuple):
    """A code cell: its code, its first line, the roles in lines that speak of a caption."""

    source: str
    first: int
    caption_roles: tuple[Role, ...]

    def line_at(self, position: int) -> int:
        """The line of the file on which the character at `position` of the source stands."""
        return self.first + self.source.count("\n", 0, position)


@dataclass
class SourcePage:
    """A page of MyST Markdown, taken apart.

    notebook: whether its header lets cells run. prose: its lines of text, with what stands in no
    code. captions: those of figures and tables. links: targets of Markdown links to other pages.
    scripts: lines with a <script>. complete: False where a part of it could not be told apart.
    """

    file: str
    notebook: bool = False
    prose: list[Located] = field(default_factory=list)
    cells: list[CodeCell] = field(default_factory=list)
    labels: list[Located] = field(default_factory=list)
    captions: list[Located] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    caption_roles: list[Role] = field(default_factory=list)
    links: list[Located] = field(default_factory=list)
    scripts: list[int] = field(default_factory=list)
    complete: bool = True

    @property
    def citations(self) -> list[Located]:
        """Every key that the page cites, those in captions included; each once a line."""
        cited = (role for role in (*self.roles, *self.caption_roles) if role.is_citation)
        return list(dict.fromkeys(Located(key, role.line) for role in cited for key in role.keys))

    def problem(self, line: int, value: str, what: str, fix: str, close: str = "") -> Problem:
        """A problem with this page. line: 0 for all of it. close: the nearest valid value."""
        return Problem(self.file, line, "", value, what, fix, close)


@dataclass(eq=False)
class Project:
    """The whole project."""

    root: Path
    package: Package
    tables: dict[str, Table]
    references: References
    toc: Toc
    pages: list[SourcePage]

    def has_file(self, name: str) -> bool:
        """True where the project has a file of this name, as seen from its folder."""
        return is_file(self.root / name)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; none where the contract has no such table."""
        return self.tables[table].rows if table in self.tables else []

    def complete(self, *names: str) -> bool:
        """True where all of these tables, of `REFERENCES` or of `PAGES` could be read."""
        return all(self._complete(name) for name in names)

    def _complete(self, name: str) -> bool:
        if name == REFERENCES:
            return self.references.complete
        if name == PAGES:
            return self.toc.complete and all(page.complete for page in self.pages)
        return name in self.tables and self.tables[name].complete

    def find(self, table: str, *key: str) -> Row | None:
        """The row of `table` with this primary key, or None."""
        return self._index.get((table, *key))

    def values(self, table: str, column: str) -> dict[str, Row]:
        """The values of a column, each with its first row."""
        found: dict[str, Row] = {}
        for row in self.rows(table):
            found.setdefault(row[column], row)
        return found

    @property
    def citekeys(self) -> list[str]:
        """The keys of the bibliography's entries that could be read, in the order of the file."""
        return [entry.key for entry in self.references.entries]

    def uses(self, target: str, beside: Collection[str] = ()) -> set[str]:
        """All values of all columns that lead to `target`, without those of the tables `beside`."""
        return set(self._uses(target, beside))

    def _uses(self, target: str, beside: Collection[str]) -> Iterator[str]:
        for resource in self.package.resources:
            columns = [key.field for key in resource.foreign_keys if key.resource == target]
            if resource.name not in beside:
                for row in self.rows(resource.name):
                    for column in columns:
                        yield from items(row[column], resource.field(column))

    def users(self, target: str) -> set[str]:
        """The tables that have a column leading to the resource `target`."""
        return {
            resource.name
            for resource in self.package.resources
            if any(key.resource == target for key in resource.foreign_keys)
        }

    @cached_property
    def _index(self) -> dict[tuple[str, ...], Row]:
        index: dict[tuple[str, ...], Row] = {}
        for resource in self.package.resources:
            for row in self.rows(resource.name):
                key = (row[column] for column in resource.primary_key)
                index.setdefault((resource.name, *key), row)
        return index


def is_file(path: Path) -> bool:
    """True for a file; False as well for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:  # too long for the file system
        return False


def items(value: str, field: Field) -> list[str]:
    """The values in a cell: the items of a list, or the one value, or none."""
    if field.type == "list":
        return split_list(value, field.delimiter)
    return [value] if value else []
