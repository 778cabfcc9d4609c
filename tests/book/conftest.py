"""The built site, served as a host would serve it, and a browser with every other host cut off."""

from __future__ import annotations

import os
from pathlib import Path

import audit
import host
import pytest
from filelock import FileLock

from livingreview.cli import links
from livingreview.cli.links import Page


@pytest.fixture(scope="session")
def pages(book) -> dict[str, Page]:
    """Every page of the site by its path."""
    return links.pages(book.html)


@pytest.fixture(scope="session")
def latex_source(book, once) -> str:
    """The LaTeX source of the whole book; PRINTED=<project folder>: as `make pdf` left it there."""
    if printed := os.environ.get("PRINTED"):
        (source,) = (Path(printed) / "_build" / "latex").glob("*.tex")
        return source.read_text(encoding="utf-8")

    def make(folder: Path) -> None:
        folder.mkdir()
        with FileLock(book.root / "_build" / "print.lock"):
            written = [*(book.root / "_build" / "latex").glob("*.tex")]  # on the way to the PDF
            fresh = written and "BUILT" not in os.environ
            source = written[0].read_text(encoding="utf-8") if fresh else book.latex()
        (folder / "book.tex").write_text(source, encoding="utf-8")

    return (once("latex", make) / "book.tex").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def serve():
    """Start a host for a folder and get its address, below a sub-path as that of a project page."""
    servers = []

    def start(folder: Path) -> str:
        address, server = host.serve(folder)
        servers.append(server)
        return address

    yield start
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def address(book, serve) -> str:
    """The book's site."""
    return serve(book.html)


@pytest.fixture(scope="session")
def browser():
    """One browser for each worker; every test has tabs of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ]
        chromium = playwright.chromium.launch(executable_path=audit.CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lighthouse():
    """Google's Lighthouse; see `audit`."""
    return audit.lighthouse


# The site fetches its scripts once the page is drawn (theme/head.js), after the event of a loaded
# page.
NOTE_SCRIPTS = """window.testedScripts = new Set();
for (const end of ["load", "error"])
  document.addEventListener(end, ({ target }) => window.testedScripts.add(target.src), true);"""
READY = """() => [...document.querySelectorAll("script[data-src]")].every(
  ({ dataset }) => window.testedScripts.has(new URL(dataset.src, document.baseURI).href))"""


class Visit:
    """A tab that may talk to the site alone and remembers what went wrong."""

    def __init__(self, browser, address: str, **options):
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(90_000)  # the machine may be busy with other tests
        self.tab = self.context.new_page()
        self.wrong: list[str] = []
        self.tab.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.tab.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.address = address
        self.scripts = options.get("java_script_enabled", True)
        self.context.add_init_script(NOTE_SCRIPTS)

        def only_the_site(route):
            if route.request.url.startswith(address):
                route.continue_()
            else:
                self.wrong.append(f"asked for {route.request.url}")
                route.abort()

        self.context.route("**/*", only_the_site)

    def open(self, page: str):
        """Open a page and wait until its scripts have run (or could not be loaded)."""
        self.tab.goto(self.address + page)
        if self.scripts:
            self.tab.wait_for_function(READY)
        return self.tab


@pytest.fixture(scope="session")
def make_visit(browser, address):
    """Open a tab that stays: ``make_visit(viewport=…)``; whoever does closes its ``context``."""
    return lambda address=address, **options: Visit(browser, address, **options)


@pytest.fixture
def visit(make_visit):
    """Open a tab: ``visit(viewport=…)`` on the book's site, ``visit(address=serve(folder))``."""
    visits: list[Visit] = []

    def start(**options) -> Visit:
        visits.append(make_visit(**options))
        return visits[-1]

    yield start
    for each in visits:
        each.context.close()
