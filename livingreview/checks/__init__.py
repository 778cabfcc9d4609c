"""The checks: everything that a contributor can get wrong, said at once and in their words.

`check` reads the project as text files only; it needs no Sphinx and runs no chapter. `read` takes
files apart into the objects of `model`, `rules` say what is wrong with them, in layers that trust
the ones before: bytes and what the formats ask for (`read`), tables against the contract
(`rules.schema`), meaning (all other rules), form (`rules.form`). What one layer finds broken, the
next leaves alone, so that one mistake gives one problem.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ..contract.problems import Problem
from . import rules
from .read import contract, read
from .rules import form

__all__ = ["check", "report"]


def check(root: Path) -> list[Problem]:
    """Every problem of the project in the folder `root`, by file and line; none: all is well."""
    root = Path(root)
    package, problems = contract.read(root)
    if package is None:
        return sorted(problems)
    project, found = read(root, package)
    problems += found
    problems += rules.problems(project)
    problems += form.problems(project, problems)
    return sorted(set(problems))


def report(problems: list[Problem]) -> str:
    """`problems` as text for a terminal: one line each, then how many in which files."""
    if not problems:
        return "No problems found."
    files = Counter(problem.file for problem in problems)
    counts = [f"  {count:4d}  {file}" for file, count in sorted(files.items())]
    many = "problem" if len(problems) == 1 else "problems"
    return "\n".join([*map(str, problems), "", f"{len(problems)} {many}:", *counts])
