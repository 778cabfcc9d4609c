"""The bibliography: author–year labels, marks (retracted, candidate, source review), links, and
back-links to the chapters.

Every paper has its citekey as its address (``bibliography.html#zhu2023notch``), and a citation of a
retracted paper says so. Also keeps citing pages fresh: a page that cites an entry is read again
when that entry changes, and no other page is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pybtex.plugin
from docutils import nodes
from pybtex.backends.plaintext import Backend as PlaintextBackend
from pybtex.database import Entry, Person, parse_file
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import template
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from ..contract.bibliography import plain
from ..contract.characters import CHINESE_PHRASE, has_chinese
from .domain import bibtex_domain, domain_of

NAME = "livingreview"
RETRACTED = "retracted"
MARKS = {
    "verified": "Record verified",
    "candidate": "Likely, not certain",
    "source review": "Source review",
    "editors": "Found by the editors",
}


class AuthorYearLabels(BaseLabelStyle):
    """``Zhu+ 2023``, with a letter where two entries would share a label."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        entries = list(sorted_entries)
        plain = [_label(entry) for entry in entries]
        shared = {label for label, n in Counter(plain).items() if n > 1}
        used: Counter[str] = Counter()
        for label in plain:
            if label in shared:
                used[label] += 1
                yield label + chr(ord("a") + used[label] - 1)
            else:
                yield label


def _label(entry: Entry) -> str:
    entry = _by_title(entry)
    persons = entry.persons.get("author", [])
    names = (
        [str(part).strip("{}") for part in (persons[0].last_names or persons[0].first_names)]
        if persons
        else [entry.key]
    )
    more = "+" if len(persons) > 1 else ""
    return f"{' '.join(names)}{more} {entry.fields.get('year', '')}".strip()


