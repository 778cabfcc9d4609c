"""The glossary: directives ``glossary-entries`` and ``glossary-names``, which the engine's cells
fill with data (`display.book`).

They make nodes of the data without reading any of it as markup. Names, definitions and identifiers
are ordinary nodes, so print has them too. What the claims say of an entity, and the index of names,
are for the website alone and are written as HTML at once: they hold thousands of links, which as
nodes would take half a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from ..contract.characters import has_chinese
from .domain import standard_domain
from .html_parts import website_part

MATCHES = {"exact": "", "close": "close to", "broad": "broader:"}
AT_ONCE = 10  # relations of one kind that are shown before the rest is folded away


class Entries(SphinxDirective):
    """Entries of the glossary, from the JSON of `derive.glossary.page_of`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        data = json.loads("\n".join(self.content))
        source, line = self.get_source_info()
        items = []
        for entry in data["entries"]:
            terms = []
            for term, anchor in zip(entry["terms"], entry["anchors"], strict=True):
                node = make_glossary_term(
                    self.env, [nodes.Text(term)], None, source, line, anchor, self.state.document
                )
                self.state.document.note_explicit_target(node)
                terms.append(node)
            named = sorted(
                {m for r in entry["relations"] for m in r["mechanisms"]} | set(entry["mechanisms"])
            )
            about = {
                "groups": _by_heading(entry["relations"]),
                "mechanisms": entry["mechanisms"],
                "chapters": {m: data["chapters"][m] for m in named},
                "at_once": AT_ONCE,
            }
            part = [website_part(template="relations", data=about)] if named else []
            items.append(
                nodes.definition_list_item("", *terms, nodes.definition("", *_about(entry), *part))
            )
        glossary = addnodes.glossary(
            "", nodes.definition_list("", *items, classes=["glossary", "lr-entries"])
        )
        glossary["sorted"] = False
        first = _first_terms(entry["terms"][0] for entry in data["entries"])
        return [website_part(template="letters", data={"first_terms": first}), glossary]


def _by_heading(relations: list[dict]) -> list[tuple[str, list[dict]]]:
    """Relations of one kind under their heading."""
    kinds = groupby(relations, key=itemgetter("heading"))
    return [(heading[:1].upper() + heading[1:], list(group)) for heading, group in kinds]


def _about(entry: dict) -> list[nodes.Node]:
    """Other names, definitions and identifier of an entry."""
    names = nodes.paragraph("", "", _chinese(entry["term_zh"]), classes=["lr-names"])
    if entry["abbreviation"]:
        names += [nodes.Text(" · "), nodes.inline("", entry["abbreviation"])]
    if entry["synonyms"]:
        names += nodes.Text(" · also ")
        for number, name in enumerate(entry["synonyms"]):
            names += [nodes.Text(", ")] if number else []
            names += _chinese(name)
    told: list[nodes.Node] = [names]
    for english, chinese in entry["definitions"]:
        told.append(nodes.paragraph("", english))
        told += [nodes.paragraph("", "", _chinese(chinese))] if chinese else []
    kind = nodes.paragraph("", entry["kind"], classes=["lr-note"])
    if entry["curie"]:
        kind += [nodes.Text(f" · {MATCHES[entry['match']]} ".replace("  ", " "))]
        shown = f"{entry['curie']} {entry['curie_label']}"
        kind += (
            nodes.reference("", shown, refuri=entry["url"], internal=False)
            if entry["url"]
            else nodes.Text(shown)
        )
    return [*told, kind] if entry["kind"] else told


def _chinese(text: str) -> nodes.inline:
    """Text, marked as Chinese where it holds a Chinese character."""
    return nodes.inline(
        "",
        text,
        classes=["language-zh-Hans", "lr-zh"] if has_chinese(text) else [],
    )


class Names(SphinxDirective):
    """The index of names, from the JSON of `derive.glossary.names`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        rows = json.loads("\n".join(self.content))
        for row in rows:
            row["also"] = ", ".join(filter(None, [row["abbreviation"], *row["terms"][1:]]))
        rows.sort(key=lambda row: row["terms"][0].lower())
        letters = groupby(rows, key=lambda row: _letter(row["terms"][0]))
        groups = [(letter, list(group)) for letter, group in letters]
        box = {"label": "Find a name, in English or Chinese", "marks": {}}
        return [
            website_part(template="list_filter", data=box),
            website_part(template="names", data={"groups": groups}),
        ]


def term_places(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Where each term is explained, as (page, anchor on it), by its name."""
    objects = standard_domain(env).objects
    return {name: place for (kind, name), place in objects.items() if kind == "term"}


def _first_terms(terms: Iterable[str]) -> dict[str, str]:
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(_letter(term), term)
    return first


def _letter(term: str) -> str:
    if not term[0].isalpha():
        return "0–9"
    return term[0].upper() if term[0].isascii() else term[0]


def setup(app: Sphinx) -> None:
    app.add_directive("glossary-entries", Entries)
    app.add_directive("glossary-names", Names)
