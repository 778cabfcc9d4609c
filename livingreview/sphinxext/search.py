"""The search of the site: an index of the text (Pagefind) and a list of names, made when pages were
written; Sphinx's own is switched off.

Names settle what a query means: a symbol, synonym or Chinese name leads to its chapter and its
glossary term, and a word that is in no page is put right by the nearest that is. Pagefind knows no
synonyms and no misspellings, so it searches the text alone. ``theme/scripts/search.js`` reads both,
on first use.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import cast

from pybtex.richtext import Text
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from ..contract.bibliography import plain
from ..contract.characters import HAN, HAN_MARKS
from ..contract.tables import rows
from ..derive import search_names
from ..review import Review, find_root, load
from . import site
from .bibliography import as_cited
from .domain import bibtex_domain, standard_domain

logger = logging.getLogger(__name__)
FOLDER = "pagefind"  # in the site
NAMES = "names.json"
_NOT_TEXT = [".headerlink", ".toctree-wrapper", ".lr-shared", ".lr-filter"]
_DRAWN = re.compile(r"<(script|svg|style)\b.*?</\1>", re.DOTALL)
# Glossary, its index, and bibliography: their entries are found by name.
_LISTED = re.compile(
    r'<(dl|div) [^>]*class="(?:[^"]* )?(?:glossary|citation|lr-index)[ "].*?</\1>', re.DOTALL
)
_UNUSED = ["pagefind-*ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind"]
_BESIDE_CHINESE = re.compile(rf"(?<=[{HAN}{HAN_MARKS}])(?=\S)|(?<=\S)(?=[{HAN}{HAN_MARKS}])")
_HEADING = re.compile(r'<section id="([^"]+)">\s*((?:<span [^>]*></span>)*)<(h[1-6])>')
_WORD = re.compile(r"[^\W\d_][\w’'-]*\w")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _switch_sphinx_search_off)
    site.connect(app, "html-collect-pages", _results_page)
    site.connect(app, "build-finished", _index)


def _switch_sphinx_search_off(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False
        (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)  # of a build before this one


def _results_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The page for links to a search; ``theme/search.html``."""
    yield "search", {"title": "Search"}, "search.html"


