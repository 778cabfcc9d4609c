"""Entities, cards and the bibliography in the built book: where links lead, what entries and cards
say, for every way of pointing.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import audit
import pytest
from bs4 import BeautifulSoup
from docutils.nodes import make_id

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "chapters/isopsoralen-notch.html"
RETRACTED = "chapters/isopsoralen-runx2-pparg.html"
GENES = "chapters/glossary-genes.html"
BIBLIOGRAPHY = "chapters/bibliography.html"

# Where identifiers lead, written down here a second time, by the sources' own pages.
IDENTIFIERS = {
    "HGNC": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:{}",
    "MESH": "https://meshb.nlm.nih.gov/record/ui?ui={}",
    "CVCL": "https://www.cellosaurus.org/CVCL_{}",
    "FPLX": "https://sorgerlab.github.io/famplex/{}",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_{}",
    **{
        ontology: f"http://purl.obolibrary.org/obo/{ontology}_{{}}"
        for ontology in ("GO", "CHEBI", "CL", "UBERON", "MONDO", "HP", "NCBITaxon")
    },
}
VERBS = {"increased": ("raises", "raised by"), "decreased": ("lowers", "lowered by")}
OPPOSITE = {"increased": "decreased", "decreased": "increased"}


def rows(path: str) -> list[dict]:
    """All rows of a table, or of a folder of them with the file's name as mechanism."""
    if not path.endswith("/"):
        return list(csv.DictReader((ROOT / "data" / path).open(encoding="utf-8", newline="")))
    return [
        {**row, "mechanism": file.stem}
        for file in sorted((ROOT / "data" / path).glob("*.csv"))
        for row in rows(f"{path}{file.name}")
    ]


def papers() -> dict[str, str]:
    """The text of every entry of the bibliography, by citekey."""
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    return dict(entry.split(",", 1) for entry in re.split(r"^@\w+\{", text, flags=re.MULTILINE)[1:])


@pytest.fixture(scope="module")
def entities() -> dict[str, dict]:
    return {row["entity"]: row for row in rows("entities.csv")}


@pytest.fixture(scope="module")
def entries(book) -> dict[str, tuple[str, BeautifulSoup]]:
    """Every entry of the glossary by its first address: page and definition."""
    found = {}
    for path in sorted((book.html / "chapters").glob("glossary-*.html")):
        for dt in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(
            "dl.lr-entries > dt"
        ):
            if dt.find_previous_sibling() is None or dt.find_previous_sibling().name == "dd":
                found[dt["id"]] = (f"chapters/{path.name}", dt.find_next_sibling("dd"))
    return found


def test_every_entity_has_one_entry_on_the_page_of_its_kind(entries, entities):
    pages = {
        row["category"]: f"chapters/{row['page']}.html" for row in rows("vocab/categories.csv")
    }
    assert {anchor: entries[anchor][0] for anchor in (f"term-{e}" for e in entities)} == {
        f"term-{e}": pages[row["category"]] for e, row in entities.items()
    }
    for row in rows("glossary.csv"):
        if row["entity"]:
            shown = entries[f"term-{row['entity']}"][1].get_text(" ", strip=True)
            assert row["term_zh"] in shown and row["definition_zh"] in shown, row["term"]
    assert len(entries) == len({row["entity"] or row["term"] for row in rows("glossary.csv")})


@pytest.mark.parametrize(
    "chapter", [CHAPTER, "chapters/psychological-stress.html", "chapters/autophagy-machinery.html"]
)
def test_links_of_terms_lead_to_the_right_entity(book, pages, entities, chapter):
    named = {
        form.lower(): row["entity"]
        for row in rows("glossary.csv")
        if row["entity"]
        for form in (row["term"], row["abbreviation"])
        if form
    }
    named |= {row["label"].lower(): entity for entity, row in entities.items()}
    checked = 0
    for link in BeautifulSoup(book.page(chapter), "html.parser").select(
        "article a:has(> .std-term)"
    ):
        page, _, anchor = unquote(link["href"]).partition("#")
        assert anchor in pages[f"chapters/{page}"].ids
        word = link.get_text().lower()
        entity = (
            named.get(word)
            or named.get(word.removesuffix("s"))
            or named.get(word.removesuffix("es"))
        )
        if entity:
            assert anchor == f"term-{entity}", (word, anchor)
            checked += 1
    assert checked >= 10


