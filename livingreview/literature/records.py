"""Bibliographic records: read from what services and reference managers give, written as an entry of `references.bib`."""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..contract.bibliography import plain
from ..contract.bibliography import read as read_bibliography
from ..contract.characters import INVISIBLE
from ..contract.formatting import entry_text

_WORDS = """about after among and are been before between both but can could does during effect effects for from has have how
into its may new not off onto over role some study studies than that the their them then these they this those through toward
towards under upon using via was were what when where which while who whose with within without"""
#: Words of a title that tell nothing of the paper.
EMPTY_WORDS = frozenset(_WORDS.split())
_RETRACTED_TITLE = re.compile(
    r"^\W*(?:retracted(?:\s+article)?|retraction|withdrawn)\W*[:\]]\s*", re.IGNORECASE
)
NAMELESS = "paper"  # begins the key where neither name nor title has a letter for it
_NEAR = 0.9  # titles that alike are shown before an entry is added


@dataclass
class Record:
    """One paper. authors: ``Family, Given``, or a group's name in braces. retracted: None, or the notice's DOI ("" where it is not known)."""

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
        """The record with plain texts of one line, bare identifiers, two hyphens between pages, and no mark of retraction in the title."""
        title = clean(self.title)
        title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
        retracted = self.retracted
        if _RETRACTED_TITLE.match(title) and not re.match(
            r"\W*retraction of\b", title, re.IGNORECASE
        ):
            retracted = retracted or ""
            title = _RETRACTED_TITLE.sub("", title)
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
            pmid=(re.search(r"[1-9]\d{0,7}", self.pmid or "") or [""])[0],
            pmcid=(re.search(r"PMC[1-9]\d{0,8}", (self.pmcid or "").upper()) or [""])[0],
            url=clean(self.url),
            retracted=retracted,
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


def clean(text: object) -> str:
    """`text` without tags, entities, control characters and line breaks."""
    text = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", str(text or "")))
    text = INVISIBLE.sub("", re.sub(r"\s+", " ", text))
    return unicodedata.normalize("NFC", text).strip()


def bare_doi(text: str) -> str:
    """The DOI in `text`, bare and without a sentence's full stop, or ""."""
    found = re.search(r"10\.\d{4,9}/[^\s\"<>]+", html.unescape(text or ""))
    return found[0].rstrip(".,;").lower() if found else ""


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
    """The record as an entry. keywords: how it came into the book, such as ``editors`` or ``candidate``."""
    authors = " and ".join(
        f"{{{_escaped(a[1:-1])}}}" if a.startswith("{") else _escaped(a) for a in record.authors
    )
    container = (
        "booktitle"
        if record.kind in ("incollection", "inproceedings")
        else "journal"
        if record.kind == "article"
        else "howpublished"
    )
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
    """First author's surname, year and a telling word of the title, as in ``abe2014regulation``; a letter more where that is taken."""
    words = [_letters(word) for word in re.split(r"[\s/:–—-]+", record.title)]
    word = next((w for w in words if len(w) > 3 and w not in EMPTY_WORDS and not w.isdigit()), "")
    surname = _letters(record.authors[0].strip("{}").partition(",")[0]) if record.authors else ""
    key = f"{surname or word or NAMELESS}{record.year}{word if surname else ''}"
    taken = {other.lower() for other in taken}
    endings = ["", *"bcdefghijklmnopqrstuvwxyz"]
    return next(key + ending for ending in endings if key + ending not in taken)


@dataclass(frozen=True)
class DuplicateEntry:
    """An entry that is, or may be, the same paper. sure: by an identifier or the very title."""

    key: str
    reason: str
    sure: bool


def twin(record: Record, root: Path) -> DuplicateEntry | None:
    """The entry of `references.bib` that is this paper, or is called nearly like it."""
    near: tuple[float, DuplicateEntry] | None = None
    mine = _letters(record.title)
    for reference in read_bibliography(root / "references.bib").values():
        for name in ("doi", "pmid", "pmcid"):
            value = getattr(record, name)
            if value and getattr(reference, name).lower() == value.lower():
                return DuplicateEntry(reference.citekey, f"the same {name.upper()}, {value}", True)
        theirs = _letters(reference.title)
        if not mine or not theirs:
            continue
        if mine == theirs and record.year in ("", reference.year):
            return DuplicateEntry(reference.citekey, "the same title and year", True)
        matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
        if (
            matcher.real_quick_ratio() > _NEAR
            and matcher.quick_ratio() > _NEAR
            and (ratio := matcher.ratio()) > _NEAR
            and (near is None or ratio > near[0])
        ):
            near = (
                ratio,
                DuplicateEntry(
                    reference.citekey,
                    f"nearly the same title, '{reference.title}' ({reference.short})",
                    False,
                ),
            )
    return near[1] if near else None


