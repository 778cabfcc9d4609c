"""How to cite the review: what CITATION.cff says comes out whole, whatever letters are in it, and
nothing else is added.
"""

from __future__ import annotations

import re
from datetime import date

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware

from livingreview.display.citation import Author, Work, cite, read, words

CFF = """cff-version: 1.2.0
title: "Coffee & sleep: 50% {more}"
version: 1.10.0
date-released: 2026-03-02
license: CC-BY-4.0
doi: 10.5555/toy
authors:
  - family-names: Bohne
    given-names: Berta
    name-particle: von
  - name: The Coffee Group
"""
WORK = Work("Coffee and sleep", (Author("The Coffee Group"),), "1.0", date(2026, 3, 2))


def entry(text: str):
    """The one entry of a BibTeX text, its values as a reader would see them."""
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks and len(library.entries) == 1, text
    return library.entries[0]


def ris(text: str) -> list[tuple[str, str]]:
    """Tags and values of a RIS record; fails where a line is none."""
    lines = text.splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines), text
    return [(line[:2], line[6:]) for line in lines]


def test_the_citation_file_is_read_whole(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CFF, encoding="utf-8")
    work = read(tmp_path, "something else", "somebody else")
    assert work == Work(
        "Coffee & sleep: 50% {more}",
        (Author("von Bohne", "Berta"), Author("The Coffee Group")),
        "1.10.0",
        date(2026, 3, 2),
        "CC-BY-4.0",
        "10.5555/toy",
    )
    assert work.edition == "Version 1.10.0, 2 March 2026"
    assert (work.licence_name, work.licence_address) == (
        "CC BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    )


def test_without_a_citation_file_only_title_and_author_are_known(tmp_path):
    work = read(tmp_path, "Coffee", "Nobody")
    assert work == Work("Coffee", (Author("Nobody"),))
    cited = cite(work, "Sleep")
    assert cited.text == "Nobody. Sleep. In: Coffee."
    assert set(entry(cited.bibtex).fields_dict) == {"author", "title", "booktitle"}
    assert [tag for tag, _ in ris(cited.ris)] == ["TY", "AU", "TI", "T2", "ER"]


def letters(text: str) -> str:
    """The text without spaces and the few signs that the decoder of LaTeX drops or turns."""
    return re.sub(r"[\s{}^ˆ]", "", text)


@pytest.mark.parametrize(
    "title",
    [
        "IL-6",
        "TNF-α & 50% of {it}",
        "a_b^c~d \\alpha #1 $5",
        "unbalanced } brace {{",
        "骨重建",
        "two\nlines",
    ],
)
def test_every_title_survives_in_every_form(title):
    flat = " ".join(title.split())
    cited = cite(WORK, title, "https://example.org/a_b%20c.html", "a chapter/2026")
    fields = entry(cited.bibtex).fields_dict
    assert letters(fields["title"].value) == letters(flat)
    assert fields["booktitle"].value == "Coffee and sleep" and fields["year"].value == "2026"
    assert "https://example.org/a_b%20c.html" in cited.bibtex
    record = dict(ris(cited.ris))
    assert record["TI"] == flat and record["UR"] == "https://example.org/a_b%20c.html"
    assert (record["TY"], record["DA"], record["ET"]) == ("CHAP", "2026/03/02", "1.0")
    assert cited.text.startswith(
        f"The Coffee Group. {flat}. In: Coffee and sleep. Version 1.0, 2 March 2026."
    )


def test_the_doi_of_the_whole_is_not_given_to_a_chapter():
    work = Work("Coffee and sleep", (Author("Bohne", "Berta"),), doi="10.5555/toy")
    whole, chapter = cite(work), cite(work, "Sleep")
    assert (
        "10.5555/toy" in whole.text
        and "10.5555/toy" in whole.bibtex
        and ("DO", "10.5555/toy") in ris(whole.ris)
    )
    assert "10.5555" not in chapter.text + chapter.bibtex + chapter.ris
    assert entry(whole.bibtex).entry_type == "book" and ("AU", "Bohne, Berta") in ris(whole.ris)


def test_a_group_is_not_taken_for_a_person():
    cited = cite(WORK)
    assert (
        "{The Coffee Group}" in cited.bibtex and entry(cited.bibtex).key == "coffee-and-sleep-2026"
    )
    assert ("AU", "The Coffee Group,") in ris(cited.ris)


def test_dates_are_written_in_words():
    assert words(date(2026, 11, 2)) == "2 November 2026"
