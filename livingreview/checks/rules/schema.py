"""Tables against the contract: cells, keys, keys that lead to others. Faults are marked in rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from ...contract.package import ForeignKey, Resource
from ...contract.problems import Problem, nearest
from ..model import REFERENCES, Project, Row, items
from .cells import Fault, faults
from .rule import Problems, whole


@whole()
def cells_fit_their_fields(project: Project) -> Problems:
    """Every cell has the type and the form that the contract gives its column."""
    for resource in project.package.resources:
        for row in project.rows(resource.name):
            for field in resource.fields:
                if row.sound(field.name):
                    for fault in faults(field, row[field.name]):
                        row.bad.add(field.name)
                        yield row.problem(field.name, *fault)


@whole()
def keys_are_unique(project: Project) -> Problems:
    """A primary key stands once in its table, and so does a value of a unique column."""
    for resource in project.package.resources:
        single = [(field.name,) for field in resource.fields if field.unique]
        for columns in dict.fromkeys([resource.primary_key, *single]):
            yield from _duplicates(project.rows(resource.name), columns)


def _duplicates(rows: list[Row], columns: tuple[str, ...]) -> Problems:
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if not all(key) or not row.sound(*columns):
            continue
        if key in first:
            row.bad.update(columns)
            what = f"already used in {first[key].file}:{first[key].line}."
            fix = "Give this row a value of its own, or delete it if it says the same."
            yield row.problem(columns[-1], what, fix, value=", ".join(key))
        first.setdefault(key, row)


@whole()
def keys_lead_somewhere(project: Project) -> Problems:
    """The values of a foreign key are there, in the table or the bibliography to which it leads."""
    for resource in project.package.resources:
        for key in resource.foreign_keys:
            if project.complete(
                key.resource
            ):  # else the value may stand in a row that was not read
                yield from _foreign(project, resource, key)


def _foreign(project: Project, resource: Resource, key: ForeignKey) -> Problems:
    target = Target(project, resource, key)
    for row in project.rows(resource.name):
        if not row.sound(key.field):
            continue
        for value in items(row[key.field], target.field):
            if fault := target.fault(value):
                row.bad.add(key.field)
                yield row.problem(key.field, *fault, value=value)


class Target:
    """Where a foreign key leads.

    field: the column from which it starts. where: the file that holds its values. valid: the values
    that it may take.
    """

    def __init__(self, project: Project, resource: Resource, key: ForeignKey) -> None:
        self.field = resource.field(key.field)
        self.where = _where(project, key)
        self._key = key
        to_references = key.resource == REFERENCES
        rows = {} if to_references else project.values(key.resource, key.reference)
        known: Collection[str] = project.citekeys if to_references else rows
        self.valid = [value for value in (*key.also_allowed, *known) if value]
        self._valid = set(self.valid)
        self._aliases = _aliases(rows.values())
        self._closest = cache(lambda value: nearest(value, self.valid))

    def fault(self, value: str) -> Fault | None:
        """What is wrong with `value`, or None where it leads to a row."""
        if value in self._valid:
            return None
        reference = self._key.reference
        what = f"{self.where} has no {reference} '{value}'."
        alias = self._aliases.get(value.lower())
        if alias is not None:
            meant = alias[reference]
            what += f" Did you mean {meant} ({alias['label']})?"
            return Fault(what, self._fix(value), meant)
        return Fault(what, self._fix(value), self._closest(value))

    def _fix(self, value: str) -> str:
        if self.field.type == "list" and any(mark in value for mark in ",，；、|"):
            return f"Separate the items of a list by '{self.field.delimiter} '."
        others = "".join(f", or write {allowed}" for allowed in self._key.also_allowed)
        return f"Correct it, or add it to {self.where}{others}."


def _aliases(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by their other names, in lower case: the label and the synonyms."""
    found: dict[str, Row] = {}
    for row in rows:
        for name in (row["label"], *row["synonyms"].split(";")):
            found.setdefault(name.strip().lower(), row)
    found.pop("", None)
    return found


def _where(project: Project, key: ForeignKey) -> str:
    if key.resource == REFERENCES:
        return "references.bib"
    return f"data/{project.package[key.resource].path}"


@whole()
def values_have_their_words(project: Project) -> Problems:
    """A vocabulary of values that the contract lists has a row for each of them."""
    for resource in project.package.resources:
        key = resource.field(resource.primary_key[0])
        rows = project.rows(resource.name)
        sound = project.complete(resource.name) and all(row.sound(key.name) for row in rows)
        given = {row[key.name] for row in rows}
        for value in key.enum if sound else ():  # else a row at fault may be the one
            if value not in given:
                what = "no row says what this value is called."
                yield Problem(f"data/{resource.path}", 0, key.name, value, what, "Add its row.")


@whole("mechanisms")
def files_are_named_after_mechanisms(project: Project) -> Problems:
    """So are the files of a table kept one file per mechanism."""
    known = project.values("mechanisms", "mechanism")
    for resource in project.package.resources:
        if not resource.is_folder:
            continue
        for path in sorted((project.root / "data" / resource.path).glob("*.csv")):
            if path.stem not in known:
                file = path.relative_to(project.root).as_posix()
                what = "the file is named after no mechanism."
                fix = "Rename it, or add the mechanism to data/mechanisms.csv."
                yield Problem(file, 0, "", path.stem, what, fix, nearest(path.stem, known))
