"""Key messages: how sure they are, and who says so."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import by_key, rows
from .certainty import LEVELS
from .evidence import locator


def described(
    messages: pd.DataFrame, claims: pd.DataFrame, evidence: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Key messages with the lowest certainty of their claims, the papers behind them, and where the
    reviews say so.

    messages: claims (list of ids). Adds certainty, citekeys (sorted list) and reported: (citekey of
    the review, "§section, ref. number") pairs, the latter without the number where none is printed.
    """
    level = by_key(claims, "claim_id", "certainty")
    reviews = sources.set_index("source")["citekey"]
    grades: list[str] = []
    papers: list[list[str]] = []
    places: list[list[tuple[str, str]]] = []
    for row in rows(messages):
        known = [i for i in row.claims if i in level]
        lowest = min((LEVELS.index(level[i]) for i in known), default=0)
        grades.append(LEVELS[lowest])
        behind = evidence[evidence["claim_id"].isin(known)]
        papers.append(sorted(set(behind["citekey"]) - {""}))
        said = behind[behind["basis"] == "reported"]
        numbers = ["" if pd.isna(n) else f", ref. {n}" for n in said["reference_number"]]
        where = said["section"].map(locator) + numbers
        places.append(
            list(dict.fromkeys(zip(said["reported_by"].map(reviews), where, strict=True)))
        )
    lists = {"citekeys": papers, "reported": places}
    columns = {n: pd.Series(v, index=messages.index, dtype=object) for n, v in lists.items()}
    return messages.assign(certainty=grades, **columns)
