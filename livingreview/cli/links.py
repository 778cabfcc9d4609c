"""``links``: the links of the built site.

Those that stay inside it must lead somewhere; those that leave it are asked now and then.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import requests

from .command import Commands, add_command

AGENT = "Mozilla/5.0 (compatible; livingreview link check)"
#: What publishers answer to programs; a reader may well get in.
REFUSED = {401, 402, 403, 405, 406, 418, 429, 503}
_NAMES = {"a": ("id", "name")}  # attributes that name a place, other than the id alone
_LOADING = ("script", "img", "link", "iframe")
_ONLY_NAMED = (
    "canonical",
    "search",
    "index",
    "next",
    "prev",
)  # what such a link names is not loaded


def add(commands: Commands) -> None:
    """Add the command."""
    example = "python -m livingreview links\npython -m livingreview links --external"
    summary, details = "check the links of the built site", "Those inside the site need no network."
    parser = add_command(commands, "links", run, summary, example, details)
    parser.add_argument(
        "--external",
        action="store_true",
        help="ask other sites, too, and list in _build/links.md what does not answer",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    site = root / "_build" / "html"
    if not (site / "index.html").is_file():
        print("There is no site to check: run `make html` first.", file=sys.stderr)
        return 1
    if options.external:
        print("Asking other sites, each once; it may take minutes ...", file=sys.stderr, flush=True)
        report = external(site)
        (root / "_build" / "links.md").write_text(report, encoding="utf-8")
        print(report)
        return 0
    dead = broken(site)
    for page, link in dead:
        print(f"{page}: the link {link} leads nowhere", file=sys.stderr)
    print(f"{len(dead)} broken links" if dead else "All links inside the site lead somewhere.")
    return 1 if dead else 0


class Page(HTMLParser):
    """Links, ids and what else a page loads."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element links to, is called, or loads."""
        given = {name: value for name, value in attrs if value}
        self.ids |= {given[name] for name in _NAMES.get(tag, ("id",)) if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADING and given.get("rel") not in _ONLY_NAMED:
            self.sources += [given[name] for name in ("src", "data-src", "href") if name in given]


def pages(site: Path) -> dict[str, Page]:
    """Every page of a built site, by its path."""
    return {
        p.relative_to(site).as_posix(): Page(p.read_text(encoding="utf-8"))
        for p in site.rglob("*.html")
        if "_static" not in p.parts
    }


def broken(site: Path, known: dict[str, Page] | None = None) -> list[tuple[str, str]]:
    """(page, link) of every link inside the site to a file or an anchor that is not there."""
    known = pages(site) if known is None else known
    found = []
    for name, page in known.items():
        for link in page.links:
            target, fragment = urldefrag(unquote(urljoin(f"/{name}", link)))
            if "://" in target or target.startswith(("mailto:", "javascript:")):
                continue
            file = target.lstrip("/") or name
            if file in known:
                if fragment and fragment not in known[file].ids:
                    found.append((name, link))
            elif not (site / file).is_file():
                found.append((name, link))
    return found


def external(site: Path, timeout: float = 20, at_once: int = 8) -> str:
    """Ask every address outside the site once; a report in Markdown of those that are gone or do
    not answer.
    """
    on: dict[str, str] = {}
    for name, page in pages(site).items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                on.setdefault(urldefrag(link)[0], name)
    with ThreadPoolExecutor(at_once) as pool:
        answers = dict(zip(on, pool.map(lambda url: ask(url, timeout), on), strict=True))
    dead = {url: said for url, said in answers.items() if said not in ("", "refused")}
    refused = sum(said == "refused" for said in answers.values())
    lines = [
        "## Links to other sites",
        "",
        f"{len(on)} addresses asked, {len(dead)} did not answer; {refused} let no program in.",
        "",
    ]
    return "\n".join(
        [*lines, *(f"- {url} on {on[url]}: {said}" for url, said in sorted(dead.items())), ""]
    )


def ask(url: str, timeout: float) -> str:
    """What is wrong with an address: "" where it answers, "refused" where it lets no program in."""
    said = ""
    for method in ("HEAD", "GET"):  # some answer only the latter
        try:
            with requests.request(
                method,
                url,
                headers={"User-Agent": AGENT},
                timeout=timeout,
                allow_redirects=True,
                stream=True,
            ) as answer:
                if answer.ok:
                    return ""
                said = (
                    "refused"
                    if answer.status_code in REFUSED
                    else f"{answer.status_code} {answer.reason}"
                )
        except (requests.exceptions.RequestException, ValueError) as error:
            said = type(error).__name__
    return said
