"""What is new in the book, day by day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from ...contract.tables import by_key, rows
from .. import markup
from ..citation import words
from ..markup import Markup, cite, escape, strong
from ..news import phrase


def by_day(
    history: pd.DataFrame,
    mechanisms: pd.DataFrame,
    said: Mapping[str, Mapping[str, str]],
    papers: Collection[str],
    most: int,
) -> Markup:
    """The history of the data, newest day first: chapters added, then each chapter's news.

    said: the words of claims and of disagreements, by id. papers: the citekeys of the bibliography.
    most: of long lists so many are named.
    """
    titles = by_key(mechanisms, "mechanism", "label")
    parts_of = by_key(mechanisms, "mechanism", "part")
    place = {mechanism: n for n, mechanism in enumerate(titles)}
    history = history.sort_values("mechanism", key=lambda m: m.map(place), kind="stable")
    parts = []
    for day, changes in sorted(history.groupby("date"), reverse=True):
        parts.append(markup.heading(words(date.fromisoformat(str(day)))))
        is_new = changes["change"] == "chapter_added"
        added, others = changes[is_new], changes[~is_new]
        if len(added):
            chapters = added.groupby(added["mechanism"].map(parts_of), sort=False)
            parts += [
                strong(phrase("chapter_added", len(added)).capitalize()),
                markup.bullets(
                    f"{escape(part)}: {_chapters(group, titles)}." for part, group in chapters
                ),
                strong("In the chapters") if len(others) else "",
            ]
        news = []
        for key, group in others.groupby("mechanism", sort=False):
            mechanism = str(key)
            told = "; ".join(
                phrase(r.change, r.n) + _named(r.change, r.items, said, papers, most)
                for r in rows(group)
            )
            news.append(f"{markup.chapter(titles[mechanism], mechanism)}: {told}.")
        parts.append(markup.bullets(news))
    return Markup(markup.blocks(*parts) or "Nothing is recorded yet.")


def _chapters(added: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Chapters, each with how many claims it brought."""
    return "; ".join(
        f"{markup.chapter(titles[r.mechanism], r.mechanism)} ({r.n} claims)" for r in rows(added)
    )


def _named(
    change: str,
    items: Sequence[str],
    said: Mapping[str, Mapping[str, str]],
    papers: Collection[str],
    most: int,
) -> str:
    """What a change is about, in brackets: papers cited, disagreements and claims in their own
    words. What is gone has none.
    """
    if change.startswith("papers"):
        cited = cite([key for key in items if key in papers][:most])
        return f" {cited}{' …' if len(items) > most else ''}" if cited else ""
    if change == "claims_added":  # too many to be read here; they are in the chapter
        return ""
    text = said["disagreements" if change.startswith("disagreements") else "claims"]
    known = [f"“{escape(text[i])}”" for i in items if i in text]
    return f" ({'; '.join(known[:most])}{' …' if len(known) > most else ''})" if known else ""
