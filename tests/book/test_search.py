"""The search: what readers type leads to what they mean, from any page, by mouse, keyboard and
screen reader, and loads nothing before.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urldefrag, urljoin

import audit
import pytest

from livingreview.review import load

ANSWERED = """q => {
  const where = document.querySelector("dialog[open]") ? "dialog *" : "main *";
  const box = document.querySelector(`form.lr-search:has(input[name=q]:is(${where}))`);
  const said = box.querySelector(".lr-search-status").textContent;
  const asked = "?q=" + encodeURIComponent(q);
  const all = box.querySelector(".lr-search-all");
  return said.startsWith("Nothing found") || all?.href.endsWith(asked);
}"""
OPTIONS = """all => all.map(o => ({
  href: o.href,
  kind: o.querySelector(".lr-kind")?.textContent,
  title: o.querySelector("b")?.textContent,
  text: o.textContent, group: o.closest("[role=group]").getAttribute("aria-label"),
}))"""


class Box:
    """The search box in its dialog, opened on a page."""

    def __init__(self, tab):
        self.tab = tab
        tab.keyboard.press("Control+k")
        self.input = tab.locator("dialog[open] input[name=q]")
        self.input.wait_for()

    @property
    def status(self) -> str:
        return self.tab.inner_text("dialog[open] .lr-search-status")

    def ask(self, query: str) -> list[dict]:
        """Type a query; its results (href, kind, title, text, group), without the link to all of
        them.
        """
        self.input.fill("")
        self.tab.wait_for_selector("dialog[open] .lr-search-results", state="hidden")
        self.input.fill(query)
        self.tab.wait_for_function(ANSWERED, arg=query)
        return self.tab.eval_on_selector_all(
            "dialog[open] [role=option]:not(.lr-search-all)", OPTIONS
        )


@pytest.fixture(scope="module")
def review(book):
    return load(book.root)


@pytest.fixture
def box(visit) -> Box:
    """The box, opened on a page below the root; the visit's errors are checked at the end."""
    browsing = visit()
    yield Box(browsing.open("chapters/gaps.html"))
    assert not browsing.wrong


def page_of(found: dict) -> str:
    return urldefrag(found["href"])[0].split("/book/", 1)[1]


MEANT = {
    "骨质疏松": "disease-burden",
    "自噬": "autophagy-machinery",
    "破骨细胞": "osteoclast-differentiation",
    "RANKL": "bone-remodelling",
    "TNFSF11": "bone-remodelling",
    "核因子κB": "isopsoralen-nf-kb",
    "NF-κB": "isopsoralen-nf-kb",
    "nfkb": "isopsoralen-nf-kb",
    "NF kappa B": "isopsoralen-nf-kb",
    "beta-catenin": "isopsoralen-wnt-beta-catenin",
    "TNF alpha": "tnf-oestrogen-oxidative-stress",
    "TNFa": "tnf-oestrogen-oxidative-stress",
    "白介素6": "il6-signalling",
    "骨髓干细胞": "autophagy-bmsc",
    "gut bacteria": "gut-microbiota",
    "estrogen deficiency": "autophagy-oestrogen-deficiency",
    "osteoclst": "osteoclast-differentiation",
    "Psoralen": "glossary",
}


def test_what_readers_type_leads_to_the_chapter_that_is_about_it(box):
    first = {query: page_of(box.ask(query)[0]) for query in MEANT}
    assert {q: page for q, page in first.items() if f"chapters/{MEANT[q]}" not in page} == {}


def test_every_chapter_is_first_by_its_title_in_both_languages(box, review):
    wrong = []
    for row in review.table("mechanisms").itertuples():
        for title in (row.label, row.label_zh):
            first = box.ask(title)[0]
            if page_of(first) != f"chapters/{row.mechanism}.html" or first["kind"] != "Chapter":
                wrong.append((title, first["title"]))
    assert not wrong


