"""The form of the files: written as `make format` writes them, so that a change shows as the rows that it changes.

Last of the checks: a line with another problem is left alone, for mending that may mend its form as well.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

import bibtexparser

from ..contract import formatting
from ..contract.package import Package, Resource
from ..contract.problems import Problem

FIX = "Run make format"
_MANY = 5  # lines of one file; more are one problem, for then a program has rewritten the file


def problems(root: Path, package: Package, others: Iterable[Problem]) -> Iterator[Problem]:
    """Lines that are written otherwise, in files that can be read; `others` are the problems found so far."""
    known = {(problem.file, problem.line) for problem in others}
    for path, resource in formatting.files(package, root):
        file = path.relative_to(root).as_posix()
        try:
            data = path.read_bytes()
        except OSError:
            continue  # reported with the file
        text = formatting.decode(data)
        if (
            text is None
            or (file, 0) in known
            or (resource is None and formatting.entries_as_written(text))
        ):
            continue
        right = formatting.formatted(data, resource)
        if right is None or right == text:
            continue
        reported = {line for name, line in known if name == file}
        found = list(
            _rows(file, text, reported, resource)
            if resource
            else _entries(file, text, right, reported)
        )
        if len(found) > _MANY:
            lines = f"{len(found)} lines are not written as the others are; this is the first."
            found = [
                Problem(
                    file,
                    found[0].line,
                    "",
                    "",
                    lines,
                    f"{FIX}; a spreadsheet has probably saved the whole file anew.",
                )
            ]
        yield from found


def _rows(file: str, text: str, reported: set[int], resource: Resource) -> Iterator[Problem]:
    lines = text.splitlines()
    if [name.strip() for name in next(csv.reader(lines[:1]))] != resource.columns:
        return  # reported with the header
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        as_written = formatting.csv_lines([cells]).rstrip("\n")
        if any(cells) and line != as_written and number not in reported:
            yield Problem(
                file,
                number,
                "",
                line,
                "quotes stand where CSV needs none.",
                f"{FIX}, or write the line so: {as_written}",
            )


def _entries(file: str, text: str, right: str, reported: set[int]) -> Iterator[Problem]:
    blocks = {block.key: block for block in bibtexparser.parse_string(text, parse_stack=[]).entries}
    keys, ordered = list(blocks), sorted(blocks)
    moved: set[str] = set()
    for what, start, end, _, _ in difflib.SequenceMatcher(
        None, keys, ordered, autojunk=False
    ).get_opcodes():
        if what in ("delete", "replace"):
            moved.update(keys[start:end])
    by_key = {
        block.key: block.raw for block in bibtexparser.parse_string(right, parse_stack=[]).entries
    }
    found = bool(reported)
    for key, block in blocks.items():
        line = block.start_line + 1
        if not reported.isdisjoint(range(line, line + block.raw.count("\n") + 1)):
            continue
        if key in moved:
            after = ordered[ordered.index(key) - 1] if ordered[0] != key else ""
            where = f"after '{after}'" if after else "to the start of the file"
            yield Problem(
                file,
                line,
                "",
                key,
                "the entry is out of the order of keys.",
                f"{FIX}, or move it {where}.",
            )
            found = True
        elif block.raw.strip() != by_key[key].strip():
            fix = f"{FIX}, or write one field a line, each as 'name = {{value}},' after two blanks, in the order of the other entries."
            yield Problem(file, line, "", key, "the entry is not written as the others are.", fix)
            found = True
    if not found:
        yield Problem(
            file, 0, "", "", "the entries are not separated by one blank line each.", f"{FIX}."
        )
