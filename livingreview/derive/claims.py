"""Claims with their certainty and the words for what they name."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import Tables
from . import certainty


def graded(tables: Tables, evidence: pd.DataFrame) -> pd.DataFrame:
    """Every claim with certainty, certainty_reason, n_studies, contested, removes, and the labels
    of its entities.

    tables: claims, aspects, entities. evidence: `evidence.joined`. removes: more of the aspect
    means less of the object.
    """
    claims = tables["claims"]
    removes = tables["aspects"].set_index("aspect")["removes"]
    claims = claims.assign(removes=claims["aspect"].map(removes).eq(True))
    claims = claims.join(certainty.grade(claims, evidence), on="claim_id")
    labels = tables["entities"].set_index("entity")["label"]
    for role in ("subject", "object", "mediator", "cell"):
        claims[f"{role}_label"] = claims[role].map(labels).fillna("")
    return claims
