"""Questions to the services: how often, how spaced, by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from livingreview.literature import crossref, pubmed, retractions
from livingreview.literature.client import (
    ATTENDED,
    PAUSE,
    UNATTENDED,
    Client,
    NotFoundError,
    UnansweredError,
    contact,
)

DOI = "10.5555/toy.1"
WORK = "/crossref/works/10.5555%2Ftoy.1"
SEARCH = "/pubmed/esearch.fcgi"
DOWN = (503, {})


@pytest.mark.parametrize(
    ("patience", "waits"), [(ATTENDED, [PAUSE, 1]), (UNATTENDED, [PAUSE, 4, 8])]
)
def test_attempts_are_counted_and_spaced(literature, patience, waits):
    """Twice as long each time: 0.5 × 2, and 2 × 2, 2 × 4."""
    literature.faults[WORK] = [DOWN] * 10
    with pytest.raises(UnansweredError, match=r"Crossref answers with an error \(503\)"):
        crossref.record(Client(patience=patience), DOI)
    assert literature.waited == waits
    assert len(literature.asked) == len(waits) + 1


def test_faults_of_several_kinds_share_the_attempts(literature):
    literature.works[DOI] = {"title": ["Coffee"], "DOI": DOI}
    literature.faults[WORK] = [DOWN, "cut", b"[]", "hang", DOWN]
    with pytest.raises(UnansweredError, match=r"did not answer in 0\.5 s"):
        crossref.record(Client(patience=UNATTENDED), DOI)
    assert len(literature.asked) == 4


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7), ("9999", 30), ("soon", PAUSE), ("0", PAUSE), ("-3", PAUSE)]
)
def test_a_service_is_waited_for_as_it_asks_within_reason(literature, asked, waited):
    literature.faults[WORK] = [(429, {"Retry-After": asked})]
    literature.works[DOI] = {"title": ["Coffee"], "DOI": DOI}
    told = []
    assert crossref.record(Client(tell=told.append), DOI).title == "Coffee"
    assert literature.waited == [waited]
    assert any("asks to wait" in each for each in told) == (waited != PAUSE)


def test_a_service_may_name_the_time_until_which_to_wait(literature):
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    literature.faults[WORK] = [(503, {"Retry-After": later})]
    literature.works[DOI] = {"title": ["Coffee"], "DOI": DOI}
    crossref.record(Client(), DOI)
    assert literature.waited == [ATTENDED.longest]


def test_two_questions_to_a_service_are_a_pause_apart(literature):
    client = Client()
    literature.works[DOI] = {"title": ["Coffee"], "DOI": DOI}
    crossref.record(client, DOI)
    assert literature.waited == []
    crossref.record(client, DOI)
    assert literature.waited == [PAUSE]


def test_what_is_not_there_is_asked_once(literature):
    with pytest.raises(NotFoundError, match=r"doi\.org has no record of it"):
        crossref.record(Client(), DOI)
    assert [path for path, _ in literature.asked] == [WORK, "/doi/10.5555/toy.1"]


def test_whoever_asks_says_so(literature, tmp_path, monkeypatch):
    literature.works[DOI] = {"title": ["Coffee"], "DOI": DOI}
    literature.paper("1", "Coffee")
    config = tmp_path / "_config.yml"
    crossref.record(Client(contact(tmp_path)), DOI)
    config.write_text("repository:\n  url: https://example.org/book\n", encoding="utf-8")
    crossref.record(Client(contact(tmp_path)), DOI)
    monkeypatch.setenv("LIVINGREVIEW_MAILTO", "editor@example.org")
    crossref.record(Client(contact(tmp_path)), DOI)
    pubmed.retracted(Client(), ["1"])
    assert literature.agents == [
        "livingreview",
        "livingreview (https://example.org/book)",
        "livingreview (https://example.org/book; mailto:editor@example.org)",
        "livingreview (mailto:editor@example.org)",
    ]
    asked = literature.asked[-1][1]
    assert (asked["tool"], asked["email"]) == ("livingreview", "editor@example.org")


def update(kind: str) -> list[dict]:
    return [{"type": kind, "DOI": "10.5555/NOTICE.1", "source": "publisher"}]


@pytest.mark.parametrize(
    ("work", "notice"),
    [
        ({"updated-by": update("retraction")}, "10.5555/notice.1"),
        ({"updated-by": update("partial_retraction")}, "10.5555/notice.1"),
        ({"updated-by": update("Withdrawal")}, "10.5555/notice.1"),
        ({"updated-by": update("removal")}, "10.5555/notice.1"),
        ({"updated-by": update("correction")}, None),
        ({"updated-by": update("expression_of_concern")}, None),
        ({"updated-by": None}, None),
        ({"update-to": update("retraction")}, None),  # this work is the notice
        ({"update-to": update("retraction"), "DOI": "10.5555/notice.1"}, "10.5555/notice.1"),
    ],
)
def test_one_list_says_what_a_retraction_is(literature, work, notice):
    """Whether a paper is looked up or the bibliography watched."""
    found = {"DOI": DOI, "title": ["Coffee"], **work}
    literature.works[found["DOI"]] = found
    assert crossref.record(Client(), found["DOI"]).retracted == notice
    state, named = crossref.retraction(Client(), found["DOI"])
    assert (state == "retracted") == (notice is not None)
    assert notice is None or named == notice


def test_updates_of_an_unknown_form_are_not_taken_for_none(literature):
    literature.works[DOI] = {"DOI": DOI, "title": ["Coffee"], "updated-by": "retraction"}
    for question in (crossref.record, crossref.retraction):
        with pytest.raises(UnansweredError, match="not of the known form"):
            question(Client(), DOI)


@pytest.mark.parametrize(
    ("title", "left", "marked"),
    [
        ("RETRACTED: Coffee and sleep", "Coffee and sleep", True),
        ("[Retracted article] Coffee and sleep", "Coffee and sleep", True),
        ("WITHDRAWN: Coffee and sleep", "Coffee and sleep", True),
        ("Retraction: Coffee and sleep", "Retraction: Coffee and sleep", False),
        ("Retracted coffee beans and sleep", "Retracted coffee beans and sleep", False),
    ],
)
def test_a_title_may_say_that_its_paper_is_retracted(title, left, marked):
    assert retractions.without_mark(title) == (left, marked)
