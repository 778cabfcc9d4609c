"""Lists over all chapters: the chapters themselves, disagreements, gaps, errata."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...contract.tables import by_key, rows
from ...derive.certainty import LEVELS
from ...derive.evidence import locator
from ...derive.vocabulary import Vocabulary
from .. import markup, table_labels
from ..markup import Markup, chinese, escape


def mechanisms(frame: pd.DataFrame, part: str | None, folded: str) -> Markup:
    """The chapters with what each rests on, all or those of a part.

    frame: `derive.counts.by_mechanism`. folded: on the page, fold the table under this heading.
    """
    certainties = LEVELS[::-1]
    columns = {
        "Chapter": 30,
        "Part": 14,
        **{f"Claims of {level.replace('_', ' ')} certainty": 8 for level in certainties},
        "Evidence rows": 8,
        "Papers read": 8,
        "Disagreements": 8,
    }
    counts = [*(f"n_{level}" for level in certainties), "n_evidence", "n_read", "n_disagreements"]
    cells = [
        (
            f"{markup.chapter(r.label, r.mechanism)} {chinese(r.label_zh)}",
            escape(r.part),
            *(str(getattr(r, count)) for count in counts),
        )
        for r in rows(frame if part is None else frame[frame["part"] == part])
    ]
    label = table_labels.of_book("mechanisms", part)
    table = markup.table(columns, cells, "Chapters and what they rest on.", label)
    return Markup(markup.dropdown(escape(folded), table) if folded else table)


def disagreements(
    frame: pd.DataFrame, vocabulary: Vocabulary, chapters: Mapping[str, str], kind: str | None
) -> Markup:
    """All disagreements, or those of one kind. chapters: titles by mechanism."""
    columns = {
        "Disagreement": 24,
        "Kind": 14,
        "Chapter": 18,
        "What to take from it": 34,
        "Status": 10,
    }
    shown = frame if kind is None else frame[frame["kind"] == kind]
    cells = [
        (
            escape(r.title),
            vocabulary.kinds[r.kind],
            "; ".join(markup.chapter(chapters[m], m) for m in r.mechanisms),
            escape(r.take_home),
            r.status,
        )
        for r in rows(shown.sort_values(["kind", "disagreement_id"]))
    ]
    label = table_labels.of_book("all-disagreements", kind)
    return Markup(markup.table(columns, cells, "Where sources disagree.", label))


def gaps(frame: pd.DataFrame, mechanisms: pd.DataFrame, part: str | None) -> Markup:
    """All gaps, or those of one part, in the order of the chapters."""
    columns = {"Chapter": 24, "What is not known": 38, "What would settle it": 38}
    shown = mechanisms if part is None else mechanisms[mechanisms["part"] == part]
    labels = by_key(shown, "mechanism", "label")
    place = {mechanism: n for n, mechanism in enumerate(labels)}
    frame = frame[frame["mechanism"].isin(list(place))]
    cells = [
        (
            markup.chapter(labels[r.mechanism], r.mechanism),
            escape(r.question),
            escape(r.would_settle),
        )
        for r in sorted(rows(frame), key=lambda r: place[r.mechanism])
    ]
    label = table_labels.of_book("all-gaps", part)
    return Markup(markup.table(columns, cells, "What is not known.", label))


def errata(
    frame: pd.DataFrame, sources: pd.DataFrame, chapters: Mapping[str, str], source: str | None
) -> Markup:
    """All slips of the source reviews, or those of one, in the order of the reviews' sections.

    chapters: titles by mechanism.
    """
    columns = {
        "Where": 16,
        "Printed": 18,
        "Meant": 16,
        "Why": 26,
        "What this book does": 24,
    }
    place = {
        (s.source, section): (n, k)
        for n, s in enumerate(rows(sources))
        for k, section in enumerate(s.sections)
    }
    cells = []
    for r in sorted(rows(frame), key=lambda r: place.get((r.source, r.section), (0, 0))):
        if source not in (None, r.source):
            continue
        where = escape(f"{r.source} {locator(r.section)}")
        if r.mechanism:
            where += f" ({markup.chapter(chapters[r.mechanism], r.mechanism)})"
        cells.append(
            (where, chinese(r.printed), escape(r.meant), escape(r.reason), escape(r.handling))
        )
    label = table_labels.of_book("all-errata", source)
    return Markup(markup.table(columns, cells, "Slips of the source reviews.", label))