class BookStyle(PlainStyle):
    """Pybtex's plain style with PubMed links and the marks that this book puts on an entry."""

    default_label_style = AuthorYearLabels

    def format_entry(self, label: str, entry: Entry, bib_data=None):
        formatted = super().format_entry(label, _noted(entry), bib_data)
        extra = []
        if pmid := entry.fields.get("pmid"):
            extra.append(
                Text(" ", HRef(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PMID {pmid}"), ".")
            )
        extra += [Text(" ", Tag("em", MARKS[k])) for k in _keywords(entry) if k in MARKS]
        first = []
        if notice := entry.fields.get("retracted"):
            first.append(
                Text(
                    Tag("strong", RETRACTED.capitalize()),
                    " (",
                    HRef(f"https://doi.org/{notice}", "notice"),
                    "). ",
                )
            )
        formatted.text = Text(*first, formatted.text, *extra)
        return formatted


def _noted(entry: Entry) -> Entry:
    """The entry; without its note where that tells other programs what the mark of a retracted
    paper says here.
    """
    if "retracted" not in entry.fields:
        return entry
    shown = Entry(
        entry.type,
        fields={name: value for name, value in entry.fields.items() if name != "note"},
        persons=entry.persons,
    )
    shown.key = entry.key
    return shown


def _by_title(entry: Entry) -> Entry:
    """An entry to label: where no author is known ("[authors not seen]"), the title's first words
    stand for them.
    """
    first = next(iter(entry.persons.get("author", [])), None)
    if first is None or not str(first).strip("{}").startswith("["):
        return entry
    words = plain(entry.fields["title"]).strip("[]").removeprefix("title not seen: ").split()
    shown = Person()
    shown.last_names = [f"“{' '.join(words[:4])} …”"]
    return Entry(entry.type, fields=dict(entry.fields), persons={"author": [shown]})


def as_cited(entry: Entry) -> Entry:
    """An entry to cite in the text: with words for authors where none is known, and with
    *retracted* where it is so.
    """
    if "retracted" in entry.fields:
        fields = {**entry.fields, "year": f"{entry.fields.get('year', 'n.d.')}, {RETRACTED}"}
        entry = Entry(entry.type, fields=fields, persons=entry.persons)
    return _by_title(entry)


@template.node
def _with_entry_as_cited(children: list[template.Node], data: dict[str, Any]) -> Any:
    """The one child, a reference, made from the entry as it is cited."""
    (reference,) = children
    return reference.format_data(data | {"entry": as_cited(data["entry"])})


class BookReferenceStyle(AuthorYearReferenceStyle):
    """Author and year; see `as_cited`."""

    def inner(self, role_name: str) -> template.Node:
        return _with_entry_as_cited[super().inner(role_name)]


def _keywords(entry: Entry) -> list[str]:
    return [k.strip() for k in entry.fields.get("keywords", "").split(",")]


def setup(app: Sphinx) -> None:
    pybtex.plugin.register_plugin("pybtex.style.formatting", NAME, BookStyle)
    register_plugin("sphinxcontrib.bibtex.style.referencing", NAME, BookReferenceStyle)
    # Asked for at every citation; unregistered, pybtex looks through all installed packages each
    # time (a third of a build).
    pybtex.plugin.register_plugin("pybtex.backends", "plaintext", PlaintextBackend, force=True)
    app.connect("config-inited", _configure)
    app.add_node(nodes.citation, override=True, html=(_open_entry, _close_entry))
    app.connect("env-get-outdated", _outdated)
    app.connect(
        "env-updated", _remember, priority=900
    )  # after the bibtex domain has settled its citations
    app.connect("doctree-resolved", _mark_citations)
    app.connect("doctree-resolved", add_backlinks)


def _open_entry(translator, node: nodes.citation) -> None:
    """An item of a list. (Docutils writes roles for it that ARIA has given up.)"""
    if not isinstance(node.previous_sibling(), nodes.citation):
        translator.body.append('<div role="list" class="citation-list">\n')
    translator.body.append(translator.starttag(node, "div", classes=["citation"], role="listitem"))


def _close_entry(translator, node: nodes.citation) -> None:
    translator.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        translator.body.append("</div>\n")


def _configure(app: Sphinx, config: Config) -> None:
    """Addresses by citekey (numbers in the order of the file otherwise), and no tooltips: cards
    take their place.
    """
    config.bibtex_cite_id = config.bibtex_cite_id or "{key}"
    config.bibtex_tooltips = False


def _age(env: BuildEnvironment) -> float:
    """When a bib file last changed, in seconds."""
    files = bibtex_domain(env).bibdata.bibfiles
    return max((path.stat().st_mtime for path in files), default=0)


def _digests(env: BuildEnvironment) -> dict[str, str]:
    """Digest of every entry of the bib files as they are now; empty where one cannot be read (the
    bibtex extension says so).
    """
    found = {}
    for path in bibtex_domain(env).bibdata.bibfiles:
        try:
            database = parse_file(str(path), bib_format="bibtex", encoding="utf-8")
        except Exception:
            return {}
        for key, entry in database.entries.items():
            found[key] = hashlib.sha256(entry.to_string("bibtex").encode()).hexdigest()
    return found


def _cited(env: BuildEnvironment) -> dict[str, set[str]]:
    """Entries cited, by page."""
    pages: dict[str, set[str]] = {}
    for reference in bibtex_domain(env).citation_refs:
        pages.setdefault(reference.docname, set()).update(
            target.key for target in reference.targets
        )
    return pages


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    memory = domain_of(env).read_with
    before: dict[str, str] = memory.get("entries", {})
    if not before or _age(env) <= memory["entries_of"]:
        return []  # the files are as they were read; parsing them takes a while
    now = _digests(env)
    moved = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    if not moved:
        return []
    pages = {page for page, keys in _cited(env).items() if keys & moved}
    return sorted((pages | bibliography_pages(env)) & env.found_docs)


def bibliography_pages(env: BuildEnvironment) -> set[str]:
    """The pages that hold a bibliography."""
    return {key.docname for key in bibtex_domain(env).bibliographies}


def _remember(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note the entries, and write the bibliography again where who cites what has changed."""
    domain = domain_of(env)
    if (age := _age(env)) > domain.read_with.get("entries_of", 0):
        domain.read_with.update(entries=_digests(env), entries_of=age)
    cited = {page: (env.titles[page].astext(), sorted(keys)) for page, keys in _cited(env).items()}
    return sorted(bibliography_pages(env)) if domain.must_write("cited", cited) else []


def _mark_citations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the links of citations of retracted papers, and the word in them, a class."""
    domain = bibtex_domain(app.env)
    retracted = {c.key: c.citation_id for c in domain.citations if "retracted" in c.entry.fields}
    cited = {retracted[key] for key in _cited(app.env).get(docname, ()) if key in retracted}
    for link in doctree.findall(nodes.reference) if cited else ():
        if link.get("refuri", link.get("refid", "")).rpartition("#")[
            2
        ] in cited and link.astext().endswith(RETRACTED):
            link["classes"].append("lr-retracted")
            last = link.children[-1]
            link.replace(
                last,
                [
                    nodes.Text(last.astext().removesuffix(RETRACTED)),
                    nodes.inline("", RETRACTED, classes=["lr-retracted-word"]),
                ],
            )


def add_backlinks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Add to each entry where it is cited, and classes for its marks and its Chinese words.

    docname: a page with a bibliography; `doctree` is that page, or the whole book with it.
    """
    env = app.env
    if docname not in bibliography_pages(env):
        return
    domain = bibtex_domain(env)
    citations = {citation.citation_id: citation for citation in domain.citations}
    order = env.toctree_includes.get(env.config.root_doc, [])
    rank = {name: number for number, name in enumerate(order)}
    pages: dict[str, list[str]] = {}
    for page, cited in _cited(env).items():
        for key in cited:
            pages.setdefault(key, []).append(page)
    marks = {words: f"lr-is-{kind.replace(' ', '-')}" for kind, words in MARKS.items()} | {
        RETRACTED.capitalize(): f"lr-is-{RETRACTED}"
    }
    for node in list(doctree.findall(nodes.citation)):
        citation = next((citations[i] for i in node["ids"] if i in citations), None)
        node["classes"].append("lr-paper")
        for mark in [*node.findall(nodes.emphasis), *node.findall(nodes.strong)]:
            if kind := marks.get(mark.astext()):
                mark["classes"] += ["lr-mark", kind]
                node["classes"].append(kind)
        for text in list(node.findall(nodes.Text)):
            _mark_chinese(text)
        citing = sorted(
            (p for p in pages.get(citation.key if citation else "", []) if p != docname),
            key=lambda p: (rank.get(p, len(rank)), p),
        )
        if not citing:
            continue
        links: list[nodes.Node] = [nodes.Text("Cited in ")]
        for number, page in enumerate(citing):
            if number:
                links.append(nodes.Text(", "))
            title = env.titles[page].astext()
            links.append(
                nodes.reference(
                    "", title, internal=True, refuri=app.builder.get_relative_uri(docname, page)
                )
            )
        links.append(nodes.Text("."))
        node.append(nodes.paragraph("", "", *links, classes=["lr-cited-in"]))


def _mark_chinese(text: nodes.Text) -> None:
    """Wrap the Chinese in a text, so that it is read and set as such."""
    if not has_chinese(text):
        return
    parts = [
        nodes.inline("", piece, classes=["language-zh-Hans", "lr-zh"])
        if n % 2
        else nodes.Text(piece)
        for n, piece in enumerate(CHINESE_PHRASE.split(text))  # every second one is Chinese
        if piece
    ]
    text.parent.replace(text, parts)
