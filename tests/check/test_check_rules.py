"""What rows mean together: one broken rule, one problem."""

from __future__ import annotations

import pytest

CLAIMS, CLK_CLAIMS = "data/claims/adenosine-blockade.csv", "data/claims/body-clock.csv"
EVIDENCE, CLK_EVIDENCE = "data/evidence/adenosine-blockade.csv", "data/evidence/body-clock.csv"
ENTITIES, CITATIONS, SOURCES = "data/entities.csv", "data/citations.csv", "data/sources.csv"
MECHANISMS, MESSAGES = "data/mechanisms.csv", "data/key_messages.csv"
DISAGREEMENTS, QUANTITIES, GAPS, ERRATA = (
    "data/disagreements.csv",
    "data/quantities.csv",
    "data/gaps.csv",
    "data/errata.csv",
)
CONNECTIONS, BRIDGES = "data/connections.csv", "data/bridges.csv"
GLOSSARY, TERMS = "data/glossary.csv", "data/vocab/terms.csv"

MECHANISM_RULES = {
    "no claims": (
        [("delete", CLK_CLAIMS)],
        MECHANISMS, 3, "mechanism", "body-clock", f"the file {CLK_CLAIMS} is missing",
    ),
    "no evidence": (
        [("delete", CLK_EVIDENCE)],
        MECHANISMS, 3, "mechanism", "body-clock", f"the file {CLK_EVIDENCE} is missing",
    ),
    "claim id of another prefix": (
        [
            ("cell", CLAIMS, "ado-c03", "claim_id", "adn-c03"),
            ("cell", EVIDENCE, "ado-e03", "claim_id", "adn-c03"),
        ],
        CLAIMS, 4, "claim_id", "adn-c03", "start with ado-c", "ado-c03",
    ),
    "evidence id of another prefix": (
        [("cell", EVIDENCE, "ado-e02", "evidence_id", "clk-e22")],
        EVIDENCE, 3, "evidence_id", "clk-e22", "start with ado-e", "ado-e22",
    ),
    "message id of another prefix": (
        [("cell", MESSAGES, "ado-m2", "message_id", "m2")],
        MESSAGES, 3, "message_id", "m2", "prefix",
    ),
    "no key message": (
        [
            ("cell", MESSAGES, "clk-m1", "mechanism", "adenosine-blockade"),
            ("cell", MESSAGES, "clk-m1", "message_id", "ado-m3"),
        ],
        MECHANISMS, 3, "mechanism", "body-clock", "no key message",
    ),
    "neither read nor looked for": (
        [("cell", CLK_EVIDENCE, "clk-e04", "citekey", "lungo2020")],
        MECHANISMS, 3, "mechanism", "body-clock", "of its papers 1 were read",
    ),
    "source section": (
        [("cell", MECHANISMS, "body-clock", "source_sections", "mokka:2.2; siesta:3")],
        MECHANISMS, 3, "source_sections", "siesta:3", "no review has this section", "siesta:2",
    ),
    "part not in the contents": (
        [("cell", MECHANISMS, "body-clock", "part", "How coffee keeps us awake")],
        MECHANISMS, 3, "part", "How coffee keeps us awake", "no part", "How coffee keeps awake",
    ),
    "part of others": (
        [("cell", MECHANISMS, "body-clock", "part", "Back matter")],
        MECHANISMS, 3, "part", "Back matter", "another part", "How coffee keeps awake",
    ),
    "term twice": (
        [
            (
                "row", GLOSSARY,
                {
                    "term": "Adenosine", "term_zh": "x", "definition": "x", "definition_zh": "x",
                    "linked": "true",
                },
            ),
        ],
        GLOSSARY, 17, "term", "Adenosine", "only in capitals",
    ),
}  # fmt: skip

_SAME = {
    "claim_id": "clk-c05",
    "reported_by": "editors",
    "citekey": "arabica2015",
    "basis": "abstract_read",
    "support": "supports",
    "study_design": "in_vitro",
    "species": "not_stated",
    "tissue": "not_stated",
    "sex": "not_stated",
    "hedged": "false",
    "passage_level": "false",
}

