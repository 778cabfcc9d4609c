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
from html import escape
from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from ..contract.characters import has_chinese

MATCHES = {"exact": "", "close": "close to", "broad": "broader:"}
AT_ONCE = 10  # relations of one kind that are shown before the rest is folded away


class website_part(nodes.General, nodes.Element):  # named as docutils names its nodes
    """Something that only the website shows: `part` is the name of the function below that writes
    it, `data` its argument.
    """


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
            about = {key: entry[key] for key in ("relations", "mechanisms")} | {
                "chapters": {m: data["chapters"][m] for m in named}
            }
            part = [website_part(part="relations", data=about)] if named else []
            items.append(
                nodes.definition_list_item("", *terms, nodes.definition("", *_about(entry), *part))
            )
        glossary = addnodes.glossary(
            "", nodes.definition_list("", *items, classes=["glossary", "lr-entries"])
        )
        glossary["sorted"] = False
        return [
            website_part(part="letters", data=[entry["terms"][0] for entry in data["entries"]]),
            glossary,
        ]


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
    told = [names]
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
        return [website_part(part="names", data=json.loads("\n".join(self.content)))]


# Parts of pages as HTML. Everything from the data goes through `escape`.


class _Links:
    """Links of one page, as HTML."""

    def __init__(self, translator: HTML5Translator):
        self._builder = translator.builder
        self._here = translator.builder.current_docname
        self._terms = translator.builder.env.get_domain("std").objects

    def chapter(self, mechanism: str, title: str) -> str:
        address = self._builder.get_relative_uri(self._here, f"chapters/{mechanism}")
        return f'<a class="reference internal" href="{escape(address)}">{escape(title)}</a>'

    def term(self, term: str, label: str, plain: bool = False) -> str:
        """A link to the entry of a term, marked as such unless `plain`; `label` alone where there
        is none.
        """
        page, anchor = self._terms.get(("term", term), ("", ""))
        if not page:
            return escape(label)
        address = f"{self._builder.get_relative_uri(self._here, page) if page != self._here else ''}#{anchor}"
        shown = escape(label) if plain else f'<span class="std-term">{escape(label)}</span>'
        return f'<a class="reference internal" href="{escape(address)}">{shown}</a>'


def relations(data: dict, links: _Links) -> str:
    """What the claims say of an entity, by kind of relation, and the chapters that name it."""
    chapters = {
        mechanism: links.chapter(mechanism, title) for mechanism, title in data["chapters"].items()
    }
    groups = []
    for heading, group in groupby(data["relations"], key=lambda relation: relation["heading"]):
        items = [f"<li>{_relation(relation, chapters, links)}</li>" for relation in group]
        shown = f"<ul>{''.join(items[:AT_ONCE])}</ul>"
        rest = items[AT_ONCE:]
        folded = (
            f"<details><summary>{len(rest)} more</summary><ul>{''.join(rest)}</ul></details>"
            if rest
            else ""
        )
        groups.append(
            "<div"
            f' class="lr-relation"><p>{escape(heading[:1].upper() + heading[1:])}</p><div>{shown}{folded}</div></div>'
        )
    named = "; ".join(chapters[mechanism] for mechanism in data["mechanisms"])
    places = f'<div class="lr-relation"><p>In chapters</p><div>{named}</div></div>' if named else ""
    return f'<div class="lr-relations">{"".join(groups)}{places}</div>\n'


def _relation(relation: dict, chapters: dict[str, str], links: _Links) -> str:
    others = " → ".join(
        f"{escape({'loss': 'loss of ', 'gain': 'gain of '}.get(perturbation, ''))}{links.term(term, term or label)}"
        for term, label, perturbation in relation["others"]
    )
    aspect = f" {escape(relation['aspect'])}" if relation["aspect"] else ""
    level = relation["certainty"].replace("_", " ")
    sure = (
        f' <span class="lr-sure lr-{escape(level.replace(" ", "-"))}">{escape(level)}</span>'
        if level
        else ""
    )
    contested = (
        ' <span class="lr-contradicted">contradicted</span>' if relation["contested"] else ""
    )
    return (
        f"{others}{aspect}{sure}{contested}"
        f" ({'; '.join(chapters[m] for m in relation['mechanisms'])})"
    )


def letters(terms: list[str], links: _Links) -> str:
    """The letters of the alphabet, each leading to its first term on this page."""
    shown = " ".join(
        links.term(first, letter, plain=True) for letter, first in _first(terms).items()
    )
    return f'<nav class="lr-letters" aria-label="Letters">{shown}</nav>\n'


def _first(terms: Iterable[str]) -> dict[str, str]:
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(_letter(term), term)
    return first


def _letter(term: str) -> str:
    if not term[0].isalpha():
        return "0–9"
    return term[0].upper() if term[0].isascii() else term[0]


def names(data: list[dict], links: _Links) -> str:
    """Every name with its Chinese and its abbreviation, under its letter."""
    rows = sorted((row for row in data), key=lambda row: row["terms"][0].lower())
    parts = []
    for letter, group in groupby(rows, key=lambda row: _letter(row["terms"][0])):
        items = []
        for row in group:
            also = [row["abbreviation"], *row["terms"][1:]]
            chinese = f' <span class="lr-zh" lang="zh-Hans">{escape(row["term_zh"])}</span>'
            items.append(
                f"<li>{links.term(row['terms'][0], row['terms'][0])}{chinese}"
                f" {escape(', '.join(filter(None, also)))}</li>".replace(" </li>", "</li>")
            )
        parts.append(f"<section><h2>{escape(letter)}</h2><ul>{''.join(items)}</ul></section>")
    return f'<div class="lr-index">{"".join(parts)}</div>\n'


PARTS = {"relations": relations, "letters": letters, "names": names}


def _write(translator: HTML5Translator, node: website_part) -> None:
    translator.body.append(PARTS[node["part"]](node["data"], _Links(translator)))
    raise nodes.SkipNode


def _leave_out(translator, node: website_part) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_directive("glossary-entries", Entries)
    app.add_directive("glossary-names", Names)
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (_leave_out, None))
    app.add_node(website_part, html=(_write, None), **others)
