"""Literature indexes, asked politely: PubMed, Europe PMC and Crossref, each by its public interface, as far as `watch` needs them.

An answer is used only when it is whole and of the known form; anything else is an `Unanswered` with a reason that a person
can act on. Nothing is concluded from an answer that did not come.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import requests

HEADERS = {
    "User-Agent": "livingreview (saved searches of a living review)",
    "Accept": "application/json",
}
HOSTS = {
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest",
    "crossref": "https://api.crossref.org",
}
PAGE = 200  # records in one answer
MOST = 2000  # new papers of one search; beyond that it is too wide to be read
TRIES = 4
GIVE_UP = 3  # questions in a row without an answer, after which an index is not asked again in this run: hundreds would take hours
WITHDRAWN = {"retraction", "withdrawal", "removal", "partial_retraction"}


class Unanswered(Exception):
    """An index did not answer, or not in a form that can be used."""


@dataclass(frozen=True)
class Paper:
    """A paper as an index lists it; what the index does not give is ""."""

    title: str
    journal: str
    year: str
    authors: str
    doi: str
    pmid: str
    abstract: str = ""


class Index:
    """One index: `get` asks and waits as it is asked to."""

    pause = 0.4  # seconds between questions; NCBI allows three a second
    timeout = 30.0
    sleep: Callable[[float], None] = staticmethod(time.sleep)
    unanswered: Counter[str] = Counter()  # of each index, questions in a row

    def __init__(self, name: str):
        self.name = name
        self._base = HOSTS[name]

    def get(self, path: str, **parameters: object) -> dict | None:
        """The JSON object at `path`; None for "there is no such thing" (404). Raises Unanswered after TRIES attempts."""
        if self.unanswered[self.name] >= GIVE_UP:
            raise Unanswered(
                f"{self.name}: not asked, for it did not answer {GIVE_UP} questions in a row"
            )
        said = ""
        for attempt in range(TRIES):
            self.sleep(self.pause if attempt == 0 else 2.0**attempt)
            try:
                answer = requests.get(
                    f"{self._base}/{path}", params=parameters, headers=HEADERS, timeout=self.timeout
                )
                found = (
                    json.loads(answer.content.decode("utf-8"), strict=False) if answer.ok else None
                )
            except requests.exceptions.ChunkedEncodingError:
                said = "the answer is cut off"
                continue
            except requests.exceptions.RequestException as error:
                said = f"no answer ({type(error).__name__})"
                continue
            except ValueError:
                said = "the answer is cut off or is not JSON"
                continue
            if answer.status_code == 404:
                self.unanswered[self.name] = 0
                return None
            if not answer.ok:
                said = f"{answer.status_code} {answer.reason}"
                if (
                    answer.status_code != 429 and answer.status_code < 500
                ):  # it answers, and will not have this question
                    self.unanswered[self.name] = -1
                    break
                self.sleep(min(_seconds(answer.headers.get("Retry-After", "")), 120))
                continue
            self.unanswered[self.name] = 0
            if isinstance(found, dict) and "error" not in found:
                return found
            # over the limit NCBI may say so in an answer that looks like any other
            said = (
                f"it says: {found['error']}"
                if isinstance(found, dict)
                else "the answer is not of the known form"
            )
        self.unanswered[self.name] += 1
        raise Unanswered(f"{self.name}: {said}")

    def strange(self, what: object) -> Unanswered:
        return Unanswered(f"{self.name}: the answer is not of the known form ({what})")


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0


def search(source: str, query: str, since: date) -> list[Paper]:
    """Papers that an index has taken in on or after `since` and that fit the query."""
    index = Index(source)
    try:
        return SEARCHES[source](index, query, since)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise index.strange(f"{type(error).__name__}: {error}") from error


def _too_many(index: Index, count: int) -> None:
    if count > MOST:
        raise Unanswered(
            f"{index.name}: {count} new papers; the search is too wide, or has not been looked at for too long (at most {MOST} are listed)"
        )


def _pubmed(index: Index, query: str, since: date) -> list[Paper]:
    ids: list[str] = []
    dated = {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": "3000"}
    count = 1
    while len(ids) < count:
        answer = index.get(
            "esearch.fcgi",
            db="pubmed",
            retmode="json",
            term=query,
            retmax=PAGE,
            retstart=len(ids),
            tool="livingreview",
            **dated,
        )
        result = answer["esearchresult"]
        if said := result.get("ERROR") or result.get("errorlist", {}).get("fieldsnotfound"):
            raise Unanswered(f"pubmed: it does not understand the search: {said}")
        count = int(result["count"])
        _too_many(index, count)
        if count and not result["idlist"]:
            raise index.strange(f"{count} papers counted, {len(ids)} listed")
        ids += map(str, result["idlist"])
    return [_summary(each) for each in _summaries(index, ids) if "error" not in each]


def _summaries(index: Index, ids: Iterable[str]) -> Iterator[dict]:
    ids = list(ids)
    for some in (ids[n : n + PAGE] for n in range(0, len(ids), PAGE)):
        result = index.get(
            "esummary.fcgi", db="pubmed", retmode="json", id=",".join(some), tool="livingreview"
        )["result"]
        for each in some:
            yield result[each]  # KeyError where one is left out: half an answer is none


def _summary(each: dict) -> Paper:
    named = {i["idtype"]: i["value"] for i in each["articleids"]}
    return Paper(
        each["title"],
        each["source"],
        each["pubdate"][:4],
        ", ".join(a["name"] for a in each["authors"]),
        named.get("doi", ""),
        each["uid"],
    )


def _europepmc(index: Index, query: str, since: date) -> list[Paper]:
    papers: list[Paper] = []
    mark, count = "*", 1
    while len(papers) < count:
        dated = f"({query}) AND (CREATION_DATE:[{since} TO 3000-12-31])"
        answer = index.get(
            "search", query=dated, format="json", resultType="core", pageSize=PAGE, cursorMark=mark
        )
        count = int(answer["hitCount"])
        _too_many(index, count)
        results = answer["resultList"]["result"]
        if count and not results:
            raise index.strange(f"{count} papers counted, {len(papers)} listed")
        papers += [
            Paper(r["title"], r.get("journalInfo", {}).get("journal", {}).get("title", ""), str(r.get("pubYear", "")), r.get("authorString", ""), r.get("doi", ""), r.get("pmid", ""), _plain(r.get("abstractText", "")))
            for r in results
        ]  # fmt: skip
        mark = answer.get("nextCursorMark", mark)
    return papers


def _plain(text: str) -> str:
    """Text without its markup; what is set apart by it stays apart."""
    return re.sub(r"<[^>]*>", "", re.sub(r"</?(h\d|p|jats:)[^>]*>", " ", text)).strip()


# Not Crossref: it ranks whatever shares a word with the search, so it cannot say what is new. It knows of retractions.
SEARCHES = {"pubmed": _pubmed, "europepmc": _europepmc}


def retracted_in_pubmed(pmids: Iterable[str]) -> dict[str, str]:
    """What PubMed says of papers, by PMID: "retracted", "" where nothing is said, "unknown" where it has no such paper."""
    index = Index("pubmed")
    try:
        return {
            str(each["uid"]): "unknown"
            if "error" in each
            else "retracted"
            if "Retracted Publication" in each["pubtype"]
            else ""
            for each in _summaries(index, pmids)
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise index.strange(f"{type(error).__name__}: {error}") from error


def retracted_in_crossref(doi: str) -> tuple[str, str]:
    """What Crossref says of a paper: ("retracted" or "expression of concern", DOI of the notice), or ("", ""), or ("unknown", "")."""
    index = Index("crossref")
    answer = index.get(f"works/{quote(doi, safe='')}")
    if answer is None:
        return "unknown", ""
    try:
        notices = {
            update["type"]: update.get("DOI", "")
            for update in answer["message"].get("updated-by", ())
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise index.strange(f"{type(error).__name__}: {error}") from error
    for kind, notice in notices.items():
        if kind in WITHDRAWN:
            return "retracted", notice
    return (
        ("expression of concern", notices["expression_of_concern"])
        if "expression_of_concern" in notices
        else ("", "")
    )
