"""`_config.yml`: only what the pages mean by it. It has to be there and to be YAML."""

from __future__ import annotations

from pathlib import Path

from ...contract.problems import Problem
from . import yamltree

FILE = "_config.yml"
_KEY = "myst_enable_extensions"
#: What Jupyter Book enables where the book says nothing, as far as it tells text from what is none.
_DEFAULT = frozenset({"colon_fence", "dollarmath", "substitution", "tasklist"})


def read(root: Path) -> tuple[frozenset[str], list[Problem]]:
    """The extensions of MyST with which the pages of the book in `root` are written."""
    tree, problems = yamltree.read(root, FILE)
    named = [leaf.value for leaf in yamltree.leaves(tree) if leaf.path[-1:] == (_KEY,)]
    return frozenset(named) or _DEFAULT, problems
