"""Links: all that a page cites, names or points at is there."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath

from ...contract.problems import nearest
from ...display import table_labels
from ..model import PAGES, REFERENCES, Located, Project, SourcePage
from ..read.toc import SUFFIXES
from .rule import Problems, each_page, whole

_BUILT_IN = {"genindex", "modindex", "search"}


@each_page(REFERENCES)
def citations_are_in_the_bibliography(page: SourcePage, project: Project) -> Problems:
    """Every key that a page cites is one of `references.bib`."""
    keys = project.citekeys
    known = set(keys)
    for citation in page.citations:
        if citation.value not in known:
            what, fix = "references.bib has no such key.", "Correct it, or add the entry."
            close = nearest(citation.value, keys)
            yield page.problem(citation.line, citation.value, what, fix, close)


@each_page("glossary")
def terms_are_in_the_glossary(page: SourcePage, project: Project) -> Problems:
    """Every {term} is one of the glossary, whatever its capitals."""
    terms = [term for term in project.values("glossary", "term") if term]
    known = {term.lower() for term in terms}
    for role in page.roles:
        if role.name == "term" and role.target.lower() not in known:
            what, fix = "data/glossary.csv has no such term.", "Correct it, or add the term."
            yield page.problem(role.line, role.target, what, fix, nearest(role.target, terms))


@each_page()
def linked_pages_are_there(page: SourcePage, project: Project) -> Problems:
    """Other pages, by {doc} and by links. A listed page that is missing is the contents' matter."""
    folder = str(PurePosixPath(page.file).parent)
    listed = [item.name.removesuffix(".md") for item in project.toc.items]
    documents = [Located(role.target, role.line) for role in page.roles if role.name == "doc"]
    for links, suffix in ((documents, ""), (page.links, ".md")):
        for target, line in links:
            from_root = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            name = posixpath.normpath(from_root)
            there = any(project.has_file(f"{name}{s}") for s in ("", *SUFFIXES))
            if name.removesuffix(".md") not in listed and not there:
                seen_from_here = [posixpath.relpath(item, folder) + suffix for item in listed]
                fix = "Write its path as seen from this page."
                close = nearest(target, seen_from_here)
                yield page.problem(line, target, "there is no such page.", fix, close)


@whole()
def labels_are_unique(project: Project) -> Problems:
    """No two pages set a label, and none sets one of the engine's."""
    first = _generated(project)
    for page in project.pages:
        for label in page.labels:
            place = f"{page.file}:{label.line}"
            other = first.setdefault(label.value.lower(), place)
            if other != place:
                what = f"the label is already set by {other}."
                yield page.problem(label.line, label.value, what, "Choose another.")


@whole(PAGES, "mechanisms", "sources")
def referred_labels_are_there(project: Project) -> Problems:
    """Every {ref} and {numref} leads to a label, whatever its capitals."""
    labels = _generated(project)
    for page in project.pages:
        labels |= {label.value.lower(): page.file for label in page.labels}
    for page in project.pages:
        for role in page.roles:
            target = role.target
            if role.name not in ("ref", "numref") or target in _BUILT_IN:
                continue
            if target.lower() not in labels:
                what, fix = "no page has this label.", "Correct it, or set the label."
                yield page.problem(role.line, target, what, fix, nearest(target, labels))


def _generated(project: Project) -> dict[str, str]:
    """`generated_labels` in lower case, for Sphinx does not tell capitals from small letters."""
    return {label.lower(): "the engine" for label in sorted(generated_labels(project))}


def generated_labels(project: Project) -> set[str]:
    """Labels of the tables that the engine makes, for mechanisms, sources and the whole book."""
    labels = {table_labels.of_book(table) for table in table_labels.OF_BOOK}
    for table, column in table_labels.OF_BOOK.items():
        parts = project.values(*column) if column else ()
        labels |= {table_labels.of_book(table, part) for part in parts}
    for mechanism in project.values("mechanisms", "mechanism"):
        labels |= {table_labels.of_chapter(mechanism, table) for table in table_labels.OF_CHAPTER}
    for source in project.values("sources", "source"):
        labels |= {table_labels.of_source(source, table) for table in table_labels.OF_SOURCE}
    return labels
