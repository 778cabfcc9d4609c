"""What the cards show (theme/scripts/cards.js): two scripts of data, one of all terms and one of
all papers.

A page loads them when a reader first points at a term or a citation, and the browser keeps them for
all pages. They are scripts and not JSON so that they can be read from a folder on disk as well as
from a host.
"""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from ..contract.tables import rows
from ..review import Review, find_root, load
from . import site
from .bibliography import MARKS
from .domain import bibtex_domain

AUTHORS = 6  # named on a card; the bibliography names all


def terms(review: Review) -> dict[str, dict]:
    """Cards of the glossary by the address of the entry: name, zh, also (abbreviation), kind, about
    (definitions in both languages).
    """
    return {
        anchor: {
            "name": term,
            "zh": entry.term_zh,
            "also": entry.abbreviation,
            "kind": entry.kind,
            "about": entry.definitions,
        }
        for entry in review.entries
        for term, anchor in zip(entry.terms, entry.anchors, strict=True)
    }


def papers(review: Review, ids: dict[str, str]) -> dict[str, dict]:
    """Cards of the bibliography by the address of the entry: who, year, title, journal, doi, pmid,
    marks, notice (of retraction).

    ids: addresses by citekey; a paper that nobody cites has none.
    """
    cards = {}
    for paper in rows(review.references):
        if paper.citekey not in ids:
            continue
        who = [name.strip("[]") for name in paper.authors if name != "others"]
        more = len(who) < len(paper.authors) or len(who) > AUTHORS
        cards[ids[paper.citekey]] = {
            "who": ", ".join(who[:AUTHORS]) + (" and others" if more else ""),
            "year": paper.year,
            "title": paper.title,
            "journal": paper.journal,
            "doi": paper.doi,
            "pmid": paper.pmid,
            "marks": [
                [mark.replace(" ", "-"), MARKS[mark]]
                for mark in map(str.strip, paper.status.split(","))
                if mark in MARKS
            ],
            "notice": paper.retracted,
        }
    return cards


def setup(app: Sphinx) -> None:
    site.connect(app, "build-finished", _write)


def _write(app: Sphinx, error: Exception | None) -> None:
    static = Path(app.outdir) / "_static"
    if error or not static.is_dir():
        return
    review = load(find_root(Path(app.srcdir)))
    ids = {citation.key: citation.citation_id for citation in bibtex_domain(app.env).citations}
    for name, cards in (("terms", terms(review)), ("papers", papers(review, ids))):
        text = json.dumps(cards, ensure_ascii=False, separators=(",", ":"))
        _renew(
            static / f"cards-{name}.js", f"(window.livingreviewCards ??= {{}}).{name} = {text};\n"
        )


def _renew(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
