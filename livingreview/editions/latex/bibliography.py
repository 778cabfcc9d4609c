"""The bibliography in print: its entries back on their page, and the letters that tell years apart
behind citations.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex import LaTeXBuilder
from sphinx.builders.latex.nodes import thebibliography
from sphinxcontrib.bibtex.nodes import raw_latex

from ...sphinxext.bibliography import add_backlinks, bibliography_pages
from ...sphinxext.domain import bibtex_domain


def arrange(
    builder: LaTeXBuilder,
    root: nodes.document,
    alone: str,
    files: dict[str, addnodes.start_of_file],
) -> None:
    """Bring the entries back to their page, from where Sphinx put them at the end; those that the
    chapter cites, if it stands alone.
    """
    entries = [
        entry for gathered in list(root.findall(thebibliography)) for entry in _taken(gathered)
    ]
    domain = bibtex_domain(builder.env)
    keys = {citation.citation_id: citation.key for citation in domain.citations}
    cited = {
        target.key for ref in domain.citation_refs if ref.docname == alone for target in ref.targets
    }
    letters = {}
    for page in bibliography_pages(builder.env) & files.keys():
        here = [
            e
            for e in entries
            if e["docname"] == page and (not alone or {keys.get(i) for i in e["ids"]} & cited)
        ]
        section = next(files[page].findall(nodes.section))
        if alone:
            section[1:] = []
        if here:
            section += thebibliography("", *here)
        for entry in here:
            if letter := re.search(r"\d([a-z])$", entry.children[0].astext()):
                letters.update({f"cite.{page}:{i}": letter[1] for i in entry["ids"]})
        if not alone:
            add_backlinks(builder.app, root, page)
    _tell_apart(root, letters)


def _taken(gathered: thebibliography) -> list[nodes.citation]:
    gathered.parent.remove(gathered)
    return [entry for entry in gathered.children if isinstance(entry, nodes.citation)]


def _tell_apart(root: nodes.document, letters: dict[str, str]) -> None:
    """Put the letter of its entry behind the year of a citation; on paper nothing else tells
    *2016a* from *2016b*.
    """
    waiting = ""
    for piece in root.findall(raw_latex):
        if opened := re.match(r"\\hyperlink\{(.*)\}\{$", piece.rawsource):
            waiting = letters.get(opened[1], "")
        elif piece.rawsource == "}":
            piece.rawsource, waiting = waiting + "}", ""
