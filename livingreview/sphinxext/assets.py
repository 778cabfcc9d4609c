"""Style sheet, chart script and the Vega bundle: all served by the site itself.

The bundle (Vega, Vega-Lite, Vega-Embed) is cut once from vl-convert, the library that also draws the charts at build time, so
page and picture always come from the same version.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.config import Config

STATIC = Path(__file__).resolve().parent.parent / "static"
BUNDLE = "livingreview-vega.js"


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _serve)
    app.connect("html-page-context", _leave_thebe_out, priority=900)
    app.add_css_file("livingreview.css")
    app.add_js_file("livingreview.js", loading_method="defer")


def _serve(app: Sphinx, config: Config) -> None:
    """Put the engine's static files and the bundle among those that Sphinx copies."""
    folder = Path(app.srcdir) / "_build" / ".assets" / version("vl-convert-python")
    bundle = folder / BUNDLE
    if not bundle.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = bundle.with_suffix(".part")
        unfinished.write_text(vl_convert.javascript_bundle("window.livingreviewEmbed = vegaEmbed;"), encoding="utf-8")
        unfinished.replace(bundle)
    config.html_static_path = [*config.html_static_path, str(STATIC), str(folder)]


def _leave_thebe_out(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Drop the scripts of sphinx-thebe: Jupyter Book loads it (twice, with an error in the console) even where it is switched off."""
    if not app.config.html_theme_options.get("launch_buttons", {}).get("thebe"):
        for kind in ("script_files", "css_files"):
            context[kind] = [file for file in context[kind] if not _of_thebe(file)]


def _of_thebe(file) -> bool:
    body = getattr(file, "attributes", {}).get("body") or ""
    return "thebe" in str(getattr(file, "filename", "") or "") or "THEBE_JS_URL" in body
