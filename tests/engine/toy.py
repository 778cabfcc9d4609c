"""The toy review, read and derived."""

from __future__ import annotations

from pathlib import Path

from livingreview.contract import bibliography, tables
from livingreview.contract.package import Package
from livingreview.review import Review

TOY = Path(__file__).resolve().parents[1] / "toy"
CONTRACT = TOY.parents[1] / "data" / "datapackage.json"


def review(**cells: tuple[str, str, object]) -> Review:
    """The toy review; ``claims=(id, column, value)`` changes a cell of a table."""
    package = Package.read(CONTRACT)
    frames = tables.read_all(package, TOY / "data")
    for table, (key, column, value) in cells.items():
        frame = frames[table]
        frame.loc[frame[package[table].primary_key[0]] == key, column] = value
    return Review(
        TOY, package, frames, bibliography.as_frame(bibliography.read(TOY / "references.bib"))
    )
