"""What tests ask for: the toy review, built or not, the book itself, and programs.

A need is a fixture, and the marker of its name is put on every test that asks for it, itself or by
way of other fixtures (needs.py has the list). So none can be forgotten: with
``-m "not (build or book)"`` nothing is built, and a test that has not asked cannot start a build.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import needs
import pytest
from filelock import FileLock

from livingreview.cli.jupyter_book import JUPYTER_BOOK

ROOT = Path(__file__).resolve().parent.parent
TOY = ROOT / "tests" / "toy"


# needs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tests need, and put the files in the order in which workers take them."""
    files: dict[Path, list[set[str]]] = {}
    for item in items:
        for name in sorted(needs.NEEDS.intersection(getattr(item, "fixturenames", ()))):
            item.add_marker(name)
        files.setdefault(item.path, []).append(needs.of(item))
    places = {path: needs.order(every) for path, every in files.items()}
    items.sort(key=lambda item: places[item.path])


@pytest.hookimpl(tryfirst=True)  # before any fixture is made
def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.meet(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Watch which processes the test starts."""
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.remove(item)


_running: list[pytest.Item] = []


def _watch(event: str, arguments: tuple) -> None:
    if event == "subprocess.Popen" and _running:
        needs.refuse(_running[-1], str(arguments[1]))


sys.addaudithook(_watch)


@pytest.fixture(scope="session")
def build() -> None:
    """Asked for by whatever may run Jupyter Book."""


@pytest.fixture(scope="session")
def slow() -> None:
    """Asked for by what takes seconds for another reason, such as commands on the whole book."""


@pytest.fixture(scope="session")
def git() -> str:
    """The command."""
    return shutil.which("git")


@pytest.fixture(scope="session")
def epubcheck() -> list[str]:
    """The command that checks an EPUB."""
    return ["java", "-jar", str(needs.EPUBCHECK)]


@pytest.fixture(scope="session")
def latex() -> None:
    """Asked for by whatever sets a page, or looks at one that is set."""


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder made once in a run, by the worker that comes first: ``once("toy", make)``.

    ``make`` gets the folder to fill; the other workers wait for it.
    """
    here = tmp_path_factory.getbasetemp()
    shared = here if worker_id == "master" else here.parent

    def get(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = shared / name, shared / f"{name}.made"
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # half of it, where another has failed
                make(folder)
                made.touch()
        return folder

    return get


# projects


class Project:
    """A project on disk with a copy of the engine, so that a test may edit that as well."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.html = root / "_build" / "html"

    @property
    def log(self) -> str:
        """What its build said, where it was built once for all."""
        log = self.root / "build.log"
        return log.read_text(encoding="utf-8") if log.is_file() else ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run Python in the project; its own engine comes first on the path."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,  # a hang; a busy machine may take minutes
        )

    def build(self, *options: str) -> str:
        """``jupyter-book build . -n -W --keep-going``; what it printed.

        Fails the test where the build fails.
        """
        done = self.jupyter_book(*options)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def jupyter_book(self, *options: str) -> subprocess.CompletedProcess:
        return self.run("-c", JUPYTER_BOOK, "build", ".", "-n", "-W", "--keep-going", *options)

    def latex(self) -> str:
        """``jupyter-book build . --builder latex``: the LaTeX source; TeX does not run."""
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


def copy_toy(root: Path) -> Project:
    """The toy review, on another subject, with the engine and the contract of this book."""
    shutil.copytree(TOY, root)
    shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
    shutil.copytree(
        ROOT / "livingreview", root / "livingreview", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "requirements.txt", root)
    return Project(root)


@pytest.fixture
def unbuilt_toy(build: None, tmp_path: Path) -> Project:
    """The toy review in a folder of its own, where nothing has been built yet."""
    return copy_toy(tmp_path / "toy")


@pytest.fixture(scope="session")
def built_toy(build: None, once) -> Project:
    """The toy review, built once in a run. For looking at: nobody may change it."""

    def make(root: Path) -> None:
        log = copy_toy(root).build()
        (root / "build.log").write_text(log, encoding="utf-8")

    return Project(once("toy", make))


@pytest.fixture
def toy_project(built_toy: Project, tmp_path: Path) -> Project:
    """The built toy review in a folder of its own.

    A build reads every page again, as Sphinx does not know the folder, and runs what has changed.
    """
    return Project(shutil.copytree(built_toy.root, tmp_path / "toy"))


@pytest.fixture(scope="session")
def variant(built_toy: Project, once):
    """A toy review, changed and built once in a run: ``variant("published", change)``."""

    def get(name: str, change: Callable[[Project], None]) -> Project:
        def make(root: Path) -> None:
            project = Project(shutil.copytree(built_toy.root, root))
            change(project)
            project.build()

        return Project(once(name, make))

    return get


@pytest.fixture(scope="session")
def unpacked() -> list[str]:
    """The files here that .gitignore does not name.

    Each of its lines is a name, with a slash that of a folder.
    """
    patterns = [".git/", ".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").split()]

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
def book(sources: list[str], once) -> Project:
    """The book itself, as git would clone it, built once in a run with every warning an error.

    Chapters that `make html` ran in the project folder run again only where something has changed
    for them since. BUILT=<project folder>: take the site built there as it is.
    """
    if built := os.environ.get("BUILT"):
        return Project(Path(built).resolve())

    def make(root: Path) -> None:
        for name in sources:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
        if (ran := ROOT / "_build" / ".executed").is_dir():
            shutil.copytree(ran, root / "_build" / ".executed")
        (root / "build.log").write_text(Project(root).build(), encoding="utf-8")

    return Project(once("book", make))


@pytest.fixture(autouse=True)
def _derived_anew():
    """While mutmut notes which tests call a function, none takes what one before it kept."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        modules = [
            m for name, m in sys.modules.items() if name.startswith(("livingreview", "worked"))
        ]
        for kept in {id(v): v for m in modules for v in vars(m).values()}.values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
