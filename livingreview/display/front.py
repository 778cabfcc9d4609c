"""What the front page shows: every mechanism as a tile to click through, what is new, how to cite.

Each is MyST text, so that print has it as well: the tiles become a list, their strips are left out.
"""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path

import pandas as pd

from ..derive.certainty import LEVELS
from .citation import cite, read
from .markup import Markup, certainty_mark, chinese, escape, span
from .templates import template

_STRIP = template("strip.svg")


def atlas(mechanisms: pd.DataFrame, connections: pd.DataFrame) -> Markup:
    """Every mechanism as a tile, by part: a link, how certain its claims are, and what there is to read.

    mechanisms: `Review.mechanisms`. connections: pairs of mechanisms (``mechanisms``, lists) that the editors connect; the page lights
    up what is connected to the tile under the pointer or the keyboard.
    """
    near: dict[str, set[str]] = {m: set() for m in mechanisms["mechanism"]}
    for pair in connections["mechanisms"]:
        for mechanism in pair:
            near[mechanism] |= set(pair) - {mechanism}
    marks = " ".join(certainty_mark(level) for level in LEVELS[::-1])
    lines = [
        f"::::{{container}} lr-key\nA strip shares out the claims of its chapter by certainty: {marks}\n::::",
        "",
    ]
    for part, tiles in mechanisms.groupby("part", sort=False):
        lines += [f"### {escape(part)}", "", "::::{container} lr-atlas"]
        for row in tiles.itertuples():
            lines += [
                f"- [{escape(row.label)}](/chapters/{row.mechanism}.md) {chinese(row.label_zh)}",
                "",
            ]
            lines += ["  ```{raw} html", f"  {_strip(row, near[row.mechanism])}", "  ```", ""]
            lines += [f"  {span(_holds(row), 'lr-note')}", ""]
        lines += ["::::", ""]
    return Markup("\n".join(lines))


def _holds(row) -> str:
    """What a mechanism holds, in words; a number stays with its noun."""
    counts = ((row.n_claims, "claim"), (row.n_disagreements, "disagreement"))
    return (
        ", ".join(f"{n}\u00a0{what}{'s' * (n != 1)}" for n, what in counts if n) or "no claim yet"
    )


def _strip(row, near: set[str]) -> str:
    """The claims of a mechanism by certainty, the most certain first, as a strip as wide as its tile."""
    counts = {level: int(getattr(row, f"n_{level}")) for level in LEVELS[::-1]}
    counts = {level: count for level, count in counts.items() if count}
    starts = accumulate(counts.values(), initial=0)
    bars = [
        {"css": f"lr-{level.replace('_', '-')}", "x": start, "width": count}
        for (level, count), start in zip(counts.items(), starts, strict=False)
    ]
    words = ", ".join(f"{count} {level.replace('_', ' ')}" for level, count in counts.items())
    return _STRIP.render(
        words=f"Certainty of its claims: {words}",
        width=max(1, sum(counts.values())),
        mechanism=row.mechanism,
        near=sorted(near),
        bars=bars,
    )


def newest(changelog: Path, most: int) -> Markup:
    """The newest entry of a changelog (a heading ``## version (date)`` and a list), at most so many of its lines."""
    found = re.search(
        r"^## +(.+?)\s*\((\d{4}-\d\d-\d\d)\)\s*$\n(.*?)(?=^## |\Z)",
        changelog.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    if not found:
        raise ValueError(
            f"{changelog.name} has no entry: write one as '## 1.2.0 (2026-07-31)' with a list below it"
        )
    lines = re.findall(r"^- .*(?:\n  .*)*", found[3], re.MULTILINE)
    return Markup("\n".join([f"**Version {escape(found[1])}**, {found[2]}", "", *lines[:most]]))


def citation(root: Path) -> Markup:
    """How to cite the review, as a sentence and as BibTeX, from its CITATION.cff."""
    cited = cite(read(root))
    return Markup(
        f"{span(escape(cited.text), 'no-term-links')}\n\n::::{{dropdown}} BibTeX\n```text\n{cited.bibtex}```\n::::"
    )
