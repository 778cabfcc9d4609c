"""The built book: links, and its pages in a real browser with every other host cut off."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import threading
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """Links, ids and images of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.update(filter(None, (attributes.get("id"), attributes.get("name") if tag == "a" else None)))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        for name in ("src", "href"):
            if tag in ("script", "img", "link", "iframe") and attributes.get(name):
                if attributes.get("rel") not in ("canonical", "search", "index", "next", "prev"):
                    self.sources.append(attributes[name])


@pytest.fixture(scope="session")
def pages(book) -> dict[str, Page]:
    """Every page of the site by its path."""
    return {p.relative_to(book.html).as_posix(): Page(p.read_text(encoding="utf-8")) for p in book.html.rglob("*.html") if "_static" not in p.parts}


def test_links_inside_the_site_lead_somewhere(book, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            target, fragment = urldefrag(unquote(urljoin(f"/{name}", link)))
            if "://" in target or target.startswith(("mailto:", "javascript:")):
                continue
            file = target.lstrip("/") or name
            if file in pages:
                if fragment and fragment not in pages[file].ids:
                    broken.append((name, link))
            elif not (book.html / file).is_file():
                broken.append((name, link))
    assert not broken


def test_no_page_asks_another_host_for_anything(pages):
    foreign = {(name, s) for name, page in pages.items() for s in page.sources if s.startswith(("http:", "https:", "//"))}
    assert not foreign


def test_every_cited_paper_links_back_to_its_chapters(book, pages):
    text = book.page("chapters/bibliography.html")
    assert text.count("lr-cited-in") >= 60
    assert "Retracted" in text and "10.3892/ijmm.2022.5207" in text


def test_evidence_tables_link_papers_and_terms(book):
    page = book.page("chapters/isopsoralen-notch.html")
    table = page.split('id="tab-isopsoralen-notch-evidence"', 1)[1].split("</table>", 1)[0]
    assert table.count('href="bibliography.html#id') > 40
    assert table.count('href="glossary.html#term-') > 5


def test_the_book_was_built_from_one_execution_of_each_chapter(book):
    ran = [line for line in book.log.splitlines() if line.startswith("executing ")]
    assert len(ran) == len(set(ran)) >= 20


def test_print_gets_every_chart_as_a_vector_from_the_same_execution(book):
    charts = sum(path.read_text(encoding="utf-8").count('class="lr-chart"') for path in book.html.rglob("*.html"))
    source = book.latex()
    pictures = re.findall(r"includegraphics(?:\[[^]]*\])?\{\{?([^}]*)\}?\.(\w+)\}", source)
    assert charts >= 48
    assert len([name for name, kind in pictures if kind == "pdf"]) == charts
    for name, kind in pictures:
        assert (book.root / "_build" / "latex" / f"{name}.{kind}").read_bytes()[:5] == b"%PDF-"


@pytest.fixture(scope="session")
def address(book):
    """The site served below a sub-path, as a project page would be."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def translate_path(self, path):
            return super().translate_path(path.removeprefix("/book"))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(book.html)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/book/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium on this machine, and REQUIRE_BROWSER is set")
        pytest.skip("no Chromium on this machine: install Debian's chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


class Visit:
    """A tab that may talk to the site alone and remembers what went wrong."""

    def __init__(self, browser, address: str, **options):
        self.context = browser.new_context(**options)
        self.tab = self.context.new_page()
        self.wrong: list[str] = []
        self.tab.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.tab.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.address = address

        def only_the_site(route):
            if route.request.url.startswith(address):
                route.continue_()
            else:
                self.wrong.append(f"asked for {route.request.url}")
                route.abort()

        self.context.route("**/*", only_the_site)

    def open(self, page: str):
        self.tab.goto(self.address + page, wait_until="networkidle")
        return self.tab


def chapters(pages) -> list[str]:
    return sorted(name for name in pages if name.startswith("chapters/"))


def test_every_page_opens_without_an_error_and_with_its_charts(browser, address, pages):
    visit = Visit(browser, address)
    charts = 0
    for name in ["index.html", *chapters(pages)]:
        tab = visit.open(name)
        sizes = tab.eval_on_selector_all(".lr-chart svg", "all => all.map(svg => [svg.getBoundingClientRect().width, svg.querySelectorAll('path, text').length])")
        charts += len(sizes)
        assert all(width > 100 and shapes > 8 for width, shapes in sizes), (name, sizes)
        words = tab.eval_on_selector_all(".lr-chart-picture", "all => all.map(p => p.getAttribute('aria-label'))")
        assert all(len(w) > 40 for w in words), name
    assert charts >= 48
    assert not visit.wrong


def test_charts_are_there_without_javascript(browser, address):
    visit = Visit(browser, address, java_script_enabled=False)
    tab = visit.open("chapters/isopsoralen-notch.html")
    assert tab.locator(".lr-chart svg").count() >= 3
    assert not visit.wrong


def test_a_chart_becomes_interactive_on_first_use(browser, address):
    visit = Visit(browser, address, viewport={"width": 1280, "height": 1400})
    tab = visit.open("chapters/isopsoralen-notch.html")
    chart = tab.locator(".lr-chart").nth(1)
    assert tab.evaluate("performance.getEntriesByType('resource').filter(r => r.name.includes('vega')).length") == 0
    chart.scroll_into_view_if_needed()
    chart.hover()
    tab.wait_for_selector('.lr-chart[data-live="yes"] svg')
    chart.locator("svg .mark-rect path").first.hover(force=True)  # its sign lies over it
    tab.wait_for_selector("#vg-tooltip-element.visible")
    assert "reported by" in tab.inner_text("#vg-tooltip-element")
    assert not visit.wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(browser, address, pages, scheme):
    visit = Visit(browser, address, viewport={"width": 360, "height": 760}, color_scheme=scheme)
    for name in ["index.html", *chapters(pages)]:
        tab = visit.open(name)
        width = tab.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, (name, width)
    assert not visit.wrong


LIGHTNESS_BEHIND = """all => all.map(chart => {
  for (let e = chart; e; e = e.parentElement) {
    const [r, g, b, a = 1] = getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number);
    if (a > 0) return (r + g + b) / 765;
  }
  return 1;
})"""


@pytest.mark.parametrize(("scheme", "ink"), [("dark", "rgb(230, 232, 238)"), ("light", "rgb(27, 30, 40)")])
def test_charts_are_legible_in_both_themes(browser, address, scheme, ink):
    visit = Visit(browser, address, color_scheme=scheme)
    tab = visit.open("chapters/isopsoralen-notch.html")
    behind = tab.eval_on_selector_all(".lr-chart", LIGHTNESS_BEHIND)
    colours = tab.eval_on_selector_all(".lr-chart svg .mark-text text", "all => all.map(t => getComputedStyle(t).fill)")
    assert ink in colours
    assert max(behind) < 0.2 if scheme == "dark" else min(behind) > 0.9
