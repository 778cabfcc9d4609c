"""Entities: identifiers that are what they seem, names that mean one thing, no row without use."""

from __future__ import annotations

from ...contract.problems import nearest
from ...contract.tables import split_list
from ..model import Project, Row
from .rule import Problems, each, whole

IDENTIFIER = ("curie", "curie_label", "match")
_NEW_TERM = "If it is a new term, add it to the vocabulary with tools/cut_vocab.py."


@each("entities", *IDENTIFIER)
def curie_is_complete(row: Row, project: Project) -> Problems:
    """An identifier, its label and how it fits are given together."""
    given = [column for column in IDENTIFIER if row[column]]
    for column in IDENTIFIER:
        if given and column not in given:
            fix = "Give curie, curie_label and match, or none of them."
            yield row.problem(column, f"{given[0]} is given without it.", fix)


@each("entities", "curie", "curie_label")
def curie_and_label_agree(row: Row, project: Project) -> Problems:
    """Identifier and label are those of one current term in vocab/terms.csv."""
    curie, label = row["curie"], row["curie_label"]
    if not (curie and label and project.complete("terms")):
        return
    term = project.values("terms", "curie").get(curie)
    by_label = {term["label"]: term for term in project.rows("terms")}
    of_label = by_label.get(label)
    if term is None:
        close = of_label or by_label.get(nearest(label, by_label))
        what = "data/vocab/terms.csv has no such identifier."
        if close is not None:
            what += f" '{close['label']}' is {close['curie']}."
        fix = f"Look the identifier up by its label. {_NEW_TERM}"
        yield row.problem("curie", what, fix, close["curie"] if close else "")
    elif term["label"] != label:
        meant = f"; '{label}' is {of_label['curie']}" if of_label else ""
        what = f"{curie} is '{term['label']}'{meant}."
        fix = "Correct the identifier or the label, whichever is not meant."
        yield row.problem("curie_label", what, fix, term["label"])
    elif term["status"] == "obsolete":
        terms = project.rows("terms")
        current = {t["label"]: t["curie"] for t in terms if t["status"] == "current"}
        fix = f"Use a current one. {_NEW_TERM}"
        close_curie = current.get(nearest(row["label"], current), "")
        yield row.problem("curie", "the term is obsolete.", fix, close_curie)


@each("entities", "curie", "category")
def prefix_fits_category(row: Row, project: Project) -> Problems:
    """Each category takes identifiers of certain sources only."""
    category = project.find("categories", row["category"])
    if not row["curie"] or category is None or not category.sound("prefixes"):
        return
    allowed = split_list(category["prefixes"])
    prefix = row["curie"].partition(":")[0]
    if allowed and prefix not in allowed:
        what = f"an entity of category {row['category']} cannot carry a {prefix} identifier."
        fix = f"Use one of {', '.join(allowed)}, or correct the category."
        yield row.problem("curie", what, fix, nearest(prefix, allowed))


@whole()
def identifiers_and_labels_are_unique(project: Project) -> Problems:
    """Two rows with one exact identifier or one label are one entity."""
    first: dict[tuple[str, str], Row] = {}
    for row in project.rows("entities"):
        if not row.sound("entity"):
            continue
        for column in ("curie", "label"):
            if not row[column] or not row.sound(column):
                continue
            if column == "curie" and (row["match"] != "exact" or not row.sound("match")):
                continue
            other = first.setdefault((column, row[column]), row)
            if other is not row:
                what = f"'{other['entity']}' in line {other.line} has the same {column}."
                differs = "; if it differs, match is not exact" if column == "curie" else ""
                fix = f"Use '{other['entity']}' and delete this row{differs}."
                yield row.problem(column, what, fix, other["entity"])
                break


@whole()
def every_entity_is_used(project: Project) -> Problems:
    """The list of entities holds nothing that the review does not speak of."""
    if not project.complete(*project.users("entities")):
        return
    used = project.uses("entities", beside=("glossary",))
    for row in project.rows("entities"):
        if row.sound("entity") and row["entity"] not in used:
            yield row.problem("entity", "no row uses this entity.", "Delete the row, or use it.")


@whole("categories")
def entities_fit_their_columns(project: Project) -> Problems:
    """Each kind of entity stands in columns that take it (``fits`` in vocab/categories.csv)."""
    categories = project.rows("categories")
    if not all(category.sound("category", "fits") for category in categories):
        return
    kinds_of: dict[str, list[str]] = {}
    for category in categories:
        for place in split_list(category["fits"]):
            kinds_of.setdefault(place, []).append(category["category"])
    for place, fitting in kinds_of.items():
        table, _, column = place.partition(".")
        allowed = [e["entity"] for e in project.rows("entities") if e["category"] in fitting]
        for row in project.rows(table):
            entity = project.find("entities", row[column])
            if entity is None or not row.sound(column) or not entity.sound("category"):
                continue
            if entity["category"] not in fitting:
                kinds = " or ".join(fitting)
                what = (
                    f"{column} takes an entity of category {kinds}; this is a {entity['category']}."
                )
                fix = "Use a fitting entity, or leave it out."
                yield row.problem(column, what, fix, nearest(row[column], allowed))
