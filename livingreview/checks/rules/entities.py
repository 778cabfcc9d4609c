"""Entities: identifiers that are what they seem, names that mean one thing, no row without use."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.problems import Problem, nearest
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .rule import each, whole

#: Which categories of entity a column may hold.
FITTING = {
    ("evidence", "species"): ("species",),
    ("evidence", "model"): ("model",),
    ("evidence", "tissue"): ("tissue",),
    ("evidence", "system"): ("cell_type", "cell_line", "tissue"),
    ("claims", "cell"): ("cell_type", "cell_line"),
}


@each("entities", "curie", "curie_label", "match")
def curie_is_complete(row: Row, project: Project) -> Iterator[Problem]:
    """An identifier, its label and how it fits are given together."""
    columns = ("curie", "curie_label", "match")
    given = [column for column in columns if row[column]]
    if given and len(given) < len(columns):
        for column in columns:
            if not row[column]:
                yield row.problem(
                    column,
                    f"{given[0]} is given without it.",
                    "Give curie, curie_label and match, or none of them.",
                )


@each("entities", "curie", "curie_label")
def curie_and_label_agree(row: Row, project: Project) -> Iterator[Problem]:
    """Identifier and label are those of one current term in vocab/terms.csv."""
    if not (row["curie"] and row["curie_label"] and project.complete("terms")):
        return
    terms = project.values("terms", "curie")
    by_label = {term["label"]: term for term in project.rows("terms")}
    term, of_label = terms.get(row["curie"]), by_label.get(row["curie_label"])
    add = "If it is a new term, add it to the vocabulary with tools/cut_vocab.py."
    if term is None:
        close = of_label or by_label.get(nearest(row["curie_label"], by_label))
        what = "data/vocab/terms.csv has no such identifier."
        if close is not None:
            what += f" '{close['label']}' is {close['curie']}."
        yield row.problem(
            "curie",
            what,
            f"Look the identifier up by its label. {add}",
            close["curie"] if close else "",
        )
    elif term["label"] != row["curie_label"]:
        what = f"{row['curie']} is '{term['label']}'"
        what += f"; '{row['curie_label']}' is {of_label['curie']}." if of_label else "."
        close = term["label"]
        yield row.problem(
            "curie_label",
            what,
            "Correct the identifier or the label, whichever is not meant.",
            close,
        )
    elif term["status"] == "obsolete":
        current = {
            t["label"]: t["curie"] for t in project.rows("terms") if t["status"] == "current"
        }
        close = current.get(nearest(row["label"], current), "")
        yield row.problem("curie", "the term is obsolete.", f"Use a current one. {add}", close)


@each("entities", "curie", "category")
def prefix_fits_category(row: Row, project: Project) -> Iterator[Problem]:
    """Each category takes identifiers of certain sources only."""
    category = project.find("categories", row["category"])
    if not row["curie"] or category is None or not category.sound("prefixes"):
        return
    allowed = split_list(category["prefixes"])
    prefix = row["curie"].partition(":")[0]
    if allowed and prefix not in allowed:
        what = f"an entity of category {row['category']} cannot carry a {prefix} identifier."
        yield row.problem(
            "curie",
            what,
            f"Use one of {', '.join(allowed)}, or correct the category.",
            nearest(prefix, allowed),
        )


@whole()
def identifiers_and_labels_are_unique(project: Project) -> Iterator[Problem]:
    """Two rows with one exact identifier or one label are one entity."""
    first: dict[tuple[str, str], Row] = {}
    for row in project.rows("entities"):
        if not row.sound("entity"):
            continue
        same = [("label", row["label"])] if row["label"] and row.sound("label") else []
        if row["curie"] and row["match"] == "exact" and row.sound("curie", "match"):
            same.insert(0, ("curie", row["curie"]))
        for column, value in same:
            other = first.setdefault((column, value), row)
            if other is not row:
                what = f"'{other['entity']}' in line {other.line} has the same {column}."
                fix = f"Use '{other['entity']}' and delete this row" + (
                    "; if it differs, match is not exact." if column == "curie" else "."
                )
                yield row.problem(column, what, fix, other["entity"])
                break


@whole()
def every_entity_is_used(project: Project) -> Iterator[Problem]:
    """The list of entities holds nothing that the review does not speak of."""
    if not all(project.complete(table) for table in project.users("entities")):
        return
    used = project.uses("entities", beside=("glossary",))
    for row in project.rows("entities"):
        if row.sound("entity") and row["entity"] not in used:
            yield row.problem("entity", "no row uses this entity.", "Delete the row, or use it.")


@whole("glossary")
def every_entity_is_in_the_glossary(project: Project) -> Iterator[Problem]:
    """A reader finds every name of the data in the glossary, in both languages."""
    explained = {row["entity"] for row in project.rows("glossary")}
    if not all(row.sound("entity") for row in project.rows("glossary")):
        return
    for row in project.rows("entities"):
        if row.sound("entity") and row["entity"] not in explained:
            what = "data/glossary.csv does not explain this entity."
            yield row.problem(
                "entity",
                what,
                f"Add a row to it: term, Chinese term, definition, entity {row['entity']}.",
            )


@whole()
def entities_fit_their_columns(project: Project) -> Iterator[Problem]:
    """A species is a species, a cell is a cell."""
    for (table, column), fitting in FITTING.items():
        allowed = [e["entity"] for e in project.rows("entities") if e["category"] in fitting]
        for row in project.rows(table):
            entity = project.find("entities", row[column])
            if (
                entity is None
                or not row.sound(column)
                or not entity.sound("category")
                or entity["category"] in fitting
            ):
                continue
            what = f"{column} takes an entity of category {' or '.join(fitting)}; this is a {entity['category']}."
            yield row.problem(
                column,
                what,
                "Use a fitting entity, or leave it out.",
                nearest(row[column], allowed),
            )
