"""What the front page takes from data and files."""

import re

import pytest
from toy import review

from livingreview.display import front

CFF = """
title: "Coffee and sleep: a review"
version: 1.4.0
date-released: 2026-02-03
authors:
  - name: The coffee editors
  - family-names: Bohne
    given-names: Mokka
"""


def test_the_atlas_has_every_mechanism_with_its_claims_and_connections():
    made = review()
    text = front.atlas(made.mechanisms, made.table("connections")).text
    assert (
        re.findall(r"\]\(/chapters/([\w-]+)\.md\)", text) == made.mechanisms["mechanism"].tolist()
    )
    near = dict(re.findall(r'data-mechanism="([\w-]+)" data-near="([^"]*)"', text))
    assert near == {"adenosine-blockade": "body-clock", "body-clock": "adenosine-blockade"}
    for row in made.mechanisms.itertuples():
        claims = made.claims[made.claims["mechanism"] == row.mechanism]
        assert f"{len(claims)}\u00a0claim" in text
        assert row.n_very_low == (claims["certainty"] == "very_low").sum()


def test_the_newest_entry_of_a_changelog(tmp_path):
    file = tmp_path / "CHANGELOG.md"
    file.write_text(
        "# Changes\n\n## 1.1.0 (2026-02-03)\n\n- One\n  goes on\n- Two\n- Three\n\n## 1.0.0"
        " (2026-01-01)\n\n- Old\n",
        encoding="utf-8",
    )
    text = front.newest(file, 2).text.replace("\\", "")
    assert "1.1.0" in text and "2026-02-03" in text and "- One\n  goes on\n- Two" in text
    assert "Three" not in text and "Old" not in text
    file.write_text("# Changes\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"CHANGELOG\.md has no entry"):
        front.newest(file, 2)


def test_the_citation_comes_from_its_file(tmp_path):
    file = tmp_path / "CITATION.cff"
    file.write_text(CFF, encoding="utf-8")
    text = front.citation(tmp_path).text
    assert text.replace("\\", "").startswith(
        "[The coffee editors, Mokka Bohne. Coffee and sleep: a review. Version 1.4.0, 3 February"
        " 2026.]{"
    )
    assert "author = {{The coffee editors} and {Bohne}, Mokka}" in text and "year = {2026}" in text
    file.write_text(CFF + "doi: 10.5555/coffee\n", encoding="utf-8")
    assert "doi = {10.5555/coffee}" in front.citation(tmp_path).text
