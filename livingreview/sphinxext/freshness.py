"""What a page says about its age: a chapter whose literature nobody has searched for a year, and a
review that is frozen.

Neither is data, so no cell says it: the first depends on the day of the build (`git.build_date`),
the second on one line in _config.yml, ``sphinx: config: livingreview_frozen: "2027-01-01"``.
Chapters do not run again for either.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError

from ..changes.git import build_date
from ..display.citation import words
from ..review import find_root, load
from .domain import domain_of


def setup(app: Sphinx) -> None:
    app.add_config_value("livingreview_frozen", "", "html", [str, date])
    app.connect("config-inited", _freeze)
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-read", _say)


def _freeze(app: Sphinx, config: Config) -> None:
    """Put a bar over every page of a frozen review."""
    if not config.livingreview_frozen:
        return
    try:
        day = date.fromisoformat(str(config.livingreview_frozen))
    except ValueError as error:
        raise ConfigError(
            "_config.yml: livingreview_frozen is a day, as in 2027-01-01, not "
            f"'{config.livingreview_frozen}'"
        ) from error
    said = f"This review is frozen: since {words(day)} it is no longer kept up to date."
    config.html_theme_options = {**config.html_theme_options, "announcement": said}


def overdue(root: Path) -> dict[str, str]:
    """Pages of mechanisms last searched more than a year before the day of the build, with the day
    of that search.
    """
    try:
        searched = load(root).table("mechanisms").set_index("mechanism")["searched_on"].to_dict()
        today = build_date(root, dict(os.environ))
        return {
            f"chapters/{m}": day
            for m, day in searched.items()
            if (today - date.fromisoformat(day)).days > 365
        }
    except (OSError, ValueError, KeyError):
        return {}  # tables that cannot be read: the chapters that need them will say what is wrong


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages that have come of age, or were searched again, since the last build."""
    memory = domain_of(env).read_with
    before, now = memory.get("overdue", {}), overdue(find_root(Path(app.srcdir)))
    memory["overdue"] = now
    return sorted(
        {page for page in before.keys() | now.keys() if before.get(page) != now.get(page)}
        & env.found_docs
    )


def _say(app: Sphinx, doctree: nodes.document) -> None:
    """Say below the title of a chapter that its literature was not searched for a year."""
    day = domain_of(app.env).read_with["overdue"].get(app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if day and title is not None:
        said = (
            "The literature of this chapter was last searched on "
            f"{words(date.fromisoformat(day))}, more than a year ago. Newer papers may be missing."
        )
        note = nodes.admonition(
            "",
            nodes.title("", "Not searched for a year"),
            nodes.paragraph("", said),
            classes=["warning", "lr-overdue"],
        )
        title.parent.insert(title.parent.index(title) + 1, note)
