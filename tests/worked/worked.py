"""The worked review, derived, and the values that were worked out by hand for it.

The one module here that imports the engine: where a module of the engine moves, this file and
`planted.toml` follow.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from livingreview.changes.compare import compare
from livingreview.checks import check
from livingreview.contract import bibliography, tables
from livingreview.contract.package import Package
from livingreview.derive import doses, network, search_names
from livingreview.derive.relations import relations
from livingreview.display.book import Book
from livingreview.display.chapter import Chapter
from livingreview.exports import evidence as export
from livingreview.review import Review

__all__ = ["check", "compare", "doses", "network", "relations"]

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "data" / "datapackage.json"
Edit = Sequence[str]


def expected(name: str) -> list[dict[str, str]]:
    """The rows of a table of expected values."""
    with (HERE / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file in which the review is changed before something is derived from it."""
    return tomllib.loads((HERE / "expected" / f"{name}.toml").read_text(encoding="utf-8"))["case"]


def review(edits: Iterable[Edit] = ()) -> Review:
    """The worked review; each edit is (table, key, column, value) or, to drop a row, (table, key).

    A key of several columns is written with a blank between them. The table `references` is the
    bibliography.
    """
    return _review(tuple(tuple(edit) for edit in edits))


@cache
def _read() -> tuple[Package, dict[str, pd.DataFrame]]:
    package = Package.read(CONTRACT)
    frames = {r.name: tables.read_text(r, HERE / "data") for r in package.resources}
    frames["references"] = bibliography.as_frame(bibliography.read(HERE / "references.bib"))
    return package, frames


@cache
def _review(edits: tuple[tuple[str, ...], ...]) -> Review:
    package, read = _read()
    frames = {name: frame.copy() for name, frame in read.items()}
    for table, key, *cell in edits:
        frame = frames[table]
        columns = ["citekey"] if table == "references" else list(package[table].primary_key)
        here = frame[columns].agg(" ".join, axis=1) == key
        assert here.sum() == 1, f"{table} has {here.sum()} rows {key!r}"
        if cell:
            column, value = cell
            assert (frame.loc[here, column] != value).all(), f"{key} has this {column}"
            frame.loc[here, column] = value
        else:
            frames[table] = frame[~here].reset_index(drop=True)
    typed = {r.name: tables.typed(frames[r.name], r) for r in package.resources}
    return Review(HERE, package, typed, frames["references"])


@cache
def chapter(mechanism: str) -> Chapter:
    """The chapter of a mechanism of the worked review."""
    return Chapter(review().slice(mechanism))


def book() -> Book:
    """The pages about the whole of the worked review."""
    return Book(review().part, HERE)


@cache
def exported() -> pd.DataFrame:
    """The evidence of the worked review as one table."""
    whole = review()
    return export.table(whole.evidence, whole.claims, whole.mechanisms, whole.labels)


def names() -> dict[str, list[str]]:
    """The names that each entity is searched by."""
    return search_names.of_entities(review().tables)


def places_to_read(without: str = "", edits: Iterable[Edit] = ()) -> dict[str, str]:
    """The chapter to read about each entity, in a book without one of its chapters."""
    tables = review(edits).tables
    order = [name for name in tables["mechanisms"]["mechanism"] if name != without]
    return search_names.chapters_of_entities(tables, order)


def listed(cell: str) -> list[str]:
    """The items of a cell of expected values."""
    return [item.strip() for item in cell.split(";") if item.strip()]


def yes(value: object) -> str:
    """A truth as the tables of expected values write it."""
    return "yes" if value else "no"


def text(value: object) -> str:
    """A value as the tables of expected values write it."""
    return "" if pd.isna(value) else str(value)
