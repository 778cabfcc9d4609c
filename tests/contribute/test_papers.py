"""add-paper: from services, files and by hand; and what services do wrong."""

from __future__ import annotations

import pytest

WORK, DOI, PMID = "crossref_work.json", "10.5555/toy.2024.7", "99900077"
BIB = "references.bib"
ENTRY = r"""@article{nunezlopez2024per2,
  author = {Núñez-López, Ána María and van der Berg, P. and {The Coffee Study Group}},
  title = {{The PER2 clock \& caffeine: in vitro effects of Ca2+ at 5\% CO2}},
  journal = {Journal of Imaginary Drinks \& Sleep},
  year = {2024},
  volume = {12},
  number = {3},
  pages = {527--538},
  doi = {10.5555/toy.2024.7},
  pmid = {99900077},
  pmcid = {PMC9990077},
  keywords = {editors},
  seen = {https://doi.org/10.5555/toy.2024.7 https://pubmed.ncbi.nlm.nih.gov/99900077/},
}
"""


def crossref(service, answer=WORK, **how) -> None:
    service.answer(f"/crossref/works/{DOI}", answer, **how)


def pubmed(service) -> None:
    service.answer("/pubmed/esearch.fcgi", "pubmed_search.json")
    service.answer("/pubmed/efetch.fcgi", "pubmed.xml", "text/xml; charset=UTF-8")


def entry(review, key: str) -> str:
    return next(block for block in review.read(BIB).split("\n\n") if f"{{{key}," in block) + "\n"


def cite(review, key: str) -> None:
    """Let a row cite the new entry, so that the check speaks of the entry alone."""
    review.set("data/evidence/body-clock.csv", "clk-e04", citekey=key)


@pytest.mark.parametrize("paper", [DOI, f"https://doi.org/{DOI.upper()}", f"doi:{DOI}."])
def test_a_doi_becomes_a_clean_entry_in_its_place(review, service, paper):
    crossref(service)
    pubmed(service)
    before = review.read(BIB)
    assert review.run("add-paper", paper) == 0
    assert entry(review, "nunezlopez2024per2") == ENTRY
    assert review.read(BIB).replace(ENTRY + "\n", "") == before
    assert "new evidence CLAIM_ID --citekey nunezlopez2024per2" in review.out
    assert "nothing cites this entry" in review.check()
    review.set("data/evidence/body-clock.csv", "clk-e03", citekey="nunezlopez2024per2")
    assert review.check() == ""


def test_a_pubmed_id_becomes_the_same_paper(review, service):
    crossref(service)
    pubmed(service)
    assert review.run("add-paper", PMID) == 0
    made = entry(review, "nunezlopez2024per2")
    for line in (
        "  pmid = {99900077},",
        "  pmcid = {PMC9990077},",
        "  doi = {10.5555/toy.2024.7},",
        "  pages = {527--538},",
    ):
        assert line in made
    assert "wrong.reference" not in made


def test_a_doi_of_another_agency_is_asked_of_doi_org(review, service):
    doi = "10.12345/j.issn.0000-0000.2021.05.009"
    service.answer(f"/doi/{doi}", "csl.json", "application/vnd.citationstyles.csl+json")
    service.answer("/pubmed/esearch.fcgi", "pubmed_none.json")
    assert review.run("add-paper", doi) == 0
    assert "author = {茶, 小明 and {绿茶研究组}}" in review.read(
        BIB
    ) and "{{绿茶对睡眠的影响}}" in review.read(BIB)
    assert (
        next(asked for path, asked in service.asked if path.startswith("/doi/"))["accept"]
        == "application/vnd.citationstyles.csl+json"
    )


