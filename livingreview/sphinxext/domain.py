"""What the engine knows from one build to the next, as a Sphinx domain; it has no roles and no
directives.

Its data is kept with Sphinx's environment and says what pages were read and written with, so that
the next build can tell which must be made again. Where the data, or the engine that left it, is of
another version, Sphinx reads all pages anew. All of it is noted by the build's main process for the
book as a whole, so nothing of it goes when a page goes, and parallel readers have nothing to merge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains import Domain
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.domain import BibtexDomain


class ReviewDomain(Domain):
    """The domain ``livingreview``.

    Its `data` holds ``read``: what pages were last read with, by subject; and ``written``: what
    those of each builder were last written with, by the builder's name and the subject. The module
    of the subject knows what is in it.
    """

    name = "livingreview"
    label = "Living review"
    data_version = 1
    initial_data = {"read": {}, "written": {}}  # noqa: RUF012 (declared so by Sphinx)

    @property
    def read_with(self) -> dict[str, Any]:
        """What pages were last read with, by subject."""
        read: dict[str, Any] = self.data["read"]
        return read

    @property
    def written_with(self) -> dict[str, Any]:
        """What the pages of the builder at work are written with, by subject."""
        written: dict[str, dict[str, Any]] = self.data["written"]
        return written.setdefault(self.env.app.builder.name, {})

    def must_write(self, subject: str, now: object) -> bool:
        """Whether this builder wrote with something else than `now`, which is noted henceforth."""
        before = self.written_with.get(subject, now)
        self.written_with[subject] = now
        return bool(before != now)

    def clear_doc(self, docname: str) -> None:
        """Nothing: what other pages were made with is as true when this one goes."""

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Nothing: readers of pages note nothing here."""


def domain_of(env: BuildEnvironment) -> ReviewDomain:
    """The engine's own domain."""
    return cast(ReviewDomain, env.get_domain(ReviewDomain.name))


def standard_domain(env: BuildEnvironment) -> StandardDomain:
    """Sphinx's domain of labels and terms."""
    return cast(StandardDomain, env.get_domain("std"))


def bibtex_domain(env: BuildEnvironment) -> BibtexDomain:
    """The domain of entries, citations and bibliographies, of sphinxcontrib-bibtex."""
    return cast(BibtexDomain, env.get_domain("cite"))


def setup(app: Sphinx) -> None:
    app.add_domain(ReviewDomain)
    app.connect("env-updated", _read_by_another_builder)


def _read_by_another_builder(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages that were read anew for print since they were written for the site; Sphinx goes by the
    age of their sources alone.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return []

    def is_behind(docname: str) -> bool:
        tree = Path(env.doctreedir, f"{docname}.doctree")
        page = Path(builder.get_outfilename(docname))
        return page.is_file() and page.stat().st_mtime_ns < tree.stat().st_mtime_ns

    return [docname for docname in sorted(env.found_docs) if is_behind(docname)]
