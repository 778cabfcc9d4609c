"""What a running chapter has looked at, so that a build can tell whether it must run again.

The engine's own accessors note the slice they hand out; an audit hook notes every other file below the project folder
that is opened meanwhile (a chapter may read a file of its own). The build keeps both with the chapter's outputs.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path

_slices: list[str] = []
_files: list[str] = []
_watch: dict[str, str] = {}


def note(name: str) -> None:
    """Note that a slice (see `Review.digest`) was handed out."""
    if name not in _slices:
        _slices.append(name)


@contextmanager
def unwatched():
    """Files opened inside are the engine's own business: its slices stand for them."""
    folder = _watch.pop("root", None)
    try:
        yield
    finally:
        if folder is not None:
            _watch["root"] = folder


def start(root: str) -> None:
    """Forget what was seen and watch the files below `root` from now on."""
    _slices.clear()
    _files.clear()
    if (
        "hooked" not in _watch
    ):  # an audit hook cannot be taken off again; it is quiet without a root
        sys.addaudithook(_hook)
        _watch["hooked"] = "yes"
    _watch["root"] = os.path.join(os.path.realpath(root), "")


def seen() -> dict[str, list[str]]:
    """Slices and files seen since `start`; files as paths below the root."""
    root = _watch.get("root", "")
    return {
        "slices": list(_slices),
        "files": sorted({os.path.relpath(path, root) for path in _files}),
    }


def _hook(event: str, arguments: tuple) -> None:
    root = _watch.get("root")
    if event != "open" or not root or not isinstance(arguments[0], (str, Path)):
        return
    path = os.path.realpath(arguments[0])
    elsewhere = (
        root + "_build" + os.sep,
        os.path.realpath(sys.prefix) + os.sep,
    )  # what is built, what is installed
    if path.startswith(root) and not path.startswith(elsewhere) and os.path.isfile(path):
        _files.append(path)
