"""Statements that stand in more than one place: made by several studies, or by several reviews."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...contract.tables import rows
from ...derive.certainty import STATEMENT
from ...derive.network import node_label
from ...derive.vocabulary import Vocabulary
from .. import markup, table_labels
from ..markup import Markup, cite, escape


def replicated(
    evidence: pd.DataFrame, vocabulary: Vocabulary, part: str | None, least: int
) -> Markup:
    """Statements that at least `least` independent studies make, with what speaks against them.

    evidence: `wording.describe`, of the part. Retracted papers and what is no study are left out.
    """
    columns = {
        "What acts": 16,
        "On what": 26,
        "Finding": 14,
        "Studies": 10,
        "Studies that say otherwise": 18,
        "Read by the editors": 16,
    }
    directions = vocabulary.directions
    evidence = evidence[evidence["primary"] & ~evidence["retracted"]]
    found = []
    for (_, target), group in evidence.groupby(["subject_label", "target"]):
        studies = group.groupby("finding")["study"].nunique()
        counts = {str(finding): int(n) for finding, n in studies.items()}
        best = max(counts, key=lambda finding: counts[finding])
        if counts[best] < least or best == "not_applicable":
            continue
        others = [f"{directions[f].signed} {n}" for f, n in counts.items() if f != best]
        cells = (
            escape(group["subject_label"].iloc[0]),
            escape(target),
            escape(directions[best].signed),
            str(counts[best]),
            escape("; ".join(others) or "none"),
            cite(group.loc[group["basis"] != "reported", "citekey"]),
        )
        found.append((-counts[best], cells))
    caption = "Statements made by more than one independent study; retracted papers left out."
    label = table_labels.of_book("replicated", part)
    return Markup(markup.table(columns, [cells for _, cells in sorted(found)], caption, label))


def convergence(
    frame: pd.DataFrame,
    evidence: pd.DataFrame,
    predicates: Mapping[str, str],
    vocabulary: Vocabulary,
    labels: Mapping[str, str],
    chapters: Mapping[str, str],
) -> Markup:
    """Statements that more than one review makes, with what each says and what the papers that were
    read found.

    frame: `derive.across.convergence`. evidence: `derive.evidence.joined`. predicates, labels,
    chapters: what predicates, entities and chapters are called.
    """
    columns = {
        "Statement": 28,
        "What the reviews say": 20,
        "What papers read by the editors found": 28,
        "Chapters": 24,
    }
    directions = vocabulary.directions
    read = evidence[(evidence["basis"] != "reported") & ~evidence["retracted"]]
    made = []
    for key, group in frame.groupby(STATEMENT, sort=False):
        statement = [str(part) for part in key]
        subject, perturbation, predicate, thing, aspect = statement
        who = node_label(labels.get(subject, subject), perturbation)
        what = f"{who} {predicates[predicate]} {labels.get(thing, thing)}"
        words = f"{what} ({aspect})" if aspect else what
        said = "; ".join(
            f"{r.source} {' '.join(sorted(directions[d].sign for d in r.direction))}"
            for r in rows(group)
        )
        same = read[(read[STATEMENT] == statement).all(axis=1)]
        found = "; ".join(
            f"{escape(directions[str(finding)].signed)} {cite(papers)}"
            for finding, papers in same.groupby("finding")["citekey"]
        )
        its_claims = evidence["claim_id"].isin(group["claims"].explode())
        where = evidence.loc[its_claims, "mechanism"].unique()
        links = "; ".join(markup.chapter(chapters[m], m) for m in where)
        agree = len(set().union(*group["direction"]) - {"not_stated", "not_applicable"}) < 2
        made.append(((agree, -len(group), words), (escape(words), escape(said), found, links)))
    caption = "Statements that more than one review makes, those with differing signs first."
    label = table_labels.of_book("convergence")
    return Markup(markup.table(columns, [cells for _, cells in sorted(made)], caption, label))