def _index(app: Sphinx, error: Exception | None) -> None:
    """Write ``pagefind/`` into the site where a page or a name has changed since it was last
    written.
    """
    if error or app.builder.name != "html":
        return
    pages, things, target = _pages(app), list(_things(app)), Path(app.outdir) / FOLDER
    try:
        stamp = _stamp(pages, things)
        if (target / "stamp").is_file() and (target / "stamp").read_text(encoding="utf-8") == stamp:
            return
        with tempfile.TemporaryDirectory() as folder:
            bundle = _bundle(pages, things, Path(folder))
            (bundle / "stamp").write_text(stamp, encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(bundle, target)
    except ModuleNotFoundError as missing:
        logger.warning(
            f"The pages are written, their search index is not: {missing}. Fix: pip install -r"
            " requirements.txt"
        )
    except (OSError, subprocess.SubprocessError) as failure:
        said = getattr(failure, "stderr", None) or str(failure)
        logger.warning(
            f"The pages are written, their search index is not. Pagefind says: {said.strip()}"
        )


def _bundle(pages: dict[str, Path], things: list[dict], folder: Path) -> Path:
    """Make the index of the pages (by address) in an empty folder; gives the folder in it to
    publish.

    Raises ModuleNotFoundError, OSError or SubprocessError.
    """
    from pagefind_bin_extended import (
        get_executable,
    )  # here, so that all but the search can do without

    chapters = {thing["url"] for thing in things if thing["kind"] == "chapter"}
    words: Counter[str] = Counter()
    for url, page in pages.items():
        text = _prepared(page.read_text(encoding="utf-8"), 1 if url in chapters else 0.3)
        words.update(_words(text))
        copy = folder / url
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    command = [
        str(get_executable()),
        "--site",
        str(folder),
        "--keep-index-url",
        "--silent",
        "--force-language",
        "en",
    ]
    for selector in _NOT_TEXT:
        command += ["--exclude-selectors", selector]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    bundle = folder / FOLDER
    for path in chain.from_iterable(bundle.glob(pattern) for pattern in _UNUSED):
        path.unlink()
    listed = {"things": things, "words": [word for word, _ in words.most_common()]}
    (bundle / NAMES).write_text(
        json.dumps(listed, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    return bundle


def _pages(app: Sphinx) -> dict[str, Path]:
    """The written pages of the book by address, in reading order."""
    builder = cast(StandaloneHTMLBuilder, app.builder)
    found = {
        builder.get_target_uri(name): Path(builder.get_outfilename(name))
        for name in _reading_order(app.env)
    }
    return {url: path for url, path in found.items() if path.is_file()}


def _reading_order(env: BuildEnvironment) -> list[str]:
    """All pages: the root, then as the tables of contents have them, then those in none."""
    order, waiting = [], [env.config.root_doc]
    while waiting:
        if (name := waiting.pop(0)) not in order:
            order.append(name)
            waiting[:0] = env.toctree_includes.get(name, [])
    return [
        name for name in [*order, *sorted(env.found_docs - set(order))] if name in env.found_docs
    ]


def _stamp(pages: dict[str, Path], things: list[dict]) -> str:
    """Digest of all that the index is made from: the files as they lie there, the names, this
    module and Pagefind.
    """
    files = [(url, path.stat().st_mtime_ns, path.stat().st_size) for url, path in pages.items()]
    made_with = version("pagefind_bin_extended"), Path(__file__).read_text(encoding="utf-8")
    return hashlib.sha256(repr((files, things, made_with)).encode()).hexdigest()


def _prepared(page: str, weight: float) -> str:
    """The article of a page as Pagefind should see it: without drawings, and without glossary and
    bibliography, which are found by name.

    Headings carry the id of their section, so that a result can name the section. Between Chinese
    characters stand spaces: each is a word then, and a phrase of them finds any part of a sentence
    (Pagefind would take a whole clause on an English page as one word). weight: 1 for chapters,
    less for pages that repeat what chapters say. Tables count half: prose comes before the rows
    that it sums up.
    """
    start, end = page.find("<article"), page.rfind("</article>")
    article = _HEADING.sub(
        r'<section>\2<\3 id="\1">', _LISTED.sub("", _DRAWN.sub("", page[start:end]))
    )
    article = article.replace("<table ", f'<table data-pagefind-weight="{weight / 2}" ')
    text = _BESIDE_CHINESE.sub(" ", article)
    body = f'<body data-pagefind-weight="{weight}">{text}</article></body>'
    return f'<!doctype html><html lang="en">{body}</html>'


def _words(prepared: str) -> list[str]:
    """Words of a prepared page as printed, in small letters: ``a-β``, ``cells``."""
    return _WORD.findall(html.unescape(re.sub(r"<[^>]*>", " ", prepared)).lower())


def _things(app: Sphinx) -> Iterator[dict]:
    """All that can be looked for by name.

    Each is a dict: kind (chapter, page, term, table, paper), url (from the root of the site),
    title; and, where there is any, zh (the Chinese title), names (what else it is called), text
    (what it says, in short).
    """
    try:
        review = load(find_root(Path(app.srcdir)))
    except Exception:
        return
    yield from _page_things(app, review)
    yield from _term_things(app, review)
    yield from _table_things(app)
    yield from _paper_things(app)


def _thing(
    kind: str, url: str, title: str, zh: str = "", names: list[str] | None = None, text: str = ""
) -> dict:
    parts = {"kind": kind, "url": url, "title": title, "zh": zh, "names": names, "text": text}
    return {key: value for key, value in parts.items() if value}


def _page_things(app: Sphinx, review: Review) -> Iterator[dict]:
    pages = [name for name in _reading_order(app.env) if name in app.env.titles]
    mechanisms = {f"chapters/{row.mechanism}": row for row in rows(review.table("mechanisms"))}
    order = [mechanisms[page].mechanism for page in pages if page in mechanisms]
    known = search_names.of_entities(review.tables)
    subjects: dict[str, list[str]] = {}
    for entity, mechanism in search_names.chapters_of_entities(review.tables, order).items():
        subjects.setdefault(mechanism, []).extend(known.get(entity, []))
    for page in pages:
        url, words = app.builder.get_target_uri(page), page.rpartition("/")[2].replace("-", " ")
        if row := mechanisms.get(page):
            yield _thing(
                "chapter",
                url,
                row.label,
                row.label_zh,
                [*subjects.get(row.mechanism, []), words],
                row.summary,
            )
        else:
            yield _thing("page", url, app.env.titles[page].astext(), names=[words])


def _term_things(app: Sphinx, review: Review) -> Iterator[dict]:
    known = search_names.of_entities(review.tables)
    by_term = {row.term.lower(): row for row in rows(review.table("glossary"))}
    for (kind, term), (page, anchor) in standard_domain(app.env).objects.items():
        if kind == "term":
            row = by_term.get(term.lower())
            url = f"{app.builder.get_target_uri(page)}#{anchor}"
            if row is None:
                yield _thing("term", url, term)
            else:
                others = [
                    name
                    for name in [row.abbreviation, *known.get(row.entity, [])]
                    if name not in ("", row.term, row.term_zh)
                ]
                yield _thing(
                    "term", url, row.term, row.term_zh, list(dict.fromkeys(others)), row.definition
                )


def _table_things(app: Sphinx) -> Iterator[dict]:
    for page, anchor, caption in standard_domain(app.env).labels.values():
        if number := app.env.toc_fignumbers.get(page, {}).get("table", {}).get(anchor):
            printed = f"Table {'.'.join(map(str, number))}"
            yield _thing(
                "table",
                f"{app.builder.get_target_uri(page)}#{anchor}",
                caption,
                names=[printed],
                text=app.env.titles[page].astext(),
            )


def _paper_things(app: Sphinx) -> Iterator[dict]:
    for citation in bibtex_domain(app.env).citations:
        entry = as_cited(citation.entry)
        page = app.builder.get_target_uri(citation.bibliography_key.docname)
        url = f"{page}#{citation.citation_id}"
        authors = [
            _without_latex(" ".join(person.last_names or person.first_names))
            for person in entry.persons.get("author", [])
        ]
        field = {
            name: _without_latex(entry.fields.get(name, ""))
            for name in ("title", "journal", "year", "doi", "pmid")
        }
        signed = ", ".join(author for author in authors if author[:1] not in "[“").replace(
            ", others", " and others"
        )
        if field["year"][:1].isdigit():
            signed = f"{signed} {field['year']}".strip()
        others = [name for name in (signed, field["doi"], field["pmid"]) if name]
        yield _thing("paper", url, field["title"] or signed, names=others, text=field["journal"])


def _without_latex(text: str) -> str:
    return str(Text.from_latex(text)) if "\\" in text else plain(text)
