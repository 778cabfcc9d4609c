"""What the checks say: one `Problem` per thing to mend, with the place, the value, the reason and
the cure.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend.

    file: path below the project folder. line: 1-based, 0 for the whole file. column: column or
    field name, or "". value: what stands there. what: what is wrong. fix: how to mend it. nearest:
    the nearest valid value, or "". draft: True for an example still to be replaced, which does not
    stop a build.
    """

    file: str
    line: int
    column: str
    value: str
    what: str
    fix: str
    nearest: str = ""
    draft: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" [{self.column}]" if self.column else ""
        value = f" '{shorten(self.value)}'" if self.value else ""
        nearest = f" Nearest valid value: '{self.nearest}'." if self.nearest else ""
        return f"{place}{column}{value}: {self.what}{nearest} Fix: {self.fix}"


def shorten(text: str, width: int = 80) -> str:
    """`text` on one line, cut to `width` characters."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def spans(numbers: Iterable[int]) -> str:
    """Sorted numbers, runs shortened: ``[1, 2, 3, 7]`` gives ``"1–3, 7"``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def nearest(value: str, valid: Iterable[str]) -> str:
    """The valid value most like `value`, or "" where none is alike."""
    choices = {item.lower(): item for item in valid}
    found = difflib.get_close_matches(value.lower(), list(choices), n=1, cutoff=0.5)
    return choices[found[0]] if found else ""


class UserError(Exception):
    """What is to be mended before a command can do its work: problems of files, or sentences."""

    def __init__(self, *found: Problem | str) -> None:
        super().__init__("\n".join(map(str, found)))
