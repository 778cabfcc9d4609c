"""Asking for what is missing: at a terminal by prompts, elsewhere by one message that names every flag to give."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..checks.cells import Fault, faults
from ..checks.project import Project, items
from ..checks.schema import Target
from ..package import Field, Resource
from . import Mistake

_MOST_SHOWN = 20  # valid values in a prompt


def flag(column: str) -> str:
    """The flag of a column: ``--study-design``."""
    return "--" + column.replace("_", "-")


def add_flags(parser: argparse.ArgumentParser, resource: Resource, without: Sequence[str] = ()) -> None:
    """Add a flag for every column of a table, described as in the contract."""
    group = parser.add_argument_group(f"columns of data/{resource.path}")
    for field in resource.fields:
        if field.name not in without:
            values = f" One of: {', '.join(field.enum)}." if field.enum else ""
            described = (field.description + values).replace("%", "%%")
            group.add_argument(flag(field.name), dest=f"{resource.name}.{field.name}", metavar="TEXT", help=described)


def given(options: argparse.Namespace, resource: Resource) -> dict[str, str]:
    """What flags say of the columns of a table."""
    found = {field.name: getattr(options, f"{resource.name}.{field.name}", None) for field in resource.fields}
    return {name: value.strip() for name, value in found.items() if value is not None}


class Asker:
    """Fills rows. interactive: whether somebody is there to answer; without, all that is missing or wrong is said at once."""

    def __init__(self, project: Project, options: argparse.Namespace) -> None:
        self.project = project
        self.interactive = sys.stdin.isatty() and not getattr(options, "no_input", False)
        self.wrong: list[str] = []

    def cell(self, resource: Resource, name: str, value: str | None, default: str = "", *, needed: bool = False, ask: bool = True) -> str:
        """A valid value for a column: `value`, else what the prompt brings, else the default.

        needed: whether it must be filled though the contract alone would not ask for it. ask: whether to prompt where it is missing.
        """
        field = resource.field(name)
        required = field.required or needed
        default = default or standard(resource, field)
        targets = [Target(self.project, resource, key) for key in resource.foreign_keys if key.field == name]
        if value is None and self.interactive and (ask or (required and not default)):
            return self._prompt(field, targets, default, required)
        value = default if value is None else value
        if not value and required:
            self.wrong.append(f"{flag(name)} is missing: {field.description or name} {_valid(field, targets)}".rstrip())
        for fault in _faults(field, targets, value) if value else ():
            near = f" Nearest valid value: '{fault.close}'." if fault.close else ""
            self.wrong.append(f"{flag(name)} '{value}': {fault.what}{near} Fix: {fault.fix}")
        return value

    def line(self, name: str, what: str, value: str | None, default: str = "", *, required: bool = True) -> str:
        """A text that belongs to no column."""
        if value is not None and value.strip():
            return value.strip()
        if self.interactive:
            while True:
                answer = input(f"{what}{f' [{default}]' if default else ''}: ").strip() or default
                if answer or not required:
                    return answer
        if required and not default:
            self.wrong.append(f"{flag(name)} is missing: {what}")
        return default

    def done(self) -> None:
        """Raise `Mistake` with all that is missing or wrong."""
        if self.wrong:
            raise Mistake(*self.wrong, "Nothing was written.")

    def _prompt(self, field: Field, targets: list[Target], default: str, required: bool) -> str:
        print(f"\n{field.name}: {field.description}")
        if valid := _valid(field, targets):
            print(f"  {valid}")
        hint = f" [{default}]" if default else "" if required else " [empty]"
        while True:
            value = input(f"{field.name}{hint}: ").strip() or default
            if not value and required:
                print("  A value is needed here.")
                continue
            found = list(_faults(field, targets, value)) if value else []
            if not found:
                return value
            for fault in found:
                print(f"  {fault.what} {fault.fix}")
            if found[0].close:
                default, hint = found[0].close, f" [{found[0].close}]"


def standard(resource: Resource, field: Field) -> str:
    """What a column holds where nothing else is known: false, not_stated, unknown, editors."""
    if field.type == "boolean" and field.required:
        return "false"
    allowed = [*field.enum, *(value for key in resource.foreign_keys if key.field == field.name for value in key.also_allowed)]
    return next((value for value in ("not_stated", "unknown", "editors") if value in allowed), "")


def _faults(field: Field, targets: list[Target], value: str) -> list[Fault]:
    found = list(faults(field, value))
    return found or [fault for item in items(value, field) for target in targets if (fault := target.fault(item))]


def _valid(field: Field, targets: list[Target]) -> str:
    if field.enum:
        return f"One of: {', '.join(field.enum)}."
    for target in targets:
        if len(target.valid) <= _MOST_SHOWN:
            return f"One of: {', '.join(target.valid)}."
        return f"An id of {target.where}, such as {', '.join(target.valid[:3])}; its usual name finds it."
    return ""
