"""The contract's checks: everything that a contributor can get wrong, said at once and in their words.

`check` reads the project as text files only; it needs no Sphinx and runs no chapter. Four layers, each trusting
the one before: bytes (`files`), tables (`rows`, `cells`, `schema`), meaning (`rules`) and the pages (`toc`, `myst`,
`chapters`); the bibliography stands beside them. `drafts` finds examples still to be replaced, `form` comes last.
What one layer finds broken, the next leaves alone, so that one mistake gives one problem.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ..contract.problems import Problem
from . import bibliography, chapters, contract, drafts, form, project, rules, schema

__all__ = ["check", "report"]


def check(root: Path) -> list[Problem]:
    """Every problem of the project in the folder `root`, sorted by file and line; an empty list where all is well."""
    root = Path(root)
    package, problems = contract.read(root)
    if package is None:
        return sorted(problems)
    review, found = project.read(root, package)
    problems += found
    problems += drafts.problems(review)
    problems += schema.problems(review)
    problems += bibliography.problems(review)
    problems += rules.problems(review)
    problems += chapters.problems(review)
    problems += form.problems(root, package, problems)
    return sorted(set(problems))


def report(problems: list[Problem]) -> str:
    """`problems` as text for a terminal: one line each, then how many in which files."""
    if not problems:
        return "No problems found."
    files = Counter(problem.file for problem in problems)
    counts = [f"  {count:4d}  {file}" for file, count in sorted(files.items())]
    many = "problem" if len(problems) == 1 else "problems"
    return "\n".join([*map(str, problems), "", f"{len(problems)} {many}:", *counts])
