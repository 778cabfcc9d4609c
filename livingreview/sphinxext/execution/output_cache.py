"""Outputs of executed chapters, kept with everything that they depend on.

Jupyter Book's own cache knows a notebook by its code alone: it would publish yesterday's data and
give two chapters of equal code one result. Here every chapter has its own entry, good only while
its code, the engine, the data parts that it asked for and the files that it opened are what they
were.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from nbformat import NotebookNode

from ... import review

ENGINE = Path(__file__).resolve().parents[2]


@dataclass
class Entry:
    """What a chapter depended on when it ran. inputs: digest of all data files, so that an
    untouched book is known at a glance.
    """

    code: str
    engine: str
    inputs: str
    parts: dict[str, str]
    files: dict[str, str]


def digest(*parts: bytes) -> str:
    """SHA-256 over the parts, each with its length, so that no two lists of parts run together."""
    content = hashlib.sha256()
    for part in parts:
        content.update(len(part).to_bytes(8, "big") + part)
    return content.hexdigest()


def file_digest(path: Path) -> str:
    """Digest of a file, "" where it is not there."""
    return digest(path.read_bytes()) if path.is_file() else ""


def code_digest(notebook: NotebookNode, expressions: list[str]) -> str:
    """Digest of what runs: the code cells in order and the expressions evaluated in the text."""
    return digest(
        *(c.source.encode() for c in notebook.cells if c.cell_type == "code"),
        *(e.encode() for e in expressions),
    )


@cache
def engine_digest() -> str:
    """Digest of the engine's own code."""
    sources = sorted([*ENGINE.rglob("*.py"), *ENGINE.rglob("*.jinja")])
    names = [path.relative_to(ENGINE).as_posix().encode() for path in sources]
    return digest(*names, *(path.read_bytes() for path in sources))


class OutputCache:
    """The entries of one project, in ``_build/.executed``; one instance serves one build."""

    def __init__(self, root: Path):
        self.root = root
        self._folder = root / "_build" / ".executed"
        self._known: dict[str, str] = {}

    @cached_property
    def engine(self) -> str:
        """Digest of what runs the chapters: Python, the packages, the engine."""
        lock = file_digest(self.root / "requirements.txt")
        return digest(sys.version.encode(), lock.encode(), engine_digest().encode())

    @cached_property
    def inputs(self) -> str:
        """Digest of all data files."""
        files = [path for path in review.input_files(self.root) if path.is_file()]
        return digest(*(path.as_posix().encode() + b"\0" + path.read_bytes() for path in files))

    def untouched(self) -> bool:
        """Whether engine and data are as they were for every entry; where there is none, they are
        not.
        """
        entries = [
            self.entry(p.relative_to(self._folder).as_posix().removesuffix(".needs.json"))
            for p in self._folder.rglob("*.needs.json")
        ]
        now = self.engine, self.inputs  # before any chapter runs, whatever changes meanwhile
        return bool(entries) and all(e and (e.engine, e.inputs) == now for e in entries)

    def _path(self, docname: str, kind: str) -> Path:
        return self._folder / f"{docname}.{kind}.json"

    def entry(self, docname: str) -> Entry | None:
        """What a chapter depended on, None where it never ran (or its entry cannot be read: then it
        runs again).
        """
        try:
            return Entry(**json.loads(self._path(docname, "needs").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def outputs(self, docname: str) -> dict:
        """The stored outputs: ``cells`` (outputs by code cell) and ``values`` (texts by
        expression).
        """
        return json.loads(self._path(docname, "outputs").read_text(encoding="utf-8"))

    def part_digest(self, name: str) -> str:
        """Digest of a part of the review as it is now, "" where it cannot be made (the chapter then
        runs, and says why).
        """
        if name not in self._known:
            try:
                self._known[name] = review.load(self.root).digest(name)
            except (KeyError, ValueError):
                self._known[name] = ""
        return self._known[name]

    def still_good(self, docname: str) -> bool:
        """Whether all but the code (which Sphinx watches) is as it was when the chapter ran."""
        entry = self.entry(docname)
        if entry is None or entry.engine != self.engine:
            return False
        if any(file_digest(self.root / path) != was for path, was in entry.files.items()):
            return False
        if entry.inputs == self.inputs:
            return True
        if any(self.part_digest(name) != was for name, was in entry.parts.items()):
            return False
        entry.inputs = self.inputs
        self._write(docname, "needs", asdict(entry))
        return True

    def save(self, docname: str, code: str, outputs: dict, seen: dict[str, list[str]]) -> None:
        """Keep a chapter's outputs and what it depended on."""
        entry = Entry(
            code,
            self.engine,
            self.inputs,
            {name: self.part_digest(name) for name in seen["parts"]},
            {path: file_digest(self.root / path) for path in seen["files"]},
        )
        self._write(docname, "outputs", outputs)
        self._write(docname, "needs", asdict(entry))

    def _write(self, docname: str, kind: str, content: dict) -> None:
        path = self._path(docname, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(path)  # a build that is cut short leaves the old entry whole