def test_a_retracted_paper_says_so(review, service):
    service.answer("/crossref/works/10.5555/toy.1998.1", "crossref_retracted.json")
    service.answer("/pubmed/esearch.fcgi", "pubmed_none.json")
    assert review.run("add-paper", "10.5555/toy.1998.1") == 0
    made = entry(review, "oolong1998mice")
    assert (
        "retracted = {10.5555/toy.2010.4}" in made
        and "{{Tea in mice that were never weighed}}" in made
    )
    assert (
        "ATTENTION: this paper is retracted (notice: 10.5555/toy.2010.4)" in review.out
        and "kind retracted" in review.out
    )
    cite(review, "oolong1998mice")
    assert "no disagreement of kind retracted" in review.check()


def test_pubmed_knows_of_retractions_too(review, service):
    service.answer("/pubmed/efetch.fcgi", "pubmed_retracted.xml", "text/xml")
    assert review.run("add-paper", "PMID: 99900098") == 0
    assert "retracted = {10.5555/toy.2010.4}" in review.read(
        BIB
    ) and "year = {1998}" in review.read(BIB)


def test_a_notice_of_retraction_is_no_retracted_paper(review, service):
    service.answer("/crossref/works/10.5555/toy.2010.4", "crossref_notice.json")
    service.answer("/pubmed/esearch.fcgi", "pubmed_none.json")
    assert review.run("add-paper", "10.5555/toy.2010.4") == 0
    assert "ATTENTION" not in review.out and "{{Retraction—Tea in mice" in review.read(BIB)


def test_a_retraction_of_a_paper_that_is_there_says_which_line_to_add(review, service):
    review.replace(BIB, "doi = {10.5555/toy.2018.1}", "doi = {10.5555/toy.1998.1}")
    service.answer("/crossref/works/10.5555/toy.1998.1", "crossref_retracted.json")
    service.answer("/pubmed/esearch.fcgi", "pubmed_none.json")
    before = review.snapshot()
    assert review.run("add-paper", "10.5555/toy.1998.1") == 0
    assert (
        "as 'robusta2018'" in review.out
        and "add the line `  retracted = {10.5555/toy.2010.4},`" in review.out
    )
    assert review.snapshot() == before


@pytest.mark.parametrize(
    ("field", "old", "said"),
    [
        ("doi", "doi = {10.5555/toy.2018.1}", "the same DOI"),
        ("pmid", "doi = {10.5555/toy.2018.1},\n  pmid = {99900077}", "the same PMID"),
    ],
)
def test_a_paper_that_is_there_under_another_key(review, service, field, old, said):
    crossref(service)
    pubmed(service)
    review.replace(
        BIB, "doi = {10.5555/toy.2018.1}", "doi = {10.5555/TOY.2024.7}" if field == "doi" else old
    )
    before = review.snapshot()
    assert review.run("add-paper", DOI) == 0
    assert (
        "already, as 'robusta2018'" in review.out
        and said in review.out
        and review.snapshot() == before
    )


def test_a_paper_with_nearly_the_title_of_another_is_asked_about(review, service):
    crossref(service)
    pubmed(service)
    review.replace(
        BIB,
        "{{Sleep of mice that were never born}}",
        "{{The PER2 clock and caffeine: in vitro effects of Ca2+ at 5\\% CO2}}",
    )
    before = review.snapshot()
    assert review.run("add-paper", DOI) == 1
    assert (
        "'robusta2018' with nearly the same title" in review.err
        and "--anyway" in review.err
        and review.snapshot() == before
    )
    assert review.run("add-paper", DOI, "--anyway") == 0


def test_a_chinese_paper_is_found_by_its_title(review, tmp_path):
    """Its key needs Latin letters; whether it is there does not."""
    review.replace(BIB, "{{[Rest in the afternoon]}}", "{{咖啡因对睡眠剥夺大鼠褪黑素的影响}}")
    ris = "TY  - JOUR\nAU  - 王, 伟\nTI  - {}\nJO  - 咖啡\nPY  - 2022\nER  -\n"
    file = tmp_path / "a.ris"
    before = review.snapshot()
    file.write_text(ris.format("《咖啡因》对睡眠剥夺大鼠褪黑素的影响。"), encoding="utf-8")
    assert review.run("add-paper", str(file)) == 0
    assert "already, as 'pfuehl2022' (the same title and year)" in review.out
    file.write_text(ris.format("咖啡因对睡眠剥夺小鼠褪黑素的影响"), encoding="utf-8")
    assert review.run("add-paper", str(file), "--key", "wang2022mice") == 1
    assert "'pfuehl2022' with nearly the same title, '咖啡因对睡眠剥夺大鼠" in review.err
    assert review.snapshot() == before
    assert review.run("add-paper", str(file), "--key", "wang2022mice", "--anyway") == 0


