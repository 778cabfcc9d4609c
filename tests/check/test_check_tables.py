"""Bytes, CSV and schema: one damaged thing, one problem."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

CLAIMS = "data/claims/adenosine-blockade.csv"
EVIDENCE = "data/evidence/adenosine-blockade.csv"
ENTITIES = "data/entities.csv"
GAPS = "data/gaps.csv"
FUTURE = (date.today() + timedelta(days=40)).isoformat()

BYTES = {
    "UTF-16": ([("recode", GAPS, "utf-16")], GAPS, 1, "", "", "UTF-16"),
    "GBK": (
        [("recode", "data/glossary.csv", "gb18030")],
        "data/glossary.csv", 2, "", "", "byte 0xCF at byte 11 of the line; it reads as GBK",
    ),
    "one wrong byte": (
        [("write", GAPS, b"gap_id\nx\xb5y\n")],
        GAPS, 2, "", "", "byte 0xB5 at byte 2",
    ),
    "Excel file": ([("write", GAPS, b"PK\x03\x04")], GAPS, 1, "", "", "zip archive"),
    "empty file": ([("write", GAPS, b"")], GAPS, 0, "", "", "empty"),
    "BOM": ([("replace", GAPS, "gap_id", "\ufeffgap_id")], GAPS, 1, "", "", "byte order mark"),
    "no last line end": (
        [("append", GAPS, "x"), ("replace", GAPS, "\nx", "")],
        GAPS, 3, "", "", "no line end",
    ),
    "invisible character": ([("replace", GAPS, "Is it", "Is\u200b it")], GAPS, 2, "", "", "U+200B"),
    "merge conflict": (
        [
            ("replace", CLAIMS, "ado-c02,", "<<<<<<< HEAD\nado-c02,"),
            ("append", CLAIMS, "=======\n>>>>>>> branch\n"),
        ],
        CLAIMS, 3, "", "<<<<<<< HEAD", "merge-conflict",
    ),
    "missing table": ([("delete", ENTITIES)], ENTITIES, 0, "", "", "missing"),
    "unknown file": (
        [("write", "data/entites.csv", "a\n")],
        "data/entites.csv", 0, "", "", "no such file", "entities.csv",
    ),
    "unknown folder": (
        [("write", "data/claim/x.csv", "a\n")],
        "data/claim/x.csv", 0, "", "", "no such file",
    ),
}  # fmt: skip

CSV = {
    "line break in a cell": (
        [("replace", GAPS, "Is it the caffeine?", '"Is it\nthe caffeine?"')],
        GAPS, 2, "", 'ado-decaf,adenosine-blockade,"Is it', "line break inside a cell",
    ),
    "unclosed quote": (
        [("replace", GAPS, "At what hour does it matter?", '"At what hour does it matter?')],
        GAPS, 3, "",
        'clk-timing,body-clock,"At what hour does it matter?,A trial by the hour.,mokka,3,,',
        "never closed",
    ),
    "stray quotes": (
        [("replace", GAPS, "At what hour", 'At "what" hour')],
        GAPS, 3, "",
        'clk-timing,body-clock,At "what" hour does it matter?,A trial by the hour.,mokka,3,,',
        "a stray quote",
    ),
    "tab": (
        [("replace", GAPS, "At what hour", "At what\thour")],
        GAPS, 3, "",
        "clk-timing,body-clock,At what\thour does it matter?,A trial by the hour.,mokka,3,,",
        "a tab",
    ),
    "tabs for commas": (
        [
            (
                "write", GAPS,
                "gap_id\tmechanism\tquestion\twould_settle\treported_by\tsection\tlooked_in"
                "\tclaims\na\tb\n",
            ),
        ],
        GAPS, 1, "", "", "separated by tabs",
    ),
    "semicolons for commas": (
        [
            (
                "write", GAPS,
                "gap_id;mechanism;question;would_settle;reported_by;section;looked_in;claims\n",
            ),
        ],
        GAPS, 1, "", "", "separated by semicolons",
    ),
    "blank line": ([("append", GAPS, "\n")], GAPS, 4, "", "", "an empty row"),
    "row of commas": ([("append", GAPS, ",,,,,,,\n")], GAPS, 4, "", "", "an empty row"),
    "comma too many": (
        [("replace", GAPS, "Is it the caffeine?", "Is it, the caffeine?")],
        GAPS, 2, "", "ado-decaf", "9 cells, the header 8",
    ),
    "cell too few": (
        [("replace", GAPS, "Is it the caffeine?,", "")],
        GAPS, 2, "", "ado-decaf", "7 cells, the header 8",
    ),
    "blanks around a value": (
        [("replace", GAPS, ",mokka,", ",mokka ,")],
        GAPS, 3, "reported_by", "mokka ", "blanks",
    ),
    "column missing": (
        [("replace", GAPS, ",looked_in,claims", ",claims")],
        GAPS, 1, "looked_in", "", "the column is missing",
    ),
    "column misspelt": (
        [("replace", GAPS, "looked_in", "loked_in")],
        GAPS, 1, "loked_in", "", "no such column", "looked_in",
    ),
    "column twice": (
        [("replace", GAPS, "looked_in,claims", "claims,looked_in,claims")],
        GAPS, 1, "claims", "", "twice",
    ),
    "column too many": (
        [
            (
                "write", GAPS,
                "gap_id,mechanism,question,would_settle,reported_by,section,looked_in,claims,zzz"
                "\nado-1,body-clock,q,w,mokka,3,,,z\n",
            ),
        ],
        GAPS, 1, "zzz", "", "no such column",
    ),
    "columns misordered": (
        [
            (
                "write", GAPS,
                "mechanism,gap_id,question,would_settle,reported_by,section,looked_in,claims"
                "\nbody-clock,ado-1,q,w,mokka,3,,\n",
            ),
        ],
        GAPS, 1, "mechanism", "", "not in the contract's order",
    ),
    "header with a quote": (
        [("replace", GAPS, "gap_id", '"gap_id')],
        GAPS, 1, "", '"gap_id,mechanism,question,would_settle,reported_by,section,looked_in,claims',
        "stray quote",
    ),
}  # fmt: skip

CELLS = {
    "required": (
        [("cell", CLAIMS, "ado-c01", "statement", "")],
        CLAIMS, 2, "statement", "", "required",
    ),
    "enum": (
        [("cell", CLAIMS, "ado-c01", "direction", "decresed")],
        CLAIMS, 2, "direction", "decresed", "no such value", "decreased",
    ),
    "pattern": (
        [("cell", GAPS, "ado-decaf", "gap_id", "ado decaf")],
        GAPS, 2, "gap_id", "ado decaf", "the form",
    ),
    "CURIE": (
        [("cell", ENTITIES, "caffeine", "curie", "CHEBI 27732")],
        ENTITIES, 2, "curie", "CHEBI 27732", "the form",
    ),
    "integer": (
        [("cell", EVIDENCE, "ado-e01", "reference_number", "[1]")],
        EVIDENCE, 2, "reference_number", "[1]", "not a whole number",
    ),
    "leading zero": (
        [("cell", EVIDENCE, "ado-e01", "reference_number", "01")],
        EVIDENCE, 2, "reference_number", "01", "not a whole number",
    ),
    "number": (
        [("cell", ENTITIES, "caffeine", "molar_mass", "194 g/mol")],
        ENTITIES, 2, "molar_mass", "194 g/mol", "not a number",
    ),
    "no number at all": (
        [("cell", ENTITIES, "caffeine", "molar_mass", "nan")],
        ENTITIES, 2, "molar_mass", "nan", "not a number",
    ),
    "boolean": (
        [("cell", EVIDENCE, "ado-e01", "hedged", "TRUE")],
        EVIDENCE, 2, "hedged", "TRUE", "neither true nor false", "true",
    ),
    "boolean in words": (
        [("cell", EVIDENCE, "ado-e01", "hedged", "no")],
        EVIDENCE, 2, "hedged", "no", "neither true nor false", "false",
    ),
    "date": (
        [("cell", "data/mechanisms.csv", "body-clock", "searched_on", "2026/1/15")],
        "data/mechanisms.csv", 3, "searched_on", "2026/1/15", "not a day",
    ),
    "day that is none": (
        [("cell", "data/mechanisms.csv", "body-clock", "searched_on", "2026-02-30")],
        "data/mechanisms.csv", 3, "searched_on", "2026-02-30", "not a day",
    ),
    "future": (
        [("cell", "data/mechanisms.csv", "body-clock", "searched_on", FUTURE)],
        "data/mechanisms.csv", 3, "searched_on", FUTURE, "future",
    ),
    "empty list item": (
        [("cell", "data/sources.csv", "mokka", "sections", "1;; 2.1; 2.2; 3")],
        "data/sources.csv", 2, "sections", "1;; 2.1; 2.2; 3", "empty item",
    ),
    "doubled list item": (
        [("cell", "data/sources.csv", "mokka", "sections", "1; 1; 2.1; 2.2; 3")],
        "data/sources.csv", 2, "sections", "1; 1; 2.1; 2.2; 3", "'1' twice",
    ),
    "Excel: gene": (
        [("cell", ENTITIES, "per2", "label", "2-Sep")],
        ENTITIES, 6, "label", "2-Sep", "spreadsheet",
    ),
    "Excel: month first": (
        [("cell", ENTITIES, "per2", "synonyms", "period 2; Mar-01")],
        ENTITIES, 6, "synonyms", "period 2; Mar-01", "spreadsheet",
    ),
    "Excel: dose": (
        [("cell", EVIDENCE, "ado-e04", "dose", "10-Jan")],
        EVIDENCE, 5, "dose", "10-Jan", "spreadsheet",
    ),
    "Excel: Chinese": (
        [("cell", EVIDENCE, "ado-e04", "section", "2月1日")],
        EVIDENCE, 5, "section", "2月1日", "spreadsheet",
    ),
}  # fmt: skip

KEYS = {
    "id used twice in a file": (
        [
            ("cell", CLAIMS, "ado-c03", "claim_id", "ado-c02"),
            ("cell", EVIDENCE, "ado-e03", "claim_id", "ado-c02"),
        ],
        CLAIMS, 4, "claim_id", "ado-c02", f"already used in {CLAIMS}:3",
    ),
    "id used twice in two files": (
        [
            (
                "row", "data/claims/body-clock.csv",
                {
                    "claim_id": "ado-c01", "subject": "caffeine", "predicate": "binds",
                    "object": "per2", "direction": "not_applicable", "directness": "unknown",
                    "statement": "x",
                },
            ),
        ],
        "data/claims/body-clock.csv", 7, "claim_id", "ado-c01", f"already used in {CLAIMS}:2",
    ),
    "unique column": (
        [("cell", "data/mechanisms.csv", "body-clock", "prefix", "ado")],
        "data/mechanisms.csv", 3, "prefix", "ado", "already used in data/mechanisms.csv:2",
    ),
    "key of two columns": (
        [
            ("cell", "data/citations.csv", "mokka 4", "reference_number", "3"),
            (
                "row", "data/citations.csv",
                {
                    "source": "mokka", "reference_number": "4", "status": "unresolved",
                    "confidence": "0", "claim_check": "not_checked",
                },
            ),
        ],
        "data/citations.csv", 5, "reference_number", "mokka, 3", "already used",
    ),
    "entity misspelt": (
        [("cell", EVIDENCE, "ado-e01", "system", "hek239")],
        EVIDENCE, 2, "system", "hek239", f"{ENTITIES} has no entity 'hek239'", "hek293",
    ),
    "entity by another name": (
        [("cell", CLAIMS, "ado-c01", "object", "A2A receptor")],
        CLAIMS, 2, "object", "A2A receptor", "Did you mean adora2a (ADORA2A)?", "adora2a",
    ),
    "entity by its label": (
        [("cell", CLAIMS, "ado-c01", "object", "ADORA2A")],
        CLAIMS, 2, "object", "ADORA2A", "Did you mean adora2a", "adora2a",
    ),
    "claim misspelt": (
        [("cell", EVIDENCE, "ado-e01", "claim_id", "ado-c11")],
        EVIDENCE, 2, "claim_id", "ado-c11", "no claim_id", "ado-c01",
    ),
    "citekey misspelt": (
        [("cell", EVIDENCE, "ado-e02", "citekey", "lungo202")],
        EVIDENCE, 3, "citekey", "lungo202", "references.bib has no citekey", "lungo2020",
    ),
    "mechanism misspelt": (
        [("cell", GAPS, "clk-timing", "mechanism", "bodyclock")],
        GAPS, 3, "mechanism", "bodyclock", "data/mechanisms.csv has no mechanism", "body-clock",
    ),
    "design misspelt": (
        [("cell", EVIDENCE, "ado-e01", "study_design", "in vitro")],
        EVIDENCE, 2, "study_design", "in vitro", "vocab/study_designs.csv", "in_vitro",
    ),
    "reporter misspelt": (
        [("cell", EVIDENCE, "ado-e02", "reported_by", "editor")],
        EVIDENCE, 3, "reported_by", "editor", "data/sources.csv has no source", "editors",
    ),
    "file of no mechanism": (
        [
            (
                "write", "data/claims/tea.csv",
                "claim_id,subject,perturbation,predicate,object,aspect,direction,mediator,"
                "directness,cell,condition,statement,certainty_override,override_reason\n",
            ),
        ],
        "data/claims/tea.csv", 0, "", "tea", "named after no mechanism",
    ),
    "item of a list": (
        [("cell", "data/key_messages.csv", "ado-m1", "claims", "ado-c01; ado-c22")],
        "data/key_messages.csv", 2, "claims", "ado-c22", "no claim_id", "ado-c02",
    ),
    "list with commas": (
        [("cell", "data/key_messages.csv", "ado-m1", "claims", "ado-c01, ado-c02")],
        "data/key_messages.csv", 2, "claims", "ado-c01, ado-c02", "no claim_id", "ado-c02",
    ),
    "glossary entity": (
        [("cell", "data/glossary.csv", "adenosine", "entity", "adenosin")],
        "data/glossary.csv", 2, "entity", "adenosin", "no entity", "adenosine",
    ),
    "kind of disagreement": (
        [("cell", "data/disagreements.csv", "ado-sleep", "kind", "between studies")],
        "data/disagreements.csv", 2, "kind", "between studies",
        "vocab/disagreement_kinds.csv has no kind", "between_studies",
    ),
    "value without a word": (
        [("drop", "data/vocab/directions.csv", "mixed,")],
        "data/vocab/directions.csv", 0, "direction", "mixed",
        "no row says what this value is called",
    ),
    "word for no value": (
        [
            (
                "row", "data/vocab/bases.csv",
                {
                    "basis": "title_read", "label": "title read", "whose_word": "title read",
                    "what_was_read": "the title of the paper", "definition": "x",
                },
            ),
        ],
        "data/vocab/bases.csv", 5, "basis", "title_read", "no such value", "abstract_read",
    ),
    "column that takes no entities": (
        [("cell", "data/vocab/categories.csv", "species", "fits", "evidence.specie")],
        "data/vocab/categories.csv", 10, "fits", "evidence.specie", "no such value",
        "evidence.species",
    ),
    "category": (
        [("cell", ENTITIES, "caffeine", "category", "drug")],
        ENTITIES, 2, "category", "drug", "no category",
    ),
}  # fmt: skip

MISTAKES = {**BYTES, **CSV, **CELLS, **KEYS}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_problem(toy, name):
    edits, *expected = MISTAKES[name]
    toy.break_(*edits).says(*expected)


def test_a_list_with_commas_says_how_lists_are_written(toy):
    toy.cell("data/key_messages.csv", "ado-m1", "claims", "ado-c01, ado-c02")
    assert toy.problems()[0].fix == "Separate the items of a list by '; '."


@pytest.mark.parametrize("ends", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_ends(toy, ends):
    toy.write(GAPS, (toy.root / GAPS).read_text(encoding="utf-8").replace("\n", ends))
    toy.says(GAPS, 1, "", "", "CRLF")


def test_the_file_of_no_mechanism_and_the_mechanism_without_file(toy):
    toy.move(CLAIMS, "data/claims/adenosine-blokade.csv")
    problems = [
        p
        for p in toy.problems()
        if p.file == "data/claims/adenosine-blokade.csv" or "claims/adenosine" in p.what
    ]
    assert {(p.file, p.value, p.nearest) for p in problems} >= {
        ("data/claims/adenosine-blokade.csv", "adenosine-blokade", "adenosine-blockade"),
        ("data/mechanisms.csv", "adenosine-blockade", ""),
    }


def test_an_unreadable_table_makes_no_noise_elsewhere(toy):
    """Every other table leads to entities; none of these keys is reported."""
    toy.write(
        ENTITIES, (toy.root / ENTITIES).read_bytes().replace(b"melatonin", b"melat\xffnin", 1)
    )
    toy.says(ENTITIES, 4, "", "", "byte 0xFF")


def test_a_broken_row_hides_neither_the_other_rows_nor_their_mistakes(toy):
    toy.break_(
        ("replace", ENTITIES, "human,human,", 'human,"human,'),
        ("cell", EVIDENCE, "ado-e01", "hedged", "maybe"),
        ("replace", ENTITIES, "blood,blood,血液,tissue", "blood,blood,血液,tisue"),
    )
    assert [(p.file, p.line, p.column) for p in toy.problems()] == [
        (ENTITIES, 10, ""),
        (ENTITIES, 13, "category"),
        (EVIDENCE, 2, "hedged"),
    ]
