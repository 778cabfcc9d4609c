"""The book as EPUB: Sphinx's builder, with pages that are XML, charts as pictures and nothing that
runs.

What is for the site alone (scripts, search, buttons, filters) is left out here, so that whoever
adds to the site need not think of it.
"""

from __future__ import annotations

import hashlib
import html
import posixpath
import re
import shutil
import uuid
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config

from ..display.style import FONT, unthemed
from ..review import find_root
from .edition import edition
from .site_only import drop_site_only

IMAGES = "_images"
SVG = "http://www.w3.org/2000/svg"
_CHART = re.compile(r'role="img" aria-label="([^"]*)"[^>]*>\s*(<svg\b.*?</svg>)', re.DOTALL)
_SITE_ONLY = [
    "script",
    "style",
    "button",
    "input",
    "select",
    "form",
    "dialog",
    "template",
    "noscript",
    "link",
    "iframe",
    "svg",
]
_SITE_CLASSES = [".headerlink", ".lr-chart-csv", ".lr-chart-hint", ".lr-chart-rows"]
_ATTRIBUTES = re.compile(r"^(data-|on|tabindex$|download$|role$|aria-|accesskey$|hidden$)")


def setup(app: Sphinx) -> None:
    app.add_builder(EpubEdition, override=True)
    app.connect(
        "config-inited", _configure, priority=700
    )  # before Sphinx reads the style sheets' names
    app.connect("builder-inited", _leave_site_alone, priority=900)
    app.connect("doctree-resolved", _leave_out)
    # When everybody else, the site's theme among them, has had the page.
    app.connect("html-page-context", _page, priority=950)


def _configure(app: Sphinx, config: Config) -> None:
    book = edition(find_root(Path(app.srcdir)))
    config.version = book.work.version
    config.epub_basename = book.name()
    config.epub_title = config.epub_description = book.work.title
    config.epub_author = config.epub_publisher = config.epub_contributor = book.author
    config.epub_copyright = config.copyright or book.work.licence_name or book.author
    config.epub_uid = "book"
    config.epub_scheme = "UUID"
    config.epub_identifier = uuid.uuid5(
        uuid.NAMESPACE_URL, f"{book.work.title} {book.work.version}"
    ).urn
    config.epub_show_urls = "no"
    config.epub_use_index = False
    config.epub_tocdup = False
    config.epub_tocscope = (  # the site shows its contents at the side and hides them on the page
        "includehidden"
    )
    config.epub_css_files = ["livingreview-epub.css"]


def _leave_site_alone(app: Sphinx) -> None:
    """Let no files and templates of the site near the pages of an EPUB."""
    if isinstance(app.builder, EpubEdition):
        app.config.html_static_path = []
        app.config.templates_path = []


def _leave_out(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if isinstance(app.builder, EpubEdition):
        drop_site_only(doctree)


def _page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if not isinstance(app.builder, EpubEdition):
        return
    context["script_files"] = []
    context["css_files"] = [
        file
        for file in context["css_files"]
        if str(getattr(file, "filename", "")).endswith("livingreview-epub.css")
    ]
    if context.get("body"):
        folder = posixpath.relpath(IMAGES, posixpath.dirname(pagename) or ".")
        context["body"] = _as_xml(_with_pictures(context["body"], Path(app.outdir), folder))


def _with_pictures(body: str, outdir: Path, folder: str) -> str:
    """Every chart drawn in the page becomes a file, and a picture with the words that a reader
    hears in its place.
    """

    def picture(match: re.Match) -> str:
        drawing = _plain(match[2])
        name = f"chart-{hashlib.sha256(drawing).hexdigest()[:20]}.svg"
        (outdir / IMAGES).mkdir(parents=True, exist_ok=True)
        (outdir / IMAGES / name).write_bytes(drawing)
        return (
            f'><img class="lr-chart-image" src="{folder}/{name}"'
            f' alt="{html.escape(html.unescape(match[1]))}"/>'
        )

    return _CHART.sub(picture, body)


def _plain(drawing: str) -> bytes:
    """A drawing that stands alone: with its namespace, its type and its colours, without what its
    page does with it.
    """
    ElementTree.register_namespace("", SVG)
    drawing = unthemed(drawing)
    root = ElementTree.fromstring(
        drawing
        if f'xmlns="{SVG}"' in drawing[:300]
        else drawing.replace("<svg", f'<svg xmlns="{SVG}"', 1)
    )
    for element in root.iter():
        for name in [
            n for n in element.attrib if _ATTRIBUTES.match(n) or n in ("class", "id", "focusable")
        ]:
            del element.attrib[name]
    root.attrib |= {"font-family": FONT, "font-size": root.get("font-size", "12px")}
    return ElementTree.tostring(root, encoding="utf-8")


def _as_xml(body: str) -> str:
    """The page's text without what is for the site alone, every tag closed and every attribute with
    a value.
    """
    soup = BeautifulSoup(body, "html.parser")
    for element in soup.select(", ".join(_SITE_ONLY + _SITE_CLASSES)):
        element.decompose()
    seen: set[str] = set()
    for element in soup.find_all(True):
        element.attrs = {
            name: value for name, value in element.attrs.items() if not _ATTRIBUTES.match(name)
        }
        if "id" in element.attrs:
            if element["id"] in seen or not element["id"]:
                del element["id"]
            else:
                seen.add(str(element["id"]))
    return soup.decode(formatter="minimal")


class EpubEdition(Epub3Builder):
    """Sphinx's EPUB 3, with the review's version, and the same bytes for the same sources."""

    def get_refnodes(
        self, doctree: nodes.Node, result: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The contents, parts above their chapters; a part opens at the title of its first chapter,
        as each entry must have a place of its own.
        """
        is_tree = isinstance(doctree, addnodes.compact_paragraph)
        caption = next(iter(doctree.children), None) if is_tree else None
        if not isinstance(caption, nodes.title):
            return super().get_refnodes(doctree, result)
        chapters = super().get_refnodes(doctree, [])
        for first in chapters[:1]:
            page = self.env.get_doctree(first["refuri"].removesuffix(self.out_suffix))
            title = next(page.findall(nodes.section))["ids"][0]
            part = {"text": html.escape(caption.astext()), "refuri": f"{first['refuri']}#{title}"}
            result.append(first | part)
        return result + [chapter | {"level": chapter["level"] + 1} for chapter in chapters]

    def content_metadata(self) -> dict[str, Any]:
        book = edition(find_root(Path(self.srcdir)))
        return super().content_metadata() | {"version": html.escape(book.work.version or "1")}

    def toc_metadata(self, level: int, navpoints: list) -> dict[str, Any]:
        return super().toc_metadata(level, navpoints) | {
            "uid": self.config.epub_identifier
        }  # as in content.opf

    def copy_static_files(self) -> None:
        super().copy_static_files()
        folder = Path(self.outdir) / "_static"
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "livingreview-epub.css").write_bytes(
            (Path(__file__).with_name("livingreview-epub.css")).read_bytes()
        )

    def build_epub(self) -> None:
        out = Path(self.outdir)
        files = ["mimetype", "META-INF/container.xml", "content.opf", "toc.ncx", *self.files]
        with ZipFile(out / f"{self.config.epub_basename}.epub", "w") as book:
            for name in files:
                entry = ZipInfo(name)  # dated 1980: when a file was written says nothing
                entry.external_attr = 0o644 << 16
                entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                book.writestr(entry, (out / name).read_bytes())
