"""Tables: from the lines of CSV files to rows that know their place and which of their cells can be trusted."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..contract.package import Package, Resource
from ..contract.problems import Problem, nearest
from ..contract.tables import files_of
from . import files

_CELL = r'(?:"(?:[^"]|"")*"|[^",]*)'
_LINE = re.compile(rf"{_CELL}(?:,{_CELL})*")
_MAX_BROKEN_LINES = 20  # how far to look for the end of a cell that holds line breaks


class Row(dict):
    """One row: column -> text. A column that is not there reads as empty; `bad` names the cells already reported."""

    def __init__(self, cells: dict[str, str], file: str, line: int) -> None:
        super().__init__(cells)
        self.file = file
        self.line = line
        self.bad: set[str] = set()

    def __missing__(self, column: str) -> str:
        return ""

    @property
    def mechanism(self) -> str:
        """The mechanism of a row in a table kept one file per mechanism."""
        return PurePosixPath(self.file).stem

    def sound(self, *columns: str) -> bool:
        """True where nothing has been found wrong with these cells."""
        return self.bad.isdisjoint(columns)

    def problem(
        self, column: str, what: str, fix: str, close: str = "", value: str | None = None
    ) -> Problem:
        """A problem with one cell of this row."""
        return Problem(
            self.file, self.line, column, self[column] if value is None else value, what, fix, close
        )


@dataclass
class Table:
    """The rows of a resource. complete: False where some could not be read, so that nothing follows from a row's absence."""

    rows: list[Row] = field(default_factory=list)
    complete: bool = True


def read(resource: Resource, root: Path) -> tuple[Table, list[Problem]]:
    """Read one resource of the project in `root`."""
    table, problems = Table(), []
    paths = files_of(resource, root / "data")
    if not paths and not resource.is_folder:
        table.complete = False
        problems.append(_missing_file(resource))
    for path in paths:
        text = files.read(
            path, root, tabs=True
        )  # the reader tells a stray tab from a tab-separated file
        problems += text.problems
        if text.lines is None:
            table.complete = False
            continue
        reader = _Reader(text.file, text.lines, resource.columns)
        table.rows += reader.rows()
        table.complete &= reader.complete
        problems += reader.problems
    return table, problems


def _missing_file(resource: Resource) -> Problem:
    header = ",".join(resource.columns)
    return Problem(
        f"data/{resource.path}",
        0,
        "",
        "",
        "the file is missing.",
        f"Restore it; an empty table holds its header only: {header}",
    )


def unknown_files(package: Package, root: Path) -> Iterator[Problem]:
    """Files below data/ that are no part of the contract (a README and a licence may be there)."""
    data = root / "data"
    known = {resource.path for resource in package.resources if not resource.is_folder} | {
        "datapackage.json"
    }
    folders = {resource.path for resource in package.resources if resource.is_folder}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        in_folder = (
            path.suffix == ".csv" and f"{path.parent.relative_to(data).as_posix()}/" in folders
        )
        if (
            path.is_dir()
            or name in known
            or in_folder
            or re.fullmatch(r"README(\.md)?|LICEN[CS]E.*|.*\.gitkeep", name)
        ):
            continue
        beside = [other for other in known if Path(other).parent == path.relative_to(data).parent]
        close = nearest(name, beside)
        yield Problem(
            f"data/{name}",
            0,
            "",
            "",
            "the contract knows no such file.",
            "Rename, move or delete it.",
            close,
        )


