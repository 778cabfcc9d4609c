"""Examples that a command has written for a contributor to replace: nothing is merged before they are.

They do not stop a build, so that a new chapter can be looked at while it grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..contract.problems import Problem

if TYPE_CHECKING:
    from .project import Project

#: What a text starts with that somebody is to replace.
WORD = "REPLACE"
_WHAT = "an example that is still to be replaced."
_PROSE = re.compile(rf"^[#>* \t-]*{WORD}\b.*$", re.MULTILINE)


def problems(project: Project) -> Iterator[Problem]:
    """Cells and paragraphs that start with `WORD`; such cells are marked in their rows."""
    for resource in project.package.resources:
        for row in project.rows(resource.name):
            for column, value in row.items():
                if value.startswith(WORD) and row.sound(column):
                    row.bad.add(column)
                    described = next(
                        (f.description for f in resource.fields if f.name == column), ""
                    )
                    fix = f"Write your own: {described}" if described else "Write your own."
                    yield Problem(row.file, row.line, column, value, _WHAT, fix, draft=True)
    for page in project.pages:
        for leaf in page.captions:
            if leaf.value.startswith(WORD):
                yield Problem(
                    page.file,
                    leaf.line,
                    "",
                    leaf.value,
                    _WHAT,
                    "Write your own caption.",
                    draft=True,
                )
        for match in _PROSE.finditer(page.prose):
            line = page.prose.count("\n", 0, match.start()) + 1
            yield Problem(
                page.file,
                line,
                "",
                match[0].strip(),
                _WHAT,
                "Write your own paragraph, or delete it.",
                draft=True,
            )
