"""Execution of chapters: before Sphinx reads any page, every chapter that must run has run, or the build has stopped.

MyST-NB has no plug-in for executing; the one place where this project takes hold of it is `create_client` in its Sphinx parser.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import myst_nb.sphinx_
import nbformat
from myst_nb.core.execute.base import EvalNameError, NotebookClientBase
from myst_nb.core.read import create_nb_reader
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from ...contract.problems import nearest
from ...review import find_root
from .kernel import WarmKernel
from .output_cache import Store, code_digest

logger = logging.getLogger(__name__)
WORTH_A_SECOND_KERNEL = 4  # chapters; starting a kernel costs about as much as running a few
_EVAL = re.compile(r"\{eval\}`([^`]+)`")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", _open_store)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _execute)
    app.connect("build-finished", _stop_kernel)
    myst_nb.sphinx_.create_client = partial(_client, app)


def _open_store(app: Sphinx) -> None:
    """Open the store; where data or engine have changed some chapter will run, and the kernel may get ready meanwhile."""
    app.livingreview_store = store = Store(find_root(Path(app.srcdir)))
    app.livingreview_kernel = WarmKernel(store.root, app.config.nb_execution_timeout)
    if not store.untouched():
        app.livingreview_kernel.launch()


def _stop_kernel(app: Sphinx, error: Exception | None) -> None:
    """Leave no kernel behind, least of all where the build failed before any chapter ran: its process would keep ours waiting."""
    if kernel := getattr(app, "livingreview_kernel", None):
        kernel.stop()


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Chapters that Sphinx thinks untouched, but whose data, files or engine have changed."""
    known = env.found_docs - added - changed
    store: Store = app.livingreview_store
    return [name for name in sorted(known) if store.entry(name) and not store.still_good(name)]


def _notebook(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """The notebook of a page, None where the page is plain Markdown."""
    path = Path(env.doc2path(docname))
    reader = create_nb_reader(
        str(path), env.myst_config, env.mystnb_config, text := path.read_text(encoding="utf-8")
    )
    return reader.read(text) if reader else None


def _expressions(notebook: NotebookNode) -> list[str]:
    """What the text evaluates with {eval}, each once."""
    text = "\n".join(c.source for c in notebook.cells if c.cell_type != "code")
    return list(dict.fromkeys(_EVAL.findall(text)))


@dataclass
class _Run:
    """A chapter to run and, afterwards, what came of it."""

    docname: str
    path: Path
    notebook: NotebookNode
    expressions: list[str]
    code: str
    values: dict[str, list] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)
    failure: str = ""