CLAIM_RULES = {
    "claim twice": (
        [
            (
                "row", CLK_CLAIMS,
                {
                    "claim_id": "clk-c06", "subject": "caffeine", "predicate": "affects",
                    "object": "body-clock", "aspect": "rate", "direction": "not_stated",
                    "directness": "direct", "statement": "In other words.",
                },
            ),
            ("cell", CLK_EVIDENCE, "clk-e06", "claim_id", "clk-c06"),
            ("row", CLK_EVIDENCE, dict(evidence_id="clk-e07", **_SAME)),
        ],
        CLK_CLAIMS, 7, "claim_id", "clk-c06", "the same as clk-c05 in line 6",
    ),
    "evidence twice": (
        [
            ("row", CLK_EVIDENCE, dict(evidence_id="clk-e07", **_SAME)),
            ("row", CLK_EVIDENCE, dict(evidence_id="clk-e08", **_SAME)),
        ],
        CLK_EVIDENCE, 9, "evidence_id", "clk-e08", "the same as clk-e07 in line 8",
    ),
    "direction where there is none": (
        [("cell", CLAIMS, "ado-c03", "direction", "increased")],
        CLAIMS, 4, "direction", "increased", "binds has no direction", "not_applicable",
    ),
    "no direction where there is one": (
        [("cell", CLK_CLAIMS, "clk-c05", "direction", "not_applicable")],
        CLK_CLAIMS, 6, "direction", "not_applicable", "affects takes a direction", "not_stated",
    ),
    "aspect missing": (
        [("cell", CLAIMS, "ado-c01", "aspect", "")],
        CLAIMS, 2, "aspect", "", "affects needs an aspect",
    ),
    "aspect where there is none": (
        [("cell", CLAIMS, "ado-c03", "aspect", "activity")],
        CLAIMS, 4, "aspect", "activity", "binds takes no aspect",
    ),
    "override without reason": (
        [("cell", CLAIMS, "ado-c04", "override_reason", "")],
        CLAIMS, 5, "override_reason", "", "needs a reason",
    ),
    "reason without override": (
        [("cell", CLAIMS, "ado-c04", "certainty_override", "")],
        CLAIMS, 5, "override_reason", "Both studies were invented on one afternoon.",
        "without an override",
    ),
    "claim without evidence": (
        [("drop", EVIDENCE, "ado-e03")],
        CLAIMS, 4, "claim_id", "ado-c03", "no evidence row",
    ),
    "cell that is none": (
        [("cell", CLAIMS, "ado-c01", "cell", "brain")],
        CLAIMS, 2, "cell", "brain", "this is a tissue",
    ),
}  # fmt: skip

