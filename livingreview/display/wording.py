"""Evidence rows with the words that charts and tables print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..contract.tables import by_key, rows
from ..derive.evidence import locator
from ..derive.network import node_label
from ..derive.vocabulary import Vocabulary

_ENTITIES = ("subject", "object", "species", "system", "tissue", "model", "intervention")


def describe(
    evidence: pd.DataFrame, vocabulary: Vocabulary, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Evidence rows (`derive.evidence.joined`) with words for what they name.

    tables: entities and references. Adds a ``…_label`` for each of subject, object, species,
    system, tissue, model and intervention; outcome (object, and aspect where that does not go
    without saying); short and year of the paper; reporter_short; and what `name_targets` adds.
    """
    labels = by_key(tables["entities"], "entity", "label")
    papers = tables["references"].set_index("citekey")
    evidence = evidence.copy()
    for column in _ENTITIES:
        evidence[f"{column}_label"] = evidence[column].map(labels).fillna("")
    evidence["outcome"] = [
        f"{label} {vocabulary.aspect(aspect).in_chart(label)}".strip()
        for label, aspect in zip(evidence["object_label"], evidence["aspect"], strict=True)
    ]
    evidence = name_targets(evidence)
    evidence["short"] = evidence["citekey"].map(papers["short"]).fillna("")
    evidence["year"] = evidence["citekey"].map(papers["year"]).fillna("")
    evidence["reporter_short"] = [_reporter(row) for row in rows(evidence)]
    return evidence


def _reporter(row: Any) -> str:
    """Who says so, in as few words as the head of a column has room for."""
    if row.basis != "reported":
        return f"{row.short} (retracted)" if row.retracted else row.short
    if pd.isna(row.reference_number):
        return f"review {locator(row.section)}"
    return f"review [{row.reference_number}]"


def name_targets(evidence: pd.DataFrame) -> pd.DataFrame:
    """Set ``target``: the outcome alone where the subject is the usual one of these rows, else
    subject and outcome.

    Sets ``unsaid`` as well: the subject where target does not name it, else "".
    """
    if evidence.empty:
        return evidence.assign(target="", unsaid="")
    usual = str(evidence["subject"].mode().iat[0])
    unsaid = evidence["subject_label"].where(
        evidence["subject"].eq(usual) & evidence["perturbation"].eq(""), ""
    )
    targets = [
        r.outcome if subject else f"{node_label(r.subject_label, r.perturbation)} → {r.outcome}"
        for r, subject in zip(rows(evidence), unsaid, strict=True)
    ]
    return evidence.assign(target=targets, unsaid=unsaid)
