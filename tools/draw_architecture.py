"""Draw the folders of the engine and who imports whom into docs/architecture.md, from the code.

``make architecture`` writes the picture; with ``--check`` nothing is written, and the exit code is
1 where the picture is not the code's. The layers are those of the contract in pyproject.toml.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by `make architecture` -->\n", "<!-- end of the picture -->\n"


def layers() -> list[list[str]]:
    """The layers from top to bottom, each with the folders that stand side by side in it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (stack,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [layer.split(" | ") for layer in stack if layer != "__main__"]


def picture(package: str = "livingreview") -> str:
    """A Mermaid flowchart: a box for each folder (or module beside the folders), an arrow for each
    pair of which one imports the other. What follows from two other arrows is left out.
    """
    graph = grimp.build_graph(package, cache_dir=None)
    names = [name for layer in layers() for name in layer]
    below = {name: set() for name in names}
    for name in names:
        for other in names:
            if name != other and graph.direct_import_exists(
                importer=f"{package}.{name}", imported=f"{package}.{other}", as_packages=True
            ):
                below[name].add(other)
    lines = ["```mermaid", "flowchart TD"]
    for layer in layers():
        lines += [f'  {name}["{_title(package, name)}"]' for name in layer]
    for name in names:
        through = {far for near in below[name] for far in _reach(below, near)}
        lines += [f"  {name} --> {other}" for other in names if other in below[name] - through]
    return "\n".join([*lines, "```", ""])


def _title(package: str, name: str) -> str:
    """What a box says: the folder, with its files as far as they tell what it holds."""
    folder = ROOT / package / name
    if not folder.is_dir():
        return f"<b>{name}.py</b>"
    held = sorted(p.stem if p.is_file() else f"{p.name}/" for p in folder.iterdir() if _told(p))
    rows = [", ".join(held[at : at + 4]) for at in range(0, len(held), 4)]
    return f"<b>{name}/</b><br/>{'<br/>'.join(rows)}"


def _told(path: Path) -> bool:
    return (path.suffix == ".py" or path.is_dir()) and not path.name.startswith(("_", "."))


def _reach(below: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(below[start])
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += below[name]
    return found


def main(arguments: list[str]) -> int:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    drawn = f"{before}{BEGIN}\n{picture()}\n{END}{after}"
    if "--check" in arguments:
        if drawn != text:
            print("docs/architecture.md: the picture is not the code's. Fix: make architecture")
            return 1
        return 0
    PAGE.write_text(drawn, encoding="utf-8")
    print("docs/architecture.md is drawn anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