def test_a_key_that_is_taken_gets_a_letter(review, service):
    crossref(service)
    pubmed(service)
    review.replace(BIB, "@article{robusta2018,", "@article{nunezlopez2024per2,")
    assert review.run("add-paper", DOI) == 0
    assert "@article{nunezlopez2024per2b," in review.read(BIB)


FAULTS = {
    "too many questions": (
        {"body": b"{}", "status": 429, "Retry_After": "1"},
        "too many questions; ask again in 1 s",
    ),
    "down": ({"body": b"", "status": 503}, "answers with an error (503)"),
    "broken": (
        {"body": b"oops", "status": 500, "kind": "text/html"},
        "answers with an error (500)",
    ),
    "slow": ({"body": WORK, "delay": 1.6}, "did not answer in 1 s"),
    "half an answer": ({"body": WORK, "cut": 900}, "broke off"),
    "half a document": ({"body": b'{"status":"ok","message":{"title":["The P'}, "not whole"),
    "a login page": (
        {"body": b"<html>Please log in</html>", "kind": "text/html; charset=utf-8"},
        "login page",
    ),
    "no record": ({"body": b'{"status":"ok","message":[]}'}, "holds no paper"),
    "a list": ({"body": b"[1]"}, "not a record"),
    "no title": (
        {"body": b'{"status":"ok","message":{"DOI":"10.5555/toy.2024.7","title":[]}}'},
        "no title",
    ),
    "another paper": ({"body": "crossref_retracted.json"}, "another paper"),
    "no text": ({"body": b'{"message":"\xff"}'}, "not UTF-8"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_service_does_wrong_loses_nothing(review, service, name):
    how, said = FAULTS[name]
    service.answer(f"/crossref/works/{DOI}", **how)
    pubmed(service)
    before = review.snapshot()
    assert review.run("add-paper", DOI) == 1
    assert (
        said in review.err
        and "Nothing was written" in review.err
        and "add-paper FILE" in review.err
    )
    assert review.snapshot() == before


def test_a_service_that_asks_to_wait_is_waited_for(review, service):
    crossref(service, b"", status=429, Retry_After="7")
    crossref(service)
    pubmed(service)
    assert review.run("add-paper", DOI) == 0
    assert (
        "Crossref asks to wait 7 s" in review.out
        and 7 in service.waited
        and len([path for path, _ in service.asked if "works" in path]) == 2
    )


@pytest.mark.parametrize(
    "how",
    [
        {"body": b"<PubmedArticleSet><PubmedArticle>", "kind": "text/xml"},
        {"body": b"", "status": 500},
        {"body": b"<html/>", "kind": "text/html"},
        {"body": b"<PubmedArticleSet/>", "kind": "text/xml"},
    ],
    ids=["half", "down", "page", "empty"],
)
def test_one_service_is_enough(review, service, how):
    crossref(service)
    service.answer("/pubmed/esearch.fcgi", "pubmed_search.json")
    service.answer("/pubmed/efetch.fcgi", **how)
    assert review.run("add-paper", DOI) == 0
    assert "doi = {10.5555/toy.2024.7}" in review.read(BIB) and "99900077" not in review.read(BIB)


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        ("10.5555/no.such", "no record"),
        ("123456789012", "neither a DOI"),
        ("coffee and sleep", "neither a DOI"),
        ("citation.ris", "no file 'citation.ris'"),
    ],
)
def test_what_names_no_paper(review, service, paper, said):
    before = review.snapshot()
    assert review.run("add-paper", paper) == 1
    assert said in review.err and review.snapshot() == before


