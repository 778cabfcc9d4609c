"""The words of a review: what the values that rows hold are called, from the tables in data/vocab.

The engine knows which values there are, for it counts and turns them; what they are called is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.tables import Tables, by_key, rows

#: The tables that `Vocabulary.of` asks for.
TABLES = ("aspects", "directions", "levels", "bases", "supports", "disagreement_kinds")


@dataclass(frozen=True)
class Direction:
    """A direction as a label, a sign, a verb of the subject and of the object, and in legends."""

    label: str
    sign: str
    acts: str
    undergoes: str
    drawn: str

    @property
    def signed(self) -> str:
        """``+ increased``"""
        return f"{self.sign} {self.label}"


@dataclass(frozen=True)
class Basis:
    """A basis as a label, as whose word a dose is, and as what was read."""

    label: str
    whose_word: str
    what_was_read: str


@dataclass(frozen=True)
class Aspect:
    """An aspect: its label, and where that goes without saying.

    implied_by: words in the label of an object behind which nobody says it.
    """

    label: str
    in_charts: bool
    in_glossary: bool
    implied_by: tuple[str, ...]

    def _behind(self, label: str) -> str:
        return "" if any(word in label for word in (self.label, *self.implied_by)) else self.label

    def in_chart(self, label: str) -> str:
        """What a chart says behind the label of an object, "" where that says it already."""
        return self._behind(label) if self.in_charts else ""

    def in_relation(self, label: str) -> str:
        """The same for the relations of the glossary."""
        return self._behind(label) if self.in_glossary else ""


NO_ASPECT = Aspect("", in_charts=False, in_glossary=False, implied_by=())


@dataclass(frozen=True)
class Vocabulary:
    """Words by value, each kind in the order of its table."""

    aspects: Mapping[str, Aspect]
    directions: Mapping[str, Direction]
    levels: Mapping[str, str]
    bases: Mapping[str, Basis]
    supports: Mapping[str, str]
    kinds: Mapping[str, str]

    @classmethod
    def of(cls, tables: Tables) -> Vocabulary:
        """The vocabulary in the tables that `TABLES` names."""
        return cls(
            aspects={
                r.aspect: Aspect(r.label, r.in_charts, r.in_glossary, tuple(r.implied_by))
                for r in rows(tables["aspects"])
            },
            directions={
                r.direction: Direction(r.label, r.sign, r.acts, r.undergoes, r.drawn)
                for r in rows(tables["directions"])
            },
            levels=by_key(tables["levels"], "level", "label"),
            bases={
                r.basis: Basis(r.label, r.whose_word, r.what_was_read)
                for r in rows(tables["bases"])
            },
            supports=by_key(tables["supports"], "support", "label"),
            kinds=by_key(tables["disagreement_kinds"], "kind", "label"),
        )

    def aspect(self, aspect: str) -> Aspect:
        """An aspect; `NO_ASPECT` for "", which claims without one have."""
        return self.aspects.get(aspect, NO_ASPECT)
