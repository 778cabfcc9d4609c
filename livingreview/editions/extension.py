"""The Sphinx extension that adds the builders of the PDF and the EPUB; `livingreview.sphinxext`
loads it.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import epub
from .latex import config


def setup(app: Sphinx) -> dict:
    config.setup(app)
    epub.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
