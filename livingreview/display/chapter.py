"""What a chapter of one mechanism can show: each method is one cell of the notebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import pandas as pd

from ..derive.evidence import locator
from ..derive.network import links, node, node_label
from ..derive.vocabulary import Vocabulary
from . import charts, dose_chart, table_labels
from .citation import words
from .diagram import diagram
from .evidence import evidence_records
from .figure import Figure
from .markup import Markup, certainty_mark, chinese, cite, escape, span, table, term
from .news import phrase


class Chapter:
    """One mechanism. `claims` and `evidence` are frames to chart; methods return what a cell displays.

    evidence holds, besides the columns of the contract and of `Review.evidence`: target (object and aspect), reporter_short,
    short and year of the paper, and labels of species, system, tissue, model and intervention.
    """

    def __init__(self, frames: dict[str, pd.DataFrame]):
        self._frames = frames
        self._row = frames["mechanism"].iloc[0]
        self._vocabulary = Vocabulary.of(frames)
        self._labels = dict(frames["entities"][["entity", "label"]].itertuples(index=False))
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
        return int(self.evidence.loc[self.evidence["primary"] == True, "study"].nunique())  # noqa: E712 (nullable)

    @property
    def n_contested(self) -> int:
        return int(self.claims["contested"].sum())

    @property
    def n_disagreements(self) -> int:
        return len(self._frames["disagreements"])

    # text
    def opening(self) -> Markup:
        """Chinese title, what it is in two sentences (both languages), where it comes from and how fresh it is."""
        row = self._row
        places = [pair.split(":", 1) for pair in row["source_sections"]]
        sources = self._frames["sources"].set_index("source")["citekey"]
        of_one = (
            (source, ", ".join(locator(section) for _, section in pairs))
            for source, pairs in groupby(places, key=itemgetter(0))
        )
        where = "; ".join(f"{cite([sources[source]])} {sections}" for source, sections in of_one)
        text = [
            chinese(row["label_zh"]),
            "",
            escape(row["summary"]),
            "",
            chinese(row["summary_zh"]),
            "",
        ]
        restated = (
            f"Restates {where}."
            if where
            else "No review speaks of it; it rests on papers that the editors read."
        )
        counted = f"{self.n_evidence} evidence rows on {self.n_claims} claims; {self.n_read} papers read. {self._dates()}"
        text += [span(f"{restated} {counted}", "lr-note")]
        return Markup("\n".join(text))

    def key_messages(self) -> Markup:
        """The chapter's key messages, each with the lowest certainty of its claims and its papers (the review where no paper is known)."""
        lines = []
        for row in self._frames["messages"].itertuples():
            said = "; ".join(cite([citekey], where) for citekey, where in row.reported)
            lines.append(
                f"- **{escape(row.message)}** {certainty_mark(row.certainty)} {cite(row.citekeys) or said}"
            )
            lines += ["", f"  {chinese(row.message_zh)}", ""]
        return Markup("\n".join(lines))

    def evidence_table(self) -> Markup:
        """Every evidence row: statement, what the row reports, who says so, where and at what dose, certainty; on the page, all else too."""
        rows = []
        for row in self.evidence.itertuples():
            finding = self._vocabulary.directions[row.finding].signed
            if said := self._vocabulary.supports[row.support]:
                finding += f" ({said})"
            basis = self._vocabulary.bases[row.basis].label + (", hedged" if row.hedged else "")
            places = [
                self._linked(row, column) for column in ("species", "system", "tissue", "model")
            ]
            where = " · ".join(dict.fromkeys(filter(None, [escape(row.design_label), *places])))
            dose = f"{escape(row.dose)} {escape(row.dose_unit)}" if row.dose else ""
            dose += (
                f"; {escape(row.duration)}"
                if dose and row.duration
                else escape(row.duration)
                if row.duration
                else ""
            )
            note = (
                f" {span(escape(row.note), 'lr-note', 'lr-print')}" if row.note else ""
            )  # on the page it stands below the row
            rows.append((escape(row.statement), escape(finding), f"{self._who(row)} {basis}", where, dose, certainty_mark(row.certainty).replace(" certainty]", "]") + note))  # fmt: skip
        header = (
            "Statement",
            "This source",
            "Who says so",
            "System",
            "Dose; duration",
            "Certainty of the claim",
        )
        records = evidence_records(
            self.evidence,
            self._labels,
            self._frames["sources"]["source"].tolist(),
            self._vocabulary,
        )
        return Markup(
            table(
                header,
                rows,
                "Every statement and its evidence.",
                table_labels.of_chapter(self.mechanism, "evidence"),
                (26, 12, 22, 17, 11, 12),
                records,
            )
        )

    @cached_property
    def _terms(self) -> dict[str, str]:
        """Terms of the glossary by entity, the first where it has several."""
        return dict(
            self._frames["glossary"]
            .drop_duplicates("entity")[["entity", "term"]]
            .itertuples(index=False)
        )

    @cached_property
    def _reviews(self) -> dict[str, str]:
        """Citekeys of the source reviews by their keys."""
        return dict(self._frames["sources"][["source", "citekey"]].itertuples(index=False))

    def _linked(self, row, column: str) -> str:
        """Label of an entity, linked to the glossary where that has a term for it."""
        label, entry = getattr(row, f"{column}_label"), self._terms.get(getattr(row, column))
        return term(label, entry) if entry else escape(label)

    def _who(self, row) -> str:
        """The citation of an evidence row: the paper, or the review with section and reference number."""
        if row.basis != "reported":
            return cite([row.citekey])
        number = "" if pd.isna(row.reference_number) else f", ref. {row.reference_number}"
        said = cite([self._reviews[row.reported_by]], f"{locator(row.section)}{number}")
        return f"{said}" + (f" on {cite([row.citekey])}" if row.citekey else "")

    def disagreements(self) -> Markup:
        """Each disagreement as a box: what differs, the likely reason, what to take from it, what would settle it."""
        boxes = []
        sides = describe(self._frames["sides"], self._vocabulary, self._frames)
        for row in self._frames["disagreements"].itertuples():
            involved = sides[
                sides["evidence_id"].isin(row.evidence) | sides["claim_id"].isin(row.claims)
            ]
            papers = cite(k for k in involved["citekey"] if k)
            boxes += [
                f":::{{admonition}} {escape(row.title)}",
                ":class: lr-disagreement",
                f"{span(self._vocabulary.kinds[row.kind], 'lr-kind')} {span(row.status, 'lr-status')} {papers}",
                "",
                escape(row.what_differs),
                "",
                f"**Likely reason.** {escape(row.likely_reason)}",
                "",
                f"**What to take from it.** {escape(row.take_home)}",
                "",
                f"**What would settle it.** {escape(row.would_settle)}" if row.would_settle else "",
                ":::",
                "",
            ]
        return Markup("\n".join(boxes) or "No contradiction is recorded for this mechanism.")

    def gaps(self) -> Markup:
        """What is not known, and what would settle it."""
        lines = []
        for row in self._frames["gaps"].itertuples():
            who = "the editors" if row.reported_by == "editors" else f"the {row.reported_by} review"
            looked = f" Looked in: {escape(row.looked_in)}" if row.looked_in else ""
            lines.append(
                f"- **{escape(row.question)}** {escape(row.would_settle)} {span(f'Named by {who}.{looked}', 'lr-note')}"
            )
        return Markup("\n".join(lines))

    def errata(self) -> Markup:
        """Slips of the source reviews in these sections."""
        rows = [
            (
                escape(f"{r.source} {locator(r.section)}"),
                chinese(r.printed),
                escape(r.meant),
                escape(r.reason),
                escape(r.handling),
            )
            for r in self._frames["errata"].itertuples()
        ]
        return Markup(
            table(
                ("Where", "Printed", "Meant", "Why", "What this book does"),
                rows,
                "Slips of the source text.",
                table_labels.of_chapter(self.mechanism, "errata"),
                (12, 18, 18, 28, 24),
            )
        )

    def quantities(self) -> Markup:
        """Numbers, each with what exactly is counted."""
        rows = [
            (escape(f"{r.value} {r.unit}"), escape(r.what_is_counted), escape("; ".join(x for x in (r.population, r.place, r.date) if x)), self._who(r), escape(r.note))
            for r in self._frames["quantities"].itertuples()
        ]  # fmt: skip
        return Markup(
            table(
                ("Value", "What is counted", "In whom, where, when", "Who says so", "Note"),
                rows,
                "Numbers and what they count.",
                table_labels.of_chapter(self.mechanism, "quantities"),
                (14, 34, 18, 18, 16),
            )
        )

    def related(self, most: int = 4) -> Markup:
        """Chapters that name the same entities, nearest first: at most `most` of other reviews and as many of the same one.

        A pair on which the editors have something to say (`connections`) is always there, with their words.
        """
        related = self._frames["related"]
        parts = []
        for title, rows in (
            ("In other reviews", related[~related["same_source"]]),
            ("In the same review", related[related["same_source"]]),
        ):
            lines = []
            for rank, r in enumerate(rows.itertuples()):
                if rank < most or r.words:
                    both = escape(
                        f"Both name {', '.join(r.shared[:6])}{' …' if len(r.shared) > 6 else '.'}"
                    )
                    lines.append(
                        f"- [{escape(r.label)}](/chapters/{r.mechanism}.md). {escape(r.words)} {span(both, 'lr-note', 'lr-shared')}"
                    )
            if lines:
                parts.append("\n".join([f"**{title}**", "", *lines]))
        return Markup("\n\n".join(parts) or "No other chapter names the same entities yet.")

    def coverage(self, days: int = 3) -> Markup:
        """When the literature was last searched, when the page was last read against its rows, and what was new of late."""
        lines = [span(self._dates(), "lr-note")]
        history = self._frames["history"]
        for day in sorted(set(history["date"]), reverse=True)[:days]:
            rows = history[history["date"] == day].itertuples()
            news = ", ".join(
                f"chapter added with {r.n} claims"
                if r.change == "chapter_added"
                else phrase(r.change, r.n)
                for r in rows
            )
            lines.append(span(f"{words(date.fromisoformat(day))}: {news}.", "lr-note"))
        return Markup("\n\n".join(lines))

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

        subjects: draw only claims on these subjects (and what mediates them); all where empty. omit: entities to leave out.
        mediators: lead a claim through the entity that its source names as the route; False draws it straight.
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
            for c in drawn.itertuples()
        }
        return diagram(
            links(drawn, self.evidence), self._vocabulary, labels, self._row["focus"], title
        )

    def direction_matrix(
        self,
        columns: str = "reporter_short",
        title: str = "",
        evidence: pd.DataFrame | None = None,
        rows: str = "target",
    ) -> Figure:
        """`charts.direction_matrix` on this chapter's evidence, or on a part of it. rows: ``target`` or any column with words."""
        return charts.direction_matrix(
            name_targets(self.evidence if evidence is None else evidence),
            self._vocabulary,
            columns,
            rows,
            title,
        )

    def dose_ladder(self, title: str = "", evidence: pd.DataFrame | None = None) -> Figure:
        """`dose_chart.dose_ladder` on this chapter's evidence, or on a part of it."""
        return dose_chart.dose_ladder(
            self.evidence if evidence is None else evidence, self._vocabulary, title=title
        )

    def paired_reports(self, title: str = "", evidence: pd.DataFrame | None = None) -> Figure:
        """`charts.paired_reports` on this chapter's evidence, or on a part of it."""
        return charts.paired_reports(
            name_targets(self.evidence if evidence is None else evidence),
            self._vocabulary,
            title=title,
        )

    def certainty_profile(self, title: str = "") -> Figure:
        """`charts.certainty_profile` on this chapter's claims."""
        return charts.certainty_profile(self.claims, title=title)

    def timeline(self, title: str = "") -> Figure:
        """`charts.timeline` on this chapter's evidence."""
        return charts.timeline(self.evidence, self._vocabulary, title=title)


