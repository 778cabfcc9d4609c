"""Reading the project: text files only, each once; what cannot be read is said and marked.

`text` reads bytes; upon it stand the readers of the contract, the tables, the bibliography, the
contents and the pages.
"""

from __future__ import annotations

from pathlib import Path

from ...contract.package import Package
from ...contract.problems import Problem
from ..model import Project
from . import config, pages, references, tables, toc


def read(root: Path, package: Package) -> tuple[Project, list[Problem]]:
    """The whole project in `root`, and what is wrong with its files."""
    rows, problems = tables.read_all(package, root)
    entries, found = references.read(root)
    problems += found
    extensions, found = config.read(root)
    problems += found
    contents, found = toc.read(root)
    problems += found
    sources, found = pages.read_all(root, contents, extensions)
    problems += found
    return Project(root, package, rows, entries, contents, sources), problems
