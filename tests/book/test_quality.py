"""What every page owes its readers: accessible, keyboard-usable, headings in order, Chinese marked,
light, and closed to foreign scripts.
"""

from __future__ import annotations

import gzip
from urllib.parse import urljoin

import audit
import pytest
from audit import HEAVY
from axe_playwright_python.sync_playwright import Axe
from needs import need

# One page of each type.
TYPES = {
    "front page": "index.html",
    "chapter": "chapters/sympathetic-beta-adrenoceptors.html",
    "evidence map": "chapters/isopsoralen.html",
    "across": "chapters/convergence.html",
    "bridges": "chapters/bridges.html",
    "disagreements": "chapters/disagreements.html",
    "methods": "chapters/methods.html",
    "glossary": "chapters/glossary.html",
    "entities": "chapters/glossary-diseases.html",
    "bibliography": "chapters/bibliography.html",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", TYPES)
def test_axe_finds_nothing(visit, kind, scheme):
    browsing = visit(
        color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True
    )  # axe puts itself into the page
    tab = browsing.open(TYPES[kind])
    found = Axe().run(tab).response["violations"]
    assert not [(v["id"], v["nodes"][0]["html"][:160], len(v["nodes"])) for v in found]


HEADINGS = (
    "all => all.filter(h => h.offsetParent !== null || h.getClientRects().length).map(h =>"
    " Number(h.tagName[1]))"
)


def test_headings_are_in_order_on_every_page(visit, pages):
    tab = visit().open("index.html")
    for name in pages:
        tab = visit_page(tab, name)
        levels = tab.eval_on_selector_all("main :is(h1, h2, h3, h4, h5, h6)", HEADINGS)
        assert levels.count(1) == 1 and levels[0] == 1, (name, levels)
        jumps = [(a, b) for a, b in zip(levels, levels[1:], strict=False) if b > a + 1]
        assert not jumps, (name, jumps)


def visit_page(tab, name: str):
    tab.goto(tab.url.split("/book/")[0] + "/book/" + name, wait_until="domcontentloaded")
    return tab


# Visible runs of Chinese (two characters and more) whose language is not said by any element around
# them.
UNMARKED = r"""() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data, around = walk.currentNode.parentElement;
    if (/[\u3400-\u9fff]{2}/.test(text) && !around.closest("script, style, template, [lang^=zh]")) found.push(text.trim().slice(0, 40));
  }
  return found;
}"""


def test_chinese_is_marked_as_chinese_on_every_page(visit, pages):
    tab = visit().open("index.html")
    marked = 0
    for name in pages:
        tab = visit_page(tab, name)
        assert not tab.evaluate(UNMARKED), name
        marked += tab.locator("[lang^=zh]").count()
    assert marked > 1000


# Everything that takes the keyboard, with what the browser does when it is focused.
FOCUSABLE = "a[href], button, input, select, summary, textarea, [tabindex='0']"
FOCUS = """element => {
  const box = element.getBoundingClientRect();
  const drawn = [element, element.closest('li') ?? element].map((e) => getComputedStyle(e)); // a tile draws it round its link
  return {
    seen: box.width > 0 && box.height > 0,
    ring: drawn.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none'),
    what: element.outerHTML.slice(0, 120),
  };
}"""


REACHABLE = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility({checkVisibilityCSS: true})
  && !e.disabled && e.tabIndex >= 0 && !e.closest('dialog:not([open]), [inert]')).length"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["front page", "chapter"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit, kind, width):
    tab = visit(viewport={"width": width, "height": 900}).open(TYPES[kind])
    tab.keyboard.press("Tab")
    assert "main-content" in tab.evaluate("document.activeElement.href"), (
        "the skip link comes first"
    )
    hidden, unmarked, reached, lost = [], [], 1, 0
    while lost < 2 and reached < 2000:
        tab.keyboard.press("Tab")
        now = tab.evaluate(
            "() => document.activeElement === document.body ? null :"
            f" ({FOCUS})(document.activeElement)"
        )
        if now is None:  # the end, or a card that has closed
            lost += 1
            continue
        if "#main-content" in now["what"]:
            break
        lost = 0
        reached += 1
        if not now["seen"]:
            hidden.append(now["what"])
        if not now["ring"]:
            unmarked.append(now["what"])
    assert not hidden and not unmarked
    reachable = tab.evaluate(
        REACHABLE, FOCUSABLE
    )  # after the walk: a chart in use has more to reach, a long table on a phone less
    assert reached >= 0.98 * reachable > 50, (reached, reachable)


def test_the_first_view_of_a_chapter_weighs_less_than_250_kilobytes(visit, address):
    """Everything that a first visit fetches, compressed as a host would send it."""
    for name in HEAVY.values():
        browsing = visit()
        sent = []
        browsing.tab.on(
            "response",
            lambda response, sent=sent: sent.append(
                (response.url, len(gzip.compress(response.body(), 6)))
            ),
        )
        browsing.open(name)
        assert urljoin(address, name) in dict(sent)
        assert sum(size for _, size in sent) < 250_000, sent


@pytest.mark.parametrize("kind", HEAVY)
def test_lighthouse(browser, address, kind):
    need(audit.install(), "npm could not install Lighthouse", "REQUIRE_BROWSER")
    categories = [
        "accessibility",
        "best-practices",
        "seo",
    ]  # performance depends on what else the machine does: see benchmarks/
    report = audit.lighthouse(urljoin(address, HEAVY[kind]), categories)
    scores = [report["categories"][name]["score"] for name in categories]
    failed = [
        name
        for name, found in report["audits"].items()
        if found["score"] == 0 and found["scoreDisplayMode"] == "binary"
    ]
    assert min(scores) >= 0.95, (scores, failed)
