"""Evidence rows with all that is known of them: claim, design, paper, study, dose, finding."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..contract.tables import Tables, rows
from . import doses, studies
from .certainty import OPPOSITE

_PLACES = ["system", "tissue", "model"]


def joined(tables: Tables) -> pd.DataFrame:
    """Every evidence row joined to its claim, its study design, its paper and the names of its
    entities.

    tables: evidence, claims, study_designs, entities, citations, references. Adds: study (one id
    per independent study), retracted, doi, in_scope, level, start, primary, design_label,
    dose_values (list, in dose_norm_unit), dose_range, finding (direction that this row reports),
    reporter (who says so, for people).
    """
    designs = tables["study_designs"].rename(columns={"label": "design_label"})
    papers = tables["references"].set_index("citekey")
    made = tables["evidence"].merge(
        tables["claims"].drop(columns="mechanism"),
        on="claim_id",
        how="left",
        suffixes=("", "_claim"),
    )
    made = made.merge(designs.drop(columns="definition"), on="study_design", how="left")
    made["retracted"] = made["citekey"].map(papers["retracted"]).fillna("") != ""
    made["doi"] = made["citekey"].map(papers["doi"]).fillna("")
    made["study"] = studies.identities(made, tables["citations"])
    made["reporter"] = _reporters(made, papers["short"])
    in_scope = tables["entities"].set_index("entity")["in_scope"]
    made["in_scope"] = made[_PLACES].apply(lambda c: c.map(in_scope)).eq(True).any(axis=1)
    made["finding"] = [
        finding(d, s) for d, s in zip(made["direction"], made["support"], strict=True)
    ]
    return _with_doses(made, tables["entities"])


def finding(direction: str, support: str) -> str:
    """The direction that a row reports: the claim's, its opposite, or none."""
    if support == "no_effect":
        return "no_change"
    if support == "refutes":
        return OPPOSITE.get(direction, "not_stated")
    return direction


def locator(section: str) -> str:
    """A section as a reader would write it: ``§1.4``, but ``abstract``."""
    return f"§{section}" if section[:1].isdigit() else section


def entities_of(claims: pd.DataFrame, evidence: pd.DataFrame) -> set[str]:
    """Every entity that claims or evidence name, in whatever column; "" where a column is empty."""
    named = [claims[c] for c in ("subject", "object", "mediator", "cell")]
    named += [evidence[c] for c in ("species", "system", "tissue", "model", "intervention")]
    return set().union(*named)


def _reporters(evidence: pd.DataFrame, short: pd.Series[str]) -> list[str]:
    def who(row: Any) -> str:
        if row.basis != "reported":
            return str(short.get(row.citekey, row.citekey))
        number = "" if pd.isna(row.reference_number) else f" [{row.reference_number}]"
        return f"{row.reported_by} review {locator(row.section)}{number}"

    return [who(row) for row in rows(evidence)]


def _with_doses(evidence: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    masses = entities.set_index("entity")["molar_mass"].dropna().to_dict()
    found = [
        doses.normalise(row.dose, row.dose_unit, masses.get(row.intervention))
        if row.dose
        else doses.Doses((), "")
        for row in rows(evidence)
    ]
    return evidence.assign(
        dose_values=pd.Series(
            [list(dose.values) for dose in found], index=evidence.index, dtype=object
        ),
        dose_norm_unit=[dose.unit for dose in found],
        dose_range=[dose.is_range for dose in found],
    )
