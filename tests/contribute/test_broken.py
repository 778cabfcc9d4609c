"""Broken contributions to the book itself: all mistakes at once, each named with its place and its
cure, and nothing else.
"""

from __future__ import annotations

import re
import shutil

import pytest

from livingreview.checks import check

BIB, CLAIMS, EVIDENCE = "references.bib", "data/claims/mitophagy.csv", "data/evidence/mitophagy.csv"
ENTITIES, GLOSSARY, CITATIONS, GAPS = (
    "data/entities.csv",
    "data/glossary.csv",
    "data/citations.csv",
    "data/gaps.csv",
)
CHAPTER = "chapters/mitophagy.md"


def cell(file, key, **cells):
    return lambda clone: clone.set(file, key, **cells)


def text(file, old, new):
    return lambda clone: clone.replace(file, old, new)


#: What was done, and what the check must say of it: file, column, a part of what is wrong, a part
#: of the cure or the nearest value.
ROWS = {
    "column of another kind": (
        cell(EVIDENCE, "mito-e03", hedged="yes"),
        EVIDENCE,
        "hedged",
        "neither true nor false",
        "'true'",
    ),
    "unknown gene, near miss": (
        cell(CLAIMS, "mito-c15", object="pinkl"),
        CLAIMS,
        "object",
        "no entity 'pinkl'",
        "'pink1'",
    ),
    "alias instead of symbol": (
        cell(CLAIMS, "mito-c05", subject="RANKL"),
        CLAIMS,
        "subject",
        "Did you mean tnfsf11",
        "'tnfsf11'",
    ),
    "Chinese word in an id": (
        cell(CLAIMS, "mito-c07", subject="线粒体自噬"),
        CLAIMS,
        "subject",
        "no entity",
        "add it to data/entities.csv",
    ),
    "direction in words": (
        cell(CLAIMS, "mito-c33", direction="up"),
        CLAIMS,
        "direction",
        "no such value",
        "increased, decreased",
    ),
    "direction left out": (
        cell(CLAIMS, "mito-c34", direction=""),
        CLAIMS,
        "direction",
        "a value is required",
        "Use one of",
    ),
    "aspect left out": (
        cell(CLAIMS, "mito-c35", aspect=""),
        CLAIMS,
        "aspect",
        "needs an aspect",
        "data/vocab/aspects.csv",
    ),
    "statement left out": (
        cell(CLAIMS, "mito-c36", statement=""),
        CLAIMS,
        "statement",
        "a value is required",
        "English sentence",
    ),
    "markup in a cell": (
        cell(CLAIMS, "mito-c37", statement="Mice without <i>Pink1</i> have less bone."),
        CLAIMS,
        "statement",
        "markup ('<i>')",
        "plain text",
    ),
    "script in a cell": (
        cell(CLAIMS, "mito-c38", statement="<script>alert(1)</script>"),
        CLAIMS,
        "statement",
        "markup ('<script>')",
        "plain text",
    ),
    "citation to a paper that is not there": (
        cell(EVIDENCE, "mito-e39", citekey="lee2021pink"),
        EVIDENCE,
        "citekey",
        "references.bib has no citekey",
        "'lee2021pink1'",
    ),
    "design in words": (
        cell(EVIDENCE, "mito-e41", study_design="mouse study"),
        EVIDENCE,
        "study_design",
        "study_designs.csv has no",
        "Correct it",
    ),
    "basis of the editors": (
        cell(EVIDENCE, "mito-e62", basis="reported"),
        EVIDENCE,
        "basis",
        "read themselves",
        "'abstract_read'",
    ),
    "section that the review has not": (
        cell(EVIDENCE, "mito-e01", section="9.9"),
        EVIDENCE,
        "section",
        "no such section",
        "Use one of",
    ),
    "reference number of two": (
        cell(EVIDENCE, "mito-e02", reference_number="43, 44"),
        EVIDENCE,
        "reference_number",
        "not a whole number",
        "digits only",
    ),
    "number out of range": (
        cell(EVIDENCE, "mito-e04", reference_number="430"),
        EVIDENCE,
        "reference_number",
        "prints the numbers 1 to 98",
        "Correct the number",
    ),
    "claim that is not there": (
        cell(EVIDENCE, "mito-e61", claim_id="mito-c999"),
        EVIDENCE,
        "claim_id",
        "no claim_id",
        "mito-c",
    ),
    "dose with its unit": (
        cell(EVIDENCE, "mito-e60", dose="10 µM", dose_unit="µM"),
        EVIDENCE,
        "dose",
        "'10 µM'",
        "unit goes to dose_unit",
    ),
    "date for a gene: SEPT2": (
        cell(ENTITIES, "sqstm1", synonyms="2-Sep"),
        ENTITIES,
        "synonyms",
        "spreadsheet",
        "Type what was meant",
    ),
    "date for a gene: MARCH1": (
        cell(ENTITIES, "becn1", label="1-Mar"),
        ENTITIES,
        "label",
        "spreadsheet",
        "Type what was meant",
    ),
    "date for a range": (
        cell("data/quantities.csv", "burden-q-890w-2", date="2026-13-40", value="10-Jan"),
        "data/quantities.csv",
        "value",
        "spreadsheet",
        "Type what was meant",
    ),
    "category invented": (
        cell(ENTITIES, "hypoxia", category="stress"),
        ENTITIES,
        "category",
        "no category",
        "Correct it",
    ),
    "identifier of another thing": (
        cell(ENTITIES, "melatonin", curie="CHEBI:27732"),
        ENTITIES,
        "curie",
        "no such identifier",
        "Look the identifier up",
    ),
    "term twice": (
        text(GLOSSARY, "\nsarcopenia,", "\nmitophagy,"),
        GLOSSARY,
        "term",
        "already used",
        "a value of its own",
    ),
    "no Chinese": (
        cell(GLOSSARY, "bone mineral content", term_zh=""),
        GLOSSARY,
        "term_zh",
        "a value is required",
        "Fill it in",
    ),
    "confidence in per cent": (
        cell(CITATIONS, "stress 2", confidence="30"),
        CITATIONS,
        "confidence",
        "not between 0 and 1",
        "0 to 1",
    ),
    "verified without a paper": (
        cell(CITATIONS, "stress 1", status="verified", confidence="0.9"),
        CITATIONS,
        "citekey",
        "names its paper",
        "Give the citekey",
    ),
    "day in another order": (
        cell("data/mechanisms.csv", "gut-microbiota", searched_on="22.11.2026"),
        "data/mechanisms.csv",
        "searched_on",
        "not a day",
        "year-month-day",
    ),
    "part that is not there": (
        cell("data/mechanisms.csv", "mitophagy", part="Autophagie"),
        "data/mechanisms.csv",
        "part",
        "no part with this caption",
        "'Autophagy'",
    ),
    "list with commas": (
        cell("data/key_messages.csv", "burden-m2", claims="burden-c12, burden-c29"),
        "data/key_messages.csv",
        "claims",
        "no claim_id",
        "'; '",
    ),
    "DOI of another paper": (
        text(BIB, "doi = {10.1186/s13287-021-02656-4}", "doi = {10.1186/s12929-019-0544-7}"),
        BIB,
        "doi",
        "already there as 'abdallah2019auraptene'",
        "Cite 'abdallah2019auraptene'",
    ),
    "DOI as an address": (
        text(
            BIB,
            "doi = {10.4049/jimmunol.1400970}",
            "doi = {https://doi.org/10.4049/jimmunol.1400970}",
        ),
        BIB,
        "doi",
        "not a DOI",
        "'10.4049/jimmunol.1400970'",
    ),
    "retracted paper without a word": (
        text(
            BIB,
            "  keywords = {editors},\n  seen = {https://pmc.ncbi.nlm.nih.gov/articles/PMC8614054}",
            "  note = {Retracted in 2026},\n  keywords = {editors},\n  seen ="
            " {https://pmc.ncbi.nlm.nih.gov/articles/PMC8614054}",
        ),
        BIB,
        "note",
        "field retracted is missing",
        "retracted = {DOI of the notice}",
    ),
    "title without braces": (
        text(
            BIB,
            "{{Regulation of osteoclast homeostasis and inflammatory bone loss by MFG-E8}}",
            "{Regulation of osteoclast homeostasis and inflammatory bone loss by MFG-E8}",
        ),
        BIB,
        "title",
        "double braces",
        "capitals",
    ),
    "citation misspelt in a chapter": (
        text(CHAPTER, "{cite:p}`goupink1`", "{cite:p}`gupink1`"),
        CHAPTER,
        "",
        "no such key",
        "'goupink1'",
    ),
    "term misspelt in a chapter": (
        text(CHAPTER, "{term}`SIRT3`", "{term}`SIRT33`"),
        CHAPTER,
        "",
        "no such term",
        "'SIRT3'",
    ),
    "link to no page": (
        text(CHAPTER, "(exercise-autophagy.md)", "(exercise-autophagie.md)"),
        CHAPTER,
        "",
        "no such page",
        "'exercise-autophagy.md'",
    ),
    "data of another chapter": (
        text(
            "chapters/gut-microbiota.md",
            'lr.chapter("gut-microbiota")',
            'lr.chapter("gut-microbiotta")',
        ),
        "chapters/gut-microbiota.md",
        "",
        "no such mechanism",
        "'gut-microbiota'",
    ),
    "cell that is not closed": (
        text("chapters/bone-remodelling.md", "ch.opening()\n```\n", "ch.opening()\n"),
        "chapters/bone-remodelling.md",
        "",
        "not closed",
        "",
    ),
    "chapter twice in the contents": (
        text(
            "_toc.yml",
            "chapters/gut-microbiota\n",
            "chapters/gut-microbiota\n      - file: chapters/mitophagy\n",
        ),
        "_toc.yml",
        "file",
        "already listed",
        "List it once",
    ),
}


