"""The bibliography: author–year labels, marks (retracted, candidate, source review), links, and back-links to the chapters.

Also keeps citing pages fresh: a page that cites an entry is read again when that entry changes, and no other page is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

import pybtex.plugin
from docutils import nodes
from pybtex.backends.plaintext import Backend as PlaintextBackend
from pybtex.database import Entry, Person, parse_file
from pybtex.richtext import HRef, Tag, Text
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ..bibliography import plain

NAME = "livingreview"
MARKS = {
    "candidate": "Likely, not certain, to be the paper that the review cites.",
    "source review": "Source review of this book.",
    "editors": "Found by the editors.",
    "verified": "Record verified.",
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
    names = [str(part).strip("{}") for part in (persons[0].last_names or persons[0].first_names)] if persons else [entry.key]
    more = "+" if len(persons) > 1 else ""
    return f"{' '.join(names)}{more} {entry.fields.get('year', '')}".strip()


class BookStyle(PlainStyle):
    """Pybtex's plain style with PubMed links and the marks that this book puts on an entry."""

    default_label_style = AuthorYearLabels

    def format_entry(self, label: str, entry: Entry, bib_data=None):
        formatted = super().format_entry(label, entry, bib_data)
        extra = []
        if pmid := entry.fields.get("pmid"):
            extra.append(Text(" ", HRef(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PMID {pmid}"), "."))
        if notice := entry.fields.get("retracted"):
            extra.append(Text(" ", Tag("strong", "Retracted"), " (", HRef(f"https://doi.org/{notice}", "notice"), ")."))
        extra += [Text(" ", Tag("em", MARKS[k])) for k in _keywords(entry) if k in MARKS]
        formatted.text = Text(formatted.text, *extra)
        return formatted


def _by_title(entry: Entry) -> Entry:
    """An entry to cite in the text: where no author is known ("[authors not seen]"), the title's first words stand for them."""
    first = next(iter(entry.persons.get("author", [])), None)
    if first is None or not str(first).strip("{}").startswith("["):
        return entry
    words = plain(entry.fields["title"]).strip("[]").removeprefix("title not seen: ").split()
    shown = Person()
    shown.last_names = [f"“{' '.join(words[:4])} …”"]
    return Entry(entry.type, fields=dict(entry.fields), persons={"author": [shown]})


def _keywords(entry: Entry) -> list[str]:
    return [k.strip() for k in entry.fields.get("keywords", "").split(",")]


def setup(app: Sphinx) -> None:
    pybtex.plugin.register_plugin("pybtex.style.formatting", NAME, BookStyle)
    # Asked for at every citation; unregistered, pybtex looks through all installed packages each time (a third of a build).
    pybtex.plugin.register_plugin("pybtex.backends", "plaintext", PlaintextBackend, force=True)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _remember, priority=900)  # after the bibtex domain has settled its citations
    app.connect("doctree-resolved", _add_back_links)


def _digests(env: BuildEnvironment) -> dict[str, str]:
    """Digest of every entry of the bib files as they are now; empty where one cannot be read (the bibtex extension says so)."""
    found = {}
    for path in env.get_domain("cite").bibdata.bibfiles:
        try:
            database = parse_file(str(path), bib_format="bibtex", encoding="utf-8")
        except Exception:  # noqa: BLE001 (pybtex raises many kinds; reporting is not this function's business)
            return {}
        for key, entry in database.entries.items():
            found[key] = hashlib.sha256(entry.to_string("bibtex").encode()).hexdigest()
    return found


def _cited(env: BuildEnvironment) -> dict[str, set[str]]:
    """Entries cited, by page."""
    pages: dict[str, set[str]] = {}
    for reference in env.get_domain("cite").citation_refs:
        pages.setdefault(reference.docname, set()).update(target.key for target in reference.targets)
    return pages


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    before: dict[str, str] = getattr(env, "livingreview_entries", {})
    if not before or all(path.stat().st_mtime <= env.livingreview_read for path in env.get_domain("cite").bibdata.bibfiles):
        return []  # the files are as they were read; parsing them takes a while
    now = _digests(env)
    moved = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    if not moved:
        return []
    pages = {page for page, keys in _cited(env).items() if keys & moved}
    return sorted((pages | _bibliography_pages(env)) & env.found_docs)


def _bibliography_pages(env: BuildEnvironment) -> set[str]:
    return {key.docname for key in env.get_domain("cite").bibliographies}


def _remember(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Settle how entries without authors are cited, note the entries, and write the bibliography again where who cites what has changed."""
    citations = env.get_domain("cite").citations
    citations[:] = [c._replace(entry=_by_title(c.entry)) for c in citations]
    if any(path.stat().st_mtime > getattr(env, "livingreview_read", 0) for path in env.get_domain("cite").bibdata.bibfiles):
        env.livingreview_entries = _digests(env)
        env.livingreview_read = max(path.stat().st_mtime for path in env.get_domain("cite").bibdata.bibfiles)
    cited = {page: (env.titles[page].astext(), sorted(keys)) for page, keys in _cited(env).items()}
    if cited == getattr(env, "livingreview_cited", None):
        return []
    env.livingreview_cited = cited
    return sorted(_bibliography_pages(env))


def _add_back_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    env = app.env
    if docname not in _bibliography_pages(env):
        return
    domain = env.get_domain("cite")
    keys = {citation.citation_id: citation.key for citation in domain.citations}
    order = [name for name in env.toctree_includes.get(env.config.root_doc, [])]
    rank = {name: number for number, name in enumerate(order)}
    pages: dict[str, list[str]] = {}
    for page, cited in _cited(env).items():
        for key in cited:
            pages.setdefault(key, []).append(page)
    for node in doctree.findall(nodes.citation):
        key = next((keys[i] for i in node["ids"] if i in keys), None)
        citing = sorted((p for p in pages.get(key, []) if p != docname), key=lambda p: (rank.get(p, len(rank)), p))
        if not citing:
            continue
        links: list[nodes.Node] = [nodes.Text("Cited in ")]
        for number, page in enumerate(citing):
            if number:
                links.append(nodes.Text(", "))
            title = env.titles[page].astext()
            links.append(nodes.reference("", title, internal=True, refuri=app.builder.get_relative_uri(docname, page)))
        links.append(nodes.Text("."))
        node.append(nodes.paragraph("", "", *links, classes=["lr-cited-in"]))
