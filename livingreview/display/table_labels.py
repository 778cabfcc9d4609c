"""Labels of the tables that the engine makes, so that the prose of any page may refer to one."""

from __future__ import annotations

import re
from collections.abc import Container

#: Tables of a chapter.
OF_CHAPTER = ("evidence", "errata", "quantities")
#: Tables of one source review.
OF_SOURCE = ("identified", "unresolved")
#: Tables of the whole book, each with the column, as (table, column), by whose values it may be
#: divided.
OF_BOOK: dict[str, tuple[str, str] | None] = {
    "mechanisms": ("mechanisms", "part"),
    "replicated": ("mechanisms", "part"),
    "convergence": None,
    "coverage": None,
    "all-disagreements": ("disagreements", "kind"),
    "all-gaps": ("mechanisms", "part"),
    "all-errata": ("sources", "source"),
    "sources": None,
    "certainty-starts": None,
    "data": None,
    "glossary": None,
    "contributors": None,
}


def of_chapter(mechanism: str, table: str) -> str:
    """``tab-<mechanism>-<table>``, of one of `OF_CHAPTER`."""
    return f"tab-{mechanism}-{_known(table, OF_CHAPTER)}"


def of_source(source: str, table: str) -> str:
    """``tab-<table>-<source>``, of one of `OF_SOURCE`."""
    return f"tab-{_known(table, OF_SOURCE)}-{source}"


def of_book(table: str, part: str | None = None) -> str:
    """Label of one of `OF_BOOK`, or of its rows of one part.

    *all-gaps* and *The first part* give ``tab-all-gaps-the-first-part``.
    """
    label = f"tab-{_known(table, OF_BOOK)}"
    return label if part is None else f"{label}-{re.sub(r'[^a-z0-9]+', '-', part.lower())}"


def _known(table: str, tables: Container[str]) -> str:
    """The table, which the checks must know of, so that they know its label."""
    if table not in tables:
        raise KeyError(f"display.table_labels does not list the table '{table}'")
    return table
