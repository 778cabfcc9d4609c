"""Chapters and other pages: each is in the book and runs, each shows what is its own to show."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ...contract.problems import nearest
from ..model import PAGES, Project, SourcePage
from .citations import NOT_PRINTED
from .rule import Problems, each_page, whole

_CALL = re.compile(r"""\bchapter\(\s*(["'])(?P<slug>[^"'\n]*)\1""")
_GLOSSARY = re.compile(r"""\bglossary\(\s*(["'])(?P<page>[^"'\n]*)\1""")
_REFERENCES = re.compile(r"""\.(?P<kind>identified|unresolved)\(\s*(["'])(?P<source>[^"'\n]*)\2""")
_HEADER = (
    "Start the file with the header of the other chapters: "
    "jupytext (text_representation, format_name: myst) and kernelspec."
)


@each_page()
def page_is_in_the_contents(page: SourcePage, project: Project) -> Problems:
    """A page that _toc.yml does not list is not in the book."""
    if project.toc.complete and page.file not in {item.file for item in project.toc.items}:
        fix = "Add a line '- file: ' under its part, or delete the page."
        yield page.problem(0, "", "_toc.yml does not list this page.", fix)


@each_page()
def page_with_cells_is_a_notebook(page: SourcePage, project: Project) -> Problems:
    """Without the notebook header the build prints the cells as text and only warns."""
    evaluates = any(role.name.startswith("eval") for role in page.roles)
    runs = page.cells or evaluates or _mechanism_of(page, project)
    if runs and page.complete and not page.notebook:
        what = "the page has no notebook header, so its cells would not run."
        yield page.problem(1, "", what, _HEADER)


@each_page("mechanisms")
def chapter_asks_for_its_own_data(page: SourcePage, project: Project) -> Problems:
    """Cells name mechanisms that are there, and a mechanism's chapter names its own."""
    known = project.values("mechanisms", "mechanism")
    own, called, wrong = _mechanism_of(page, project), set(), False
    for cell in page.cells:
        for match in _CALL.finditer(cell.source):
            slug = match["slug"]
            called.add(slug)
            if slug not in known:
                wrong = True
                what = "data/mechanisms.csv has no such mechanism."
                fix = "Name the mechanism of this chapter."
                line = cell.line_at(match.start())
                yield page.problem(line, slug, what, fix, nearest(slug, known))
    if own and own not in called and page.complete and not wrong:
        what = "the chapter never asks for the data of its own mechanism."
        yield page.problem(0, "", what, f'Write chapter("{own}") in its first code cell.', own)


def _mechanism_of(page: SourcePage, project: Project) -> str:
    """The mechanism whose chapter this page is, or ""."""
    path = PurePosixPath(page.file)
    is_one = path.stem in project.values("mechanisms", "mechanism")
    return path.stem if str(path.parent) == "chapters" and is_one else ""


@whole(PAGES)
def every_page_of_the_glossary_is_shown(project: Project) -> Problems:
    """The page of a kind of entity shows its entries: links to their terms lead there."""
    shown = {
        (page.file, match["page"])
        for page in project.pages
        for cell in page.cells
        for match in _GLOSSARY.finditer(cell.source)
    }
    for row in project.rows("categories"):
        name, file = row["page"], f"chapters/{row['page']}.md"
        if name and row.sound("page") and (file, name) not in shown:
            what = f"no cell of {file} shows this page of the glossary."
            fix = f'Write glossary("{name}") in a cell of {file}, or correct the page.'
            yield row.problem("page", what, fix)


@each_page(PAGES, "sources", "citations")
def listed_references_are_of_a_review(page: SourcePage, project: Project) -> Problems:
    """Where a page lists the references of a review, the review is there."""
    sources = project.values("sources", "source")
    for cell in page.cells:
        for match in _REFERENCES.finditer(cell.source):
            source = match["source"]
            if source not in sources:
                what, fix = "data/sources.csv has no such review.", "Name a review by its key."
                line = cell.line_at(match.start())
                yield page.problem(line, source, what, fix, nearest(source, sources))


@whole(PAGES, "sources", "citations")
def references_of_every_review_are_listed(project: Project) -> Problems:
    """Where pages list the references of reviews, they list those of every review."""
    sources = project.values("sources", "source")
    lists = [
        (match["kind"], match["source"], page.file)
        for page in project.pages
        for cell in page.cells
        for match in _REFERENCES.finditer(cell.source)
    ]
    if any(source not in sources for _, source, _ in lists):
        return  # the list sought may be the one that names another review
    shown = {(kind, source) for kind, source, _ in lists}
    files = {kind: file for kind, _, file in reversed(lists)}  # the first of each kind
    there = dict.fromkeys(
        ("identified" if row["citekey"] else "unresolved", row["source"])
        for row in project.rows("citations")
        if row.sound("source", "citekey", "status")
        and (row["citekey"] or row["status"] != NOT_PRINTED)
    )
    for kind, source in there:
        if kind in files and (kind, source) not in shown and source in sources:
            what = f"no page lists the {kind} references of this review."
            where = f"in a cell of {files[kind]}, below a heading of its own"
            fix = f'Write book.{kind}("{source}") {where}.'
            yield sources[source].problem("source", what, fix)
