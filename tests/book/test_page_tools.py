"""Finding one's way and taking a page along: side bar, trail, citations, notebooks, links to the
repository, and what the site tells the world.
"""

from __future__ import annotations

import csv
import json
import re
import struct
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import audit
import bibtexparser
import nbformat
import pytest
import yaml
from playwright.sync_api import expect

from livingreview.display.citation import words

CHAPTER = "chapters/il6-signalling"
REPOSITORY = "https://github.com/someone/coffee"
BASE = "https://someone.example/book/"
HOSTILE = "Body & soul <b>50%</b> </script><script>window.harmed=1</script>"


def head(text: str) -> dict[str, str]:
    """Meta elements of a page by name or property, with the canonical address as ``canonical``."""
    found = {
        name: unescape(content)
        for name, content in re.findall(
            r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text
        )
    }
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', text)
    return found | ({"canonical": canonical[0]} if canonical else {})


def structured(text: str) -> list[dict]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(data)["@graph"]


def of_the_contents(project) -> list[str]:
    """Paths of the pages in the contents, the front page first."""

    def names(chapters: list[dict]):
        for chapter in chapters:
            yield chapter["file"]
            yield from names(chapter.get("sections", []))

    contents = yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))
    return [
        f"{name}.html"
        for name in [
            contents["root"],
            *(name for part in contents["parts"] for name in names(part["chapters"])),
        ]
    ]


def publish(project) -> None:
    config = project.root / "_config.yml"
    config.write_text(
        config.read_text(encoding="utf-8")
        + f"repository:\n  url: {REPOSITORY}\n  branch: trunk\nhtml:\n  baseurl:"
        f" {BASE.rstrip('/')}\nlogo: logo.svg\n",
        encoding="utf-8",
    )
    (project.root / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4"'
        ' r="3"/></svg>',
        encoding="utf-8",
    )
    (project.root / "CITATION.cff").write_text(
        "title: Coffee and sleep\nversion: 3.1\ndate-released: 2026-03-02\nlicense:"
        " CC-BY-4.0\nauthors: [{name: The Coffee Group}]\n",
        encoding="utf-8",
    )
    project.edit("chapters/body-clock.md", "# Body clock\n", f"# {HOSTILE.replace('<', '&lt;')}\n")


@pytest.fixture(scope="session")
def published(variant):
    """The toy review with the addresses of site and repository set, a citation file, a logo, and a
    title that tries to get out.
    """
    return variant("published", publish)


# where a page stands


def test_the_part_of_the_page_is_open_and_parts_fold_by_keyboard(visit):
    for scripts in (True, False):
        tab = visit(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts).open(
            f"{CHAPTER}.html"
        )
        parts = tab.locator(".lr-part")
        assert parts.count() >= 6
        opened = tab.locator(".lr-part[open]")
        assert opened.count() == 1 and opened.locator("summary").inner_text() == "Chronic stress"
        assert opened.locator("[aria-current=page]").inner_text() == tab.locator(
            "h1"
        ).inner_text().removesuffix("#")
        assert tab.locator("[aria-current=page]").count() == 2  # the second is the end of the trail
        opened.locator("summary").focus()
        tab.keyboard.press("Enter")
        assert tab.locator(".lr-part[open]").count() == 0
        parts.last.locator("summary").focus()
        tab.keyboard.press("Space")
        parts.last.locator("a", has_text="Glossary").click()
        assert tab.locator("h1").inner_text().startswith("Glossary")


def test_the_side_bar_holds_every_page_once(book, pages):
    for name in (f"{CHAPTER}.html", "index.html"):
        nav = re.search(r'<nav class="[^"]*lr-contents.*?</nav>', book.page(name), re.DOTALL)[0]
        base = Path(name).parent
        linked = [
            (base / href).as_posix() if href != "#" else name
            for href in re.findall(r'href="([^"]*)"', nav)
        ]
        linked = [str(Path("/" + link).resolve().relative_to("/")) for link in linked]
        assert linked == of_the_contents(book), name


