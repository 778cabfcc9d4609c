"""`_toc.yml` and `_config.yml`: which pages the book has, in which parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ..contract.problems import Problem, nearest
from . import files, yamltree

FILE = "_toc.yml"
CONFIG = "_config.yml"
SUFFIXES = (".md", ".ipynb", ".rst")
_SUBTREES = ("parts", "chapters", "sections", "subtrees", "entries")


@dataclass(frozen=True)
class Item:
    """One page of the contents: as written, the caption of its part, the line, the file it names or ""."""

    name: str
    caption: str
    line: int
    file: str


@dataclass
class Toc:
    """The contents. complete: False where the file could not be read."""

    items: list[Item] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    complete: bool = True


def read(root: Path) -> tuple[Toc, list[Problem]]:
    """Read the contents of the book in `root`; `_config.yml` only has to be there and to be YAML."""
    _, problems = _parse(root, CONFIG)
    tree, found = _parse(root, FILE)
    problems += found
    if tree is None:
        return Toc(complete=False), problems
    members = yamltree.members(tree)
    kind = members.get("format")
    if not isinstance(kind, yaml.ScalarNode) or kind.value != "jb-book":
        line = kind.start_mark.line + 1 if kind else 1
        value = kind.value if isinstance(kind, yaml.ScalarNode) else ""
        problems.append(
            Problem(
                FILE,
                line,
                "format",
                value,
                "the book's format is not given.",
                "Write format: jb-book.",
            )
        )
    if "root" not in members:
        problems.append(
            Problem(
                FILE,
                1,
                "root",
                "",
                "the first page is not given.",
                "Write root: and the page's name.",
            )
        )
    toc = Toc(
        [Item(name, caption, line, _file(root, name)) for name, caption, line in _walk(tree, "", 0)]
    )
    toc.captions = [leaf.value for leaf in yamltree.leaves(tree) if leaf.path[-1:] == ("caption",)]
    return toc, problems + list(_item_problems(toc, root))


def _parse(root: Path, name: str) -> tuple[yaml.Node | None, list[Problem]]:
    text = files.read(root / name, root)
    if text.lines is None:
        return None, text.problems
    tree, problems = yamltree.parse(text.lines, name)
    if not problems and not isinstance(tree, yaml.MappingNode):
        problems = [
            Problem(
                name, 1, "", "", "this is not a YAML mapping.", "Restore it from the main branch."
            )
        ]
    return (None if problems else tree), text.problems + problems


def _walk(node: yaml.Node, caption: str, depth: int) -> Iterator[tuple[str, str, int]]:
    """(name, caption of the part, line) of every page, in order."""
    members = yamltree.members(node)
    if isinstance(members.get("caption"), yaml.ScalarNode):
        caption = members["caption"].value
    for key in ("root", "file"):
        if isinstance(members.get(key), yaml.ScalarNode):
            yield members[key].value, caption, members[key].start_mark.line + 1
    for key in _SUBTREES:
        branch = members.get(key)
        if isinstance(branch, yaml.SequenceNode) and depth < yamltree.MAX_DEPTH:
            for child in branch.value:
                yield from _walk(child, caption, depth + 1)


def _file(root: Path, name: str) -> str:
    """The file that a name in the contents stands for, or "" where there is none. The suffix may be left out."""
    candidates = [name] if name.endswith(SUFFIXES) else [name + suffix for suffix in SUFFIXES]
    return next((file for file in candidates if os.path.isfile(root / file)), "")


def _item_problems(toc: Toc, root: Path) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    pages = [*root.glob("*.md"), *root.glob("chapters/**/*.md")]
    names = [page.relative_to(root).with_suffix("").as_posix() for page in pages]
    for item in toc.items:
        if not item.file:
            close = nearest(item.name, names)
            yield Problem(
                FILE,
                item.line,
                "file",
                item.name,
                "there is no such page.",
                "Correct the name, or add the file.",
                close,
            )
        elif item.file in seen:
            what = f"the page is already listed in line {seen[item.file]}."
            yield Problem(FILE, item.line, "file", item.name, what, "List it once.")
        seen.setdefault(item.file, item.line)
