"""Execution of chapters: before Sphinx reads any page, every chapter that must run has run, or the
build has stopped.
"""

from __future__ import annotations

import ast
import os
import queue
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from ...contract.problems import nearest
from ...review import find_root
from . import reader
from .kernel import WarmKernel
from .output_cache import OutputCache, code_digest

logger = logging.getLogger(__name__)
WORTH_A_SECOND_KERNEL = 4  # chapters; starting a kernel costs about as much as running a few


def setup(app: Sphinx) -> None:
    reader.setup(app)
    runner = Runner()
    app.connect("builder-inited", runner.get_ready)
    app.connect("env-get-outdated", runner.outdated)
    app.connect("env-before-read-docs", runner.run)
    app.connect("build-finished", runner.stop)


@dataclass
class _Run:
    """A chapter to run and, afterwards, what came of it."""

    docname: str
    path: Path
    notebook: NotebookNode
    expressions: list[str]
    code: str
    values: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)
    failure: str = ""


class Runner:
    """Runs the chapters of one build in a kernel that it keeps warm."""

    def __init__(self) -> None:
        self._cache: OutputCache
        self._kernel: WarmKernel | None = None

    def get_ready(self, app: Sphinx) -> None:
        """Open the cache; where data or engine have changed some chapter will run, and the kernel
        may start meanwhile.
        """
        self._cache = OutputCache(find_root(Path(app.srcdir)))
        self._kernel = WarmKernel(self._cache.root, app.config.nb_execution_timeout)
        if not self._cache.untouched():
            self._kernel.launch()

    def outdated(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Chapters that Sphinx thinks untouched, but whose data, files or engine have changed."""
        cache, known = self._cache, env.found_docs - added - changed
        return [name for name in sorted(known) if cache.entry(name) and not cache.still_good(name)]

    def run(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Run every chapter about to be read that has no good entry. All failures are reported
        together; then the build stops.
        """
        cache, started = self._cache, time.perf_counter()
        runs = [run for docname in docnames if (run := _stale(env, cache, docname))]
        self._work_off(runs, cache.root, app.config.nb_execution_timeout)
        for run in runs:
            if not run.failure:
                cells = [c.outputs for c in run.notebook.cells if c.cell_type == "code"]
                cache.save(run.docname, run.code, {"cells": cells, "values": run.values}, run.seen)
        if failures := [run.failure for run in runs if run.failure]:
            raise ExtensionError(
                "Chapters failed; the site built last is left as it was.\n" + "\n".join(failures)
            )
        if runs:
            logger.info(f"executed {len(runs)} chapters in {time.perf_counter() - started:.1f} s")

    def _work_off(self, runs: list[_Run], root: Path, timeout: float) -> None:
        """Run chapters, in a second kernel as well where there are many: it has a thread of its
        own, for the machine's second core.
        """
        waiting: queue.SimpleQueue[_Run] = queue.SimpleQueue()
        for run in runs:
            waiting.put(run)
        second = threading.Thread(target=_work_apart, args=(waiting, root, timeout))
        if len(runs) > WORTH_A_SECOND_KERNEL and (os.cpu_count() or 1) > 1:
            second.start()
        with self._kernel or WarmKernel(root, timeout) as kernel:
            _work(waiting, kernel, root)
        if second.ident:
            second.join()

    def stop(self, app: Sphinx, error: Exception | None) -> None:
        """Leave no kernel behind, least of all where the build failed before any chapter ran: its
        process would keep ours waiting.
        """
        if self._kernel:
            self._kernel.stop()


def _stale(env: BuildEnvironment, cache: OutputCache, docname: str) -> _Run | None:
    """The chapter, where it must run; None for plain Markdown and where its entry is good."""
    notebook = reader.read(env, docname)
    if notebook is None:
        return None
    expressions = reader.expressions(notebook)
    code = code_digest(notebook, expressions)
    entry = cache.entry(docname)
    if entry and entry.code == code and cache.still_good(docname):
        return None
    return _Run(docname, Path(env.doc2path(docname)), notebook, expressions, code)


def _work_apart(waiting: queue.SimpleQueue[_Run], root: Path, timeout: float) -> None:
    with WarmKernel(root, timeout) as kernel:
        _work(waiting, kernel, root)


def _work(waiting: queue.SimpleQueue[_Run], kernel: WarmKernel, root: Path) -> None:
    """Run chapters until none is waiting; what goes wrong is kept with the chapter."""
    while True:
        try:
            run: _Run = waiting.get_nowait()
        except queue.Empty:
            return
        logger.info(f"executing {run.docname}")
        name = run.path.relative_to(root)
        try:
            results, run.seen = kernel.run(run.notebook, run.path, run.expressions)
            run.values = {text: _as_text(outputs) for text, outputs in results.items()}
            run.failure = "\n".join(_bad_values(run.path, name, results))
        except (CellExecutionError, CellTimeoutError) as error:
            run.failure = _failure(name, run.notebook, error)
        except Exception as error:
            run.failure = f"{name.as_posix()}: the kernel failed: {type(error).__name__}: {error}"


def _failure(
    path: Path, notebook: NotebookNode, error: CellExecutionError | CellTimeoutError
) -> str:
    """One line for a contributor: file, line of the cell, what went wrong."""
    index = getattr(error, "cell_index", 0)
    line = notebook.metadata.get("source_map", [0] * (index + 1))[index] + 1
    if isinstance(error, CellTimeoutError):
        what = (
            "the cell did not finish in time. "
            "Fix: make it shorter, or raise execute: timeout in _config.yml"
        )
    else:
        cure = "correct the code of this cell, or copy it from a chapter that is built."
        what = f"{error.ename}: {error.evalue}{_cure(error.evalue, cure)}"
    return f"{path.as_posix()}:{line}: {what}"


def _cure(said: str, otherwise: str) -> str:
    """How to mend what raised, `otherwise` where nothing better is known; the name that comes
    nearest, where it asks a chapter or the book for what they have not.
    """
    from ...display.book import Book
    from ...display.chapter import Chapter

    found = re.search(r"'(Chapter|Book)' object has no attribute '(\w+)'", said)
    if not found:
        return f". Fix: {otherwise}"
    known = [
        name for name in dir(Book if found[1] == "Book" else Chapter) if not name.startswith("_")
    ]
    close = nearest(found[2], known)
    near = f" Nearest valid value: '{close}'." if close else ""
    return f".{near} Fix: correct the name; there are {', '.join(known)}."


def _as_text(outputs: list[NotebookNode]) -> str:
    """What an expression gave, as it stands in running text: a string without its quotes."""
    texts = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    return "".join(map(_unquoted, texts))


def _unquoted(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return value if isinstance(value, str) else text


def _bad_values(path: Path, name: Path, results: dict[str, list[NotebookNode]]) -> list[str]:
    """One line for every {eval} that failed or gave what cannot stand in running text."""
    found = []
    for text, outputs in results.items():
        role = f"{{eval}}`{text}`"
        if what := _fault(outputs):
            lines = path.read_text(encoding="utf-8").splitlines()
            line = next((n for n, said in enumerate(lines, start=1) if role in said), 1)
            found.append(f"{name.as_posix()}:{line}: {role}: {what}")
    return found


def _fault(outputs: list[NotebookNode]) -> str:
    """What is wrong with what an expression gave, and its cure; "" where it is a text."""
    for output in outputs:
        if output.output_type == "error":
            cure = _cure(output.evalue, "name what a cell of this page has defined.")
            return f"{output.ename}: {output.evalue}{cure}"
    kinds = {kind for output in outputs for kind in output.get("data", ())}
    if kinds == {"text/plain"}:
        return ""
    what = f"is {', '.join(sorted(kinds))}" if kinds else "is nothing"
    return f"its value {what}. Fix: name a number or a text; all else is for a cell to display."
