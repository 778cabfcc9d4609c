"""The identifiers of papers, found in whatever form they come.

``See https://doi.org/10.1000/ABC.`` gives ``10.1000/abc``.
"""

from __future__ import annotations

import html
import re


def bare_doi(text: str) -> str:
    """The DOI in `text`, bare, in small letters and without a sentence's full stop, or ""."""
    found = re.search(r"10\.\d{4,9}/[^\s\"<>]+", html.unescape(text or ""))
    return found[0].rstrip(".,;").lower() if found else ""


def bare_pmid(text: str) -> str:
    """The PubMed id in `text`, or ""."""
    found = re.search(r"[1-9]\d{0,7}", text or "")
    return found[0] if found else ""


def bare_pmcid(text: str) -> str:
    """The id of PubMed Central in `text`, or ""."""
    found = re.search(r"PMC[1-9]\d{0,8}", (text or "").upper())
    return found[0] if found else ""
