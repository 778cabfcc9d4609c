"""HTML and SVG that a page takes as they are: the templates in a package's folder ``templates``,
filled in.

Whatever is put in is escaped, but for what a template calls safe.
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2.ext import Extension


class _OneLine(Extension):
    """Line breaks and indents of a template are for its reader alone, not for the page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        between_tags = re.sub(r"\s*\n\s*(?=[<{]|$)", "", source)
        return re.sub(r"\s*\n\s*", " ", between_tags)


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[_OneLine],
    )


def template(name: str, package: str = __package__) -> Template:
    """A template of a package by its file name. Ask for it when a module is loaded: a chapter reads
    no files.
    """
    return _environment(package).get_template(f"{name}.jinja")
