"""Tables against the contract: cells, keys, and keys that lead to other tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..contract.package import Field, ForeignKey, Resource
from ..contract.problems import Problem, nearest
from . import contract
from .cells import Fault, faults
from .project import Project, items
from .rows import Row


def problems(project: Project) -> Iterator[Problem]:
    """What the contract's schemas say about the tables; cells at fault are marked in their rows."""
    for resource in project.package.resources:
        for row in project.rows(resource.name):
            yield from _cells(row, resource)
        for columns in _unique_columns(resource):
            yield from _duplicates(project.rows(resource.name), columns)
    for resource in project.package.resources:
        for key in resource.foreign_keys:
            yield from _foreign(project, resource, key)
    yield from _folder_files(project)


def _cells(row: Row, resource: Resource) -> Iterator[Problem]:
    for field in resource.fields:
        if not row.sound(field.name):
            continue
        for fault in faults(field, row[field.name]):
            row.bad.add(field.name)
            yield row.problem(field.name, *fault)


def _unique_columns(resource: Resource) -> list[tuple[str, ...]]:
    single = [(field.name,) for field in resource.fields if field.unique]
    return list(dict.fromkeys([resource.primary_key, *single]))


def _duplicates(rows: list[Row], columns: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if not all(key) or not row.sound(*columns):
            continue
        if key in first:
            row.bad.update(columns)
            place = f"{first[key].file}:{first[key].line}"
            yield row.problem(
                columns[-1],
                f"already used in {place}.",
                "Give this row a value of its own, or delete it if it says the same.",
                value=", ".join(key),
            )
        first.setdefault(key, row)


def _foreign(project: Project, resource: Resource, key: ForeignKey) -> Iterator[Problem]:
    if not project.complete(key.resource):
        return  # the value may stand in a row that could not be read
    target = Target(project, resource, key)
    for row in project.rows(resource.name):
        if not row.sound(key.field):
            continue
        for value in items(row[key.field], target.field):
            if fault := target.fault(value):
                row.bad.add(key.field)
                yield row.problem(key.field, *fault, value=value)


class Target:
    """Where a foreign key leads. valid: the values that it may take; where: the file that holds them; field: the column it starts from."""

    def __init__(self, project: Project, resource: Resource, key: ForeignKey) -> None:
        self.field = resource.field(key.field)
        self.where = _where(project, key)
        self._project, self._key = project, key
        self._known = project.values(key.resource, key.reference)
        self.valid = [value for value in (*key.also_allowed, *self._known) if value]
        self._valid = set(self.valid)
        self._aliases = _aliases(self._known)
        self._closest = lru_cache(maxsize=None)(lambda value: nearest(value, self.valid))

    def fault(self, value: str) -> Fault | None:
        """What is wrong with `value`, or None where it leads to a row."""
        if value in self._valid:
            return None
        alias = self._aliases.get(value.lower())
        what = f"{self.where} has no {self._key.reference} '{value}'."
        if alias is not None:
            what += f" Did you mean {alias[self._key.reference]} ({alias['label']})?"
        close = alias[self._key.reference] if alias is not None else self._closest(value)
        return Fault(what, _fix(self._project, self._key, self.field, value), close)


def _aliases(known: dict[str, Row | None]) -> dict[str, Row]:
    """Rows by their other names, in lower case: the label and the synonyms."""
    found: dict[str, Row] = {}
    for row in filter(None, known.values()):
        for name in (row["label"], *row["synonyms"].split(";")):
            found.setdefault(name.strip().lower(), row)
    found.pop("", None)
    return found


def _where(project: Project, key: ForeignKey) -> str:
    if key.resource == contract.BIBLIOGRAPHY:
        return "references.bib"
    return f"data/{project.package[key.resource].path}"


def _fix(project: Project, key: ForeignKey, field: Field, value: str) -> str:
    if field.type == "list" and any(mark in value for mark in ",，；、|"):
        return f"Separate the items of a list by '{field.delimiter} '."
    return f"Correct it, or add it to {_where(project, key)}{_or(key.also_allowed)}."


def _or(values: Iterable[str]) -> str:
    return "".join(f", or write {value}" for value in values)


def _folder_files(project: Project) -> Iterator[Problem]:
    """Files of a table kept one file per mechanism are named after mechanisms."""
    if not project.complete("mechanisms"):
        return
    known = project.values("mechanisms", "mechanism")
    for resource in project.package.resources:
        if not resource.is_folder:
            continue
        for path in sorted((project.root / "data" / resource.path).glob("*.csv")):
            if path.stem not in known:
                file = path.relative_to(project.root).as_posix()
                yield Problem(
                    file,
                    0,
                    "",
                    path.stem,
                    "the file is named after no mechanism.",
                    "Rename it, or add the mechanism to data/mechanisms.csv.",
                    nearest(path.stem, known),
                )
