"""Exports for people who re-use the data."""

from __future__ import annotations

import os
from pathlib import Path

from ..review import load


def write(root: Path) -> list[tuple[Path, int]]:
    """Write ``_build/exports/evidence.csv``, one row per evidence row joined to its claim (`review.EXPORT_COLUMNS`).

    Booleans are true or false, empty cells mean that nothing is stated. Returns the files with their numbers of rows.
    """
    frame = load(root).export()
    for column in frame.select_dtypes("bool").columns:
        frame[column] = frame[column].map({True: "true", False: "false"})
    path = root / "_build" / "exports" / "evidence.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    frame.to_csv(unfinished, index=False, encoding="utf-8", lineterminator="\n")
    os.replace(unfinished, path)
    return [(path, len(frame))]
