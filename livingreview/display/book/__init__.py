"""What the pages about the whole book show. The modules of this package make it, from frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ...contract.tables import by_key
from ...derive.vocabulary import TABLES, Vocabulary
from .. import charts, dose_chart, front
from ..figure import Figure
from ..markup import Markup
from ..wording import describe
from . import about, bridges, glossary, history, indexes, reviews, statements


class Book:
    """Tables and charts over all mechanisms.

    part: hands out the parts of the review by name (`dependencies.handing_out`), and notes each, so
    that only the pages concerned run again; a book holds nothing else of the review. root: the
    project folder, for the files that stand beside the data.
    """

    def __init__(self, part: Callable[[str], Any], root: Path):
        self._part = part
        self._root = root

    def _table(self, name: str) -> pd.DataFrame:
        table: pd.DataFrame = self._part(f"table:{name}")
        return table

    def _labels(self) -> dict[str, str]:
        """Label of every entity by id."""
        return by_key(self._table("entities"), "entity", "label")

    def _chapters(self) -> dict[str, str]:
        """Title of every chapter by mechanism."""
        return by_key(self._table("mechanisms"), "mechanism", "label")

    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of({name: self._table(name) for name in TABLES})

    def _evidence(self, part: str | None) -> pd.DataFrame:
        """The evidence in words (`wording.describe`), with mechanism_label and part of the book;
        all, or that of one part.
        """
        mechanisms = self._part("mechanisms").set_index("mechanism")
        evidence = self._part("evidence")
        evidence = evidence.assign(
            mechanism_label=evidence["mechanism"].map(mechanisms["label"]),
            part=evidence["mechanism"].map(mechanisms["part"]),
        )
        tables = {name: self._table(name) for name in ("entities", "references")}
        evidence = describe(evidence, self._vocabulary(), tables)
        return evidence if part is None else evidence[evidence["part"] == part]

    # numbers for prose, by {eval}
    @property
    def counts(self) -> SimpleNamespace:
        """`derive.counts.whole`: mechanisms, claims, evidence, reported, papers_read, errata …"""
        return SimpleNamespace(**self._part("counts"))

    @property
    def searched(self) -> str:
        """The day on which the literature was last searched for a chapter."""
        return str(max(self._table("mechanisms")["searched_on"]))

    # the front page
    def atlas(self) -> Markup:
        """`front.atlas`: every mechanism as a tile to click through, by part."""
        return front.atlas(self._part("mechanisms"), self._table("connections"))

    def newest(self, most: int = 4) -> Markup:
        """`front.newest`: the newest entry of CHANGELOG.md."""
        return front.newest(self._root / "CHANGELOG.md", most)

    def citation(self) -> Markup:
        """`front.citation`: how to cite the review, from CITATION.cff."""
        return front.citation(self._root)

    # charts over many chapters
    def evidence_map(self, part: str | None = None, subject: str = "", title: str = "") -> Figure:
        """`charts.evidence_map` over the mechanisms of a part, in chapter order; of one subject
        only where it is named.
        """
        order = self._part("mechanisms")["label"].tolist()
        evidence = self._evidence(part)
        shown = evidence[evidence["subject"] == subject] if subject else evidence
        return charts.evidence_map(shown, self._vocabulary(), order=order, title=title)

    def dose_ladder(self, part: str, subject: str, title: str = "") -> Figure:
        """`dose_chart.dose_ladder` over a part, for one intervention."""
        evidence = self._evidence(part)
        given = evidence[evidence["intervention"] == subject]
        return dose_chart.dose_ladder(given, self._vocabulary(), title)

    def timeline(self, part: str | None = None, title: str = "") -> Figure:
        """`charts.timeline` over the papers of a part."""
        return charts.timeline(self._evidence(part), self._vocabulary(), title)

    def certainty_profile(self, part: str | None = None, title: str = "") -> Figure:
        """`charts.certainty_profile` over the claims of a part."""
        claims = self._part("claims")
        if part is not None:
            parts = self._part("mechanisms").set_index("mechanism")["part"]
            claims = claims[claims["mechanism"].map(parts) == part]
        return charts.certainty_profile(claims, title)

    def meeting_points(
        self, least: int = 3, categories: Sequence[str] = (), title: str = ""
    ) -> Figure:
        """`charts.meeting_points`: entities that at least `least` reviews name, of some categories
        where these are given.
        """
        points = self._part("meeting_points")
        points = points[points["category"].isin(categories)] if categories else points
        points = points[points.groupby("entity")["source"].transform("size") >= least]
        points = points.assign(label=points["entity"].map(self._labels()))
        return charts.meeting_points(points, self._table("sources")["source"].tolist(), title)

    # statements that stand in more than one place
    def replicated(self, part: str | None = None, least: int = 2) -> Markup:
        """`statements.replicated`: what at least `least` independent studies say."""
        return statements.replicated(self._evidence(part), self._vocabulary(), part, least)

    def convergence(self) -> Markup:
        """`statements.convergence`: what more than one review says."""
        return statements.convergence(
            self._part("convergence"),
            self._part("evidence"),
            by_key(self._table("predicates"), "predicate", "label"),
            self._vocabulary(),
            self._labels(),
            self._chapters(),
        )

    def bridges(self) -> Markup:
        """`bridges.described`: chains of claims that no single review contains, in words."""
        return bridges.described(
            self._part("bridges"),
            self._part("claims"),
            self._part("evidence"),
            self._vocabulary(),
            by_key(self._table("sources"), "source", "citekey"),
            self._chapters(),
        )

    def bridge_diagram(self, title: str = "") -> Figure:
        """`bridges.drawn`: the same as a picture."""
        return bridges.drawn(
            self._part("bridges"),
            self._part("claims"),
            self._part("evidence"),
            self._vocabulary(),
            title,
        )

    # lists over all chapters
    def mechanism_table(self, part: str | None = None, folded: str = "") -> Markup:
        """`indexes.mechanisms`: the chapters with what each rests on, all or those of a part.

        folded: on the page, fold the table under this heading.
        """
        return indexes.mechanisms(self._part("mechanisms"), part, folded)

    def disagreement_index(self, kind: str | None = None) -> Markup:
        """`indexes.disagreements`: all of them, or those of one kind."""
        table = self._table("disagreements")
        return indexes.disagreements(table, self._vocabulary(), self._chapters(), kind)

    def gap_index(self, part: str | None = None) -> Markup:
        """`indexes.gaps`: all of them, or those of one part, in the order of the chapters."""
        return indexes.gaps(self._table("gaps"), self._table("mechanisms"), part)

    def errata(self, source: str | None = None) -> Markup:
        """`indexes.errata`: all slips of the source reviews, or those of one."""
        errata, sources = self._table("errata"), self._table("sources")
        return indexes.errata(errata, sources, self._chapters(), source)

    def whats_new(self, most: int = 6) -> Markup:
        """`history.by_day`: what changed, newest day first; of long lists the first `most`."""
        words = {
            "claims": by_key(self._table("claims"), "claim_id", "statement"),
            "disagreements": by_key(self._table("disagreements"), "disagreement_id", "title"),
        }
        papers = set(self._table("references")["citekey"])
        history_, mechanisms = self._table("history"), self._table("mechanisms")
        return history.by_day(history_, mechanisms, words, papers, most)

    # the source reviews
    def source_table(self) -> Markup:
        """`reviews.sources`: the source reviews and what is missing from them."""
        return reviews.sources(self._table("sources"))

    def coverage(self) -> Markup:
        """`reviews.coverage`: every section of every source, and what became of it."""
        return reviews.coverage(self._part("coverage"), self._table("sources"))

    def identified(self, source: str) -> Markup:
        """`reviews.identified`: references of a review of which the paper is known."""
        return reviews.identified(self._table("citations"), source)

    def unresolved(self, source: str) -> Markup:
        """`reviews.unresolved`: references of a review that could not be identified."""
        return reviews.unresolved(self._table("citations"), self._table("sources"), source)

    # the glossary
    def glossary(self, page: str = "") -> Markup:
        """`glossary.entries` of a page of the glossary (`page` in vocab/categories.csv).

        Without a page: the entries of kinds that have none, and the terms that name no entity.
        """
        return glossary.entries(self._part(f"glossary:{page}"))

    def glossary_pages(self, others: str) -> Markup:
        """`glossary.pages`: which page of the glossary holds what, and how much.

        others: the page of the entries without one, below chapters/.
        """
        return glossary.pages(self._part("glossary_names"), self._table("categories"), others)

    def glossary_names(self) -> Markup:
        """`glossary.index`: every name in alphabetical order; for the website alone."""
        return glossary.index(self._part("glossary_names"))

    # how the book is made
    def certainty_rule(self) -> Markup:
        """`about.certainty_rule`: the rule as it stands in the code: starts, steps, ceilings."""
        return about.certainty_rule(self._table("study_designs"))

    def data_table(self) -> Markup:
        """`about.data`: the tables of the contract with their rows."""
        return about.data(self._part("sizes"))

    def contributors(self) -> Markup:
        """`about.contributors`: who has contributed, with ORCID iD and CRediT roles."""
        return about.contributors(self._table("people"))
