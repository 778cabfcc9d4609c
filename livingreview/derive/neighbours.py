"""Which chapters are near each other: those that name the same entities, the rarer the nearer."""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain

import pandas as pd

from ..contract.tables import Tables, by_key, rows

COLUMNS = ["mechanism", "label", "same_source", "shared", "words"]


def named(claims: pd.DataFrame) -> dict[str, set[str]]:
    """Entities that the claims of each mechanism name as subject, object or mediator."""
    roles = claims.melt("mechanism", ["subject", "object", "mediator"], value_name="entity")
    roles = roles[roles["entity"] != ""]
    return {str(m): found for m, found in roles.groupby("mechanism")["entity"].agg(set).items()}


def related(mechanism: str, entities: dict[str, set[str]], tables: Tables) -> pd.DataFrame:
    """Other mechanisms that name the same entities, nearest first: `COLUMNS`.

    entities: of each mechanism, from `named`. tables: mechanisms, entities, connections. An entity
    weighs the more the fewer mechanisms name it (log of their inverse share), and long chapters
    count no more than short ones (cosine). same_source: whether a source is restated in both.
    shared: labels, the weightiest first. words: what the editors say of the pair in connections;
    such pairs come first.
    """
    counted = Counter(chain.from_iterable(entities.values()))
    weight = {entity: math.log(len(entities) / n) for entity, n in counted.items()}
    labels = by_key(tables["entities"], "entity", "label")
    said = {frozenset(row.mechanisms): row.words for row in rows(tables["connections"])}
    table = tables["mechanisms"]
    sources = {
        row.mechanism: {pair.partition(":")[0] for pair in row.source_sections}
        for row in rows(table)
    }
    own = entities.get(mechanism, set())
    found = []
    for other in rows(table):
        others = entities.get(other.mechanism, set())
        shared = sorted(own & others, key=lambda entity: (-weight[entity], entity))
        if other.mechanism == mechanism or not shared:
            continue
        words = said.get(frozenset((mechanism, other.mechanism)), "")
        length = math.sqrt(sum(weight[entity] ** 2 for entity in others)) or 1.0
        near = sum(weight[entity] ** 2 for entity in shared) / length
        together = bool(sources[mechanism] & sources[other.mechanism])
        names = [labels[entity] for entity in shared]
        row = (other.mechanism, other.label, together, names, words)
        found.append(((not words, -near, other.mechanism), row))
    return pd.DataFrame([row for _, row in sorted(found)], columns=COLUMNS)
