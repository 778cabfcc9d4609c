"""The front page: the atlas reaches every mechanism, by pointer, keyboard and without JavaScript,
and its numbers are those of the data.
"""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest
import yaml


def table(book, name: str) -> list[dict]:
    with (book.root / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def mechanisms(book) -> list[dict]:
    return table(book, "mechanisms.csv")


def test_the_atlas_links_every_mechanism_once_in_order_without_javascript(visit, mechanisms):
    tab = visit(java_script_enabled=False).open("index.html")
    links = tab.locator(".lr-atlas a").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.textContent])"
    )
    assert links == [[f"chapters/{m['mechanism']}.html", m["label"]] for m in mechanisms]
    assert tab.locator(".lr-atlas [lang^=zh]").all_inner_texts() == [
        m["label_zh"] for m in mechanisms
    ]
    parts = list(dict.fromkeys(m["part"] for m in mechanisms))
    assert (
        tab.locator("h3:has(+ .lr-atlas)").evaluate_all("all => all.map(h => h.firstChild.data)")
        == parts
    )
    tab.locator(".lr-atlas a").nth(7).click()
    assert tab.url.endswith(f"/chapters/{mechanisms[7]['mechanism']}.html")


def test_the_atlas_is_walked_by_keyboard(visit, mechanisms):
    tab = visit().open("index.html")
    tab.locator(".lr-atlas a").first.focus()
    for mechanism in mechanisms:
        here = (
            "() => [document.activeElement.getAttribute('href'),"
            " getComputedStyle(document.activeElement.closest('li')).outlineStyle]"
        )
        assert tab.evaluate(here) == [f"chapters/{mechanism['mechanism']}.html", "solid"]
        tab.keyboard.press("Tab")
    tab.locator(".lr-atlas a").nth(3).focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/chapters/{mechanisms[3]['mechanism']}.html")


def test_the_numbers_of_a_tile_are_those_of_the_data(book, visit, mechanisms):
    tab = visit().open("index.html")
    tiles = tab.locator(".lr-atlas li").evaluate_all(
        "all => all.map(li => ({ note: li.querySelector('.lr-note').textContent, said:"
        " li.querySelector('svg').getAttribute('aria-label'), wide:"
        " [...li.querySelectorAll('rect')].map(r => Number(r.getAttribute('width'))) }))"
    )
    disagreements = [
        name.strip()
        for row in table(book, "disagreements.csv")
        for name in row["mechanisms"].split(";")
    ]
    certainties = set()
    for mechanism, tile in zip(mechanisms, tiles, strict=True):
        slug = mechanism["mechanism"]
        claims = len(table(book, f"claims/{slug}.csv"))
        assert re.match(rf"{claims}\sclaims?\b", tile["note"]), (slug, tile)
        assert (re.findall(r"(\d+)\sdisagreement", tile["note"]) or ["0"]) == [
            str(disagreements.count(slug))
        ], (slug, tile)
        assert sum(tile["wide"]) == claims == sum(map(int, re.findall(r"\d+", tile["said"]))), (
            slug,
            tile,
        )
        certainties |= set(re.findall(r"\d+ ([a-z ]+?)(?:,|$)", tile["said"]))
    assert certainties == {"high", "moderate", "low", "very low"}


def test_the_certainty_of_a_tile_is_that_of_its_chapter(book, visit):
    """The evidence table of a chapter shows a mark per row; claims with one row each are counted
    there.
    """
    tab = visit().open("index.html")
    said = tab.locator(
        ".lr-atlas li:has(a[href='chapters/isopsoralen-notch.html']) svg"
    ).get_attribute("aria-label")
    counts = {level: int(n) for n, level in re.findall(r"(\d+) ([a-z ]+?)(?:,|$)", said)}
    drawn = (
        book.page("chapters/isopsoralen-notch.html")
        .split('id="tab-isopsoralen-notch-evidence"', 1)[1]
        .split("</table>", 1)[0]
    )
    for level in ("high", "moderate", "low", "very low"):
        assert (level in counts) == (f"lr-certainty lr-{level.replace(' ', '-')}" in drawn), level


