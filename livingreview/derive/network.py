"""The claims as a signed graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..contract.tables import rows


@dataclass(frozen=True)
class Link:
    """An edge: its direction value, whether it is contested, and the claims behind it."""

    source: str
    target: str
    direction: str
    contested: bool
    read: bool
    claims: tuple[str, ...]


#: What a claim may say of its object, the plainest first: the order of lists and legends.
EFFECTS = ("increased", "decreased", "mixed", "no_change", "not_stated", "not_applicable")
TURNED = {"increased": "decreased", "decreased": "increased"}
PERTURBED = {"loss": "loss of {}", "gain": "gain of {}"}


def node(entity: str, perturbation: str) -> str:
    """Node of a subject: the entity, or its loss or gain."""
    return f"{entity}|{perturbation}" if perturbation else entity


def node_label(label: str, perturbation: str) -> str:
    """Label of a subject: ``ABC2``, or ``loss of ABC2``."""
    return PERTURBED.get(perturbation, "{}").format(label)


def links(claims: pd.DataFrame, evidence: pd.DataFrame) -> list[Link]:
    """Links between entities: subject to object, by way of the mediator where one is named.

    claims need subject, perturbation, mediator, object, direction, removes, contested; evidence
    need claim_id, basis, finding, retracted. removes: the aspect is one of which more means less of
    the object, as degradation; its sign is turned. A perturbed subject is a node of its own
    (`node`): losing a gene is not what the gene does. Several claims on one pair become one link;
    where their directions differ it is mixed. Where a paper that stands was read, its finding is
    drawn, not the review's report of it. Behind a mediator the sign is the claim's times that of
    subject to mediator (lowering what lowers raises); where no claim gives the latter, no sign is
    drawn.
    """
    read = _read(evidence)
    effects = findings(claims, evidence)
    straight: dict[tuple[str, str], set[str]] = {}
    for claim in rows(claims):
        pair = node(claim.subject, claim.perturbation), claim.object
        straight.setdefault(pair, set()).update(effects[claim.claim_id])
    pairs: dict[tuple[str, str], list[tuple[Any, set[str]]]] = {}
    for claim in rows(claims):
        subject = node(claim.subject, claim.perturbation)
        found = effects[claim.claim_id]
        if claim.mediator and claim.mediator not in (subject, claim.object):
            first = _one(straight.get((subject, claim.mediator), set()))
            pairs.setdefault((claim.mediator, claim.object), []).append(
                (claim, {_times(first, f) for f in found})
            )
            if (
                subject,
                claim.mediator,
            ) not in straight:  # no claim of its own leads there: an unsigned link does
                pairs.setdefault((subject, claim.mediator), [])
        elif subject != claim.object:
            pairs.setdefault((subject, claim.object), []).append((claim, found))
    return [
        Link(
            source,
            target,
            _one(set().union(*(found for _, found in group))),
            any(c.contested for c, _ in group),
            any(c.claim_id in read.index for c, _ in group),
            tuple(c.claim_id for c, _ in group),
        )
        for (source, target), group in pairs.items()
    ]


def findings(claims: pd.DataFrame, evidence: pd.DataFrame) -> dict[str, set[str]]:
    """What is shown of each claim, as effects of its subject on its object: claim_id to directions.

    What papers that were read and stand found, else the claim's own direction; turned where more of
    the aspect means less of the object (removes). claims need claim_id, direction and removes;
    evidence as for `links`.
    """
    read = _read(evidence)
    shown = {}
    for claim in rows(claims):
        found = read.get(claim.claim_id, {claim.direction})
        shown[claim.claim_id] = (
            {TURNED.get(direction, direction) for direction in found} if claim.removes else found
        )
    return shown


def _read(evidence: pd.DataFrame) -> pd.Series:
    """Directions that papers which were read and stand found, by claim."""
    return (
        evidence[(evidence["basis"] != "reported") & ~evidence["retracted"]]
        .groupby("claim_id")["finding"]
        .agg(set)
    )


def _one(directions: set[str]) -> str:
    """The one stated direction; mixed where there are several, not_stated where there is none."""
    stated = directions - {"not_stated", "not_applicable"}
    return "not_stated" if not stated else stated.pop() if len(stated) == 1 else "mixed"


def _times(first: str, whole: str) -> str:
    """Direction of mediator to object, from subject to mediator and subject to object."""
    if whole == "no_change" or first == "increased":
        return whole
    return TURNED.get(whole, whole) if first == "decreased" else "not_stated"


def chain_steps(claims: pd.DataFrame) -> list[str]:
    """Direction of each step of a chain of claims, as an effect of its subject on its object.

    claims: in order, with perturbation, direction and removes. A step on the loss of its subject
    speaks of less of it, so its sign is turned, except in the first step, where the loss itself is
    the start of the chain.
    """
    steps = []
    for number, claim in enumerate(rows(claims)):
        turns = claim.removes + (number > 0 and claim.perturbation == "loss")
        steps.append(TURNED.get(claim.direction, claim.direction) if turns % 2 else claim.direction)
    return steps


def chain_direction(steps: Iterable[str]) -> str:
    """Direction at the end of a chain from those of its steps; not_stated where a step has none."""
    steps = list(steps)
    if not set(steps) <= set(TURNED):
        return "not_stated"
    return "decreased" if steps.count("decreased") % 2 else "increased"
