"""What the front page shows: every mechanism as a tile to click through, what is new, how to cite.

Each is MyST text, so that print has it as well: the tiles become a list, their strips are left out.
"""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path
from typing import Any

import pandas as pd

from ..contract.tables import rows
from ..derive.certainty import LEVELS
from . import markup
from .citation import cite, read
from .markup import Markup, certainty_mark, chinese, escape, strong
from .templates import template

_STRIP = template("strip.svg")


def atlas(mechanisms: pd.DataFrame, connections: pd.DataFrame) -> Markup:
    """Every mechanism as a tile, by part: a link, how certain its claims are, what there is to
    read.

    mechanisms: `derive.counts.by_mechanism`. connections: pairs of mechanisms (``mechanisms``,
    lists) that the editors connect; the page lights up what is connected to the tile under the
    pointer or the keyboard.
    """
    near: dict[str, set[str]] = {m: set() for m in mechanisms["mechanism"]}
    for pair in connections["mechanisms"]:
        for mechanism in pair:
            near[mechanism] |= set(pair) - {mechanism}
    marks = " ".join(certainty_mark(level) for level in LEVELS[::-1])
    key = f"A strip shares out the claims of its chapter by certainty: {marks}"
    parts = [markup.container(key, "lr-key")]
    for part, group in mechanisms.groupby("part", sort=False):
        tiles = [
            markup.blocks(
                f"{markup.chapter(row.label, row.mechanism)} {chinese(row.label_zh)}",
                markup.html_only(_strip(row, near[row.mechanism])),
                markup.note(_holds(row)),
            )
            for row in rows(group)
        ]
        parts += [
            markup.heading(escape(part), 3),
            markup.container(markup.bullets(tiles), "lr-atlas"),
        ]
    return Markup(markup.blocks(*parts))


def _holds(row: Any) -> str:
    """What a mechanism holds, in words; a number stays with its noun."""
    counts = ((row.n_claims, "claim"), (row.n_disagreements, "disagreement"))
    return (
        ", ".join(f"{n}\u00a0{what}{'s' * (n != 1)}" for n, what in counts if n) or "no claim yet"
    )


def _strip(row: Any, near: set[str]) -> str:
    """The claims of a mechanism by certainty, the most certain first, as a strip as wide as its
    tile.
    """
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
    """The newest entry of a changelog, at most so many of its lines.

    Raises ValueError where no entry is a heading ``## version (date)`` with a list below it.
    """
    found = re.search(
        r"^## +(.+?)\s*\((\d{4}-\d\d-\d\d)\)\s*$\n(.*?)(?=^## |\Z)",
        changelog.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    if not found:
        raise ValueError(
            f"{changelog.name} has no entry: write one as '## 1.2.0 (2026-07-31)' with a list below"
            " it"
        )
    lines = re.findall(r"^- .*(?:\n  .*)*", found[3], re.MULTILINE)  # MyST, as the editors wrote it
    return Markup(
        markup.blocks(
            f"{strong(f'Version {escape(found[1])}')}, {found[2]}", "\n".join(lines[:most])
        )
    )


def citation(root: Path) -> Markup:
    """How to cite the review, as a sentence and as BibTeX, from its CITATION.cff."""
    cited = cite(read(root))
    return Markup(
        markup.blocks(
            markup.span(escape(cited.text), "no-term-links"),
            markup.dropdown("BibTeX", markup.listing(cited.bibtex)),
        )
    )
