"""The published rule of certainty, step by step."""

import pandas as pd
import pytest

from livingreview.derive.certainty import STATEMENT, grade

CLAIM = {
    "claim_id": "c1",
    "subject": "a",
    "perturbation": "",
    "predicate": "affects",
    "object": "b",
    "aspect": "expression",
    "mediator": "",
    "direction": "increased",
    "certainty_override": "",
    "override_reason": "",
}
ROW = {
    "claim_id": "c1",
    "study": "s1",
    "support": "supports",
    "basis": "abstract_read",
    "level": "animal",
    "start": 3,
    "design_label": "animal experiment",
    "primary": True,
    "in_scope": True,
    "hedged": False,
    "causal_test": [],
    "retracted": False,
}


def graded(*rows: dict, claims: tuple[dict, ...] = ({},)) -> pd.DataFrame:
    """Grade claims; each row is ROW with changes, joined to its claim."""
    table = [{**CLAIM, **changes} for changes in claims]
    joined = []
    for changes in rows:
        row = {**ROW, **changes}
        claim = next(c for c in table if c["claim_id"] == row["claim_id"])
        joined.append(row | {name: claim[name] for name in [*STATEMENT, "direction", "mediator"]})
    return grade(pd.DataFrame(table), pd.DataFrame(joined))


@pytest.mark.parametrize(
    ("rows", "level", "word"),
    [
        ([{}], "low", "single study"),
        ([{}, {"study": "s2"}], "moderate", "animal experiment"),
        ([{"basis": "reported"}], "very_low", "only through a review"),
        ([{"in_scope": False}, {"study": "s2", "in_scope": False}], "low", "outside"),
        ([{"hedged": True}, {"study": "s2", "hedged": True}], "low", "hedged"),
        ([{}, {"study": "s2", "support": "no_effect"}], "very_low", "contradicted"),
        ([{"causal_test": ["knockout"]}], "moderate", "causal test"),
        ([{"causal_test": ["knockout"], "basis": "reported"}], "very_low", "only through a review"),
        (
            [
                {
                    "level": "cell",
                    "start": 2,
                    "causal_test": ["blocker", "dose_response"],
                    "study": s,
                }
                for s in "abc"
            ],
            "moderate",
            "independent",
        ),
        ([{"level": "human", "start": 4, "study": s} for s in "ab"], "high", ""),
        ([{"retracted": True}], "very_low", "no supporting study"),
    ],
)
def test_a_claim_moves_as_the_rule_says(rows, level, word):
    found = graded(*rows).loc["c1"]
    assert found["certainty"] == level
    assert word in found["certainty_reason"]


def test_two_rows_of_one_study_are_no_replication():
    assert graded({}, {}).loc["c1", "n_studies"] == 1


def test_studies_on_the_same_statement_count_wherever_they_stand():
    elsewhere = {"claim_id": "c2"}
    found = graded({}, {"claim_id": "c2", "study": "s2"}, claims=({}, elsewhere))
    assert found.loc["c1", "n_studies"] == 2


def test_an_opposite_claim_elsewhere_contradicts_both():
    found = graded(
        {},
        {"claim_id": "c2", "study": "s2"},
        claims=({}, {"claim_id": "c2", "direction": "decreased"}),
    )
    assert found["contested"].all()


def test_losing_a_gene_does_not_contradict_what_the_gene_does():
    found = graded(
        {},
        {"claim_id": "c2", "study": "s2"},
        claims=({}, {"claim_id": "c2", "direction": "decreased", "perturbation": "loss"}),
    )
    assert not found["contested"].any()


def test_an_override_keeps_the_rule_s_own_answer_in_view():
    found = graded(
        {}, claims=({"certainty_override": "very_low", "override_reason": "n of two"},)
    ).loc["c1"]
    assert found["certainty"] == "very_low"
    assert "n of two" in found["certainty_reason"] and "single study" in found["certainty_reason"]


def test_a_route_is_not_helped_by_studies_that_name_another():
    found = graded(
        {},
        {"claim_id": "c2", "study": "s2"},
        claims=({"mediator": "m"}, {"claim_id": "c2", "mediator": ""}),
    )
    assert found.loc["c1", "n_studies"] == 1  # the route rests on one study
    assert found.loc["c2", "n_studies"] == 2  # the bare effect on both


def test_cells_out_of_scope_do_not_replicate_a_claim_in_scope():
    found = graded(
        {}, {"claim_id": "c2", "study": "s2", "in_scope": False}, claims=({}, {"claim_id": "c2"})
    )
    assert found.loc["c1", "n_studies"] == 1
