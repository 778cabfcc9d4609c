"""Are two descriptions of one paper? Cases judged by hand."""

from __future__ import annotations

import pytest

from livingreview.contract.same_paper import Description, KnownPapers, Likeness, title_key

LATIN = "Autophagy protects osteocytes from oxidative stress in aged rats"
GREEK = "Psoralen reverses TNF-α-inhibited osteoblast differentiation through NF-κB"
CHINESE = "补骨脂素对去卵巢大鼠骨质疏松模型骨代谢的影响"
MIXED = "补骨脂素通过Wnt/β-catenin通路促进MC3T3-E1细胞成骨分化的研究"


def likeness(one: Description, other: Description) -> Likeness:
    """How alike the two are; the same whichever of them is known."""
    found = [KnownPapers([("k", a)]).find(b) for a, b in ((one, other), (other, one))]
    first, second = (match.likeness if match else Likeness.NONE for match in found)
    assert first is second
    return first


SAME_TITLE = {
    "case and full stop": (LATIN, LATIN.upper() + "."),
    "tags": (LATIN, "Autophagy protects <i>osteocytes</i> from oxidative stress in aged rats"),
    "tags that are escaped": (GREEK, GREEK.replace("TNF", "&lt;b&gt;TNF&lt;/b&gt;")),
    "entities": (LATIN + " & mice", LATIN + " &amp; mice"),
    "hyphens, dashes and blanks": (GREEK, GREEK.replace("-", "–").replace(" ", "  ")),
    "Greek letters by name": (GREEK, GREEK.replace("α", "alpha").replace("κ", "kappa")),
    "capital Greek letters": (GREEK, GREEK.replace("α", "Α")),
    "accents": (
        "Zoé Müller’s test of bone mass in old age",
        "Zoe Mullers test of bone mass in old age",
    ),
    "ligatures": ("The fine efficacy of office exercise", "The ﬁne eﬃcacy of oﬃce exercise"),
    "raised and lowered digits": (LATIN + " by Ca2+", LATIN + " by Ca<sup>2+</sup>"),
    "the same, as characters": (LATIN + " by Ca2+", LATIN + " by Ca²⁺"),
    "Chinese punctuation": (CHINESE, "《补骨脂素》对去卵巢大鼠，骨质疏松模型“骨代谢”的影响。"),
    "full-width letters": (MIXED, MIXED.replace("MC3T3-E1", "ＭＣ３Ｔ３－Ｅ１")),
    "brackets of a translated title": (LATIN, f"[{LATIN}]."),
}


@pytest.mark.parametrize("name", SAME_TITLE)
def test_one_title_in_two_spellings(name):
    one, other = SAME_TITLE[name]
    assert title_key(one) == title_key(other) != ""
    assert likeness(Description(one, "2020"), Description(other, "2020")) is Likeness.SAME


NOT_SURE = {
    "a small word more": (
        "Melatonin after an espresso nobody drank",
        "Melatonin after an espresso that nobody drank.",
        Likeness.LIKELY,
    ),
    "British and American": (
        "Oestrogen deficiency accelerates bone loss through autophagy",
        "Estrogen deficiency accelerates bone loss through autophagy",
        Likeness.LIKELY,
    ),
    "a particle more, in Chinese": (CHINESE, CHINESE.replace("模型", "模型的"), Likeness.LIKELY),
    "another animal": (LATIN, LATIN.replace("rats", "mice"), Likeness.ALIKE),
    "another animal, in Chinese": (CHINESE, CHINESE.replace("大鼠", "小鼠"), Likeness.ALIKE),
    "another cell": (LATIN, LATIN.replace("cytes", "clasts"), Likeness.ALIKE),
    "another number": (
        "Effects of BMP2 on the healing of bone in aged animals",
        "Effects of BMP4 on the healing of bone in aged animals",
        Likeness.ALIKE,
    ),
    "a longer number": (
        "Effects of IL-1 on the healing of bone in aged animals",
        "Effects of IL-17 on the healing of bone in aged animals",
        Likeness.ALIKE,
    ),
    "another Greek letter": (GREEK, GREEK.replace("α", "γ"), Likeness.ALIKE),
    "another pathway": (LATIN, LATIN.replace("oxidative stress", "serum"), Likeness.NONE),
    "another drug, in Chinese": (CHINESE, CHINESE.replace("补骨脂素", "淫羊藿苷"), Likeness.NONE),
    "another language": (LATIN, CHINESE, Likeness.NONE),
}


