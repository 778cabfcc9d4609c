"""Engine of a living review: data rows in, pages out. It knows nothing of the review's subject.

In a chapter::

    import livingreview as lr
    ch = lr.chapter("my-mechanism")
    ch.key_messages()

`chapter` hands out what one mechanism's page may show, `book` what the pages about the whole book show.
"""

from __future__ import annotations

from . import tracking


def chapter(mechanism: str):
    """The `Chapter` of `mechanism`, a slug of data/mechanisms.csv. Raises KeyError, with the nearest slug, where there is none."""
    with tracking.unwatched():
        from .display.chapter import Chapter
        from .review import load

        made = Chapter(load().slice(mechanism))
    tracking.note(f"chapter:{mechanism}")
    return made


def book():
    """The `Book`: tables and charts over all mechanisms."""
    with tracking.unwatched():
        from .display.book import Book
        from .review import load

        return Book(load())