def test_without_a_network_it_says_so_and_what_else_there_is(review):
    before = review.snapshot()
    assert review.run("add-paper", DOI) == 1
    assert (
        "no network" in review.err
        and "RIS" in review.err
        and "--title" in review.err
        and review.snapshot() == before
    )


RIS = """TY  - JOUR
AU  - Núñez-López, Ána María
AU  - van der Berg, P.
TI  - The PER2 clock & caffeine
JO  - Journal of Imaginary Drinks
PY  - 2024/03//
VL  - 12
IS  - 3
SP  - 527
EP  - 538
DO  - 10.5555/toy.2024.7
ER  -
"""
BIBTEX = r"""@Article{whatever,
  Author = {N{\'u}{\~n}ez-L{\'o}pez, {\'A}na Mar{\'\i}a and P. van der Berg},
  title = {The {PER2} clock \& caffeine},
  journal = "Journal of Imaginary Drinks",
  year = 2024, volume = {12}, number = {3}, pages = {527--538}, doi = {https://doi.org/10.5555/toy.2024.7}
}
"""
NBIB = """PMID- 99900077
OWN - NLM
DP  - 2024 Mar
TI  - The PER2 clock
      & caffeine.
PG  - 527-38
LID - 10.5555/toy.2024.7 [doi]
FAU - Núñez-López, Ána María
AU  - Núñez-López ÁM
FAU - van der Berg, P.
JT  - Journal of Imaginary Drinks
VI  - 12
IP  - 3
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ris", RIS),
        ("a.bib", BIBTEX),
        ("a.nbib", NBIB),
        ("a.ris", RIS.replace("\n", "\r\n")),
        ("a.txt", "\ufeff" + RIS),
    ],
)
def test_a_file_of_a_reference_manager(review, tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    assert review.run("add-paper", str(tmp_path / name)) == 0
    made = entry(review, "nunezlopez2024per2")
    for line in (
        "author = {Núñez-López, Ána María and van der Berg, P.},",
        "title = {{The PER2 clock \\& caffeine}},",
        "journal = {Journal of Imaginary Drinks},",
        "year = {2024},",
        "pages = {527--538},",
        "doi = {10.5555/toy.2024.7},",
    ):
        assert f"  {line}\n" in made
    cite(review, "nunezlopez2024per2")
    review.set("data/evidence/body-clock.csv", "clk-e03", citekey="robusta2018")
    assert review.check() == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "neither BibTeX nor RIS"),
        ("TY  - JOUR\nAU  - A, B\nER  -\n", "no title"),
        ("@article{x, title = {A\n", "broken BibTeX"),
        ("<html>", "neither BibTeX nor RIS"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_none(review, tmp_path, content, said):
    (tmp_path / "a.bib").write_bytes(content if isinstance(content, bytes) else content.encode())
    before = review.snapshot()
    assert review.run("add-paper", str(tmp_path / "a.bib")) == 1
    assert said in review.err and review.snapshot() == before


def test_signs_in_a_title_and_names_without_latin_letters(review, tmp_path):
    (tmp_path / "a.bib").write_text(
        BIBTEX.replace("The {PER2} clock", r"PPAR$\gamma$ and the {PER2} clock"), encoding="utf-8"
    )
    assert review.run("add-paper", str(tmp_path / "a.bib"), "--dry-run") == 0
    assert "title = {{PPARγ and the PER2 clock \\& caffeine}}" in review.out
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - 王, 伟\nTI  - 咖啡与睡眠\nJO  - 咖啡\nPY  - 2020\nER  -\n",
        encoding="utf-8",
    )
    assert review.run("add-paper", str(tmp_path / "a.ris"), "--dry-run") == 0
    assert "@article{paper2020," in review.out and "give one with --key" in review.out
    assert (
        review.run("add-paper", str(tmp_path / "a.ris"), "--dry-run", "--key", "wang2020coffee")
        == 0
        and "--key" not in review.out
    )


def test_an_id_that_is_not_looked_up_is_named_as_what_it_is(review):
    assert (
        review.run("add-paper", "PMC8614054") == 1
        and "PubMed Central" in review.err
        and "Fix: give the DOI" in review.err
    )


def test_two_papers_of_a_file_or_none(review, tmp_path):
    """The second is nearly one that is there: the first is not added either."""
    other = RIS.replace("The PER2 clock & caffeine", "Sleep of mice that were never borne").replace(
        "toy.2024.7", "toy.2025.1"
    )
    (tmp_path / "two.ris").write_text(RIS + other, encoding="utf-8")
    before = review.snapshot()
    assert review.run("add-paper", str(tmp_path / "two.ris")) == 1
    assert "robusta2018" in review.err and review.snapshot() == before
    assert review.run("add-paper", str(tmp_path / "two.ris"), "--anyway") == 0
    assert review.read(BIB).count("@article") == 7


HAND = [
    "--title",
    "Tea and <b>PER2</b> {100%}",
    "--authors",
    "Chá, Ana; Thé, Louis",
    "--year",
    "2020",
    "--journal",
    "Tea & Co",
]


def test_by_hand(review):
    assert review.run("add-paper", *HAND, "--doi", "10.5555/toy.2020.77") == 0
    made = entry(review, "cha2020per2")
    assert (
        "title = {{Tea and PER2 100\\%}}" in made
        and "author = {Chá, Ana and Thé, Louis}" in made
        and "journal = {Tea \\& Co}" in made
    )
    cite(review, "cha2020per2")
    review.set("data/evidence/body-clock.csv", "clk-e03", citekey="robusta2018")
    assert review.check() == ""


def test_by_hand_the_identifier_may_stand_where_it_stands_otherwise(review):
    assert review.run("add-paper", "https://doi.org/10.5555/toy.2020.77", *HAND) == 0
    assert "doi = {10.5555/toy.2020.77}" in entry(review, "cha2020per2")


def test_by_hand_what_is_missing_or_wrong_is_said_at_once(review):
    before = review.snapshot()
    assert review.run("add-paper", "--title", "Tea", "--doi", "toy/1", "--year", "last") == 1
    assert (
        "--authors is missing" in review.err
        and "--doi 'toy/1': this is not a DOI" in review.err
        and "--year 'last'" in review.err
    )
    assert review.snapshot() == before


def test_a_dry_run_writes_nothing(review):
    before = review.snapshot()
    assert review.run("add-paper", *HAND, "--dry-run") == 0
    assert "@article{cha2020per2," in review.out and review.snapshot() == before


def test_at_a_terminal_it_asks_when_the_network_is_missing(review, terminal):
    code, seen = terminal(
        ["Tea and PER2", "Chá, Ana", "", "2020", "", "", "", ""], "add-paper", "10.5555/toy.2020.77"
    )
    assert code == 0, seen
    assert "cannot be reached" in seen and "doi = {10.5555/toy.2020.77}" in entry(
        review, "cha2020per2"
    )


def test_stopping_at_a_prompt_writes_nothing(review, terminal):
    before = review.snapshot()
    code, seen = terminal(["Tea and PER2"], "add-paper", "10.5555/toy.2020.77")
    assert code == 1 and "Stopped; nothing was written" in seen and review.snapshot() == before


def test_a_bibliography_that_is_broken_is_mended_first(review):
    review.replace(BIB, "  year = {2015},", "  year = {2015}\n<<<<<<< HEAD")
    before = review.snapshot()
    assert review.run("add-paper", *HAND) == 1
    assert "merge-conflict" in review.err and review.snapshot() == before


def test_who_asks_says_so(review, service, monkeypatch):
    monkeypatch.setenv("LIVINGREVIEW_MAILTO", "editor@example.org")
    crossref(service)
    pubmed(service)
    assert review.run("add-paper", DOI) == 0
    assert all("mailto:editor@example.org" in asked["agent"] for _, asked in service.asked)
