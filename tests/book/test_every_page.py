"""What holds for every page of the book, each opened once on a laptop and once on a phone."""

from __future__ import annotations

from itertools import pairwise

import pytest

# Levels of the headings that are seen; runs of Chinese (two characters and more) whose language no
# element around them says, and how many elements say it; of each chart width, shapes and words.
ON_A_LAPTOP = r"""() => {
  const every = (selector, told) => [...document.querySelectorAll(selector)].map(told);
  const headings = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")];
  const inChinese = "script, style, template, [lang^=zh]";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), unmarked = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data, around = walk.currentNode.parentElement;
    const chinese = /[\u3400-\u9fff]{2}/.test(text);
    if (chinese && !around.closest(inChinese)) unmarked.push(text.trim().slice(0, 40));
  }
  return {
    headings: headings.filter(h => h.getClientRects().length).map(h => Number(h.tagName[1])),
    unmarked,
    marked: document.querySelectorAll("[lang^=zh]").length,
    sizes: every(".lr-chart-picture svg",
      svg => [svg.getBoundingClientRect().width, svg.querySelectorAll("path, text").length]),
    words: every(".lr-chart-picture", picture => picture.getAttribute("aria-label")),
  };
}"""

# Of each chart: the smallest text as it is shown, marks that are wholly in the box that scrolls,
# whether its title is cut, and whether the keyboard reaches the box, which has a name.
ON_A_PHONE = """() => {
  const chart = chart => {
    const box = chart.querySelector(".lr-chart-scroll"), view = box.getBoundingClientRect();
    const svg = chart.querySelector("svg.marks"), title = chart.querySelector(".lr-chart-title");
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const marks = ":is(.cells_marks, .dots_marks, .boxes_marks) :is(path, rect)";
    const size = text => parseFloat(getComputedStyle(text).fontSize) * scale;
    return {
      name: chart.closest("figure")?.id,
      smallest: Math.min(...[...svg.querySelectorAll("text")].map(size)),
      seen: [...svg.querySelectorAll(marks)].filter(mark => {
        const { left, right } = mark.getBoundingClientRect();
        return left >= view.left - 0.5 && right <= view.right + 0.5;
      }).length,
      cut: title ? title.scrollWidth > title.clientWidth + 1 : false,
      reachable: box.tabIndex === 0 && box.getAttribute("aria-label").length > 4,
    };
  };
  const charts = [...document.querySelectorAll(".lr-chart")].map(chart);
  return { width: document.documentElement.scrollWidth, charts };
}"""


class Seen(dict):
    """What was seen of each page, by its path.

    wrong: the pages with errors, and with what was asked of another host.
    """

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[tuple[str, str]] = []


@pytest.fixture(scope="module")
def open_all(make_visit, pages):
    """Open every page in one tab and keep what `look` says of it."""

    def start(look, **options) -> Seen:
        seen, visit = Seen(), make_visit(**options)
        for name in pages:
            seen[name] = look(visit.open(name))
            seen.wrong += [(name, wrong) for wrong in visit.wrong]
            visit.wrong.clear()
        visit.context.close()
        return seen

    return start


@pytest.fixture(scope="module")
def laptop(open_all) -> Seen:
    return open_all(lambda tab: tab.evaluate(ON_A_LAPTOP), viewport={"width": 1280, "height": 720})


@pytest.fixture(scope="module")
def phone(open_all) -> Seen:
    def look(tab) -> dict:
        tab.emulate_media(color_scheme="light")
        seen = tab.evaluate(ON_A_PHONE)
        tab.emulate_media(color_scheme="dark")
        tab.wait_for_function(
            "() => ['dark', undefined].includes(document.documentElement.dataset.theme)"
        )
        return seen | {"dark": tab.evaluate("document.documentElement.scrollWidth")}

    return open_all(look, viewport={"width": 360, "height": 760})


def test_every_page_opens_without_an_error(laptop, phone):
    assert len(laptop) > 50
    assert not laptop.wrong and not phone.wrong


def test_charts_are_there_with_their_words(laptop):
    for name, page in laptop.items():
        assert all(width > 100 and shapes > 8 for width, shapes in page["sizes"]), name
        assert all(len(words) > 15 for words in page["words"]), name
    assert sum(len(page["sizes"]) for page in laptop.values()) >= 48


def test_headings_are_in_order(laptop):
    for name, page in laptop.items():
        levels = page["headings"]
        assert levels.count(1) == 1 and levels[0] == 1, (name, levels)
        assert not [(a, b) for a, b in pairwise(levels) if b > a + 1], (name, levels)


def test_chinese_is_marked_as_chinese(laptop):
    assert not {name: page["unmarked"] for name, page in laptop.items() if page["unmarked"]}
    assert sum(page["marked"] for page in laptop.values()) > 1000


def test_no_page_scrolls_sideways_on_a_phone(phone):
    assert not {name: page["width"] for name, page in phone.items() if page["width"] > 360}
    assert not {name: page["dark"] for name, page in phone.items() if page["dark"] > 360}


def test_charts_are_legible_on_a_phone(phone):
    charts = [(name, chart) for name, page in phone.items() for chart in page["charts"]]
    for name, chart in charts:
        assert chart["smallest"] >= 11, (name, chart)
        assert chart["seen"] >= 1, (name, chart)
        assert chart["reachable"] and not chart["cut"], (name, chart)
    assert len(charts) >= 48
