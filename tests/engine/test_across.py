"""What the reviews have in common, computed from the toy review."""

from toy import review


def test_a_statement_of_two_reviews_converges_and_one_of_a_single_review_does_not():
    said = review().convergence
    assert set(said["object"]) == {"sleep-latency"}
    assert dict(zip(said["source"], said["direction"], strict=True)) == {
        "mokka": ["increased"],
        "siesta": ["increased"],
    }


def test_a_bridge_is_as_certain_as_its_weakest_step():
    (bridge,) = review().bridges.itertuples()
    grades = review().claims.set_index("claim_id").loc[bridge.claims, "certainty"]
    assert bridge.certainty in set(grades) and bridge.certainty == "very_low"
    assert (bridge.direction, bridge.sources) == ("increased", ["mokka", "siesta"])


def test_neighbours_are_those_that_share_entities_with_the_editors_words():
    (row,) = review().slice("body-clock")["related"].itertuples()
    assert (row.mechanism, row.same_source) == ("adenosine-blockade", True)
    assert "caffeine" in row.shared and row.words.startswith("Caffeine that moves")


def test_coverage_counts_what_stands_in_each_section():
    rows = review().coverage.set_index(["source", "section"])
    assert rows.at[("mokka", "2.2"), "numbers"] == [2, 3, 4]
    assert tuple(rows.loc[("mokka", "3"), ["evidence", "other"]]) == (0, 1)
