"""What stands across the chapters: where sources meet and agree, and the bridges between them."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import Tables, rows
from .certainty import LEVELS, STATEMENT
from .network import chain_direction, chain_steps


def convergence(evidence: pd.DataFrame) -> pd.DataFrame:
    """Statements with a direction to give that several sources make: the statement, source,
    direction, claims; a row per source.

    A statement is `certainty.STATEMENT`, whatever the cell or the circumstance. direction is the
    sorted list of directions that the source gives, claims the ids of its claims.
    """
    said = evidence[(evidence["basis"] == "reported") & (evidence["finding"] != "not_applicable")]
    each = said.groupby([*STATEMENT, "reported_by"]).agg(
        direction=("finding", lambda found: sorted(set(found))), claims=("claim_id", list)
    )
    each = each.reset_index().rename(columns={"reported_by": "source"})
    several = each.groupby(STATEMENT)["source"].transform("size") > 1
    return each[several].reset_index(drop=True)


def meeting_points(evidence: pd.DataFrame, entities: pd.DataFrame) -> pd.DataFrame:
    """Claims on each entity, by the source that states them: entity, category, source, claims; one
    row per entity and source.
    """
    roles = ["subject", "object", "mediator"]
    said = evidence.loc[evidence["basis"] == "reported", ["claim_id", "reported_by", *roles]]
    named = said.melt(["claim_id", "reported_by"], value_name="entity")
    named = named[named["entity"] != ""]
    counted = named.groupby(["entity", "reported_by"])["claim_id"].nunique().rename("claims")
    made = counted.reset_index().rename(columns={"reported_by": "source"})
    return made.assign(category=made["entity"].map(entities.set_index("entity")["category"]))


def bridges(tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The bridges with direction (of the last object when the first subject acts), certainty (the
    lowest) and sources.

    tables: bridges, with claims (list of ids, in order).
    """
    by_id = claims.set_index("claim_id")
    said = evidence.groupby("claim_id")["reported_by"].agg(set)
    directions, grades, sources = [], [], []
    for row in rows(tables["bridges"]):
        steps = by_id.loc[row.claims]
        directions.append(chain_direction(chain_steps(steps)))
        grades.append(LEVELS[min(map(LEVELS.index, steps["certainty"]))])
        sources.append(sorted(set().union(*(said[i] for i in row.claims))))
    made = tables["bridges"].assign(direction=directions, certainty=grades)
    return made.assign(sources=pd.Series(sources, index=made.index, dtype=object))
