"""The source reviews: what of them is restated, and which papers their reference numbers are."""

from __future__ import annotations

import pandas as pd

from ...contract.problems import spans
from ...contract.tables import by_key, rows
from ...derive.evidence import locator
from .. import markup, table_labels
from ..markup import Markup, chinese, cite, escape


def sources(frame: pd.DataFrame) -> Markup:
    """The source reviews and what is missing from them."""
    columns = {
        "Review": 16,
        "Title": 26,
        "Title in Chinese": 22,
        "References": 10,
        "What the text at hand lacks": 26,
    }
    cells = [
        (
            cite([r.citekey]),
            escape(r.title_en),
            chinese(r.title_zh),
            str(r.n_references),
            escape(r.missing),
        )
        for r in rows(frame)
    ]
    label = table_labels.of_book("sources")
    return Markup(markup.table(columns, cells, "The source reviews.", label))


def coverage(frame: pd.DataFrame, sources: pd.DataFrame) -> Markup:
    """Every section of every source, with how many claims it became and the reference numbers on
    its rows. frame: `derive.counts.coverage`.
    """
    columns = {
        "Section": 34,
        "Claims": 10,
        "Evidence rows": 14,
        "Numbers, slips, gaps": 16,
        "Reference numbers used": 26,
    }
    cited = by_key(sources, "source", "citekey")
    cells = [
        (
            cite([cited[r.source]], locator(r.section)),
            str(r.claims),
            str(r.evidence),
            str(r.other),
            spans(r.numbers),
        )
        for r in rows(frame)
    ]
    label = table_labels.of_book("coverage")
    return Markup(markup.table(columns, cells, "What of the source reviews is restated.", label))


def identified(citations: pd.DataFrame, source: str) -> Markup:
    """References of a review of which the paper is known, and whether it says what the review
    says.
    """
    columns = {
        "No.": 6,
        "Paper": 18,
        "Match": 10,
        "Says what the review says": 14,
        "What was compared": 52,
    }
    known = (citations["source"] == source) & (citations["citekey"] != "")
    cells = [
        (
            str(r.reference_number),
            cite([r.citekey]),
            r.status,
            r.claim_check.replace("_", " "),
            escape(r.claim_check_note),
        )
        for r in rows(citations[known])
    ]
    label = table_labels.of_source(source, "identified")
    return Markup(markup.table(columns, cells, "Identified references of the review.", label))


def unresolved(citations: pd.DataFrame, sources: pd.DataFrame, source: str) -> Markup:
    """References of a review that could not be identified: help wanted."""
    columns = {
        "Reference": 16,
        "Named in the text": 14,
        "Cited for": 36,
        "What is known": 34,
    }
    review = by_key(sources, "source", "citekey")[source]
    unknown = (citations["citekey"] == "") & (citations["status"] != "not_printed")
    cells = [
        (
            cite([review], f"ref. {r.reference_number}"),
            escape(r.named_in_text),
            escape(r.cited_for),
            escape(r.match_reason),
        )
        for r in rows(citations[(citations["source"] == source) & unknown])
    ]
    caption = "References not yet identified: help identify this paper."
    return Markup(
        markup.table(columns, cells, caption, table_labels.of_source(source, "unresolved"))
    )
