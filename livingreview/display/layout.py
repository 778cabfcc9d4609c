"""Where words go in a chart: how wide they are, how they wrap, and the grid that matrices stand in.

Positions are pixels, worked out here, so that a chart drawn at build time and the same chart alive
in a browser agree, and so that labels are narrow enough for a telephone to show what stands beside
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ..contract.characters import is_wide

LINE = 13  # height of a line of text, px
# Advance widths of Helvetica (and of Arial and Liberation Sans, made to its measure), in
# thousandths of the size.
_WIDTHS = {
    "ijl": 222,
    " !,./:;I[]\\ft|·": 278,
    "()-`r“”": 333,
    "*": 389,
    "Jcksvxyz": 500,
    "FTZ": 611,
    "&ABEKPSVXY": 667,
    "CDHNRUw": 722,
    "GOQ": 778,
    "Mm": 833,
    "%": 889,
    "W": 944,
    "@…→": 1000,
}
_WIDTH = {letter: width for letters, width in _WIDTHS.items() for letter in letters}


def width(text: str, size: float = 12) -> float:
    """Width of a line of text in px, close enough to lay out by."""
    return sum(map(_advance, text)) * size / 1000


@cache
def _advance(letter: str) -> int:
    """Thousandths of the size; that of most small letters, where nothing else is known."""
    return _WIDTH.get(letter) or (1000 if is_wide(letter) else 556)


@lru_cache(maxsize=4096)
def wrap(text: str, room: float, lines: int = 3, size: float = 12) -> tuple[str, ...]:
    """The text in at most `lines` lines of about equal length, none wider than `room` px.

    What does not fit ends in "…". An arrow or a dot between words ends its line where that costs
    none.
    """
    broken = _break(text, room, size)
    for joint in (" → ", " · "):
        before, found, after = text.partition(joint)
        if found and len(broken) > 1:
            parts = (
                *wrap(before + joint.rstrip(), room, lines, size),
                *wrap(after, room, lines, size),
            )
            if len(parts) <= min(len(broken), lines):
                return parts
    if len(broken) > lines:
        last = " ".join(broken[lines - 1 :])
        while width(last + "…", size) > room:
            last = last[:-1]
        return (*broken[: lines - 1], last.rstrip() + "…")
    narrowest, widest = min(room, max(width(piece.rstrip(), size) for piece in _pieces(text))), room
    while widest - narrowest > 2:  # the narrowest room that takes no more lines and breaks no word
        middle = (narrowest + widest) / 2
        narrowest, widest = (
            (narrowest, middle)
            if len(_break(text, middle, size)) <= len(broken)
            else (middle, widest)
        )
    return tuple(_break(text, widest, size))


def _pieces(text: str) -> list[str]:
    """Words (an arrow or a dot stays with the one before it), and what hyphens and slashes join."""
    return re.findall(r"\S+?(?:[-–/](?=\w{3})|(?: [→·])?(?=\s|$))\s*", text) or [text]


def _break(text: str, room: float, size: float) -> list[str]:
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width((lines[-1] + piece).rstrip(), size) > room:
            lines.append("")
        *starts, rest = _cut(piece, room, size)
        lines[-1:] = [*starts, rest] if starts else [lines[-1] + rest]
    return [line.rstrip() for line in lines if line.strip()] or [text]


def _cut(piece: str, room: float, size: float) -> list[str]:
    """A word longer than a line as several, hyphenated; any other as it is."""
    parts, rest = [], piece
    while width(rest.rstrip(), size) > room and len(rest.rstrip()) > 4:
        ends = (n for n in range(len(rest) - 2, 2, -1) if width(rest[:n] + "-", size) <= room)
        end = next(ends, 3)
        parts.append(rest[:end] + "-")
        rest = rest[end:]
    return [*parts, rest]


@dataclass(frozen=True)
class Label:
    """Lines of text at a place, the first line's middle at y; angle as Vega turns text."""

    text: tuple[str, ...]
    x: float
    y: float
    angle: float = 0


class Grid:
    """Rows and columns with their labels: x of each column, y of each row, and the labels to draw.

    rows, columns: the labels in full. least, most: how wide a column may be. cell: least height of
    a row. Column heads stand level where their words fit above a column; else all of them lean, in
    up to three lines.
    """

    LEFT = 152

    def __init__(
        self,
        rows: Sequence[str],
        columns: Sequence[str],
        least: float = 46,
        most: float = 74,
        cell: float = 26,
    ):
        most = most if len(columns) < 7 else min(most, 64)
        wrapped = [wrap(row, self.LEFT - 6, 4) for row in rows]
        left = max(width(line) for lines in wrapped for line in lines) + 12
        level = self._level(columns, least, most)
        top: float
        if level:
            self.step, heads, angle = level
            top, overhang = max(map(len, heads)) * LINE + 6, 0.0
        else:
            heads, angle = [wrap(column, 128) for column in columns], -45.0
            self.step = max(least, {1: 30, 2: 46, 3: 58}[max(map(len, heads))])
            reach = max(width(line) for lines in heads for line in lines) * 0.707
            top, overhang = reach + 18, max(0.0, reach - self.step / 2 + 14)
        self.x = {column: left + (n + 0.5) * self.step for n, column in enumerate(columns)}
        self.y: dict[str, float] = {}
        self.edges: list[float] = []
        y = top
        for row, lines in zip(rows, wrapped, strict=True):
            height = max(cell, len(lines) * LINE + 9)
            self.y[row] = y + height / 2
            y += height
            self.edges.append(y)
        self.left, self.right, self.top = left, left + len(columns) * self.step, top
        self.width, self.height = round(self.right + overhang), round(y + 2)
        self.row_labels = {
            row: _centred(lines, left - 8, self.y[row])
            for row, lines in zip(rows, wrapped, strict=True)
        }
        foot = top - 10 if angle else top - 6
        place = _leaning if angle else _standing
        self.column_labels = {
            column: place(lines, self.x[column], foot, angle)
            for column, lines in zip(columns, heads, strict=True)
        }

    @property
    def leaning(self) -> bool:
        return any(label.angle for label in self.column_labels.values())

    @staticmethod
    def _level(
        columns: Sequence[str], least: float, most: float
    ) -> tuple[float, list[tuple[str, ...]], float] | None:
        """Width of a column, heads and angle, where no head needs more than four lines or a broken
        word.
        """
        longest = max(width(word) for column in columns for word in column.split())
        step = max(least, longest + 6)
        while step <= most:
            heads = [wrap(column, step - 5, 5) for column in columns]
            if max(map(len, heads)) <= (3 if step < most - 6 else 4):
                return step, heads, 0
            step += 6
        return None


def _centred(lines: tuple[str, ...], x: float, y: float) -> Label:
    return Label(lines, round(x, 1), round(y - LINE * (len(lines) - 1) / 2, 1))


def _standing(lines: tuple[str, ...], x: float, foot: float, angle: float) -> Label:
    """Level lines above their foot."""
    return Label(lines, round(x, 1), round(foot - LINE * (len(lines) - 0.5), 1))


def _leaning(lines: tuple[str, ...], x: float, foot: float, angle: float) -> Label:
    """Lines that lean by 45 degrees, the block centred on its foot."""
    back = LINE * (len(lines) - 1) / 2 * 0.707
    return Label(lines, round(x + 4 - back, 1), round(foot - back, 1), angle)
