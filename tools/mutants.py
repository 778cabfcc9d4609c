"""Errors planted at random: run mutmut, and compare what no test sees with the explained ones.

``make mutants`` runs all that have not run since the code changed, ``make mutants
M="livingreview.derive.network*"`` those. Settings: ``[tool.mutmut]`` in pyproject.toml.
tests/worked/equivalent_mutants.toml explains the mutants that no test can see, one by one or by
kind. The exit code is 1 where one survives that is not explained, or an explained one is gone or is
seen.

mutmut leaves functions with a decorator alone, and every rule of the check has one. So it works on
a copy, `WORK`, in which ``@each(…) def rule`` reads ``def rule; rule = each(…)(rule)``: the same.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import libcst as cst

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "_build" / "mutants"
EXPLAINED = ROOT / "tests" / "worked" / "equivalent_mutants.toml"
#: A timeout is no proof: mutmut also calls one what could not be run.
SEEN = {"killed"}
MUTMUT = Path(sys.executable).with_name("mutmut")


class Mutant(NamedTuple):
    """A mutant by what it changes: its number moves with the code around it."""

    function: str
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.function}\n  - {self.was}\n  + {self.becomes}"


def results() -> dict[str, str]:
    """What became of every mutant: by its name, ``<module>.x_<function>__mutmut_<n>``."""
    said = _mutmut("results", "--all", "true")
    return dict(re.findall(r"^ +(\S+__mutmut_\d+): (.+)$", said, re.MULTILINE))


def is_seen_afresh(name: str) -> bool:
    """Whether the tests fail where the mutant is there from the first import on: what runs while a
    module is imported, such as the decorators of the rules, has run before mutmut plants it.
    """
    pytest = [sys.executable, "-m", "pytest", "-x", "-q"]
    settings = _settings()
    done = subprocess.run(
        [
            *pytest,
            *settings["pytest_add_cli_args"],
            *settings["pytest_add_cli_args_test_selection"],
        ],
        cwd=WORK / "mutants",
        check=False,
        env={**os.environ, "MUTANT_UNDER_TEST": name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode in {1, 2}  # a test failed, or a file of tests could not be read


def described(name: str) -> Mutant:
    """The mutant of this name, from its difference to the code."""
    lines = _mutmut("show", name).splitlines()
    lines = [line for line in lines if not line.startswith(("---", "+++"))]
    was, becomes = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Mutant(_function(name), was, becomes)


def explained() -> set[Mutant]:
    """The mutants that no test can see, from `EXPLAINED`."""
    told = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["mutant"]
    return {Mutant(m["function"], m["was"], m["becomes"]) for m in told if m["why"]}


def is_of_a_kind(mutant: Mutant) -> bool:
    """Whether `EXPLAINED` has a kind (two patterns) that the mutant is one of."""
    kinds = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["kind"]
    return any(
        re.search(kind["was"], mutant.was) and re.search(kind["becomes"], mutant.becomes)
        for kind in kinds
        if kind["why"]
    )


def _function(name: str) -> str:
    """``a.b.x_name__mutmut_1`` is one of ``a.b.name``, ``a.b.xǁKindǁname__mutmut_1`` one of
    ``a.b.Kind.name``.
    """
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    plain = mangled[1:].replace("ǁ", ".").removeprefix(".") if "ǁ" in mangled else mangled[2:]
    return f"{module}.{plain}"


def _settings() -> dict[str, list[str]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]


def _mutmut(*arguments: str) -> str:
    done = subprocess.run(
        [MUTMUT, *arguments], cwd=WORK, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


class Undecorated(cst.CSTTransformer):
    """Says what a decorator of a function says by an assignment below the function."""

    def leave_FunctionDef(  # noqa: N802 (as libcst names it)
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        made: cst.BaseExpression = updated_node.name
        for decorator in reversed(updated_node.decorators):
            if cst.ensure_type(updated_node.name, cst.Name).value == _first_name(decorator):
                return updated_node  # @name.setter takes what stood at the name before
            made = cst.Call(decorator.decorator, [cst.Arg(made)])
        if made is updated_node.name:
            return updated_node
        assignment = cst.Assign([cst.AssignTarget(updated_node.name)], made)
        return cst.FlattenSentinel(
            [
                updated_node.with_changes(decorators=[]),
                cst.SimpleStatementLine([assignment]),
            ]
        )


def _first_name(decorator: cst.Decorator) -> str:
    return cst.Module([]).code_for_node(decorator.decorator).split(".")[0]


def copy() -> None:
    """Bring `WORK` up to date. What did not change keeps its time, so that mutmut keeps what it
    found out about it.
    """
    settings = _settings()
    wanted = [*settings["source_paths"], *settings["also_copy"], "tests", "pyproject.toml"]
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *wanted],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout.split("\0")
    files = {name for name in tracked if (ROOT / name).is_file()}
    for gone in (path for top in wanted for path in (WORK / top).rglob("*.*")):
        if gone.is_file() and str(gone.relative_to(WORK)) not in files:
            gone.unlink()
    for name in files:
        content = (ROOT / name).read_bytes()
        if any(fnmatch.fnmatch(name, pattern) for pattern in settings["only_mutate"]):
            content = cst.parse_module(content).visit(Undecorated()).bytes
        target = WORK / name
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            shutil.copymode(ROOT / name, target)


def main(names: list[str]) -> int:
    copy()
    subprocess.run([MUTMUT, "run", *names], cwd=WORK, check=True)
    asked = {
        name: status
        for name, status in results().items()
        if not names or any(fnmatch.fnmatch(name, pattern) for pattern in names)
    }
    for status, n in Counter(asked.values()).most_common():
        print(f"{n:6} {status}")
    functions = {_function(name) for name in asked}
    known = {mutant for mutant in explained() if not names or mutant.function in functions}
    left = {name: described(name) for name, status in asked.items() if status not in SEEN}
    unseen = {
        mutant
        for name, mutant in left.items()
        if mutant in known or not (is_of_a_kind(mutant) or is_seen_afresh(name))
    }
    for title, found in (
        ("No test sees", unseen - known),
        ("Explained, but seen by a test or gone", known - unseen),
    ):
        for mutant in sorted(found):
            print(f"{title}: {mutant}", file=sys.stderr)
    return int(unseen != known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
