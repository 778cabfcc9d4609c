"""Saved searches and retractions against indexes that answer well, badly, late or not at all."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from livingreview.cli.main import main
from livingreview.literature import pubmed
from livingreview.literature.bibrecord import Paper
from livingreview.literature.client import GIVE_UP, UNATTENDED, Client, UnansweredError
from livingreview.literature.watch import retracted_papers, watch, why
from livingreview.review import load

TOY = Path(__file__).resolve().parents[1] / "toy"
SEARCH, SUMMARY = "/pubmed/esearch.fcgi", "/pubmed/esummary.fcgi"
SINCE = date(2026, 1, 15)


@pytest.fixture
def client(literature) -> Client:
    return Client(patience=UNATTENDED)


@pytest.fixture
def toy(tmp_path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy")
    shutil.copy(TOY.parents[1] / "data" / "datapackage.json", tmp_path / "toy" / "data")
    return tmp_path / "toy"


def data(root: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in [*(root / "data").rglob("*.csv"), root / "references.bib"]}


def test_new_papers_are_listed_once_with_why_and_known_ones_are_not(toy, literature):
    literature.paper("1", "Caffeine and sleep latency in nobody", "10.5555/NEW.1")
    literature.paper("99900001", "Known by its PMID")
    literature.paper("2", "Known by its DOI", "https://doi.org/10.5555/TOY.2021.1")
    literature.paper("3", "Melatonin after an espresso that nobody drank.")
    before = data(toy)
    summary, failed = watch(toy, ["adenosine-blockade"])
    report = (toy / "_build/watch/adenosine-blockade.md").read_text(encoding="utf-8")
    assert not failed and "1 new" in summary
    assert report.count("- [ ]") == 1 and "Caffeine and sleep latency in nobody" in report
    assert "matches in title or abstract: caffeine, sleep latency" in report
    assert "<https://doi.org/10.5555/NEW.1> PMID 1" in report
    assert data(toy) == before, "the day of a search moves only when an editor has looked"
    path, asked = literature.asked[0]
    assert (path, asked["mindate"], asked["datetype"]) == (SEARCH, "2026/01/15", "edat")


def test_a_paper_in_two_indexes_is_one_paper(toy, literature):
    literature.paper("7", "Coffee at dusk", "10.5555/dusk")
    literature.europe = [
        {
            "id": "7",
            "source": "MED",
            "pmid": "7",
            "doi": "10.5555/DUSK",
            "title": "Coffee at dusk.",
            "authorString": "Doppio D.",
            "pubYear": "2026",
            "journalInfo": {"journal": {"title": "J Imag Drinks"}},
        },
        {
            "id": "PPR1",
            "source": "PPR",
            "title": "Another <i>dusk</i>",
            "authorString": "Doppio D.",
            "pubYear": "2026",
            "abstractText": "<h4>Background</h4>Melatonin fell.",
        },
    ]
    watch(toy, ["body-clock"])
    report = (toy / "_build/watch/body-clock.md").read_text(encoding="utf-8")
    assert report.count("- [ ]") == 2
    assert "europepmc; matches in title or abstract: melatonin" in report


def test_a_paper_with_nearly_the_title_of_a_known_one_is_listed_and_says_so(toy, literature):
    """Part two of a study is new: its DOI is another, though its title hardly is."""
    literature.paper("5", "Melatonin after an espresso nobody drunk", "10.5555/new.5")
    watch(toy, ["adenosine-blockade"])
    report = (toy / "_build/watch/adenosine-blockade.md").read_text(encoding="utf-8")
    assert "nobody drunk" in report and "; nearly the title of crema2019" in report


def test_every_page_of_a_long_answer_is_read(literature, client, monkeypatch):
    monkeypatch.setattr(pubmed, "PAGE", 3)
    for n in range(8):
        literature.paper(str(n + 1), f"Paper {n}")
    assert len(pubmed.search(client, "coffee", SINCE)) == 8
    assert [asked["retstart"] for path, asked in literature.asked if path == SEARCH] == [
        "0",
        "3",
        "6",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param((429, {"Retry-After": "7"}), id="too many questions"),
        pytest.param((503, {}), id="out of order"),
        pytest.param("hang", id="time-out"),
        pytest.param("cut", id="half an answer"),
        pytest.param(
            b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}',
            id="limit, said with 200",
        ),
        pytest.param(b"<html>502 Bad Gateway</html>", id="a page instead of data"),
    ],
)
@pytest.mark.parametrize("path", [SEARCH, SUMMARY])
def test_a_passing_fault_is_waited_out(literature, client, path, fault):
    literature.paper("1", "Caffeine")
    literature.faults[path] = [fault]
    assert [p.title for p in pubmed.search(client, "caffeine", SINCE)] == ["Caffeine"]
    if isinstance(fault, tuple) and "Retry-After" in fault[1]:
        assert 7 in literature.waited


@pytest.mark.parametrize(
    ("path", "fault", "words"),
    [
        (SEARCH, (429, {}), "too many questions"),
        (SEARCH, (400, {}), "400"),
        (SEARCH, "hang", "did not answer in 0.5 s"),
        (SEARCH, "cut", "broke off"),
        (SEARCH, b"[]", "not a record"),
        (SEARCH, b'{"header":{"type":"esearch"}}', "known form"),
        (SEARCH, b'{"esearchresult":{"count":"two","idlist":[]}}', "known form"),
        (SEARCH, b'{"esearchresult":{"count":"3","idlist":[]}}', "3 papers counted, 0 listed"),
        (SEARCH, b'{"esearchresult":{"count":"30000","idlist":["1"]}}', "too wide"),
        (
            SEARCH,
            (
                b'{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"Search'
                b' Backend failed:\n no term"}}'
            ),
            "no term",
        ),
        (SUMMARY, b'{"result":{"uids":[]}}', "known form"),
        (SUMMARY, b'{"result":{"uids":["1"],"1":{"uid":"1","title":null}}}', "known form"),
    ],
)
def test_a_lasting_fault_is_said_and_the_next_run_finds_everything(
    toy, literature, client, path, fault, words
):
    literature.paper("1", "Caffeine")
    literature.faults[path] = [fault] * UNATTENDED.attempts
    with pytest.raises(UnansweredError, match=words):
        pubmed.search(client, "caffeine", SINCE)
    literature.faults[path] = [fault] * UNATTENDED.attempts
    before = data(toy)
    summary, failed = watch(toy, ["adenosine-blockade"])
    assert (
        failed
        and "not complete" in summary
        and "Nothing is lost" in summary
        and "PubMed" in summary
    )
    assert data(toy) == before
    literature.faults.clear()
    summary, failed = watch(toy, ["adenosine-blockade"])
    assert not failed and "1 new" in summary


def test_one_index_that_is_down_does_not_hide_what_another_found(toy, literature):
    literature.faults[SEARCH] = [(500, {})] * 50
    literature.europe = [{"title": "Dusk", "authorString": "", "pubYear": "2026"}]
    summary, failed = watch(toy)
    assert failed and summary.count("not complete") == 2
    report = (toy / "_build/watch/body-clock.md").read_text(encoding="utf-8")
    assert "Dusk" in report and "Not complete: PubMed answers with an error (500)" in report


def test_an_index_that_is_down_is_not_asked_for_ever(toy, literature):
    """Else a week's run would wait through hundreds of questions, and be stopped before it has said
    anything.
    """
    works = [f"/crossref/works/{quote(doi, safe='')}" for doi in load(toy).references["doi"] if doi]
    assert len(works) > GIVE_UP
    for work in works:
        literature.faults[work] = [(503, {})] * 50
    summary, failed = watch(toy)
    asked = [path for path, _ in literature.asked if path.startswith("/crossref")]
    assert failed and len(asked) == GIVE_UP * UNATTENDED.attempts
    assert summary.count("did not answer 3 questions in a row") == 1, (
        "said once, of all that were not asked after"
    )
    literature.faults.clear()
    assert not watch(toy)[1], "the next run asks again"


def test_a_question_that_is_refused_says_nothing_of_the_index(literature, client):
    literature.faults[SEARCH] = [(400, {})] * 50
    for _ in range(GIVE_UP + 1):
        with pytest.raises(UnansweredError, match="400"):
            pubmed.search(client, "caffeine", SINCE)


def test_retractions_are_asked_of_both_indexes(toy, literature, client):
    review = load(toy)
    literature.paper("99900001", "ADORA2A", pubtype=("Journal Article", "Retracted Publication"))
    literature.works = {
        "10.5555/toy.2021.1": {
            "DOI": "10.5555/toy.2021.1",
            "updated-by": [{"type": "correction", "DOI": "10.5555/c"}],
        },
        "10.5555/toy.2020.1": {
            "DOI": "10.5555/toy.2020.1",
            "updated-by": [{"type": "expression_of_concern", "DOI": "10.5555/x"}],
        },
        "10.5555/toy.2019.1": {
            "DOI": "10.5555/toy.2019.1",
            "updated-by": [
                {"type": "retraction", "DOI": "10.5555/toy.2020.9", "source": "retraction-watch"}
            ],
        },
    }
    lines, failed = retracted_papers(client, review)
    text = "\n".join(lines)
    assert not failed
    assert "**arabica2015**" in text and "retracted (PubMed)" in text
    assert (
        "**lungo2020**" in text
        and "expression of concern (Crossref); notice 10.5555/x" in text.replace("\\", "")
    )
    assert "bohne2021" not in text, "a correction is no retraction"
    assert "crema2019" not in text, "already marked, and confirmed"
    literature.works["10.5555/toy.2019.1"].pop("updated-by")
    assert "crema2019" in "\n".join(retracted_papers(client, review)[0]), (
        "marked, but nobody confirms it"
    )


def test_a_retraction_that_could_not_be_asked_after_is_named(toy, literature, client):
    literature.faults["/crossref/works/10.5555%2Ftoy.2021.1"] = [(503, {})] * UNATTENDED.attempts
    literature.faults[SUMMARY] = [b'{"result":{}}']
    _, failed = retracted_papers(client, load(toy))
    assert any("bohne2021" in f for f in failed) and any(
        "PubMed" in f or "pubmed" in f for f in failed
    )


def test_titles_from_outside_stay_text(toy, literature):
    literature.paper(
        "1",
        "<script>alert(1)</script> [link](http://bad.example) @everybody *caffeine* | x",
        "10.5555/<b>",
    )
    watch(toy, ["adenosine-blockade"])
    report = (toy / "_build/watch/adenosine-blockade.md").read_text(encoding="utf-8")
    line = next(line for line in report.splitlines() if "alert" in line)
    assert (
        "\\<script\\>" in line
        and "\\[link\\]" in line
        and "@everybody" not in line
        and "\\|" in line
    )
    assert "<b>" not in line


def test_the_command_says_it_in_its_exit_code(toy, literature, monkeypatch, capsys):
    monkeypatch.chdir(toy)
    assert main(["watch"]) == 0
    said = capsys.readouterr()
    assert "## Retractions" in said.out
    assert "Searching for body-clock (2 of 2) ..." in said.err and "is retracted ..." in said.err, (
        "it takes minutes, and says where it is"
    )
    literature.faults[SEARCH] = [(500, {})] * 50
    assert main(["watch", "body-clock"]) == 1
    assert main(["watch", "body-clok"]) == 1
    assert "no mechanism 'body-clok'. Nearest valid value: 'body-clock'" in capsys.readouterr().err


def test_why_a_paper_is_listed():
    query = '("sleep latency"[tiab] OR osteoblast*[tiab]) AND "bone"[mh] NOT rats[tiab]'
    paper = Paper("Osteoblasts and sleep latency of the boneless", "", "", "", "", "")
    assert why(query, paper) == "sleep latency, osteoblast*"