# files of reference managers
def read_file(path: Path) -> list[Record]:
    """The records of a BibTeX (.bib), RIS (.ris) or PubMed (.nbib) file. Raises ValueError, in a sentence, where it is none."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text; export it anew as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"^PMID- ", text, re.MULTILINE):
        found = _nbib(text)
    elif re.search(r"^\s*TY  -", text, re.MULTILINE):
        found = _ris(text)
    elif re.search(r"@\w+\s*\{", text):
        found = _bibtex(path)
    else:
        raise ValueError("it is neither BibTeX nor RIS")
    records = [record.cleaned() for record in found]
    if not records:
        raise ValueError("no entry in it can be read")
    if untitled := [n for n, record in enumerate(records, 1) if not record.title]:
        raise ValueError(f"entry {untitled[0]} has no title")
    return records


def _bibtex(path: Path) -> list[Record]:
    import bibtexparser
    from bibtexparser.middlewares import (
        LatexDecodingMiddleware,
        NormalizeFieldKeys,
        SeparateCoAuthors,
    )

    text = path.read_text(encoding="utf-8-sig")
    # decoding takes the braces off that tell a group's name from a person's
    printed = bibtexparser.parse_string(
        text, append_middleware=[NormalizeFieldKeys(), SeparateCoAuthors()]
    )
    library = bibtexparser.parse_string(
        text,
        append_middleware=[NormalizeFieldKeys(), LatexDecodingMiddleware(keep_math_mode=False)],
    )
    if library.failed_blocks:
        raise ValueError(
            f"line {library.failed_blocks[0].start_line + 1} is broken BibTeX: look for a missing comma, brace or quote"
        )
    found = []
    for item, as_printed in zip(library.entries, printed.entries, strict=True):
        fields = {name: f.value for name, f in item.fields_dict.items()}
        names = re.split(r"\s+and\s+", fields["author"]) if "author" in fields else []
        groups = (
            [re.fullmatch(r"\{[^{}]*\}", name.strip()) for name in as_printed["author"]]
            if names
            else []
        )
        if len(groups) != len(names):
            groups = [None] * len(names)

        def text_of(name: str, fields: dict = fields) -> str:
            return plain(str(fields.get(name, "")))

        journal = (
            text_of("journal")
            or text_of("booktitle")
            or text_of("journaltitle")
            or text_of("howpublished")
        )
        found.append(
            Record(
                kind=item.entry_type.lower(),
                authors=[
                    f"{{{plain(name)}}}" if group else _family_first(plain(name))
                    for name, group in zip(names, groups, strict=True)
                ],
                title=text_of("title"),
                journal=journal,
                year=text_of("year") or text_of("date"),
                volume=text_of("volume"),
                number=text_of("number"),
                pages=text_of("pages"),
                doi=text_of("doi"),
                pmid=text_of("pmid"),
                pmcid=text_of("pmcid") or text_of("pmc"),
                url=text_of("url"),
            )
        )
    return found


def _family_first(name: str) -> str:
    """``Anna B. Beispiel`` gives ``Beispiel, Anna B.``; a name with a comma stays."""
    if "," in name or " " not in name.strip():
        return name
    parts = name.split()
    start = next(
        (i for i, part in enumerate(parts[:-1]) if i and part[0].islower()), len(parts) - 1
    )
    return f"{' '.join(parts[start:])}, {' '.join(parts[:start])}"


_RIS_KINDS = {
    "JOUR": "article",
    "EJOUR": "article",
    "MGZN": "article",
    "BOOK": "book",
    "CHAP": "incollection",
    "CONF": "inproceedings",
    "CPAPER": "inproceedings",
    "THES": "phdthesis",
    "RPRT": "techreport",
}


def _ris(text: str) -> list[Record]:
    import rispy

    try:
        entries = rispy.loads(text)
    except Exception as error:  # noqa: BLE001 (rispy has no error of its own: what stops it is the file)
        raise ValueError(f"it is broken RIS: {error}") from None
    found = []
    for item in entries:

        def text_of(*names: str, item: dict = item) -> str:
            value = next((item[name] for name in names if item.get(name)), "")
            return " ".join(value) if isinstance(value, list) else str(value)

        first, last = text_of("start_page"), text_of("end_page")
        found.append(
            Record(
                kind=_RIS_KINDS.get(text_of("type_of_reference"), "misc"),
                authors=[
                    _family_first(name)
                    for name in item.get("authors") or item.get("first_authors") or []
                ],
                title=text_of("title", "primary_title"),
                journal=text_of(
                    "journal_name",
                    "secondary_title",
                    "alternate_title3",
                    "alternate_title1",
                    "alternate_title2",
                ),
                year=text_of("year", "publication_year", "date"),
                volume=text_of("volume"),
                number=text_of("number"),
                pages=f"{first}-{last}" if first and last and "-" not in first else first,
                doi=text_of("doi") or bare_doi(text_of("urls", "url")),
                pmid=text_of("accession_number")
                if text_of("name_of_database").lower() in ("pubmed", "medline")
                else "",
                url=text_of("urls", "url"),
            )
        )
    return found


def _nbib(text: str) -> list[Record]:
    """PubMed's own format: a tag of four places, a hyphen, the value; further lines are indented."""
    found = []
    for block in re.split(r"\n(?=PMID- )", text):
        tags: dict[str, list[str]] = {}
        for tag, value in re.findall(r"^([A-Z]+) *- (.*(?:\n {6}.*)*)", block, re.MULTILINE):
            tags.setdefault(tag, []).append(re.sub(r"\s+", " ", value))

        def one(name: str, tags: dict = tags) -> str:
            return tags.get(name, [""])[0]

        ids = [*tags.get("AID", ()), *tags.get("LID", ())]
        found.append(
            Record(
                authors=tags.get("FAU", []) + [f"{{{name}}}" for name in tags.get("CN", [])],
                title=one("TI"),
                journal=one("JT") or one("TA"),
                year=one("DP"),
                volume=one("VI"),
                number=one("IP"),
                pages=one("PG"),
                doi=next((i.removesuffix(" [doi]") for i in ids if i.endswith("[doi]")), ""),
                pmid=one("PMID"),
                pmcid=one("PMC"),
                retracted="" if "Retracted Publication" in tags.get("PT", []) else None,
            )
        )
    return found
