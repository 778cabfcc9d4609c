"""How well papers fit what a review says of a reference of which it prints a number alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .bibrecord import EMPTY_WORDS, Record

_COMMON_SHARE = 0.05  # of the references: a word that is told of more of them tells nothing of one


@dataclass(frozen=True)
class Proposal:
    """A paper that a reference may be. points: from 0 to 1. reasons: what they rest on."""

    points: float
    reasons: tuple[str, ...]
    record: Record


@dataclass(frozen=True)
class Clues:
    """What is known of a reference. told: what is said of it. named: who is named beside it.
    common: words that tell nothing.
    """

    told: str
    named: str
    common: frozenset[str] = frozenset()

    def judge(self, record: Record) -> Proposal:
        """How well a paper fits."""
        title, asked = _words(record.title) - self.common, _words(self.told) - self.common
        shared = title & asked
        points, reasons = 0.6 * len(shared) / max(1, min(len(title), 8)), []
        if shared:
            reasons.append(f"words: {', '.join(sorted(shared)[:6])}")
        surnames = [surname(author) for author in record.authors]
        spoken = f"{self.named} {self.told}".lower()
        named = [
            name
            for name in surnames
            if len(name) > 1 and re.search(rf"\b{re.escape(name.lower())}\b", spoken)
        ]
        if named:
            points += 0.3 if named[0] == surnames[0] else 0.15
            reasons.append(f"author: {named[0]}")
        if record.year and re.search(rf"\b{record.year}\b", self.told):
            points += 0.1
            reasons.append(f"year: {record.year}")
        if record.doi and record.doi in self.told.lower():
            return Proposal(1.0, ("its DOI is named",), record)
        return Proposal(round(min(points, 0.99), 2), tuple(reasons), record)


def surname(author: str) -> str:
    """The family name, or the name of a group, of an author of a `Record`."""
    return author.strip("{}").partition(",")[0]


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that say what all reviews are about, and so nothing of a single reference.

    texts: what each reference is cited for.
    """
    told = [_words(text) for text in texts]
    counted = Counter(word for words in told for word in words)
    most = max(3, _COMMON_SHARE * len(told))
    return frozenset(word for word, n in counted.items() if n > most)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9][a-z0-9-]{2,}", text.lower())) - EMPTY_WORDS
