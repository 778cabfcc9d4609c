"""Sphinx glue of the living review: execution that sees data, bibliography with marks and back-links, glossary links,
chart assets.

`_config.yml` names this extension; plain ``jupyter-book build .`` then does all that the make targets do.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import assets, bibliography, execution, terms


def setup(app: Sphinx) -> dict:
    execution.setup(app)
    bibliography.setup(app)
    assets.setup(app)
    terms.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
