"""PubMed, by NCBI's E-utilities: searches, single articles, and whether they are retracted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree

from . import retractions
from .bibrecord import Paper, Record
from .client import (
    PAGE,
    TOOL,
    Client,
    NotFoundError,
    Parameters,
    UnansweredError,
    known_form,
    refuse_too_many,
    strange,
)


def search(client: Client, query: str, since: date) -> list[Paper]:
    """Papers that PubMed has taken in on or after `since` and that fit the query."""
    ids: list[str] = []
    dated = {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": "3000"}
    count = 1
    with known_form("pubmed"):
        while len(ids) < count:
            page: Parameters = {"term": query, "retmax": PAGE, "retstart": len(ids)}
            result = _json(client, "esearch", {**page, **dated})["esearchresult"]
            if said := result.get("ERROR") or result.get("errorlist", {}).get("fieldsnotfound"):
                raise UnansweredError(f"PubMed does not understand the search: {said}")
            count = int(result["count"])
            refuse_too_many("pubmed", count)
            if count and not result["idlist"]:
                raise strange("pubmed", f"{count} papers counted, {len(ids)} listed")
            ids += map(str, result["idlist"])
        return [_paper(each) for each in _summaries(client, ids) if "error" not in each]


def retracted(client: Client, pmids: Iterable[str]) -> dict[str, str]:
    """What PubMed says of papers, by PMID: "retracted", "" where nothing is said, "unknown" where
    it has no such paper.
    """

    def state(each: dict[str, Any]) -> str:
        if "error" in each:
            return "unknown"
        return "" if retractions.of_types(each["pubtype"]) is None else "retracted"

    with known_form("pubmed"):
        return {str(each["uid"]): state(each) for each in _summaries(client, pmids)}


def record(client: Client, pmid: str) -> Record:
    """The record of a PubMed id."""
    asked = {"db": "pubmed", "id": pmid, "retmode": "xml", **_who(client)}
    tree = client.xml("pubmed", "efetch.fcgi", asked)
    article = tree.find(".//PubmedArticle")
    if article is None or (article.findtext("MedlineCitation/PMID") or "").strip() != pmid:
        raise NotFoundError(f"PubMed has no paper {pmid}.")
    return _record(article)


def pmid_of(client: Client, doi: str) -> str:
    """The PubMed id of a DOI, or ""."""
    found = _json(client, "esearch", {"term": f'"{doi}"[doi]'}).get("esearchresult", {})
    ids = found.get("idlist") if isinstance(found, dict) else None
    if not isinstance(ids, list):
        raise UnansweredError("PubMed's answer is not a list of papers.")
    return str(ids[0]) if len(ids) == 1 else ""


def _json(client: Client, program: str, parameters: Parameters) -> dict[str, Any]:
    asked = {"db": "pubmed", "retmode": "json", **parameters, **_who(client)}
    return client.json("pubmed", f"{program}.fcgi", asked)


def _who(client: Client) -> dict[str, str]:
    """Who asks, as NCBI wants to be told."""
    return {"tool": TOOL, **({"email": client.email} if client.email else {})}


def _summaries(client: Client, pmids: Iterable[str]) -> Iterator[dict[str, Any]]:
    ids = list(pmids)
    for some in (ids[n : n + PAGE] for n in range(0, len(ids), PAGE)):
        result = _json(client, "esummary", {"id": ",".join(some)})["result"]
        for each in some:
            yield result[each]  # KeyError where one is left out: half an answer is none


def _paper(each: dict[str, Any]) -> Paper:
    named = {i["idtype"]: i["value"] for i in each["articleids"]}
    return Paper(
        title=each["title"],
        journal=each["source"],
        year=each["pubdate"][:4],
        authors=", ".join(author["name"] for author in each["authors"]),
        doi=named.get("doi", ""),
        pmid=each["uid"],
        pmcid=named.get("pmc", ""),
    )


def _record(article: ElementTree.Element) -> Record:
    def text(path: str) -> str:
        found = article.find(path)
        return "".join(found.itertext()) if found is not None else ""  # titles hold <i> and <sub>

    inner = "MedlineCitation/Article"
    issue = f"{inner}/Journal/JournalIssue"
    named = article.findall("PubmedData/ArticleIdList/ArticleId")  # not those of its references
    ids = {each.get("IdType"): each.text or "" for each in named}
    pmid = text("MedlineCitation/PMID")
    return Record(
        authors=[_author(each) for each in article.findall(f"{inner}/AuthorList/Author")],
        title=text(f"{inner}/ArticleTitle"),
        journal=text(f"{inner}/Journal/Title"),
        year=text(f"{issue}/PubDate/Year")
        or text(f"{issue}/PubDate/MedlineDate")
        or text(f"{inner}/ArticleDate/Year"),
        volume=text(f"{issue}/Volume"),
        number=text(f"{issue}/Issue"),
        pages=text(f"{inner}/Pagination/MedlinePgn"),
        doi=ids.get("doi") or text(f"{inner}/ELocationID[@EIdType='doi']"),
        pmid=pmid,
        pmcid=ids.get("pmc", ""),
        retracted=retractions.of_article(article),
        seen=[f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"],
    ).cleaned()


def _author(author: ElementTree.Element) -> str:
    family = author.findtext("LastName") or ""
    given = author.findtext("ForeName") or author.findtext("Initials") or ""
    group = author.findtext("CollectiveName") or ""
    return f"{family}, {given}" if family and given else family or f"{{{group}}}"
