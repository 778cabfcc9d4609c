"""What counts as a retraction, whoever says so: Crossref, PubMed, or the title.

Part of a paper withdrawn counts as well: what still stands of it is for the editors to say. An
expression of concern is told, and is no retraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from ..contract.identifiers import bare_doi

#: Crossref's types of update, https://www.crossref.org/documentation/register-maintain-records/.
_WITHDRAWN = {"retraction", "partial_retraction", "withdrawal", "removal"}
_CONCERN = "expression_of_concern"
#: PubMed's type of a paper that is retracted; that of its notice is "Retraction of Publication".
_RETRACTED_TYPE = "Retracted Publication"
#: PubMed's links from a paper to the notice.
_NOTICES = ("RetractionIn", "PartialRetractionIn")
#: Of a retracted paper; *Retraction: ...* is the title of the notice.
_IN_TITLE = re.compile(r"^\W*(?:retracted(?:\s+article)?|withdrawn)\W*[:\]]\s*", re.IGNORECASE)


def of_work(work: dict[str, Any]) -> str | None:
    """The DOI of the notice that retracts a work of Crossref ("" where it is not given), or None.

    Raises KeyError, TypeError or AttributeError where the record has not the known form.
    """
    own = bare_doi(work.get("DOI") or "")
    # `update-to` of a notice names the paper that it retracts; of a paper only itself
    itself = [notice for notice in _notices(work, "update-to", _WITHDRAWN) if notice == own]
    return next(iter([*_notices(work, "updated-by", _WITHDRAWN), *itself]), None)


def concern_of_work(work: dict[str, Any]) -> str | None:
    """The DOI of an expression of concern about a work, or None; raises as `of_work` does."""
    return next(_notices(work, "updated-by", {_CONCERN}), None)


def _notices(work: dict[str, Any], side: str, kinds: set[str]) -> Iterator[str]:
    for update in work.get(side) or ():
        if update["type"].lower().replace("-", "_") in kinds:
            yield bare_doi(update.get("DOI") or "")


def of_article(article: ElementTree.Element) -> str | None:
    """The same of an article of PubMed."""
    for kind in _NOTICES:
        path = f"MedlineCitation/CommentsCorrectionsList/CommentsCorrections[@RefType='{kind}']"
        if (notice := article.find(path)) is not None:
            return bare_doi(notice.findtext("RefSource") or "")
    kinds = article.findall("MedlineCitation/Article/PublicationTypeList/PublicationType")
    return of_types(kind.text or "" for kind in kinds)


def of_types(kinds: Iterable[str]) -> str | None:
    """The same of PubMed's types of publication, which name no notice."""
    return "" if _RETRACTED_TYPE in kinds else None


def without_mark(title: str) -> tuple[str, bool]:
    """A title without its ``RETRACTED:``, and whether it had one; a notice's title stays."""
    marked = _IN_TITLE.match(title)
    return (title[marked.end() :], True) if marked else (title, False)
