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
