"""The contract itself: is `data/datapackage.json` there, and does it make sense?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ...contract.package import Package, Resource
from ...contract.problems import Problem, nearest
from ..model import REFERENCES
from . import text

FILE = "data/datapackage.json"
TYPES = ("string", "integer", "number", "boolean", "date", "list")
_RESTORE = (
    "Restore the file from the main branch; contributions of rows and chapters never change it."
)
_WRONG_KIND = "a part of the contract is of the wrong kind."


def read(root: Path) -> tuple[Package | None, list[Problem]]:
    """The contract, or None where it cannot be used, and what is wrong with it."""
    found = text.read(root / FILE, root)
    if found.lines is None:
        return None, found.problems
    try:
        package = Package.read(root / FILE)
    except json.JSONDecodeError as error:
        fault = _problem("", f"this is not JSON: {error.msg}.", line=error.lineno)
        return None, [*found.problems, fault]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        fault = _problem(str(error), "a part of the contract is missing or of the wrong kind.")
        return None, [*found.problems, fault]
    faults = list(_faults(package))
    return (None if faults else package), found.problems + faults


def _problem(value: str, what: str, close: str = "", line: int = 0) -> Problem:
    return Problem(FILE, line, "", value, what, _RESTORE, close)


def _faults(package: Package) -> Iterator[Problem]:
    try:
        columns = {resource.name: resource.columns for resource in package.resources}
        for resource in package.resources:
            yield from _faults_of_table(resource, columns[resource.name])
            yield from _faults_of_fields(resource)
            yield from _faults_of_keys(resource, columns)
    except (TypeError, AttributeError) as error:  # a number or a list where a word belongs
        yield _problem(str(error), _WRONG_KIND)


def _faults_of_table(resource: Resource, columns: list[str]) -> Iterator[Problem]:
    name = resource.name
    if not resource.path.strip("/") or ".." in resource.path:
        yield _problem(resource.path, f"table {name} has no usable path.")
    for key in resource.primary_key:
        if key not in columns:
            what = f"the key of {name} is not one of its columns."
            yield _problem(key, what, nearest(key, columns))


def _faults_of_fields(resource: Resource) -> Iterator[Problem]:
    for field in resource.fields:
        name = f"{resource.name}.{field.name}"
        if field.type not in TYPES:
            yield _problem(field.type, f"{name} has an unknown type.", nearest(field.type, TYPES))
        if not field.delimiter:
            yield _problem(field.name, f"{name} has an empty delimiter.")
        try:
            re.compile(field.pattern)
        except re.error as error:
            yield _problem(field.pattern, f"{name} has a pattern that is none: {error}.")


def _faults_of_keys(resource: Resource, columns: dict[str, list[str]]) -> Iterator[Problem]:
    for key in resource.foreign_keys:
        if key.field not in columns[resource.name]:
            what = f"a foreign key of {resource.name} starts from an unknown column."
            yield _problem(key.field, what)
        if key.resource != REFERENCES and key.reference not in columns.get(key.resource, ()):
            what = f"a foreign key of {resource.name} leads nowhere."
            yield _problem(f"{key.resource}.{key.reference}", what)
