"""Time this build, and the first view of its pages, against plain Jupyter Book on the same
chapters, in one run.

Plain Jupyter Book is the same book without `livingreview.sphinxext`: its own execution cache, one
kernel a chapter. That cache does not see data, so after a data edit it publishes the old page; made
right by hand (cache removed), it runs every chapter. The first view is Lighthouse's, in its mobile
profile: the largest paint in seconds, the score, and what goes over the wire.

Usage: ``make bench`` (or ``python benchmarks/build.py``). Works on copies in a temporary folder;
takes a few minutes.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "book")]
import audit  # noqa: E402 (found by the line above)
import host  # noqa: E402

from livingreview.cli.jupyter_book import JUPYTER_BOOK  # noqa: E402

CHAPTER = "chapters/isopsoralen-notch.md"
EVIDENCE = "data/evidence/isopsoralen-notch.csv"


def copy(folder: Path, plain: bool) -> Path:
    """A copy of the book in `folder`; without the extension where `plain`."""
    shutil.copytree(
        ROOT,
        folder,
        ignore=shutil.ignore_patterns("_build", ".venv*", ".git", "tests", "__pycache__"),
    )
    if plain:
        path = folder / "_config.yml"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        config["execute"]["execute_notebooks"] = "cache"
        del config["sphinx"]["local_extensions"]
        config["sphinx"]["config"] |= {
            "bibtex_default_style": "plain",
            "html_theme": "sphinx_book_theme",
        }
        path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


def build(folder: Path) -> float:
    """Seconds of one ``jupyter-book build``. Raises where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", JUPYTER_BOOK, "build", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
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


def first_view(folder: Path, page: str) -> tuple[float, float, float]:
    """Largest paint (s), score (0 to 1) and weight (kB) of a page; medians of three visits."""
    address, server = host.serve(folder / "_build" / "html")
    visits = []
    for _ in range(3):
        report = audit.lighthouse(address + page, ["performance"])
        values = {name: found.get("numericValue", 0) for name, found in report["audits"].items()}
        score = report["categories"]["performance"]["score"]
        visits.append(
            (values["largest-contentful-paint"] / 1000, score, values["total-byte-weight"] / 1000)
        )
    server.shutdown()
    return tuple(map(statistics.median, zip(*visits, strict=True)))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, ours = (
            copy(Path(folder) / "plain", plain=True),
            copy(Path(folder) / "ours", plain=False),
        )
        times: dict[str, tuple[float, float]] = {}
        times["cold"] = build(plain), build(ours)
        views = (
            {
                kind: (first_view(plain, page), first_view(ours, page))
                for kind, page in audit.HEAVY.items()
            }
            if audit.CHROMIUM and audit.install()
            else {}
        )
        times["nothing changed"] = build(plain), build(ours)
        for book in (plain, ours):
            edit(
                book,
                EVIDENCE,
                "which of the four concentrations is meant is not said",
                "which concentration is meant is never said",
            )
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
    if not views:
        print(
            "\nFirst views are not measured: they need Chromium (Debian's package) and npm's"
            " registry."
        )
        return
    heads = f"{'largest paint':<22}{'plain, s':>10}{'this, s':>10}{'this/plain':>12}"
    print(f"\n{heads}{'score':>14}{'kB':>14}")
    for name, ((theirs, their_score, their_weight), (mine, score, weight)) in views.items():
        scores, weights = f"{their_score:.2f} / {score:.2f}", f"{their_weight:.0f} / {weight:.0f}"
        paints = f"{theirs:>10.2f}{mine:>10.2f}{mine / theirs:>12.2f}"
        print(f"{name:<22}{paints}{scores:>14}{weights:>14}")


if __name__ == "__main__":
    main()
