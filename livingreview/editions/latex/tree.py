"""The print edition as one tree: pages in reading order under part headings, evidence tables behind
the text on wide pages.

Figures and tables keep the numbers of the website, also in a chapter that is printed alone. Each
place names the other.
"""

from __future__ import annotations

import os
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex import LaTeXBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.nodes import inline_all_toctrees

from ...contract.tables import rows
from ...review import find_root, load
from ...sphinxext import column_widths
from ...sphinxext.bibliography import bibliography_pages
from ...sphinxext.glossary import term_places
from ..edition import CHAPTER
from ..site_only import drop_site_only
from . import bibliography
from .text import escape, raw, sort_key
from .translator import PrintTranslator, is_evidence

TEXT_LINE, WIDE_LINE = (
    100,
    190,
)  # letters across a table in the text and on the wide pages, in the type that each has


class PrintBuilder(LaTeXBuilder):
    """Builds the whole book, or one chapter of it, as one document."""

    # Not by `app.set_translator`: the site's theme dresses its translator only where none is set.
    default_translator_class = PrintTranslator

    def init(self) -> None:
        """Pictures that LaTeX cannot take are converted, and what would arrange the pages otherwise
        is refused.
        """
        if "sphinx_jupyterbook_latex" in self.app.extensions:
            raise ExtensionError(
                "_config.yml: `latex: use_jupyterbook_latex:` is on, and the print edition has an "
                "order of its own. Fix: set it to false."
            )
        self.app.setup_extension("sphinx.ext.imgconverter")
        super().init()

    def assemble_doctree(
        self, indexfile: str, toctree_only: bool, appendices: list[str]
    ) -> nodes.document:
        """The pages in reading order under part headings, every reference settled."""
        root = self.env.get_doctree(indexfile)
        parts = [
            (toctree.get("caption"), [name for _, name in toctree["entries"]])
            for toctree in root.findall(addnodes.toctree)
        ]
        chapter = os.environ.get(CHAPTER, "")
        if chapter:
            kept = [
                name
                for _, names in parts
                for name in names
                if name == chapter or name.rpartition("/")[2] == chapter
            ]
            if not kept:
                raise ExtensionError(f"There is no chapter {chapter!r} in _toc.yml.")
            parts = [("", kept), ("", sorted(bibliography_pages(self.env)))]
        self.docnames: set[str] = {indexfile}
        book = nodes.section("", nodes.title("", self.config.html_title), ids=["book"])
        if not chapter:
            book += nodes.section(
                "",
                nodes.title("", "About this book"),
                *_content(root),
                ids=_first_section(root)["ids"],
            )
        files = {}
        for caption, names in parts:
            if caption:
                book += raw(rf"\part{{{escape(caption)}}}")
            for name in names:
                files[name] = self._file(name)
                book += files[name]
        root.children.clear()
        root += book
        root["docname"] = indexfile
        self.env.resolve_references(root, indexfile, self)
        for reference in list(root.findall(addnodes.pending_xref)):
            reference.replace_self(reference.children)  # leads to a page that is not printed here
        drop_site_only(root)
        bibliography.arrange(self, root, chapter and parts[0][1][0], files)
        for table in root.findall(nodes.table):
            column_widths.fit(table, WIDE_LINE if is_evidence(table) else TEXT_LINE)
        evidence = _evidence(parts, files, self.env)
        if chapter:  # before the references
            book[2:2] = evidence
        else:
            book += evidence
            book += _abbreviations(self.env)
        return root

    def get_contentsname(self, indexfile: str) -> str:
        return ""  # Sphinx would take the name of the first part

    def _file(self, name: str) -> addnodes.start_of_file:
        """A page, with the pages below it."""
        tree = inline_all_toctrees(
            self, self.docnames, name, self.env.get_doctree(name), str, [name]
        )
        self.docnames.add(name)
        return addnodes.start_of_file("", *tree.children, docname=name)


def _first_section(root: nodes.document) -> nodes.section:
    return next(root.findall(nodes.section))


def _content(root: nodes.document) -> list[nodes.Node]:
    """What the front page says below its title, without the tables of contents."""
    for wrapper in list(root.findall(nodes.compound)):
        if "toctree-wrapper" in wrapper["classes"]:
            wrapper.parent.remove(wrapper)
    return list(_first_section(root).children[1:])


def _evidence(
    parts: list[tuple], files: dict[str, addnodes.start_of_file], env: BuildEnvironment
) -> list[nodes.Node]:
    """Evidence tables taken out of their chapters, for the end of the book; where each stood, a
    line says where it is.
    """
    made: list[nodes.Node] = []
    for caption, names in parts:
        sections = []
        for name in names:
            for table in [t for t in files[name].findall(nodes.table) if is_evidence(t)]:
                label = f"{name}:{table['ids'][0]}"
                many = len(next(table.findall(nodes.tbody)))
                named = escape(table.children[0].astext())
                said = rf"\lrelsewhere{{\detokenize{{{label}}}}}{{{named}}}{{{many}}}"
                table.replace_self(nodes.paragraph("", "", raw(said)))
                back = nodes.paragraph("", "", raw(rf"\lrback{{\detokenize{{{name}::doc}}}}"))
                sections.append(
                    addnodes.start_of_file(
                        "",
                        nodes.section("", nodes.title("", env.titles[name].astext()), back, table),
                        docname=name,
                    )
                )
        if sections:
            title = f"Evidence: {caption}" if caption else "Evidence"
            made.append(nodes.section("", nodes.title("", title), *sections))
    whole = any(caption for caption, _ in parts)
    return (
        [
            raw(r"\part{Evidence tables}") if whole else raw(""),
            raw(r"\begin{lrwide}"),
            *made,
            raw(r"\end{lrwide}"),
        ]
        if made
        else []
    )


def _abbreviations(env: BuildEnvironment) -> list[nodes.Node]:
    """A chapter of abbreviations with the terms they stand for."""
    glossary = load(find_root(Path(env.srcdir))).table("glossary")
    short = glossary[glossary["abbreviation"] != ""].sort_values(
        "abbreviation", key=lambda a: a.map(sort_key), kind="stable"
    )
    if short.empty:
        return []
    places = {name.lower(): place for name, place in term_places(env).items()}
    lines = []
    for row in rows(short):
        page, label = places.get(row.term.lower(), ("", ""))
        alike = sort_key(row.term).replace("-", "") == sort_key(row.abbreviation).replace(
            "-", ""
        )  # a name is no news of itself
        words = row.definition.partition(". ")[0].rstrip(".") if alike else row.term
        lines.append(
            rf"\lrabbreviation{{{escape(row.abbreviation)}}}{{{escape(words)}}}{{\detokenize{{{page}:{label}}}}}"
        )
    listed = raw("\n".join([r"\begin{lrabbreviations}", *lines, r"\end{lrabbreviations}"]))
    return [nodes.section("", nodes.title("", "Abbreviations"), listed)]
