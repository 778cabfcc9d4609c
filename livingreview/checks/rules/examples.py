"""Examples that a command has written for a contributor to replace before anything is merged.

They do not stop a build, so that a new chapter can be looked at while it grows. Their cells are
marked in their rows, so that no other rule speaks of them.
"""

from __future__ import annotations

import re

from ...contract.problems import Problem
from ..model import Project, SourcePage
from .rule import Problems, each_page, whole

#: What a text starts with that somebody is to replace.
WORD = "REPLACE"
_WHAT = "an example that is still to be replaced."
_PROSE = re.compile(rf"[#>* \t-]*{WORD}\b")


@whole()
def no_example_is_left_in_a_table(project: Project) -> Problems:
    """No cell starts with `WORD`."""
    for resource in project.package.resources:
        described = {field.name: field.description for field in resource.fields}
        for row in project.rows(resource.name):
            for column, value in row.items():
                if value.startswith(WORD) and row.sound(column):
                    row.bad.add(column)
                    fix = (
                        f"Write your own: {described[column]}"
                        if described.get(column)
                        else "Write your own."
                    )
                    yield Problem(row.file, row.line, column, value, _WHAT, fix, draft=True)


@each_page()
def no_example_is_left_on_a_page(page: SourcePage, project: Project) -> Problems:
    """No caption and no line of the text does."""
    for caption in page.captions:
        if caption.value.startswith(WORD):
            fix = "Write your own caption."
            yield Problem(page.file, caption.line, "", caption.value, _WHAT, fix, draft=True)
    for line in page.prose:
        if _PROSE.match(line.value):
            fix = "Write your own paragraph, or delete it."
            yield Problem(page.file, line.line, "", line.value.strip(), _WHAT, fix, draft=True)
