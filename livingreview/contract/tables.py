"""Reading the tables: CSV files into pandas frames, first as text, then typed.

Every frame carries two columns more than its schema, so that a message can point at the place:
``_file`` (path below the project folder) and ``_line`` (1-based; a cell may not hold a line break,
so rows are lines). Tables kept one file per mechanism carry ``mechanism`` (the file's name) as
well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .package import Package, Resource

FOLDER_KEY = "mechanism"

#: All tables of a review, by resource name, typed; ``references`` is the bibliography
#: (`bibliography.as_frame`).
Tables = Mapping[str, pd.DataFrame]


def files_of(resource: Resource, data_dir: Path) -> list[Path]:
    """The CSV files of a resource, in name order; those that do not exist are left out."""
    path = data_dir / resource.path
    if resource.is_folder:
        return sorted(path.glob("*.csv"))
    return [path] if path.is_file() else []


def read_text(resource: Resource, data_dir: Path) -> pd.DataFrame:
    """Read a resource with every cell as text (empty cells are empty strings).

    Returns a frame with the schema's columns, ``_file``, ``_line`` and, for a folder,
    ``mechanism``. Raises ValueError (pandas' own are such, too) for a file whose rows do not fit
    its header; the checks say it better.
    """
    root = data_dir.parent
    frames = []
    for path in files_of(resource, data_dir):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        fits = isinstance(frame.index, pd.RangeIndex) and not frame.isna().any(axis=None)
        if not fits:  # pandas would shift or fill the cells
            name = path.relative_to(root).as_posix()
            raise ValueError(f"{name} has rows that do not fit its header; `make check` names them")
        frame["_file"] = path.relative_to(root).as_posix()
        frame["_line"] = range(2, len(frame) + 2)
        if resource.is_folder:
            frame[FOLDER_KEY] = path.stem
        frames.append(frame)
    if frames:
        return pd.concat(frames, ignore_index=True)
    extra = ["_file", "_line"] + ([FOLDER_KEY] if resource.is_folder else [])
    return pd.DataFrame(columns=resource.columns + extra, dtype=str)


def split_list(cell: str, delimiter: str = ";") -> list[str]:
    """The items of a list cell: ``"a; b"`` gives ``["a", "b"]``, an empty cell gives ``[]``."""
    return [item.strip() for item in cell.split(delimiter) if item.strip()]


def typed(frame: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    """Turn the text of `read_text` into the schema's types.

    integer becomes nullable Int64, number float64, boolean bool, list a Python list; string and
    date stay text.
    """
    frame = frame.copy()
    for field in resource.fields:
        column = frame[field.name]
        if field.type == "integer":
            frame[field.name] = pd.to_numeric(column.replace("", None)).astype("Int64")
        elif field.type == "number":
            frame[field.name] = pd.to_numeric(column.replace("", None)).astype("float64")
        elif field.type == "boolean":
            frame[field.name] = column == "true"
        elif field.type == "list":
            frame[field.name] = [split_list(cell, field.delimiter) for cell in column]
    return frame


def read_all(package: Package, data_dir: Path) -> dict[str, pd.DataFrame]:
    """All tables of the contract, typed, by resource name."""
    return {r.name: typed(read_text(r, data_dir), r) for r in package.resources}


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame as named tuples, without the index; a type checker cannot know what their
    fields hold.
    """
    return iter(frame.itertuples(index=False))


def by_key(frame: pd.DataFrame, key: str, value: str) -> dict[str, Any]:
    """The column `value` by the column `key`, such as labels by entity; the last of equal keys."""
    return dict(zip(frame[key], frame[value], strict=True))
