"""The glossary: every name of the data is in it, each term once."""

from __future__ import annotations

from ..model import Project, Row
from .rule import Problems, whole


@whole()
def terms_are_unique(project: Project) -> Problems:
    """Links to the glossary do not tell capitals from small letters."""
    first: dict[str, Row] = {}
    for row in project.rows("glossary"):
        if not row.sound("term"):
            continue
        other = first.setdefault(row["term"].lower(), row)
        if other is not row:
            what = f"differs only in capitals from '{other['term']}' in line {other.line}."
            yield row.problem("term", what, "Keep one of the two.")


@whole("glossary")
def every_entity_is_in_the_glossary(project: Project) -> Problems:
    """A reader finds every name of the data in the glossary, in both languages."""
    if not all(row.sound("entity") for row in project.rows("glossary")):
        return
    explained = project.values("glossary", "entity")
    for row in project.rows("entities"):
        if row.sound("entity") and row["entity"] not in explained:
            what = "data/glossary.csv does not explain this entity."
            columns = f"term, Chinese term, definition, entity {row['entity']}"
            yield row.problem("entity", what, f"Add a row to it: {columns}.")
