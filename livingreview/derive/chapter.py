"""The slice of the review that one chapter may show: whatever could change its page is in it."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import Tables
from . import messages, neighbours, vocabulary
from .evidence import entities_of

_GRADE = ["claim_id", "certainty", "certainty_reason", "n_studies", "contested"]


def sliced(
    mechanism: str,
    tables: Tables,
    claims: pd.DataFrame,
    evidence: pd.DataFrame,
    mechanisms: pd.DataFrame,
    named: dict[str, set[str]],
) -> dict[str, pd.DataFrame]:
    """Everything that the chapter of `mechanism` may show, as frames by name.

    claims, evidence, mechanisms, named: from `claims.graded`, `evidence.joined`,
    `counts.by_mechanism` and `neighbours.named`.
    """

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["mechanism"] == mechanism].reset_index(drop=True)

    own_claims = own(claims)
    rows = own(evidence).merge(own_claims[_GRADE], on="claim_id")
    disagreements = tables["disagreements"]
    disagreements = disagreements[[mechanism in ids for ids in disagreements["mechanisms"]]]
    sides = evidence[
        evidence["evidence_id"].isin(set(disagreements["evidence"].explode().dropna()))
        | evidence["claim_id"].isin(set(disagreements["claims"].explode().dropna()))
    ]
    said = messages.described(own(tables["key_messages"]), claims, evidence, tables["sources"])
    used = entities_of(own_claims, rows)
    entities, glossary, references = tables["entities"], tables["glossary"], tables["references"]
    citekeys = set(rows["citekey"]) | set(sides["citekey"])
    citekeys |= set(said["citekeys"].explode().dropna())
    counted = mechanisms.filter(regex="^(mechanism|n_.*)$")
    return {
        "mechanism": own(tables["mechanisms"]).merge(counted, on="mechanism"),
        "claims": own_claims,
        "evidence": rows,
        "messages": said,
        "disagreements": disagreements.reset_index(drop=True),
        "sides": sides.reset_index(drop=True),
        "errata": own(tables["errata"]),
        "quantities": own(tables["quantities"]),
        "gaps": own(tables["gaps"]),
        "history": own(tables["history"]),
        "entities": entities[entities["entity"].isin(used)].reset_index(drop=True),
        "glossary": glossary[glossary["entity"].isin(used - {""})].reset_index(drop=True),
        "references": references[references["citekey"].isin(citekeys)].reset_index(drop=True),
        "sources": tables["sources"],
        "citations": _citations_of(rows, tables["citations"]),
        "related": neighbours.related(mechanism, named, tables),
        **{name: tables[name] for name in ("predicates", *vocabulary.TABLES)},
    }


def _citations_of(evidence: pd.DataFrame, citations: pd.DataFrame) -> pd.DataFrame:
    """The numbered references of the reviews that these evidence rows use."""
    reported = evidence[evidence["basis"] == "reported"].dropna(subset=["reference_number"])
    used = set(zip(reported["reported_by"], reported["reference_number"], strict=True))
    pairs = zip(citations["source"], citations["reference_number"], strict=True)
    return citations[[pair in used for pair in pairs]].reset_index(drop=True)
