"""The print edition: Jupyter Book's LaTeX builder with a tree, tables, figures and references that suit paper.

How it looks is said in ``livingreview/print/livingreview.sty``; this module says what is where. Figures and tables keep the numbers of
the website, also in a chapter that is printed alone. Evidence tables move behind the text, on wide pages, and each place names the other.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.builders.latex.nodes import thebibliography
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import texescape
from sphinx.util.nodes import inline_all_toctrees
from sphinx.writers.latex import CR, LaTeXTranslator

from .. import citation
from ..print import CHAPTER, PRINT, edition
from ..review import find_root, load
from . import bibliography, columns
from .glossary import website_part

EVIDENCE = "-evidence"  # how the label of an evidence table ends
TEXT_LINE, WIDE_LINE = (
    100,
    190,
)  # letters across a table in the text and on the wide pages, in the type that each has
SITE_ONLY = {"lr-key", "lr-site-only"}
_DOI = re.compile(r"(doi:|https?://|www\.)\S+$")


def setup(app: Sphinx) -> None:
    app.add_builder(PrintBuilder, override=True)
    # By the builder, not by `app.set_translator`: the site's theme dresses its own translator only where no other is set.
    PrintBuilder.default_translator_class = PrintTranslator
    app.connect("config-inited", _configure, priority=900)  # after Jupyter Book's own settings
    app.connect("builder-inited", _keep_settings, priority=900)


def _configure(app: Sphinx, config: Config) -> None:
    """Set LaTeX up; nothing here makes Sphinx read a page again."""
    book = edition(find_root(Path(app.srcdir)))
    work, chapter = book.work, os.environ.get(CHAPTER, "")
    title, colon, subtitle = work.title.partition(": ")
    values = {
        "title": work.title,
        "author": book.author,
        "version": work.version,
        "day": citation.words(work.date) if work.date else "",
        "licence": work.licence_name,
        "howtocite": citation.cite(work).text,
        "keywords": book.keywords,
    }
    macros = "".join(
        rf"\newcommand\lr{name}{{{_escape(text)}}}" + CR for name, text in values.items()
    )
    macros += (
        r"\newcommand\lrtitlelines{"
        + _escape(title)
        + (rf":\\ {_escape(subtitle)}" if colon else "")
        + "}"
        + CR
    )
    config.latex_engine = "xelatex"
    config.latex_use_xindy = False
    config.latex_theme = "manual"  # Sphinx's own; that of Jupyter Book loads fonts of a gigabyte for symbols that nobody uses
    config.latex_docclass = {"manual": "book"}
    config.latex_toplevel_sectioning = "chapter"
    config.latex_domain_indices = False
    config.latex_table_style = ["booktabs"]
    config.latex_documents = [
        (
            config.root_doc,
            f"{book.name(chapter)}.tex",
            _escape(work.title),
            _escape(book.author),
            "manual",
        )
    ]
    config.latex_additional_files = [
        str(PRINT / "livingreview.sty"),
        str(PRINT / "livingreview.ist"),
    ]
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "11pt",
        "extraclassoptions": "openany,oneside" if chapter else "openany,twoside",
        "fontpkg": "",
        "fncychap": "",
        "figure_align": "htbp",
        "preamble": macros
        + (r"\newcommand\lralone{}" + CR if chapter else "")
        + r"\usepackage{livingreview}",
        **({"tableofcontents": "", "makeindex": "", "printindex": ""} if chapter else {}),
    }


def _keep_settings(app: Sphinx) -> None:
    """Undo what sphinx-jupyterbook-latex does when a LaTeX build starts.

    Its numbering depth would count as a changed setting, and every page would be read again, now and by the next build of the site; its
    arrangement of parts is done here.
    """
    if isinstance(app.builder, PrintBuilder):
        app.config.numfig_secnum_depth = 1
        app.config.latex_toplevel_sectioning = "chapter"
        transforms = app.registry.post_transforms
        transforms[:] = [
            each for each in transforms if each.__name__ != "LatexRootDocPostTransforms"
        ]


class PrintBuilder(LaTeXBuilder):
    """Builds the whole book, or one chapter of it, as one document."""

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
            parts = [("", kept), ("", sorted(bibliography.bibliography_pages(self.env)))]
        self.docnames = {indexfile}
        book = nodes.section("", nodes.title("", self.config.html_title), ids=["book"])
        if not chapter:
            book += nodes.section(
                "", nodes.title("", "About this book"), *_content(root), ids=root[0]["ids"]
            )
        files = {}
        for caption, names in parts:
            if caption:
                book += _raw(rf"\part{{{_escape(caption)}}}")
            for name in names:
                files[name] = self._file(name)
                book += files[name]
        root.children.clear()
        root += book
        root["docname"] = indexfile
        with _trees_kept(self.env):
            self.env.resolve_references(root, indexfile, self)
        for reference in list(root.findall(addnodes.pending_xref)):
            reference.replace_self(reference.children)  # leads to a page that is not printed here
        drop_site_only(root)
        self._set_bibliography(root, chapter and parts[0][1][0], files)
        for table in root.findall(nodes.table):
            columns.fit(table, WIDE_LINE if _is_evidence(table) else TEXT_LINE)
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

    def _set_bibliography(
        self, root: nodes.document, alone: str, files: dict[str, addnodes.start_of_file]
    ) -> None:
        """Bring the entries back to their page, from where Sphinx put them at the end; those that the chapter cites, if it stands alone."""
        entries = [
            entry for gathered in list(root.findall(thebibliography)) for entry in _taken(gathered)
        ]
        domain = self.env.get_domain("cite")
        keys = {citation.citation_id: citation.key for citation in domain.citations}
        cited = {
            target.key
            for ref in domain.citation_refs
            if ref.docname == alone
            for target in ref.targets
        }
        letters = {}
        for page in bibliography.bibliography_pages(self.env) & files.keys():
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
                if letter := re.search(r"\d([a-z])$", entry[0].astext()):
                    letters.update({f"cite.{page}:{i}": letter[1] for i in entry["ids"]})
            if not alone:
                bibliography.dress(self.app, root, page)
        _tell_apart(root, letters)


@contextmanager
def _trees_kept(env: BuildEnvironment) -> Iterator[None]:
    """Keep trees in memory while references are settled: Sphinx reads a page from disk anew for every number that leads to it."""
    env.get_doctree = cache(env.get_doctree)
    try:
        yield
    finally:
        del env.get_doctree


def drop_site_only(tree: nodes.document) -> None:
    """Take out what serves the website alone: what is written as HTML, and the key to what only the website draws."""
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, website_part) or SITE_ONLY & set(node.get("classes", ())):
            parent = node.parent
            parent.remove(node)
            if isinstance(parent, nodes.paragraph) and not parent.children:
                parent.parent.remove(parent)


def _content(root: nodes.document) -> list[nodes.Node]:
    """What the front page says below its title, without the tables of contents."""
    for wrapper in list(root.findall(nodes.compound)):
        if "toctree-wrapper" in wrapper["classes"]:
            wrapper.parent.remove(wrapper)
    return root[0].children[1:]


def _is_evidence(table: nodes.table) -> bool:
    return any(i.endswith(EVIDENCE) for i in table["ids"])


def _evidence(
    parts: list[tuple], files: dict[str, addnodes.start_of_file], env: BuildEnvironment
) -> list[nodes.Node]:
    """Evidence tables taken out of their chapters, for the end of the book; where each stood, a line says where it is."""
    made: list[nodes.Node] = []
    for caption, names in parts:
        sections = []
        for name in names:
            for table in [t for t in files[name].findall(nodes.table) if _is_evidence(t)]:
                label = f"{name}:{table['ids'][0]}"
                rows = len(next(table.findall(nodes.tbody)))
                said = rf"\lrelsewhere{{\detokenize{{{label}}}}}{{{_escape(table[0].astext())}}}{{{rows}}}"
                table.replace_self(nodes.paragraph("", "", _raw(said)))
                back = nodes.paragraph("", "", _raw(rf"\lrback{{\detokenize{{{name}::doc}}}}"))
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
            _raw(r"\part{Evidence tables}") if whole else _raw(""),
            _raw(r"\begin{lrwide}"),
            *made,
            _raw(r"\end{lrwide}"),
        ]
        if made
        else []
    )


def _abbreviations(env: BuildEnvironment) -> list[nodes.Node]:
    """A chapter of abbreviations with the terms they stand for."""
    glossary = load(find_root(Path(env.srcdir))).table("glossary")
    short = glossary[glossary["abbreviation"] != ""].sort_values(
        "abbreviation", key=lambda a: a.map(_sort_key), kind="stable"
    )
    if short.empty:
        return []
    lines = []
    for row in short.itertuples():
        page, label = env.get_domain("std")._terms.get(row.term.lower(), ("", ""))
        alike = _sort_key(row.term).replace("-", "") == _sort_key(row.abbreviation).replace(
            "-", ""
        )  # IL-6 is no news of IL-6
        words = row.definition.partition(". ")[0].rstrip(".") if alike else row.term
        lines.append(
            rf"\lrabbreviation{{{_escape(row.abbreviation)}}}{{{_escape(words)}}}{{\detokenize{{{page}:{label}}}}}"
        )
    listed = _raw("\n".join([r"\begin{lrabbreviations}", *lines, r"\end{lrabbreviations}"]))
    return [nodes.section("", nodes.title("", "Abbreviations"), listed)]


def _taken(gathered: thebibliography) -> Iterable[nodes.Node]:
    gathered.parent.remove(gathered)
    return gathered.children


def _tell_apart(root: nodes.document, letters: dict[str, str]) -> None:
    """Put the letter of its entry behind the year of a citation; on paper nothing else tells *2016a* from *2016b*."""
    waiting = ""
    for piece in root.findall(lambda n: type(n).__name__ == "raw_latex"):
        if opened := re.match(r"\\hyperlink\{(.*)\}\{$", piece.rawsource):
            waiting = letters.get(opened[1], "")
        elif piece.rawsource == "}":
            piece.rawsource, waiting = waiting + "}", ""


def _opening(section: nodes.section) -> nodes.Node | None:
    """The text, table or figure right below the title of a section, in whatever cell, box or section of its own."""
    found, inside = None, section[1:]
    while inside and not isinstance(found, (nodes.table, nodes.figure, nodes.TextElement)):
        found = next(
            (child for child in inside if not isinstance(child, (nodes.Invisible, nodes.title))),
            None,
        )
        inside = found.children if found else []
    return found


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="latex")


def _escape(text: str) -> str:
    return texescape.escape(text, "xelatex")


def _sort_key(text: str) -> str:
    """Where a name stands in an alphabet: ``β-catenin`` with *beta*, ``Śliwa`` with *S*; letters and digits alone."""
    letters = (
        unicodedata.name(c, "").rpartition("LETTER ")[2].split(" WITH")[0].lower()
        if "Α" <= c <= "ω"
        else c
        for c in text
    )
    plain = unicodedata.normalize("NFKD", "".join(letters))
    return re.sub(r"[^a-z0-9 ,-]", "", plain.lower()).lstrip(" ,-") or "~"


class PrintTranslator(LaTeXTranslator):
    """Writes what Sphinx leaves to the screen or to habit: numbers, pages, index, wide figures, tables that fit."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._terms = {
            (page, label): name
            for name, (page, label) in self.builder.env.get_domain("std")._terms.items()
        }
        self._names = {name: title for name, title in self._written_terms()}

    def _written_terms(self) -> Iterator[tuple[str, str]]:
        for kind, name in self.builder.env.get_domain("std").objects:
            if kind == "term":
                yield name.lower(), name

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
            opening = _opening(section)
            if isinstance(opening, nodes.table) and not _is_evidence(opening):
                self.body.append(CR + r"\lrtablenext" + CR)
            elif isinstance(opening, nodes.figure) and (file := self._picture(opening)):
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
    def visit_Text(self, node):
        """A text; in a narrow column a chain such as ``AMPK/TSC2/mTOR`` may break at its strokes."""
        text = self.encode(node.astext())
        self.body.append(
            re.sub(r"(?<=\w)/(?=\w)", r"/\\allowbreak{}", text) if self.table else text
        )

    def depart_row(self, node):
        """A row; a note that belongs to it stands below it across all columns."""
        if not node.get("notes"):
            return super().depart_row(node)
        self.body.append(
            rf"\\*\multicolumn{{{self.table.colcount}}}{{@{{}}p{{\linewidth}}@{{}}}}{{\lrrownote{{"
        )
        for number, note in enumerate(node["notes"]):
            self.body.append(" " if number else "")
            note.walkabout(self)
        self.body.append("}}")
        super().depart_row(node)

    def depart_table(self, node):
        if self.table.get_table_type() != "longtable":
            return super().depart_table(node)
        widths = self.table.colwidths
        gaps = 2 * (len(widths) - 1)
        columns = "".join(
            rf"p{{\dimexpr(\linewidth-{gaps}\tabcolsep)*{width}/{sum(widths)}\relax}}"
            for width in widths
        )
        caption = "".join(self.table.caption)
        self.body += [
            CR + self._number("table", node),
            rf"\begin{{lrtable}}{{{'wide' if _is_evidence(node) else 'text'}}}\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
            + CR,
            rf"\caption{{{caption}}}{self.hypertarget_to(node)}\\*[3pt]" + CR if caption else "",
            rf"\lrheadrule {''.join(self.table.header)}\lrmidrule\endfirsthead" + CR,
            rf"\multicolumn{{{len(widths)}}}{{@{{}}l@{{}}}}{{\lrcontinued}}\\*" + CR
            if caption
            else "",
            rf"\lrheadrule {''.join(self.table.header)}\lrmidrule\endhead\lrfootrule\endfoot\lrfootrule\endlastfoot"
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
                self.body.append(self._indexed(self._names.get(name, name)))
        elif page not in bibliography.bibliography_pages(self.builder.env):
            self.context[-1] += (
                rf"\lronpage{{{self.idescape(f'{page}:{label}' if label else f'{page}::doc')}}}"
            )

    def _indexed(self, name: str, how: str = "") -> str:
        shown = (
            re.sub(r'(["@|!])', r'"\1', self.encode(name))
            .replace(r"\{", r"\sphinxleftcurlybrace{}")
            .replace(r"\}", r"\sphinxrightcurlybrace{}")
        )
        return rf"\index{{{_sort_key(name)}@{shown}{how}}}"

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
