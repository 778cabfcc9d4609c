"""A warm Jupyter kernel: chapters run in it one after another, each from a clean namespace.

Starting a kernel and importing pandas and Altair costs about a second; a chapter's own cells a few
hundredths.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.client import KernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import NotebookNode

STARTUP_TIMEOUT = 180  # seconds; a machine busy with other work takes more than the usual minute
# Run by the kernel as it starts, while the build still reads: imports, and the review itself where
# it can be read.
_WARM_UP = "import livingreview; livingreview.warm_up()"
_BEFORE = """
# as %reset, without its wait
for name in [n for n in get_ipython().user_ns if n not in get_ipython().user_ns_hidden]:
    del get_ipython().user_ns[name]
import os, sys
os.chdir({folder!r})
# a chapter's own helper modules are read anew, the engine is not
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    own = file.startswith({root!r} + os.sep) and not file.startswith(sys.prefix + os.sep)
    if own and not name.startswith("livingreview"):
        del sys.modules[name]
from livingreview import dependencies
dependencies.start({root!r})
del os, sys, name, module, file, own, dependencies
"""
_AFTER = (
    "import json as _json, livingreview.dependencies as _seen\nprint(_json.dumps(_seen.seen()))"
)


class _ThisPython(KernelSpecManager):
    """The Python that builds the book, whatever kernels the machine has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            f"--IPKernelApp.exec_lines={_WARM_UP}",
        ]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class WarmKernel:
    """A kernel for many chapters. Use as a context manager.

    root: project folder, put on the kernel's path so that chapters can import the engine.
    """

    def __init__(self, root: Path, timeout: float):
        self._root = os.path.realpath(root)
        self._timeout = timeout
        self._manager: AsyncKernelManager | None = None
        self._client: KernelClient | None = None

    def __enter__(self) -> WarmKernel:
        return self

    def __exit__(self, *error) -> None:
        self.stop()

    def launch(self) -> None:
        """Start the kernel's process without waiting for it; `run` does so by itself where this was
        not called.
        """
        # Sockets in a folder of our own, where there are any: nobody else on the machine can talk
        # to the kernel.
        transport = "tcp" if os.name == "nt" else "ipc"
        self._folder = tempfile.TemporaryDirectory(prefix="livingreview-")
        connection = str(Path(self._folder.name, "kernel.json"))
        self._manager = AsyncKernelManager(
            kernel_spec_manager=_ThisPython(), transport=transport, connection_file=connection
        )
        path = os.pathsep.join(filter(None, [self._root, os.environ.get("PYTHONPATH")]))
        runner = self._runner(nbformat.v4.new_notebook())
        runner.start_new_kernel(env={**os.environ, "PYTHONPATH": path}, cwd=self._root)

    def _connect(self) -> None:
        if self._manager is None:
            self.launch()
        if self._client is None:
            try:
                self._client = self._runner(
                    nbformat.v4.new_notebook(), startup_timeout=STARTUP_TIMEOUT
                ).start_new_kernel_client()
            except Exception:
                self.stop()  # the next chapter starts a kernel of its own
                raise

    def stop(self) -> None:
        """Shut the kernel down; the next run starts a new one."""
        if self._client is not None:
            self._client.stop_channels()
        if self._manager is not None:
            run_sync(self._manager.shutdown_kernel)(now=True)
            self._folder.cleanup()
        self._manager = self._client = None

    def run(
        self, notebook: NotebookNode, path: Path, expressions: list[str]
    ) -> tuple[dict[str, list], dict[str, list[str]]]:
        """Execute a notebook in place.

        expressions: evaluated after the last cell. Returns their outputs by expression, and what
        was seen (`dependencies.seen`). Raises nbclient's CellExecutionError or CellTimeoutError,
        with the cell at fault as attribute ``cell_index``.
        """
        self._connect()
        self._aside(_BEFORE.format(folder=str(path.parent), root=self._root))
        runner = self._runner(notebook)
        count = 0
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            count += 1
            try:
                runner.execute_cell(cell, index, store_history=False)
            except Exception as error:
                error.cell_index = index  # type: ignore[attr-defined]
                # nothing of a failed chapter, a cell that still runs least of all, reaches the next
                # one
                self.stop()
                raise
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
        values = {text: self._aside(text, may_fail=True) for text in expressions}
        seen = json.loads("".join(o.text for o in self._aside(_AFTER) if o.output_type == "stream"))
        return values, seen

    def _runner(self, notebook: NotebookNode, **options) -> NotebookClient:
        runner = NotebookClient(
            notebook, km=self._manager, timeout=self._timeout, record_timing=False, **options
        )
        runner.kc = self._client
        runner.reset_execution_trackers()
        return runner

    def _aside(self, source: str, may_fail: bool = False) -> list:
        """Run code that is no cell of the chapter (nbclient writes a cell back into its notebook,
        so it gets one of its own).
        """
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        self._runner(notebook, allow_errors=may_fail).execute_cell(
            notebook.cells[0], 0, store_history=False
        )
        return notebook.cells[0].outputs
