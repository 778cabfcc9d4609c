"""The review as seen from one entity, computed from the toy review."""

from __future__ import annotations

import pandas as pd
import pytest
from toy import review

from livingreview.checks import check
from livingreview.derive.glossary import address, slug
from livingreview.review import Review


def relations(review: Review, entity: str) -> set[tuple]:
    entry = next(e for e in review.entries if e.entity == entity)
    return {(r.heading, r.others, r.aspect, r.certainty, r.contested) for r in entry.relations}


def test_both_ends_of_a_claim_see_it():
    toy = review()
    assert ("lowers", (("adora2a", ""),), "activity", "very_low", False) in relations(
        toy, "caffeine"
    )
    assert ("activity lowered by", (("caffeine", ""),), "", "very_low", False) in relations(
        toy, "adora2a"
    )
    assert ("is a predicted target of", (("caffeine", ""),), "", "very_low", False) in relations(
        toy, "per2"
    )
    assert (
        "named as the route of",
        (("caffeine", ""), ("sleep-latency", "")),
        "",
        "moderate",
        False,
    ) in relations(toy, "adenosine")


def test_a_finding_against_the_claim_carries_no_certainty():
    """The review says that caffeine shortens sleep; the paper that was read saw no effect."""
    found = {r for r in relations(review(), "caffeine") if r[1] == (("sleep", ""),)}
    assert found == {("leaves unchanged", (("sleep", ""),), "", "", True)}


def test_loss_and_breakdown_are_not_what_the_entity_does():
    lost = relations(review(claims=("ado-c01", "perturbation", "loss")), "caffeine")
    assert ("loss of it lowers", (("adora2a", ""),), "activity", "very_low", False) in lost
    assert not [r for r in lost if r[0] == "lowers" and r[1] == (("adora2a", ""),)]
    broken = review(claims=("ado-c01", "aspect", "degradation"))
    assert (
        "raises",
        (("adora2a", ""),),
        "through less degradation",
        "very_low",
        False,
    ) in relations(broken, "caffeine")
    assert (
        "raised by",
        (("caffeine", ""),),
        "through less degradation",
        "very_low",
        False,
    ) in relations(broken, "adora2a")


def test_a_page_runs_again_for_what_it_shows_and_for_nothing_else():
    before = review().digest("glossary:")
    assert (
        review(evidence=("ado-e01", "duration", "seventeen nights")).digest("glossary:") == before
    )
    assert review(claims=("ado-c01", "direction", "increased")).digest("glossary:") != before
    assert (
        review(glossary=("caffeine", "definition_zh", "咖啡中的物质。")).digest("glossary:")
        != before
    )
    assert review(categories=("gene", "page", "glossary-genes")).digest("glossary:") != before


def test_names_of_one_entity_are_one_entry_with_an_address_each():
    toy = review(glossary=("neuron", "entity", "brain"))
    (entry,) = (e for e in toy.entries if e.entity == "brain")
    assert (entry.terms, entry.anchors) == (
        ("brain", "neuron"),
        ("term-brain", "term-neuron-word"),
    )  # term-neuron is that of the entity
    assert len(entry.definitions) == 2
    addresses = [anchor for e in toy.entries for anchor in e.anchors]
    assert len(addresses) == len(set(addresses)) == len(toy.table("glossary"))


def test_entries_stand_on_the_page_of_their_kind():
    toy = review(categories=("gene", "page", "glossary-genes"))
    assert [e["terms"] for e in toy.part("glossary:glossary-genes")["entries"]] == [
        ("ADORA2A",),
        ("PER2",),
    ]
    assert len(toy.part("glossary:")["entries"]) == len(toy.entries) - 2


def test_an_entity_of_a_kind_that_no_row_describes_stands_with_the_words():
    toy = review(
        categories=("gene", "page", "glossary-genes"), entities=("per2", "category", "unheard-of")
    )
    (entry,) = (e for e in toy.entries if e.entity == "per2")
    assert (entry.kind, entry.page) == ("", "")


