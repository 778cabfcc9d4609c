"""The names that things go by, for the search: of every entity, and which chapter is the place to
read about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..contract.characters import has_chinese
from ..contract.tables import Tables, rows

_WITH_BRACKETS = re.compile(r"(.+?) \(([^()]+)\)")


def of_entities(tables: Tables) -> dict[str, list[str]]:
    """Every name of every entity: label, Chinese label, synonyms, glossary terms and abbreviations,
    official name, identifier.
    """
    names: dict[str, list[str]] = {}
    for row in rows(tables["entities"]):
        official = [row.curie_label] if row.match == "exact" else []
        names[row.entity] = [*_forms(row.label), row.label_zh, *row.synonyms, *official, row.curie]
    for row in rows(tables["glossary"]):
        names.setdefault(row.entity, []).extend([*_forms(row.term), row.term_zh, row.abbreviation])
    return {entity: _distinct(found) for entity, found in names.items() if entity}


def _forms(label: str) -> list[str]:
    """``Name (SYMBOL)`` is looked for as a whole and by either part."""
    parts = _WITH_BRACKETS.fullmatch(label)
    return [label, *parts.groups()] if parts else [label]


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))


def chapters_of_entities(tables: Tables, order: list[str]) -> dict[str, str]:
    """The chapter (mechanism) to read about an entity, for every entity that is some chapter's
    subject.

    That is the first chapter with the entity as its focus; failing that the first whose title
    begins with a name of the entity, or the one with the shortest title that has it elsewhere.
    order: the mechanisms of the book in reading order; others are left out.
    """
    names, place = of_entities(tables), {mechanism: n for n, mechanism in enumerate(order)}
    best: dict[str, tuple[tuple[bool, int, int], str]] = {}
    for row in rows(tables["mechanisms"]):
        if row.mechanism not in place:
            continue
        named = _named_in(row.label, row.label_zh, names) | ({row.focus: True} if row.focus else {})
        for entity, at_start in named.items():
            rank = (entity != row.focus, 0 if at_start else len(row.label), place[row.mechanism])
            if entity not in best or rank < best[entity][0]:
                best[entity] = rank, row.mechanism
    return {entity: mechanism for entity, (_, mechanism) in best.items()}


def _named_in(title: str, title_zh: str, names: dict[str, list[str]]) -> dict[str, bool]:
    """Entities that a title in either language names, each with whether the English title begins
    with it.
    """
    found: dict[str, bool] = {}
    chinese: list[tuple[int, int, str]] = []
    for entity, forms in names.items():
        for form in forms:
            if has_chinese(form):
                if len(form) > 1 and (start := title_zh.find(form)) >= 0:
                    chinese.append((start, start + len(form), entity))
            elif form.lower() in title.lower():
                # Symbols letter by letter, words whatever their capitals; neither as a part of
                # a word.
                flags = 0 if re.search(r"[A-Z0-9Α-Ω]", form[1:]) else re.IGNORECASE
                if match := re.search(
                    rf"(?<![\w-]){re.escape(form)}(?:s|es)?(?![\w-])", title, flags
                ):
                    found[entity] = found.get(entity) or match.start() == 0
    # A word that ends a longer one is not spoken of (乙 in 甲乙), one that begins it is (甲).
    for start, end, entity in chinese:
        if not any(other < start and end <= stop for other, stop, _ in chinese):
            found.setdefault(entity, False)
    return found