def test_the_trail_leads_home_and_to_the_part(book, pages):
    contents = yaml.safe_load((book.root / "_toc.yml").read_text(encoding="utf-8"))
    for part in contents["parts"]:
        for chapter in part["chapters"]:
            name = f"{chapter['file']}.html"
            trail = re.search(r'<nav class="lr-trail".*?</nav>', book.page(name), re.DOTALL)[0]
            steps = [
                (unescape(title), href)
                for href, title in re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', trail)
            ]
            if (
                chapter == part["chapters"][0] and len(steps) == 1
            ):  # this chapter stands for the part
                assert f"<li><span>{part['caption']}</span></li>" in trail, name
                steps.append((part["caption"], Path(name).name))
            (home, home_address), (caption, part_address) = steps
            assert (home, caption) == ("Home", part["caption"]), name
            assert home_address == "../index.html"
            page, _, section = part_address.partition("#")
            if section:
                assert page == "../index.html" and section in pages["index.html"].ids
            else:
                assert f"chapters/{page}" == f"{part['chapters'][0]['file']}.html"
    assert "lr-trail" not in book.page("index.html")


def test_previous_and_next_follow_the_contents(visit, book):
    order = of_the_contents(book)
    place = order.index(f"{CHAPTER}.html")
    tab = visit().open(f"{CHAPTER}.html")
    for selector, name in ((".left-prev", order[place - 1]), (".right-next", order[place + 1])):
        assert tab.locator(selector).evaluate("a => a.href").endswith(name)


def test_links_to_headings_tables_and_figures_show_when_focused(visit):
    tab = visit().open(f"{CHAPTER}.html")
    for holder in ("h2", "caption", "figcaption"):
        link = tab.locator(f"{holder} a.headerlink").first
        assert link.evaluate("a => getComputedStyle(a).opacity") == "0", holder
        link.scroll_into_view_if_needed()
        if holder == "caption":
            tab.wait_for_selector(
                ".lr-table-tools"
            )  # a long table gets them when it comes into sight, and the focus passes them
        link.focus()
        tab.keyboard.press("Shift+Tab")
        tab.keyboard.press("Tab")
        assert (
            link.evaluate("a => document.activeElement === a && getComputedStyle(a).opacity") == "1"
        ), holder
        assert tab.locator(link.get_attribute("href").replace(":", r"\:")).count() == 1


def test_a_new_title_reaches_pages_that_nobody_touched(toy_project):
    before = toy_project.page("chapters/body-clock.html")
    toy_project.build()  # so that Sphinx knows the folder, and the next build reads one page
    toy_project.edit("chapters/glossary.md", "# Glossary", "# Words explained")
    toy_project.build()
    after = toy_project.page("chapters/body-clock.html")
    assert "Words explained" in after and "Words explained" not in before


# taking a page along


def test_every_page_can_be_cited(book):
    told = yaml.safe_load((book.root / "CITATION.cff").read_text(encoding="utf-8"))
    for name in of_the_contents(book):
        stem = name.removesuffix(".html")
        text = (book.html / "_cite" / f"{stem}.bib").read_text(encoding="utf-8")
        library = bibtexparser.parse_string(text)
        assert not library.failed_blocks and len(library.entries) == 1, name
        fields = {key: field.value for key, field in library.entries[0].fields_dict.items()}
        heading = unescape(
            re.sub(
                r"<a class=\"headerlink.*|<[^>]+>",
                "",
                re.search(r"<h1>(.*?)</h1>", book.page(name), re.DOTALL)[1],
            )
        )
        assert fields["title"].strip("{}").replace(r"\&", "&") == heading, name
        assert told["version"] in fields["note"] and fields["year"] == str(
            told["date-released"].year
        )
        assert "doi" not in fields or told.get("doi")
        raw = (book.html / "_cite" / f"{stem}.ris").read_bytes()
        lines = raw.decode().split("\r\n")
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert lines[0].startswith("TY  - ") and lines[-2:] == ["ER  - ", ""]
        assert f"TI  - {heading}" in lines and f"AU  - {told['authors'][0]['name']}," in lines


