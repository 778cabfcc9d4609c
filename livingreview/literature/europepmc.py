"""Europe PMC, for searches: it holds preprints, and gives abstracts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from .bibrecord import Paper
from .client import PAGE, Client, Parameters, known_form, refuse_too_many, strange


def search(client: Client, query: str, since: date) -> list[Paper]:
    """Papers that Europe PMC has taken in on or after `since` and that fit the query."""
    dated = f"({query}) AND (CREATION_DATE:[{since} TO 3000-12-31])"
    papers: list[Paper] = []
    mark, count = "*", 1
    with known_form("europepmc"):
        while len(papers) < count:
            page: Parameters = {"query": dated, "pageSize": PAGE, "cursorMark": mark}
            form = {"format": "json", "resultType": "core"}
            answer = client.json("europepmc", "search", {**page, **form})
            count = int(answer["hitCount"])
            refuse_too_many("europepmc", count)
            results = answer["resultList"]["result"]
            if count and not results:
                raise strange("europepmc", f"{count} papers counted, {len(papers)} listed")
            papers += map(_paper, results)
            mark = answer.get("nextCursorMark", mark)
    return papers


def _paper(result: dict[str, Any]) -> Paper:
    return Paper(
        title=result["title"],
        journal=result.get("journalInfo", {}).get("journal", {}).get("title", ""),
        year=str(result.get("pubYear", "")),
        authors=result.get("authorString", ""),
        doi=result.get("doi", ""),
        pmid=result.get("pmid", ""),
        pmcid=result.get("pmcid", ""),
        abstract=_plain(result.get("abstractText", "")),
    )


def _plain(text: str) -> str:
    """Text without its markup; what is set apart by it stays apart."""
    return re.sub(r"<[^>]*>", "", re.sub(r"</?(h\d|p|jats:)[^>]*>", " ", text)).strip()
