"""Sphinx glue of the living review: execution that sees data, bibliography with marks and
back-links, glossary and links to it, cards on both, tables, the look of the site, search,
navigation, page tools, notebooks, notes on age, what the site tells the world, the print edition
and the EPUB.

`_config.yml` names this extension; plain ``jupyter-book build .`` then does all that the make
targets do.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import (
    assets,
    bibliography,
    charts,
    domain,
    freshness,
    glossary,
    glossary_links,
    hover_cards,
    html_parts,
    languages,
    list_filter,
    navigation,
    notebooks,
    page_actions,
    publishing,
    search,
    tables,
)
from .execution import runner
from .execution.output_cache import engine_digest

PARTS = (
    domain,
    runner,
    bibliography,
    assets,
    charts,
    search,
    hover_cards,
    html_parts,
    glossary,
    glossary_links,
    tables,
    list_filter,
    languages,
    navigation,
    notebooks,
    page_actions,
    publishing,
    freshness,
)


def setup(app: Sphinx) -> dict:
    for part in PARTS:
        part.setup(app)
    app.setup_extension(
        "livingreview.editions.extension"
    )  # stands on this one, so not imported here
    return {
        "version": "1",
        "env_version": int(
            engine_digest()[:12], 16
        ),  # pages that another engine read are read anew
        "parallel_read_safe": False,
        "parallel_write_safe": True,
    }
