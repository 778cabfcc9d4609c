"""The glossary: every entity with its names, its identifier and where it stands.

An entry of the glossary is an entity with all terms that name it, or a term that names none (a word
of method). Each has one address for good: ``term-`` and the entity's id, or the term itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from ..contract.tables import Tables, by_key, rows
from .relations import Relation, relations


@dataclass(frozen=True)
class Entry:
    """What the glossary has on one entity, or on a term that names none (entity and kind are then
    "").

    terms: all names that chapters may link, the one that readers see first; anchors: their
    addresses on the `page`.
    """

    entity: str
    kind: str
    page: str
    terms: tuple[str, ...]
    anchors: tuple[str, ...]
    term_zh: str
    abbreviation: str
    synonyms: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    curie: str
    curie_label: str
    match: str
    url: str
    relations: tuple[Relation, ...]
    mechanisms: tuple[str, ...]


def entries(tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame) -> list[Entry]:
    """All entries, in alphabetical order of their first terms.

    tables: entities, glossary, categories, prefixes, mechanisms, predicates, aspects. claims,
    evidence: `claims.graded`, `evidence.joined`.
    """
    about = {row.entity: row for row in rows(tables["entities"])}
    kinds = tables["categories"].set_index("category")["label"]
    urls = tables["prefixes"].set_index("prefix")["url"]
    where, related = places(tables), relations(tables, claims, evidence)
    named = _mechanisms(tables, claims, evidence)
    made = []
    for entity, group in _groups(tables):
        known = about.get(entity)
        terms = tuple(row.term for row in group)
        hidden = {"", *terms, group[0].abbreviation}
        also = dict.fromkeys(
            [
                *((known.label, *known.synonyms) if known else ()),
                *(row.abbreviation for row in group[1:]),
            ]
        )
        made.append(
            Entry(
                entity=entity,
                kind=kinds.get(known.category, "") if known else "",
                page=where[terms[0]][0],
                terms=terms,
                anchors=tuple(where[term][1] for term in terms),
                term_zh=group[0].term_zh,
                abbreviation=group[0].abbreviation,
                synonyms=tuple(name for name in also if name not in hidden),
                definitions=tuple(
                    dict.fromkeys((row.definition, row.definition_zh) for row in group)
                ),
                curie=known.curie if known else "",
                curie_label=known.curie_label if known else "",
                match=known.match if known else "",
                url=address(known.curie, urls) if known else "",
                relations=tuple(related.get(entity, ())),
                mechanisms=tuple(named.get(entity, ())),
            )
        )
    return sorted(made, key=lambda entry: (entry.terms[0].lower(), entry.anchors))


def places(tables: Tables) -> dict[str, tuple[str, str]]:
    """Where each term is explained: (page of the glossary, address on it)."""
    pages = by_key(tables["categories"], "category", "page")
    page = {row.entity: pages.get(row.category, "") for row in rows(tables["entities"])}
    found: dict[str, tuple[str, str]] = {}
    taken = {f"term-{entity}" for entity in page}
    for entity, group in _groups(tables):
        for number, row in enumerate(group):
            anchor = f"term-{entity}"
            if number or not entity:
                anchor = _free(f"term-{slug(row.term)}", taken)
                taken.add(anchor)
            found[row.term] = (page.get(entity, ""), anchor)
    return found


def _free(anchor: str, taken: set[str]) -> str:
    """The address, with as many ``-word`` after it as it takes to be one of its own."""
    return _free(f"{anchor}-word", taken) if anchor in taken else anchor


def _groups(tables: Tables) -> list[tuple[str, list[Any]]]:
    """The rows of the glossary by entity, the one that bears the entity's label first; a term
    without entity stands alone.
    """
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows(tables["glossary"]):
        groups[row.entity, row.entity or row.term].append(row)
    labels = by_key(tables["entities"], "entity", "label")
    made = []
    for (entity, _), group in groups.items():
        label = labels.get(entity)
        first = [row for row in group if row.term == label]
        made.append((entity, [*first, *(row for row in group if row.term != label)]))
    return made


def page_of(entries: list[Entry], page: str, tables: Tables) -> dict[str, Any]:
    """Everything that a page of the glossary shows, as plain data: its entries, and the titles of
    the chapters that they name.
    """
    terms = {entry.entity: entry.terms[0] for entry in entries if entry.entity}
    labels = by_key(tables["entities"], "entity", "label")
    titles = by_key(tables["mechanisms"], "mechanism", "label")

    def related(relation: Relation) -> dict[str, Any]:
        others = [
            (terms.get(entity, ""), labels.get(entity, entity), perturbation)
            for entity, perturbation in relation.others
        ]
        return {**vars(relation), "others": others}

    shown = [
        {**vars(entry), "relations": [related(r) for r in entry.relations]}
        for entry in entries
        if entry.page == page
    ]
    return {"chapters": titles, "entries": shown}


def names(entries: list[Entry]) -> list[dict[str, Any]]:
    """Every name in the glossary with its kind and page, for an index: terms, term_zh,
    abbreviation, kind, page.
    """
    columns = ("terms", "term_zh", "abbreviation", "kind", "page")
    return [{name: getattr(entry, name) for name in columns} for entry in entries]


def address(curie: str, urls: pd.Series[str]) -> str:
    """Where an identifier leads, "" where its prefix has no address. urls: patterns with ``{id}``,
    by prefix.
    """
    prefix, _, local = curie.partition(":")
    return str(urls.get(prefix, "")).replace("{id}", quote(local, safe=""))


def slug(term: str) -> str:
    """A term as part of an address: small Latin letters, digits and hyphens; Greek letters by their
    names.
    """
    letters = []
    for letter in unicodedata.normalize("NFKD", term.lower()):
        name = unicodedata.name(letter, "")
        letters.append(name.split()[-1].lower() if name.startswith("GREEK") else letter)
    plain = re.sub(r"[^a-z0-9]+", "-", "".join(letters)).strip("-")
    return plain or "-".join(f"{ord(letter):x}" for letter in term)


def _mechanisms(
    tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame
) -> dict[str, list[str]]:
    """Mechanisms whose claims or evidence name each entity, in the order of the book."""
    frames = [
        (claims, ("subject", "object", "mediator", "cell")),
        (evidence, ("species", "system", "tissue", "model", "intervention")),
    ]
    pairs = pd.concat(
        [
            frame[["mechanism", column]].set_axis(["mechanism", "entity"], axis=1)
            for frame, columns in frames
            for column in columns
        ]
    )
    order = {mechanism: place for place, mechanism in enumerate(tables["mechanisms"]["mechanism"])}
    found = pairs[pairs["entity"] != ""].groupby("entity")["mechanism"]
    in_order: pd.Series[Any] = found.agg(lambda group: sorted(set(group), key=order.__getitem__))
    return {str(entity): found for entity, found in in_order.items()}
