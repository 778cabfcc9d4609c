"""Charts in the built site: the table behind each as a file that its page links, and Vega to bring charts to life.

A chart's output carries its table as ``text/csv`` in its metadata, and its page names that table by digest. When the page is
written the table becomes ``chart-data/<page>/<figure>.csv`` and the link leads there: it needs no script, and the page holds no
second copy of the data.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from importlib.metadata import version
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx

from ..display.style import LINK_TO_TABLE, digest, live_script

FOLDER = "chart-data"
BUNDLE = "livingreview-vega.js"
_FIGURE_OR_LINK = re.compile(
    rf'<figure\b[^>]*\bid="(?P<figure>[^"]+)"|(?P<end></figure>)|(?P<link>{LINK_TO_TABLE})(?P<digest>[0-9a-f]+)'
)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _link_tables)


def _link_tables(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Write the tables of a page's charts and lead its links there."""
    body = context.get("body", "")
    folder = Path(app.outdir) / FOLDER / pagename
    shutil.rmtree(folder, ignore_errors=True)
    if not re.search(LINK_TO_TABLE, body):
        return
    outputs = app.livingreview_outputs.outputs(pagename)["cells"]
    found = (output.get("metadata", {}).get("text/csv") for cell in outputs for output in cell)
    tables = {digest(table): table for table in found if table}
    folder.mkdir(parents=True)
    figure, unnamed = "", 0

    def lead(match: re.Match) -> str:
        nonlocal figure, unnamed
        if match["link"] is None:
            figure = match["figure"] or ""
            return match[0]
        unnamed += not figure
        name = f"{figure or f'chart-{unnamed}'}.csv"
        (folder / name).write_text(tables[match["digest"]], encoding="utf-8")
        return match["link"] + context["pathto"](f"{FOLDER}/{pagename}/{name}", 1)

    context["body"] = _FIGURE_OR_LINK.sub(lead, body)


def bundle(assets: Path) -> Path:
    """The folder, below `assets`, with Vega, Vega-Lite and Vega-Embed as one script; cut anew only where it has changed.

    It is cut from vl-convert, the library that also draws the charts at build time, so page and picture always come from the same
    version. The script keeps its names to itself and loads as an ordinary one, so that pages opened from a disk have it, too.
    """
    script = live_script()
    folder = (
        assets
        / f"vega-{version('vl-convert-python')}-{hashlib.sha256(script.encode()).hexdigest()[:12]}"
    )
    if not (folder / BUNDLE).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / "unfinished.part"
        unfinished.write_text(
            f'(() => {{"use strict";{vl_convert.javascript_bundle(script)}}})();\n',
            encoding="utf-8",
        )
        unfinished.replace(folder / BUNDLE)
    return folder