def test_entities_are_found_by_symbol_synonym_and_chinese_name(box, review):
    entities = review.table("entities")
    terms = review.table("glossary").drop_duplicates("entity").set_index("entity")["term"]
    names = {row.entity: [row.label, row.label_zh, *row.synonyms] for row in entities.itertuples()}
    owners: dict[str, set[str]] = {}
    for entity, own in names.items():
        for name in own:
            owners.setdefault(name.lower(), set()).add(entity)
    wrong = []
    for entity in [e for e in names if e in terms.index][::40]:
        for name in names[entity]:
            if name and owners[name.lower()] == {entity}:
                found = box.ask(name)[
                    :2
                ]  # the term, after the chapter that is about it where there is one
                if terms[entity] not in [one["title"] for one in found]:
                    wrong.append((name, [one["title"] for one in found]))
    assert not wrong


def test_papers_are_found_by_doi_and_by_author_with_year(box, review):
    papers = review.references
    signed = papers["authors"].map(lambda names: bool(names) and not names[0].startswith("["))
    papers = papers[signed & (papers["doi"] != "") & papers["year"].str.isdigit()]
    for paper in papers.iloc[:: len(papers) // 8].itertuples():
        first = box.ask(paper.doi)[0]
        assert (first["kind"], first["title"]) == ("Paper", paper.title)
        found = box.ask(f"{paper.authors[0]} {paper.year} {paper.title.split()[0]}")
        assert paper.title in [one["title"] for one in found], paper.short


def test_every_result_leads_to_a_place_that_is_there(box, address, pages):
    for query in ("autophagy", "骨细胞", "Wang", "evidence", "oxidative stress mitochondria"):
        found = box.ask(query)
        assert len(found) > 3, query
        for one in found:
            target, anchor = urldefrag(one["href"])
            page = unquote(target).removeprefix(address)
            assert page in pages and (not anchor or unquote(anchor) in pages[page].ids), one["href"]


def test_the_text_is_searched_by_section_with_the_words_marked(box):
    found = [one for one in box.ask("dentine") if one["group"] == "In the text"]
    assert found and all(" › " in one["text"] for one in found)
    marks = box.tab.eval_on_selector_all(
        "dialog[open] mark", "all => all.map(m => m.textContent.toLowerCase())"
    )
    assert marks and all("dentin" in mark for mark in marks)
    section = next(
        one["href"] for one in box.ask("dentine resorption") if one["group"] == "In the text"
    )
    box.tab.goto(section)
    text = box.tab.locator(f"section[id='{unquote(urldefrag(section)[1])}']").text_content()
    assert "dentine" in text and "resor" in text


def test_chinese_is_marked_as_the_phrase_that_was_asked_for(box):
    assert any(one["group"] == "In the text" for one in box.ask("破骨细胞"))
    marks = box.tab.eval_on_selector_all("dialog[open] mark", "all => all.map(m => m.textContent)")
    assert marks and all("破骨细胞" in mark for mark in marks)
    unmarked = box.tab.evaluate("""() => {
      const dialog = document.querySelector("dialog[open]"), found = [];
      const walk = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (/[\\u3400-\\u9fff]/.test(data) && !parentElement.closest("[lang=zh]")) found.push(data);
      }
      return found;
    }""")
    assert not unmarked, "Chinese that is not said to be Chinese"
    shown = box.tab.inner_text("dialog[open]")
    assert not re.search(r"[\u3400-\u9fff] [\u3400-\u9fff]", shown), (
        "the index's spaces between characters are shown"
    )


def test_a_misspelt_word_is_put_right_and_said_so(box):
    assert box.ask("glucocortocoid")[0]["title"] == box.ask("glucocorticoid")[0]["title"]
    box.ask("glucocortocoid")
    assert "for glucocorticoid" in box.status
    assert not box.ask("qwxzjkvq")
    assert "Nothing found for qwxzjkvq" in box.status


def test_nothing_is_loaded_before_the_box_is_opened(visit):
    browsing = visit()
    asked: list[str] = []
    browsing.tab.on("request", lambda request: asked.append(request.url))
    tab = browsing.open("chapters/gaps.html")
    assert asked and not [url for url in asked if "/pagefind/" in url]
    Box(tab).ask("autophagy")
    assert [url for url in asked if "/pagefind/" in url]
    assert any(worker.url.endswith("pagefind-worker.js") for worker in tab.workers), (
        "the page's policy keeps Pagefind from its worker"
    )
    assert not browsing.wrong


def test_the_keyboard_opens_chooses_follows_and_closes(visit, address):
    browsing = visit()
    tab = browsing.open("index.html")
    button = tab.locator(".search-button__button:visible").first
    button.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("dialog[open] input[name=q]:focus")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("dialog[open]", state="detached")
    assert button.evaluate("button => button === document.activeElement")
    found = Box(tab).ask("mitophagy")
    chosen = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))"
    assert tab.evaluate(
        f"[{chosen}.href, {chosen}.ariaSelected, document.activeElement.ariaExpanded]"
    ) == [found[0]["href"], "true", "true"]
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate(f"{chosen}.href") == found[1]["href"]
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    assert tab.evaluate(f"{chosen}.href") == f"{address}search.html?q=mitophagy"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url(found[0]["href"])
    Box(tab)
    tab.keyboard.type("rankl")
    tab.keyboard.press("Enter")  # before there is any result
    tab.wait_for_url(f"{address}search.html?q=rankl")
    tab.wait_for_selector("main [role=option]")
    assert not browsing.wrong


