"""How certain a claim is, by a published rule; nothing here is typed by hand.

The rule follows GRADE (start, lower, raise) with the streams of evidence of OHAT (human, animal,
cell; doi:10.1289/ehp.1307972). It rates the statement as it stands, in the system it names, for the
subject of the book:

- start from the best design among the rows that support the claim (``start`` in
  vocab/study_designs.csv),
- lower by one for each of: known only through a review; a single study; measured outside the
  tissues in scope; contradicted; hedged by every source,
- raise by one for each of: a causal test in a study that was read; at least three independent
  studies that agree; a dose response,
- never above the ceiling of the stream: only people can give high.

Retracted studies support nothing. Reference numbers that may report the same data count as one
study. Agreement and contradiction are looked for in the whole book, on the same statement; a claim
that names a route (mediator) is helped only by studies that name the same route, and a claim shown
in the tissues in scope only by studies in scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..contract.tables import rows

LEVELS = ("very_low", "low", "moderate", "high")
CEILING = {"human": 4, "animal": 3, "cell": 3, "computational": 1, "secondary": 2}
REPLICATED = 3
STATEMENT = ["subject", "perturbation", "predicate", "object", "aspect"]
OPPOSITE = {"increased": "decreased", "decreased": "increased"}

STEPS = {
    "reported_only": (-1, "known only through a review"),
    "single_study": (-1, "a single study"),
    "out_of_scope": (-1, "measured outside the tissues in scope"),
    "contradicted": (-1, "contradicted"),
    "hedged": (-1, "hedged by every source"),
    "causal_test": (+1, "causal test in a study that was read"),
    "replicated": (+1, f"{REPLICATED} or more independent studies agree"),
    "dose_response": (+1, "dose response"),
}


@dataclass(frozen=True)
class Certainty:
    """The grade of one claim and how it came about."""

    level: str
    start: int
    design: str
    steps: tuple[str, ...]
    n_studies: int

    def explain(self) -> str:
        """The inputs in a sentence: where the rule started and what moved it."""
        if not self.design:
            return "no supporting study that stands"
        moves = "; ".join(f"{STEPS[s][1]} ({STEPS[s][0]:+d})" for s in self.steps)
        start = f"starts at {LEVELS[self.start - 1].replace('_', ' ')} ({self.design})"
        return f"{start}; {moves}" if moves else start


def grade(claims: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Grade every claim.

    claims: claim_id, subject, perturbation, predicate, object, aspect, mediator, direction,
    certainty_override, override_reason. evidence: one row per evidence row, joined to its claim
    (direction, mediator and the statement's columns), with study (one id per independent study),
    support, basis, level, start, design_label, primary, in_scope, hedged, causal_test (list),
    retracted. Returns a frame indexed by claim_id: certainty, certainty_reason, n_studies,
    contested.
    """
    # Plain tuples: a book has hundreds of claims, and a pandas query for each takes seconds.
    by_claim: dict[str, list[Any]] = {}
    by_statement: dict[tuple[str, ...], list[Any]] = {}
    for row in rows(evidence):
        if not row.retracted:
            by_claim.setdefault(row.claim_id, []).append(row)
            by_statement.setdefault(_statement(row), []).append(row)
    grades = {}
    for claim in rows(claims):
        result = _grade_one(
            claim, by_claim.get(claim.claim_id, []), by_statement.get(_statement(claim), [])
        )
        level, reason = result.level, result.explain()
        if claim.certainty_override:
            level = claim.certainty_override
            reason = f"set by the editors: {claim.override_reason}; the rule gives {reason}"
        grades[claim.claim_id] = (level, reason, result.n_studies, "contradicted" in result.steps)
    columns = ["certainty", "certainty_reason", "n_studies", "contested"]
    return pd.DataFrame.from_dict(grades, orient="index", columns=columns)


def _statement(row: Any) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in STATEMENT)


def _grade_one(claim: Any, own: list[Any], same: list[Any]) -> Certainty:
    """Grade one claim from its own rows and from all rows of the book on the same statement."""
    direction = claim.direction
    supporting = [row for row in own if row.support == "supports"]
    in_scope = any(row.in_scope for row in supporting)
    agreeing = [
        row
        for row in same
        if row.direction == direction
        and row.support == "supports"
        and row.in_scope == in_scope
        and claim.mediator in ("", row.mediator)
    ]
    n_studies = len({row.study for row in agreeing if row.primary})
    contradicted = any(
        row.support != "supports"
        if row.direction == direction
        else row.support == "supports" and row.direction == OPPOSITE.get(direction)
        for row in same
    )
    if not supporting:
        return Certainty("very_low", 1, "", ("contradicted",) if contradicted else (), n_studies)
    best = max(supporting, key=lambda row: row.start)
    read = [row for row in supporting if row.basis != "reported"]
    tests = {test for row in read for test in row.causal_test}
    applies = {
        "reported_only": not read,
        "single_study": best.primary and n_studies < 2,
        "out_of_scope": best.primary and not in_scope,
        "contradicted": contradicted,
        "hedged": all(row.hedged for row in supporting),
        "causal_test": bool(tests - {"dose_response"}),
        "replicated": n_studies >= REPLICATED,
        "dose_response": "dose_response" in tests,
    }
    steps = tuple(name for name, holds in applies.items() if holds)
    score = max(1, min(best.start + sum(STEPS[name][0] for name in steps), CEILING[best.level]))
    return Certainty(LEVELS[score - 1], best.start, best.design_label, steps, n_studies)
