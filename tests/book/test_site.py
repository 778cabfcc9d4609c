"""The built book: links, and its pages in a real browser with every other host cut off."""

from __future__ import annotations

import re

import pytest

from livingreview.cli import links


def test_links_inside_the_site_lead_somewhere(book, pages):
    assert len(pages) > 50
    assert not links.broken(book.html, pages)


def test_no_page_asks_another_host_for_anything(pages):
    foreign = {
        (name, s)
        for name, page in pages.items()
        for s in page.sources
        if s.startswith(("http:", "https:", "//"))
    }
    assert not foreign


def test_every_cited_paper_links_back_to_its_chapters(book, pages):
    text = book.page("chapters/bibliography.html")
    assert text.count("lr-cited-in") >= 60
    assert "Retracted" in text and "10.3892/ijmm.2022.5207" in text


def test_evidence_tables_link_papers_and_terms(book):
    page = book.page("chapters/isopsoralen-notch.html")
    table = page.split('id="tab-isopsoralen-notch-evidence"', 1)[1].split("</table>", 1)[0]
    assert table.count('href="bibliography.html#') > 40
    assert len(re.findall(r'href="glossary-\w+\.html#term-', table)) > 5


def test_the_book_was_built_from_one_execution_of_each_chapter(book):
    ran = [line for line in book.log.splitlines() if line.startswith("executing ")]
    kept = book.root / "_build" / ".executed"
    stored = {path.relative_to(kept).as_posix() for path in kept.rglob("*.outputs.json")}
    assert len(ran) == len(set(ran)) and len(stored) >= 20
    assert {f"{line.split()[1]}.outputs.json" for line in ran} <= stored


def test_print_gets_every_chart_as_a_vector_from_the_same_execution(book, latex_source):
    charts = sum(
        path.read_text(encoding="utf-8").count('class="lr-chart"')
        for path in book.html.rglob("*.html")
    )
    pictures = re.findall(
        r"\\(?:lrfigure|\w*includegraphics(?:\[[^]]*\])?)\{+([^{}]*?)\}?\.(\w+)\}", latex_source
    )
    assert charts >= 48
    assert len([name for name, kind in pictures if kind == "pdf"]) == charts
    for name, kind in pictures:
        assert (book.root / "_build" / "latex" / f"{name}.{kind}").read_bytes()[:5] == b"%PDF-"


def test_charts_are_there_without_javascript(visit):
    browsing = visit(java_script_enabled=False)
    tab = browsing.open("chapters/isopsoralen-notch.html")
    assert tab.locator(".lr-chart svg").count() >= 3
    assert not browsing.wrong


LIGHTNESS_BEHIND = """all => all.map(chart => {
  for (let e = chart; e; e = e.parentElement) {
    const [r, g, b, a = 1] = getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number);
    if (a > 0) return (r + g + b) / 765;
  }
  return 1;
})"""


@pytest.mark.parametrize(
    ("scheme", "ink"), [("dark", "rgb(230, 232, 238)"), ("light", "rgb(27, 30, 40)")]
)
def test_charts_are_legible_in_both_themes(visit, scheme, ink):
    browsing = visit(color_scheme=scheme)
    tab = browsing.open("chapters/isopsoralen-notch.html")
    behind = tab.eval_on_selector_all(".lr-chart", LIGHTNESS_BEHIND)
    colours = tab.eval_on_selector_all(
        ".lr-chart svg .mark-text text", "all => all.map(t => getComputedStyle(t).fill)"
    )
    assert ink in colours
    assert max(behind) < 0.2 if scheme == "dark" else min(behind) > 0.9