@pytest.mark.parametrize("name", NOT_SURE)
def test_two_titles_that_are_alike(name):
    one, other, expected = NOT_SURE[name]
    assert likeness(Description(one, "2020"), Description(other, "2020")) is expected


@pytest.mark.parametrize(
    "title",
    ["Osteoporosis", "Postmenopausal osteoporosis", "Editorial", "骨质疏松症", "绝经后骨质疏松症"],
)
def test_a_title_that_many_papers_have_tells_none(title):
    """A person may be asked; where the identifiers differ, not even that."""
    bare = Description(title, "2020")
    assert likeness(bare, bare) is Likeness.ALIKE
    one, other = Description(title, "2020", doi="10.5555/a"), Description(title, doi="10.5555/b")
    assert likeness(one, other) is Likeness.NONE
    assert likeness(bare, Description(title + " 2", "2020")) is Likeness.NONE


def test_papers_without_a_title_are_not_one_paper():
    assert likeness(Description(""), Description("")) is Likeness.NONE
    assert likeness(Description("—"), Description("…")) is Likeness.NONE


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ({"doi": "10.5555/ABC"}, {"doi": "https://doi.org/10.5555/abc."}, "doi"),
        ({"doi": "doi:10.5555/a&amp;b"}, {"doi": "10.5555/a&b"}, "doi"),
        ({"pmid": "PMID: 123"}, {"pmid": "123"}, "pmid"),
        ({"pmcid": "pmc77"}, {"pmcid": "PMC77"}, "pmcid"),
        ({"doi": "10.5555/a", "pmid": "1"}, {"doi": "10.5555/b", "pmid": "1"}, "pmid"),
    ],
)
def test_an_identifier_in_common_is_enough(one, other, by):
    known = KnownPapers([("k", Description(LATIN, "2020", **one))])
    match = known.find(Description(CHINESE, "1999", **other))
    assert match == known.same(Description(CHINESE, "1999", **other))
    assert (match.key, match.likeness, match.by) == ("k", Likeness.SAME, by)


def test_what_speaks_against_one_title():
    """A preprint and its paper have two DOIs; a guideline comes out anew under its name."""
    preprint = Description(LATIN, "2020", doi="10.5555/preprint")
    assert likeness(preprint, Description(LATIN, "2020", doi="10.5555/paper")) is Likeness.ALIKE
    assert likeness(preprint, Description(LATIN, "2020", pmid="1")) is Likeness.SAME
    assert likeness(preprint, Description(LATIN, "2022", pmid="1")) is Likeness.LIKELY
    assert likeness(preprint, Description(LATIN, "", pmid="1")) is Likeness.SAME


def test_the_likest_of_many_is_found():
    known = KnownPapers(
        [
            ("mice", Description(LATIN.replace("rats", "mice"), "2020")),
            ("rats", Description(LATIN, "2019")),
            ("chinese", Description(CHINESE, "2020")),
        ]
    )
    match = known.find(Description(LATIN, "2020"))
    assert (match.key, match.likeness, match.by) == ("rats", Likeness.LIKELY, "title")
    assert known.same(Description(LATIN, "2020")) is None
    assert known.find(Description(GREEK, "2020")) is None
    known.add("added", Description(LATIN, "2020"))
    assert known.find(Description(LATIN, "2020")).key == "added"
