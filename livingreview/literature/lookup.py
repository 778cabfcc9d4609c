"""One paper, looked up by its DOI or PubMed id in all services that may know of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..contract.identifiers import bare_doi
from ..contract.problems import UserError
from . import crossref, pubmed
from .bibrecord import Record
from .client import Client, NotFoundError, UnansweredError


def look_up(client: Client, paper: str, tell: Callable[[str], None] = print) -> Record:
    """The record of a DOI or PubMed id. tell: is told what only one service could be asked for.

    Raises `UserError` for what is neither, and the errors of the client where nothing is found.
    """
    doi, pmid = bare_doi(paper), _pmid(paper)
    if not doi and re.fullmatch(r"(https?://\S+/)?PMC\d+/?", paper, re.IGNORECASE):
        raise UserError(
            f"'{paper}' is an id of PubMed Central, which is not looked up. "
            "Fix: give the DOI or the PubMed id that stands on its page. Nothing was written."
        )
    if not doi and not pmid:
        raise UserError(
            f"'{paper}' is neither a DOI (10.1000/xyz123), nor a PubMed id (31277646), "
            "nor a file. Nothing was written."
        )
    record = crossref.record(client, doi) if doi else pubmed.record(client, pmid)
    try:  # what the other service knows besides: the identifiers, and a retraction
        if doi and (number := pubmed.pmid_of(client, doi)):
            return record.filled_from(pubmed.record(client, number))
        if not doi and record.doi:
            return record.filled_from(crossref.record(client, record.doi))
    except NotFoundError:
        pass
    except UnansweredError as error:
        tell(
            f"{error} The entry is written from the other service alone; "
            "whether the paper is retracted was asked there only."
        )
    return record


def _pmid(paper: str) -> str:
    form = r"(?:pmid\W*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?([1-9]\d{0,7})/?"
    found = re.fullmatch(form, paper, re.IGNORECASE)
    return found[1] if found else ""
