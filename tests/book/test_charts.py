"""Charts in the built book: their data one click away, alive without evaluating text, legible on a
telephone, in the dark and on paper.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from urllib.parse import urljoin

import audit
import host
import pandas as pd
import pytest
from needs import need

from livingreview.display.style import COLOURS, FONT, INK
from livingreview.sphinxext.assets import HEAD_SCRIPT

# Pages that show every kind of chart between them.
KINDS = [
    "chapters/isopsoralen-notch.html",
    "chapters/isopsoralen.html",
    "chapters/convergence.html",
    "chapters/bridges.html",
]
DIMMED = 0.2


@pytest.fixture(scope="session")
def with_charts(book, pages) -> list[str]:
    """The pages that have charts."""
    return [name for name in sorted(pages) if 'class="lr-chart"' in book.page(name)]


def charts_of(text: str) -> list[str]:
    """The markup of every chart of a page."""
    return re.findall(r'<div class="lr-chart">.*?</script></div>', text, re.DOTALL)


def drawn_data(chart: str) -> list[list[dict]]:
    """The tables that the live chart is drawn from."""
    spec = json.loads(re.search(r'class="lr-chart-spec">(.*?)</script>', chart, re.DOTALL)[1])
    return list(spec["datasets"].values())


# What tells a drawn row apart, by kind of chart.
TELLS = [
    ("row", "column", "who", "rows"),  # matrix
    ("row", "column", "studies", "read"),  # evidence map
    ("row", "column", "claims"),  # meeting points
    ("what", "claims"),  # diagram, chains
    ("line", "printed", "dose", "basis"),  # dose ladder
    ("statement", "certainty", "certainty_reason"),  # certainty profile
    ("short", "year", "where", "state"),  # timeline
]


def test_the_data_of_every_chart_are_one_click_away(book, with_charts):
    """Every chart links a table of its own; the table has the rows that the chart is drawn from,
    and the same words.
    """
    seen = 0
    for name in with_charts:
        for chart in charts_of(book.page(name)):
            (address,) = re.findall(r'<a class="lr-chart-csv" href="([^"]+)" download', chart)
            text = (book.html / urljoin(name, address)).read_text(encoding="utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
            (drawn,) = [
                data
                for data in drawn_data(chart)
                if len(data) == len(rows) and any(set(tells) <= set(data[0]) for tells in TELLS)
            ]
            tells = next(tells for tells in TELLS if set(tells) <= set(drawn[0]))
            lines = [" | ".join(row.values()).replace("; ", ", ") for row in rows]
            for row in drawn:
                said = [
                    word
                    for tell in tells
                    for word in re.split(
                        " → |: (?=[a-z ,]+$)" if tell == "what" else "$^",
                        str(row[tell]).replace("; ", ", "),
                    )
                ]
                assert any(
                    all(word.removesuffix(", contested") in line for word in said) for line in lines
                ), (name, address, said)
            assert all(head and head[0].isupper() for head in rows[0]), rows[0]
            seen += 1
    assert seen >= 48
    assert seen == len(list((book.html / "chart-data").rglob("*.csv")))


def test_a_table_says_what_the_data_of_the_book_say(book):
    """The meeting of reviews, counted here from the files themselves."""
    evidence = pd.concat(
        [
            pd.read_csv(f, dtype=str, keep_default_na=False)
            for f in sorted((book.root / "data/evidence").glob("*.csv"))
        ]
    )
    claims = pd.concat(
        [
            pd.read_csv(f, dtype=str, keep_default_na=False)
            for f in sorted((book.root / "data/claims").glob("*.csv"))
        ]
    )
    entities = pd.read_csv(
        book.root / "data/entities.csv", dtype=str, keep_default_na=False
    ).set_index("entity")
    said = evidence[evidence["basis"] == "reported"].merge(
        claims, on="claim_id", suffixes=("", "_claim")
    )
    table = pd.read_csv(book.html / "chart-data/chapters/convergence/fig-meeting-molecules.csv")
    assert len(table) > 40
    for row in table.itertuples():
        (entity,) = entities.index[entities["label"] == row.Entity]
        rows = said[
            (said["reported_by"] == row.Review)
            & (said[["subject", "object", "mediator"]] == entity).any(axis=1)
        ]
        assert rows["claim_id"].nunique() == row.Claims, row


def test_the_table_link_is_there_without_javascript(visit):
    browsing = visit(java_script_enabled=False)
    tab = browsing.open(KINDS[0])
    with tab.expect_download() as download:
        tab.locator(".lr-chart-csv").first.click()
    assert download.value.suggested_filename == "fig-iso-notch-diagram.csv"
    tab.locator(".lr-chart summary").first.click()
    assert (
        "isopsoralen to Notch pathway: decreased (contradicted)"
        in tab.locator(".lr-chart details").first.inner_text()
    )


@pytest.fixture(scope="module")
def strict(book):
    """The site with a policy that forbids the evaluation of text, and inline scripts but the one in
    the head of every page.
    """
    head = base64.b64encode(hashlib.sha256(HEAD_SCRIPT.encode()).digest()).decode()

    class Strict(host.Host):
        def end_headers(self):
            self.send_header("Content-Security-Policy", f"script-src 'self' 'sha256-{head}'")
            super().end_headers()

    address, server = host.serve(book.html, Strict)
    yield address
    server.shutdown()


def enliven(tab, chart):
    """Use a chart for the first time."""
    chart.locator(".lr-chart-scroll").scroll_into_view_if_needed()
    chart.locator(".lr-chart-scroll").hover()
    tab.wait_for_function("chart => chart.dataset.live === 'yes'", arg=chart.element_handle())
    tab.mouse.move(0, 0)
    return chart


def opacities(chart, marks: str) -> list[float]:
    return chart.locator(f"svg.marks {marks}").evaluate_all(
        "all => all.map(e => Number(getComputedStyle(e).opacity))"
    )


def test_charts_come_to_life_where_no_text_may_be_evaluated(visit, strict):
    browsing = visit(address=strict, viewport={"width": 1280, "height": 900})
    alive = 0
    for name in KINDS:
        tab = browsing.open(name)
        tab.wait_for_timeout(300)
        # this policy stops the script in the page's head as well; what matters is what charts do
        browsing.wrong.clear()
        for chart in tab.locator(".lr-chart").all():
            enliven(tab, chart)
            assert chart.locator(".lr-chart-picture").get_attribute("role") == "group"
            alive += 1
        assert not browsing.wrong
    assert alive >= 10


WIDTHS = """font => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `1000px ${font}`;
  return ['W', 'i'].map(letter => pen.measureText(letter).width);
}"""


def test_a_chart_that_comes_to_life_does_not_move_the_page(visit):
    """Charts are laid out by the widths of Helvetica: of its size, W takes 0.944 and i 0.222."""
    browsing = visit(viewport={"width": 1280, "height": 900})
    tab = browsing.open(KINDS[0])
    shown = tab.evaluate(WIDTHS, FONT)
    need(
        shown == pytest.approx([944, 222], abs=20),
        "no font of Helvetica's measure on this machine (Debian: fonts-liberation)",
        "REQUIRE_BROWSER",
    )
    for name in KINDS:
        browsing.open(name)
        for chart in tab.locator(".lr-chart").all():
            before = chart.locator("svg.marks").bounding_box()
            enliven(tab, chart)
            after = chart.locator("svg.marks").bounding_box()
            moved = [abs(before[side] - after[side]) for side in ("width", "height")]
            assert max(moved) <= 6, (name, moved)


def test_a_live_chart_is_as_accessible_as_a_drawn_one(visit):
    tab = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True).open(KINDS[0])
    for chart in tab.locator(".lr-chart").all():
        enliven(tab, chart)
        chart.locator("summary").click()
    assert not audit.faults(tab, ".lr-chart")


def test_the_pointer_on_a_cell_lights_up_its_row_and_column(visit):
    tab = visit(viewport={"width": 1280, "height": 1200}).open(KINDS[0])
    chart = enliven(tab, tab.locator("#fig-iso-notch-genes .lr-chart"))
    cells = chart.locator(".cells_marks path")
    assert set(opacities(chart, ".cells_marks path")) == {1}
    cells.first.hover(force=True)
    tab.wait_for_selector("#lr-tooltip.visible")
    assert "reported by" in tab.inner_text("#lr-tooltip")
    same = [
        row["column"] == "Tu et al. 2012"
        for row in next(d for d in spec_data(chart) if "who" in d[0])
    ]
    assert any(same) and not all(same)
    assert [o > DIMMED for o in opacities(chart, ".cells_marks path")] == same
    names = opacities(chart, ".rows_marks text")
    assert names[0] == 1 and max(names[1:]) < DIMMED
    tab.mouse.move(0, 0)
    tab.wait_for_function(
        "chart => [...chart.querySelectorAll('.cells_marks path')].every(p =>"
        " getComputedStyle(p).opacity === '1')",
        arg=chart.element_handle(),
    )
    label = chart.locator(".rows_marks text").nth(1)
    label.hover(force=True, position={"x": label.bounding_box()["width"] - 20, "y": 6})
    lit = [o > DIMMED for o in opacities(chart, ".cells_marks path")]
    assert sum(lit) == 1 and lit[1]


def spec_data(chart) -> list[list[dict]]:
    return list(json.loads(chart.locator(".lr-chart-spec").text_content())["datasets"].values())


def test_the_pointer_on_a_box_lights_up_its_links(visit):
    tab = visit(viewport={"width": 1280, "height": 1200}).open(KINDS[0])
    chart = enliven(tab, tab.locator("#fig-iso-notch-diagram .lr-chart"))
    links = next(data for data in spec_data(chart) if "path" in data[0])
    boxes = next(data for data in spec_data(chart) if "near" in data[0])
    place = next(n for n, box in enumerate(boxes) if box["full"] == "isopsoralen")
    chart.locator(".boxes_marks path").nth(place).hover()
    tab.wait_for_timeout(100)
    assert [o > DIMMED for o in opacities(chart, ".lines_marks path")] == [
        boxes[place]["node"] in (k["source"], k["target"]) for k in links
    ]
    assert [o > DIMMED for o in opacities(chart, ".boxes_marks path")] == [
        box["node"] in boxes[place]["near"] for box in boxes
    ]
    # a link itself: its claims, and nothing else in the light
    chart.locator(".links_marks path").first.dispatch_event("pointerover")
    tab.wait_for_timeout(100)
    assert sum(o > DIMMED for o in opacities(chart, ".lines_marks path")) == 1


@pytest.mark.parametrize("way", ["pointer", "keyboard"])
def test_an_entry_of_the_legend_leaves_its_kind_alone(visit, way):
    tab = visit(viewport={"width": 1280, "height": 1200}).open(KINDS[0])
    chart = enliven(tab, tab.locator("#fig-iso-notch-genes .lr-chart"))
    kinds = [row["kind"] for row in next(data for data in spec_data(chart) if "who" in data[0])]
    entry = chart.get_by_role("button", name="− decreased", exact=True)
    assert entry.get_attribute("aria-pressed") == "false"
    if way == "pointer":
        entry.click()
    else:
        entry.focus()
        tab.keyboard.press("Enter")
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(150)
    assert entry.get_attribute("aria-pressed") == "true"
    assert 0 < kinds.count("− decreased") < len(kinds)
    assert [o > DIMMED for o in opacities(chart, ".cells_marks path")] == [
        kind == "− decreased" for kind in kinds
    ]
    entry.click() if way == "pointer" else tab.keyboard.press("Enter")
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(150)
    assert set(opacities(chart, ".cells_marks path")) == {1}
    assert entry.get_attribute("aria-pressed") == "false"


def test_on_a_phone_row_labels_stay_in_sight_and_the_page_says_that_a_chart_scrolls(visit):
    tab = visit(viewport={"width": 360, "height": 760}).open(KINDS[0])
    chart = tab.locator("#fig-iso-notch-genes .lr-chart")
    box = chart.locator(".lr-chart-scroll")
    box.scroll_into_view_if_needed()
    assert chart.locator(".lr-chart-hint").is_visible()
    kept = (
        "box => { const r = box.querySelector('.lr-chart-rows').getBoundingClientRect(); return"
        " [r.left - box.getBoundingClientRect().left, r.width]; }"
    )
    for live in (False, True):
        if live:
            box.dispatch_event("click")
            tab.wait_for_function(
                "chart => chart.dataset.live === 'yes'", arg=chart.element_handle()
            )
        box.evaluate("box => { box.scrollLeft = 60; }")
        left, width = box.evaluate(kept)
        assert abs(left) < 1 and width > 100
        words = (
            "box => document.querySelector(box.querySelector('.lr-chart-rows"
            " use').getAttribute('href')).textContent"
        )
        assert "loss of NOTCH2" in box.evaluate(words)
    assert not tab.locator("#fig-iso-notch-pairs .lr-chart-hint").is_visible(), (
        "a chart that fits does not scroll"
    )


def rgb(colour: str) -> str:
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"


FILLS = "all => [...new Set(all.map(e => getComputedStyle(e).fill))]"


def test_colours_follow_the_theme_alive_or_drawn_and_paper_is_light(visit):
    tab = visit(color_scheme="dark", viewport={"width": 1280, "height": 1200}).open(KINDS[0])
    chart = tab.locator("#fig-iso-notch-genes .lr-chart")
    light = {rgb(COLOURS["increased"]), rgb(COLOURS["decreased"])}
    for live in (False, True):
        if live:
            enliven(tab, chart)
        dark_cells = set(chart.locator("svg.marks .cells_marks path").evaluate_all(FILLS))
        assert dark_cells and not dark_cells & light
        assert rgb(INK) not in chart.locator("svg.marks text").evaluate_all(FILLS)
        tab.emulate_media(media="print")
        assert light <= set(chart.locator("svg.marks .cells_marks path").evaluate_all(FILLS))
        assert rgb(INK) in chart.locator("svg.marks text").evaluate_all(FILLS)
        assert not chart.locator(".lr-chart-csv").is_visible()
        tab.emulate_media(media="screen")
        tab.evaluate("document.documentElement.dataset.theme = 'light'")
        assert light <= set(chart.locator("svg.marks .cells_marks path").evaluate_all(FILLS))
        tab.evaluate("document.documentElement.dataset.theme = 'dark'")


def test_long_names_are_read_in_full(book, with_charts):
    """No box of a diagram and no label of a row or column is cut; a head that leans may be, and its
    words are in the tooltip.
    """
    cut = []
    for name in with_charts:
        for chart in charts_of(book.page(name)):
            for data in drawn_data(chart):
                cut += [
                    (name, row["text"])
                    for row in data
                    if "text" in row
                    and isinstance(row["text"], list)
                    and row["text"][-1].endswith("…")
                ]
    assert not cut


def test_a_matrix_says_whom_its_rows_are_about(book):
    page = book.page("chapters/isopsoralen-notch.html")
    pairs = page.split('id="fig-iso-notch-pairs"', 1)[1].split("</figure>", 1)[0]
    assert "A row without an arrow is about isopsoralen." in pairs
    assert "Every row is about isopsoralen." in book.page(
        "chapters/isopsoralen-osteogenic-genes.html"
    )


def test_the_heaviest_page_of_charts_is_half_of_what_it_was(book):
    assert len(book.page("chapters/isopsoralen.html").encode()) < 545_000