def test_copying_gives_what_the_file_holds(visit, book):
    browsing = visit(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    tab = browsing.open(f"{CHAPTER}.html")
    tab.locator(".lr-tool summary", has_text="Cite").click()
    for kind, suffix in (("BibTeX", "bib"), ("RIS", "ris")):
        tab.get_by_role("button", name=f"Copy {kind}").click()
        expect(tab.locator(".lr-copied")).to_have_text(f"{kind} copied.")
        assert tab.evaluate("navigator.clipboard.readText()") == (
            book.html / "_cite" / f"{CHAPTER}.{suffix}"
        ).read_text(encoding="utf-8")
        with tab.expect_download() as download:
            tab.get_by_role("link", name=f"Download .{suffix}").click()
        assert download.value.suggested_filename == f"{Path(CHAPTER).name}.{suffix}"
    assert not browsing.wrong


@pytest.mark.parametrize("width", [1280, 360])
def test_panels_open_and_close_by_keyboard_and_stay_on_the_screen(visit, width):
    browsing = visit(viewport={"width": width, "height": 760})
    tab = browsing.open(f"{CHAPTER}.html")
    for tool in tab.locator(".lr-tool").all():
        summary, panel = tool.locator("summary"), tool.locator(".lr-panel")
        assert not panel.is_visible()
        summary.focus()
        tab.keyboard.press("Enter")
        box = panel.bounding_box()
        assert (
            box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 760
        )
        tab.keyboard.press("Tab")
        assert tool.evaluate("tool => tool.contains(document.activeElement)")
        tab.keyboard.press("Escape")
        assert not panel.is_visible()
        assert summary.evaluate("summary => document.activeElement === summary")
    tab.locator(".lr-tool summary").first.click()
    tab.mouse.click(width - 5, 755)
    assert tab.locator(".lr-tool[open]").count() == 0
    assert not browsing.wrong


def test_the_foot_leads_to_the_citation_and_the_licence(visit):
    tab = visit().open(f"{CHAPTER}.html")
    foot = tab.locator(".bd-footer-content")
    assert (
        foot.locator("a[rel=license]").get_attribute("href")
        == "https://creativecommons.org/licenses/by/4.0/"
    )
    for _ in range(2):  # the second time the address does not change
        foot.get_by_role("link", name="How to cite").click()
        tab.wait_for_selector(".lr-cite >> visible=true")
        tab.keyboard.press("Escape")
        assert not tab.locator(".lr-cite").is_visible()


def test_without_a_script_the_panels_open_and_offer_only_what_works(visit):
    tab = visit(java_script_enabled=False).open(f"{CHAPTER}.html")
    for tool in tab.locator(".lr-tool").all():
        tool.locator("summary").click()
        assert tool.locator(".lr-panel a").first.is_visible()
    assert tab.locator(".lr-tools button:visible").count() == 0


def test_without_a_script_a_phone_has_the_contents_below_the_page(visit):
    tab = visit(java_script_enabled=False, viewport={"width": 360, "height": 760}).open(
        f"{CHAPTER}.html"
    )
    tab.get_by_role("link", name="Contents", exact=True).click()
    part = tab.locator(".lr-part summary", has_text="Isopsoralen")
    part.click()
    link = tab.locator(".lr-part a", has_text="Notch")
    box = link.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    link.click()
    assert tab.locator("h1").inner_text().startswith("Notch")


def test_axe_finds_nothing_in_the_panels(visit):
    tab = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True).open(f"{CHAPTER}.html")
    for number in range(tab.locator(".lr-tool").count()):
        tab.evaluate("number => document.querySelectorAll('.lr-tool')[number].open = true", number)
        assert not audit.faults(tab, ".lr-tools")
        tab.evaluate("number => document.querySelectorAll('.lr-tool')[number].open = false", number)


