"""Sphinx glue of the living review: execution that sees data, bibliography with marks and back-links, glossary and links to it,
cards on both, the look of the site.

`_config.yml` names this extension; plain ``jupyter-book build .`` then does all that the make targets do.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import assets, bibliography, cards, execution, glossary, terms


def setup(app: Sphinx) -> dict:
    execution.setup(app)
    bibliography.setup(app)
    assets.setup(app)
    cards.setup(app)
    glossary.setup(app)
    terms.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
