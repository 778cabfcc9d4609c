"""What the pages about the whole book show: maps, indexes, glossary, errata, the rule of certainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ..contract.problems import spans
from ..derive.certainty import CEILING, LEVELS, STEPS
from ..derive.evidence import locator
from ..derive.network import Link, chain_steps, node_label
from ..derive.vocabulary import TABLES, Vocabulary
from . import charts, citation, dose_chart, front, table_labels
from .chapter import describe
from .diagram import chains
from .figure import Figure
from .markup import Markup, block, certainty_mark, chinese, cite, escape, table
from .news import phrase


class Book:
    """Tables and charts over all mechanisms.

    part: hands out the parts of the review by name (`dependencies.handing_out`), and notes each, so that only the pages concerned run
    again; a book holds nothing else of the review. root: the project folder, for the files that stand beside the data.
    """

    def __init__(self, part: Callable[[str], Any], root: Path):
        self._part = part
        self._root = root

    def _table(self, name: str) -> pd.DataFrame:
        return self._part(f"table:{name}")

    def _labels(self) -> dict[str, str]:
        """Label of every entity by id."""
        return dict(self._table("entities")[["entity", "label"]].itertuples(index=False))

    @property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of({name: self._table(name) for name in TABLES})

    @property
    def counts(self) -> SimpleNamespace:
        """`derive.counts.whole`, for {eval}: mechanisms, claims, evidence, reported, papers_read, disagreements, errata …"""
        return SimpleNamespace(**self._part("counts"))

    def _evidence(self, part: str | None) -> pd.DataFrame:
        mechanisms = self._part("mechanisms")
        labels = mechanisms.set_index("mechanism")
        evidence = self._part("evidence").assign(
            mechanism_label=self._part("evidence")["mechanism"].map(labels["label"]),
            part=self._part("evidence")["mechanism"].map(labels["part"]),
        )
        frames = {
            "entities": self._table("entities"),
            "references": self._table("references"),
        }
        evidence = describe(evidence, self._vocabulary, frames)
        return evidence if part is None else evidence[evidence["part"] == part]

    def evidence_map(self, part: str | None = None, subject: str = "", title: str = "") -> Figure:
        """`charts.evidence_map` over the mechanisms of a part, in chapter order; of one subject only where it is named."""
        order = self._part("mechanisms")["label"].tolist()
        evidence = self._evidence(part)
        return charts.evidence_map(
            evidence[evidence["subject"] == subject] if subject else evidence,
            self._vocabulary,
            order=order,
            title=title,
        )

    def dose_ladder(self, part: str, subject: str, title: str = "") -> Figure:
        """`dose_chart.dose_ladder` over a part, for one intervention."""
        evidence = self._evidence(part)
        return dose_chart.dose_ladder(
            evidence[evidence["intervention"] == subject], self._vocabulary, title=title
        )

    def timeline(self, part: str | None = None, title: str = "") -> Figure:
        """`charts.timeline` over the papers of a part."""
        return charts.timeline(self._evidence(part), self._vocabulary, title=title)

    def certainty_profile(self, part: str | None = None, title: str = "") -> Figure:
        """`charts.certainty_profile` over the claims of a part."""
        parts = self._part("mechanisms").set_index("mechanism")["part"]
        claims = self._part("claims")
        return charts.certainty_profile(
            claims if part is None else claims[claims["mechanism"].map(parts) == part], title=title
        )

    def atlas(self) -> Markup:
        """`front.atlas`: every mechanism as a tile to click through, by part."""
        return front.atlas(self._part("mechanisms"), self._table("connections"))

    def mechanism_table(self, part: str | None = None, folded: str = "") -> Markup:
        """The chapters with what each rests on, all or those of a part. folded: on the page, fold the table under this heading."""
        mechanisms = self._part("mechanisms")
        if part is not None:
            mechanisms = mechanisms[mechanisms["part"] == part]
        rows = [
            (
                f"[{escape(r.label)}](/chapters/{r.mechanism}.md) {chinese(r.label_zh)}",
                escape(r.part),
                *(str(getattr(r, f"n_{level}")) for level in LEVELS[::-1]),
                str(r.n_evidence),
                str(r.n_read),
                str(r.n_disagreements),
            )
            for r in mechanisms.itertuples()
        ]
        header = (
            "Chapter",
            "Part",
            *(f"Claims of {level.replace('_', ' ')} certainty" for level in LEVELS[::-1]),
            "Evidence rows",
            "Papers read",
            "Disagreements",
        )
        made = table(
            header,
            rows,
            "Chapters and what they rest on.",
            table_labels.of_book("mechanisms", part),
            (30, 14, 8, 8, 8, 8, 8, 8, 8),
        )
        return Markup(f"::::::{{dropdown}} {escape(folded)}\n{made}\n::::::" if folded else made)

    def newest(self, most: int = 4) -> Markup:
        """`front.newest`: the newest entry of CHANGELOG.md."""
        return front.newest(self._root / "CHANGELOG.md", most)

    def citation(self) -> Markup:
        """`front.citation`: how to cite the review, from CITATION.cff."""
        return front.citation(self._root)

    @property
    def searched(self) -> str:
        """The day on which the literature was last searched for a chapter, for {eval}."""
        return max(self._table("mechanisms")["searched_on"])

    def replicated(self, part: str | None = None, least: int = 2) -> Markup:
        """Statements that at least `least` independent studies make, wherever in the book, with what speaks against them."""
        evidence = self._evidence(part)
        evidence = evidence[evidence["primary"] & ~evidence["retracted"]]
        directions = self._vocabulary.directions
        rows = []
        for (_, target), group in evidence.groupby(["subject_label", "target"]):
            counts = {d: g["study"].nunique() for d, g in group.groupby("finding")}
            best = max(counts, key=lambda d: counts[d])
            if counts[best] < least or best == "not_applicable":
                continue
            others = (
                "; ".join(f"{directions[d].signed} {n}" for d, n in counts.items() if d != best)
                or "none"
            )
            read = cite(group.loc[group["basis"] != "reported", "citekey"])
            rows.append(
                (
                    counts[best],
                    (
                        escape(group["subject_label"].iloc[0]),
                        escape(target),
                        escape(directions[best].signed),
                        str(counts[best]),
                        escape(others),
                        read,
                    ),
                )
            )
        rows = [cells for _, cells in sorted(rows, key=lambda r: (-r[0], r[1]))]
        return Markup(
            table(
                (
                    "What acts",
                    "On what",
                    "Finding",
                    "Studies",
                    "Studies that say otherwise",
                    "Read by the editors",
                ),
                rows,
                "Statements made by more than one independent study; retracted papers left out.",
                table_labels.of_book("replicated", part),
                (16, 26, 14, 10, 18, 16),
            )
        )

    def meeting_points(
        self, least: int = 3, categories: Sequence[str] = (), title: str = ""
    ) -> Figure:
        """`charts.meeting_points`: entities that at least `least` reviews name, of some categories where these are given."""
        points = self._part("meeting_points")
        points = points[points["category"].isin(categories)] if categories else points
        points = points[points.groupby("entity")["source"].transform("size") >= least]
        order = self._table("sources")["source"].tolist()
        return charts.meeting_points(
            points.assign(label=points["entity"].map(self._labels())), order, title
        )

    def convergence(self) -> Markup:
        """Statements that more than one review makes, with what each says and what the papers that were read found."""
        labels = self._labels()
        statement = ["subject", "perturbation", "predicate", "object", "aspect"]
        predicates = self._table("predicates").set_index("predicate")["label"]
        chapters = self._part("mechanisms").set_index("mechanism")["label"]
        directions = self._vocabulary.directions
        evidence = self._part("evidence")
        read = evidence[(evidence["basis"] != "reported") & ~evidence["retracted"]]
        rows = []
        for key, group in self._part("convergence").groupby(statement, sort=False):
            same = read[(read[statement] == list(key)).all(axis=1)]
            said = "; ".join(
                f"{r.source} {' '.join(sorted(directions[d].sign for d in r.direction))}"
                for r in group.itertuples()
            )
            found = "; ".join(
                f"{escape(directions[d].signed)} {cite(g['citekey'])}"
                for d, g in same.groupby("finding")
            )
            where = evidence.loc[
                evidence["claim_id"].isin(group["claims"].explode()), "mechanism"
            ].unique()
            subject, perturbation, predicate, thing, aspect = key
            subject = node_label(labels.get(subject, subject), perturbation)
            words = f"{subject} {predicates[predicate]} {labels.get(thing, thing)}{f' ({aspect})' if aspect else ''}"
            links = "; ".join(f"[{escape(chapters[m])}](/chapters/{m}.md)" for m in where)
            agree = len(set().union(*group["direction"]) - {"not_stated", "not_applicable"}) < 2
            rows.append(((agree, -len(group), words), (escape(words), escape(said), found, links)))
        header = (
            "Statement",
            "What the reviews say",
            "What papers read by the editors found",
            "Chapters",
        )
        cells = [cells for _, cells in sorted(rows)]
        return Markup(
            table(
                header,
                cells,
                "Statements that more than one review makes, those with differing signs first.",
                table_labels.of_book("convergence"),
                (28, 20, 28, 24),
            )
        )

    def bridges(self) -> Markup:
        """Each bridge: its steps with sources and certainty, what it would mean, what would test it."""
        claims = self._part("claims").set_index("claim_id")
        chapters = self._part("mechanisms").set_index("mechanism")["label"]
        directions = self._vocabulary.directions
        cited = self._table("sources").set_index("source")["citekey"]
        reported = self._part("evidence")[self._part("evidence")["basis"] == "reported"].groupby(
            "claim_id"
        )[["reported_by", "section"]]
        papers = (
            self._part("evidence")[self._part("evidence")["basis"] != "reported"]
            .groupby("claim_id")["citekey"]
            .agg(list)
        )
        places = {i: list(dict.fromkeys(g.itertuples(index=False, name=None))) for i, g in reported}
        lines = []
        for row in self._part("bridges").itertuples():
            lines += [f"## {escape(row.title)}", ""]
            for number, i in enumerate(row.claims, 1):
                claim = claims.loc[i]
                who = " ".join(
                    [
                        *(cite([cited[s]], locator(section)) for s, section in places.get(i, ())),
                        cite(papers.get(i, ())),
                    ]
                )
                lines.append(
                    f"{number}. {escape(claim['statement'])} {certainty_mark(claim['certainty'])} {who} [{escape(chapters[claim['mechanism']])}](/chapters/{claim['mechanism']}.md)"
                )
            start, end = claims.loc[row.claims[0]], claims.loc[row.claims[-1]]
            whole = f"{node_label(start['subject_label'], start['perturbation'])} → {end['object_label']}: {directions[row.direction].label}"
            lines += [
                "",
                f"**Taken together.** {escape(whole)}; no better than {row.certainty.replace('_', ' ')} certainty. {escape(row.words)}",
                "",
            ]
            lines += [f"**What would test it.** {escape(row.would_settle)}", ""]
        return Markup("\n".join(lines) or "No bridge is recorded yet.")

    def bridge_diagram(self, title: str = "") -> Figure:
        """`diagram.chains` of all bridges: what each is made of, step by step."""
        if self._part("bridges").empty:
            raise ValueError("data/bridges.csv has no bridge: add one, or leave this diagram out")
        claims = self._part("claims").set_index("claim_id", drop=False)
        read = set(
            self._part("evidence").loc[
                (self._part("evidence")["basis"] != "reported")
                & ~self._part("evidence")["retracted"],
                "claim_id",
            ]
        )
        rows = []
        for bridge in self._part("bridges").itertuples():
            steps = claims.loc[bridge.claims]
            start = node_label(steps["subject_label"].iloc[0], steps["perturbation"].iloc[0])
            signs = zip(steps.itertuples(), chain_steps(steps), strict=True)
            made = [
                Link(c.subject, c.object, sign, c.contested, c.claim_id in read, (c.claim_id,))
                for c, sign in signs
            ]
            rows.append((bridge.title, [start, *steps["object_label"]], made))
        return chains(rows, self._vocabulary, title)

    def disagreement_index(self, kind: str | None = None) -> Markup:
        """All disagreements, or those of one kind."""
        disagreements, labels = (
            self._table("disagreements"),
            self._table("mechanisms").set_index("mechanism")["label"],
        )
        disagreements = (
            disagreements if kind is None else disagreements[disagreements["kind"] == kind]
        )
        kinds = self._vocabulary.kinds
        rows = [
            (
                escape(r.title),
                kinds[r.kind],
                "; ".join(f"[{escape(labels[m])}](/chapters/{m}.md)" for m in r.mechanisms),
                escape(r.take_home),
                r.status,
            )
            for r in disagreements.sort_values(["kind", "disagreement_id"]).itertuples()
        ]
        return Markup(
            table(
                ("Disagreement", "Kind", "Chapter", "What to take from it", "Status"),
                rows,
                "Where sources disagree.",
                table_labels.of_book("all-disagreements", kind),
                (24, 14, 18, 34, 10),
            )
        )

    def gap_index(self, part: str | None = None) -> Markup:
        """All gaps, or those of one part, in the order of the chapters."""
        mechanisms = self._table("mechanisms").set_index("mechanism")
        mechanisms = mechanisms if part is None else mechanisms[mechanisms["part"] == part]
        labels, place = mechanisms["label"], {m: n for n, m in enumerate(mechanisms.index)}
        gaps = self._table("gaps")
        gaps = gaps[gaps["mechanism"].isin(place)].sort_values(
            "mechanism", key=lambda m: m.map(place), kind="stable"
        )
        rows = [
            (
                f"[{escape(labels[r.mechanism])}](/chapters/{r.mechanism}.md)",
                escape(r.question),
                escape(r.would_settle),
            )
            for r in gaps.itertuples()
        ]
        return Markup(
            table(
                ("Chapter", "What is not known", "What would settle it"),
                rows,
                "What is not known.",
                table_labels.of_book("all-gaps", part),
                (24, 38, 38),
            )
        )

    def errata(self, source: str | None = None) -> Markup:
        """All slips of the source reviews, or those of one."""
        labels = self._table("mechanisms").set_index("mechanism")["label"]
        errata, sources = self._table("errata"), self._table("sources")
        place = {
            (s.source, section): (n, k)
            for n, s in enumerate(sources.itertuples())
            for k, section in enumerate(s.sections)
        }
        rows = []
        for r in sorted(
            errata.itertuples(), key=lambda r: place.get((r.source, r.section), (0, 0))
        ):
            if source not in (None, r.source):
                continue
            where = escape(f"{r.source} {locator(r.section)}") + (
                f" ([{escape(labels[r.mechanism])}](/chapters/{r.mechanism}.md))"
                if r.mechanism
                else ""
            )
            rows.append(
                (where, chinese(r.printed), escape(r.meant), escape(r.reason), escape(r.handling))
            )
        return Markup(
            table(
                ("Where", "Printed", "Meant", "Why", "What this book does"),
                rows,
                "Slips of the source reviews.",
                table_labels.of_book("all-errata", source),
                (16, 18, 16, 26, 24),
            )
        )

    def unresolved(self, source: str) -> Markup:
        """References of a review that could not be identified: help wanted."""
        citations = self._table("citations")
        citekey = self._table("sources").set_index("source").at[source, "citekey"]
        rows = [
            (
                cite([citekey], f"ref. {r.reference_number}"),
                escape(r.named_in_text),
                escape(r.cited_for),
                escape(r.match_reason),
            )
            for r in citations[
                (citations["source"] == source)
                & (citations["citekey"] == "")
                & (citations["status"] != "not_printed")
            ].itertuples()
        ]
        return Markup(
            table(
                ("Reference", "Named in the text", "Cited for", "What is known"),
                rows,
                "References not yet identified: help identify this paper.",
                table_labels.of_source(source, "unresolved"),
                (16, 14, 36, 34),
            )
        )

    def identified(self, source: str) -> Markup:
        """References of a review that were identified, and whether the paper says what the review says."""
        citations = self._table("citations")
        rows = [
            (
                str(r.reference_number),
                cite([r.citekey]),
                r.status,
                r.claim_check.replace("_", " "),
                escape(r.claim_check_note),
            )
            for r in citations[
                (citations["source"] == source) & (citations["citekey"] != "")
            ].itertuples()
        ]
        return Markup(
            table(
                ("No.", "Paper", "Match", "Says what the review says", "What was compared"),
                rows,
                "Identified references of the review.",
                table_labels.of_source(source, "identified"),
                (6, 18, 10, 14, 52),
            )
        )

    def coverage(self) -> Markup:
        """Every section of every source, with how many claims it became and the reference numbers on its rows."""
        cited = self._table("sources").set_index("source")["citekey"]
        rows = [
            (
                cite([cited[r.source]], locator(r.section)),
                str(r.claims),
                str(r.evidence),
                str(r.other),
                spans(r.numbers),
            )
            for r in self._part("coverage").itertuples()
        ]
        header = (
            "Section",
            "Claims",
            "Evidence rows",
            "Numbers, slips, gaps",
            "Reference numbers used",
        )
        return Markup(
            table(
                header,
                rows,
                "What of the source reviews is restated.",
                table_labels.of_book("coverage"),
                (34, 10, 14, 16, 26),
            )
        )

    def source_table(self) -> Markup:
        """The source reviews and what is missing from them."""
        rows = [
            (
                cite([r.citekey]),
                escape(r.title_en),
                chinese(r.title_zh),
                str(r.n_references),
                escape(r.missing),
            )
            for r in self._table("sources").itertuples()
        ]
        return Markup(
            table(
                (
                    "Review",
                    "Title",
                    "Title in Chinese",
                    "References",
                    "What the text at hand lacks",
                ),
                rows,
                "The source reviews.",
                table_labels.of_book("sources"),
                (16, 26, 22, 10, 26),
            )
        )

    def glossary(self, page: str = "") -> Markup:
        """The entries of a page of the glossary (`page` in vocab/categories.csv) as terms that every chapter can link.

        Without a page: the entries of kinds that have none, and the terms that name no entity.
        """
        return Markup(block("glossary-entries", self._part(f"glossary:{page}")))

    def glossary_pages(self, others: str) -> Markup:
        """Which page of the glossary holds what, and how much. others: the page of the entries without one, below chapters/."""
        pages = [page for page in dict.fromkeys(self._table("categories")["page"]) if page]
        kinds = Counter(
            (row["page"] or others, row["kind"] or "words that name no entity")
            for row in self._part("glossary_names")
        )
        rows = []
        for page in [*pages, others]:
            held = {kind: n for (place, kind), n in kinds.most_common() if place == page}
            rows.append(
                (
                    f"{{doc}}`/chapters/{page}`",
                    "; ".join(f"{escape(kind)} {n}" for kind, n in held.items()),
                    str(sum(held.values())),
                )
            )
        return Markup(
            table(
                ("Page", "Kinds", "Entries"),
                rows,
                "The pages of the glossary.",
                table_labels.of_book("glossary"),
                (36, 50, 14),
            )
        )

    def glossary_names(self) -> Markup:
        """Every name of the glossary in alphabetical order, English and Chinese, each leading to its entry; for the website alone."""
        return Markup(block("glossary-names", self._part("glossary_names")))

    def certainty_rule(self) -> Markup:
        """The rule of certainty as it stands in the code: starts, steps, ceilings."""
        designs = self._table("study_designs")
        rows = [
            (
                escape(d.label),
                escape(d.level),
                LEVELS[d.start - 1].replace("_", " "),
                LEVELS[CEILING[d.level] - 1].replace("_", " "),
                escape(d.definition),
            )
            for d in designs.itertuples()
        ]
        starts = table(
            ("Design", "Stream", "Starts at", "Never above", "What it is"),
            rows,
            "Where the certainty of a claim starts.",
            table_labels.of_book("certainty-starts"),
            (20, 14, 12, 12, 42),
        )
        steps = "\n".join(
            f"- {change:+d}".replace("-1", "−1") + f": {words}" for change, words in STEPS.values()
        )
        return Markup(f"{starts}\n\n{steps}")

    def whats_new(self, most: int = 6) -> Markup:
        """The history of the data, newest day first: chapters added, then each chapter's news; of long lists the first `most`."""
        mechanisms = self._part("mechanisms").set_index("mechanism")
        chapters, parts = mechanisms["label"], mechanisms["part"]
        place = {m: n for n, m in enumerate(chapters.index)}
        history = self._table("history").sort_values(
            "mechanism", key=lambda m: m.map(place), kind="stable"
        )
        lines = []
        for day, rows in sorted(history.groupby("date"), reverse=True):
            lines += [f"## {citation.words(date.fromisoformat(day))}", ""]
            link = {m: f"[{escape(chapters[m])}](/chapters/{m}.md)" for m in rows["mechanism"]}
            added = rows[rows["change"] == "chapter_added"]
            if len(added):
                lines += [f"**{phrase('chapter_added', len(added)).capitalize()}**", ""]
                for part, chapter in added.groupby(added["mechanism"].map(parts), sort=False):
                    lines.append(
                        f"- {escape(part)}: {'; '.join(f'{link[r.mechanism]} ({r.n} claims)' for r in chapter.itertuples())}."
                    )
                lines += ["", "**In the chapters**" if len(added) < len(rows) else "", ""]
            for mechanism, news in rows[rows["change"] != "chapter_added"].groupby(
                "mechanism", sort=False
            ):
                said = [
                    phrase(r.change, r.n) + self._named(r.change, r.items, most)
                    for r in news.itertuples()
                ]
                lines.append(f"- {link[mechanism]}: {'; '.join(said)}.")
            lines.append("")
        return Markup("\n".join(lines) or "Nothing is recorded yet.")

    def _named(self, change: str, items: list[str], most: int) -> str:
        """What a change is about, in brackets: papers cited, disagreements and claims in their own words. What is gone has none."""
        if change.startswith("papers"):
            known = set(self._table("references")["citekey"])
            cited = cite([key for key in items if key in known][:most])
            return f" {cited}{' …' if len(items) > most else ''}" if cited else ""
        table, key, words = (
            ("disagreements", "disagreement_id", "title")
            if change.startswith("disagreements")
            else ("claims", "claim_id", "statement")
        )
        if change == "claims_added":  # too many to be read here; they are in the chapter
            return ""
        text = self._table(table).set_index(key)[words]
        said = [f"“{escape(text[i])}”" for i in items if i in text.index]
        return f" ({'; '.join(said[:most])}{' …' if len(said) > most else ''})" if said else ""

    def contributors(self) -> Markup:
        """Who has contributed, with ORCID iD and CRediT roles; the editors as a body while nobody is named."""
        people = self._table("people")
        if people.empty:
            return Markup("The editors.")
        rows = [
            (
                f"[{escape(r.name)}](https://orcid.org/{r.orcid})" if r.orcid else escape(r.name),
                escape(r.affiliation),
                escape("; ".join(r.roles)),
            )
            for r in people.itertuples(index=False)
        ]
        return Markup(
            table(
                ("Name", "Affiliation", "Roles"),
                rows,
                "Contributors.",
                table_labels.of_book("contributors"),
                (26, 34, 40),
            )
        )

    def data_table(self) -> Markup:
        """The tables of the contract with their rows."""
        rows = [
            (f"`data/{r.path}`", escape(r.title), escape(r.description), str(r.rows))
            for r in self._part("sizes").itertuples()
        ]
        return Markup(
            table(
                ("File", "Table", "What it holds", "Rows"),
                rows,
                "The data of this book.",
                table_labels.of_book("data"),
                (26, 20, 44, 10),
            )
        )