def test_a_name_that_begins_with_a_sign_comes_before_the_letters():
    """As digits do: the index has them in one group."""
    toy = review(glossary=("sleep", "term", "[11C]sleep"))
    assert toy.entries[0].terms == ("[11C]sleep",)


def test_a_relation_names_the_other_by_its_term_or_its_label():
    def others(toy: Review) -> list[tuple]:
        (entry,) = (e for e in toy.part("glossary:")["entries"] if e["entity"] == "caffeine")
        return [other for relation in entry["relations"] for other in relation["others"]]

    assert ("ADORA2A", "ADORA2A", "") in others(review())
    assert ("", "ADORA2A", "") in others(review(glossary=("ADORA2A", "entity", "")))


def test_a_page_of_the_glossary_brings_the_titles_of_chapters():
    titles = review(mechanisms=("body-clock", "label", "The clock")).part("glossary:")["chapters"]
    assert titles == {"adenosine-blockade": "Adenosine blockade", "body-clock": "The clock"}


def test_the_index_has_what_it_shows_of_every_name():
    toy = review(categories=("gene", "page", "glossary-genes"))
    (found,) = (row for row in toy.glossary_names if row["terms"] == ("ADORA2A",))
    assert found == {
        "terms": ("ADORA2A",),
        "term_zh": "腺苷A2A受体",
        "abbreviation": "A2A",
        "kind": "gene or protein",
        "page": "glossary-genes",
    }
    assert len(toy.glossary_names) == len(toy.entries)


@pytest.mark.parametrize(
    ("term", "part"),
    [
        ("β-catenin", "beta-catenin"),
        ("T-score", "t-score"),
        ("PPARγ ", "ppargamma"),
        ("骨髓", "9aa8-9ad3"),
        ("<b>", "b"),
        ("bone\tcell", "bone-cell"),
    ],
)
def test_a_term_becomes_a_part_of_an_address(term, part):
    assert slug(term) == part


def test_an_identifier_becomes_an_address():
    urls = pd.Series({"CVCL": "https://example.org/CVCL_{id}"})
    assert address("CVCL:0123", urls) == "https://example.org/CVCL_0123"
    assert address("CVCL:a b&c/<", urls) == "https://example.org/CVCL_a%20b%26c%2F%3C"
    assert address("CVCL:0:1", urls) == "https://example.org/CVCL_0%3A1"
    assert address("NO:1", urls) == "" and address("", urls) == ""


def test_links_follow_a_term_that_moves_to_another_page(toy_project):
    page = (toy_project.root / "chapters" / "glossary.md").read_text(encoding="utf-8")
    (toy_project.root / "chapters" / "glossary-ions.md").write_text(
        page.replace("# Glossary", "# Ions").replace("glossary()", 'glossary("glossary-ions")'),
        encoding="utf-8",
    )
    toy_project.edit(
        "_toc.yml",
        "      - file: chapters/glossary\n",
        "      - file: chapters/glossary\n      - file: chapters/glossary-ions\n",
    )
    toy_project.build()
    assert 'href="glossary.html#term-adenosine"' in toy_project.page(
        "chapters/adenosine-blockade.html"
    )
    # the kind of adenosine gets the page, which was empty: no chapter is touched, and none runs
    toy_project.edit(
        "data/vocab/categories.csv",
        "metabolite or ion,biolink:SmallMolecule,CHEBI; MESH,",
        "metabolite or ion,biolink:SmallMolecule,CHEBI; MESH,glossary-ions",
    )
    assert "chapters/adenosine-blockade" not in toy_project.executed(toy_project.build())
    assert 'href="glossary-ions.html#term-adenosine"' in toy_project.page(
        "chapters/adenosine-blockade.html"
    )
    assert 'id="term-adenosine"' in toy_project.page("chapters/glossary-ions.html")
    assert 'id="term-adenosine"' not in toy_project.page("chapters/glossary.html")
    assert check(toy_project.root) == []
