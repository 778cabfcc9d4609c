"""Changes to the project's files: gathered first, checked as if they were made, then written all
together or not at all.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from ..checks import check
from ..checks.model import Project
from ..checks.read import contract, read, references
from ..checks.read import text as files
from ..contract import formatting
from ..contract.package import Package
from ..contract.problems import Problem, UserError

#: What a check reads besides data/.
_PAGES = ("*.md", "*.yml", "*.bib", "chapters/**/*.md")


class Staging:
    """What a command is about to write. Files are read strictly: in one with problems nothing is
    changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._before: dict[str, str | None] = {}
        self._after: dict[str, str] = {}

    @cached_property
    def package(self) -> Package:
        """The contract."""
        package, problems = contract.read(self.root)
        if package is None:
            raise UserError(*problems)
        return package

    @cached_property
    def project(self) -> Project:
        """The project as it stands on disk."""
        return read(self.root, self.package)[0]

    def text(self, file: str) -> str:
        """The content of `file` with the changes so far; "" where there is no such file."""
        if file in self._after:
            return self._after[file]
        path = self.root / file
        if not path.is_file():
            self._before[file] = None
            return ""
        found = files.read(path, self.root, tabs=file.endswith(".bib"))
        if found.problems:
            raise UserError(f"{file} is to be mended first; nothing was written.", *found.problems)
        self._before[file] = text = path.read_text(encoding="utf-8")
        return text

    def write(self, file: str, text: str) -> None:
        """Give `file` this content."""
        self.text(file)
        self._after[file] = text

    # tables
    def file_of(self, table: str, mechanism: str = "") -> str:
        """The file in which a row of `table` stands."""
        resource = self.package[table]
        return (
            f"data/{resource.path}{mechanism}.csv"
            if resource.is_folder
            else f"data/{resource.path}"
        )

    def rows(self, table: str, mechanism: str = "") -> list[dict[str, str]]:
        """The rows of a table, or of its part for one mechanism, with the changes so far."""
        file, resource = self.file_of(table, mechanism), self.package[table]
        text = self.text(file)
        rows = list(csv.reader(io.StringIO(text)))
        if text and (
            rows[0] != resource.columns or any(len(row) != len(resource.columns) for row in rows)
        ):
            raise UserError(
                f"{file} has rows that do not fit the contract: "
                "mend what `make check` says of it first."
            )
        return [dict(zip(resource.columns, row, strict=True)) for row in rows[1:]]

    def set_rows(self, table: str, rows: list[dict[str, str]], mechanism: str = "") -> None:
        """Give a table these rows."""
        columns = self.package[table].columns
        self.write(
            self.file_of(table, mechanism),
            formatting.csv_lines([columns, *([row[c] for c in columns] for row in rows)]),
        )

    def add_row(
        self, table: str, cells: dict[str, str], mechanism: str = "", after: int | None = None
    ) -> tuple[str, int]:
        """Add a row, at the end or after the row with index `after`; gives its file and line.
        Columns not given are empty.
        """
        rows = self.rows(table, mechanism)
        place = len(rows) if after is None else after + 1
        rows.insert(place, {**dict.fromkeys(self.package[table].columns, ""), **cells})
        self.set_rows(table, rows, mechanism)
        return self.file_of(table, mechanism), place + 2

    def next_id(self, table: str, prefix: str, letter: str, mechanism: str = "") -> str:
        """The next free id of a table, such as ``mito-c05``."""
        key = self.package[table].primary_key[0]
        start = f"{prefix}-{letter}"
        numbers = [
            row[key].removeprefix(start)
            for row in self.rows(table, mechanism)
            if row[key].startswith(start)
        ]
        return f"{start}{max((int(n) for n in numbers if n.isdigit()), default=0) + 1:02d}"

    # references.bib
    def add_entry(self, key: str, entry: str) -> None:
        """Add an entry to the bibliography, where its key belongs."""
        text = self.text(references.FILE)
        if (
            not formatting.entries_as_written(text)
            and formatting.formatted(text.encode(), None) is None
        ):
            raise UserError(
                f"{references.FILE} cannot be read: mend what `make check` says of it first. "
                "Nothing was written."
            )
        self.write(references.FILE, formatting.insert_entry(text, key, entry))

    # checking and writing
    def problems(self) -> list[Problem]:
        """What `make check` would say once the changes are made."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            shutil.copytree(self.root / "data", copy / "data")
            for pattern in _PAGES:
                for path in self.root.glob(pattern):
                    (copy / path.relative_to(self.root)).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, copy / path.relative_to(self.root))
            for file, text in self._after.items():
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                (copy / file).write_text(text, encoding="utf-8", newline="")
            return check(copy)

    def refuse_faults(self, places: set[tuple[str, int]]) -> list[Problem]:
        """Raise `UserError` for what is wrong at `places` (file and line) themselves; give what
        remains to be done there and elsewhere.

        What only another row can settle, such as a disagreement still to be explained, is no fault
        of the row.
        """
        problems = self.problems()
        faults = [
            p
            for p in problems
            if (p.file, p.line) in places and not p.draft and "disagreement" not in p.what
        ]
        if faults:
            raise UserError(*faults, "Nothing was written.")
        return problems

    def commit(self) -> list[str]:
        """Write the changes; gives the files. Each is first written beside its place, so that none
        is ever half there.
        """
        for file, before in self._before.items():
            path = self.root / file
            now = path.read_text(encoding="utf-8") if path.is_file() else None
            if file in self._after and now != before:
                raise UserError(
                    f"{file} has changed meanwhile; nothing was written. Run the command again."
                )
            if (
                file in self._after and now is not None and not os.access(path, os.W_OK)
            ):  # to be replaced it need not be writable
                raise UserError(
                    f"{file} may not be written; nothing was written. "
                    f"Fix: allow it (chmod u+w {file}) and run the command again."
                )
        ready: list[tuple[Path, Path]] = []
        try:
            for file, text in self._after.items():
                path = self.root / file
                path.parent.mkdir(parents=True, exist_ok=True)
                beside = path.with_name(f".{path.name}.new")
                ready.append((beside, path))
                beside.write_text(text, encoding="utf-8", newline="")
            for beside, path in ready:
                beside.replace(path)
        finally:
            for beside, _ in ready:
                with suppress(OSError):
                    beside.unlink()
        return sorted(self._after)
