"""Time this build against plain Jupyter Book on the same chapters, in one run; print the times and their ratios.

Plain Jupyter Book is the same book without `livingreview.sphinxext`: its own execution cache, one kernel a chapter. That cache
does not see data, so after a data edit it publishes the old page; made right by hand (cache removed), it runs every chapter.

Usage: ``make bench`` (or ``python benchmarks/build.py``). Works on copies in a temporary folder; takes a few minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from livingreview.__main__ import JUPYTER_BOOK  # noqa: E402

CHAPTER = "chapters/isopsoralen-notch.md"
EVIDENCE = "data/evidence/isopsoralen-notch.csv"


def copy(folder: Path, plain: bool) -> Path:
    """A copy of the book in `folder`; without the extension where `plain`."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("_build", ".venv*", ".git", "tests", "__pycache__"))
    if plain:
        path = folder / "_config.yml"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        config["execute"]["execute_notebooks"] = "cache"
        del config["sphinx"]["local_extensions"]
        config["sphinx"]["config"]["bibtex_default_style"] = "plain"
        path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


def build(folder: Path) -> float:
    """Seconds of one ``jupyter-book build``. Raises where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", JUPYTER_BOOK, "build", str(folder)], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return time.perf_counter() - started


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{old!r} is not in {file}: give the benchmark another word to edit")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def page(folder: Path) -> str:
    return (folder / "_build" / "html" / CHAPTER).with_suffix(".html").read_text(encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, ours = copy(Path(folder) / "plain", plain=True), copy(Path(folder) / "ours", plain=False)
        times: dict[str, tuple[float, float]] = {}
        times["cold"] = build(plain), build(ours)
        times["nothing changed"] = build(plain), build(ours)
        for book in (plain, ours):
            edit(book, EVIDENCE, "which of the four concentrations is meant is not said", "which concentration is meant is never said")
        times["one data cell"] = build(plain), build(ours)
        stale = "is never said" not in page(plain)
        if "is never said" not in page(ours):
            raise RuntimeError("the edit is not on the page of this build")
        shutil.rmtree(plain / "_build")
        made_right = build(plain)
        for book in (plain, ours):
            edit(book, CHAPTER, "authors conclude", "authors concluded")
        times["one word of text"] = build(plain), build(ours)
    print(f"{'':<22}{'plain, s':>10}{'this, s':>10}{'this/plain':>12}")
    for name, (theirs, mine) in times.items():
        note = "  (plain shows the old data)" if name == "one data cell" and stale else ""
        print(f"{name:<22}{theirs:>10.1f}{mine:>10.1f}{mine / theirs:>12.2f}{note}")
    mine = times["one data cell"][1]
    print(f"{'  made right by hand':<22}{made_right:>10.1f}{mine:>10.1f}{mine / made_right:>12.2f}")


if __name__ == "__main__":
    main()
