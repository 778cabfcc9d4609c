"""The review as seen from one entity: its names and identifier, what acts on it and on what it acts, and where it stands.

An entry of the glossary is an entity with all terms that name it, or a term that names none (a word of method). Each has one address
for good: ``term-`` and the entity's id, or the term itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd

from . import certainty
from .network import findings

if TYPE_CHECKING:
    from ..review import Review

ACTS = {"increased": "raises", "decreased": "lowers", "mixed": "raises and lowers", "no_change": "leaves unchanged", "not_stated": "affects (direction not stated)"}  # fmt: skip
IS_ACTED_ON = {"increased": "raised by", "decreased": "lowered by", "mixed": "raised and lowered by", "no_change": "not changed by", "not_stated": "affected by (direction not stated)"}  # fmt: skip
ROUTE = "named as the route of"
OWN = {"": "", "loss": "loss of it ", "gain": "gain of it "}
_PLAIN = {"", "amount", "rate"}  # aspects that go without saying


@dataclass(frozen=True)
class Relation:
    """One end of one or several claims, as the entity at the other end sees it.

    heading: what the entity does or undergoes, in words ("raises", "expression raised by"). others: what it is related to, each as
    (entity, perturbation); two where it stands between them. aspect: what of the other changes, in words. certainty: the highest
    among the claims that say so, "" where claims say otherwise and only papers that were read find it. mechanisms: where it stands,
    in the order of the book.
    """

    heading: str
    others: tuple[tuple[str, str], ...]
    aspect: str
    certainty: str
    contested: bool
    mechanisms: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """What the glossary has on one entity, or on a term that names none (entity and kind are then "").

    terms: all names that chapters may link, the one that readers see first; anchors: their addresses on the `page`.
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


