"""A living review in memory: the tables, and what is derived from them, kept.

What a page may show are the parts of a review, each under a name (`Review.part`). A page is made
from the parts that it asks for alone, so the digests of these say whether it must be made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from .contract import bibliography, tables
from .contract.package import Package
from .contract.problems import nearest
from .derive import across, chapter, claims, counts, evidence, glossary, neighbours

CONTRACT = Path("data") / "datapackage.json"
#: Parts that are derived as a whole, by the name of the property that keeps them.
DERIVED = (
    "evidence",
    "claims",
    "mechanisms",
    "convergence",
    "meeting_points",
    "bridges",
    "counts",
    "sizes",
    "coverage",
    "glossary_names",
)


def find_root(start: Path | None = None) -> Path:
    """The project folder: the nearest folder at or above `start` (default: here) that holds
    data/datapackage.json.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONTRACT).is_file():
            return folder
    raise FileNotFoundError(
        f"No {CONTRACT.as_posix()} in {here} or above it: run this inside the project folder."
    )


def input_files(root: Path) -> list[Path]:
    """Every file that the review is read from, in name order."""
    return sorted([*(root / "data").rglob("*.csv"), root / CONTRACT, root / "references.bib"])


def load(root: Path | None = None) -> Review:
    """The review of the project at or above `root`; read anew only when a file has changed."""
    root = find_root(root)
    stamps = tuple(
        (p.as_posix(), p.stat().st_mtime_ns, p.stat().st_size)
        for p in input_files(root)
        if p.is_file()
    )
    return _load(root, stamps)


@lru_cache(maxsize=2)
def _load(root: Path, stamps: tuple[tuple[str, int, int], ...]) -> Review:
    package = Package.read(root / CONTRACT)
    frames = tables.read_all(package, root / "data")
    return Review(
        root, package, frames, bibliography.as_frame(bibliography.read(root / "references.bib"))
    )


@dataclass(frozen=True, eq=False)
class Review:
    """All tables of the project (`frames`, by resource name) and its bibliography, with what
    follows from them.
    """

    root: Path
    package: Package
    frames: dict[str, pd.DataFrame]
    references: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """One table, typed, without the columns that only locate rows in files; ``references`` is
        the bibliography.
        """
        if name == "references":
            return self.references.copy(deep=False)
        return self.frames[name].drop(columns=["_file", "_line"])

    @cached_property
    def tables(self) -> tables.Tables:
        """All tables, as `table` gives them, for the derivations."""
        return {name: self.table(name) for name in [*self.frames, "references"]}

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """`derive.evidence.joined`"""
        return evidence.joined(self.tables)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """`derive.claims.graded`"""
        return claims.graded(self.tables, self.evidence)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of every entity by id."""
        return tables.by_key(self.tables["entities"], "entity", "label")

    @cached_property
    def mechanisms(self) -> pd.DataFrame:
        """`derive.counts.by_mechanism`"""
        return counts.by_mechanism(self.tables, self.claims, self.evidence)

    @cached_property
    def convergence(self) -> pd.DataFrame:
        """`derive.across.convergence`"""
        return across.convergence(self.evidence)

    @cached_property
    def meeting_points(self) -> pd.DataFrame:
        """`derive.across.meeting_points`"""
        return across.meeting_points(self.evidence, self.tables["entities"])

    @cached_property
    def bridges(self) -> pd.DataFrame:
        """`derive.across.bridges`"""
        return across.bridges(self.tables, self.claims, self.evidence)

    @cached_property
    def counts(self) -> dict[str, int]:
        """`derive.counts.whole`"""
        return counts.whole(self.tables, self.claims, self.evidence)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """`derive.counts.coverage`"""
        return counts.coverage(self.tables)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """The tables of the contract: path, title, description, rows."""
        found = [
            (r.path, r.title, r.description, len(self.frames[r.name]))
            for r in self.package.resources
        ]
        return pd.DataFrame(found, columns=["path", "title", "description", "rows"])

    @cached_property
    def entries(self) -> list[glossary.Entry]:
        """`derive.glossary.entries`"""
        return glossary.entries(self.tables, self.claims, self.evidence)

    @cached_property
    def glossary_names(self) -> list[dict[str, Any]]:
        """`derive.glossary.names`"""
        return glossary.names(self.entries)

    @cached_property
    def _named(self) -> dict[str, set[str]]:
        return neighbours.named(self.claims)

    def slice(self, mechanism: str) -> dict[str, pd.DataFrame]:
        """`derive.chapter.sliced`. Raises KeyError, with the nearest name, for a mechanism that is
        not in mechanisms.csv.
        """
        known = self.tables["mechanisms"]["mechanism"]
        if mechanism not in set(known):
            close = nearest(mechanism, known)
            hint = f"; did you mean '{close}'?" if close else ""
            raise KeyError(f"no mechanism '{mechanism}' in data/mechanisms.csv{hint}")
        return chapter.sliced(
            mechanism, self.tables, self.claims, self.evidence, self.mechanisms, self._named
        )

    def part(self, name: str) -> Any:
        """What a page asks for by name.

        ``chapter:<mechanism>`` (`slice`), ``table:<name>`` (`table`), ``glossary:<page>``
        (`derive.glossary.page_of`), or one of `DERIVED`. Raises KeyError for any other name. What
        is handed out is the page's own to change.
        """
        kind, _, rest = name.partition(":")
        if kind == "chapter":
            return self.slice(rest)
        if kind == "table":
            return self.table(rest)
        if kind == "glossary":
            return glossary.page_of(self.entries, rest, self.tables)
        if name not in DERIVED:
            raise KeyError(f"a review has no part '{name}'")
        found = getattr(self, name)
        return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found

    def digest(self, name: str) -> str:
        """Digest of a `part`: the same as long as nothing in it has changed."""
        found = self.part(name)
        if isinstance(found, pd.DataFrame):
            found = {name: found}
        content = hashlib.sha256()
        if isinstance(found, Mapping) and any(isinstance(v, pd.DataFrame) for v in found.values()):
            for key, frame in sorted(found.items()):
                content.update(f"{key}\n{frame.to_csv(index=False)}".encode())
        else:
            content.update(json.dumps(found).encode())
        return content.hexdigest()
