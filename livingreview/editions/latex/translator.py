"""Writes LaTeX: what Sphinx leaves to the screen or to habit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docutils import nodes
from sphinx.writers.latex import CR, LaTeXTranslator

from ...sphinxext.bibliography import bibliography_pages
from ...sphinxext.glossary import term_places
from .text import sort_key

EVIDENCE = "-evidence"  # how the label of an evidence table ends
_DOI = re.compile(r"(doi:|https?://|www\.)\S+$")


def is_evidence(table: nodes.table) -> bool:
    return any(i.endswith(EVIDENCE) for i in table["ids"])


def opening(section: nodes.section) -> nodes.Node | None:
    """The text, table or figure right below the title of a section, in whatever cell, box or
    section of its own.
    """
    found: nodes.Node | None = None
    inside: Sequence[nodes.Node] = section[1:]
    while inside and not isinstance(found, (nodes.table, nodes.figure, nodes.TextElement)):
        found = next(
            (child for child in inside if not isinstance(child, (nodes.Invisible, nodes.title))),
            None,
        )
        inside = found.children if found else []
    return found


class PrintTranslator(LaTeXTranslator):
    """Writes what Sphinx leaves to the screen or to habit: numbers, pages, index, wide figures,
    tables that fit.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._terms = {place: name for name, place in term_places(self.builder.env).items()}

    # where we are: error messages find the chapter by these lines
    def visit_start_of_file(self, node):
        super().visit_start_of_file(node)
        self.body.append(f"% page: {node['docname']}" + CR)

    # headings stay with the table or figure that they stand above
    def visit_title(self, node):
        section = node.parent
        if (
            isinstance(section, nodes.section)
            and self.sectionlevel > self.top_sectionlevel
            and section.parent.index(section) != 1
        ):
            below = opening(section)
            if isinstance(below, nodes.table) and not is_evidence(below):
                self.body.append(CR + r"\lrtablenext" + CR)
            elif isinstance(below, nodes.figure) and (file := self._picture(below)):
                self.body.append(CR + rf"\lrfigurenext{{{file}}}" + CR)
        super().visit_title(node)

    # boxes that only the page needs
    def visit_container(self, node):
        pass

    def depart_container(self, node):
        pass

    def visit_inline(self, node):
        classes = [c for c in node["classes"] if c.startswith(("lr-", "language-"))]
        self.body.append(rf"\lrspan{{{classes[-1]}}}{{" if classes else "{")
        self.context.append("}")

    def depart_inline(self, node):
        self.body.append(self.context.pop())

    # numbers as on the website
    def _number(self, kind: str, node: nodes.Element) -> str:
        numbers = self.builder.env.toc_fignumbers.get(self.curfilestack[-1], {}).get(kind, {})
        number = next((numbers[i] for i in node["ids"] if i in numbers), None)
        return (
            rf"\lrnumber{{{kind}}}{{{'.'.join(map(str, number[:-1]))}}}{{{number[-1]}}}" + CR
            if number
            else ""
        )

    def visit_number_reference(self, node):
        try:
            super().visit_number_reference(node)
        except nodes.SkipNode:
            label = (
                self.curfilestack[-1] + ":" + node["refid"]
                if node.get("refid")
                else node.get("refuri", "")[1:].replace("#", ":")
            )
            self.body.append(rf"\lronpage{{{self.idescape(label)}}}")
            raise

    # figures: a chart is a float of its own, turned where it is too wide to be read upright
    def visit_figure(self, node):
        if self.table or self.no_latex_floats:
            return super().visit_figure(node)
        self.body.append(CR + self._number("figure", node))
        caption = next(node.findall(nodes.caption), None)
        if not (file := self._picture(node)):
            return super().visit_figure(node)
        self.body.append(rf"\lrfigure{{{file}}}{{")
        if caption is not None:
            self.in_caption += 1
            for child in caption:
                child.walkabout(self)
            self.in_caption -= 1
        self.body.append(rf"}}{{{self.hypertarget_to(node)}}}" + CR)
        raise nodes.SkipNode

    def _picture(self, figure: nodes.figure) -> str:
        """File of a figure's picture, empty where it has none."""
        picture = next(figure.findall(nodes.image), None)
        return self.builder.images.get(picture["uri"], "") if picture is not None else ""

    # tables
    def visit_Text(self, node):  # noqa: N802 (as docutils names it)
        """A text; in a narrow column a chain such as ``ABC/DEF/GHI`` may break at its strokes."""
        text = self.encode(node.astext())
        self.body.append(
            re.sub(r"(?<=\w)/(?=\w)", r"/\\allowbreak{}", text) if self.table else text
        )

    def depart_row(self, node):
        """A row; a note that belongs to it stands below it across all columns."""
        if self.table and node.get("notes"):
            columns = self.table.colcount
            self.body.append(
                rf"\\*\multicolumn{{{columns}}}{{@{{}}p{{\linewidth}}@{{}}}}{{\lrrownote{{"
            )
            for number, note in enumerate(node["notes"]):
                self.body.append(" " if number else "")
                note.walkabout(self)
            self.body.append("}}")
        super().depart_row(node)

    def depart_table(self, node):
        if self.table is None or self.table.get_table_type() != "longtable":
            super().depart_table(node)
            return
        widths = self.table.colwidths
        gaps = 2 * (len(widths) - 1)
        columns = "".join(
            rf"p{{\dimexpr(\linewidth-{gaps}\tabcolsep)*{width}/{sum(widths)}\relax}}"
            for width in widths
        )
        caption, header = "".join(self.table.caption), "".join(self.table.header)
        kind = "wide" if is_evidence(node) else "text"
        self.body += [
            CR + self._number("table", node),
            rf"\begin{{lrtable}}{{{kind}}}\begin{{longtable}}{{@{{}}{columns}@{{}}}}" + CR,
            rf"\caption{{{caption}}}{self.hypertarget_to(node)}\\*[3pt]" + CR if caption else "",
            rf"\lrheadrule {header}\lrmidrule\endfirsthead" + CR,
            (
                rf"\multicolumn{{{len(widths)}}}{{@{{}}l@{{}}}}{{\lrcontinued}}\\*" + CR
                if caption
                else ""
            ),
            rf"\lrheadrule {header}\lrmidrule\endhead\lrfootrule\endfoot\lrfootrule\endlastfoot"
            + CR,
            "".join(self.table.body).replace(r"\sphinxhline", r"\lrrowrule "),
            r"\end{longtable}\end{lrtable}" + CR,
        ]
        self.tables.pop()

    # references: pages for paper, terms for the index, addresses that break
    def visit_reference(self, node):
        uri = node.get("refuri", "")
        if _DOI.match(node.astext()) and "://" in uri and not self.in_title:
            self.body.append(
                rf"\lrhref{{{self.encode_uri(uri)}}}{{{self.encode_uri(node.astext())}}}"
            )
            raise nodes.SkipNode
        super().visit_reference(node)
        if self.in_title or not uri.startswith("%"):
            return
        page, _, label = uri[1:].partition("#")
        if name := self._terms.get((page, label)):
            if not self.table:
                self.body.append(self._indexed(name))
        elif page not in bibliography_pages(self.builder.env):
            self.context[-1] += (
                rf"\lronpage{{{self.idescape(f'{page}:{label}' if label else f'{page}::doc')}}}"
            )

    def _indexed(self, name: str, how: str = "") -> str:
        shown = (
            re.sub(r'(["@|!])', r'"\1', self.encode(name))
            .replace(r"\{", r"\sphinxleftcurlybrace{}")
            .replace(r"\}", r"\sphinxrightcurlybrace{}")
        )
        return rf"\index{{{sort_key(name)}@{shown}{how}}}"

    def visit_index(self, node):
        for kind, name, *_ in node["entries"]:
            if kind == "single":
                self.body.append(self._indexed(name, "|lrmain"))
        raise nodes.SkipNode

    # glossary and bibliography
    def visit_glossary(self, node):
        self.body.append(CR + r"\begin{lrglossary}" + CR)

    def depart_glossary(self, node):
        self.body.append(r"\end{lrglossary}" + CR)

    def visit_thebibliography(self, node):
        self.body.append(CR + r"\begin{lrreferences}" + CR)

    def depart_thebibliography(self, node):
        self.body.append(r"\end{lrreferences}" + CR)

    def visit_citation(self, node):
        anchors = "".join(rf"\lranchor{{cite.{node['docname']}:{i}}}" for i in node["ids"])
        self.body.append(CR + rf"\lrreference{{{anchors}}}{{{self.encode(node[0].astext())}}}" + CR)
