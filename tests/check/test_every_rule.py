"""Every rule is missed when it is gone: some mistake of the tables goes unsaid without it."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from livingreview.checks import read, rules
from livingreview.checks.read import contract
from livingreview.checks.rules.rule import rules_of

pytestmark = pytest.mark.slow


def cases() -> dict[str, tuple]:
    """The mistakes of all tables in this folder: what is damaged, and what is said of it."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("test_check_*.py")):
        spec = util.spec_from_file_location(path.stem, path)
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, case in getattr(module, "MISTAKES", {}).items():
            found[f"{path.stem}: {name}"] = case
    return found


def all_rules() -> list[tuple[ModuleType, str]]:
    """Every rule, as module and name."""
    modules = (*rules.MARKING, *rules.MEANING)
    return [(module, rule.name) for module in modules for rule in rules_of(module)]


def test_every_rule_is_missed_when_it_is_gone(new_toy, monkeypatch):
    speaking: dict[str, list[tuple]] = {}
    for case in cases().values():
        toy = new_toy().break_(*case[0])
        package, _ = contract.read(toy.root)
        project, _ = read(toy.root, package)
        for module, name in all_rules():
            if list(vars(module)[name].find(project)):
                speaking.setdefault(f"{module.__name__}.{name}", []).append((toy, case[1:]))
    unguarded = []
    for module, name in all_rules():
        with monkeypatch.context() as gone:
            gone.setattr(module, name, None)
            if not any(
                _is_missed(toy, expected)
                for toy, expected in speaking.get(f"{module.__name__}.{name}", [])
            ):
                unguarded.append(f"{module.__name__}.{name}")
    assert unguarded == []


def _is_missed(toy, expected: tuple) -> bool:
    try:
        toy.says(*expected)
    except AssertionError:
        return True
    return False