def _execute(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run every chapter about to be read that has no good entry. All failures are reported together; then the build stops."""
    store: Store = app.livingreview_store
    started = time.perf_counter()
    with app.livingreview_kernel as kernel:
        runs = [run for docname in docnames if (run := _stale(env, store, docname))]
        waiting = queue.SimpleQueue()
        for run in runs:
            waiting.put(run)
        # A second kernel in a thread of its own, for the machine's second core, where there is enough to do for both.
        second = threading.Thread(
            target=_work_apart, args=(waiting, store.root, env.mystnb_config.execution_timeout)
        )
        if len(runs) > WORTH_A_SECOND_KERNEL and (os.cpu_count() or 1) > 1:
            second.start()
        _work(waiting, kernel, store.root)
        if second.ident:
            second.join()
    for run in runs:
        if not run.failure:
            cells = [c.outputs for c in run.notebook.cells if c.cell_type == "code"]
            store.save(run.docname, run.code, {"cells": cells, "values": run.values}, run.seen)
    if failures := [run.failure for run in runs if run.failure]:
        raise ExtensionError(
            "Chapters failed; the site built last is left as it was.\n" + "\n".join(failures)
        )
    if runs:
        logger.info(f"executed {len(runs)} chapters in {time.perf_counter() - started:.1f} s")


def _stale(env: BuildEnvironment, store: Store, docname: str) -> _Run | None:
    """The chapter, where it must run; None for plain Markdown and where its entry is good."""
    notebook = _notebook(env, docname)
    if notebook is None:
        return None
    expressions = _expressions(notebook)
    code = code_digest(notebook, expressions)
    entry = store.entry(docname)
    if entry and entry.code == code and store.still_good(docname):
        return None
    return _Run(docname, Path(env.doc2path(docname)), notebook, expressions, code)


def _work_apart(waiting: queue.SimpleQueue, root: Path, timeout: float) -> None:
    with WarmKernel(root, timeout) as kernel:
        _work(waiting, kernel, root)


def _work(waiting: queue.SimpleQueue, kernel: WarmKernel, root: Path) -> None:
    """Run chapters until none is waiting; what goes wrong is kept with the chapter."""
    while True:
        try:
            run: _Run = waiting.get_nowait()
        except queue.Empty:
            return
        logger.info(f"executing {run.docname}")
        name = run.path.relative_to(root)
        try:
            run.values, run.seen = kernel.run(run.notebook, run.path, run.expressions)
            run.failure = "\n".join(_bad_values(name, run.values))
        except (CellExecutionError, CellTimeoutError) as error:
            run.failure = _failure(name, run.notebook, error)
        except Exception as error:  # noqa: BLE001 (a kernel that dies, say: the build must still stop and name the chapter)
            run.failure = f"{name.as_posix()}: the kernel failed: {type(error).__name__}: {error}"


def _failure(path: Path, notebook: NotebookNode, error: Exception) -> str:
    """One line for a contributor: file, line of the cell, what went wrong."""
    index = getattr(error, "cell_index", 0)
    line = notebook.metadata.get("source_map", [0] * (index + 1))[index] + 1
    if isinstance(error, CellTimeoutError):
        what = "the cell did not finish in time. Fix: make it shorter, or raise execute: timeout in _config.yml"
    else:
        what = f"{error.ename}: {error.evalue}{_cure(error.evalue)}"
    return f"{path.as_posix()}:{line}: {what}"


def _cure(said: str) -> str:
    """How to mend a cell that raised; the name that comes nearest, where it asks a chapter or the book for what they have not."""
    from ...display.book import Book
    from ...display.chapter import Chapter

    found = re.search(r"'(Chapter|Book)' object has no attribute '(\w+)'", said)
    if not found:
        return ". Fix: correct the code of this cell, or copy it from a chapter that is built."
    known = [
        name for name in dir(Book if found[1] == "Book" else Chapter) if not name.startswith("_")
    ]
    close = nearest(found[2], known)
    near = f" Nearest valid value: '{close}'." if close else ""
    return f".{near} Fix: correct the name; there are {', '.join(known)}."


def _bad_values(path: Path, values: dict[str, list]) -> list[str]:
    failed = [
        (text, o) for text, outputs in values.items() for o in outputs if o.output_type == "error"
    ]
    return [f"{path.as_posix()}: {{eval}}`{text}`: {o.ename}: {o.evalue}" for text, o in failed]


class StoredClient(NotebookClientBase):
    """Hands the stored outputs of a chapter to MyST-NB."""

    def __init__(self, *arguments, outputs: dict):
        super().__init__(*arguments)
        self._values = outputs["values"]
        code_cells = [c for c in self.notebook.cells if c.cell_type == "code"]
        for number, (cell, stored) in enumerate(
            zip(code_cells, outputs["cells"], strict=True), start=1
        ):
            cell["outputs"] = nbformat.from_dict(stored)
            cell["execution_count"] = number

    def eval_variable(self, name: str) -> list[NotebookNode]:
        if name not in self._values:
            raise EvalNameError(name)
        return nbformat.from_dict(self._values[name])


def _client(app: Sphinx, notebook, source, nb_config, log, read_fmt=None) -> NotebookClientBase:
    """Stand-in for MyST-NB's `create_client`: a chapter's outputs come from the store, filled in `_execute`."""
    outputs = app.livingreview_store.outputs(log.extra["docname"])
    return StoredClient(notebook, Path(source), nb_config, log, outputs=outputs)
