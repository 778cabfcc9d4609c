"""What a running chapter has looked at, so that a build can tell whether it must run again.

A page gets the review from `handing_out` alone, which notes each part as it hands it out; an audit
hook notes every other file below the project folder that is opened meanwhile (a chapter may read a
file of its own). The build keeps both with the chapter's outputs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

_parts: list[str] = []
_files: list[str] = []
_watch: dict[str, str] = {}


class InParts(Protocol):
    """What is handed out part by part: a `Review`."""

    def part(self, name: str) -> Any: ...


def handing_out(review: InParts) -> Callable[[str], Any]:
    """The one way in which a page gets at the review: a function that gives a part of it
    (`Review.part`) by name and notes that.
    """

    def part(name: str) -> Any:
        with unwatched():
            found = review.part(name)
        if name not in _parts:
            _parts.append(name)
        return found

    return part


@contextmanager
def unwatched() -> Iterator[None]:
    """Files opened inside are the engine's own business: the parts that it hands out stand for
    them.
    """
    folder = _watch.pop("root", None)
    try:
        yield
    finally:
        if folder is not None:
            _watch["root"] = folder


def start(root: str) -> None:
    """Forget what was seen and watch the files below `root` from now on."""
    _parts.clear()
    _files.clear()
    if "hooked" not in _watch:  # a hook cannot be taken off again; it is quiet without a root
        sys.addaudithook(_hook)
        _watch["hooked"] = "yes"
    _watch["root"] = os.path.realpath(root) + os.sep


def seen() -> dict[str, list[str]]:
    """Parts and files seen since `start`; files as paths below the root."""
    root = _watch.get("root", "")
    return {
        "parts": list(_parts),
        "files": sorted({os.path.relpath(path, root) for path in _files}),
    }


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    root = _watch.get("root")
    if event != "open" or not root or not isinstance(arguments[0], (str, Path)):
        return
    path = os.path.realpath(arguments[0])
    # what is built, what is installed
    elsewhere = (root + "_build" + os.sep, os.path.realpath(sys.prefix) + os.sep)
    if path.startswith(root) and not path.startswith(elsewhere) and Path(path).is_file():
        _files.append(path)