@pytest.mark.parametrize("how", ["keys", "button"])
def test_what_is_pressed_before_the_scripts_are_there_is_answered_when_they_are(visit, how):
    browsing = visit(viewport={"width": 390, "height": 800})
    tab, held = browsing.tab, []
    # Playwright marks what it is given, and a built-in method takes no mark.
    tab.route("**/livingreview.js*", lambda route: held.append(route))  # noqa: PLW0108
    tab.goto(browsing.address + "chapters/gaps.html", wait_until="load")
    while not held:
        tab.wait_for_timeout(50)
    if how == "keys":
        tab.keyboard.press("Control+k")
    else:
        tab.locator(".search-button__button:visible").click()
    assert not tab.locator("dialog[open]").count()
    held[0].continue_()
    tab.wait_for_selector("dialog[open] input[name=q]:focus")
    assert not browsing.wrong


def test_a_link_to_a_search_shows_its_results(visit, address):
    browsing = visit()
    tab = browsing.open(f"search.html?q={quote('破骨细胞')}")
    tab.wait_for_selector("main [role=option]")
    assert tab.input_value("main input[name=q]") == "破骨细胞"
    links = tab.eval_on_selector_all("main [role=option]", "all => all.map(o => o.href)")
    assert links[0] == urljoin(address, "chapters/osteoclast-differentiation.html")
    assert len(links) > 20  # more than the box shows
    tab.fill("main input[name=q]", "RANKL")
    tab.wait_for_url(f"{address}search.html?q=RANKL")
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("Control+k")
    assert (
        tab.evaluate("document.activeElement.name") == "q"
        and not tab.locator("dialog[open]").count()
    ), "two boxes on one page"
    assert not browsing.wrong


def test_without_javascript_the_page_of_results_says_what_is_the_matter(visit):
    tab = visit(java_script_enabled=False).open("search.html?q=RANKL")
    assert "needs JavaScript" in tab.inner_text("main")
    assert not tab.locator("input[name=q]:visible").count()


