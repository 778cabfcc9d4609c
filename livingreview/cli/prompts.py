"""Asking for what is missing: at a terminal by prompts, elsewhere by one message that names every
flag to give.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from ..checks.model import Project, items
from ..checks.read.references import FILE
from ..checks.rules.cells import Fault, faults
from ..checks.rules.schema import Target
from ..contract.package import Field, Resource
from ..contract.problems import UserError, nearest

_MOST_SHOWN = 20  # valid values in a prompt
_MOST_LISTED = 80  # the same where no other name leads to them


def flag(column: str) -> str:
    """The flag of a column: ``--study-design``."""
    return "--" + column.replace("_", "-")


def add_flags(
    parser: argparse.ArgumentParser, resource: Resource, without: Sequence[str] = ()
) -> None:
    """Add a flag for every column of a table, described as in the contract."""
    group = parser.add_argument_group(f"columns of data/{resource.path}")
    for field in resource.fields:
        if field.name not in without:
            values = f" One of: {', '.join(field.enum)}." if field.enum else ""
            described = (field.description + values).replace("%", "%%")
            group.add_argument(
                flag(field.name),
                dest=f"{resource.name}.{field.name}",
                metavar="TEXT",
                help=described,
            )


def given(options: argparse.Namespace, resource: Resource) -> dict[str, str]:
    """What flags say of the columns of a table."""
    found = {
        field.name: getattr(options, f"{resource.name}.{field.name}", None)
        for field in resource.fields
    }
    return {name: value.strip() for name, value in found.items() if value is not None}


class Prompter:
    """Fills rows. interactive: whether somebody is there to answer; without, all that is missing or
    wrong is said at once.
    """

    def __init__(self, project: Project, options: argparse.Namespace) -> None:
        self.project = project
        self.interactive = sys.stdin.isatty() and not getattr(options, "no_input", False)
        self.wrong: list[str] = []
        self._answered: list[str] = []

    def cell(
        self,
        resource: Resource,
        name: str,
        value: str | None,
        default: str = "",
        *,
        needed: bool = False,
        ask: bool = True,
    ) -> str:
        """A valid value for a column: `value`, else what the prompt brings, else the default.

        needed: whether it must be filled though the contract alone would not ask for it. ask:
        whether to prompt where it is missing.
        """
        field = resource.field(name)
        required = field.required or needed
        default = default or standard(resource, field)
        targets = [
            Target(self.project, resource, key)
            for key in resource.foreign_keys
            if key.field == name
        ]
        if value is None and self.interactive and (ask or (required and not default)):
            return self._prompt(field, targets, default, required)
        value = default if value is None else value
        if not value and required:
            missing = (
                "is missing" if field.required else "is missing, and needed here"
            )  # the contract may speak of it as empty
            what = f"{field.description or name} {_valid(field, targets)}"
            self.wrong.append(f"{flag(name)} {missing}: {what}".rstrip())
        found = list(_faults(field, targets, value)) if value else []
        if (
            found and self.interactive
        ):  # a flag that is wrong is asked for, lest the answers that follow are lost
            print(f"\n{flag(name)} '{value}': {found[0].what}")
            return self._prompt(field, targets, found[0].close or default, required)
        for fault in found:
            near = f" Nearest valid value: '{fault.close}'." if fault.close else ""
            self.wrong.append(f"{flag(name)} '{value}': {fault.what}{near} Fix: {fault.fix}")
        return value

    def line(
        self, name: str, what: str, value: str | None, default: str = "", *, required: bool = True
    ) -> str:
        """A text that belongs to no column."""
        if value is not None and value.strip():
            return value.strip()
        if self.interactive:
            while True:
                answer = self._input(f"{what}{f' [{default}]' if default else ''}: ") or default
                if answer or not required:
                    return self._noted(name, answer)
        if required and not default:
            self.wrong.append(f"{flag(name)} is missing: {what}")
        return default

    def choice(
        self, name: str, what: str, value: str | None, valid: Sequence[str], fix: str
    ) -> str:
        """One of `valid`, which the contract does not list; fix: what else one may do where it is
        not among them.
        """
        close = nearest(value, valid) if value else ""
        if value not in valid and self.interactive:
            print(f"\n{name}: {what}" if not value else f"There is no {name} '{value}'. {fix}")
            if len(valid) <= _MOST_LISTED:
                print(f"  One of: {'; '.join(valid)}.")
            while value not in valid:
                value = self._input(f"{name}{f' [{close}]' if close else ''}: ") or close
                if value not in valid:
                    print(
                        f"  There is no {name} '{value}'. {fix}"
                        if value
                        else "  A value is needed here."
                    )
                    close = nearest(value, valid)
        elif not value:
            self.wrong.append(f"{name} is missing: {what}")
        elif value not in valid:
            near = f" Nearest valid value: '{close}'." if close else ""
            self.wrong.append(f"There is no {name} '{value}'.{near} Fix: {fix}")
        return value or ""

    def done(self) -> None:
        """Raise `UserError` with all that is missing or wrong."""
        if self.wrong:
            raise UserError(*self.wrong, "Nothing was written.")

    def _input(self, prompt: str) -> str:
        """An answer. Whoever stops here is told what to give next time: no answer is lost."""
        try:
            return input(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            kept = ""
            if self._answered:
                kept = "\nTo go on later, add to the command what was answered:\n  "
                kept += " ".join(self._answered)
            raise UserError(f"\nStopped; nothing was written.{kept}") from None

    def _noted(self, name: str, value: str) -> str:
        if value:
            self._answered.append(f"{flag(name)} {shlex.quote(value)}")
        return value

    def _prompt(self, field: Field, targets: list[Target], default: str, required: bool) -> str:
        print(f"\n{field.name}: {field.description}")
        if valid := _valid(field, targets):
            print(f"  {valid}")
        hint = f" [{default}]" if default else "" if required else " [empty]"
        while True:
            value = self._input(f"{field.name}{hint}: ") or default
            if not value and required:
                print("  A value is needed here.")
                continue
            found = list(_faults(field, targets, value)) if value else []
            if not found:
                return self._noted(field.name, value)
            for fault in found:
                print(f"  {fault.what} {fault.fix}")
            if found[0].close:
                default, hint = found[0].close, f" [{found[0].close}]"


def standard(resource: Resource, field: Field) -> str:
    """What a column holds where nothing else is known: false, not_stated, unknown, editors."""
    if field.type == "boolean" and field.required:
        return "false"
    allowed = [
        *field.enum,
        *(
            value
            for key in resource.foreign_keys
            if key.field == field.name
            for value in key.also_allowed
        ),
    ]
    return next((value for value in ("not_stated", "unknown", "editors") if value in allowed), "")


def _faults(field: Field, targets: list[Target], value: str) -> list[Fault]:
    found = list(faults(field, value))
    return found or [
        fault for item in items(value, field) for target in targets if (fault := target.fault(item))
    ]


def _valid(field: Field, targets: list[Target]) -> str:
    if field.enum:
        return f"One of: {', '.join(field.enum)}."
    for target in targets:
        if len(target.valid) <= _MOST_SHOWN:
            return f"One of: {', '.join(target.valid)}."
        example = ", ".join(list(target.valid)[:3])
        if target.where == FILE:
            return (
                f"A key of {target.where}, such as {example}; "
                "add-paper writes the entry of a paper that is not there."
            )
        return f"An id of {target.where}, such as {example}; its usual name finds it."
    return ""
