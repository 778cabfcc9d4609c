"""new, resolve, status, format: what they write, what they ask, what they refuse."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from livingreview.cli.main import parser

ROOT = Path(__file__).resolve().parents[2]

CLAIMS, EVIDENCE, BIB = (
    "data/claims/body-clock.csv",
    "data/evidence/body-clock.csv",
    "references.bib",
)
CLAIM = [
    "new",
    "claim",
    "body-clock",
    "--subject",
    "caffeine",
    "--predicate",
    "affects",
    "--object",
    "per2",
    "--aspect",
    "expression",
    "--statement",
    "Caffeine changes PER2.",
]
EDITORS = ["--citekey", "lungo2020", "--study-design", "in_vitro"]


# claims and evidence
def test_a_claim_gets_the_next_id_and_what_is_usual(review):
    assert review.run(*CLAIM, "--direction", "mixed", *EDITORS) == 0
    claim, row = review.row(CLAIMS, "clk-c06"), review.row(EVIDENCE, "clk-e07")
    assert (claim["direction"], claim["directness"]) == ("mixed", "unknown")
    usual = {
        "claim_id": "clk-c06",
        "reported_by": "editors",
        "basis": "abstract_read",
        "support": "supports",
        "species": "not_stated",
        "hedged": "false",
    }
    assert usual.items() <= row.items() and review.check() == ""


def test_a_review_that_reports_names_section_and_number_and_the_number_brings_the_paper(review):
    assert (
        review.run(
            *CLAIM,
            "--reported-by",
            "mokka",
            "--section",
            "2.2",
            "--reference-number",
            "2",
            "--study-design",
            "in_vitro",
        )
        == 0
    )
    assert {"basis": "reported", "citekey": "robusta2018", "section": "2.2"}.items() <= review.rows(
        EVIDENCE
    )[-1].items()
    assert review.rows(CLAIMS)[-1]["direction"] == "not_stated" and review.check() == ""


def test_a_predicate_without_direction_gets_none(review):
    assert (
        review.run(
            "new",
            "claim",
            "body-clock",
            "--subject",
            "caffeine",
            "--predicate",
            "binds",
            "--object",
            "per2",
            "--statement",
            "x",
            *EDITORS,
        )
        == 0
    )
    assert {"direction": "not_applicable", "aspect": ""}.items() <= review.rows(CLAIMS)[-1].items()


WRONG = {
    "all that is missing": (
        ["new", "claim", "body-clock"],
        [
            "--subject is missing",
            "--predicate is missing: What the subject does to the object",
            "--statement is missing",
            "--citekey is missing",
        ],
    ),
    "near misses": (
        [
            *CLAIM[:4],
            "cafeine",
            "--predicate",
            "affect",
            "--object",
            "PER2 gene",
            "--aspect",
            "expresion",
            "--statement",
            "x",
            *EDITORS,
        ],
        [
            "Nearest valid value: 'caffeine'",
            "Nearest valid value: 'affects'",
            "'per2'",
            "'expression'",
        ],
    ),
    "another name of an entity": (
        [*CLAIM, *EDITORS, "--cell", "nerve cell"],
        ["--cell 'nerve cell'"],
    ),
    "an entity of another kind": (
        [*CLAIM, *EDITORS, "--cell", "brain"],
        ["data/claims/body-clock.csv:7 [cell] 'brain'", "this is a tissue"],
    ),
    "an aspect too few": (
        [*CLAIM[:8], "per2", "--statement", "x", *EDITORS],
        ["--aspect is missing"],
    ),
    "a direction too many": (
        [
            "new",
            "claim",
            "body-clock",
            "--subject",
            "caffeine",
            "--predicate",
            "binds",
            "--object",
            "per2",
            "--direction",
            "increased",
            "--statement",
            "x",
            *EDITORS,
        ],
        ["binds has no direction"],
    ),
    "an unknown paper": (
        [*CLAIM, "--citekey", "lungo2021", "--study-design", "in_vitro"],
        ["no citekey 'lungo2021'", "'lungo2020'"],
    ),
    "a dose without unit": ([*CLAIM, *EDITORS, "--dose", "5"], ["[dose_unit]", "has no unit"]),
    "a date for a gene": (
        [*CLAIM, *EDITORS, "--readout", "2-Sep"],
        ["--readout '2-Sep'", "spreadsheet"],
    ),
    "a section that is not there": (
        [*CLAIM, "--reported-by", "mokka", "--section", "7", "--study-design", "in_vitro"],
        ["[section] '7'", "mokka has no such section"],
    ),
    "an unknown chapter": (
        ["new", "claim", "bodyclock"],
        ["no mechanism 'bodyclock'", "'body-clock'"],
    ),
    "an unknown claim": (["new", "evidence", "clk-c99"], ["'clk-c99'", "Nearest valid value"]),
    "markup": ([*CLAIM[:-1], "<b>x</b>", *EDITORS], ["--statement", "markup"]),
    "a slug with a blank": (
        ["new", "chapter", "Body Clock", "--label", "x"],
        ["--mechanism 'Body Clock'", "--label-zh is missing", "--focus is missing"],
    ),
    "a chapter that is there": (
        ["new", "chapter", "body-clock"],
        ["a chapter 'body-clock' already"],
    ),
    "an unknown part": (
        [
            "new",
            "chapter",
            "taste",
            "--label",
            "x",
            "--label-zh",
            "x",
            "--part",
            "How coffe keeps awake",
            "--focus",
            "caffeine",
            "--citekey",
            "lungo2020",
        ],
        ["There is no part 'How coffe keeps awake'", "'How coffee keeps awake'", "--new-part"],
    ),
    "a prefix that is taken": (
        [
            "new",
            "chapter",
            "taste",
            "--label",
            "x",
            "--label-zh",
            "x",
            "--part",
            "Back matter",
            "--focus",
            "caffeine",
            "--citekey",
            "lungo2020",
            "--prefix",
            "clk",
        ],
        ["[prefix] 'clk'", "already used"],
    ),
    "an unknown review": (["resolve", "moka"], ["no review 'moka'", "'mokka'"]),
    "an unknown number": (
        ["resolve", "mokka", "9"],
        ["'9' is no reference number of mokka, which has 1 to 4"],
    ),
    "a paper for no number": (
        ["resolve", "--accept", "10.5555/toy.2012.3"],
        ["--accept needs the review and the number"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_once_and_nothing_is_written(review, name):
    arguments, said = WRONG[name]
    before = review.snapshot()
    assert review.run(*arguments) == 1
    for words in said:
        assert words in review.err
    assert review.snapshot() == before


@pytest.mark.parametrize("damage", ["<<<<<<< HEAD\n", "clk-c09,half a row\n", '"open\n'])
def test_a_damaged_file_is_mended_first(review, damage):
    (review.root / CLAIMS).write_text(review.read(CLAIMS) + damage, encoding="utf-8")
    before = review.snapshot()
    assert review.run(*CLAIM, *EDITORS) == 1
    assert CLAIMS in review.err and review.snapshot() == before


def test_a_contract_that_cannot_be_read_is_one_message(review):
    (review.root / "data/datapackage.json").write_text("{", encoding="utf-8")
    for command in (
        ["new", "claim", "body-clock"],
        ["status"],
        ["format"],
        ["resolve"],
        ["add-paper", "--title", "x"],
    ):
        assert review.run(*command) == 1
        assert "data/datapackage.json" in review.err


def test_a_file_that_somebody_saves_meanwhile_is_not_overwritten(review, monkeypatch):
    from livingreview.cli.staging import Staging

    check = Staging.problems

    def meanwhile(staging):
        review.set(CLAIMS, "clk-c05", statement="Saved in an editor.")
        return check(staging)

    monkeypatch.setattr(Staging, "problems", meanwhile)
    assert review.run(*CLAIM, *EDITORS) == 1
    assert "has changed meanwhile; nothing was written" in review.err
    assert len(review.rows(CLAIMS)) == 5 and len(review.rows(EVIDENCE)) == 6


def test_a_disk_that_is_full_leaves_every_file_whole(review, monkeypatch):
    """The second file cannot be written beside its place: the first is not put into its place
    either.
    """
    from pathlib import Path

    write, before = Path.write_text, review.snapshot()

    def full(path, *arguments, **named):
        if path.parent.name == "evidence" and review.root in path.parents:
            raise OSError(28, "No space left on device", str(path))
        return write(path, *arguments, **named)

    monkeypatch.setattr(Path, "write_text", full)
    assert review.run(*CLAIM, *EDITORS) == 1
    assert "No space left" in review.err and "Nothing was written" in review.err
    assert review.snapshot() == before


def test_at_a_terminal_a_claim_is_asked_for(review, terminal):
    """Enter takes what stands in brackets; a near miss is offered in its right form."""
    claim = [
        "cafeine",
        "",
        "affects",
        "per2",
        "expression",
        "",
        "",
        "",
        "",
        "Caffeine changes PER2.",
    ]
    evidence = ["", "lungo2020", "", "", "in_vitro", *[""] * 12]
    code, seen = terminal([*claim, *evidence], "new", "claim", "body-clock")
    assert code == 0, seen
    assert (
        "no entity 'cafeine'" in seen
        and "subject [caffeine]: " in seen
        and "One of: increased, decreased" in seen
    )
    assert (
        review.rows(CLAIMS)[-1]["subject"] == "caffeine"
        and review.rows(EVIDENCE)[-1]["citekey"] == "lungo2020"
    )
    assert review.check() == ""


def test_at_a_terminal_the_chapter_is_asked_for_and_what_is_wrong_is_asked_again(review, terminal):
    """Not refused after the last answer."""
    code, seen = terminal(
        ["body-clok", "", "", "affects", "per2"], "new", "claim", "--subject", "cafeine"
    )
    assert "One of: adenosine-blockade; body-clock." in seen and "mechanism [body-clock]: " in seen
    assert "--subject 'cafeine'" in seen and "subject [caffeine]: " in seen
    assert code == 1 and "--subject caffeine --predicate affects --object per2" in seen, (
        "whoever stops keeps the answers"
    )
    code, seen = terminal(["Taste", "味觉", "How coffe", ""], "new", "chapter", "taste")
    assert (
        "There is no part 'How coffe'" in seen
        and "part [How coffee keeps awake]: " in seen
        and code == 1
    )


def test_a_row_that_is_entered_twice_is_refused(review):
    row = ["new", "evidence", "clk-c05", *EDITORS, "--support", "supports"]
    assert review.run(*row) == 0
    before = review.snapshot()
    assert (
        review.run(*row) == 1
        and "the row is the same as clk-e07" in review.err
        and review.snapshot() == before
    )
    assert review.run(*row, "--species", "mouse") == 0


def test_a_file_that_may_not_be_written_is_left_alone(review, monkeypatch):
    """A rename would put another in its place all the same."""
    import os

    may, before = os.access, review.snapshot()
    monkeypatch.setattr(
        os, "access", lambda path, mode: "evidence" not in str(path) and may(path, mode)
    )
    assert review.run(*CLAIM, *EDITORS) == 1
    assert (
        "data/evidence/body-clock.csv may not be written; nothing was written. Fix: allow it"
        in review.err
        and review.snapshot() == before
    )
    for file in ("data/gaps.csv", EVIDENCE):
        review.replace(file, "\n", "\r\n")
    assert review.run("format") == 1
    assert review.out.split("\n")[:2] == [
        "data/gaps.csv: formatted",
        f"{EVIDENCE}: left as it is: the file may not be written",
    ]


# chapters
CHAPTER = [
    "new",
    "chapter",
    "taste",
    "--label",
    "Taste",
    "--label-zh",
    "味觉",
    "--part",
    "How coffee keeps awake",
    "--focus",
    "caffeine",
]


def test_the_contents_keep_their_comments_and_their_form(review):
    review.replace(
        "_toc.yml",
        "  - caption: Back matter",
        "  # what closes the book\n  - caption: Back matter  # last",
    )
    before = review.read("_toc.yml")
    assert review.run(*CHAPTER, "--citekey", "lungo2020") == 0
    line = "      - file: chapters/taste\n"
    assert review.read("_toc.yml") == before.replace("body-clock\n", "body-clock\n" + line)
    assert [row["mechanism"] for row in review.rows("data/mechanisms.csv")] == [
        "adenosine-blockade",
        "body-clock",
        "taste",
    ]


def test_a_chapter_without_a_review_rests_on_a_paper_and_one_with_a_review_on_its_section(review):
    assert review.run(*CHAPTER) == 1
    assert "--citekey is missing" in review.err
    assert review.run(*CHAPTER, "--source-sections", "mokka:2.2") == 0
    assert {"reported_by": "mokka", "section": "2.2", "basis": "reported"}.items() <= review.rows(
        "data/evidence/taste.csv"
    )[0].items()
    assert "{cite:p}`bohne2021`" in review.read("chapters/taste.md")


def test_an_example_is_all_that_is_to_be_mended(review):
    assert review.run(*CHAPTER, "--citekey", "lungo2020") == 0
    lines = [line for line in review.check().splitlines() if " Fix: " in line]
    assert len(lines) >= 10 and all("still to be replaced" in line for line in lines)
    assert review.run("export") == 1, "no example leaves the house"


# references of the reviews
def test_the_list_of_what_is_not_identified(review):
    assert review.run("resolve") == 0
    assert (
        "mokka           2  candidate  0.80  sleep of mice" in review.out
        and "mokka           4  unresolved" in review.out
    )
    assert "arabica" not in review.out and "2 references" in review.out


def test_proposals_are_scored_and_nothing_is_written(review, service):
    service.answer("/crossref/works", "crossref_search.json")
    before = review.snapshot()
    assert review.run("resolve", "mokka", "4") == 0
    assert review.out.index("Melatonin secretion after evening coffee") < review.out.index(
        "Prices of coffee"
    ), "words outweigh the order of the service"
    assert "words: melatonin" in review.out and "--accept 10.5555/toy.2012.3" in review.out
    assert review.snapshot() == before
    assert "melatonin again" in service.asked[0][1]["query.bibliographic"]


def test_a_proposal_that_is_accepted_fills_all_three(review, tmp_path):
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Melange, Hans\nTI  - Melatonin after evening coffee\nPY  - 2012\nJO  -"
        " Annals\nDO  - 10.5555/toy.2012.3\nER  -\n",
        encoding="utf-8",
    )
    place = ["resolve", "mokka", "4", "--file", str(tmp_path / "a.ris"), "--accept", "1"]
    before = review.snapshot()
    assert (
        review.run(*place, "--confidence", "0.5", "--reason", "x") == 1
        and "cited from 0.75 on" in review.err
    )
    assert review.run(*place, "--confidence", "0.8") == 1 and "--reason is missing" in review.err
    assert (
        review.run(*place, "--confidence", "80", "--reason", "x") == 1
        and "[confidence] '80'" in review.err
    )
    assert (
        review.run(*place[:-1], "7", "--reason", "x") == 1 and "the file has 1 papers" in review.err
    )
    assert review.snapshot() == before
    assert review.run(*place, "--confidence", "0.8", "--reason", "Title.") == 0
    assert {
        "citekey": "melange2012melatonin",
        "status": "candidate",
        "confidence": "0.8",
        "match_reason": "Title.",
    }.items() <= review.row("data/citations.csv", "mokka 4").items()
    assert review.row(EVIDENCE, "clk-e05")[
        "citekey"
    ] == "melange2012melatonin" and "keywords = {candidate}" in review.read(BIB)
    assert review.check() == ""


def test_a_paper_that_may_be_there_is_not_accepted_unseen(review, tmp_path):
    """Nearly the title of an entry: whether it is that paper, a person must say."""
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nAU  - Robusta, Rosa\nTI  - Sleep of mice that were never borne\nPY  - 2018\n"
        "DO  - 10.5555/toy.2018.7\nER  -\n",
        encoding="utf-8",
    )
    before = review.snapshot()
    accept = ["--accept", "1", "--confidence", "0.8", "--reason", "Title."]
    assert review.run("resolve", "mokka", "4", "--file", str(tmp_path / "a.ris"), *accept) == 1
    assert "references.bib has 'robusta2018' with nearly the same title" in review.err
    assert "Fix: give --accept robusta2018 if it is this paper" in review.err
    assert review.snapshot() == before


def test_a_paper_that_is_there_is_accepted_by_its_key(review):
    assert (
        review.run(
            "resolve",
            "mokka",
            "4",
            "--accept",
            "lungo2020",
            "--status",
            "verified",
            "--reason",
            "Seen.",
        )
        == 0
    )
    assert (
        review.row("data/citations.csv", "mokka 4")["status"] == "verified" and review.check() == ""
    )


def test_a_folder_is_no_file(review):
    assert (
        review.run("resolve", "mokka", "4", "--file", "data") == 1
        and "'data' is a folder" in review.err
    )
    assert (
        review.run("add-paper", "data") == 1
        and "'data' is a folder. Fix: name a BibTeX, RIS or NBIB file" in review.err
    )
    (review.root / "data/paper.ris").touch()
    assert review.run("add-paper", "data") == 1 and "such as data/paper.ris" in review.err


def test_without_a_network_resolve_says_what_else_there_is(review):
    before = review.snapshot()
    assert review.run("resolve", "mokka", "4") == 1
    assert "no network" in review.err and "--file" in review.err and review.snapshot() == before


@pytest.mark.parametrize(
    "body", [b'{"message":{"items":"none"}}', b"[]", b'{"message":null}', b"{"]
)
def test_a_search_that_answers_nonsense(review, service, body):
    service.answer("/crossref/works", body)
    assert review.run("resolve", "mokka", "4") == 1
    assert "Crossref's answer is not" in review.err


# status and format
def test_status_counts_what_is_there(review):
    assert review.run("status", "--json") == 0
    found = json.loads(review.out)
    assert {row["review"]: (row["restated"], row["sections"]) for row in found["reviews"]} == {
        "mokka": (4, 4),
        "siesta": (2, 2),
    }
    assert [(r["source"], r["reference_number"]) for r in found["references"]] == [
        ("mokka", 2),
        ("mokka", 4),
    ]
    assert found["unread"] == ["body-clock"] and sum(found["gaps"].values()) == 2
    resolved = [
        row["disagreement_id"]
        for row in review.rows("data/disagreements.csv")
        if row["status"] != "open"
    ]
    assert not set(resolved) & {row["disagreement_id"] for row in found["open_disagreements"]}


def test_a_search_of_more_than_a_year_ago_is_stale(review):
    for slug, days in (("adenosine-blockade", 364), ("body-clock", 367)):
        review.set(
            "data/mechanisms.csv",
            slug,
            searched_on=(date.today() - timedelta(days=days)).isoformat(),
        )
    assert review.run("status", "--json") == 0
    assert [row["mechanism"] for row in json.loads(review.out)["stale"]] == ["body-clock"]
    assert review.run("status") == 0 and ": 1; the oldest search" in review.out


def test_status_of_broken_data_says_to_mend_them(review):
    review.set(CLAIMS, "clk-c05", direction="up")
    assert review.run("status") == 1
    assert "make check` is content" in review.err


def test_format_writes_only_what_changes(review):
    times = {path: path.stat().st_mtime_ns for path in review.root.rglob("*.csv")}
    review.set("data/gaps.csv", "ado-decaf", looked_in="here")
    review.replace("data/gaps.csv", "ado-decaf", '"ado-decaf"')
    assert review.run("format", "--dry-run") == 1 and "data/gaps.csv: would change" in review.out
    assert review.run("format") == 0 and review.out.strip() == "data/gaps.csv: formatted"
    assert {p.name for p, time in times.items() if p.stat().st_mtime_ns != time} == {"gaps.csv"}
    assert review.run("format") == 0 and review.out.strip() == "All files are in form."


# help
def commands() -> list[list[str]]:
    """Every command that there is."""

    def below(parser, path):
        (kinds,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)] or [
            None
        ]
        return (
            [path]
            if kinds is None
            else [
                each
                for name, child in kinds.choices.items()
                for each in below(child, [*path, name])
            ]
        )

    return below(parser(), [])


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_help_teaches_with_an_example(review, command):
    assert review.run(*command, "--help") == 0
    description = review.out.split("\n\n")[1]
    assert (
        len(description) > 40
        and "example:\n  python -m livingreview " + " ".join(command) in review.out
    )


def test_without_a_command_the_help_is_shown(review):
    assert review.run() == 2 and "add-paper" in review.out and "examples:" in review.out
    assert review.run("new") == 2 and "start a chapter on a new mechanism" in review.out


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["status"],
        ["format"],
        ["export"],
        ["changes", "--since", "HEAD"],
        ["watch"],
        ["build"],
        *([*CLAIM, *EDITORS],),
    ],
    ids=lambda c: c[0],
)
def test_whoever_stops_a_command_sees_no_traceback(review, command, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    before = review.snapshot()
    for name in ("livingreview.checks.contract.read", "livingreview.cli.staging.contract.read"):
        monkeypatch.setattr(name, stop)
    assert review.run(*command) == 1
    assert "Stopped" in review.err and review.snapshot() == before


def run(review, *arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=review.root,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_outside_the_environment_the_way_in_is_told(review):
    """The commonest slip of a newcomer: the Python of the system, which has not what the book
    needs.
    """
    process = run(review, "-S", "-m", "livingreview", "check")
    said = process.communicate(timeout=60)[1]
    assert (
        process.returncode == 1
        and "make check" in said
        and ".venv/bin/activate" in said
        and "Traceback" not in said
    )


def test_a_reader_that_has_seen_enough_is_no_fault(review):
    for command in (["resolve"], ["check"], ["status"], ["--help"], ["check", "--help"]):
        process = run(review, "-m", "livingreview", *command, stdout=subprocess.PIPE)
        process.stdout.close()  # as `| head -0` does
        said = process.stderr.read()
        assert process.wait(timeout=60) == 1
        assert "Broken" not in said and "Traceback" not in said and "Exception" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_is_told_in_a_line(review):
    for command in (["check"], ["status"], ["--help"]):
        with Path("/dev/full").open("w") as full:
            process = run(review, "-m", "livingreview", *command, stdout=full)
            said = process.communicate(timeout=60)[1]
        assert process.returncode == 1
        assert said.endswith("No space left on device.\n") and "Exception" not in said


def test_help_describes_the_columns_as_the_contract_does(review):
    assert review.run("new", "claim", "--help") == 0
    assert "--study-design" in review.out and "Which way the aspect of the object goes" in " ".join(
        review.out.split()
    )


def test_outside_a_project_the_commands_say_where_to_run_them(review, tmp_path):
    review.root = tmp_path
    for command in ("check", "build", "status"):
        assert review.run(command) == 1 and "run this inside the project folder" in review.err
    assert review.run("new", "claim", "--help") == 0