def test_relations_agree_with_the_claims(entries, entities):
    """What raises and what lowers what: recomputed from the rows, without the engine."""
    retracted = {key for key, entry in papers().items() if "retracted = {" in entry}
    downward = {
        row["aspect"] for row in rows("vocab/aspects.csv") if row["signor_up"].startswith("down")
    }
    chapters = {row["label"]: row["mechanism"] for row in rows("mechanisms.csv")}
    read = defaultdict(set)
    claims = {claim["claim_id"]: claim for claim in rows("claims/")}
    for row in rows("evidence/"):
        if row["basis"] != "reported" and row["citekey"] not in retracted:
            said = claims[row["claim_id"]]["direction"]
            turned = {
                "supports": said,
                "refutes": OPPOSITE.get(said, "not_stated"),
                "no_effect": "no_change",
            }
            read[row["claim_id"]].add(turned[row["support"]])
    expected = set()
    for claim in claims.values():
        if claim["predicate"] != "affects":
            continue
        for found in read.get(claim["claim_id"], {claim["direction"]}):
            direction = OPPOSITE.get(found, found) if claim["aspect"] in downward else found
            if direction in VERBS:
                acts, undergoes = VERBS[direction]
                own = {"loss": "loss of it ", "gain": "gain of it "}.get(claim["perturbation"], "")
                theirs = f"{claim['perturbation']} of " if claim["perturbation"] else ""
                expected.add(
                    (claim["subject"], own + acts, "", claim["object"], claim["mechanism"])
                )
                expected.add(
                    (claim["object"], undergoes, theirs, claim["subject"], claim["mechanism"])
                )
    shown = set()
    for entity in entities:
        for group in entries[f"term-{entity}"][1].select(".lr-relation"):
            heading = group.p.get_text().lower()
            verb = next(
                (
                    v
                    for v in itertools.chain(*VERBS.values())
                    if heading.endswith(v)
                    and "raised and" not in heading
                    and "raises and" not in heading
                ),
                None,
            )
            own = heading.removesuffix(verb) if verb in ("raises", "lowers") else ""
            for item in group.select("li") if verb else ():
                links = item.select("a")
                for link in links[1:]:
                    other = links[0]["href"].rpartition("#term-")[2]
                    theirs = item.get_text().split(links[0].get_text())[0]
                    shown.add((entity, own + verb, theirs, other, chapters[link.get_text()]))
    assert len(shown) > 3000
    assert shown == expected


def test_contradicted_relations_are_marked_and_certainty_is_that_of_the_claim(entries):
    (item,) = [
        i
        for g in entries["term-notch-pathway"][1].select(".lr-relation")
        if g.p.get_text() == "Lowered by"
        for i in g.select("li")
        if "isopsoralen" in i.get_text()
    ]
    assert item.select_one(".lr-contradicted").get_text() == "contradicted"
    marks = {span.get_text() for _, dd in entries.values() for span in dd.select(".lr-sure")}
    assert marks - {"high"} == {"very low", "low", "moderate"}


def test_identifiers_lead_to_their_sources(entries, entities):
    sample = {}
    for entity, row in entities.items():
        if row["curie"]:
            sample.setdefault(row["curie"].partition(":")[0], (entity, row["curie"]))
    assert set(sample) == set(IDENTIFIERS)
    for prefix, (entity, curie) in sample.items():
        link = entries[f"term-{entity}"][1].select_one(".lr-note a.external")
        assert link["href"] == IDENTIFIERS[prefix].format(
            curie.partition(":")[2]
        ) and link.get_text().startswith(f"{curie} ")


def test_no_page_of_the_glossary_weighs_more_than_120_kilobytes(book):
    weights = {
        path.name: len(gzip.compress(path.read_bytes(), 6))
        for path in (book.html / "chapters").glob("glossary*.html")
    }
    assert len(weights) == 9 and max(weights.values()) < 120_000, weights


def test_print_has_names_definitions_and_identifiers_and_leaves_the_relations_out(latex_source):
    assert (
        "Transcription factor without which mesenchymal cells" in latex_source
        and "HGNC:10472" in latex_source
    )
    assert (
        "Expression raised by" not in latex_source
        and "named as the route" not in latex_source.lower()
    )


def test_an_address_opens_its_entry(visit):
    tab = visit(viewport={"width": 390, "height": 800}).open(f"{GENES}#term-runx2")
    tab.wait_for_timeout(300)
    box = tab.locator("#term-runx2").bounding_box()
    assert 0 <= box["y"] <= 400, box


# Cards

CARD = ".lr-card"


def definition(term: str) -> dict:
    return next(row for row in rows("glossary.csv") if row["term"] == term)