class _Reader:
    """Reads one CSV file line by line: a cell holds no line break, so a broken row spoils no other."""

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
        header = self._header()
        if not header:
            self.complete = False
            return []
        found = []
        number = 1
        while number < len(self.lines):
            line, number = self.lines[number], number + 1
            if "\t" in line:
                self._problem(
                    number,
                    "",
                    line,
                    "a tab character.",
                    "Replace it by a blank, or by a comma between cells.",
                )
            cells = _split(line)
            if cells is None:
                number = self._broken(number)
            elif not any(cell.strip() for cell in cells):
                self._problem(
                    number, "", "", "an empty row.", "Run make format, or delete the line."
                )
            elif len(cells) != len(header):
                number = self._wrong_length(number, cells, header)
            else:
                found.append(self._row(number, header, cells))
        return found

    def _header(self) -> list[str]:
        """The columns as the file orders them, or [] where rows cannot be told apart by them."""
        line = self.lines[0]
        for separator, name in ((";", "semicolons"), ("\t", "tabs")):
            if line.count(separator) >= len(self.columns) - 1 > 0 and "," not in line:
                what = f"cells are separated by {name}, not by commas."
                self._problem(
                    1, "", "", what, "Run make format, or save the file as comma-separated CSV."
                )
                return []
        header = [cell.strip() for cell in _split(line) or ()]
        if not header:
            self._problem(
                1,
                "",
                line,
                "the header has a stray quote.",
                f"Restore it: {','.join(self.columns)}",
            )
            return []
        missing = [name for name in self.columns if name not in header]
        for name in dict.fromkeys(header):
            if name not in self.columns:
                close = nearest(name, missing)
                missing = [m for m in missing if m != close]
                self._problem(
                    1, name, "", "the contract knows no such column.", "Rename or remove it.", close
                )
                self.complete &= not close
            elif header.count(name) > 1:
                self._problem(1, name, "", "the column is there twice.", "Remove one of the two.")
                self.complete = False
        for name in missing:
            self._problem(
                1,
                name,
                "",
                "the column is missing.",
                f"Add it; the header is {','.join(self.columns)}",
            )
            self.complete = False
        if not self.complete:
            return []
        known = [name for name in header if name in self.columns]
        if known != self.columns:
            what = "the columns are not in the contract's order."
            self._problem(
                1,
                known[_first_difference(known, self.columns)],
                "",
                what,
                f"Run make format, or order them: {','.join(self.columns)}",
            )
        return header

    def _broken(self, number: int) -> int:
        """Report the line `number`, whose quotes do not pair; give the number of the last line that belongs to it."""
        self.complete = False
        line = self.lines[number - 1]
        if line.count('"') % 2:
            for end in range(number + 1, min(number + _MAX_BROKEN_LINES, len(self.lines)) + 1):
                if _LINE.fullmatch("\n".join(self.lines[number - 1 : end])):
                    self._problem(
                        number,
                        "",
                        line,
                        "a line break inside a cell.",
                        "Put the whole row on one line.",
                    )
                    return end
            self._problem(number, "", line, "a quote is opened and never closed.", _QUOTES)
        else:
            self._problem(number, "", line, "a stray quote.", _QUOTES)
        return number

    def _wrong_length(self, number: int, cells: list[str], header: list[str]) -> int:
        """Report the line `number`; give the number of the last line that belongs to it."""
        self.complete = False
        rest = _split(self.lines[number]) if number < len(self.lines) else None
        if (
            rest and len(rest) < len(header) and len(cells) + len(rest) - 1 == len(header)
        ):  # where it broke, one cell became two
            self._problem(
                number,
                "",
                cells[0],
                "the row is broken in two lines.",
                "Join this line and the next.",
            )
            return number + 1
        what = f"the row has {len(cells)} cells, the header {len(header)}."
        more = (
            "Put cells that hold a comma in double quotes."
            if len(cells) > len(header)
            else "Add the missing commas."
        )
        self._problem(number, "", cells[0], what, more)
        return number

    def _row(self, number: int, header: list[str], cells: list[str]) -> Row:
        row = Row(
            {name: cell.strip() for name, cell in zip(header, cells, strict=True)},
            self.file,
            number,
        )
        for name, cell in zip(header, cells, strict=True):
            if files.INVISIBLE.search(cell) or "\t" in cell:
                row.bad.add(name)  # reported with the file's bytes
            elif cell != cell.strip():
                self._problem(
                    number,
                    name,
                    cell,
                    "blanks before or after the value.",
                    "Run make format, or delete them.",
                )
        return row


_QUOTES = 'Close each quoted cell with "; write a quote within a quoted cell twice: "".'


def _split(line: str) -> list[str] | None:
    """The cells of one CSV line, or None where its quotes do not pair."""
    if not _LINE.fullmatch(line):
        return None
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


def _first_difference(one: list[str], other: list[str]) -> int:
    return next(i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
