"""The look of the site: the theme in ``livingreview/theme``, its scripts and styles, and the Vega bundle.

The files in ``scripts/`` and ``styles/`` are joined into one ``livingreview.js`` and one ``livingreview.css``, in name order.
The bundle (Vega, Vega-Lite, Vega-Embed) is cut once from vl-convert, the library that also draws the charts at build time, so
page and picture always come from the same version. Everything is served by the site itself.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.config import Config

THEME = Path(__file__).resolve().parent.parent / "theme"
BUNDLE = "livingreview-vega.js"


def setup(app: Sphinx) -> None:
    app.add_html_theme("livingreview", str(THEME))
    app.connect("config-inited", _serve)
    app.connect("html-page-context", _leave_out_what_is_not_used, priority=900)
    app.add_js_file("livingreview.js", loading_method="defer")


def _serve(app: Sphinx, config: Config) -> None:
    """Put the engine's static files among those that Sphinx copies."""
    folder = Path(app.srcdir) / "_build" / ".assets" / version("vl-convert-python")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / BUNDLE).is_file():
        _write(folder / BUNDLE, vl_convert.javascript_bundle("window.livingreviewEmbed = vegaEmbed;"))
    for kind, suffix in (("scripts", "js"), ("styles", "css")):
        parts = [path.read_text(encoding="utf-8") for path in sorted((THEME / kind).glob(f"*.{suffix}"))]
        _write(folder / f"livingreview.{suffix}", "\n".join(parts))
    config.html_static_path = [*config.html_static_path, str(folder)]


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _leave_out_what_is_not_used(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Drop the scripts and styles that Jupyter Book's extensions put on every page, where the page has nothing for them."""
    body = context.get("body", "")
    unused = [name for name, sign in USED_BY.items() if sign is None or sign not in body]
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if not any(name in _text(file) for name in unused)]


# Part of a file's name (or of an inline script): what on a page needs it; None: nothing in this theme does.
USED_BY = {
    "thebe": None,
    "THEBE_JS_URL": None,
    "clipboard": "highlight",
    "copybutton": "highlight",
    "toggle": "dropdown",
    "design-tabs": "sd-tab",
}


def _text(file) -> str:
    """Name and text of a script or style entry."""
    attributes = getattr(file, "attributes", {})
    return f"{getattr(file, 'filename', '') or ''} {attributes.get('body') or ''}"
