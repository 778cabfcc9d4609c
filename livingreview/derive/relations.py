"""What acts on an entity and on what it acts, as the claims say it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..contract.tables import Tables, by_key, rows
from . import certainty
from .network import EFFECTS, findings
from .vocabulary import Vocabulary

ROUTE = "named as the route of"
OWN = {"": "", "loss": "loss of it ", "gain": "gain of it "}


@dataclass(frozen=True)
class Relation:
    """One end of one or several claims, as the entity at the other end sees it.

    heading: what the entity does or undergoes, in words ("raises", "expression raised by"). others:
    what it is related to, each as (entity, perturbation); two where it stands between them. aspect:
    what of the other changes, in words. certainty: the highest among the claims that say so, ""
    where claims say otherwise and only papers that were read find it. mechanisms: where it stands,
    in the order of the book.
    """

    heading: str
    others: tuple[tuple[str, str], ...]
    aspect: str
    certainty: str
    contested: bool
    mechanisms: tuple[str, ...]
    claims: tuple[str, ...]


def relations(
    tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame
) -> dict[str, list[Relation]]:
    """Relations of every entity, in groups of one heading, the surest first.

    tables: entities, mechanisms, predicates and those of the vocabulary. claims, evidence:
    `claims.graded`, `evidence.joined`.
    """
    shown = findings(claims, evidence)
    verbs = tables["predicates"].set_index("predicate")
    words = Vocabulary.of(tables)
    labels = by_key(tables["entities"], "entity", "label")
    order = {mechanism: place for place, mechanism in enumerate(tables["mechanisms"]["mechanism"])}
    groups: dict[tuple[Any, ...], list[tuple[Any, bool]]] = defaultdict(list)
    for claim in rows(claims):
        subject, thing = (claim.subject, claim.perturbation), (claim.object, "")
        verb = verbs.loc[claim.predicate]
        for direction in shown[claim.claim_id] if verb["takes_direction"] else [""]:
            aspect = words.aspect(claim.aspect).in_relation(labels[claim.object])
            through = ""
            if claim.removes and direction in certainty.OPPOSITE:
                aspect, through = (
                    "",
                    f"through {'more' if direction == 'decreased' else 'less'} {aspect}",
                )
            own = not direction or direction == (
                certainty.OPPOSITE.get(claim.direction, claim.direction)
                if claim.removes
                else claim.direction
            )
            acts, undergoes = (
                (words.directions[direction].acts, words.directions[direction].undergoes)
                if direction
                else (verb["label"], verb["inverse"])
            )
            groups[
                claim.subject, f"{OWN[claim.perturbation]}{acts}", (thing,), aspect or through
            ].append((claim, own))
            groups[claim.object, f"{aspect} {undergoes}".strip(), (subject,), through].append(
                (claim, own)
            )
        if claim.mediator and claim.mediator not in (claim.subject, claim.object):
            groups[claim.mediator, ROUTE, (subject, thing), ""].append((claim, True))
    made: dict[str, list[Relation]] = defaultdict(list)
    for (entity, heading, others, aspect), group in groups.items():
        made[entity].append(
            Relation(
                heading,
                others,
                aspect,
                max(
                    (claim.certainty for claim, own in group if own),
                    key=certainty.LEVELS.index,
                    default="",
                ),
                any(claim.contested for claim, _ in group),
                tuple(sorted({claim.mechanism for claim, _ in group}, key=order.__getitem__)),
                tuple(claim.claim_id for claim, _ in group),
            )
        )
    rank = {heading: place for place, heading in enumerate(_headings(verbs, words))}
    sure = ["", *certainty.LEVELS]

    def place(r: Relation) -> tuple[Any, ...]:
        known = max((words for words in rank if r.heading.endswith(words)), key=len)
        return (
            rank[known],
            r.heading != known,
            r.heading,
            -sure.index(r.certainty),
            labels[r.others[0][0]].lower(),
            r.others,
            r.aspect,
        )

    for relations in made.values():
        relations.sort(key=place)
    return made


def _headings(verbs: pd.DataFrame, words: Vocabulary) -> list[str]:
    """All headings in the order in which they are shown, those of an aspect with the one that they
    end in.
    """
    effects = [words.directions[effect] for effect in EFFECTS]
    acts = [*(effect.acts for effect in effects if effect.acts), *verbs["label"]]
    undergoes = [effect.undergoes for effect in effects if effect.undergoes]
    own = [own + act for own in OWN.values() for act in acts]
    return [*undergoes, *own, *verbs["inverse"], ROUTE]
