"""What the search is made from: names of things and the chapters that are about them; made anew
when pages change, and only then.
"""

import json

import pandas as pd

from livingreview.cli.jupyter_book import JUPYTER_BOOK
from livingreview.derive import search_names
from livingreview.sphinxext.search import _prepared, _words


def review(mechanisms: list[tuple], entities: list[tuple], glossary: list[tuple] = ()):
    """Tables of a review: mechanisms as (id, title, Chinese title, focus), entities as (id, label,
    Chinese label, synonyms).
    """
    return {
        "mechanisms": pd.DataFrame(mechanisms, columns=["mechanism", "label", "label_zh", "focus"]),
        "entities": (
            pd.DataFrame(entities, columns=["entity", "label", "label_zh", "synonyms"]).assign(
                curie="", curie_label="", match=""
            )
        ),
        "glossary": pd.DataFrame(glossary, columns=["term", "term_zh", "abbreviation", "entity"]),
    }


def test_a_thing_goes_by_its_labels_synonyms_and_glossary_terms_each_once():
    terms = [("RANK ligand", "受体配体", "RANKL", "tnfsf11"), ("cell", "细胞", "", "")]
    made = review([], [("tnfsf11", "RANKL (TNFSF11)", "受体配体", ["ODF"])], terms)
    assert search_names.of_entities(made) == {
        "tnfsf11": ["RANKL (TNFSF11)", "RANKL", "TNFSF11", "受体配体", "ODF", "RANK ligand"]
    }


def test_an_official_name_counts_where_it_means_the_same():
    made = review([], [("sugar", "sugar", "", []), ("sweet", "sweet", "", [])])
    made["entities"][["curie", "curie_label", "match"]] = [
        ["CHEBI:1", "sucrose", "exact"],
        ["CHEBI:2", "sweetener", "broad"],
    ]
    assert search_names.of_entities(made) == {
        "sugar": ["sugar", "sucrose", "CHEBI:1"],
        "sweet": ["sweet", "CHEBI:2"],
    }


def test_the_chapter_about_a_thing():
    entities = [
        ("osteoclast", "osteoclast", "破骨细胞", []),
        ("osteocyte", "osteocyte", "骨细胞", []),
        ("autophagy", "autophagy", "自噬", []),
        ("notch", "Notch", "", []),
        ("mouse", "mouse", "小鼠", []),
    ]
    mechanisms = [
        ("axis", "Macrophages and osteoclasts", "巨噬细胞与破骨细胞", "macrophage"),
        ("machinery", "How cells digest themselves", "细胞如何消化自身", "autophagy"),
        ("differentiation", "Osteoclast differentiation in the bone marrow", "破骨细胞分化", ""),
        ("autophagy-more", "Autophagy", "自噬", "autophagy"),
        ("notched", "A notched bone in osteocytes", "有切迹的骨", ""),
    ]
    order = [m[0] for m in mechanisms]
    about = search_names.chapters_of_entities(review(mechanisms, entities), order)
    assert about["osteoclast"] == "differentiation", (
        "a title that begins with the name goes before a shorter one"
    )
    assert about["autophagy"] == "machinery", (
        "the first chapter with that focus goes before every title"
    )
    assert about["osteocyte"] == "notched", "骨细胞 is not what 破骨细胞 speaks of"
    assert set(about) == {"macrophage", "autophagy", "osteoclast", "osteocyte"}, (
        "neither mice nor Notch, nor the focus of a chapter without one"
    )
    assert (
        search_names.chapters_of_entities(review(mechanisms, entities), order[:1])["osteoclast"]
        == "axis"
    ), "of the chapters that the book has"


PAGE = """<html><body><nav>side</nav><article class="bd-article"><section id="a">
<h1>NF-κB 通路<a class="headerlink" href="#a">#</a></h1><p>核因子κB，RANKL。</p>
<svg><text>drawn</text></svg>
<script type="application/json">{"spec": 1}</script>
<section id="b"><span id="x"></span><h2>More</h2>
<table class="t"><tr><td>row</td></tr></table></section>
<dl class="simple glossary"><dt>listed</dt></dl><div class="lr-index"><p>indexed</p></div>
<div class="citation-list"><p>prose</p>
<div class="citation lr-paper" id="zhu" role="listitem"><p>cited</p></div></div>
</section></article></body></html>"""


def test_a_page_is_prepared_with_anchors_and_chinese_by_the_character():
    made = _prepared(PAGE, 1)
    assert '<h1 id="a">' in made and '<h2 id="b">' in made
    assert "核 因 子 κB ， RANKL 。" in made
    assert not [
        word for word in ("side", "drawn", "spec", "listed", "indexed", "cited") if word in made
    ]
    assert '<table data-pagefind-weight="0.5"' in made
    assert {"nf-κb", "rankl", "more", "row", "prose"} <= set(_words(made)) and "核" not in _words(
        made
    )


def listed(project) -> dict:
    return json.loads(project.page("pagefind/names.json"))


def test_the_search_follows_the_data_and_costs_nothing_where_nothing_changed(toy_project):
    toy_project.build()
    stamp = toy_project.html / "pagefind" / "stamp"
    things = {(thing["kind"], thing["title"]): thing for thing in listed(toy_project)["things"]}
    assert (
        "A2AR" in things["chapter", "Adenosine blockade"]["names"]
        and "A2AR" in things["term", "ADORA2A"]["names"]
    )
    assert things["term", "caffeine"]["url"] == "chapters/glossary.html#term-caffeine"
    assert ("paper", "Sleep of mice that were never born") in things and (
        "table",
        "Every statement and its evidence.",
    ) in things
    assert "imaginary" not in listed(toy_project)["words"], (
        "a journal, so the bibliography has come into the text"
    )
    made = stamp.stat().st_mtime_ns
    (toy_project.html / "searchindex.js").write_text("left by an older build", encoding="utf-8")
    toy_project.build()
    assert stamp.stat().st_mtime_ns == made
    assert not (toy_project.html / "searchindex.js").exists()

    toy_project.edit(
        "data/entities.csv", "1,3,7-trimethylxanthine; theine", "1,3,7-trimethylxanthine; guaranine"
    )
    toy_project.edit(
        "chapters/body-clock.md", "# Body clock", "# Body clock\n\nAn unheard-of zeitgeber."
    )
    toy_project.build()
    assert stamp.stat().st_mtime_ns != made
    now = listed(toy_project)
    assert (
        next(t for t in now["things"] if t["title"] == "caffeine")["names"].count("guaranine") == 1
    )
    assert "zeitgeber" in now["words"]
    assert len(list((toy_project.html / "pagefind").glob("pagefind.*.pf_meta"))) == 1, (
        "the old index is left behind"
    )


def test_a_search_index_that_cannot_be_made_is_said_so_and_the_pages_are_there(toy_project):
    (toy_project.root / "pagefind_bin_extended.py").write_text(
        "def get_executable(): return '/nowhere/pagefind'\n", encoding="utf-8"
    )
    done = toy_project.run("-c", JUPYTER_BOOK, "build", ".")
    assert done.returncode == 0
    assert (
        "search index is not" in done.stderr + done.stdout
        and "/nowhere/pagefind" in done.stderr + done.stdout
    )
    assert toy_project.page("chapters/body-clock.html")
