"""Saved searches, contributors and the history: one broken rule, one problem."""

from __future__ import annotations

import pytest

SEARCHES, PEOPLE, HISTORY, MECHANISMS = (
    "data/searches.csv",
    "data/people.csv",
    "data/history.csv",
    "data/mechanisms.csv",
)

MISTAKES = {
    "no search": (
        [("drop", SEARCHES, "adenosine-blockade,")],
        MECHANISMS, 2, "mechanism", "adenosine-blockade", "no saved search",
    ),
    "empty": (
        [("cell", SEARCHES, "body-clock pubmed", "query", "")],
        SEARCHES, 3, "query", "", "required",
    ),
    "open parenthesis": (
        [("cell", SEARCHES, "body-clock pubmed", "query", "(a OR b")],
        SEARCHES, 3, "query", "(a OR b", "do not pair",
    ),
    "closed before it is opened": (
        [("cell", SEARCHES, "body-clock pubmed", "query", "a) OR (b")],
        SEARCHES, 3, "query", "a) OR (b", "do not pair",
    ),
    "open quote": (
        [("cell", SEARCHES, "body-clock pubmed", "query", 'a OR "b')],
        SEARCHES, 3, "query", 'a OR "b', "never closed",
    ),
    "unknown index": (
        [("cell", SEARCHES, "body-clock pubmed", "source", "pubmet")],
        SEARCHES, 3, "source", "pubmet", "no such value", "pubmed",
    ),
    "orcid": (
        [("row", PEOPLE, {"name": "N. N.", "orcid": "0000-0002-1825-0098", "roles": "Software"})],
        PEOPLE, 2, "orcid", "0000-0002-1825-0098", "checksum",
    ),
    "role": (
        [("row", PEOPLE, {"name": "N. N.", "roles": "Softwear"})],
        PEOPLE, 2, "roles", "Softwear", "no such value", "Software",
    ),
    "history of no chapter": (
        [("cell", HISTORY, "2026-01-20 body-clock", "mechanism", "body-clok")],
        HISTORY, 2, "mechanism", "body-clok", "has no mechanism", "body-clock",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_one_broken_rule_gives_one_problem(toy, name):
    edits, *said = MISTAKES[name]
    toy.break_(*edits).says(*said)


def test_what_is_right_is_let_pass(toy):
    toy.row(
        PEOPLE,
        name="Josiah Carberry",
        orcid="0000-0002-1825-0097",
        roles="Software; Writing – review & editing",
    )
    toy.row(PEOPLE, name="N. N.", orcid="0000-0002-1694-233X", roles="Validation")
    toy.cell(SEARCHES, "body-clock pubmed", "query", '("a) :" OR b)')
    assert toy.problems() == []
