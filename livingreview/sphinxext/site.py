"""Event handlers for the website alone: print and EPUB, which is HTML to Sphinx as well, know
nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sphinx.application import Sphinx


def connect(app: Sphinx, event: str, handler: Callable[..., Any], priority: int = 500) -> None:
    """As Sphinx's own, for builds of the website: those of HTML that are no EPUB."""

    @wraps(handler)
    def on_site(app: Sphinx, *arguments: Any) -> Any:
        if app.builder.format == "html" and app.builder.name != "epub":
            return handler(app, *arguments)
        return () if event == "html-collect-pages" else None

    app.connect(event, on_site, priority=priority)
