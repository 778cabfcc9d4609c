"""The evidence as one table, one row for each piece of evidence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..contract.formatting import write_atomic
from ..review import load

COLUMNS = [
    "evidence_id",
    "claim_id",
    "mechanism",
    "chapter",
    "review",
    "section",
    "reference_number",
    "citekey",
    "doi",
    "basis",
    "support",
    "subject",
    "subject_id",
    "predicate",
    "object",
    "object_id",
    "direction",
    "study_design",
    "species",
    "system",
    "dose",
    "dose_unit",
    "duration",
    "hedged",
    "certainty",
    "retracted",
]


def write(root: Path) -> list[tuple[Path, int]]:
    """Write ``_build/exports/evidence.csv``, one row per evidence row joined to its claim
    (`COLUMNS`).

    Booleans are true or false, empty cells mean that nothing is stated. Returns the files with
    their numbers of rows.
    """
    review = load(root)
    frame = table(review.evidence, review.claims, review.mechanisms, review.labels)
    for column in frame.select_dtypes("bool").columns:
        frame[column] = frame[column].map({True: "true", False: "false"})
    path = root / "_build" / "exports" / "evidence.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, frame.to_csv(index=False, lineterminator="\n"))
    return [(path, len(frame))]


def table(
    evidence: pd.DataFrame, claims: pd.DataFrame, mechanisms: pd.DataFrame, labels: dict[str, str]
) -> pd.DataFrame:
    """Every evidence row joined to its claim, with `COLUMNS`.

    evidence, claims: `derive.evidence.joined`, `derive.claims.graded`. mechanisms: mechanism,
    label. labels: of entities, by id.
    """
    rows = evidence.merge(claims[["claim_id", "certainty"]], on="claim_id")
    rows = rows.assign(
        chapter=rows["mechanism"].map(mechanisms.set_index("mechanism")["label"]),
        review=rows["reported_by"],
        subject_id=rows["subject"],
        object_id=rows["object"],
        subject=rows["subject"].map(labels),
        object=rows["object"].map(labels),
    )
    return rows[COLUMNS]
