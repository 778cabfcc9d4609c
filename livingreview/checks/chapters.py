"""Pages: is each chapter in the book, does it run, and is all that it points at there?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..contract.problems import Problem, nearest
from ..display.markup import table_name
from .myst import Page, Role, is_citation, roles_in, target_of
from .project import Project
from .toc import SUFFIXES

_CALL = re.compile(r"""\bchapter\(\s*(["'])(?P<slug>[^"'\n]*)\1""")
_GLOSSARY = re.compile(r"""\bglossary\(\s*(["'])(?P<page>[^"'\n]*)\1""")
_REFERENCES = re.compile(r"""\.(?P<kind>identified|unresolved)\(\s*(["'])(?P<source>[^"'\n]*)\2""")
_LINK = re.compile(r"\]\((?P<path>[^()\s#:]+\.md)(?:#[^()\s]*)?\)")
_BUILT_IN = {"genindex", "modindex", "search"}
_CHAPTER_TABLES = ("evidence", "errata", "quantities")
_SOURCE_TABLES = ("identified", "unresolved")
_BOOK_TABLES = [
    "mechanisms",
    "replicated",
    "convergence",
    "coverage",
    "all-disagreements",
    "all-gaps",
    "all-errata",
    "sources",
    "certainty-starts",
    "data",
    "glossary",
    "contributors",
]
_HEADER = "Start the file with the header of the other chapters: jupytext (text_representation, format_name: myst) and kernelspec."


def generated_labels(project: Project) -> set[str]:
    """Labels of the tables that the engine makes: for every mechanism, for every source, and for the whole book."""
    labels = {f"tab-{name}" for name in _BOOK_TABLES}
    divided = {"mechanisms": ("mechanisms", "part"), "replicated": ("mechanisms", "part"), "all-gaps": ("mechanisms", "part"), "all-errata": ("sources", "source"), "all-disagreements": ("disagreements", "kind")}  # fmt: skip
    labels |= {
        table_name(f"tab-{name}", part)
        for name, column in divided.items()
        for part in project.values(*column)
    }
    labels |= {
        f"tab-{slug}-{kind}"
        for slug in project.values("mechanisms", "mechanism")
        for kind in _CHAPTER_TABLES
    }
    return labels | {
        f"tab-{kind}-{source}"
        for source in project.values("sources", "source")
        for kind in _SOURCE_TABLES
    }


def problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the pages and their place in the book."""
    yield from _missing_chapters(project)
    yield from _missing_glossary_pages(project)
    yield from _references_of_reviews(project)
    for page in project.pages:
        yield from _place(page, project)
        yield from _header(page, project)
        yield from _calls(page, project)
        yield from _citations(page, project)
        yield from _terms(page, project)
        yield from _links(page, project)
        yield from _forbidden(page)
    yield from _labels(project)


def _problem(page: Page, line: int, value: str, what: str, fix: str, close: str = "") -> Problem:
    return Problem(page.file, line, "", value, what, fix, close)


def _missing_chapters(project: Project) -> Iterator[Problem]:
    for row in project.rows("mechanisms"):
        file = f"chapters/{row['mechanism']}.md"
        if row.sound("mechanism") and not os.path.isfile(project.root / file):
            yield row.problem(
                "mechanism", f"the chapter {file} is missing.", "Add it, or correct the mechanism."
            )


def _missing_glossary_pages(project: Project) -> Iterator[Problem]:
    """The page of a kind of entity is there, and shows its entries: links to their terms lead there."""
    if not project.complete("pages"):
        return
    shown = {
        (page.file, match["page"])
        for page in project.pages
        for cell in page.cells
        for match in _GLOSSARY.finditer(cell.source)
    }
    for row in project.rows("categories"):
        file = f"chapters/{row['page']}.md"
        if row["page"] and row.sound("page") and (file, row["page"]) not in shown:
            what = f"no cell of {file} shows this page of the glossary."
            yield row.problem(
                "page",
                what,
                f'Write glossary("{row["page"]}") in a cell of {file}, or correct the page.',
            )


def _references_of_reviews(project: Project) -> Iterator[Problem]:
    """Where pages list the references of reviews, they list those of every review, and of none that is not there."""
    if not all(project.complete(name) for name in ("pages", "sources", "citations")):
        return
    sources, shown, where, wrong = project.values("sources", "source"), set(), {}, False
    for page in project.pages:
        for cell in page.cells:
            for match in _REFERENCES.finditer(cell.source):
                kind, source = match["kind"], match["source"]
                shown.add((kind, source))
                where.setdefault(kind, page.file)
                if source not in sources:
                    wrong = True
                    line = cell.first + cell.source.count("\n", 0, match.start())
                    yield _problem(
                        page,
                        line,
                        source,
                        "data/sources.csv has no such review.",
                        "Name a review by its key.",
                        nearest(source, sources),
                    )
    found: dict[tuple[str, str], None] = {}
    for row in project.rows("citations"):
        if row.sound("source", "citekey", "status") and (
            row["citekey"] or row["status"] != "not_printed"
        ):
            found["identified" if row["citekey"] else "unresolved", row["source"]] = None
    for kind, source in found:
        if kind in where and (kind, source) not in shown and source in sources and not wrong:
            what = f"no page lists the {kind} references of this review."
            fix = f'Write book.{kind}("{source}") in a cell of {where[kind]}, below a heading of its own.'
            yield sources[source].problem("source", what, fix)


def _place(page: Page, project: Project) -> Iterator[Problem]:
    if project.toc.complete and page.file not in {item.file for item in project.toc.items}:
        yield _problem(
            page,
            0,
            "",
            "_toc.yml does not list this page.",
            "Add a line '- file: ' under its part, or delete the page.",
        )


def _mechanism_of(page: Page, project: Project) -> str:
    """The mechanism whose chapter this page is, or ""."""
    path = PurePosixPath(page.file)
    return (
        path.stem
        if str(path.parent) == "chapters" and path.stem in project.values("mechanisms", "mechanism")
        else ""
    )


def _header(page: Page, project: Project) -> Iterator[Problem]:
    """Without the notebook header the build prints the cells as text and only warns."""
    runs = (
        page.cells
        or any(role.name.startswith("eval") for role in page.roles)
        or _mechanism_of(page, project)
    )
    if runs and page.complete and not page.notebook:
        yield _problem(
            page, 1, "", "the page has no notebook header, so its cells would not run.", _HEADER
        )


def _calls(page: Page, project: Project) -> Iterator[Problem]:
    """Cells name their mechanism, and a mechanism's chapter names its own."""
    if not project.complete("mechanisms"):
        return
    known = project.values("mechanisms", "mechanism")
    own, called, wrong = _mechanism_of(page, project), set(), False
    for cell in page.cells:
        for match in _CALL.finditer(cell.source):
            slug = match["slug"]
            called.add(slug)
            if slug not in known:
                wrong = True
                line = cell.first + cell.source.count("\n", 0, match.start())
                what = "data/mechanisms.csv has no such mechanism."
                yield _problem(
                    page,
                    line,
                    slug,
                    what,
                    "Name the mechanism of this chapter.",
                    nearest(slug, known),
                )
    if own and own not in called and page.complete and not wrong:
        what = "the chapter never asks for the data of its own mechanism."
        yield _problem(page, 0, "", what, f'Write chapter("{own}") in its first code cell.', own)


def _citations(page: Page, project: Project) -> Iterator[Problem]:
    if not project.complete("references"):
        return
    known = project.values("references", "citekey")
    for citation in page.citations:
        if citation.key not in known:
            what = "references.bib has no such key."
            close = nearest(citation.key, known)
            yield _problem(
                page, citation.line, citation.key, what, "Correct it, or add the entry.", close
            )


def _terms(page: Page, project: Project) -> Iterator[Problem]:
    if not project.complete("glossary"):
        return
    terms = [term for term in project.values("glossary", "term") if term]
    known = {term.lower() for term in terms}
    for role in page.roles:
        target = target_of(role.text)
        if role.name == "term" and target.lower() not in known:
            what = "data/glossary.csv has no such term."
            yield _problem(
                page,
                role.line,
                target,
                what,
                "Correct it, or add the term.",
                nearest(target, terms),
            )


def _links(page: Page, project: Project) -> Iterator[Problem]:
    """Other pages, by {doc} and by Markdown links. A listed page that is missing is reported with the contents."""
    folder = str(PurePosixPath(page.file).parent)
    listed = [item.name.removesuffix(".md") for item in project.toc.items]
    links = [
        Role("", m["path"], page.prose.count("\n", 0, m.start()) + 1)
        for m in _LINK.finditer(page.prose)
    ]
    for role in (*page.roles, *links):
        if role.name not in ("doc", ""):
            continue
        target = target_of(role.text)
        name = os.path.normpath(
            target.lstrip("/") if target.startswith("/") else os.path.join(folder, target)
        )
        if name.removesuffix(".md") in listed or any(
            os.path.isfile(project.root / f"{name}{s}") for s in ("", *SUFFIXES)
        ):
            continue
        seen_from_here = [
            os.path.relpath(item, folder) + ("" if role.name else ".md") for item in listed
        ]
        what = "there is no such page."
        yield _problem(
            page,
            role.line,
            target,
            what,
            "Write its path as seen from this page.",
            nearest(target, seen_from_here),
        )


def _forbidden(page: Page) -> Iterator[Problem]:
    for line in page.scripts:
        fix = "Remove it; charts come from code cells, so that they work offline and in print."
        yield _problem(page, line, "<script", "a page may not carry a script of its own.", fix)
    in_captions = [
        (leaf.line, role)
        for leaf in page.captions
        for role in roles_in(leaf.value)
        if is_citation(role.name)
    ]
    for cell in page.cells:
        for number, line in enumerate(cell.source.split("\n"), cell.first):
            if "caption" in line:
                in_captions += [(number, role) for role in roles_in(line) if is_citation(role.name)]
    for line, role in in_captions:
        what = "a citation inside a caption breaks the PDF."
        yield _problem(page, line, role.text, what, "Cite in the text before or after it.")


def _labels(project: Project) -> Iterator[Problem]:
    """Labels are unique in the book, and every reference leads to one. Sphinx does not tell capitals from small letters."""
    first = {label.lower(): "the engine" for label in generated_labels(project)}
    for page in project.pages:
        for label in page.labels:
            place = f"{page.file}:{label.line}"
            other = first.setdefault(label.value.lower(), place)
            if other != place:
                what = f"the label is already set by {other}."
                yield _problem(page, label.line, label.value, what, "Choose another.")
    # a label may be set on a page, or made for a row, that could not be read
    if not all(project.complete(name) for name in ("pages", "mechanisms", "sources")):
        return
    for page in project.pages:
        for role in page.roles:
            target = target_of(role.text)
            if (
                role.name in ("ref", "numref")
                and target.lower() not in first
                and target not in _BUILT_IN
            ):
                close = nearest(target, first)
                yield _problem(
                    page,
                    role.line,
                    target,
                    "no page has this label.",
                    "Correct it, or set the label.",
                    close,
                )
