"""The arrows between the folders of the engine, and the picture that is drawn of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def lint(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": str(BIN)},
    )


@pytest.fixture
def copy(tmp_path):
    """The engine's sources in a folder of their own, to be changed."""
    for path in (ROOT / "livingreview").rglob("*.py"):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def test_arrows_point_down_and_there_is_no_circle():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_arrow_that_points_up_is_refused_even_for_types(copy):
    path = copy / "livingreview" / "derive" / "doses.py"
    text = path.read_text(encoding="utf-8")
    upward = (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ..review import Review\n"
    )
    path.write_text(text.replace("import re\n", f"import re\n{upward}", 1), encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert "livingreview.derive.doses -> livingreview.review" in done.stdout


def test_the_picture_of_the_layers_is_the_codes():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "draw_architecture.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