EVIDENCE_RULES = {
    "claim of another mechanism": (
        [("cell", EVIDENCE, "ado-e06", "claim_id", "clk-c05")],
        EVIDENCE, 7, "claim_id", "clk-c05", f"the claim is in {CLK_CLAIMS}",
    ),
    "prediction with a direction": (
        [("cell", EVIDENCE, "ado-e06", "study_design", "in_silico")],
        EVIDENCE, 7, "study_design", "in_silico", "cannot show a direction",
    ),
    "editors who report": (
        [("cell", EVIDENCE, "ado-e02", "basis", "reported")],
        EVIDENCE, 3, "basis", "reported", "read themselves", "abstract_read",
    ),
    "editors without paper": (
        [("cell", EVIDENCE, "ado-e05", "citekey", "")],
        EVIDENCE, 6, "citekey", "", "name the paper",
    ),
    "editors with a section": (
        [("cell", EVIDENCE, "ado-e02", "section", "1")],
        EVIDENCE, 3, "section", "1", "have no section",
    ),
    "editors with a number": (
        [("cell", EVIDENCE, "ado-e02", "reference_number", "1")],
        EVIDENCE, 3, "reference_number", "1", "have no reference_number",
    ),
    "a review that has read": (
        [("cell", EVIDENCE, "ado-e01", "basis", "full_text_read")],
        EVIDENCE, 2, "basis", "full_text_read", "through that review", "reported",
    ),
    "section missing": (
        [("cell", EVIDENCE, "ado-e01", "section", "")],
        EVIDENCE, 2, "section", "", "section of the review is missing",
    ),
    "section unknown": (
        [("cell", EVIDENCE, "ado-e01", "section", "2.3")],
        EVIDENCE, 2, "section", "2.3", "mokka has no such section", "2.2",
    ),
    "number out of range": (
        [("cell", EVIDENCE, "ado-e03", "reference_number", "5")],
        EVIDENCE, 4, "reference_number", "5", "mokka prints the numbers 1 to 4",
    ),
    "number where none is printed": (
        [("cell", EVIDENCE, "ado-e06", "reference_number", "1")],
        EVIDENCE, 7, "reference_number", "1", "siesta prints no numbers",
    ),
    "citekey of another number": (
        [("cell", EVIDENCE, "ado-e03", "citekey", "robusta2018")],
        EVIDENCE, 4, "citekey", "robusta2018",
        f"{CITATIONS}:2 gives 'arabica2015' for reference 1 of mokka", "arabica2015",
    ),
    "citekey of an unresolved number": (
        [("cell", CLK_EVIDENCE, "clk-e05", "citekey", "robusta2018")],
        CLK_EVIDENCE, 6, "citekey", "robusta2018", "gives no paper",
    ),
    "species that is none": (
        [("cell", EVIDENCE, "ado-e01", "species", "brain")],
        EVIDENCE, 2, "species", "brain", "category species; this is a tissue",
    ),
    "model that is none": (
        [("cell", EVIDENCE, "ado-e01", "model", "sleep")],
        EVIDENCE, 2, "model", "sleep", "this is a process",
    ),
    "tissue that is none": (
        [("cell", EVIDENCE, "ado-e02", "tissue", "neuron")],
        EVIDENCE, 3, "tissue", "neuron", "this is a cell_type",
    ),
    "system that is none": (
        [("cell", EVIDENCE, "ado-e02", "system", "mouse")],
        EVIDENCE, 3, "system", "mouse", "this is a species",
    ),
    "dose without unit": (
        [("cell", EVIDENCE, "ado-e02", "dose_unit", "")],
        EVIDENCE, 3, "dose_unit", "", "has no unit",
    ),
    "unit without dose": (
        [("cell", EVIDENCE, "ado-e02", "dose", "")],
        EVIDENCE, 3, "dose", "", "has no dose",
    ),
    "dose in words": (
        [("cell", EVIDENCE, "ado-e02", "dose", "two cups")],
        EVIDENCE, 3, "dose", "two cups", "neither a number",
    ),
    "dose with its unit": (
        [("cell", EVIDENCE, "ado-e01", "dose", "10; 20 µM")],
        EVIDENCE, 2, "dose", "10; 20 µM", "'20 µM' is neither",
    ),
    "unit that is a sum": (
        [("cell", EVIDENCE, "ado-e02", "dose_unit", "mg^9^9^9")],
        EVIDENCE, 3, "dose_unit", "mg^9^9^9", "not a unit",
    ),
    "unit that is none": (
        [("cell", EVIDENCE, "ado-e02", "dose_unit", "espressos")],
        EVIDENCE, 3, "dose_unit", "espressos", "not a unit",
    ),
    "quantity of editors": (
        [
            ("cell", QUANTITIES, "cups", "reported_by", "editors"),
            ("cell", QUANTITIES, "cups", "basis", "abstract_read"),
            ("cell", QUANTITIES, "cups", "section", ""),
        ],
        QUANTITIES, 2, "reference_number", "2", "have no reference_number",
    ),
    "quantity out of range": (
        [("cell", QUANTITIES, "cups", "reference_number", "9")],
        QUANTITIES, 2, "reference_number", "9", "1 to 4",
    ),
    "gap in no section": (
        [("cell", GAPS, "clk-timing", "section", "4")],
        GAPS, 3, "section", "4", "mokka has no such section",
    ),
    "gap of editors in a section": (
        [("cell", GAPS, "ado-decaf", "section", "3")],
        GAPS, 2, "section", "3", "have no section",
    ),
    "slip in no section": (
        [("cell", ERRATA, "mokka-1", "section", "2.9")],
        ERRATA, 2, "section", "2.9", "mokka has no such section", "2.2",
    ),
}  # fmt: skip

