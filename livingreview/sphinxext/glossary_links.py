"""The first use of an entity's name on a page becomes a link to its definition, without anybody
marking it.

Words that a writer links with {term} stay as they are and count as the first use where they come
first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ..contract.tables import rows
from ..derive.glossary import places
from ..review import Review, find_root, load
from .domain import domain_of

# Where a link would be in the way: headings, captions, tables (which link by themselves), other
# links, code, Chinese, small print.
_CLOSED = (
    nodes.title,
    nodes.rubric,
    nodes.caption,
    nodes.table,
    nodes.figure,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.math,
    nodes.comment,
    nodes.problematic,
    nodes.system_message,
    addnodes.glossary,
    addnodes.toctree,
)
_CLOSED_CLASSES = {
    "language-zh-Hans",
    "lr-note",
    "lr-kind",
    "lr-status",
    "lr-certainty",
    "no-term-links",
}


@dataclass(frozen=True)
class Terms:
    """The terms of the glossary as one pattern: `targets` gives the term that a match stands for.

    places: where each term is explained, as (page, address on it).
    """

    pattern: re.Pattern
    targets: dict[str, str]
    places: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, review: Review) -> Terms | None:
        """Terms, abbreviations and labels of entities that the glossary has as linked; None where
        there are none.
        """
        glossary, labels = review.table("glossary"), review.labels
        targets: dict[str, str] = {}
        for row in rows(glossary[glossary["linked"]]):
            for form in filter(None, (row.term, row.abbreviation, labels.get(row.entity))):
                targets.setdefault(_folded(form), row.term)
        if not targets:
            return None
        longest_first = sorted((re.escape(form) for form in targets), key=len, reverse=True)
        return cls(
            re.compile(rf"(?<![\w-])({'|'.join(longest_first)})(?:s|es)?(?![\w-])", re.IGNORECASE),
            targets,
            places(review.tables),
        )

    def find(self, text: str) -> Iterator[tuple[re.Match, str]]:
        """Matches in `text`, each with the term it stands for. Symbols match letter by letter,
        words whatever their capitals.
        """
        for match in self.pattern.finditer(text):
            form = match[1]
            target = self.targets.get(form) or self.targets.get(form.lower())
            if target:
                yield match, target


def _folded(form: str) -> str:
    """How a form is looked up: words in small letters, symbols (a capital or a digit after the
    first letter) as they are.
    """
    return form if re.search(r"[A-Z0-9Α-Ω]", form[1:]) else form.lower()


def setup(app: Sphinx) -> None:
    links = Links()
    app.connect("env-get-outdated", links.outdated)
    app.connect("doctree-read", links.add)


class Links:
    """Links the pages of one build to the terms as they are in it."""

    def __init__(self) -> None:
        self._terms: Terms | None = None

    def outdated(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """All pages where terms came, went, changed their names or moved: any of them may hold a
        first use, or a link to the old place.
        """
        try:
            self._terms = Terms.of(load(find_root(Path(app.srcdir))))
        except Exception:
            self._terms = None
        terms, memory = self._terms, domain_of(env).read_with
        now = (sorted(terms.targets.items()), terms.places) if terms else None
        before = memory.get("terms", now)
        memory["terms"] = now
        return sorted(env.found_docs) if before != now else []

    def add(self, app: Sphinx, doctree: nodes.document) -> None:
        """Link the first uses on a page; the glossary's own pages are left alone."""
        if self._terms and not next(doctree.findall(addnodes.glossary), None):
            _walk(doctree, self._terms, app.env.docname, set())


def _walk(node: nodes.Element, terms: Terms, docname: str, seen: set[str]) -> None:
    """Link first uses below `node`, in reading order; `seen` holds the terms already linked on this
    page.
    """
    for child in list(node.children):
        if isinstance(child, addnodes.pending_xref):
            if child.get("reftype") == "term":
                seen.add(child["reftarget"].lower())
        elif isinstance(child, nodes.Text):
            if parts := _linked(child.astext(), terms, docname, seen):
                node.replace(child, parts)
        elif isinstance(child, nodes.Element) and not _is_closed(child):
            _walk(child, terms, docname, seen)


def _is_closed(node: nodes.Element) -> bool:
    return isinstance(node, _CLOSED) or bool(_CLOSED_CLASSES & set(node.get("classes", ())))


def _linked(text: str, terms: Terms, docname: str, seen: set[str]) -> list[nodes.Node]:
    """The text cut into pieces with links in between; an empty list where nothing is linked."""
    parts: list[nodes.Node] = []
    end = 0
    for match, target in terms.find(text):
        if target.lower() in seen:
            continue
        seen.add(target.lower())
        label = nodes.inline(match[0], match[0], classes=["xref", "std", "std-term"])
        link = addnodes.pending_xref(
            "",
            label,
            refdomain="std",
            reftype="term",
            reftarget=target,
            refexplicit=True,
            refwarn=True,
            refdoc=docname,
        )
        parts += [nodes.Text(text[end : match.start()]), link]
        end = match.end()
    return [*parts, nodes.Text(text[end:])] if parts else []
