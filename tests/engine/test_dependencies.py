"""What a page shows is noted, or it cannot show it: parts of the review come one way only."""

from __future__ import annotations

import gc
import inspect
from functools import cache

import pandas as pd
import pytest
from toy import TOY, review

from livingreview import dependencies
from livingreview.display.book import Book
from livingreview.display.chapter import Chapter
from livingreview.display.figure import Figure
from livingreview.review import Review

#: Arguments for the methods of `Book` that need some, on the toy.
ARGUMENTS = {
    "dose_ladder": ("How coffee keeps awake", "caffeine"),
    "meeting_points": (2,),
    "unresolved": ("mokka",),
    "identified": ("mokka",),
    "glossary_pages": ("glossary",),
}
#: A change that a reader would see: table, key of the row, column, new value.
EDITS = [
    ("claims", "ado-c01", "statement", "Caffeine quietens a receptor."),
    ("claims", "ado-c01", "direction", "increased"),
    ("evidence", "ado-e01", "support", "refutes"),
    ("mechanisms", "body-clock", "label", "The clock in the body"),
    ("mechanisms", "body-clock", "searched_on", "2031-01-01"),
    ("disagreements", None, "title", "Sources differ on something else"),
    ("gaps", None, "question", "What else is not known?"),
    ("errata", None, "printed", "咖啡"),
    ("entities", "caffeine", "label", "the alkaloid"),
    ("sources", "mokka", "title_en", "Another title"),
    ("citations", None, "named_in_text", "Somebody"),
    ("glossary", "caffeine", "definition", "Something in coffee."),
    ("connections", None, "words", "They share a cup."),
    ("bridges", None, "words", "Over a river."),
    ("history", None, "n", 99),
    ("study_designs", None, "label", "another design"),
    ("directions", "increased", "label", "up"),
    ("levels", "human", "label", "drinkers"),
    ("bases", "abstract_read", "label", "abstract skimmed"),
    ("disagreement_kinds", "context", "label", "it depends"),
]


def shown(book: Book, method: str) -> str:
    """What a method of the book shows, as text."""
    made = getattr(book, method)
    if callable(made):
        made = made(*ARGUMENTS.get(method, ()))
    if isinstance(made, Figure):  # what is drawn; the drawing itself takes long
        return f"{made.spec()} {made.csv()} {made.title} {made.note} {made.alt} {made.words}"
    return str(vars(made)) if hasattr(made, "__dict__") else str(made)


def methods() -> list[str]:
    """All of them but those that show a file of the project: an audit hook notes files
    (test_build).
    """
    shows = [name for name, _ in inspect.getmembers(Book) if not name.startswith("_")]
    return [name for name in shows if name not in ("newest", "citation")]


@cache
def edited(table: str, key: str | None, column: str, value: object) -> Review:
    """The toy with one cell changed; the first row where no key is given."""
    if key is None:
        row = review().table(table).iloc[0]
        key = row[review().package[table].primary_key[0]]
    return review(**{table: (key, column, value)})


@pytest.fixture
def noted():
    """The parts noted since the test asked last."""
    dependencies.start(str(TOY))
    yield lambda: dependencies.seen()["parts"]
    dependencies._watch.pop("root", None)


def test_a_page_holds_nothing_of_the_review_but_the_way_to_its_parts():
    whole = review()
    part = dependencies.handing_out(whole)
    for page in (Book(part, TOY), Chapter(part("chapter:body-clock"))):
        held = [value for name, value in vars(page).items() if value is not part]
        assert not [v for v in held if isinstance(v, Review)]
        assert not any(x is whole for v in held for x in gc.get_referents(v))


@pytest.mark.parametrize("method", methods())
def test_what_changes_a_page_changes_a_part_that_it_noted(method, noted):
    before = review()
    try:
        old = shown(Book(dependencies.handing_out(before), TOY), method)
    except (ValueError, KeyError) as error:
        pytest.fail(f"Book.{method} cannot be shown on the toy: {error}")
    parts = noted()
    for edit in EDITS:
        after = edited(*edit)
        new = shown(Book(dependencies.handing_out(after), TOY), method)
        if new != old:
            assert any(before.digest(p) != after.digest(p) for p in parts), (method, edit, parts)


def test_what_is_handed_out_is_noted_once_and_by_its_name(noted):
    part = dependencies.handing_out(review())
    part("table:gaps"), part("counts"), part("table:gaps")
    assert noted() == ["table:gaps", "counts"]
    with pytest.raises(KeyError):
        part("tabel:gaps")


def test_what_a_page_does_to_its_part_changes_no_other():
    whole = review()
    part = dependencies.handing_out(whole)
    claims = part("claims")
    claims["certainty"] = "high"
    claims.loc[0, "statement"] = "scribbled over"
    assert set(part("claims")["certainty"]) != {"high"}
    assert part("claims").loc[0, "statement"] != "scribbled over"
    assert isinstance(part("claims"), pd.DataFrame)
