"""A bibliographic record, and its entry in `references.bib`."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_lowercase

from ..contract import bibliography
from ..contract.characters import INVISIBLE
from ..contract.formatting import entry_text
from ..contract.identifiers import bare_doi, bare_pmcid, bare_pmid
from ..contract.same_paper import KnownPapers, Likeness
from . import retractions

_WORDS = """about after among and are been before between both but can could does during effect
effects for from has have how into its may new not off onto over role some study studies than that
the their them then these they this those through toward towards under upon using via was were what
when where which while who whose with within without"""
#: Words of a title that tell nothing of the paper.
EMPTY_WORDS = frozenset(_WORDS.split())
_CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
NAMELESS = "paper"  # begins the key where neither name nor title has a letter for it


@dataclass
class Record:
    """One paper. authors: ``Family, Given``, or a group's name in braces. retracted: None, or the
    notice's DOI ("" where it is not known). seen: addresses at which it was read.
    """

    kind: str = "article"
    authors: list[str] = field(default_factory=list)
    title: str = ""
    journal: str = ""
    year: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    retracted: str | None = None
    seen: list[str] = field(default_factory=list)

    def cleaned(self) -> Record:
        """The record with plain texts of one line, bare identifiers, two hyphens between pages, and
        no mark of retraction in the title.
        """
        title = clean(self.title)
        title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
        title, marked = retractions.without_mark(title)
        return replace(
            self,
            authors=[author for author in map(_author, self.authors) if author],
            title=title,
            journal=clean(self.journal),
            year=(re.search(r"(?:1[5-9]|20)\d\d", self.year or "") or [""])[0],
            volume=clean(self.volume),
            number=clean(self.number),
            pages=_pages(clean(self.pages)),
            doi=bare_doi(self.doi),
            pmid=bare_pmid(self.pmid),
            pmcid=bare_pmcid(self.pmcid),
            url=clean(self.url),
            retracted=(self.retracted or "") if marked else self.retracted,
        )

    def filled_from(self, other: Record) -> Record:
        """This record with what only `other` knows."""
        own = {
            name: getattr(self, name) or getattr(other, name)
            for name in self.__dataclass_fields__
            if name not in ("kind", "seen", "retracted")
        }
        retracted = self.retracted or (
            self.retracted if other.retracted is None else other.retracted
        )
        return Record(kind=self.kind, seen=[*self.seen, *other.seen], retracted=retracted, **own)


@dataclass(frozen=True)
class Paper:
    """A paper as an index lists it in answer to a search; what the index does not give is ""."""

    title: str
    journal: str
    year: str
    authors: str
    doi: str
    pmid: str
    pmcid: str = ""
    abstract: str = ""


def clean(text: object) -> str:
    """`text` without tags, entities, control characters and line breaks."""
    text = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", str(text or "")))
    text = INVISIBLE.sub("", re.sub(r"\s+", " ", text))
    return unicodedata.normalize("NFC", text).strip()


def _author(name: str) -> str:
    name = clean(name)
    return (
        "{" + name[1:-1].replace("{", "").replace("}", "") + "}"
        if re.fullmatch(r"\{.*\}", name)
        else name
    )


def _pages(pages: str) -> str:
    """``527-38`` gives ``527--538``; an article number stays."""
    found = re.fullmatch(r"([A-Za-z]*)(\d+)\s*[-–—]+\s*([A-Za-z]*)(\d+)", pages)
    if not found:
        return pages
    letters, first, other, last = found.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{letters}{first}" if first == last else f"{letters}{first}--{other or letters}{last}"


# BibTeX
def _escaped(text: str) -> str:
    text = text.replace("\\", "").replace("{", "").replace("}", "")
    return re.sub(r"([&%#$_])", r"\\\1", text)


def entry(record: Record, key: str, keywords: str) -> str:
    """The record as an entry. keywords: how it came into the book, ``editors`` or ``candidate``."""
    authors = " and ".join(
        f"{{{_escaped(a[1:-1])}}}" if a.startswith("{") else _escaped(a) for a in record.authors
    )
    container = _CONTAINERS.get(record.kind, "howpublished")
    fields = {
        "author": authors or "{[authors not seen]}",
        "title": f"{{{_escaped(record.title)}}}",
        container: _escaped(record.journal),
        **{name: _escaped(getattr(record, name)) for name in ("year", "volume", "number", "pages")},
        **{
            name: re.sub(r"[{}\\\s]", "", getattr(record, name))
            for name in ("doi", "pmid", "pmcid")
        },
        "url": "" if record.doi else re.sub(r"[{}\\\s]", "", record.url),
        "note": _note(record.retracted),
        "keywords": keywords,
        "retracted": record.retracted or "",
        "seen": " ".join(dict.fromkeys(record.seen)),
    }
    return entry_text(
        record.kind, key, {name: f"{{{value}}}" for name, value in fields.items() if value}
    )


def _note(retracted: str | None) -> str:
    if retracted is None:
        return ""
    return (
        f"Retracted: notice {retracted}"
        if retracted
        else "Retracted; the DOI of the notice is not known"
    )


def _letters(text: str) -> str:
    return re.sub(
        r"[^a-z0-9]",
        "",
        unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower(),
    )


def citekey(record: Record, taken: Iterable[str]) -> str:
    """First author's surname, year and a telling word of the title, as in ``abe2014regulation``; a
    letter more where that is taken.
    """
    words = [_letters(word) for word in re.split(r"[\s/:–—-]+", record.title)]
    word = next((w for w in words if len(w) > 3 and w not in EMPTY_WORDS and not w.isdigit()), "")
    surname = _letters(record.authors[0].strip("{}").partition(",")[0]) if record.authors else ""
    key = f"{surname or word or NAMELESS}{record.year}{word if surname else ''}"
    taken = {other.lower() for other in taken}
    keys = [key, *(key + letter for letter in ascii_lowercase[1:])]
    return next(each for each in keys if each not in taken)


# papers that are there
@dataclass(frozen=True)
class DuplicateEntry:
    """An entry that is, or may be, the same paper. sure: whether it is."""

    key: str
    reason: str
    sure: bool


def duplicate(record: Record, root: Path) -> DuplicateEntry | None:
    """The entry of `references.bib` that is this paper, or is called nearly like it."""
    references = bibliography.read(root / "references.bib")
    found = KnownPapers(references.items()).find(record)
    if found is None:
        return None
    if found.by != "title":
        reason = f"the same {found.by.upper()}, {getattr(record, found.by)}"
    elif found.likeness is Likeness.SAME:
        reason = "the same title and year"
    else:
        reference = references[found.key]
        reason = f"nearly the same title, '{reference.title}' ({reference.short})"
    return DuplicateEntry(found.key, reason, found.likeness is Likeness.SAME)