def test_what_the_editors_connect_stands_out(book, visit, mechanisms):
    tab = visit(viewport={"width": 1280, "height": 900}).open("index.html")
    near: dict[str, set[str]] = {m["mechanism"]: set() for m in mechanisms}
    for row in table(book, "connections.csv"):
        pair = [name.strip() for name in row["mechanisms"].split(";")]
        for name in pair:
            near[name] |= set(pair) - {name}
    assert sum(map(len, near.values())) == 2 * len(table(book, "connections.csv"))
    lit = (
        "() => [...document.querySelectorAll('.lr-atlas .lr-near a')].map(a =>"
        " a.getAttribute('href').slice(9, -5))"
    )
    for mechanism in mechanisms:
        tab.locator(f".lr-atlas a[href='chapters/{mechanism['mechanism']}.html']").focus()
        assert set(tab.evaluate(lit)) == near[mechanism["mechanism"]], mechanism["mechanism"]
    tab.evaluate("document.activeElement.blur()")
    assert not tab.evaluate(lit)
    busiest = max(near, key=lambda m: len(near[m]))
    tab.locator(f".lr-atlas li:has(a[href='chapters/{busiest}.html'])").hover()
    assert set(tab.evaluate(lit)) == near[busiest]


@pytest.mark.parametrize("width", [360, 1280])
def test_tiles_are_wide_enough_to_touch_and_stay_on_the_page(visit, width):
    tab = visit(viewport={"width": width, "height": 800}).open("index.html")
    boxes = tab.locator(".lr-atlas li").evaluate_all(
        "all => all.map(li => { const r = li.getBoundingClientRect(); return [r.left, r.right,"
        " r.height]; })"
    )
    assert min(left for left, _, _ in boxes) >= 0 and max(right for _, right, _ in boxes) <= width
    assert min(height for _, _, height in boxes) >= 44
    assert len({round(left) for left, _, _ in boxes}) >= 2, "tiles stand side by side"
    cut = tab.locator(".lr-atlas li").evaluate_all(
        "all => all.filter(li => li.scrollWidth > li.clientWidth + 1).map(li => li.textContent)"
    )
    assert not cut


def test_the_counts_are_those_of_the_data(book, visit, mechanisms):
    shown = (
        visit(java_script_enabled=False)
        .open("index.html")
        .locator(".lr-figures li")
        .all_inner_texts()
    )
    numbers = [int(re.search(r"\d+", text)[0]) for text in shown]
    evidence = [row for m in mechanisms for row in table(book, f"evidence/{m['mechanism']}.csv")]
    read = {row["citekey"] for row in evidence if row["basis"] != "reported"}
    retracted = len(
        re.findall(
            r"^\s*retracted\s*=",
            (book.root / "references.bib").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert numbers == [
        len(mechanisms),
        len(evidence),
        len(read),
        len(table(book, "disagreements.csv")),
        retracted,
        len(table(book, "errata.csv")),
    ]


def test_the_search_button_opens_the_search(visit):
    tab = visit().open("index.html")
    tab.locator("main .lr-search-open").click()
    assert tab.locator("dialog[open] input[type=search]").is_visible()


def test_what_is_new_and_how_to_cite_are_not_typed_twice(book):
    page = book.page("index.html")
    cff = yaml.safe_load((book.root / "CITATION.cff").read_text(encoding="utf-8"))
    cite = page.split('id="cite"', 1)[1]
    released = date.fromisoformat(str(cff["date-released"]))
    assert (
        f"{cff['title']}. Version {cff['version']}, {released.day} {released:%B %Y}" in cite
        and "@book{" in cite
    )
    version, day = re.search(
        r"^## (\S+) \((\d{4}-\d\d-\d\d)\)",
        (book.root / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    ).groups()
    new = page.split('id="what-is-new"', 1)[1].split("</section>", 1)[0]
    assert f"Version {version}</strong>, {day}" in new and new.count("<li>") >= 1
    source = (book.root / "index.md").read_text(encoding="utf-8")
    assert version not in source and day not in source