CITATION_RULES = {
    "numbers missing": (
        [("cell", SOURCES, "mokka", "n_references", "9")],
        CITATIONS, 0, "reference_number", "5–9", "citations of mokka are missing",
    ),
    "number in the middle missing": (
        [("drop", CITATIONS, "mokka,2"), ("cell", SOURCES, "mokka", "n_references", "6")],
        CITATIONS, 0, "reference_number", "2, 5–6", "missing",
    ),
    "too many references": (
        [("cell", SOURCES, "mokka", "n_references", "40000000")],
        SOURCES, 2, "n_references", "40000000", "not between 0 and 9999",
    ),
    "number too high": (
        [
            (
                "row", CITATIONS,
                {
                    "source": "mokka", "reference_number": "5", "status": "unresolved",
                    "confidence": "0", "claim_check": "not_checked",
                },
            ),
        ],
        CITATIONS, 6, "reference_number", "5", "1 to 4",
    ),
    "verified without paper": (
        [("cell", CITATIONS, "mokka 4", "status", "verified")],
        CITATIONS, 5, "citekey", "", "names its paper",
    ),
    "unresolved with paper": (
        [("cell", CITATIONS, "mokka 1", "status", "unresolved")],
        CITATIONS, 2, "citekey", "arabica2015", "names no paper",
    ),
    "section that no row restates": (
        [("cell", SOURCES, "mokka", "sections", "1; 2.1; 2.2; 3; 4")],
        SOURCES, 2, "sections", "4", "no row restates section 4 of mokka",
    ),
    "the only row of a section is of nobody": (
        [("cell", CLK_EVIDENCE, "clk-e06", "reported_by", "siestas")],
        CLK_EVIDENCE, 7, "reported_by", "siestas", "sources", "siesta",
    ),
    "the only row of a section is in no section": (
        [("cell", CLK_EVIDENCE, "clk-e06", "section", "22")],
        CLK_EVIDENCE, 7, "section", "22", "siesta has no such section", "2",
    ),
    "number that no row uses": (
        [("cell", CLK_EVIDENCE, "clk-e05", "reference_number", "")],
        CITATIONS, 5, "reference_number", "4", "no row uses this number",
    ),
    "number not printed, yet used": (
        [("cell", CITATIONS, "mokka 4", "status", "not_printed")],
        CITATIONS, 5, "status", "not_printed", "rows use this number",
    ),
    "unlikely candidate": (
        [("cell", CITATIONS, "mokka 2", "confidence", "0.5")],
        CITATIONS, 3, "confidence", "0.5", "below 0.75",
    ),
    "confidence over 1": (
        [("cell", CITATIONS, "mokka 2", "confidence", "80")],
        CITATIONS, 3, "confidence", "80", "between 0 and 1",
    ),
    "double of itself": (
        [("cell", CITATIONS, "mokka 4", "double_report_of", "4")],
        CITATIONS, 5, "double_report_of", "4", "itself",
    ),
    "double out of range": (
        [("cell", CITATIONS, "mokka 4", "double_report_of", "7")],
        CITATIONS, 5, "double_report_of", "7", "1 to 4",
    ),
    "double in words": (
        [("cell", CITATIONS, "mokka 4", "double_report_of", "ref 3")],
        CITATIONS, 5, "double_report_of", "ref 3", "not a reference number",
    ),
    "double of a double": (
        [("cell", CITATIONS, "mokka 2", "double_report_of", "4")],
        CITATIONS, 3, "double_report_of", "4", "itself marked as a double report of 3",
    ),
    "no address": (
        [("cell", CITATIONS, "mokka 1", "seen_at", "PubMed")],
        CITATIONS, 2, "seen_at", "PubMed", "not an address",
    ),
}  # fmt: skip

