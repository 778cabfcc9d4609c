"""Bridges: chains of claims, each from some source, that no single review contains."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...contract.tables import rows
from ...derive.evidence import locator
from ...derive.network import Link, chain_steps, node_label
from ...derive.vocabulary import Vocabulary
from .. import markup
from ..diagram import chains
from ..figure import Figure
from ..markup import Markup, certainty_mark, cite, escape, strong


def described(
    bridges: pd.DataFrame,
    claims: pd.DataFrame,
    evidence: pd.DataFrame,
    vocabulary: Vocabulary,
    reviews: Mapping[str, str],
    chapters: Mapping[str, str],
) -> Markup:
    """Each bridge: its steps with sources and certainty, what it would mean, what would test it.

    bridges: `derive.across.bridges`. claims: `derive.claims.graded`. evidence:
    `derive.evidence.joined`. reviews: citekeys of the reviews. chapters: titles by mechanism.
    """
    by_claim = {claim.claim_id: claim for claim in rows(claims)}
    is_report = evidence["basis"] == "reported"
    told = evidence[is_report].groupby("claim_id")[["reported_by", "section"]]
    places = {claim: dict.fromkeys(group.itertuples(index=False)) for claim, group in told}
    papers = evidence[~is_report].groupby("claim_id")["citekey"].agg(list).to_dict()
    parts = []
    for bridge in rows(bridges):
        steps = [by_claim[i] for i in bridge.claims]
        items = []
        for claim in steps:
            said = [
                cite([reviews[source]], locator(section))
                for source, section in places.get(claim.claim_id, ())
            ]
            who = " ".join([*said, cite(papers.get(claim.claim_id, ()))])
            chapter = markup.chapter(chapters[claim.mechanism], claim.mechanism)
            mark = certainty_mark(claim.certainty)
            items.append(f"{escape(claim.statement)} {mark} {who} {chapter}")
        start = node_label(steps[0].subject_label, steps[0].perturbation)
        effect = vocabulary.directions[bridge.direction].label
        whole = escape(f"{start} → {steps[-1].object_label}: {effect}")
        grade = bridge.certainty.replace("_", " ")
        parts += [
            markup.heading(escape(bridge.title)),
            markup.numbered(items),
            f"{strong('Taken together.')} {whole}; no better than {grade} certainty."
            f" {escape(bridge.words)}",
            f"{strong('What would test it.')} {escape(bridge.would_settle)}",
        ]
    return Markup(markup.blocks(*parts) or "No bridge is recorded yet.")


def drawn(
    bridges: pd.DataFrame,
    claims: pd.DataFrame,
    evidence: pd.DataFrame,
    vocabulary: Vocabulary,
    title: str,
) -> Figure:
    """`diagram.chains` of all bridges: what each is made of, step by step.

    Raises ValueError where there is no bridge.
    """
    if bridges.empty:
        raise ValueError("data/bridges.csv has no bridge: add one, or leave this diagram out")
    claims = claims.set_index("claim_id", drop=False)
    is_read = (evidence["basis"] != "reported") & ~evidence["retracted"]
    read = set(evidence.loc[is_read, "claim_id"])
    made = []
    for bridge in rows(bridges):
        steps = claims.loc[bridge.claims]
        start = node_label(steps["subject_label"].iloc[0], steps["perturbation"].iloc[0])
        links = [
            Link(c.subject, c.object, sign, c.contested, c.claim_id in read, (c.claim_id,))
            for c, sign in zip(rows(steps), chain_steps(steps), strict=True)
        ]
        made.append((bridge.title, [start, *steps["object_label"]], links))
    return chains(made, vocabulary, title)
