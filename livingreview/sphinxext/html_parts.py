"""Parts of pages that a template writes as HTML at once.

What the claims say of an entity, say, holds thousands of links, which as nodes would take half a
minute.
"""

from __future__ import annotations

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from ..display.templates import template
from .domain import standard_domain
from .languages import marked

_LINK = Markup('<a class="reference internal" href="{}">{}</a>')
_TERM = Markup('<span class="std-term">{}</span>')


class html_part(nodes.General, nodes.Element):  # noqa: N801 (as docutils names its nodes)
    """HTML by ``template``, a file in ``templates/``, and ``data``, the values that it is filled in
    with.

    A raw node would do, but Sphinx puts its text into the search index.
    """


class website_part(html_part):  # noqa: N801
    """Something that only the website shows, and neither print nor the EPUB."""


class Links:
    """Links from one page, for its templates."""

    def __init__(self, translator: HTML5Translator):
        self._builder = translator.builder
        self._here = translator.builder.current_docname
        self._terms = standard_domain(translator.builder.env).objects

    def chapter(self, mechanism: str, title: str) -> Markup:
        address = self._builder.get_relative_uri(self._here, f"chapters/{mechanism}")
        return _LINK.format(address, title)

    def term(self, term: str, label: str, plain: bool = False) -> Markup:
        """A link to the entry of a term, marked as such unless `plain`; `label` alone where there
        is none.
        """
        page, anchor = self._terms.get(("term", term), ("", ""))
        if not page:
            return escape(label)
        folder = self._builder.get_relative_uri(self._here, page) if page != self._here else ""
        return _LINK.format(f"{folder}#{anchor}", label if plain else _TERM.format(label))


def setup(app: Sphinx) -> None:
    for part in (html_part, website_part):
        out = (_leave_out, None)
        app.add_node(part, html=(_write, None), latex=out, text=out, man=out, texinfo=out)


def _write(translator: HTML5Translator, node: html_part) -> None:
    made = template(f"{node['template']}.html", __package__)
    text = made.render(node["data"], links=Links(translator), marked=marked)
    translator.body.append(f"{text}\n")
    raise nodes.SkipNode


def _leave_out(translator: nodes.NodeVisitor, node: html_part) -> None:
    raise nodes.SkipNode
