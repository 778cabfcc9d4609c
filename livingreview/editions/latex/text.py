"""Text as LaTeX takes it, and where a name stands in an alphabet."""

from __future__ import annotations

import re
import unicodedata

from docutils import nodes
from sphinx.util import texescape


def raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="latex")


def escape(text: str) -> str:
    return texescape.escape(text, "xelatex")


def sort_key(text: str) -> str:
    """Where a name stands in an alphabet: ``β-catenin`` with *beta*, ``Śliwa`` with *S*; letters
    and digits alone.
    """
    letters = (
        unicodedata.name(c, "").rpartition("LETTER ")[2].split(" WITH")[0].lower()
        if "Α" <= c <= "ω"
        else c
        for c in text
    )
    plain = unicodedata.normalize("NFKD", "".join(letters))
    return re.sub(r"[^a-z0-9 ,-]", "", plain.lower()).lstrip(" ,-") or "~"
