"""Are two descriptions of one paper? By identifiers, else by title, in any script.

An identifier in common settles it. A title may settle it only where it is long enough to be that of
one paper alone: many are called *Editorial*. And it settles nothing against identifiers: two
DOIs with one title may be a preprint and its paper, or two parts of a series.
"""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from .characters import has_chinese
from .identifiers import bare_doi, bare_pmcid, bare_pmid

ALIKE = 0.9  # titles more alike than this are worth a person's look
NEARLY_EQUAL = 0.93  # titles more alike than this may be one title, with a word more or less
TELLING = 28  # letters from which on a title may tell one paper from all others
_CHARACTER = 3  # letters that a Chinese character counts for
#: Identifiers of a paper, and the one form in which each is compared.
_IDENTIFIERS = {"doi": bare_doi, "pmid": bare_pmid, "pmcid": bare_pmcid}


class Described(Protocol):
    """What is known of a paper; what is not, is ""."""

    @property
    def title(self) -> str: ...
    @property
    def year(self) -> str: ...
    @property
    def doi(self) -> str: ...
    @property
    def pmid(self) -> str: ...
    @property
    def pmcid(self) -> str: ...


@dataclass(frozen=True)
class Description:
    """The least that can be said of a paper."""

    title: str
    year: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""


class Likeness(IntEnum):
    """How sure it is that two descriptions are of one paper."""

    NONE = 0
    ALIKE = 1  # their titles are alike: a person must look
    LIKELY = 2  # their titles are as good as equal, and nothing speaks against it
    SAME = 3  # they share an identifier, or title and year


@dataclass(frozen=True)
class Match:
    """The known paper that is most like another. by: the identifier in common, or "title"."""

    key: str
    likeness: Likeness
    by: str


def title_key(title: str) -> str:
    """A title as it is compared: letters and digits of any script, in small letters, without
    accents, Greek ones by name. ``TNF-<i>α</i>: A study.`` is ``tnfalphaastudy``.
    """
    text = re.sub(r"</?[A-Za-z][^<>]*>", "", html.unescape(title))
    return "".join(map(_letter, unicodedata.normalize("NFKD", text).casefold()))


def _letter(sign: str) -> str:
    if not sign.isalnum():
        return ""
    name = unicodedata.name(sign, "").split()
    return name[3].lower() if name[:3] == ["GREEK", "SMALL", "LETTER"] else sign


@dataclass(frozen=True)
class _Paper:
    """A paper in the form in which it is compared. telling: whether its title may tell it from all
    others.
    """

    key: str
    identifiers: dict[str, str]
    title: str
    year: str
    telling: bool


class KnownPapers:
    """Papers by key, to be found again under other descriptions of them."""

    def __init__(self, papers: Iterable[tuple[str, Described]] = ()) -> None:
        self._papers: list[_Paper] = []
        self._identified: dict[tuple[str, str], _Paper] = {}
        self._titled: dict[str, list[_Paper]] = {}
        for key, paper in papers:
            self.add(key, paper)

    def add(self, key: str, paper: Described) -> None:
        """Know one more."""
        known = _comparable(key, paper)
        self._papers.append(known)
        for identifier in known.identifiers.items():
            self._identified.setdefault(identifier, known)
        self._titled.setdefault(known.title, []).append(known)

    def same(self, paper: Described) -> Match | None:
        """The known paper that surely is this one."""
        one = _comparable("", paper)
        for identifier in one.identifiers.items():
            if identifier in self._identified:
                return Match(self._identified[identifier].key, Likeness.SAME, identifier[0])
        for other in self._titled.get(one.title, ()):
            if _by_title(one, other)[0] is Likeness.SAME:
                return Match(other.key, Likeness.SAME, "title")
        return None

    def find(self, paper: Described) -> Match | None:
        """The known paper that is this one, else the one most like it; None where none is."""
        if found := self.same(paper):
            return found
        one = _comparable("", paper)
        likest = max(
            ((*_by_title(one, other), other.key) for other in self._papers),
            key=lambda each: each[:2],
            default=(Likeness.NONE, 0.0, ""),
        )
        return Match(likest[2], likest[0], "title") if likest[0] else None


def _comparable(key: str, paper: Described) -> _Paper:
    found = {name: bare(getattr(paper, name)) for name, bare in _IDENTIFIERS.items()}
    title = title_key(paper.title)
    telling = len(title) + (_CHARACTER - 1) * sum(map(has_chinese, title)) >= TELLING
    return _Paper(
        key, {n: value for n, value in found.items() if value}, title, paper.year, telling
    )


def _by_title(one: _Paper, other: _Paper) -> tuple[Likeness, float]:
    """What the titles say of two papers that share no identifier, and how alike they are."""
    against = bool(one.identifiers.keys() & other.identifiers.keys())
    if not (one.telling and other.telling):
        equal = one.title and one.title == other.title and not against
        return (Likeness.ALIKE, 1.0) if equal else (Likeness.NONE, 0.0)
    alike = _ratio(one.title, other.title)
    if alike <= ALIKE:
        return Likeness.NONE, alike
    if against:
        return Likeness.ALIKE, alike
    if one.title == other.title and (one.year == other.year or "" in (one.year, other.year)):
        return Likeness.SAME, alike
    if alike > NEARLY_EQUAL and _within(*sorted((one.title, other.title), key=len)):
        return Likeness.LIKELY, alike
    return Likeness.ALIKE, alike


def _ratio(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1; 0 where that is not above ALIKE."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE:
        return matcher.ratio()
    return 0.0


def _within(short: str, long: str) -> bool:
    """Whether a title is another with something left out. Something else in its place, or another
    number, tells papers apart: coffee and cocoa, 红茶 and 绿茶, part 2 and part 3, ages 1 and 11.
    """
    rest = iter(long)
    numbers = [re.findall(r"\d+", title) for title in (short, long)]
    return numbers[0] == numbers[1] and all(sign in rest for sign in short)
