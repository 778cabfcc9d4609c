"""What every page owes its readers: accessible, keyboard-usable, headings in order, Chinese marked,
light, and closed to foreign scripts.
"""

from __future__ import annotations

import gzip
from urllib.parse import urljoin

import audit
import pytest
from audit import HEAVY

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


@pytest.mark.parametrize("kind", TYPES)
def test_axe_finds_nothing(visit, kind):
    tab = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True).open(TYPES[kind])
    assert not audit.faults(tab)


# Everything that takes the keyboard, with what the browser does when it is focused.
FOCUSABLE = "a[href], button, input, select, summary, textarea, [tabindex='0']"
NOTE_FOCUS = """() => { window.focused = []; addEventListener('focusin', ({ target: element }) => {
  const box = element.getBoundingClientRect();
  // a tile draws it round its link
  const drawn = [element, element.closest('li') ?? element].map((e) => getComputedStyle(e));
  focused.push({
    seen: box.width > 0 && box.height > 0,
    ring: drawn.some(({ outlineStyle: line, outlineWidth: width, boxShadow: shadow }) =>
      line !== 'none' && parseFloat(width) >= 1 || shadow !== 'none'),
    what: element.outerHTML.slice(0, 120),
  });
}); }"""

REACHABLE = """selector => [...document.querySelectorAll(selector)].filter(
  e => e.checkVisibility({checkVisibilityCSS: true}) && !e.disabled
  && e.tabIndex >= 0 && !e.closest('dialog:not([open]), [inert]')).length"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["front page", "chapter"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit, kind, width):
    tab = visit(viewport={"width": width, "height": 900}).open(TYPES[kind])
    tab.keyboard.press("Tab")
    assert "main-content" in tab.evaluate("document.activeElement.href"), (
        "the skip link comes first"
    )
    tab.evaluate(NOTE_FOCUS)
    walked: list[dict] = []
    while len(walked) < 2000:
        for _ in range(25):
            tab.keyboard.press("Tab")
        walked += (new := tab.evaluate("focused.splice(0)"))
        if not new or any("#main-content" in place["what"] for place in new):
            break  # the end of the page, or its beginning again
    ends = [n for n, place in enumerate(walked) if "#main-content" in place["what"]]
    walked = walked[: ends[0]] if ends else walked
    assert not [place["what"] for place in walked if not (place["seen"] and place["ring"])]
    reached = len(walked) + 1
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
def test_lighthouse_finds_nothing(lighthouse, address, kind):
    categories = [
        "accessibility",
        "best-practices",
        "seo",
    ]  # performance depends on what else the machine does: see benchmarks/
    report = lighthouse(urljoin(address, HEAVY[kind]), categories)
    scores = [report["categories"][name]["score"] for name in categories]
    failed = [
        name
        for name, found in report["audits"].items()
        if found["score"] == 0 and found["scoreDisplayMode"] == "binary"
    ]
    assert min(scores) >= 0.95, (scores, failed)
