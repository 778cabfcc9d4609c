"""Pages that say how old they are: a search a year ago, and a review that is frozen. The toy
review, really built.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sphinx.errors import ConfigError

from livingreview.sphinxext.freshness import _freeze

BAR = "This review is frozen: since 1 January 2027 it is no longer kept up to date."
OLD = "The literature of this chapter was last searched on 15 January 2026, more than a year ago."


def epoch(day: str) -> str:
    return str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()))


def test_a_page_says_how_old_it_is_without_running_again(toy_project, monkeypatch):
    """A chapter that nobody has searched for a year, and every page of a review that one line has
    frozen.
    """
    pages = ("chapters/body-clock.html", "chapters/adenosine-blockade.html")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch("2027-01-15"))
    toy_project.build()
    assert all("more than a year ago" not in toy_project.page(page) for page in pages)
    every = [
        p for p in toy_project.html.rglob("*.html") if p.name != "404.html"
    ]  # that one shows nothing of the review
    every = [
        p for p in every if "<main" in p.read_text(encoding="utf-8")
    ]  # index.html only leads on
    assert len(every) > 5 and not [p.name for p in every if BAR in p.read_text(encoding="utf-8")]

    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch("2027-01-16"))
    toy_project.edit(
        "_config.yml", "  config:\n", '  config:\n    livingreview_frozen: "2027-01-01"\n'
    )
    assert toy_project.executed(toy_project.build()) == set()
    assert all(toy_project.page(page).count(OLD) == 1 for page in pages)
    assert not [p.name for p in every if BAR not in p.read_text(encoding="utf-8")]

    # an editor has looked: the note goes, on that page
    row = next(
        line
        for line in (toy_project.root / "data/mechanisms.csv")
        .read_text(encoding="utf-8")
        .splitlines()
        if line.startswith("body-clock")
    )
    toy_project.edit("data/mechanisms.csv", row, row.replace("2026-01-15", "2027-01-10"))
    toy_project.build()
    assert [OLD in toy_project.page(page) for page in pages] == [False, True]


@pytest.mark.parametrize("day", ["next year", "2027-13-01", "1.1.2027"])
def test_a_day_that_is_none_stops_the_build(day):
    with pytest.raises(
        ConfigError, match=f"livingreview_frozen is a day, as in 2027-01-01, not '{re.escape(day)}'"
    ):
        _freeze(None, SimpleNamespace(livingreview_frozen=day, html_theme_options={}))


def test_the_history_and_the_contributors_are_pages(toy_project):
    header = (
        (toy_project.root / "chapters/glossary.md").read_text(encoding="utf-8").split("\n# ")[0]
    )
    for name in ("whats_new", "contributors"):
        cell = f"import livingreview as lr\nbook = lr.book()\nbook.{name}()"
        (toy_project.root / f"chapters/{name}.md").write_text(
            f"{header}\n# {name}\n\n```{{code-cell}}\n{cell}\n```\n", encoding="utf-8"
        )
        toy_project.edit(
            "_toc.yml",
            "      - file: chapters/glossary\n",
            f"      - file: chapters/glossary\n      - file: chapters/{name}\n",
        )
    for name in ("body-clock", "adenosine-blockade"):
        with (toy_project.root / f"chapters/{name}.md").open("a", encoding="utf-8") as page:
            page.write("\n```{code-cell}\nch.coverage()\n```\n")
    history = toy_project.root / "data/history.csv"
    rows = [
        "2026-02-03,body-clock,papers_read,1,lungo2020",
        "2026-02-03,body-clock,certainty_lowered,2,clk-c01; clk-gone",
        "2026-02-03,body-clock,disagreements_resolved,1,clk-retracted",
        "2026-02-04,adenosine-blockade,chapter_added,5,",
    ]
    history.write_text(
        history.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8"
    )
    toy_project.build()
    linked = toy_project.page("chapters/whats_new.html")
    page = re.sub(r"<[^>]*>", "", linked)
    assert (
        page.index("4 February 2026")
        < page.index("3 February 2026")
        < page.index("20 January 2026")
    )
    assert (
        "1 chapter added" in page
        and "How coffee keeps awake: Adenosine blockade (5 claims)" in page
    )
    assert "1 paper read" in page and 'href="bibliography.html#' in linked
    assert "2 claims less certain (“Evening caffeine raises PER2 in neurons.”)" in page
    assert "1 disagreement settled (“The trial on melatonin is retracted”)" in page
    chapter = toy_project.page("chapters/body-clock.html")
    assert (
        "3 February 2026: 1 paper read, 2 claims less certain, 1 disagreement settled." in chapter
    )
    assert "4 February 2026: chapter added with 5 claims." in toy_project.page(
        "chapters/adenosine-blockade.html"
    )
    assert "The editors." in toy_project.page("chapters/contributors.html")

    people = toy_project.root / "data/people.csv"
    people.write_text(
        people.read_text(encoding="utf-8")
        + "Josiah <b>Carberry</b>,0000-0002-1825-0097,Brown,Software; Validation\n",
        encoding="utf-8",
    )
    assert "chapters/contributors" in toy_project.executed(toy_project.build())
    page = toy_project.page("chapters/contributors.html")
    assert (
        'href="https://orcid.org/0000-0002-1825-0097"' in page
        and "Josiah &lt;b&gt;Carberry" in page
    )
    assert "Software; Validation" in page and "The editors." not in page