COLOUR = re.compile(r'"(?:var\(--lr-chart-[a-z-]+\)|#[0-9a-f]{6})"')
TABLE = re.compile(r'(class="lr-chart-csv" href=")([^"]*)')


def test_notebooks_hold_what_the_pages_show(book):
    checked = charts = 0
    for name in of_the_contents(book):
        stem = name.removesuffix(".html")
        path, page = book.html / "_notebooks" / f"{stem}.ipynb", book.page(name)
        stored = book.root / "_build" / ".executed" / f"{stem}.outputs.json"
        assert path.is_file() == stored.is_file() == (f"_notebooks/{stem}.ipynb" in page), name
        if not path.is_file():
            continue
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert not any("{eval}`" in cell.source for cell in notebook.cells), name
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        told = [
            output
            for cell in json.loads(stored.read_text(encoding="utf-8"))["cells"]
            for output in cell
        ]
        for output, was in zip(outputs, told, strict=True):
            table = was["metadata"].pop("text/csv", None) if "metadata" in was else None
            if not table:
                assert output == was, name
                continue
            # A chart: the same, but for colours by value and a table that the link itself holds.
            html, before = output["data"].pop("text/html"), was["data"].pop("text/html")
            assert output == was, name
            assert "var(--lr-chart" not in html and before.partition("</svg>")[0] in page
            assert TABLE.sub(r"\1", COLOUR.sub("", html)) == TABLE.sub(
                r"\1", COLOUR.sub("", before)
            )
            assert unquote(TABLE.search(html)[2]) == f"data:text/csv;charset=utf-8,{table}"
            charts += 1
        assert (
            len(
                [
                    html
                    for o in told
                    if 'class="lr-chart"' in (html := o.get("data", {}).get("text/html", ""))
                ]
            )
            == 0
        ), "every chart has its table"
        checked += 1
    assert checked > 5 and charts > 10


def test_a_notebook_is_written_again_with_its_chapter_and_no_other(toy_project):
    toy_project.build()
    folder = toy_project.html / "_notebooks" / "chapters"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.ipynb")}
    assert {"body-clock.ipynb", "adenosine-blockade.ipynb"} <= set(before)
    table = toy_project.root / "data" / "key_messages.csv"
    with table.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    row = next(row for row in rows if row[header.index("mechanism")] == "body-clock")
    row[header.index("message")] = "Something else altogether."
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    toy_project.build()
    assert "Something else altogether." in (folder / "body-clock.ipynb").read_text(encoding="utf-8")
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.ipynb")}
    assert after["body-clock.ipynb"] > before["body-clock.ipynb"]
    assert after["adenosine-blockade.ipynb"] == before["adenosine-blockade.ipynb"]


