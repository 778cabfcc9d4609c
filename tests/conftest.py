"""Real builds for the tests: projects in folders of their own, built by the real Jupyter Book."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from livingreview.cli.jupyter_book import JUPYTER_BOOK

ROOT = Path(__file__).resolve().parent.parent
TOY = ROOT / "tests" / "toy"


class BookTogether(LoadScopeScheduling):
    """Where tests run side by side, those of the built book stay in one process, so that it is
    built once.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "book" if nodeid.startswith("tests/book/") else nodeid


def pytest_xdist_make_scheduler(config, log):
    return BookTogether(config, log)


class Project:
    """A project on disk with a copy of the engine, so that a test may edit that as well."""

    def __init__(self, root: Path):
        self.root = root
        self.html = root / "_build" / "html"

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run Python in the project; its own engine comes first on the path."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def build(self, *options: str) -> str:
        """``jupyter-book build . -n -W --keep-going``; what it printed. Fails the test where the
        build fails.
        """
        done = self.jupyter_book(*options)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def jupyter_book(self, *options: str) -> subprocess.CompletedProcess:
        return self.run("-c", JUPYTER_BOOK, "build", ".", "-n", "-W", "--keep-going", *options)

    def latex(self) -> str:
        """``jupyter-book build . --builder latex``: the LaTeX source of the book, without running
        TeX.
        """
        done = self.run("-c", JUPYTER_BOOK, "build", ".", "--builder", "latex")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert not self.executed(done.stdout), "the chapters were run again for print"
        (source,) = (self.root / "_build" / "latex").glob("*.tex")
        return source.read_text(encoding="utf-8")

    def executed(self, log: str) -> set[str]:
        """Chapters that a build ran, from its log."""
        return {
            line.split("executing ", 1)[1].strip()
            for line in log.splitlines()
            if line.startswith("executing ")
        }

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def page(self, name: str) -> str:
        return (self.html / name).read_text(encoding="utf-8")


def copy_engine(root: Path) -> None:
    shutil.copytree(
        ROOT / "livingreview", root / "livingreview", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "requirements.txt", root)


@pytest.fixture(scope="session")
def make_toy():
    """Put the toy review, on another subject, into a folder, with the engine and the contract of
    this book.
    """

    def make(root: Path) -> Project:
        shutil.copytree(TOY, root)
        shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
        copy_engine(root)
        return Project(root)

    return make


@pytest.fixture
def toy_project(tmp_path: Path, make_toy) -> Project:
    """The toy review in a folder of its own."""
    return make_toy(tmp_path / "toy")


@pytest.fixture(scope="session")
def git() -> str:
    """The command, where this machine has it."""
    return shutil.which("git") or pytest.skip("no git on this machine")


@pytest.fixture(scope="session")
def unpacked() -> list[str]:
    """The files here that .gitignore does not name: each of its lines is a name, with a slash that
    of a folder.
    """
    patterns = [".git/", *(ROOT / ".gitignore").read_text(encoding="utf-8").split()]

    def kept(name: str) -> bool:
        return not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)

    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if kept(f"{name}/")]
        found += [
            (Path(folder) / name).relative_to(ROOT).as_posix() for name in filter(kept, files)
        ]
    return found


@pytest.fixture(scope="session")
def sources(unpacked) -> list[str]:
    """The project's files as git would clone them, also in an unpacked archive and without git."""
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        return unpacked
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def book(tmp_path_factory, sources) -> Project:
    """The book itself, as git would clone it, built once with every warning an error.

    BUILT=<project folder>: take the site built there as it is, for work on the tests alone.
    """
    if built := os.environ.get("BUILT"):
        project = Project(Path(built).resolve())
        project.log = ""
        return project
    root = tmp_path_factory.mktemp("book") / "clone"
    for name in sources:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    project = Project(root)
    project.log = project.build()
    return project
