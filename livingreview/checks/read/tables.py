"""Tables: from lines of CSV files to rows that know their place and which cells can be trusted."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ...contract.characters import INVISIBLE
from ...contract.package import Package, Resource
from ...contract.problems import Problem, nearest
from ...contract.tables import files_of
from ..model import Row, Table
from . import text

_CELL = r'(?:"(?:[^"]|"")*"|[^",]*)'
_LINE = re.compile(rf"{_CELL}(?:,{_CELL})*")
_MAX_BROKEN_LINES = 20  # how far to look for the end of a cell that holds line breaks
_ALLOWED = re.compile(r"README(\.md)?|LICEN[CS]E.*|.*\.gitkeep")  # below data/, beside the tables
_SEPARATORS = ((";", "semicolons"), ("\t", "tabs"))
_QUOTES = 'Close each quoted cell with "; write a quote within a quoted cell twice: "".'


def read_all(package: Package, root: Path) -> tuple[dict[str, Table], list[Problem]]:
    """Every table of the contract by its name, and what is wrong with the files below data/."""
    problems = list(_unknown_files(package, root))
    tables = {}
    for resource in package.resources:
        tables[resource.name], found = _read(resource, root)
        problems += found
    # a file that is missing is one problem, not one for each row that names something in it
    slugs = {row["mechanism"] for row in tables.get("mechanisms", Table()).rows}
    for resource in package.resources:
        if resource.is_folder:
            there = {path.stem for path in files_of(resource, root / "data")}
            tables[resource.name].complete &= slugs <= there
    return tables, problems


def _read(resource: Resource, root: Path) -> tuple[Table, list[Problem]]:
    table, problems = Table(), []
    paths = files_of(resource, root / "data")
    if not paths and not resource.is_folder:
        table.complete = False
        header = ",".join(resource.columns)
        fix = f"Restore it; an empty table holds its header only: {header}"
        problems.append(Problem(f"data/{resource.path}", 0, "", "", "the file is missing.", fix))
    for path in paths:
        # the reader below tells a stray tab from a tab-separated file
        found = text.read(path, root, tabs=True)
        problems += found.problems
        if found.lines is None:
            table.complete = False
            continue
        reader = _Reader(found.file, found.lines, resource.columns)
        table.rows += reader.rows()
        table.complete &= reader.complete
        problems += reader.problems
    return table, problems


def _unknown_files(package: Package, root: Path) -> Iterator[Problem]:
    """Files below data/ that are no part of the contract (a README and a licence may be there)."""
    data = root / "data"
    tables = {resource.path for resource in package.resources if not resource.is_folder}
    folders = {Path(resource.path) for resource in package.resources if resource.is_folder}
    known = tables | {"datapackage.json"}
    for path in sorted(data.rglob("*")):
        within = path.relative_to(data)
        in_folder = path.suffix == ".csv" and within.parent in folders
        name = within.as_posix()
        if path.is_dir() or name in known or in_folder or _ALLOWED.fullmatch(name):
            continue
        beside = [other for other in known if Path(other).parent == within.parent]
        what, fix = "the contract knows no such file.", "Rename, move or delete it."
        yield Problem(f"data/{name}", 0, "", "", what, fix, nearest(name, beside))


class _Reader:
    """Reads a CSV file line by line: no cell has a line break, so a broken row spoils no other."""

    def __init__(self, file: str, lines: list[str], columns: list[str]) -> None:
        self.file = file
        self.lines = lines
        self.columns = columns
        self.complete = True
        self.problems: list[Problem] = []

    def _problem(
        self, line: int, column: str, value: str, what: str, fix: str, close: str = ""
    ) -> None:
        self.problems.append(Problem(self.file, line, column, value, what, fix, close))

    def rows(self) -> list[Row]:
        """The rows that can be told apart; what is wrong with the others stands in `problems`."""
        header = self._header()
        if not header:
            self.complete = False
            return []
        found = []
        number = 1
        while number < len(self.lines):
            line, number = self.lines[number], number + 1
            if "\t" in line:
                fix = "Replace it by a blank, or by a comma between cells."
                self._problem(number, "", line, "a tab character.", fix)
            cells = _split(line)
            if cells is None:
                number = self._broken(number)
            elif not any(cell.strip() for cell in cells):
                fix = "Run make format, or delete the line."
                self._problem(number, "", "", "an empty row.", fix)
            elif len(cells) != len(header):
                number = self._wrong_length(number, cells, header)
            else:
                found.append(self._row(number, header, cells))
        return found

    def _header(self) -> list[str]:
        """The columns as the file orders them, or [] where rows cannot be told apart by them."""
        line, whole = self.lines[0], ",".join(self.columns)
        for separator, name in _SEPARATORS:
            if line.count(separator) >= len(self.columns) - 1 > 0 and "," not in line:
                what = f"cells are separated by {name}, not by commas."
                fix = "Run make format, or save the file as comma-separated CSV."
                self._problem(1, "", "", what, fix)
                return []
        header = [cell.strip() for cell in _split(line) or ()]
        if not header:
            self._problem(1, "", line, "the header has a stray quote.", f"Restore it: {whole}")
            return []
        self._columns(header)
        if not self.complete:
            return []
        known = [name for name in header if name in self.columns]
        if known != self.columns:
            first = next(a for a, b in zip(known, self.columns, strict=True) if a != b)
            what = "the columns are not in the contract's order."
            self._problem(1, first, "", what, f"Run make format, or order them: {whole}")
        return header

    def _columns(self, header: list[str]) -> None:
        """Report columns that are unknown, doubled or missing."""
        missing = [name for name in self.columns if name not in header]
        for name in dict.fromkeys(header):
            if name not in self.columns:
                close = nearest(name, missing)
                missing = [m for m in missing if m != close]
                what, fix = "the contract knows no such column.", "Rename or remove it."
                self._problem(1, name, "", what, fix, close)
                self.complete &= not close
            elif header.count(name) > 1:
                self._problem(1, name, "", "the column is there twice.", "Remove one of the two.")
                self.complete = False
        for name in missing:
            fix = f"Add it; the header is {','.join(self.columns)}"
            self._problem(1, name, "", "the column is missing.", fix)
            self.complete = False

    def _broken(self, number: int) -> int:
        """Report the line `number`, whose quotes do not pair; gives the last line of the row."""
        self.complete = False
        line = self.lines[number - 1]
        if line.count('"') % 2 == 0:
            self._problem(number, "", line, "a stray quote.", _QUOTES)
            return number
        for end in range(number + 1, min(number + _MAX_BROKEN_LINES, len(self.lines)) + 1):
            if _LINE.fullmatch("\n".join(self.lines[number - 1 : end])):
                fix = "Put the whole row on one line."
                self._problem(number, "", line, "a line break inside a cell.", fix)
                return end
        self._problem(number, "", line, "a quote is opened and never closed.", _QUOTES)
        return number

    def _wrong_length(self, number: int, cells: list[str], header: list[str]) -> int:
        """Report the line `number`; gives the last line of the row."""
        self.complete = False
        rest = _split(self.lines[number]) if number < len(self.lines) else None
        # where a row broke, one cell became two
        if rest and len(rest) < len(header) and len(cells) + len(rest) - 1 == len(header):
            what, fix = "the row is broken in two lines.", "Join this line and the next."
            self._problem(number, "", cells[0], what, fix)
            return number + 1
        what = f"the row has {len(cells)} cells, the header {len(header)}."
        too_many = len(cells) > len(header)
        fix = (
            "Put cells that hold a comma in double quotes."
            if too_many
            else "Add the missing commas."
        )
        self._problem(number, "", cells[0], what, fix)
        return number

    def _row(self, number: int, header: list[str], cells: list[str]) -> Row:
        named = dict(zip(header, cells, strict=True))
        row = Row({name: cell.strip() for name, cell in named.items()}, self.file, number)
        for name, cell in named.items():
            if INVISIBLE.search(cell) or "\t" in cell:
                row.bad.add(name)  # reported with the file's bytes
            elif cell != cell.strip():
                what, fix = "blanks before or after the value.", "Run make format, or delete them."
                self._problem(number, name, cell, what, fix)
        return row


def _split(line: str) -> list[str] | None:
    """The cells of one CSV line, or None where its quotes do not pair."""
    if not _LINE.fullmatch(line):
        return None
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
