"""What a test may need. Where the machine lacks it, the test is skipped, with the reason.

Needs are fixtures of the same name (conftest.py); the marker of that name comes from there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import audit
import pytest

EPUBCHECK = Path("/usr/bin/epubcheck")  # Debian's is the archive itself
PRINT_TOOLS = ("pdftotext", "pdffonts", "pdfinfo", "pdftohtml", "qpdf", "java")


def _git() -> str:
    return "" if shutil.which("git") else "no git on this machine (Debian: git)"


def _browser() -> str:
    return "" if audit.CHROMIUM else "no Chromium on this machine (Debian: chromium)"


@cache
def _lighthouse() -> str:
    return "" if audit.install() else "npm could not install Lighthouse"


@cache
def _latex() -> str:
    from livingreview.editions.pdf import missing

    packages = "Debian: poppler-utils qpdf default-jre-headless"
    absent = ", ".join(name for name in PRINT_TOOLS if not shutil.which(name))
    return missing() or (f"not on this machine: {absent} ({packages})" if absent else "")


def _epubcheck() -> str:
    there = EPUBCHECK.is_file() and shutil.which("java")
    return "" if there else "no epubcheck on this machine (Debian: epubcheck default-jre-headless)"


#: Needs that every machine meets; they tell what takes time.
BUILDS = ("build", "book", "slow")
#: Needs that a machine may not meet: why it does not ("" where it does), and the variable in the
#: environment that makes of it a failure.
PROGRAMS: dict[str, tuple[Callable[[], str], str]] = {
    "git": (_git, "REQUIRE_GIT"),
    "browser": (_browser, "REQUIRE_BROWSER"),
    "lighthouse": (_lighthouse, "REQUIRE_BROWSER"),
    "latex": (_latex, "REQUIRE_LATEX"),
    "epubcheck": (_epubcheck, "REQUIRE_LATEX"),
}
NEEDS = {*BUILDS, *PROGRAMS}
#: Words of a command line, and the needs of which a test must have one to start it.
STARTED = {
    "jupyter_book": {"build", "book"},
    "ipykernel_launcher": {"build", "book"},
    "playwright": {"browser"},
    "xelatex": {"latex"},
}


def need(there: object, what: str, required: str) -> None:
    """Skip the test with `what` the machine lacks; fail it where the variable `required` is set."""
    if not there and os.environ.get(required):
        pytest.fail(f"{what}, and {required} is set", pytrace=False)
    if not there:
        pytest.skip(what)


def of(item: pytest.Item) -> set[str]:
    """What a test needs, by its markers."""
    return {mark.name for mark in item.iter_markers()} & NEEDS


def meet(item: pytest.Item) -> None:
    """Skip, or fail, a test for which the machine lacks something."""
    for name, (absent, required) in PROGRAMS.items():
        if name in of(item):
            need(not absent(), absent(), required)


def refuse(item: pytest.Item, command: str) -> None:
    """Fail a test that starts what it has not asked for: no marker would say what it needs."""
    for word, allowed in STARTED.items():
        if word in command and not allowed & of(item):
            asked = " nor ".join(sorted(allowed))
            pytest.fail(f"this starts {word}, but asks for no fixture with {asked}", pytrace=False)


def order(needs: list[set[str]]) -> tuple[int, int]:
    """Where the file stands whose tests have these needs; of a kind, the longest first.

    Print is first, as it starts by making the book, while the other workers build small ones; then
    comes what looks at the book, then what is quick.
    """
    every = set().union(*needs)
    kind = 0 if "latex" in every else 2 if "book" in every else 1 if "build" in every else 3
    seconds = {"latex": 20, "build": 8, "slow": 3, "browser": 3, "book": 1}
    return kind, -sum(1 + sum(seconds.get(name, 0) for name in each) for each in needs)
