"""references.bib: one damaged entry, one problem."""

from __future__ import annotations

import pytest

BIB = "references.bib"


def entry(key: str, fields: str = "doi = {10.5555/toy.9}", title: str = "{{T}}") -> str:
    return f"\n@article{{{key},\n  title = {title},\n  {fields}\n}}\n"


BROKEN = {
    "comma missing": (
        [("replace", BIB, "  year = {2015},", "  year = {2015}")],
        6, "", "", "broken BibTeX: syntax error",
    ),
    "brace missing": (
        [("replace", BIB, "caffeine in receptor cells that do not exist}}", "caffeine}")],
        11, "", "", "broken BibTeX: syntax error",
    ),
    "quote missing": (
        [("replace", BIB, "journal = {Annals of Fiction}", 'journal = "Annals of Fiction')],
        28, "", "", "broken BibTeX: syntax error",
    ),
    "key missing": (
        [("replace", BIB, "@article{robusta2018,", "@article{\n  title={{Sleep}},")],
        47, "", "@article{", "cannot be read (bibtexparser)",
    ),
    "field twice": (
        [("replace", BIB, "  year = {2015},", "  year = {2015},\n  year = {2015},")],
        1, "year", "", "has this field twice",
    ),
    "unknown macro": (
        [("replace", BIB, "  year = {2015},", "  month = brumaire,\n  year = {2015},")],
        5, "", "", "undefined string",
    ),
    "author with too many commas": (
        [("replace", BIB, "Robusta, Rosa", "Robusta, Rosa, Dr, MD, PhD")],
        48, "", "", "Too many commas",
    ),
    "brace too many": (
        [("replace", BIB, "keywords = {candidate},\n}", "keywords = {candidate},\n}}")],
        54, "", "}", "text outside any entry",
    ),
    "words outside": (
        [("replace", BIB, "@misc{", "to do: find the journal\n\n@misc{")],
        40, "", "to do: find the journal", "text outside any entry",
    ),
}  # fmt: skip

