"""`_toc.yml`: which pages the book has, in which parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from ...contract.problems import Problem, nearest
from ..model import Toc, TocItem, is_file
from . import yamltree

FILE = "_toc.yml"
SUFFIXES = (".md", ".ipynb", ".rst")
_SUBTREES = ("parts", "chapters", "sections", "subtrees", "entries")


def read(root: Path) -> tuple[Toc, list[Problem]]:
    """The contents of the book in `root`, and what is wrong with them."""
    tree, problems = yamltree.read(root, FILE)
    if tree is None:
        return Toc(complete=False), problems
    captions = [leaf.value for leaf in yamltree.leaves(tree) if leaf.path[-1:] == ("caption",)]
    toc = Toc(list(_items(tree, root)), captions)
    return toc, [*problems, *_head_problems(tree), *_item_problems(toc, root)]


def _items(node: yaml.Node, root: Path, caption: str = "", depth: int = 0) -> Iterator[TocItem]:
    """Every page, in order. caption: that of the part."""
    members = yamltree.members(node)
    if isinstance(title := members.get("caption"), yaml.ScalarNode):
        caption = title.value
    for key in ("root", "file"):
        if isinstance(page := members.get(key), yaml.ScalarNode):
            yield TocItem(page.value, caption, page.start_mark.line + 1, _file(root, page.value))
    for key in _SUBTREES:
        branch = members.get(key)
        if isinstance(branch, yaml.SequenceNode) and depth < yamltree.MAX_DEPTH:
            for child in branch.value:
                yield from _items(child, root, caption, depth + 1)


def _file(root: Path, name: str) -> str:
    """The file that a name in the contents, with or without suffix, stands for; "" for none."""
    candidates = [name] if name.endswith(SUFFIXES) else [name + suffix for suffix in SUFFIXES]
    return next((file for file in candidates if is_file(root / file)), "")


def _head_problems(tree: yaml.Node) -> Iterator[Problem]:
    members = yamltree.members(tree)
    kind = members.get("format")
    value = kind.value if isinstance(kind, yaml.ScalarNode) else ""
    if value != "jb-book":
        line = kind.start_mark.line + 1 if kind else 1
        fix = "Write format: jb-book."
        yield Problem(FILE, line, "format", value, "the book's format is not given.", fix)
    if "root" not in members:
        fix = "Write root: and the page's name."
        yield Problem(FILE, 1, "root", "", "the first page is not given.", fix)


def _item_problems(toc: Toc, root: Path) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    pages = [*root.glob("*.md"), *root.glob("chapters/**/*.md")]
    names = [page.relative_to(root).with_suffix("").as_posix() for page in pages]
    for item in toc.items:
        if not item.file:
            what, fix = "there is no such page.", "Correct the name, or add the file."
            close = nearest(item.name, names)
            yield Problem(FILE, item.line, "file", item.name, what, fix, close)
        elif item.file in seen:
            what = f"the page is already listed in line {seen[item.file]}."
            yield Problem(FILE, item.line, "file", item.name, what, "List it once.")
        seen.setdefault(item.file, item.line)
