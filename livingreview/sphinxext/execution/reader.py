"""How chapters reach MyST-NB: as notebooks that bring their stored outputs along.

Documented hooks do it, and nothing of MyST-NB is replaced. `nb_execution_mode` is off, so that
MyST-NB shows the outputs that a notebook holds. When Sphinx has read a page (event
``source-read``), the notebook with its outputs takes the place of the text, as the JSON of an
``.ipynb`` file, and `nb_custom_formats` says that this is what a page is. That setting goes by the
ending of a file's name, so a page without cells is handed over in the same way, as a notebook of
one piece of text.

The role ``{eval}`` would ask a running kernel; here it gives what the expression was when the
chapter ran.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import yaml
from docutils import nodes
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from ...review import find_root
from .output_cache import OutputCache

logger = logging.getLogger(__name__)
EVAL = re.compile(r"\{eval\}`([^`]+)`")
_READ_AS_NOTEBOOK = {".md": ["nbformat.reads", {"as_version": 4}]}  # .ipynb is so by default
_VALUES = "livingreview_values"  # in what Sphinx knows of a page while it reads it
_FRONT_MATTER = re.compile(
    r"-{3,}[ \t]*\n(.*?)^(?:-{3,}|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE
)


def setup(app: Sphinx) -> None:
    app.setup_extension("myst_nb")  # first, so that its role of the same name gives way to ours
    app.add_role("eval", StoredValue(), override=True)
    app.connect("config-inited", _configure)
    app.connect("source-read", _hand_over, priority=900)  # when others are done with the text


def _configure(app: Sphinx, config: Config) -> None:
    """Chapters have run before they are read, whatever ``execute: execute_notebooks:`` of
    _config.yml says.
    """
    config.nb_execution_mode = "off"
    config.nb_custom_formats = {**config.nb_custom_formats, **_READ_AS_NOTEBOOK}


def read(env: BuildEnvironment, docname: str, text: str | None = None) -> NotebookNode | None:
    """The notebook of a page without outputs, None where the page is plain Markdown.

    text: what the file says, where it has been read already. The line of the file at which each
    cell starts is in the metadata as ``source_map``, counted from 0.
    """
    path = Path(env.doc2path(docname))
    text = path.read_text(encoding="utf-8") if text is None else text
    settings: Any = env  # MyST-NB and MyST keep theirs there
    by_suffix = {
        suffix: reader
        for suffix, reader in settings.mystnb_config.custom_formats.items()
        if suffix not in _READ_AS_NOTEBOOK
    }
    config = settings.mystnb_config.copy(custom_formats=by_suffix)
    reader = create_nb_reader(str(path), settings.myst_config, config, text)
    return reader.read(text) if reader else None


def expressions(notebook: NotebookNode) -> list[str]:
    """What the text evaluates with {eval}, each once."""
    text = "\n".join(c.source for c in notebook.cells if c.cell_type != "code")
    return list(dict.fromkeys(EVAL.findall(text)))


def _hand_over(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the notebook of a page, with the outputs that its cells had, in the place of its text."""
    if not app.env.doc2path(docname).endswith((".md", ".ipynb")):
        return
    notebook = read(app.env, docname, source[0])
    if notebook is None:
        notebook = _of_text(source[0], docname)
    else:
        stored = OutputCache(find_root(Path(app.srcdir))).outputs(docname)
        app.env.temp_data[_VALUES] = stored["values"]
        _fill(notebook, stored["cells"])
        settings = notebook.metadata.get(app.config.nb_metadata_key, {})
        settings.pop("execution_mode", None)  # a chapter's own say counts no more than the book's
    source[0] = json.dumps(notebook, ensure_ascii=False, default=str)  # str: dates in front matter


def _fill(notebook: NotebookNode, outputs: list[list[dict]]) -> None:
    """Give the code cells their outputs, and the numbers that a run from first to last gives."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, (cell, stored) in enumerate(zip(cells, outputs, strict=True), start=1):
        cell["outputs"] = nbformat.from_dict(stored)
        cell["execution_count"] = number


def _of_text(text: str, docname: str) -> NotebookNode:
    """A page without cells as a notebook: its front matter as metadata, the rest as one piece of
    text.

    MyST-NB counts the lines of a notebook's text from one more than MyST those of a page; the
    source map makes up for it.
    """
    found = _FRONT_MATTER.match(text)
    metadata = _front_matter(found[1], docname) if found else {}
    start = found.end() if found else 0
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text[start:])],
        metadata=metadata | {"source_map": [text.count("\n", 0, start) - 1]},
    )


def _front_matter(text: str, docname: str) -> dict:
    """Front matter as MyST reads it; what cannot be read is left out with a warning."""
    try:
        metadata = yaml.safe_load(text) or {}
        fault = "" if isinstance(metadata, dict) else f"YAML is not a dict: {type(metadata)}"
    except yaml.YAMLError:
        fault = "Malformed YAML"
    if not fault:
        return metadata
    message = f"{fault} [myst.topmatter]"
    logger.warning(message, location=(docname, 1), type="myst", subtype="topmatter")
    return {}


class StoredValue(SphinxRole):
    """``{eval}`name` ``: the value of an expression as text, from the chapter's last run."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        values: dict[str, str] = self.env.temp_data.get(_VALUES, {})
        if self.text not in values:
            why = "was not evaluated" if values else "has no value on a page without cells"
            fault = f"{{eval}}`{self.text}` {why}. Fix: see a chapter that is built."
            logger.warning(fault, location=self.get_location(), type="livingreview")
            return [], []
        text = values[self.text]
        return [nodes.inline(self.rawtext, text, classes=["output", "text_plain"])], []