def term_link(tab, term: str = "isopsoralen"):
    link = tab.locator(f"article p > a.internal:has(> .std-term:text-is('{term}'))").first
    link.scroll_into_view_if_needed()
    return link


def fetched(tab) -> list[str]:
    names = tab.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    return sorted(name.rpartition("/")[2] for name in names if "/cards-" in name)


def test_the_mouse_gets_a_card_that_it_can_move_onto(visit):
    browsing = visit(viewport={"width": 1280, "height": 900})
    tab = browsing.open(CHAPTER)
    assert fetched(tab) == []
    link, told = term_link(tab), definition("isopsoralen")
    link.hover()
    tab.wait_for_selector(CARD)
    card = tab.locator(CARD)
    for words in (told["term"], told["term_zh"], told["definition"], told["definition_zh"]):
        assert words in card.inner_text()
    assert card.locator("[lang=zh-Hans]").all_inner_texts() == [
        told["term_zh"],
        told["definition_zh"],
    ]
    card.hover()
    tab.wait_for_timeout(600)
    assert card.is_visible()
    tab.mouse.move(5, 5)
    tab.wait_for_selector(CARD, state="detached")
    tab.locator("article .bibtex-citation a").first.hover()
    tab.wait_for_selector(CARD)
    link.hover()
    tab.locator(CARD, has_text=told["definition"]).wait_for()
    assert fetched(tab) == ["cards-papers.js", "cards-terms.js"]
    link.click()
    tab.wait_for_url("**/glossary-compounds.html#term-isopsoralen")
    assert not browsing.wrong


def test_the_keyboard_gets_a_card_and_escape_closes_it(visit):
    browsing = visit()
    tab = browsing.open(CHAPTER)
    citation = tab.locator("article p .bibtex-citation a:text('Zhu')").first
    citation.scroll_into_view_if_needed()
    tab.keyboard.press("Tab")  # from now on the reader is at the keyboard
    citation.focus()
    tab.wait_for_selector(CARD)
    card = tab.locator(CARD)
    for words in (
        "Isopsoralen promotes osteogenic differentiation of human jawbone marrow",
        "Zhu, Wang, Ma, Zhou, Zhang",
        "2023",
        "Annals of Anatomy",
        "Record verified",
    ):
        assert words in card.inner_text()
    assert tab.evaluate(
        "document.activeElement.getAttribute('aria-describedby')"
    ) == card.get_attribute("id")
    tab.keyboard.press("Tab")
    assert (
        tab.evaluate("document.activeElement.href") == "https://doi.org/10.1016/j.aanat.2023.152156"
    )
    tab.keyboard.press("Escape")
    assert card.count() == 0
    assert tab.evaluate("document.activeElement.textContent").startswith("Zhu")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Tab")
    tab.wait_for_selector(CARD)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    assert (
        citation.get_attribute("aria-describedby") is None
        and citation.locator("+ .lr-card").count() == 0
    )
    assert not browsing.wrong