ENTITY_RULES = {
    "identifier without label": (
        [("cell", ENTITIES, "caffeine", "curie_label", "")],
        ENTITIES, 2, "curie_label", "", "curie is given without it",
    ),
    "identifier without match": (
        [("cell", ENTITIES, "caffeine", "match", "")],
        ENTITIES, 2, "match", "", "curie is given without it",
    ),
    "label without identifier": (
        [
            ("cell", ENTITIES, "sleep-latency", "curie_label", "sleep"),
            ("cell", ENTITIES, "sleep-latency", "match", "broad"),
        ],
        ENTITIES, 9, "curie", "", "curie_label is given without it",
    ),
    "identifier unknown, label known": (
        [("cell", ENTITIES, "caffeine", "curie", "CHEBI:2773")],
        ENTITIES, 2, "curie", "CHEBI:2773", "'caffeine' is CHEBI:27732", "CHEBI:27732",
    ),
    "identifier unknown, label nearly": (
        [
            ("cell", ENTITIES, "per2", "curie", "HGNC:1"),
            ("cell", ENTITIES, "per2", "curie_label", "PER 2"),
        ],
        ENTITIES, 6, "curie", "HGNC:1", "'PER2' is HGNC:8846", "HGNC:8846",
    ),
    "label of another identifier": (
        [("cell", ENTITIES, "adora2a", "curie", "HGNC:262")],
        ENTITIES, 5, "curie_label", "ADORA2A", "HGNC:262 is 'ADORA1'; 'ADORA2A' is HGNC:263",
        "ADORA1",
    ),
    "label of no identifier": (
        [("cell", ENTITIES, "human", "curie_label", "human")],
        ENTITIES, 10, "curie_label", "human", "NCBITaxon:9606 is 'Homo sapiens'.", "Homo sapiens",
    ),
    "obsolete": (
        [
            ("cell", ENTITIES, "sleep", "curie", "GO:9999999"),
            ("cell", ENTITIES, "sleep", "curie_label", "sleeping"),
        ],
        ENTITIES, 7, "curie", "GO:9999999", "obsolete", "GO:0030431",
    ),
    "prefix of another category": (
        [("cell", ENTITIES, "sleep", "category", "phenotype")],
        ENTITIES, 7, "curie", "GO:0030431", "phenotype cannot carry a GO identifier",
    ),
    "one identifier twice": (
        [
            ("cell", ENTITIES, "body-clock", "curie", "GO:0030431"),
            ("cell", ENTITIES, "body-clock", "curie_label", "sleep"),
            ("cell", ENTITIES, "body-clock", "match", "exact"),
        ],
        ENTITIES, 8, "curie", "GO:0030431", "'sleep' in line 7 has the same curie", "sleep",
    ),
    "one label twice": (
        [("cell", ENTITIES, "body-clock", "label", "sleep")],
        ENTITIES, 8, "label", "sleep", "'sleep' in line 7 has the same label", "sleep",
    ),
    "not in the glossary": (
        [("drop", GLOSSARY, "neuron")],
        ENTITIES, 14, "entity", "neuron", "does not explain",
    ),
    "unused": (
        [
            (
                "row", ENTITIES,
                {"entity": "tea", "label": "tea", "category": "herb", "in_scope": "false"},
            ),
            (
                "row", GLOSSARY,
                {
                    "term": "tea", "term_zh": "茶", "definition": "Not coffee.",
                    "definition_zh": "不是咖啡。", "entity": "tea", "linked": "true",
                },
            ),
        ],
        ENTITIES, 17, "entity", "tea", "no row uses",
    ),
}  # fmt: skip

DISAGREEMENT_RULES = {
    "one side only": (
        [("cell", DISAGREEMENTS, "ado-sleep", "evidence", "")],
        DISAGREEMENTS, 2, "claims", "ado-c04", "at least two",
    ),
    "for and against": (
        [("drop", DISAGREEMENTS, "ado-sleep")],
        CLAIMS, 5, "claim_id", "ado-c04", "ado-e04 supports the claim, ado-e05 does not",
    ),
    "refuted": (
        [
            ("cell", CLK_EVIDENCE, "clk-e06", "support", "refutes"),
            (
                "row", CLK_EVIDENCE,
                {
                    "evidence_id": "clk-e07", "claim_id": "clk-c05", "reported_by": "siesta",
                    "section": "2", "basis": "reported", "support": "supports",
                    "study_design": "narrative_review", "species": "human", "tissue": "not_stated",
                    "sex": "both", "hedged": "false", "passage_level": "false",
                },
            ),
        ],
        CLK_CLAIMS, 6, "claim_id", "clk-c05", "clk-e07 supports the claim, clk-e06 does not",
    ),
    "opposite claims": (
        [("drop", DISAGREEMENTS, "clk-melatonin")],
        CLK_CLAIMS, 5, "claim_id", "clk-c04",
        "clk-c02 (data/claims/body-clock.csv:3) says the opposite",
    ),
    "opposite claims of two chapters": (
        [
            (
                "row", CLAIMS,
                {
                    "claim_id": "ado-c06", "subject": "caffeine", "predicate": "affects",
                    "object": "per2", "aspect": "expression", "direction": "decreased",
                    "directness": "unknown", "cell": "neuron", "condition": "in the evening",
                    "statement": "Less of it.",
                },
            ),
            (
                "row", EVIDENCE,
                {
                    "evidence_id": "ado-e09", "claim_id": "ado-c06", "reported_by": "siesta",
                    "section": "1", "basis": "reported", "support": "supports",
                    "study_design": "narrative_review", "species": "human", "tissue": "not_stated",
                    "sex": "both", "hedged": "false", "passage_level": "false",
                },
            ),
        ],
        CLK_CLAIMS, 2, "claim_id", "clk-c01", f"ado-c06 ({CLAIMS}:7) says the opposite",
    ),
    "retracted evidence": (
        [("cell", DISAGREEMENTS, "clk-retracted", "kind", "scope")],
        "references.bib", 27, "retracted", "crema2019", "retracted and is evidence in clk-e02",
    ),
}  # fmt: skip

