"""The history of the book, `data/history.csv`: from it 'What is new' and the end of each chapter
are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..contract import formatting
from ..contract.tables import rows
from ..review import load
from .compare import Change, compare, state
from .git import git, revision

FILE = Path("data") / "history.csv"


def record(root: Path, since: str | None = None) -> list[Change]:
    """Add to data/history.csv what has changed since a revision; since it was last written where
    none is named.

    The day is that of the last commit. Returns what was added.
    """
    new = load(root)
    since = since or git(root, "log", "-1", "--format=%H", "--", FILE.as_posix()).decode().strip()
    if since:
        with revision(root, since) as folder:
            found = compare(state(folder, new), new)
    else:
        found = compare(None, new)
    write(root, git(root, "log", "-1", "--format=%cs").decode().strip(), found)
    return found


def write(root: Path, day: str, found: Iterable[Change]) -> None:
    """Add changes of a day to the history; a row of the same day, chapter and kind takes the new
    items in.
    """
    review = load(root)
    known: dict[tuple[str, str, str], tuple[int, list[str]]] = {
        (r.date, r.mechanism, r.change): (r.n, list(r.items)) for r in rows(review.table("history"))
    }
    for c in found:
        n, items = known.get((day, c.mechanism, c.change), (0, []))
        items = list(dict.fromkeys([*items, *c.items]))
        known[day, c.mechanism, c.change] = (len(items) or max(n, c.n), items)
    lines = [
        review.package["history"].columns,
        *([*key, str(n), "; ".join(items)] for key, (n, items) in known.items()),
    ]
    formatting.write_atomic(root / FILE, formatting.csv_lines(lines))
