"""The executed notebook of every chapter, with all that its cells displayed, for readers to
download and open in Jupyter.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from sphinx.application import Sphinx

from ..display.style import LINK_TO_TABLE, unthemed
from ..review import find_root
from . import site
from .execution.output_cache import OutputCache
from .execution.reader import EVAL

FOLDER = "_notebooks"
_LINK_TO_TABLE = re.compile(rf"({LINK_TO_TABLE})[0-9a-f]+")


def setup(app: Sphinx) -> None:
    site.connect(app, "build-finished", _write)


def is_notebook(app: Sphinx, docname: str) -> bool:
    """Whether the page has cells; plain Markdown has none."""
    return "kernelspec" in app.env.metadata.get(docname, {})


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the notebooks of chapters that were read again since theirs was written."""
    if error:
        return
    folder, cache = Path(app.outdir) / FOLDER, OutputCache(find_root(Path(app.srcdir)))
    wanted = {
        folder / f"{docname}.ipynb": docname
        for docname in app.env.found_docs
        if is_notebook(app, docname)
    }
    environment: Any = app.env  # MyST-NB keeps its settings there
    rendered = Path(environment.mystnb_config.output_folder)
    for target, docname in wanted.items():
        source = rendered / f"{docname}.ipynb"
        if source.is_file() and (
            not target.is_file() or target.stat().st_mtime_ns < source.stat().st_mtime_ns
        ):
            notebook = cleaned(nbformat.read(source, as_version=4), cache, docname)
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(".part")
            nbformat.write(notebook, unfinished)
            unfinished.replace(target)
    for path in folder.rglob("*.ipynb"):
        if path not in wanted:
            path.unlink()


def cleaned(notebook: NotebookNode, cache: OutputCache, docname: str) -> NotebookNode:
    """The notebook without what only the build needs, and with the numbers in its text filled in.
    The same build gives the same bytes.
    """
    values = cache.outputs(docname)["values"]
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell["source"] = EVAL.sub(lambda found: values.get(found[1], found[0]), cell.source)
        for output in cell.get("outputs", ()):
            _make_independent(output)
    notebook["metadata"] = {
        "kernelspec": notebook.metadata.kernelspec,
        "language_info": {"name": "python", "file_extension": ".py"},
    }
    return notebook


def _make_independent(output: NotebookNode) -> None:
    """A chart needs the site's style sheet for its colours and the site's files for its table: give
    it both by value.
    """
    table = output.get("metadata", {}).pop("text/csv", None)
    if table and "text/html" in output.get("data", {}):
        address = f"data:text/csv;charset=utf-8,{quote(table)}"
        output.data["text/html"] = _LINK_TO_TABLE.sub(
            lambda match: match[1] + address, unthemed(output.data["text/html"])
        )
