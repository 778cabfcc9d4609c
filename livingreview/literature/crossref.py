"""Crossref, and doi.org for what other agencies registered (Chinese DOIs among them).

No search for what is new: Crossref ranks whatever shares a word with the question.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..contract.identifiers import bare_doi
from . import retractions
from .bibrecord import Record
from .client import Client, NotFoundError, UnansweredError, known_form

_CSL = "application/vnd.citationstyles.csl+json"
_KINDS = {
    "journal-article": "article",
    "article-journal": "article",
    "article": "article",
    "book": "book",
    "monograph": "book",
    "book-chapter": "incollection",
    "chapter": "incollection",
    "proceedings-article": "inproceedings",
    "paper-conference": "inproceedings",
    "dissertation": "phdthesis",
    "thesis": "phdthesis",
    "report": "techreport",
}
#: The year of print, as journals cite it, else the earliest that is given.
_DATES = ("published-print", "published", "issued", "published-online")


def record(client: Client, doi: str) -> Record:
    """The record of a DOI; that of doi.org where Crossref has none."""
    try:
        work = _work(client, doi)
    except NotFoundError:
        work = client.json("doi", quote(doi, safe="/"), accept=_CSL)
    found = _record(work)
    if found.doi and found.doi != bare_doi(doi):
        raise UnansweredError(f"Crossref answered with another paper ({found.doi}).")
    found.seen = [f"https://doi.org/{doi}"]
    return found


def search(client: Client, words: str, rows: int = 10) -> list[Record]:
    """Papers that Crossref thinks most like a reference in words, best first."""
    answer = client.json("crossref", "works", {"query.bibliographic": words, "rows": rows})
    message = answer.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise UnansweredError("Crossref's answer is not a list of papers.")
    # a component without a title is no paper
    return [_record(item) for item in message["items"] if _title(item)]


def retraction(client: Client, doi: str) -> tuple[str, str]:
    """What Crossref says of a paper: "retracted" or "expression of concern" with the DOI of the
    notice, or "" where it says neither, or "unknown" where it has no such paper.
    """
    try:
        work = _work(client, doi)
    except NotFoundError:
        return "unknown", ""
    with known_form("crossref"):
        if (notice := retractions.of_work(work)) is not None:
            return "retracted", notice
        if (notice := retractions.concern_of_work(work)) is not None:
            return "expression of concern", notice
    return "", ""


def _work(client: Client, doi: str) -> dict[str, Any]:
    work = client.json("crossref", f"works/{quote(doi, safe='')}").get("message")
    if not isinstance(work, dict):
        raise UnansweredError("Crossref's answer holds no paper.")
    return work


def _record(work: dict[str, Any]) -> Record:
    if not (title := _title(work)):
        raise UnansweredError("Crossref's record has no title.")
    people = work.get("author")
    names = map(_person, people if isinstance(people, list) else [])
    with known_form("crossref"):
        retracted = retractions.of_work(work)
    return Record(
        kind=_KINDS.get(str(work.get("type")), "misc"),
        authors=[name for name in names if name],
        title=title,
        journal=_first(work.get("container-title")),
        year=_year(work),
        volume=str(work.get("volume") or ""),
        number=str(work.get("issue") or ""),
        pages=str(work.get("page") or work.get("article-number") or ""),
        doi=str(work.get("DOI") or ""),
        url=str(work.get("URL") or ""),
        retracted=retracted,
    ).cleaned()


def _title(work: object) -> str:
    return _first(work.get("title")) if isinstance(work, dict) else ""


def _person(person: object) -> str:
    if not isinstance(person, dict):
        return ""
    family, given = (str(person.get(name) or "").strip() for name in ("family", "given"))
    if family:
        return f"{family}, {given}" if given else family
    name = str(person.get("name") or person.get("literal") or "").strip()
    return f"{{{name}}}" if name else given


def _first(value: object) -> str:
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    return value if isinstance(value, str) else ""


def _year(work: dict[str, Any]) -> str:
    for name in _DATES:
        try:
            if year := work[name]["date-parts"][0][0]:
                return str(year)
        except (KeyError, IndexError, TypeError):
            continue
    return ""
