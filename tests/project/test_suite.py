"""The tests' own rules: needs are markers, what is missing is skipped, quick ones build nothing."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from livingreview.cli.jupyter_book import JUPYTER_BOOK

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
MARKERS = {line.split(":")[0] for line in OPTIONS["ini_options"]["markers"]}
QUICK = re.search(r'-m "(.*)"', (ROOT / "Makefile").read_text(encoding="utf-8"))[1]


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """Some tests under this project's conftest.py."""
    for name in ("pyproject.toml", "tests/conftest.py"):
        (pytester.path / name).parent.mkdir(exist_ok=True)
        (pytester.path / name).write_bytes((ROOT / name).read_bytes())
    tests = {
        "test_plain.py": "def test_plain(tmp_path): pass",
        "test_git.py": "def test_git(git): pass",
        "test_looks.py": "def test_looks(book): pass",
        "test_builds.py": """
            import pytest
            @pytest.fixture
            def mine(toy_project): return toy_project
            def test_itself(unbuilt_toy): pass
            def test_by_way_of_another(mine): pass""",
        "test_print.py": "def test_print(latex, book): pass",
    }
    for name, text in tests.items():
        (pytester.path / "tests" / name).write_text(
            "\n".join(line.removeprefix(" " * 12) for line in text.splitlines()), encoding="utf-8"
        )
    return pytester


def collected(suite: pytest.Pytester, *arguments: str) -> list[str]:
    said = suite.runpytest_inprocess("--collect-only", *arguments).stdout.str()
    return re.findall(r"tests/(test_\w+)\.py", said)


def test_a_need_is_a_marker_however_it_is_asked_for(suite):
    assert collected(suite, "-m", "build") == ["test_builds", "test_builds"]
    assert collected(suite, "-m", "book") == ["test_print", "test_looks"]
    assert sorted(collected(suite, "-m", QUICK)) == ["test_git", "test_plain"]


def test_print_is_first_and_builds_are_before_what_waits_for_the_book(suite):
    order = list(dict.fromkeys(collected(suite)))
    assert order[:3] == ["test_print", "test_builds", "test_looks"]


def test_what_a_machine_lacks_is_skipped_with_its_reason_or_fails_where_it_is_required(
    suite, monkeypatch
):
    monkeypatch.setenv("PATH", str(suite.path))
    done = suite.runpytest_inprocess("-rs", "tests/test_git.py", "tests/test_plain.py")
    done.assert_outcomes(passed=1, skipped=1)
    done.stdout.fnmatch_lines(["*no git on this machine (Debian: git)*"])
    monkeypatch.setenv("REQUIRE_GIT", "1")
    suite.runpytest_inprocess("tests/test_git.py").assert_outcomes(errors=1)


def test_the_makefile_and_the_markers_agree():
    assert set(re.findall(r"\w+", QUICK)) - {"not", "or"} < MARKERS


@pytest.mark.parametrize(
    "command", [["-c", JUPYTER_BOOK, "--version"], ["-m", "ipykernel_launcher"]], ids=str
)
def test_a_quick_test_cannot_start_a_build(command):
    with pytest.raises(pytest.fail.Exception, match="asks for no fixture"):
        subprocess.run([sys.executable, *command], check=True)
