"""What search engines, social networks and lost readers need: description, Open Graph, schema.org,
site map, robots.txt, 404.

Whatever must name an absolute address waits until ``html: baseurl:`` of `_config.yml` gives the
site's.

The packages for these things (sphinxext-opengraph, sphinx-sitemap, sphinx-notfound-page) are not
used: they describe a page by its first words whatever these are, list in the site map only what the
last build wrote, draw cards by Matplotlib alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlparse
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.config import Config

from ..display import citation
from ..display.templates import template
from ..review import CONTRACT, find_root
from . import site, social_cards

LONGEST = 300  # letters of a description; search engines show fewer, social networks more
_NOT_THE_SUBJECT = (nodes.table, nodes.figure, nodes.Admonition, nodes.sidebar, nodes.footnote)
_NOT_FOUND = "404"
_HEAD = template("head.html", __package__)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _end_the_address)
    site.connect(app, "html-collect-pages", _not_found)
    site.connect(app, "html-page-context", _describe)
    site.connect(app, "build-finished", _write_site_map)
    social_cards.setup(app)


def _end_the_address(app: Sphinx, config: Config) -> None:
    config.html_baseurl = f"{config.html_baseurl.rstrip('/')}/" if config.html_baseurl else ""


def description(doctree: nodes.document) -> str:
    """The first English paragraph of running text, cut at a word; "" where there is none."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        above = paragraph.parent
        while above is not None and not isinstance(above, _NOT_THE_SUBJECT):
            above = above.parent
        marked = [
            child
            for child in paragraph.children
            if isinstance(child, nodes.Element) and child.get("classes")
        ]
        whole = len(paragraph.children) == 1 and bool(marked)  # Chinese, or a note in small print
        if above is None and not whole and len(text) > 40:
            return (
                text
                if len(text) <= LONGEST
                else text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"
            )
    return ""


def _describe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add description, Open Graph and schema.org data to the page's head."""
    has_icon = social_cards.svg_file(app, "html_favicon")
    icon = context["pathto"](social_cards.ICON, 1) if has_icon else ""
    context.setdefault("metatags", "")
    if (
        doctree is None or pagename not in app.env.titles
    ):  # search, index: nothing to be found there
        context["metatags"] += _HEAD.render(icon=icon, is_page=False, names={}, properties={})
        return
    work: citation.Work = app.config.livingreview_work
    is_root = pagename == app.config.root_doc
    title = work.title if is_root else app.env.titles[pagename].astext()
    words, address = description(doctree), context.get("pageurl") or ""
    names = {"description": words}
    properties = {
        "og:title": title,
        "og:type": "website" if is_root else "article",
        "og:site_name": work.title,
        "og:description": words,
        "og:url": address,
    }
    if address:
        names["twitter:card"] = "summary_large_image"
        properties |= {
            "og:image": app.config.html_baseurl + social_cards.path_of(pagename),
            "og:image:type": "image/png",
            "og:image:width": social_cards.WIDTH,
            "og:image:height": social_cards.HEIGHT,
            "og:image:alt": title,
        }
    context["metatags"] += _HEAD.render(icon=icon, is_page=True, names=names, properties=properties)
    things = _things(app, work, title, words, address, is_root)
    # In a script element only "<" could end the data early; JSON lets it be written otherwise.
    data = json.dumps(
        {"@context": "https://schema.org", "@graph": things}, ensure_ascii=False
    ).replace("<", "\\u003c")
    context["structured_data"] = Markup('<script type="application/ld+json">{}</script>').format(
        Markup(data)
    )


def _things(
    app: Sphinx, work: citation.Work, title: str, words: str, address: str, is_root: bool
) -> list[dict]:
    """The page in the terms of schema.org: a chapter of a book, or the book and its data."""
    authors = [
        (
            {"@type": "Person", "familyName": a.family, "givenName": a.given}
            if a.given
            else {"@type": "Organization", "name": a.family}
        )
        for a in work.authors
    ]
    common = {
        "author": authors,
        "version": work.version,
        "datePublished": work.date.isoformat() if work.date else "",
        "license": work.licence_address,
        "inLanguage": app.config.language,
    }
    book = {"@type": "Book", "name": work.title, "url": app.config.html_baseurl}
    if not is_root:
        return [
            _filled(
                {
                    "@type": ["Chapter", "ScholarlyArticle"],
                    "name": title,
                    "headline": title,
                    "description": words,
                    "url": address,
                    "isPartOf": book,
                }
                | common
            )
        ]
    told = json.loads((find_root(Path(app.srcdir)) / CONTRACT).read_text(encoding="utf-8"))
    data = {
        "@type": "Dataset",
        "name": f"{told['title']}: data",
        "description": told.get("description", ""),
        "url": app.config.html_baseurl,
        "isPartOf": book,
    }
    return [_filled(book | {"description": words} | common), _filled(data | common)]


def _filled(thing: dict) -> dict:
    return {
        key: _filled(value) if isinstance(value, dict) else value
        for key, value in thing.items()
        if value
    }


def _write_site_map(app: Sphinx, error: Exception | None) -> None:
    """Write `robots.txt` and, once the site has an address, `sitemap.xml` with every page of the
    book, whatever this build wrote.
    """
    if error:
        return
    base = app.config.html_baseurl
    site_map = Path(app.outdir) / "sitemap.xml"
    robots = "User-agent: *\nAllow: /\n"
    if base:
        pages = sorted(base + app.builder.get_target_uri(docname) for docname in app.env.found_docs)
        lines = [f"<url><loc>{escape_xml(page)}</loc></url>" for page in pages]
        head = (
            '<?xml version="1.0" encoding="utf-8"?>\n<urlset'
            ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        )
        site_map.write_text("\n".join([head, *lines, "</urlset>"]) + "\n", encoding="utf-8")
        robots += f"Sitemap: {base}{site_map.name}\n"
    else:
        site_map.unlink(missing_ok=True)
    (Path(app.outdir) / "robots.txt").write_text(robots, encoding="utf-8")


def _not_found(app: Sphinx):
    """The page for addresses that lead nowhere. A server shows it at any depth, so its links start
    at the site's own root.
    """
    base = urlparse(app.config.html_baseurl).path or "/"
    links = {
        "front": base + app.builder.get_target_uri(app.config.root_doc),
        "search": base + app.builder.get_target_uri("search"),
    }
    logo = social_cards.svg_file(app, "html_logo")
    drawn = Markup(logo.read_text(encoding="utf-8")) if logo else ""
    yield (
        _NOT_FOUND,
        {"title": "Page not found", "not_found_links": links, "not_found_logo": drawn},
        "not-found.html",
    )