def test_a_tap_opens_the_card_whose_link_leads_on(visit):
    browsing = visit(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    tab = browsing.open(CHAPTER)
    link = term_link(tab)
    link.tap()
    tab.wait_for_selector(CARD)
    assert tab.url.endswith(CHAPTER)
    tab.locator("h1").tap()
    tab.wait_for_selector(CARD, state="detached")
    link.tap()
    tab.locator(f"{CARD} a").first.tap()
    tab.wait_for_url("**/glossary-compounds.html#term-isopsoralen")
    assert not browsing.wrong


def test_cards_stay_within_a_window_of_360_pixels(visit):
    tab = visit(viewport={"width": 360, "height": 640}).open(CHAPTER)
    tab.keyboard.press("Tab")
    for link in [
        *tab.locator("article p a:has(> .std-term)").all()[:12],
        *tab.locator("article p .bibtex-citation a").all()[:12],
    ]:
        link.scroll_into_view_if_needed()
        link.focus()
        tab.wait_for_selector(CARD)
        box = tab.locator(CARD).bounding_box()
        assert (
            box["x"] >= 0
            and box["x"] + box["width"] <= 360
            and box["y"] >= 0
            and box["y"] + box["height"] <= 640
        ), box
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        tab.keyboard.press("Escape")


def test_without_javascript_the_links_lead_on(visit):
    tab = visit(java_script_enabled=False).open(CHAPTER)
    term_link(tab).click()
    assert tab.url.endswith("glossary-compounds.html#term-isopsoralen")


def test_axe_finds_nothing_on_cards(visit):
    browsing = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    for name, link in (
        (CHAPTER, "article p > a.internal:has(> .std-term)"),
        (RETRACTED, "a.lr-retracted"),
    ):
        tab = browsing.open(name)
        tab.locator(link).first.hover()
        tab.wait_for_selector(CARD)
        assert not audit.faults(tab, CARD), name


# Bibliography


def test_every_paper_has_its_citekey_as_address(book, pages, visit):
    shown = {
        paper["id"]
        for paper in BeautifulSoup(book.page(BIBLIOGRAPHY), "html.parser").select(".lr-paper")
    }
    assert shown <= {make_id(key) for key in papers()} and len(shown) > 300
    linked = {
        link.rpartition("#")[2]
        for page in pages.values()
        for link in page.links
        if "bibliography.html#" in link
    }
    assert linked <= shown and len(linked) > 300
    tab = visit(viewport={"width": 390, "height": 800}).open(f"{BIBLIOGRAPHY}#zhu2023notch")
    tab.wait_for_timeout(300)
    paper = tab.locator("#zhu2023notch")
    assert (
        "through Notch signaling pathway" in paper.inner_text()
        and 0 <= paper.bounding_box()["y"] <= 400
    )


def test_a_retracted_paper_says_so_where_it_is_cited_on_its_card_and_in_the_bibliography(
    latex_source, visit
):
    browsing = visit()
    tab = browsing.open(RETRACTED)
    link = tab.locator("a.lr-retracted").first
    assert link.inner_text() == "Wang et al., 2017, retracted"
    link.scroll_into_view_if_needed()
    link.hover()
    tab.wait_for_selector(CARD)
    assert tab.locator(f"{CARD} .lr-is-retracted").inner_text().lower() == "retracted"
    assert (
        tab.locator(f"{CARD} a:text('notice')").get_attribute("href")
        == "https://doi.org/10.3892/ijmm.2022.5207"
    )
    tab = browsing.open(BIBLIOGRAPHY)
    tab.select_option(".lr-filter select", "lr-is-retracted")
    kept = tab.locator(".lr-paper:visible")
    retracted = {make_id(key) for key, entry in papers().items() if "retracted = {" in entry}
    assert {kept.nth(n).get_attribute("id") for n in range(kept.count())} == retracted
    assert tab.locator(".lr-filter [role=status]").inner_text().startswith(f"{len(retracted)} of ")
    assert kept.last.locator(".lr-mark.lr-is-retracted").is_visible()
    assert "2017, retracted" in latex_source


def test_the_bibliography_and_the_names_can_be_searched(visit):
    browsing = visit()
    tab = browsing.open(BIBLIOGRAPHY)
    tab.fill(".lr-filter input", "zhu jawbone 2023")
    assert tab.locator(".lr-paper:visible").count() == 1
    tab.evaluate("location.hash = 'wang2017adiposity'")  # a link to what is filtered out
    tab.wait_for_selector("#wang2017adiposity", state="visible")
    tab = browsing.open("chapters/glossary.html")
    tab.fill(".lr-filter input", "破骨细胞前体")
    names = tab.locator(".lr-index li:visible a").all_inner_texts()
    assert "osteoclast precursor" in names and len(names) < 10
    assert not browsing.wrong


def test_cards_and_entries_show_markup_as_text(toy_project, serve, visit):
    project = toy_project
    harm = "<img src=x onerror=window.harmed=1> `x` **bold** [press](javascript:window.harmed=2)"
    project.edit("data/glossary.csv", "What coffee is drunk for.", harm)
    project.edit("data/entities.csv", "theine", f"theine {harm}")
    project.edit("references.bib", "Falling asleep after 200 mg", f"Falling {harm} asleep")
    project.build()
    browsing = visit(address=serve(project.html), bypass_csp=True)
    tab = browsing.open("chapters/glossary.html")
    assert tab.locator("#term-caffeine + dd").inner_text().count(harm) == 2
    tab = browsing.open("chapters/adenosine-blockade.html")
    for link in (
        "article a[href='glossary.html#term-caffeine']",
        "article a[href='bibliography.html#lungo2020']",
    ):
        tab.locator(link).first.scroll_into_view_if_needed()
        tab.locator(link).first.hover()
        tab.wait_for_selector(CARD)
        assert harm in tab.locator(CARD).inner_text(), link
        tab.keyboard.press("Escape")
    assert tab.evaluate("window.harmed") is None and not tab.locator("img[src=x]").count()
