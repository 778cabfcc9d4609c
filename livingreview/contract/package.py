"""The data contract: `data/datapackage.json`, read into plain objects.

The file is a Data Package (https://datapackage.org) with Table Schemas. Two things go beyond the
standard: a resource path that ends in ``/`` holds one CSV file per mechanism, all of the same
schema, and a foreign key may list ``alsoAllowed`` values that stand for no row. The pseudo-resource
``references`` is `references.bib`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Field:
    """One column: its type (string, integer, number, boolean, date, list) and its constraints."""

    name: str
    type: str = "string"
    description: str = ""
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    delimiter: str = ";"


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values (or list items) are ids of another resource."""

    field: str
    resource: str
    reference: str
    also_allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """One table: where it is, its columns in order, its keys."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def is_folder(self) -> bool:
        """True where the table is a folder of CSV files, one per mechanism."""
        return self.path.endswith("/")

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True)
class Package:
    """The whole contract."""

    title: str
    version: str
    resources: tuple[Resource, ...]

    def __getitem__(self, name: str) -> Resource:
        return next(resource for resource in self.resources if resource.name == name)

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read `datapackage.json` at `path`."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            raw["title"], raw["version"], tuple(_resource(item) for item in raw["resources"])
        )


def _resource(raw: dict[str, Any]) -> Resource:
    schema = raw["schema"]
    key = schema["primaryKey"]
    return Resource(
        name=raw["name"],
        path=raw["path"],
        title=raw["title"],
        description=raw["description"],
        fields=tuple(_field(item) for item in schema["fields"]),
        primary_key=(key,) if isinstance(key, str) else tuple(key),
        foreign_keys=tuple(
            ForeignKey(
                item["fields"],
                item["reference"]["resource"],
                item["reference"]["fields"],
                tuple(item.get("alsoAllowed", ())),
            )
            for item in schema.get("foreignKeys", ())
        ),
    )


def _field(raw: dict[str, Any]) -> Field:
    constraints = raw.get("constraints", {})
    return Field(
        name=raw["name"],
        type=raw["type"],
        description=raw["description"],
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        enum=tuple(constraints.get("enum", ())),
        pattern=constraints.get("pattern", ""),
        delimiter=raw.get("delimiter", ";"),
    )
