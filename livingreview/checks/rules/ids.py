"""Ids, in whatever table: they belong to their file, and two of them stand for two things."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Project, Row
from .rule import Problems


def starts_with_prefix(row: Row, column: str, letter: str, project: Project) -> Problems:
    """A problem where an id is not <prefix of the file's mechanism>-<letter><number>."""
    mechanism = project.find("mechanisms", row.mechanism)
    if mechanism is None or not mechanism.sound("prefix"):
        return
    start = f"{mechanism['prefix']}-{letter}"
    number = row[column].rpartition("-")[2][1:]
    if row[column] != start + number:
        what = f"ids in this file start with {start}."
        fix = "Give it the prefix of its mechanism, or move the row."
        yield row.problem(column, what, fix, start + number)


def twice(table: str, columns: Sequence[str], what: str, fix: str, project: Project) -> Problems:
    """A problem for each row of a file that says in `columns` what a row above says.

    what, fix: with places for the id of the row above and, in `what`, for its line.
    """
    above: dict[tuple[str, ...], Row] = {}
    key = project.package[table].primary_key[0]
    for row in project.rows(table):
        first = above.setdefault((row.file, *(row[c] for c in columns)), row)
        if first is not row and first[key] != row[key] and row.sound(key):
            found = what.format(first[key], f"line {first.line}")
            yield row.problem(key, found, fix.format(first[key]))