def entries(review: Review) -> list[Entry]:
    """All entries, in alphabetical order of their first terms."""
    about = {row.entity: row for row in review.table("entities").itertuples()}
    kinds = review.table("categories").set_index("category")["label"]
    urls = review.table("prefixes").set_index("prefix")["url"]
    where, related, named = places(review), _relations(review), _mechanisms(review)
    made = []
    for entity, rows in _rows(review):
        known = about.get(entity)
        terms = tuple(row.term for row in rows)
        hidden = {"", *terms, rows[0].abbreviation}
        also = dict.fromkeys(
            [
                *((known.label, *known.synonyms) if known else ()),
                *(row.abbreviation for row in rows[1:]),
            ]
        )
        made.append(
            Entry(
                entity=entity,
                kind=kinds.get(known.category, "") if known else "",
                page=where[terms[0]][0],
                terms=terms,
                anchors=tuple(where[term][1] for term in terms),
                term_zh=rows[0].term_zh,
                abbreviation=rows[0].abbreviation,
                synonyms=tuple(name for name in also if name not in hidden),
                definitions=tuple(
                    dict.fromkeys((row.definition, row.definition_zh) for row in rows)
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


def places(review: Review) -> dict[str, tuple[str, str]]:
    """Where each term is explained: (page of the glossary, address on it)."""
    entities = review.table("entities").set_index("entity")["category"]
    pages = review.table("categories").set_index("category")["page"]
    found: dict[str, tuple[str, str]] = {}
    taken = {f"term-{entity}" for entity in entities.index}
    for entity, rows in _rows(review):
        for number, row in enumerate(rows):
            anchor = f"term-{entity}"
            if number or not entity:
                anchor = f"term-{slug(row.term)}"
                while anchor in taken:
                    anchor += "-word"
                taken.add(anchor)
            found[row.term] = (pages.get(entities.get(entity, ""), ""), anchor)
    return found


def _rows(review: Review) -> list[tuple[str, list]]:
    """The rows of the glossary by entity, the one that bears the entity's label first; a term without entity stands alone."""
    groups: dict[tuple[str, str], list] = defaultdict(list)
    for row in review.table("glossary").itertuples():
        groups[row.entity, "" if row.entity else row.term].append(row)
    return [
        (entity, sorted(rows, key=lambda row: row.term != review.labels.get(entity)))
        for (entity, _), rows in groups.items()
    ]


def page_of(review: Review, page: str) -> dict:
    """Everything that a page of the glossary shows, as plain data: its entries, and the titles of the chapters that they name."""
    terms = {entry.entity: entry.terms[0] for entry in review.entries if entry.entity}

    def related(relation: Relation) -> dict:
        others = [
            (terms.get(entity, ""), review.labels.get(entity, entity), perturbation)
            for entity, perturbation in relation.others
        ]
        return {**vars(relation), "others": others}

    shown = [
        {**vars(entry), "relations": [related(r) for r in entry.relations]}
        for entry in review.entries
        if entry.page == page
    ]
    return {"chapters": _titles(review), "entries": shown}


def names(review: Review) -> list[dict]:
    """Every name in the glossary with its kind and page, for an index: terms, term_zh, abbreviation, kind, page."""
    return [
        {
            name: getattr(entry, name)
            for name in ("terms", "term_zh", "abbreviation", "kind", "page")
        }
        for entry in review.entries
    ]


def _titles(review: Review) -> dict[str, str]:
    return dict(review.table("mechanisms")[["mechanism", "label"]].itertuples(index=False))


def address(curie: str, urls: pd.Series) -> str:
    """Where an identifier leads, "" where its prefix has no address. urls: patterns with ``{id}``, by prefix."""
    prefix, _, local = curie.partition(":")
    return urls.get(prefix, "").replace("{id}", quote(local, safe=""))


def slug(term: str) -> str:
    """A term as part of an address: small Latin letters, digits and hyphens; Greek letters by their names."""
    letters = []
    for letter in unicodedata.normalize("NFKD", term.lower()):
        name = unicodedata.name(letter, "")
        letters.append(name.split()[-1].lower() if name.startswith("GREEK") else letter)
    plain = re.sub(r"[^a-z0-9]+", "-", "".join(letters)).strip("-")
    return plain or "-".join(f"{ord(letter):x}" for letter in term)


def _mechanisms(review: Review) -> dict[str, list[str]]:
    """Mechanisms whose claims or evidence name each entity, in the order of the book."""
    claims, evidence = review.claims, review.evidence
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
    order = {
        mechanism: place for place, mechanism in enumerate(review.table("mechanisms")["mechanism"])
    }
    found = pairs[pairs["entity"] != ""].drop_duplicates().groupby("entity")["mechanism"]
    return {entity: sorted(group, key=order.get) for entity, group in found}


def _relations(review: Review) -> dict[str, list[Relation]]:
    """Relations of every entity, in groups of one heading, the surest first."""
    claims = review.claims
    shown = findings(claims, review.evidence)
    verbs = review.table("predicates").set_index("predicate")
    words = review.table("aspects").set_index("aspect")["label"]
    labels = review.labels
    order = {
        mechanism: place for place, mechanism in enumerate(review.table("mechanisms")["mechanism"])
    }
    groups: dict[tuple, list] = defaultdict(list)
    for claim in claims.itertuples(index=False):
        subject, thing = (claim.subject, claim.perturbation), (claim.object, "")
        verb = verbs.loc[claim.predicate]
        for direction in shown[claim.claim_id] if verb["takes_direction"] else [""]:
            aspect = _aspect(words.get(claim.aspect, ""), labels.get(claim.object, ""))
            through = ""
            if claim.removes and direction in certainty.OPPOSITE:
                aspect, through = (
                    "",
                    f"through {'more' if direction == 'decreased' else 'less'} {aspect}",
                )
            own = not direction or direction == (
                certainty.OPPOSITE.get(claim.direction, claim.direction)
                if claim.removes
                else claim.direction
            )
            acts, undergoes = (
                (ACTS[direction], IS_ACTED_ON[direction])
                if direction
                else (verb["label"], verb["inverse"])
            )
            groups[
                claim.subject, f"{OWN[claim.perturbation]}{acts}", (thing,), aspect or through
            ].append((claim, own))
            groups[claim.object, f"{aspect} {undergoes}".strip(), (subject,), through].append(
                (claim, own)
            )
        if claim.mediator and claim.mediator not in (claim.subject, claim.object):
            groups[claim.mediator, ROUTE, (subject, thing), ""].append((claim, True))
    made: dict[str, list[Relation]] = defaultdict(list)
    for (entity, heading, others, aspect), group in groups.items():
        made[entity].append(
            Relation(
                heading,
                others,
                aspect,
                max(
                    (claim.certainty for claim, own in group if own),
                    key=certainty.LEVELS.index,
                    default="",
                ),
                any(claim.contested for claim, _ in group),
                tuple(sorted({claim.mechanism for claim, _ in group}, key=order.get)),
                tuple(claim.claim_id for claim, _ in group),
            )
        )
    rank = {heading: place for place, heading in enumerate(_headings(verbs))}
    sure = ["", *certainty.LEVELS]

    def place(r: Relation) -> tuple:
        known = max((words for words in rank if r.heading.endswith(words)), key=len)
        return (
            rank[known],
            r.heading != known,
            r.heading,
            -sure.index(r.certainty),
            labels.get(r.others[0][0], "").lower(),
            r.others,
            r.aspect,
        )

    for relations in made.values():
        relations.sort(key=place)
    return made


def _headings(verbs: pd.DataFrame) -> list[str]:
    """All headings in the order in which they are shown, those of an aspect with the one that they end in."""
    own = [own + words for own in OWN.values() for words in [*ACTS.values(), *verbs["label"]]]
    return [*IS_ACTED_ON.values(), *own, *verbs["inverse"], ROUTE]


def _aspect(aspect: str, label: str) -> str:
    """What changes of an entity, where its name does not say so already."""
    return "" if aspect in _PLAIN or aspect in label or "pathway" in label else aspect
