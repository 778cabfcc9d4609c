"""Errors planted into a copy of the engine: the tests of the worked review must see each one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ERRORS = tomllib.loads((HERE / "planted.toml").read_text(encoding="utf-8"))["error"]


def places(engine: Path, find: str) -> list[tuple[Path, re.Match]]:
    """Where a text stands in the engine, whatever the blanks and line breaks between its words."""
    pattern = re.compile(r"\s*".join(map(re.escape, find.split())))
    return [
        (path, match)
        for path in sorted(engine.rglob("*.py"))
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["breaks"])
def test_the_text_to_replace_is_there_once(error):
    """Else the list would rot in silence: move the text along in ``planted.toml``."""
    found = [
        path.relative_to(ROOT).as_posix()
        for path, _ in places(ROOT / "livingreview", error["find"])
    ]
    assert len(found) == 1, f"{error['find']!r} stands in {found or 'no module'}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The engine, the worked review with its tests, and the contract, in a folder of their own."""
    nothing_compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "livingreview", tmp_path / "livingreview", ignore=nothing_compiled)
    shutil.copytree(HERE, tmp_path / "tests" / "worked", ignore=nothing_compiled)
    (tmp_path / "data").mkdir()
    for name in ("data/datapackage.json", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path) -> subprocess.CompletedProcess:
    """The quick tests of the worked review on the engine of this folder, up to a first failure."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/worked/test_worked.py", "-x", "--tb=short"],
        cwd=folder,  # with -m, this folder is the first that modules are looked for in
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"},
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )


@pytest.mark.planted
def test_without_an_error_the_tests_pass(copy):
    done = run(copy)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.planted
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["breaks"])
def test_a_planted_error_is_seen(copy, error):
    ((path, match),) = places(copy / "livingreview", error["find"])
    source = path.read_text(encoding="utf-8")
    path.write_text(
        source[: match.start()] + error["plant"] + source[match.end() :], encoding="utf-8"
    )
    done = run(copy)
    last = done.stdout.strip().splitlines()[-1]
    failed = done.returncode == 1 and re.search(r"\b1 failed\b", last)  # failed, not broken
    assert failed, f"no test sees it: {error['breaks']}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
