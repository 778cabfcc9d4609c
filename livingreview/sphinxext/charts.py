"""Charts in the built site: the table behind each as a file that its page links, and Vega to bring
charts to life.

A chart's output carries its table as ``text/csv`` in its metadata, and its page names that table by
digest. When the page is written the table becomes ``chart-data/<page>/<figure>.csv`` and the link
leads there: it needs no script, and the page holds no second copy of the data.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path

import vl_convert
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from ..display.style import LINK_TO_TABLE, digest, live_script
from ..review import find_root
from . import site
from .execution.output_cache import OutputCache

FOLDER = "chart-data"
BUNDLE = "livingreview-vega.js"
_LINK = re.compile(rf"({LINK_TO_TABLE})([0-9a-f]+)")


def setup(app: Sphinx) -> None:
    site.connect(app, "doctree-resolved", _link_tables)  # each output is in one form by then


def _link_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the tables of a page's charts and lead its links there."""
    folder = Path(app.outdir) / FOLDER / docname
    shutil.rmtree(folder, ignore_errors=True)
    drawn = [raw for raw in doctree.findall(nodes.raw) if _LINK.search(raw.astext())]
    if not drawn:
        return
    outputs = OutputCache(find_root(Path(app.srcdir))).outputs(docname)["cells"]
    found = (output.get("metadata", {}).get("text/csv") for cell in outputs for output in cell)
    tables = {digest(table): table for table in found if table}
    page, unnamed = app.builder.get_target_uri(docname), count(1)
    folder.mkdir(parents=True)

    def lead(match: re.Match[str], name: str) -> str:
        file = f"{name or f'chart-{next(unnamed)}'}.csv"
        (folder / file).write_text(tables[match[2]], encoding="utf-8")
        return match[1] + relative_uri(page, f"{FOLDER}/{docname}/{file}")

    for raw in drawn:
        text = _LINK.sub(partial(lead, name=_figure(raw)), raw.astext())
        raw[:] = [nodes.Text(text)]


def _figure(node: nodes.Node) -> str:
    """The id of the figure that a node stands in, "" where there is none."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.figure) and node["ids"]:
            return str(node["ids"][0])
    return ""


def bundle(assets: Path) -> Path:
    """The folder, below `assets`, with Vega, Vega-Lite and Vega-Embed as one script; cut anew only
    where it has changed.

    It is cut from vl-convert, the library that also draws the charts at build time, so page and
    picture always come from the same version. The script keeps its names to itself and loads as an
    ordinary one, so that pages opened from a disk have it, too.
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
