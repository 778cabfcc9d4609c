"""The form of the files: as `make format` writes them, so that a change shows as its rows.

Last of the checks: a line with another problem is left alone, for mending that may mend its form as
well.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable

from bibtexparser.entrypoint import parse_string

from ...contract import formatting
from ...contract.package import Resource
from ...contract.problems import Problem
from ..model import Project
from .rule import Problems

FIX = "Run make format"
_MANY = 5  # lines of one file; more are one problem, for then a program has rewritten the file
_LAYOUT = (
    "write one field a line, each as 'name = {value},' after two blanks, "
    "in the order of the other entries."
)


def problems(project: Project, others: Iterable[Problem]) -> Problems:
    """Lines that are written otherwise, in files that can be read. others: the problems so far."""
    lines: dict[str, set[int]] = {}
    for problem in others:
        lines.setdefault(problem.file, set()).add(problem.line)
    for path, resource in formatting.files(project.package, project.root):
        file = path.relative_to(project.root).as_posix()
        reported = lines.get(file, set())
        if 0 in reported:
            continue
        try:
            data = path.read_bytes()
        except OSError:
            continue  # reported with the file
        found = list(_of_file(file, data, resource, reported))
        if len(found) > _MANY:
            what = f"{len(found)} lines are not written as the others are; this is the first."
            fix = f"{FIX}; a spreadsheet has probably saved the whole file anew."
            found = [Problem(file, found[0].line, "", "", what, fix)]
        yield from found


def _of_file(file: str, data: bytes, resource: Resource | None, reported: set[int]) -> Problems:
    text = formatting.decode(data)
    if text is None or (resource is None and formatting.entries_as_written(text)):
        return
    right = formatting.formatted(data, resource)
    if right is None or right == text:
        return
    if resource is None:
        yield from _entries(file, text, right, reported)
    else:
        yield from _rows(file, text, resource, reported)


def _rows(file: str, text: str, resource: Resource, reported: set[int]) -> Problems:
    lines = text.splitlines()
    if [name.strip() for name in next(csv.reader(lines[:1]))] != resource.columns:
        return  # reported with the header
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        as_written = formatting.csv_lines([cells]).rstrip("\n")
        if any(cells) and line != as_written and number not in reported:
            fix = f"{FIX}, or write the line so: {as_written}"
            yield Problem(file, number, "", line, "quotes stand where CSV needs none.", fix)


def _entries(file: str, text: str, right: str, reported: set[int]) -> Problems:
    blocks = {block.key: block for block in parse_string(text, parse_stack=[]).entries}
    right_blocks = parse_string(right, parse_stack=[]).entries
    as_written = {block.key: (block.raw or "").strip() for block in right_blocks}
    ordered = sorted(blocks)
    moved = _out_of_order(list(blocks), ordered)
    found = bool(reported)
    for key, block in blocks.items():
        line, raw = (block.start_line or 0) + 1, block.raw or ""
        if not reported.isdisjoint(range(line, line + raw.count("\n") + 1)):
            continue
        if key in moved:
            place = ordered.index(key)
            where = f"after '{ordered[place - 1]}'" if place else "to the start of the file"
            what = "the entry is out of the order of keys."
            yield Problem(file, line, "", key, what, f"{FIX}, or move it {where}.")
            found = True
        elif raw.strip() != as_written[key]:
            what = "the entry is not written as the others are."
            yield Problem(file, line, "", key, what, f"{FIX}, or {_LAYOUT}")
            found = True
    if not found:
        what = "the entries are not separated by one blank line each."
        yield Problem(file, 0, "", "", what, f"{FIX}.")


def _out_of_order(keys: list[str], ordered: list[str]) -> set[str]:
    """The keys to be moved so that all are in order."""
    moved: set[str] = set()
    matcher = difflib.SequenceMatcher(None, keys, ordered, autojunk=False)
    for what, start, end, _, _ in matcher.get_opcodes():
        if what in ("delete", "replace"):
            moved.update(keys[start:end])
    return moved
