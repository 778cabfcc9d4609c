"""Engine of a living review: data rows in, pages out. It knows nothing of the review's subject.

In a chapter::

    import livingreview as lr
    ch = lr.chapter("my-mechanism")
    ch.key_messages()

`chapter` hands out what one mechanism's page may show, `book` what the pages about the whole book
show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import dependencies

if TYPE_CHECKING:
    from .display.book import Book
    from .display.chapter import Chapter


def chapter(mechanism: str) -> Chapter:
    """The `Chapter` of `mechanism`, a slug of data/mechanisms.csv. Raises KeyError, with the
    nearest slug, where there is none.
    """
    with dependencies.unwatched():
        from .display.chapter import Chapter
        from .review import load

        part = dependencies.handing_out(load())
    return Chapter(part(f"chapter:{mechanism}"))


def book() -> Book:
    """The `Book`: tables and charts over all mechanisms."""
    with dependencies.unwatched():
        from .display.book import Book
        from .review import load

        review = load()
    return Book(dependencies.handing_out(review), review.root)


def warm_up() -> None:
    """Import what chapters need and read the review, so that the first chapter does not wait. A
    review that cannot be read is no matter here.
    """
    with dependencies.unwatched():
        from .display import book, chapter  # noqa: F401
        from .display.figure import warm_up as warm_up_drawing
        from .review import load

        warm_up_drawing()
        try:
            load().claims  # noqa: B018 (kept by the review)
        except Exception:  # the chapter that needs it will say what is wrong
            return
