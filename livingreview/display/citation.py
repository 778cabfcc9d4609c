"""How to cite the review and its pages: plain text, BibTeX and RIS, made from `CITATION.cff`.

Nothing is invented: what the file does not say (version, date, DOI) is left out, and a page has an
address only once the site's is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

FILE = "CITATION.cff"
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}
_TEX = {ord(c): rf"\{c}" for c in "&%$#_"} | {
    ord("{"): r"\textbraceleft ",
    ord("}"): r"\textbraceright ",
    ord("\\"): r"\textbackslash ",
    ord("~"): r"\textasciitilde ",
    ord("^"): r"\textasciicircum ",
}
_IN_ADDRESS = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C", ord(" "): "%20"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Author:
    """A person (family and given name) or, with `given` empty, whatever goes by one name, such as a
    group.
    """

    family: str
    given: str = ""

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True)
class Work:
    """The review as a whole. licence: its SPDX identifier; what is not known is empty."""

    title: str
    authors: tuple[Author, ...]
    version: str = ""
    date: date | None = None
    licence: str = ""
    doi: str = ""

    @property
    def edition(self) -> str:
        """``Version 0.2.0, 22 November 2026``, or as much of it as is known."""
        version = f"Version {self.version}" if self.version else ""
        day = words(self.date) if self.date else ""
        return ", ".join(filter(None, (version, day)))

    @property
    def licence_name(self) -> str:
        return LICENCES.get(self.licence, (self.licence, ""))[0]

    @property
    def licence_address(self) -> str:
        """Address of the licence's text, "" where no licence is named."""
        if not self.licence:
            return ""
        return LICENCES.get(self.licence, ("", f"https://spdx.org/licenses/{self.licence}.html"))[1]


@dataclass(frozen=True)
class Citation:
    """One page, or the whole review, in the forms that people and reference managers take."""

    text: str
    bibtex: str
    ris: str


def read(root: Path, title: str = "", author: str = "") -> Work:
    """The work as ``CITATION.cff`` in `root` describes it.

    title, author: stand in where the file is missing or silent.
    """
    path = root / FILE
    told = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    authors = tuple(filter(None, map(_author, told.get("authors") or ())))
    released = told.get("date-released")
    return Work(
        _line(told.get("title") or title),
        authors or ((Author(_line(author)),) if author else ()),
        _line(told.get("version") or ""),
        date.fromisoformat(str(released)) if released else None,
        _line(told.get("license") if isinstance(told.get("license"), str) else ""),
        _line(told.get("doi") or ""),
    )


def cite(work: Work, chapter: str = "", address: str = "", key: str = "") -> Citation:
    """A chapter of the work, or the work itself where `chapter` is empty.

    address: where it can be read, "" where that is not known yet. key: the BibTeX key; where it is
    empty, title and year make it.
    """
    chapter, doi = _line(chapter), "" if chapter else work.doi
    return Citation(
        _text(work, chapter, address, doi),
        _bibtex(work, chapter, address, doi, key),
        _ris(work, chapter, address, doi),
    )


def words(day: date) -> str:
    """``22 November 2026``, whatever the language of the machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _author(entry: dict[str, Any]) -> Author | None:
    if entry.get("name"):
        return Author(_line(entry["name"]))
    family = " ".join(filter(None, (entry.get("name-particle"), entry.get("family-names"))))
    return Author(_line(family), _line(entry.get("given-names") or "")) if family else None


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _text(work: Work, chapter: str, address: str, doi: str) -> str:
    parts = [
        ", ".join(map(str, work.authors)),
        chapter,
        f"In: {work.title}" if chapter else work.title,
        work.edition,
    ]
    sentences = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]
    return " ".join([*sentences, *filter(None, (f"https://doi.org/{doi}" if doi else "", address))])


def _bibtex(work: Work, chapter: str, address: str, doi: str, key: str) -> str:
    fields = {
        "author": " and ".join(
            f"{{{_tex(a.family)}}}" + (f", {_tex(a.given)}" if a.given else "")
            for a in work.authors
        ),
        "title": f"{{{_tex(chapter or work.title)}}}",
        "booktitle": f"{{{_tex(work.title)}}}" if chapter else "",
        "year": str(work.date.year) if work.date else "",
        "note": f"Version {_tex(work.version)}" if work.version else "",
        "doi": doi,
        "url": address.translate(_IN_ADDRESS),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if work.date:
        lines.append(f"  month = {_MONTHS[work.date.month - 1][:3].lower()},")
    key = key or "-".join(
        [
            (chapter or work.title).partition(":")[0].lower(),
            *([str(work.date.year)] if work.date else []),
        ]
    )
    key = re.sub(r"[^A-Za-z0-9:_-]+", "-", key).strip("-") or "review"
    return "\n".join([f"@{'incollection' if chapter else 'book'}{{{key},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    """Text as BibTeX takes it; letters of every script stay as they are."""
    return text.translate(_TEX)


def _ris(work: Work, chapter: str, address: str, doi: str) -> str:
    # A name without a comma would be taken for a person's and split; reference managers keep one
    # that ends with a comma whole.
    tags = [
        ("TY", "CHAP" if chapter else "BOOK"),
        *(("AU", f"{a.family},{' ' + a.given if a.given else ''}") for a in work.authors),
    ]
    tags += [("TI", chapter or work.title), ("T2", work.title if chapter else "")]
    tags += [("PY", str(work.date.year)), ("DA", f"{work.date:%Y/%m/%d}")] if work.date else []
    tags += [("ET", work.version), ("DO", doi), ("UR", address)]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags if value) + "ER  - \n"
