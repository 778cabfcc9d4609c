"""Sphinx glue of the living review: execution that sees data, bibliography with marks and back-links, glossary and links to it,
cards on both, tables, the look of the site, search, navigation, page tools, notebooks, notes on age, what the site tells the world,
the print edition and the EPUB.

`_config.yml` names this extension; plain ``jupyter-book build .`` then does all that the make targets do.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import (
    age,
    assets,
    bibliography,
    cards,
    charts,
    epub,
    execution,
    filters,
    glossary,
    languages,
    latex,
    navigation,
    notebooks,
    pagetools,
    publishing,
    search,
    tables,
    terms,
)

PARTS = (
    execution,
    bibliography,
    assets,
    charts,
    search,
    cards,
    glossary,
    terms,
    tables,
    filters,
    languages,
    navigation,
    notebooks,
    pagetools,
    publishing,
    age,
    latex,
    epub,
)


def setup(app: Sphinx) -> dict:
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
