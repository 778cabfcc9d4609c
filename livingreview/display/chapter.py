"""What a chapter of one mechanism can show: each method is one cell of the notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from ..contract.tables import by_key, rows
from ..derive.evidence import locator
from ..derive.network import links, node, node_label
from ..derive.vocabulary import Vocabulary
from . import charts, dose_chart, markup, table_labels
from .citation import words
from .diagram import diagram
from .evidence import evidence_records
from .figure import Figure
from .markup import Markup, certainty_mark, chinese, cite, escape, strong
from .news import phrase
from .wording import describe, name_targets


class Chapter:
    """One mechanism. `claims` and `evidence` are frames to chart; methods return what a cell shows.

    claims: as `derive.claims.graded` has them. evidence: as `derive.evidence.joined` has it, with
    the certainty of the claims and the words of `wording.describe`.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]):
        self._frames = frames
        self._row = frames["mechanism"].iloc[0]
        self._vocabulary = Vocabulary.of(frames)
        self._labels = by_key(frames["entities"], "entity", "label")
        self.mechanism: str = self._row["mechanism"]
        self.claims = frames["claims"]
        self.evidence = describe(frames["evidence"], self._vocabulary, frames)

    # numbers for prose, by {eval}
    @property
    def n_claims(self) -> int:
        return len(self.claims)

    @property
    def n_evidence(self) -> int:
        return len(self.evidence)

    @property
    def n_reported(self) -> int:
        return int((self.evidence["basis"] == "reported").sum())

    @property
    def n_read(self) -> int:
        """Papers of which at least the abstract was read."""
        return int(self.evidence.loc[self.evidence["basis"] != "reported", "citekey"].nunique())

    @property
    def n_studies(self) -> int:
        """Independent studies that gathered data, double reports counted once."""
        return int(self.evidence.loc[self.evidence["primary"].eq(True), "study"].nunique())

    @property
    def n_contested(self) -> int:
        return int(self.claims["contested"].sum())

    @property
    def n_disagreements(self) -> int:
        return len(self._frames["disagreements"])

    # text
    def opening(self) -> Markup:
        """Chinese title, what it is in two sentences (both languages), where it comes from and how
        fresh it is.
        """
        row = self._row
        places = [pair.split(":", 1) for pair in row["source_sections"]]
        where = "; ".join(
            f"{cite([self._reviews[source]])} {', '.join(locator(section) for _, section in pairs)}"
            for source, pairs in groupby(places, key=itemgetter(0))
        )
        restated = (
            f"Restates {where}."
            if where
            else "No review speaks of it; it rests on papers that the editors read."
        )
        counted = (
            f"{self.n_evidence} evidence rows on {self.n_claims} claims;"
            f" {self.n_read} papers read. {self._dates()}"
        )
        return Markup(
            markup.blocks(
                chinese(row["label_zh"]),
                escape(row["summary"]),
                chinese(row["summary_zh"]),
                markup.note(f"{restated} {counted}"),
            )
        )

    def key_messages(self) -> Markup:
        """The chapter's key messages, each with the lowest certainty of its claims and its papers
        (the review where no paper is known).
        """
        messages = []
        for row in rows(self._frames["messages"]):
            said = "; ".join(cite([citekey], where) for citekey, where in row.reported)
            mark, papers = certainty_mark(row.certainty), cite(row.citekeys) or said
            message = f"{strong(escape(row.message))} {mark} {papers}"
            messages.append(markup.blocks(message, chinese(row.message_zh)))
        return Markup(markup.bullets(messages))

    def evidence_table(self) -> Markup:
        """Every evidence row: statement, what the row reports, who says so, where and at what dose,
        certainty; on the page, all else too.
        """
        columns = {
            "Statement": 26,
            "This source": 12,
            "Who says so": 22,
            "System": 17,
            "Dose; duration": 11,
            "Certainty of the claim": 12,
        }
        records = evidence_records(
            self.evidence, self._labels, list(self._reviews), self._vocabulary
        )
        cells = [self._evidence_cells(row) for row in rows(self.evidence)]
        label = table_labels.of_chapter(self.mechanism, "evidence")
        caption = "Every statement and its evidence."
        return Markup(markup.table(columns, cells, caption, label, records))

    def _evidence_cells(self, row: Any) -> tuple[str, ...]:
        finding = self._vocabulary.directions[row.finding].signed
        if said := self._vocabulary.supports[row.support]:
            finding += f" ({said})"
        basis = self._vocabulary.bases[row.basis].label + (", hedged" if row.hedged else "")
        places = [self._linked(row, column) for column in ("species", "system", "tissue", "model")]
        where = " · ".join(dict.fromkeys(filter(None, [escape(row.design_label), *places])))
        dose = f"{escape(row.dose)} {escape(row.dose_unit)}" if row.dose else ""
        certainty = certainty_mark(row.certainty, alone=False)
        if row.note:  # on the page it stands below the row
            certainty += f" {markup.note(escape(row.note), 'lr-print')}"
        return (
            escape(row.statement),
            escape(finding),
            f"{self._who(row)} {basis}",
            where,
            "; ".join(filter(None, [dose, escape(row.duration)])),
            certainty,
        )

    @cached_property
    def _terms(self) -> dict[str, str]:
        """Terms of the glossary by entity, the first where it has several."""
        return by_key(self._frames["glossary"].drop_duplicates("entity"), "entity", "term")

    @cached_property
    def _reviews(self) -> dict[str, str]:
        """Citekeys of the source reviews by their keys."""
        return by_key(self._frames["sources"], "source", "citekey")

    def _linked(self, row: Any, column: str) -> str:
        """Label of an entity, linked to the glossary where that has a term for it."""
        label, entry = getattr(row, f"{column}_label"), self._terms.get(getattr(row, column))
        return markup.term(label, entry) if entry else escape(label)

    def _who(self, row: Any) -> str:
        """The citation of an evidence row: the paper, or the review with section and reference
        number.
        """
        if row.basis != "reported":
            return cite([row.citekey])
        number = "" if pd.isna(row.reference_number) else f", ref. {row.reference_number}"
        said = cite([self._reviews[row.reported_by]], f"{locator(row.section)}{number}")
        return said + (f" on {cite([row.citekey])}" if row.citekey else "")

    def disagreements(self) -> Markup:
        """Each disagreement as a box: what differs, the likely reason, what to take from it, what
        would settle it.
        """
        boxes = []
        sides = describe(self._frames["sides"], self._vocabulary, self._frames)
        for row in rows(self._frames["disagreements"]):
            involved = sides["evidence_id"].isin(row.evidence) | sides["claim_id"].isin(row.claims)
            kind = markup.span(self._vocabulary.kinds[row.kind], "lr-kind")
            status = markup.span(row.status, "lr-status")
            settle = escape(row.would_settle)
            body = markup.blocks(
                f"{kind} {status} {cite(sides.loc[involved, 'citekey'])}",
                escape(row.what_differs),
                f"{strong('Likely reason.')} {escape(row.likely_reason)}",
                f"{strong('What to take from it.')} {escape(row.take_home)}",
                f"{strong('What would settle it.')} {settle}" if settle else "",
            )
            boxes.append(markup.admonition(escape(row.title), body, "lr-disagreement"))
        return Markup(markup.blocks(*boxes) or "No contradiction is recorded for this mechanism.")

    def gaps(self) -> Markup:
        """What is not known, and what would settle it."""
        gaps = []
        for row in rows(self._frames["gaps"]):
            who = "the editors" if row.reported_by == "editors" else f"the {row.reported_by} review"
            looked = f" Looked in: {escape(row.looked_in)}" if row.looked_in else ""
            named = markup.note(f"Named by {who}.{looked}")
            gaps.append(f"{strong(escape(row.question))} {escape(row.would_settle)} {named}")
        return Markup(markup.bullets(gaps))

    def errata(self) -> Markup:
        """Slips of the source reviews in these sections."""
        columns = {
            "Where": 12,
            "Printed": 18,
            "Meant": 18,
            "Why": 28,
            "What this book does": 24,
        }
        cells = [
            (
                escape(f"{r.source} {locator(r.section)}"),
                chinese(r.printed),
                escape(r.meant),
                escape(r.reason),
                escape(r.handling),
            )
            for r in rows(self._frames["errata"])
        ]
        label = table_labels.of_chapter(self.mechanism, "errata")
        return Markup(markup.table(columns, cells, "Slips of the source text.", label))

    def quantities(self) -> Markup:
        """Numbers, each with what exactly is counted."""
        columns = {
            "Value": 14,
            "What is counted": 34,
            "In whom, where, when": 18,
            "Who says so": 18,
            "Note": 16,
        }
        cells = [
            (
                escape(f"{r.value} {r.unit}"),
                escape(r.what_is_counted),
                escape("; ".join(filter(None, (r.population, r.place, r.date)))),
                self._who(r),
                escape(r.note),
            )
            for r in rows(self._frames["quantities"])
        ]
        label = table_labels.of_chapter(self.mechanism, "quantities")
        return Markup(markup.table(columns, cells, "Numbers and what they count.", label))

    def related(self, most: int = 4) -> Markup:
        """Chapters that name the same entities, nearest first: at most `most` of other reviews and
        as many of the same one.

        A pair on which the editors have something to say (`connections`) is always there, with
        their words.
        """
        related = self._frames["related"]
        parts = []
        for title, near in (
            ("In other reviews", related[~related["same_source"]]),
            ("In the same review", related[related["same_source"]]),
        ):
            items = []
            for rank, r in enumerate(rows(near)):
                if rank < most or r.words:
                    names = ", ".join(r.shared[:6]) + (" …" if len(r.shared) > 6 else ".")
                    both = markup.note(escape(f"Both name {names}"), "lr-shared")
                    link = markup.chapter(r.label, r.mechanism)
                    items.append(f"{link}. {escape(r.words)} {both}")
            if items:
                parts += [strong(title), markup.bullets(items)]
        return Markup(markup.blocks(*parts) or "No other chapter names the same entities yet.")

    def coverage(self, days: int = 3) -> Markup:
        """When the literature was last searched, when the page was last read against its rows, and
        what was new of late.
        """
        notes = [markup.note(self._dates())]
        history = self._frames["history"]
        for day in sorted(set(history["date"]), reverse=True)[:days]:
            news = ", ".join(
                f"chapter added with {r.n} claims"
                if r.change == "chapter_added"
                else phrase(r.change, r.n)
                for r in rows(history[history["date"] == day])
            )
            notes.append(markup.note(f"{words(date.fromisoformat(day))}: {news}."))
        return Markup(markup.blocks(*notes))

    def _dates(self) -> str:
        searched, read = (
            words(date.fromisoformat(day)) if day else ""
            for day in (self._row["searched_on"], self._row["reviewed_on"])
        )
        return f"Literature searched on {searched}; " + (
            f"read through against its rows on {read}."
            if read
            else "not yet read through by a second editor."
        )

    # pictures
    def diagram(
        self,
        subjects: Sequence[str] = (),
        omit: Sequence[str] = (),
        mediators: bool = True,
        title: str = "",
        claims: pd.DataFrame | None = None,
    ) -> Figure:
        """The signed diagram of this chapter's claims, or of a part of them.

        subjects: draw only claims on these subjects (and what mediates them); all where empty.
        omit: entities to leave out. mediators: lead a claim through the entity that its source
        names as the route; False draws it straight.
        """
        drawn = self.claims if claims is None else claims
        predicates = self._frames["predicates"]
        drawn = drawn[drawn["predicate"].isin(predicates.loc[predicates["drawn"], "predicate"])]
        if subjects:
            drawn = drawn[drawn["subject"].isin(subjects)]
        drawn = drawn[~drawn["subject"].isin(omit) & ~drawn["object"].isin(omit)]
        drawn = drawn.assign(
            mediator=drawn["mediator"].mask(drawn["mediator"].isin(omit) | (not mediators), "")
        )
        labels = self._labels | {
            node(c.subject, c.perturbation): node_label(c.subject_label, c.perturbation)
            for c in rows(drawn)
        }
        edges = links(drawn, self.evidence)
        return diagram(edges, self._vocabulary, labels, self._row["focus"], title)

    def direction_matrix(
        self,
        columns: str = "reporter_short",
        title: str = "",
        evidence: pd.DataFrame | None = None,
        rows: str = "target",
    ) -> Figure:
        """`charts.direction_matrix` on this chapter's evidence, or on a part of it.

        rows: ``target`` or any column with words.
        """
        shown = name_targets(self._or_all(evidence))
        return charts.direction_matrix(shown, self._vocabulary, columns, rows, title)

    def dose_ladder(self, title: str = "", evidence: pd.DataFrame | None = None) -> Figure:
        """`dose_chart.dose_ladder` on this chapter's evidence, or on a part of it."""
        return dose_chart.dose_ladder(self._or_all(evidence), self._vocabulary, title)

    def paired_reports(self, title: str = "", evidence: pd.DataFrame | None = None) -> Figure:
        """`charts.paired_reports` on this chapter's evidence, or on a part of it."""
        shown = name_targets(self._or_all(evidence))
        return charts.paired_reports(shown, self._vocabulary, title)

    def certainty_profile(self, title: str = "") -> Figure:
        """`charts.certainty_profile` on this chapter's claims."""
        return charts.certainty_profile(self.claims, title)

    def timeline(self, title: str = "") -> Figure:
        """`charts.timeline` on this chapter's evidence."""
        return charts.timeline(self.evidence, self._vocabulary, title)

    def _or_all(self, evidence: pd.DataFrame | None) -> pd.DataFrame:
        return self.evidence if evidence is None else evidence
