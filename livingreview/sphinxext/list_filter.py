"""A box above a long list that leaves only the items with the words typed into it: names of the
glossary, papers of the bibliography.

It stands in the page from the start, so that nothing moves when `theme/scripts/filter.js` brings it
to life; without scripts it is not shown. The glossary puts its own (`glossary.Names`).
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from . import site
from .html_parts import website_part


def setup(app: Sphinx) -> None:
    site.connect(app, "doctree-resolved", _add)  # when the bibliography has marked its entries


def _add(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the box above the first paper of a page, with the marks that papers there have."""
    first = next(doctree.findall(nodes.citation), None)
    if first is None:
        return
    marked = [e for e in doctree.findall(nodes.Element) if "lr-mark" in e.get("classes", ())]
    marks = {node["classes"][-1]: node.astext() for node in marked}
    data = {"label": "Find a paper: author, year, title, chapter", "marks": marks}
    first.parent.insert(first.parent.index(first), website_part(template="list_filter", data=data))
