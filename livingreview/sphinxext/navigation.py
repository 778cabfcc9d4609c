"""Where a page stands in the book: its parts for the side bar, and the trail from the front page
down to it.

The side bar is made from the contents as they are in memory; the theme's own would resolve the
whole tree again for every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlparse

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from . import site
from .domain import domain_of
from .languages import marked


@dataclass(frozen=True)
class Page:
    """A page, or an address outside the book, with the pages below it."""

    name: str
    title: str
    pages: tuple[Page, ...] = ()

    @property
    def is_address(self) -> bool:
        return bool(urlparse(self.name).scheme)

    def path(self, name: str) -> tuple[Page, ...]:
        """The pages from this one down to `name`, both with; empty where it is not below."""
        if self.name == name:
            return (self,)
        for page in self.pages:
            if found := page.path(name):
                return (self, *found)
        return ()


@dataclass(frozen=True)
class Part:
    """A part of the book. section: id of the front page's section of the same name, "" where it has
    none.
    """

    caption: str
    pages: tuple[Page, ...]
    section: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the trail; without an address it leads nowhere else."""

    title: str
    address: str = ""


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _one_search_box)
    app.connect("env-updated", _rewrite_all_when_the_contents_change)
    site.connect(
        app, "html-page-context", _describe_place, priority=400
    )  # before the theme, which draws its components to see which are empty


def _one_search_box(app: Sphinx, config: Config) -> None:
    """The theme would add a bar above the page for a second one."""
    config.html_theme_options.setdefault("navbar_persistent", [])


def parts(env: BuildEnvironment) -> tuple[Part, ...]:
    """The parts of the book in order; pages outside any part form one without a caption."""
    root = env.config.root_doc
    sections = {
        link.astext(): link["anchorname"].removeprefix("#")
        for link in env.tocs[root].findall(nodes.reference)
        if link.get("anchorname")
    }
    found = []
    for tree in env.tocs[root].findall(addnodes.toctree):
        caption = tree.get("caption") or ""
        found.append(Part(caption, _pages(env, tree, {root}), sections.get(caption, "")))
    return tuple(part for part in found if part.pages)


def _pages(env: BuildEnvironment, tree: addnodes.toctree, above: set[str]) -> tuple[Page, ...]:
    pages = []
    for title, name in tree["entries"]:
        if name in env.titles and name not in above:
            below = [
                p
                for deeper in env.tocs[name].findall(addnodes.toctree)
                for p in _pages(env, deeper, above | {name})
            ]
            pages.append(Page(name, title or env.titles[name].astext(), tuple(below)))
        elif urlparse(name).scheme in ("http", "https"):
            pages.append(Page(name, title or name))
    return tuple(pages)


def _rewrite_all_when_the_contents_change(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Every page shows the contents: where titles, parts or their order have changed, all are
    written again.
    """
    return sorted(env.found_docs) if domain_of(env).must_write("parts", parts(env)) else []


def _describe_place(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Hand the templates ``book_parts``, ``book_path`` (pages from the first level down to this
    one) and ``book_trail``; also `marked`.
    """
    env, root = app.env, app.config.root_doc
    book = domain_of(env).written_with["parts"]
    context["book_parts"], context["book_path"], context["book_trail"], context["marked"] = (
        book,
        (),
        (),
        marked,
    )
    if pagename == root or pagename not in env.titles:
        return

    def address(name: str) -> str:
        return app.builder.get_relative_uri(pagename, name)

    trail = [Step("Home", address(root))]
    for part in book:
        path = next(filter(None, (page.path(pagename) for page in part.pages)), ())
        if not path:
            continue
        context["book_path"] = path
        if part.caption:
            first = next((page for page in part.pages if not page.is_address), None)
            # A part has no page of its own: the front page's section on it, else its first chapter,
            # stands for it.
            page = address(first.name) if first else ""  # "" on that chapter
            place = f"{address(root)}#{part.section}" if part.section else page
            trail.append(Step(part.caption, place))
        trail += [Step(page.title, address(page.name)) for page in path[:-1]]
        break
    context["book_trail"] = (*trail, Step(env.titles[pagename].astext()))