CONNECTION_RULES = {
    "connection of one chapter": (
        [("cell", CONNECTIONS, "ado-clk", "mechanisms", "body-clock")],
        CONNECTIONS, 2, "mechanisms", "body-clock", "exactly two chapters",
    ),
    "connection by what only one chapter names": (
        [("cell", CONNECTIONS, "ado-clk", "entities", "caffeine; melatonin")],
        CONNECTIONS, 2, "entities", "melatonin", "no claim of adenosine-blockade names it",
    ),
    "bridge with a missing plank": (
        [("cell", BRIDGES, "receptor-to-bed", "claims", "ado-c01; clk-c05")],
        BRIDGES, 2, "claims", "clk-c05", "ado-c01 ends at adora2a, clk-c05 starts from caffeine",
    ),
    "bridge of one step": (
        [("cell", BRIDGES, "receptor-to-bed", "claims", "ado-c01")],
        BRIDGES, 2, "claims", "ado-c01", "at least two steps",
    ),
    "bridge inside one review": (
        [("cell", EVIDENCE, "ado-e07", "reported_by", "mokka")],
        BRIDGES, 2, "claims", "ado-c01; ado-c05", "the mokka review has every step",
    ),
}  # fmt: skip

MISTAKES = {
    **MECHANISM_RULES,
    **CLAIM_RULES,
    **EVIDENCE_RULES,
    **CITATION_RULES,
    **ENTITY_RULES,
    **DISAGREEMENT_RULES,
    **CONNECTION_RULES,
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_broken_rule_is_one_problem(toy, name):
    edits, *expected = MISTAKES[name]
    toy.break_(*edits).says(*expected)


@pytest.mark.parametrize(
    ("kind", "claims", "evidence"),
    [("retracted", "clk-c02; clk-c05", ""), ("retracted", "", "clk-e02; clk-e05")],
    ids=["by its claim", "by its evidence"],
)
def test_a_retraction_is_told_by_claim_or_by_evidence(toy, kind, claims, evidence):
    toy.cell("data/disagreements.csv", "clk-retracted", "claims", claims)
    toy.cell("data/disagreements.csv", "clk-retracted", "evidence", evidence)
    assert toy.problems() == []


def test_opposite_claims_are_explained_by_their_evidence(toy):
    toy.cell("data/disagreements.csv", "clk-melatonin", "claims", "")
    toy.cell("data/disagreements.csv", "clk-melatonin", "evidence", "clk-e02; clk-e04")
    assert toy.problems() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("perturbation", "loss"),
        ("condition", "in the morning"),
        ("cell", "neuron"),
        ("aspect", "abundance"),
    ],
)
def test_claims_in_another_context_are_not_opposite(toy, column, value):
    toy.drop(DISAGREEMENTS, "clk-melatonin")
    toy.cell(CLK_CLAIMS, "clk-c04", column, value)
    assert toy.problems() == []


@pytest.mark.parametrize("dose", ["10", "10; 20", "1–10", "1e-5", "0.5; 1.5"])
def test_doses_as_they_are_printed(toy, dose):
    toy.cell(EVIDENCE, "ado-e01", "dose", dose)
    assert toy.problems() == []


@pytest.mark.parametrize("folder", ["claims", "evidence"])
def test_a_mechanism_without_rows(toy, folder):
    file = f"data/{folder}/body-clock.csv"
    toy.write(file, (toy.root / file).read_text(encoding="utf-8").split("\n")[0] + "\n")
    assert (MECHANISMS, 3, f"the file {file} has no rows.") in [
        (p.file, p.line, p.what) for p in toy.problems()
    ]


def test_a_rule_keeps_quiet_about_a_cell_that_is_already_reported(toy):
    """What is no direction at all is not said to be one that does not fit the predicate."""
    toy.cell(CLAIMS, "ado-c03", "direction", "upwards")
    toy.says(CLAIMS, 4, "direction", "upwards", "no such value")