def test_a_chapter_says_near_its_top_how_fresh_it_is(book):
    with (book.root / "data" / "mechanisms.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["mechanism"] == Path(CHAPTER).name)
    opening = book.page(f"{CHAPTER}.html").split('id="key-messages"')[0]
    assert f"Literature searched on {words(date.fromisoformat(row['searched_on']))}" in opening
    assert words(date.fromisoformat(row["reviewed_on"])) in opening
    assert re.search(
        r'<p><span class="[^"]*" lang="zh-Hans">' + re.escape(row["summary_zh"][:12]), opening
    )


# paper

INK = """() => {
  const words = '.bd-article :is(p, li, td, h2), .bd-article .lr-chart svg text';
  return [...document.querySelectorAll(words)].map(e => {
    const style = getComputedStyle(e);
    const colour = e.namespaceURI.endsWith('svg') ? style.fill : style.color;
    return [colour, e.textContent.slice(0, 30)];
  });
}"""


def test_on_paper_a_dark_page_is_black_on_white_and_whole(visit):
    tab = visit(viewport={"width": 658, "height": 900}, color_scheme="dark").open(f"{CHAPTER}.html")
    tab.evaluate(
        "document.querySelector('.bd-article').insertAdjacentHTML('beforeend',"
        " '<details><summary>More</summary><p id=folded>text</p></details>')"
    )
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    for selector in (
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        ".bd-header-article",
        ".lr-trail",
        ".prev-next-footer",
        "h2 a.headerlink",
        "button >> nth=0",
    ):
        assert not tab.locator(selector).first.is_visible(), selector
    assert (
        tab.locator("h1").is_visible()
        and tab.locator(".bd-footer-content").is_visible()
        and tab.locator("#folded").is_visible()
    )
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for colour, text in tab.evaluate(INK):
        levels = [int(level) for level in re.findall(r"\d+", colour)[:3]]
        assert sum(levels) < 450 or levels == [255, 255, 255], (
            colour,
            text,
        )  # white: the signs in filled cells
    cut = tab.evaluate(
        "() => [...document.querySelectorAll('.bd-article .lr-chart, .bd-article"
        " .pst-scrollable-table-container, .bd-article table')].filter(e => e.scrollHeight >"
        " e.clientHeight + 2 && getComputedStyle(e).overflowY !== 'visible' ||"
        " e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert cut == 0
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details:has(#folded)[open]").count() == 0


# the repository and the site's address


def test_links_to_the_repository_appear_with_its_address(published, built_toy):
    page = published.page("chapters/adenosine-blockade.html")
    links = [unescape(link) for link in re.findall(rf'href="({re.escape(REPOSITORY)}[^"]*)"', page)]
    assert links.count(REPOSITORY) == 1
    assert links.count(f"{REPOSITORY}/edit/trunk/chapters/adenosine-blockade.md") == 1
    reports = [link for link in links if "/issues/new?" in link]
    assert len(reports) == 2  # in the header and in the foot
    assert "chapters/adenosine-blockade" in parse_qs(urlsplit(reports[0]).query)["title"][0]
    assert f"{REPOSITORY}/edit/trunk/intro.md" in published.page("intro.html")
    for path in built_toy.html.rglob("*.html"):
        if "_static" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "github.com" not in text and "Report an error" not in text, path


def test_addresses_are_absolute_once_the_site_has_one(published):
    pages = of_the_contents(published)
    for name in pages:
        told = head(published.page(name))
        assert told["canonical"] == told["og:url"] == BASE + name
        card = published.html / unquote(told["og:image"].removeprefix(BASE))
        content = card.read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", content[16:24]) == (
            1200,
            630,
        ), name
        assert told["og:title"] and told["og:type"] == (
            "website" if name == "intro.html" else "article"
        )
        cited = (published.html / "_cite" / name.replace(".html", ".ris")).read_text(
            encoding="utf-8"
        )
        assert f"UR  - {BASE}{name}\n" in cited
    assert len(
        {(published.html / "_cards" / name.replace(".html", ".png")).read_bytes() for name in pages}
    ) == len(pages)


def test_the_site_map_lists_every_page_after_a_build_of_one(toy_project):
    publish(toy_project)
    toy_project.build()

    def listed() -> list[str]:
        tree = ElementTree.parse(toy_project.html / "sitemap.xml")
        return sorted(loc.text for loc in tree.iterfind("{*}url/{*}loc"))

    everything = sorted(BASE + name for name in of_the_contents(toy_project))
    assert listed() == everything
    cards = {path: path.stat().st_mtime_ns for path in toy_project.html.glob("_cards/**/*.png")}
    toy_project.edit("intro.md", "A review that nobody wrote", "A review that no one wrote")
    toy_project.build()
    assert listed() == everything
    assert {
        path: path.stat().st_mtime_ns for path in toy_project.html.glob("_cards/**/*.png")
    } == cards
    assert f"Sitemap: {BASE}sitemap.xml" in (toy_project.html / "robots.txt").read_text(
        encoding="utf-8"
    )


def test_without_an_address_nothing_absolute_is_said(built_toy):
    for name in of_the_contents(built_toy):
        told = head(built_toy.page(name))
        assert told["description"] and told["og:title"] and told["og:type"]
        assert not {"canonical", "og:url", "og:image"} & set(told)
    assert (
        not (built_toy.html / "sitemap.xml").exists() and not (built_toy.html / "_cards").exists()
    )
    assert "Sitemap" not in (built_toy.html / "robots.txt").read_text(encoding="utf-8")


def test_a_title_is_text_wherever_it_goes(published, serve, visit):
    page = published.page("chapters/body-clock.html")
    (chapter,) = structured(page)
    assert chapter["name"] == HOSTILE == head(page)["og:title"]
    library = bibtexparser.parse_string(
        (published.html / "_cite" / "chapters" / "body-clock.bib").read_text(encoding="utf-8")
    )
    assert r"\& soul" in library.entries[0]["title"] and r"50\%" in library.entries[0]["title"]
    browsing = visit(address=serve(published.html), bypass_csp=True)
    for name in of_the_contents(published):
        tab = browsing.open(name)
        assert tab.evaluate("window.harmed") is None, name
    tab = browsing.open("chapters/body-clock.html")
    assert HOSTILE in tab.locator(".lr-contents [aria-current=page]").inner_text()
    assert HOSTILE in tab.locator(".lr-trail").inner_text()
    assert tab.title() == f"{HOSTILE} — Coffee and sleep"


def test_the_front_page_describes_the_book_and_its_data(book):
    page = book.page("index.html")
    things = {thing["@type"]: thing for thing in structured(page)}
    contract = json.loads((book.root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert (
        things["Dataset"]["description"] == contract["description"]
        and things["Book"]["license"] == things["Dataset"]["license"]
    )
    title = yaml.safe_load((book.root / "_config.yml").read_text(encoding="utf-8"))["title"]
    assert f"<title>{title}</title>" in page


def test_descriptions_are_english_and_of_the_page_itself(book):
    found = {}
    for name in of_the_contents(book):
        words_of_page = head(book.page(name)).get("description", "")
        assert len(re.findall(r"[\u3400-\u9fff]", words_of_page)) <= len(words_of_page) / 10, (
            name
        )  # a name in Chinese may occur
        found.setdefault(words_of_page, []).append(name)
    found.pop("", None)
    assert all(len(names) == 1 for names in found.values()), found
    assert len(found) >= 0.8 * len(of_the_contents(book))


@pytest.mark.parametrize("lost", ["nowhere.html", "chapters/deep/er/nowhere.html"])
def test_a_lost_reader_finds_home_and_search_at_any_depth(published, serve, visit, lost):
    browsing = visit(address=serve(published.html))
    tab = browsing.tab
    answer = tab.goto(browsing.address + lost)
    assert answer.status == 404 and tab.locator("h1").inner_text() == "Page not found"
    assert tab.locator("svg").bounding_box()["width"] < 120
    assert all(
        "status of 404" in wrong for wrong in browsing.wrong
    )  # that of the page itself, and nothing that it asks for
    tab.get_by_role("link", name="Search").click()
    assert tab.url == f"{browsing.address}search.html"
    tab.go_back()
    tab.get_by_role("link", name="Front page").click()
    assert tab.url == f"{browsing.address}intro.html" and tab.locator("h1").inner_text().startswith(
        "Coffee and sleep"
    )


def test_pages_that_are_none_of_the_book_stay_out_of_search_engines(book, pages):
    for name in set(pages) - set(of_the_contents(book)):
        assert head(book.page(name)).get("robots") == "noindex", name
