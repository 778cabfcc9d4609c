"""YAML with line numbers: the places of all values, so that a message can point at one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from ...contract.problems import Problem
from . import text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 20  # a recursive alias would go on forever


class Leaf(NamedTuple):
    """A scalar: the keys that lead to it (list items add none), its text, its line."""

    path: tuple[str, ...]
    value: str
    line: int


def read(root: Path, name: str) -> tuple[yaml.Node | None, list[Problem]]:
    """The mapping in the file `name` of the project in `root`; None where there is none."""
    file = text.read(root / name, root)
    if file.lines is None:
        return None, file.problems
    tree, problems = parse(file.lines, name)
    if not problems and not isinstance(tree, yaml.MappingNode):
        what, fix = "this is not a YAML mapping.", "Restore it from the main branch."
        problems = [Problem(name, 1, "", "", what, fix)]
    return (None if problems else tree), file.problems + problems


def parse(lines: list[str], file: str, first: int = 1) -> tuple[yaml.Node | None, list[Problem]]:
    """Parse `lines`, the first being `first` of `file`. None where they are empty or no YAML."""
    try:
        return yaml.compose("\n".join(lines) + "\n", Loader=_LOADER), []
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first + min(mark.line, len(lines) - 1) if mark else first
        reason = getattr(error, "problem", None) or "it cannot be read"
        fix = "Mind the indentation, and put values that hold a colon in quotes."
        value = lines[line - first] if lines else ""
        return None, [Problem(file, line, "", value.strip(), f"this is not YAML: {reason}.", fix)]


def leaves(
    node: yaml.Node | None, first: int = 1, path: tuple[str, ...] = (), depth: int = 0
) -> Iterator[Leaf]:
    """All scalars below `node`, in order."""
    if depth > MAX_DEPTH:
        return
    if isinstance(node, yaml.ScalarNode):
        below = node.style in ("|", ">")  # such a text starts on the line after its mark
        yield Leaf(path, node.value, first + node.start_mark.line + below)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from leaves(value, first, (*path, str(key.value)), depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from leaves(value, first, path, depth + 1)


def members(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The direct members of a mapping; none of anything else."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}