ENTRIES = {
    "unused": ([("append", BIB, entry("decaf2023"))], 56, "", "decaf2023", "nothing cites"),
    "key twice": (
        [("append", BIB, entry("lungo2020"))],
        56, "", "lungo2020", "already used in line 30.",
    ),
    "key in other capitals": (
        [("append", BIB, entry("Lungo2020"))],
        56, "", "Lungo2020", "already used in line 30, as 'lungo2020'",
    ),
    "key that cannot be cited": (
        [
            ("replace", file, "pfuehl2022", "pfuehl&2022")
            for file in (BIB, "data/sources.csv", "chapters/body-clock.md")
        ],
        40, "", "pfuehl&2022", "cannot hold",
    ),
    "unknown type": (
        [("replace", BIB, "@misc{", "@mics{")],
        40, "", "@mics", "type of entry", "misc",
    ),
    "title unbraced": (
        [
            (
                "replace", BIB, "{{Melatonin after an espresso nobody drank}}",
                "{Melatonin after an espresso}",
            ),
        ],
        22, "title", "Melatonin after an espresso", "double braces",
    ),
    "title braced in parts": (
        [
            (
                "replace", BIB, "{{Melatonin after an espresso nobody drank}}",
                "{{Melatonin} after {espresso}}",
            ),
        ],
        22, "title", "{Melatonin} after {espresso}", "double braces",
    ),
    "no title": (
        [("replace", BIB, "  title = {{[Rest in the afternoon]}},\n", "")],
        40, "title", "pfuehl2022", "no title",
    ),
    "year": (
        [("replace", BIB, "year = {2022}", "year = {in press}")],
        43, "year", "in press", "not a year",
    ),
    "DOI as address": (
        [("replace", BIB, "{10.5555/toy.2018.1}", "{https://doi.org/10.5555/toy.2018.1}")],
        52, "doi", "https://doi.org/10.5555/toy.2018.1", "not a DOI", "10.5555/toy.2018.1",
    ),
    "DOI with a blank": (
        [("replace", BIB, "{10.5555/toy.2018.1}", "{10.5555/toy. 2018}")],
        52, "doi", "10.5555/toy. 2018", "not a DOI", "10.5555/toy.",
    ),
    "DOI that is none": (
        [("replace", BIB, "{10.5555/toy.2018.1}", "{toy.2018.1}")],
        52, "doi", "toy.2018.1", "not a DOI",
    ),
    "DOI that is a script": (
        [("replace", BIB, "{10.5555/toy.2018.1}", "{javascript:alert(1)}")],
        52, "doi", "javascript:alert(1)", "not a DOI",
    ),
    "PMID": (
        [("replace", BIB, "{99900001}", "{PMID 99900001}")],
        7, "pmid", "PMID 99900001", "not a PubMed id", "99900001",
    ),
    "PMCID": (
        [("replace", BIB, "{PMC9990001}", "{9990001}")],
        36, "pmcid", "9990001", "not a PubMed Central id",
    ),
    "DOI twice": (
        [("replace", BIB, "{10.5555/toy.2018.1}", "{10.5555/TOY.2015.1}")],
        52, "doi", "10.5555/TOY.2015.1", "already there as 'arabica2015'",
    ),
    "PMID twice": (
        [("replace", BIB, "  pmcid = {PMC9990001},", "  pmid = {99900001},")],
        36, "pmid", "99900001", "already there as 'arabica2015'",
    ),
    "title twice": (
        [
            (
                "replace", BIB, "{{[Rest in the afternoon]}}",
                "{{Coffee and Sleep. An invented review}}",
            ),
            ("replace", BIB, "{2022}", "{2021}"),
        ],
        42, "title", "{Coffee and Sleep. An invented review}", "already there as 'bohne2021'",
    ),
    "title twice, in Chinese": (
        [
            ("replace", BIB, "{{[Rest in the afternoon]}}", "{{《咖啡》与失眠大鼠的睡眠时间}}"),
            (
                "replace", BIB, "{{Coffee and sleep: an invented review}}",
                "{{咖啡与失眠大鼠的睡眠时间}}",
            ),
            ("replace", BIB, "{2022}", "{2021}"),
        ],
        42, "title", "{《咖啡》与失眠大鼠的睡眠时间}", "already there as 'bohne2021'",
    ),
    "retracted by its title": (
        [("replace", BIB, "{{Sleep of mice", "{{RETRACTED: Sleep of mice")],
        49, "title", "{RETRACTED: Sleep of mice that were never born}",
        "field retracted is missing",
    ),
    "retracted in brackets": (
        [("replace", BIB, "{{Sleep of mice", "{{[Retracted] Sleep of mice")],
        49, "title", "{[Retracted] Sleep of mice that were never born}",
        "field retracted is missing",
    ),
    "retracted by its note": (
        [("replace", BIB, "keywords = {candidate}", "note = {Retraction notice seen}")],
        53, "note", "Retraction notice seen", "field retracted is missing",
    ),
    "retraction without notice": (
        [("replace", BIB, "{10.5555/toy.2020.9}", "{yes}")],
        27, "retracted", "yes", "not the DOI of a retraction notice",
    ),
    "flagged, not explained": (
        [("replace", BIB, "keywords = {candidate}", "retracted = {10.5555/toy.2020.8}")],
        53, "retracted", "robusta2018", "no disagreement of kind retracted",
    ),
    "byte order mark": (
        [("replace", BIB, "@article{arabica2015", "\ufeff@article{arabica2015")],
        1, "", "", "byte order mark",
    ),
    "merge conflict": (
        [("append", BIB, "<<<<<<< HEAD\n=======\n>>>>>>> main\n")],
        55, "", "<<<<<<< HEAD", "merge-conflict",
    ),
}  # fmt: skip

MISTAKES = {
    name: (edits, BIB, *expected) for name, (edits, *expected) in {**BROKEN, **ENTRIES}.items()
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_problem(toy, name):
    edits, *expected = MISTAKES[name]
    toy.break_(*edits).says(*expected)


def test_a_comment_between_entries_is_no_mistake(toy):
    toy.replace(BIB, "@misc{", "% the second review\n@misc{")
    assert toy.problems() == []


def test_a_missing_entry_is_reported_where_it_is_cited(toy):
    toy.drop("chapters/body-clock.md", "Nobody drank")
    toy.write(
        BIB,
        (toy.root / BIB)
        .read_text(encoding="utf-8")
        .replace("@misc{pfuehl2022", "@misc{pfuehl2023"),
    )
    assert [(p.file, p.line, p.value, p.nearest) for p in toy.problems()] == [
        ("data/sources.csv", 3, "pfuehl2022", "pfuehl2023"),
        (BIB, 40, "pfuehl2023", ""),
    ]


def test_a_broken_entry_hides_neither_the_mistakes_of_the_others_nor_makes_their_citations_wrong(
    toy,
):
    toy.replace(BIB, "  year = {2015},", "  year = {2015}")
    toy.replace(BIB, "{{Sleep of mice that were never born}}", "{Sleep of mice}")
    assert [(p.line, p.column) for p in toy.problems()] == [(6, ""), (49, "title")]


def test_both_parsers_are_asked(toy):
    """One forgives a missing comma, the other a missing key."""
    toy.replace(BIB, "  year = {2015},", "  year = {2015}")
    toy.replace(BIB, "@article{robusta2018,", "@article{\n  title={{Sleep}},")
    assert [("pybtex" in p.what, "bibtexparser" in p.what) for p in toy.problems()] == [
        (True, False),
        (False, True),
    ]
