"""Widths of a table's columns on paper, such that the table gets as short as it can."""

from __future__ import annotations

import re

import numpy as np
from docutils import nodes

from ..contract.characters import HAN, HAN_MARKS, is_wide

_STEPS = (4, 2, 1)
_SYLLABLES = 7  # letters of a broken word in the head of a crowded table, with its hyphen
_CROWDED = 80  # per cent of the line that the longest words take
_BREAK = re.compile(rf"[\s/–-]|[{HAN}{HAN_MARKS}]")  # Chinese breaks anywhere


def fit(table: nodes.table, line: int) -> None:
    """Set the widths of the columns by what is in them, and take notes out of the cells, to stand
    below their rows.

    line: how many letters of the table's type fit on a line across the page.
    """
    rows = list(table.findall(nodes.row))
    width = max(map(len, rows))
    if any(len(row) != width for row in rows) or "lr-table" not in table["classes"]:
        return
    for row in rows:
        row["notes"] = _taken_notes(row)
    texts = [[entry.astext() for entry in row] for row in rows]
    for spec, share in zip(table.findall(nodes.colspec), shares(texts, line), strict=True):
        spec["colwidth"] = share


def _taken_notes(row: nodes.row) -> list[nodes.inline]:
    notes = [
        node
        for entry in row
        for node in entry.findall(nodes.inline)
        if "lr-note" in node["classes"]
    ]
    for note in notes:
        note.parent.remove(note)
    return notes


def shares(texts: list[list[str]], line: int) -> list[int]:
    """Percentages for the columns: from equal ones on, what one column can spare goes to another as
    long as rows get shorter.

    texts: cells by row, the header among them. line: letters on a line across all columns.
    """
    lengths = np.array([[_length(cell) for cell in row] for row in texts], float)
    head, body = _longest_words(texts[:1]), _longest_words(texts[1:] or texts)
    least = _least(np.maximum(head, body), line)
    if least.sum() > _CROWDED:  # heads may break their words, so that the cells need not
        least = _least(np.maximum(np.minimum(head, _SYLLABLES), body), line)
    share = np.maximum(least, 100 / lengths.shape[1])
    share = np.round(share * 100 / share.sum())
    share[-1] += 100 - share.sum()

    def lines(share: np.ndarray) -> float:
        fill = lengths / (share * line / 100)
        # a line breaks before its end, more so in a narrow column; the small sum lets narrow cells
        # give way that decide nothing yet
        return np.ceil(fill * 1.08).max(axis=1).sum() + 0.01 * fill.sum()

    now = lines(share)
    for step in _STEPS:
        moved = True
        while moved:
            moved = False
            for giving in np.argsort(-share):
                for taking in range(len(share)):
                    if giving == taking or share[giving] - step < least[giving]:
                        continue
                    tried = share.copy()
                    tried[giving] -= step
                    tried[taking] += step
                    if (then := lines(tried)) < now:
                        share, now, moved = tried, then, True
    return [int(s) for s in share]


def _longest_words(texts: list[list[str]]) -> np.ndarray:
    """Letters of the longest word of each column."""
    return np.array(
        [
            max(len(word) for cell in column for word in _BREAK.split(cell))
            for column in zip(*texts, strict=True)
        ]
    )


def _least(words: np.ndarray, line: int) -> np.ndarray:
    """Percentages that columns need at least, for words of so many letters."""
    return np.minimum(words + 2, line / 4) * 100 / line


def _length(text: str) -> int:
    """Letters that the text takes; a Chinese character takes the room of two."""
    return len(text) + sum(map(is_wide, text))
