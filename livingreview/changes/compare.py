"""Two states of the data compared.

Both states are derived by the engine as it is now, so that a difference is one of the data, never
one of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..contract.tables import rows
from ..derive.certainty import LEVELS
from ..display.news import WORDS
from ..review import CONTRACT, Review, load

STATEMENT = [
    "subject",
    "perturbation",
    "predicate",
    "object",
    "aspect",
    "direction",
    "mediator",
    "condition",
]


def state(folder: Path, like: Review) -> Review | None:
    """The review in a folder, None where it holds none yet; tables that only `like` has are empty.

    Raises ValueError where its tables cannot be read, or mean something else than today's.
    """
    if not ((folder / CONTRACT).is_file() and (folder / "references.bib").is_file()):
        return None
    try:
        review = load(folder)
        for name, frame in like.frames.items():
            review.frames.setdefault(name, frame.iloc[:0])
        review.claims  # noqa: B018 (derived here, where a failure can be named)
    except (KeyError, AttributeError) as error:
        raise ValueError(
            f"the tables of that time cannot be compared with today's: {error}"
        ) from error
    return review


@dataclass(frozen=True)
class Change:
    """One row of the history, without its day."""

    mechanism: str
    change: str
    n: int
    items: tuple[str, ...]


def compare(old: Review | None, new: Review) -> list[Change]:
    """What a reader would call new, in the order of the chapters: papers, claims, certainty,
    disagreements, retractions.
    """
    changes = [
        change
        for mechanism in new.table("mechanisms")["mechanism"]
        for change in _chapter(mechanism, old, new)
    ]
    order = list(WORDS)
    place = {m: n for n, m in enumerate(new.table("mechanisms")["mechanism"])}
    return sorted(changes, key=lambda c: (place[c.mechanism], order.index(c.change)))


def _chapter(mechanism: str, old: Review | None, new: Review) -> Iterator[Change]:
    claims = _claims(new, mechanism)
    if old is None or mechanism not in set(old.table("mechanisms")["mechanism"]):
        yield Change(mechanism, "chapter_added", len(claims), ())
        return
    before = _claims(old, mechanism)
    both = [i for i in claims.index if i in before.index]
    level = {
        i: LEVELS.index(claims.at[i, "certainty"]) - LEVELS.index(before.at[i, "certainty"])
        for i in both
    }
    settled, known = _settled(new, mechanism), _settled(old, mechanism)
    read = _read(new, mechanism)
    found = {
        "papers_read": read - _read(old, mechanism),
        "claims_added": set(claims.index) - set(before.index),
        "claims_changed": {
            i for i in both if list(claims.loc[i, STATEMENT]) != list(before.loc[i, STATEMENT])
        },
        "claims_removed": set(before.index) - set(claims.index),
        "certainty_raised": {i for i in both if level[i] > 0},
        "certainty_lowered": {i for i in both if level[i] < 0},
        "disagreements_opened": set(settled) - set(known),
        "disagreements_resolved": {
            i for i in settled if settled[i] and i in known and not known[i]
        },
        "papers_retracted": _retracted(new, mechanism) - _retracted(old, mechanism),
    }
    for change, items in found.items():
        if items:
            yield Change(mechanism, change, len(items), tuple(sorted(items)))


def _claims(review: Review, mechanism: str) -> pd.DataFrame:
    return review.claims[review.claims["mechanism"] == mechanism].set_index("claim_id")


def _read(review: Review, mechanism: str) -> set[str]:
    """Papers of the mechanism that the editors have read."""
    evidence = review.table("evidence")
    return set(
        evidence.loc[
            (evidence["mechanism"] == mechanism) & (evidence["basis"] != "reported"), "citekey"
        ]
    )


def _settled(review: Review, mechanism: str) -> dict[str, bool]:
    """Disagreements of the mechanism: is it no longer open?"""
    return {
        r.disagreement_id: r.status != "open"
        for r in rows(review.table("disagreements"))
        if mechanism in r.mechanisms
    }


def _retracted(review: Review, mechanism: str) -> set[str]:
    evidence = review.evidence
    return set(
        evidence.loc[(evidence["mechanism"] == mechanism) & evidence["retracted"], "citekey"]
    )
