"""A copy of the toy review that a test may damage, and words for what the check should say."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from livingreview.checks import check, report

TESTS = Path(__file__).parents[1]
CONTRACT = TESTS.parent / "data" / "datapackage.json"


class Toy:
    """The toy review in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # ways to damage it; each is also a row of a test's table: ("cell", file, key, column, value)
    def cell(self, file: str, key: str, column: str, value: str) -> None:
        """Set a cell of the row whose first cells are `key`, joined by a blank."""
        rows = list(csv.reader(io.StringIO((self.root / file).read_text(encoding="utf-8"))))
        position = rows[0].index(column)
        row = next(row for row in rows if key in (row[0], " ".join(row[:2])))
        row[position] = value
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        (self.root / file).write_text(out.getvalue(), encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of `old`."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (self.root / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    def append(self, file: str, text: str) -> None:
        with (self.root / file).open("a", encoding="utf-8", newline="") as stream:
            stream.write(text)

    def row(self, file: str, **cells: str) -> None:
        """Add a row; columns that are not named are empty."""
        text = (self.root / file).read_text(encoding="utf-8")
        out = io.StringIO()
        csv.DictWriter(
            out, text.split("\n", 1)[0].split(","), restval="", lineterminator="\n"
        ).writerow(cells)
        self.append(file, out.getvalue())

    def drop(self, file: str, start: str) -> None:
        """Delete the line that starts with `start`."""
        lines = (self.root / file).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) == len(lines) - 1
        (self.root / file).write_text("".join(kept), encoding="utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_bytes(content if isinstance(content, bytes) else content.encode())

    def recode(self, file: str, encoding: str) -> None:
        self.write(
            file, (self.root / file).read_text(encoding="utf-8").encode(encoding, errors="replace")
        )

    def delete(self, file: str) -> None:
        (self.root / file).unlink()

    def move(self, file: str, to: str) -> None:
        (self.root / file).rename(self.root / to)

    def break_(self, *edits: tuple) -> Toy:
        for name, *arguments in edits:
            named = arguments.pop() if isinstance(arguments[-1], dict) else {}
            getattr(self, name)(*arguments, **named)
        return self

    # what the check says
    def problems(self):
        return check(self.root)

    def says(
        self, file: str, line: int, column: str, value: str, words: str, nearest: str = ""
    ) -> None:
        """The check reports this one problem, with these `words` in it, and nothing else."""
        problems = self.problems()
        assert len(problems) == 1, report(problems)
        (problem,) = problems
        assert (problem.file, problem.line, problem.column, problem.value) == (
            file,
            line,
            column,
            value,
        ), problem
        assert words in problem.what, problem
        assert problem.nearest == nearest, problem
        assert problem.fix, problem


@pytest.fixture
def new_toy(tmp_path: Path) -> Callable[[], Toy]:
    """Copies of the toy review with the book's own contract, each in a folder of its own."""
    numbers = count()

    def make() -> Toy:
        root = tmp_path / f"toy{next(numbers)}"
        shutil.copytree(TESTS / "toy", root)
        shutil.copy(CONTRACT, root / "data" / "datapackage.json")
        return Toy(root)

    return make


@pytest.fixture
def toy(new_toy: Callable[[], Toy]) -> Toy:
    """A copy of the toy review, ready to be damaged."""
    return new_toy()
