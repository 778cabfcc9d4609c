"""The book's own data: in order, complete for the review that it restates, and exported whole."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from livingreview.checks import check, report
from livingreview.exports.evidence import COLUMNS, write
from livingreview.review import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def review():
    return load(ROOT)


def test_the_check_finds_nothing():
    problems = check(ROOT)
    assert not problems, report(problems)


def test_every_section_of_every_review_and_every_number_it_prints_is_used(review):
    unprinted = (
        review.table("citations")
        .query("status == 'not_printed'")
        .groupby("source")["reference_number"]
        .agg(set)
    )
    for source in review.table("sources").itertuples():
        covered = review.coverage[review.coverage["source"] == source.source]
        assert list(covered["section"]) == source.sections
        assert (covered["evidence"] > 0).all(), source.source
        printed = set(range(1, source.n_references + 1)) - unprinted.get(source.source, set())
        assert set().union(*covered["numbers"]) == printed, source.source


def test_all_numbered_references_of_all_reviews_stand_in_the_table(review):
    counted = review.table("citations").groupby("source").size()
    for source in review.table("sources").itertuples():
        assert counted.get(source.source, 0) == source.n_references


def test_a_retracted_paper_supports_nothing(review):
    retracted = set(review.references.loc[review.references["retracted"] != "", "citekey"])
    assert retracted
    only = (
        review.evidence.groupby("claim_id")["citekey"]
        .agg(set)
        .loc[lambda keys: [k <= retracted for k in keys]]
    )
    assert len(only)
    grades = review.claims.set_index("claim_id")["certainty"]
    assert set(grades[only.index]) == {"very_low"}


def test_no_prediction_carries_a_direction(review):
    predicted = review.evidence[review.evidence["study_design"] == "in_silico"]
    assert len(predicted)
    assert set(predicted["direction"]) <= {"not_applicable", "not_stated"}


def test_export_holds_every_row_once(review, tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "references.bib").symlink_to(ROOT / "references.bib")
    ((path, rows),) = write(tmp_path)
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert list(table[0]) == COLUMNS
    assert len(table) == rows == len(review.frames["evidence"])
    assert len({row["evidence_id"] for row in table}) == rows
    assert {row["retracted"] for row in table} == {"true", "false"}
    notch = next(
        row
        for row in table
        if row["citekey"] == "zhu2023notch"
        and row["support"] == "refutes"
        and row["object_id"] == "notch-pathway"
    )
    assert notch["doi"] == "10.1016/j.aanat.2023.152156" and notch["basis"] == "abstract_read"


def test_mass_and_molar_doses_stand_on_one_scale(review):
    rows = review.evidence[
        (review.evidence["dose_unit"] == "μg/mL")
        & (review.evidence["intervention"] == "isopsoralen")
    ]
    assert len(rows) and set(rows["dose_norm_unit"]) == {"µmol/L"}
    assert rows["dose_values"].iloc[0][0] == pytest.approx(10 * 1000 / 186.166, rel=1e-4)


def test_the_two_scales_of_one_study_are_kept_apart(review):
    ming = review.evidence[
        (review.evidence["citekey"] == "ming2011osteoblast") & review.evidence["dose"].ne("")
    ]
    highest = ming.groupby("basis")["dose_values"].agg(lambda lists: max(max(v) for v in lists))
    assert highest["reported"] >= 1000 * highest["abstract_read"]
    assert isinstance(ming, pd.DataFrame)
