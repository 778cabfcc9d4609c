"""The signed graph of claims and its layers."""

import pandas as pd
import pytest

from livingreview.derive.network import chain_direction, chain_steps, links, node_label
from livingreview.display.layering import layers


def claims(*rows: tuple) -> pd.DataFrame:
    columns = [
        "claim_id",
        "subject",
        "perturbation",
        "mediator",
        "object",
        "direction",
        "contested",
    ]
    return pd.DataFrame([(f"c{i}", *row) for i, row in enumerate(rows)], columns=columns).assign(
        removes=False
    )


def evidence(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(*row, False)[:4] for row in rows], columns=["claim_id", "basis", "finding", "retracted"]
    )
    return frame.astype({"retracted": bool})


def test_a_mediated_claim_becomes_two_links():
    made = links(claims(("a", "", "m", "b", "increased", False)), evidence())
    assert {(k.source, k.target, k.direction) for k in made} == {
        ("m", "b", "not_stated"),
        ("a", "m", "not_stated"),
    }


def test_lowering_what_lowers_raises():
    made = links(
        claims(("a", "", "", "m", "decreased", False), ("a", "", "m", "b", "increased", False)),
        evidence(),
    )
    assert {(k.source, k.target, k.direction) for k in made} == {
        ("a", "m", "decreased"),
        ("m", "b", "decreased"),
    }


def test_a_retracted_paper_does_not_outrank_the_report():
    made = links(
        claims(("a", "", "", "b", "increased", False)),
        evidence(("c0", "abstract_read", "decreased", True)),
    )
    assert (made[0].direction, made[0].read) == ("increased", False)


def test_the_paper_s_finding_is_drawn_where_it_was_read():
    made = links(
        claims(("a", "", "", "b", "increased", True)),
        evidence(("c0", "reported", "increased"), ("c0", "abstract_read", "decreased")),
    )
    (link,) = made
    assert (link.direction, link.contested, link.read) == ("decreased", True, True)


def test_a_lost_gene_is_a_node_of_its_own():
    made = links(
        claims(("a", "loss", "", "b", "decreased", False), ("a", "", "", "b", "increased", False)),
        evidence(),
    )
    assert {k.source for k in made} == {"a", "a|loss"}


def test_layers_run_left_to_right_even_through_a_loop():
    rows = layers([("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "e"), ("a", "e")], "a")
    at = {node: number for number, row in enumerate(rows) for node in row}
    assert at["a"] == 0 and at["a"] < at["b"] < at["c"] and at["d"] < at["e"]
    assert ("a", "e", 1) in at  # the long edge passes through the middle layer


def test_breaking_down_more_of_it_leaves_less():
    (link,) = links(claims(("a", "", "", "b", "increased", False)).assign(removes=True), evidence())
    assert link.direction == "decreased"


@pytest.mark.parametrize(
    ("steps", "direction"),
    [
        ([("", "increased", False), ("", "decreased", False)], "decreased"),
        ([("", "decreased", False), ("", "decreased", False)], "increased"),
        (
            [("", "decreased", False), ("loss", "increased", False)],
            "increased",
        ),  # less of what, when lost, raises: it rises
        (
            [("loss", "increased", False), ("", "increased", False)],
            "increased",
        ),  # the chain starts with the loss
        (
            [("", "increased", True), ("", "decreased", False)],
            "increased",
        ),  # more degradation of what lowers
        ([("", "increased", False), ("", "not_stated", False)], "not_stated"),
    ],
)
def test_the_sign_of_a_chain_is_the_product_of_its_steps(steps, direction):
    frame = pd.DataFrame(steps, columns=["perturbation", "direction", "removes"])
    assert chain_direction(chain_steps(frame)) == direction


def test_a_step_without_a_sign_has_none_where_more_of_it_means_less():
    steps = claims(("a", "", "", "b", "no_change", False)).assign(removes=True)
    assert chain_steps(steps) == ["no_change"]


def test_a_subject_is_named_with_what_happened_to_it():
    assert node_label("ABC2", "loss") == "loss of ABC2"
    assert node_label("ABC2", "gain") == "gain of ABC2"
    assert node_label("ABC2", "") == "ABC2"