def test_opened_as_a_file_the_search_says_what_to_do(visit, book):
    browsing = visit(address=book.html.as_uri() + "/")
    tab = browsing.open("chapters/gaps.html")
    box = Box(tab)
    box.input.fill("RANKL")
    tab.wait_for_timeout(300)
    assert "python3 -m http.server" in box.status
    tab = browsing.open("search.html?q=RANKL")
    assert "python3 -m http.server" in tab.inner_text("main .lr-search-status")
    assert not [wrong for wrong in browsing.wrong if "pagefind" in wrong or "search" in wrong]


def test_what_cannot_be_loaded_is_said_and_the_rest_works(visit):
    browsing = visit()
    browsing.context.route("**/pagefind/*.pf_meta", lambda route: route.abort())
    box = Box(browsing.open("chapters/gaps.html"))
    assert page_of(box.ask("RANKL")[0]) == "chapters/bone-remodelling.html"
    assert "could not be searched" in box.status
    browsing = visit()
    browsing.context.route("**/pagefind/names.json", lambda route: route.abort())
    box = Box(browsing.open("chapters/gaps.html"))
    box.input.fill("RANKL")
    box.tab.wait_for_function(
        "() => document.querySelector('dialog[open] .lr-search-status').textContent.includes('could"
        " not be loaded')"
    )
    browsing.context.unroute("**/pagefind/names.json")
    assert box.ask("RANKL"), "it does not try again"


HOSTILE = [
    "<img src=x onerror=window.harmed=1>",
    "</script><script>window.harmed=2</script>",
    "\"'`${window.harmed=3}`'\"",
    '"',
    "javascript:window.harmed=4",
    "(((((((((((((((((((((((((((((a+)+)+",
    "🦴 🦴",
    "\\ / % %zz &amp; &lt;b&gt;",
    "..",
    "x" * 10_000,
    "破" * 10_000,
    "a b " * 3_000,
]


def test_whatever_is_typed_stays_text(box, visit):
    for query in HOSTILE:
        box.input.fill("")
        box.input.evaluate(
            "(input, text) => { input.value = text; input.dispatchEvent(new Event('input')); }",
            query,
        )
        box.tab.wait_for_function(
            "() => document.querySelector('dialog[open] .lr-search-status').textContent"
        )
    linked = visit()
    for query in HOSTILE:
        tab = linked.open(f"search.html?q={quote(query[:3000])}")
        tab.wait_for_function("() => document.querySelector('main .lr-search-status').textContent")
        assert tab.evaluate("window.harmed") is None and not tab.locator("img[src=x]").count()
    assert box.tab.evaluate("window.harmed") is None and not box.tab.locator("img[src=x]").count()
    assert box.ask("autophagy")
    assert not linked.wrong


def test_axe_finds_nothing_in_the_box_and_on_the_page_of_results(visit):
    browsing = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    tab = browsing.open("chapters/gaps.html")
    Box(tab).ask("破骨细胞 RANKL")
    assert not audit.faults(tab, "dialog[open]")
    tab = browsing.open("search.html?q=autophagy")
    tab.wait_for_selector("main [role=option]")
    assert not audit.faults(tab, "main")


def test_on_a_phone_the_box_fits_and_can_be_closed(visit):
    browsing = visit(viewport={"width": 360, "height": 640}, has_touch=True)
    tab = browsing.open("chapters/gaps.html")
    tab.locator(".search-button__button:visible").first.tap()
    tab.locator("dialog[open] input[name=q]").fill("RANKL")
    tab.wait_for_selector("dialog[open] [role=option]")
    boxes = "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right, r.height])"
    sizes = tab.eval_on_selector_all("dialog[open] :is([role=option], button, input)", boxes)
    assert all(left >= 0 and right <= 360 and height >= 24 for left, right, height in sizes)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.locator("dialog[open] .lr-search-close").tap()
    tab.wait_for_selector("dialog[open]", state="detached")
    assert not browsing.wrong


def test_there_is_one_search_in_the_site(book):
    assert not (book.html / "searchindex.js").exists()
    assert not list((book.html / "pagefind").glob("*ui*"))
    assert book.page("index.html").count('name="q"') == 1