def describe(
    evidence: pd.DataFrame, vocabulary: Vocabulary, frames: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Evidence rows with the words that charts and tables print. frames: entities and references."""
    labels = dict(frames["entities"][["entity", "label"]].itertuples(index=False))
    papers = frames["references"].set_index("citekey")
    evidence = evidence.copy()
    for column in ("subject", "object", "species", "system", "tissue", "model", "intervention"):
        evidence[f"{column}_label"] = evidence[column].map(labels).fillna("")
    evidence["outcome"] = [
        f"{label} {vocabulary.aspect(aspect).in_chart(label)}".strip()
        for label, aspect in zip(evidence["object_label"], evidence["aspect"], strict=True)
    ]
    evidence = name_targets(evidence)
    evidence["short"] = evidence["citekey"].map(papers["short"]).fillna("")
    evidence["year"] = evidence["citekey"].map(papers["year"]).fillna("")
    evidence["reporter_short"] = [
        row.short + (" (retracted)" if row.retracted else "")
        if row.basis != "reported"
        else f"review {locator(row.section)}"
        if pd.isna(row.reference_number)
        else f"review [{row.reference_number}]"
        for row in evidence.itertuples()
    ]
    return evidence


def name_targets(evidence: pd.DataFrame) -> pd.DataFrame:
    """Set ``target``: the object (and aspect) alone where the subject is the usual one of these rows, else subject and object.

    Sets ``unsaid`` as well: the subject where target does not name it, else "".
    """
    if evidence.empty:
        return evidence.assign(target="", unsaid="")
    usual = evidence["subject"].mode().iat[0]
    unsaid = evidence["subject_label"].where(
        evidence["subject"].eq(usual) & evidence["perturbation"].eq(""), ""
    )
    targets = [
        r.outcome if subject else f"{node_label(r.subject_label, r.perturbation)} → {r.outcome}"
        for r, subject in zip(evidence.itertuples(), unsaid, strict=True)
    ]
    return evidence.assign(target=targets, unsaid=unsaid)
