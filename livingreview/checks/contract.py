"""The contract itself: is `data/datapackage.json` there, and does it make sense?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..contract.package import Package
from ..contract.problems import Problem, nearest
from . import files

FILE = "data/datapackage.json"
BIBLIOGRAPHY = "references"  # the one resource that is no table
TYPES = ("string", "integer", "number", "boolean", "date", "list")
RESTORE = (
    "Restore the file from the main branch; contributions of rows and chapters never change it."
)


def read(root: Path) -> tuple[Package | None, list[Problem]]:
    """The contract of the project in `root`, or None where it cannot be used, and what is wrong with it."""
    text = files.read(root / FILE, root)
    if text.lines is None:
        return None, text.problems
    try:
        package = Package.read(root / FILE)
    except json.JSONDecodeError as error:
        return None, [*text.problems, _problem(error.lineno, "", f"this is not JSON: {error.msg}.")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [
            *text.problems,
            _problem(0, str(error), "a part of the contract is missing or of the wrong kind."),
        ]
    faults = list(_faults(package))
    return (None if faults else package), text.problems + faults


def _problem(line: int, value: str, what: str, close: str = "") -> Problem:
    return Problem(FILE, line, "", value, what, RESTORE, close)


def _faults(package: Package) -> Iterator[Problem]:
    try:
        columns = {resource.name: resource.columns for resource in package.resources}
        for resource in package.resources:
            yield from _faults_of(resource, columns)
    except (TypeError, AttributeError) as error:  # a number or a list where a word belongs
        yield _problem(0, str(error), "a part of the contract is of the wrong kind.")


def _faults_of(resource, columns: dict[str, list[str]]) -> Iterator[Problem]:
    if not resource.path.strip("/") or ".." in resource.path:
        yield _problem(0, resource.path, f"table {resource.name} has no usable path.")
    for key in resource.primary_key:
        if key not in columns[resource.name]:
            yield _problem(
                0,
                key,
                f"the key of {resource.name} is not one of its columns.",
                nearest(key, columns[resource.name]),
            )
    for field in resource.fields:
        if field.type not in TYPES:
            yield _problem(
                0,
                field.type,
                f"{resource.name}.{field.name} has an unknown type.",
                nearest(field.type, TYPES),
            )
        if not field.delimiter:
            yield _problem(0, field.name, f"{resource.name}.{field.name} has an empty delimiter.")
        try:
            re.compile(field.pattern)
        except re.error as error:
            yield _problem(
                0,
                field.pattern,
                f"{resource.name}.{field.name} has a pattern that is none: {error}.",
            )
    for key in resource.foreign_keys:
        if key.field not in columns[resource.name]:
            yield _problem(
                0, key.field, f"a foreign key of {resource.name} starts from an unknown column."
            )
        if key.resource != BIBLIOGRAPHY and key.reference not in columns.get(key.resource, ()):
            yield _problem(
                0,
                f"{key.resource}.{key.reference}",
                f"a foreign key of {resource.name} leads nowhere.",
            )
