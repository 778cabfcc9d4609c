"""The built site, served as a host would serve it, and a browser with every other host cut off."""

from __future__ import annotations

from pathlib import Path

import host
import pytest
from audit import CHROMIUM
from needs import need

from livingreview.cli import links
from livingreview.cli.links import Page


@pytest.fixture(scope="session")
def pages(book) -> dict[str, Page]:
    """Every page of the site by its path."""
    return links.pages(book.html)


@pytest.fixture(scope="session")
def latex_source(book) -> str:
    """The LaTeX source of the whole book."""
    return book.latex()


@pytest.fixture(scope="session")
def serve():
    """Start a host for a folder and get its address, below a sub-path as a project page would be."""
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
    need(CHROMIUM, "no Chromium on this machine (Debian: chromium)", "REQUIRE_BROWSER")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


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

        def only_the_site(route):
            if route.request.url.startswith(address):
                route.continue_()
            else:
                self.wrong.append(f"asked for {route.request.url}")
                route.abort()

        self.context.route("**/*", only_the_site)

    def open(self, page: str):
        self.tab.goto(self.address + page, wait_until="networkidle")
        return self.tab


@pytest.fixture
def visit(browser, address):
    """Open a tab: ``visit(viewport=…, color_scheme=…)`` on the book's site,
    ``visit(address=serve(folder))`` on another one.
    """
    visits: list[Visit] = []

    def start(address: str = address, **options) -> Visit:
        visits.append(Visit(browser, address, **options))
        return visits[-1]

    yield start
    for each in visits:
        each.context.close()