def write(file, change):
    def edit(clone):
        path = clone.root / file
        path.write_bytes(change(path.read_bytes()))

    return edit


FILES = {
    "byte order mark": (
        write("data/claims/gut-microbiota.csv", lambda b: b"\xef\xbb\xbf" + b),
        "data/claims/gut-microbiota.csv",
        "",
        "byte order mark",
        "make format",
    ),
    "Windows line ends": (
        write("data/claims/mitophagy.csv", lambda b: b.replace(b"\n", b"\r\n")),
        CLAIMS,
        "",
        "CRLF",
        "make format",
    ),
    "semicolons": (
        write(GAPS, lambda b: b.replace(b",", b";")),
        GAPS,
        "",
        "separated by semicolons",
        "make format",
    ),
    "half a row": (
        write(EVIDENCE, lambda b: b + b"mito-e99,mito-c01,editors,,\n"),
        EVIDENCE,
        "",
        "the row has 5 cells",
        "missing commas",
    ),
    "a row in two lines": (
        write(
            "data/evidence/gut-microbiota.csv",
            lambda b: (
                b
                + b"gut-e99,gut-c01,editors,,,goupink1,abstract_read,\n"
                + b"supports,in_vitro,mouse,,bone,,not_stated,,,,,,,,false,false,\n"
            ),
        ),
        "data/evidence/gut-microbiota.csv",
        "",
        "broken in two lines",
        "Join this line and the next",
    ),
    "comma without quotes": (
        write("data/errata.csv", lambda b: b + b"x,autophagy,1.1,,a, b,c,other,r,h,\n"),
        "data/errata.csv",
        "",
        "the row has 11 cells",
        "double quotes",
    ),
    "missing header": (
        write("data/bridges.csv", lambda b: b.split(b"\n", 1)[1]),
        "data/bridges.csv",
        "bridge_id",
        "the column is missing",
        "the header is bridge_id",
    ),
    "wrong column": (
        write("data/connections.csv", lambda b: b.replace(b"words", b"word", 1)),
        "data/connections.csv",
        "word",
        "no such column",
        "'words'",
    ),
    "merge markers": (
        write("data/quantities.csv", lambda b: b + b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"),
        "data/quantities.csv",
        "",
        "merge-conflict",
        "of both sides",
    ),
    "GBK": (
        write(GLOSSARY, lambda b: b.decode().encode("gb18030")),
        GLOSSARY,
        "",
        "reads as GBK",
        "UTF-8",
    ),
    "duplicate id": (
        write("data/claims/bone-remodelling.csv", lambda b: b + b.split(b"\n")[1] + b"\n"),
        "data/claims/bone-remodelling.csv",
        "claim_id",
        "already used in data/claims/bone-remodelling.csv:2",
        "value of its own",
    ),
    "a file for no mechanism": (
        lambda clone: shutil.copy(clone.root / EVIDENCE, clone.root / "data/evidence/mitofagy.csv"),
        "data/evidence/mitofagy.csv",
        "",
        "named after no mechanism",
        "'mitophagy'",
    ),
}


@pytest.fixture(scope="module")
def said(upstream, tmp_path_factory, project_at):
    """What the check says of a clone with every mistake of a kind in it, by kind."""
    found = {}
    for kind, mistakes in (("rows", ROWS), ("files", FILES)):
        root = tmp_path_factory.mktemp(kind) / "book"
        shutil.copytree(upstream, root)
        clone = project_at(root)
        for edit, *_ in mistakes.values():
            edit(clone)
        before = clone.snapshot()
        found[kind] = check(root)
        assert clone.snapshot() == before, "checking changes nothing"
    return found


@pytest.mark.parametrize(
    ("kind", "name"), [("rows", name) for name in ROWS] + [("files", name) for name in FILES]
)
def test_each_mistake_is_named_with_its_cure(said, kind, name):
    _, file, column, what, cure = (ROWS if kind == "rows" else FILES)[name]
    matching = [p for p in said[kind] if (p.file, p.column) == (file, column) and what in p.what]
    assert matching, "\n".join(str(p) for p in said[kind] if p.file == file)
    assert any(cure in str(p) for p in matching), str(matching[0])
    assert all(re.search(r"Fix: \S", str(p)) for p in matching)


def test_nothing_is_said_of_what_is_right(said):
    """Forty mistakes make hardly more than forty problems: what follows from a mistake is not held
    against other rows.
    """
    expected = {(file, column) for _, file, column, *_ in ROWS.values()}
    others = [p for p in said["rows"] if (p.file, p.column) not in expected]
    assert [str(p) for p in others] == []
    assert len(said["rows"]) <= len(ROWS) + 3, "\n".join(map(str, said["rows"]))


def test_the_command_prints_them_all_and_no_traceback(clone):
    for edit, *_ in ROWS.values():
        edit(clone)
    assert clone.run("check") == 1
    assert len(re.findall(r"^\S+?:\d+ .*Fix: ", clone.err, re.MULTILINE)) >= len(ROWS)


def test_make_format_mends_what_it_says_it_mends(clone):
    """And leaves what only a person can mend."""
    for name in ("byte order mark", "Windows line ends", "merge markers"):
        FILES[name][0](clone)
    assert clone.run("format") == 1
    assert (
        "data/claims/gut-microbiota.csv: formatted" in clone.out
        and "data/quantities.csv: left as it is" in clone.out
    )
    assert clone.git("diff", "--name-only").split() == ["data/quantities.csv"]
    assert "merge-conflict" in clone.check() and "make format" not in clone.err
