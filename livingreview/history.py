"""Two states of the data compared: what a pull request changes, and what is new in the book.

Both states are derived by the engine as it is now, so that a difference is one of the data, never one of the rule.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from . import formatting
from .certainty import LEVELS
from .display.markup import escape
from .problems import nearest
from .review import CONTRACT, Review, load

FILE = Path("data") / "history.csv"
# What each kind of change is called: for one, for several.
WORDS = {
    "chapter_added": ("chapter added", "chapters added"),
    "papers_read": ("paper read", "papers read"),
    "claims_added": ("claim added", "claims added"),
    "claims_changed": ("claim changed", "claims changed"),
    "claims_removed": ("claim removed", "claims removed"),
    "certainty_raised": ("claim more certain", "claims more certain"),
    "certainty_lowered": ("claim less certain", "claims less certain"),
    "disagreements_opened": ("disagreement opened", "disagreements opened"),
    "disagreements_resolved": ("disagreement settled", "disagreements settled"),
    "papers_retracted": ("paper retracted", "papers retracted"),
}
STATEMENT = [
    "subject",
    "perturbation",
    "predicate",
    "object",
    "aspect",
    "direction",
    "mediator",
    "condition",
]


class GitError(Exception):
    """Git could not do what was asked; the message is git's own."""


def git(root: Path, *arguments: str) -> bytes:
    """What git prints, in the project folder; GitError where it fails or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout


@contextmanager
def revision(root: Path, ref: str) -> Iterator[Path]:
    """A folder with data, bibliography and chapters of a revision; it is gone afterwards. GitError for a revision that is not there."""
    try:
        commit = (
            git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            .decode()
            .strip()
        )
    except GitError as error:
        if error.__cause__ is not None:  # there is no git
            raise
        there = git(root, "for-each-ref", "--format=%(refname:short)").decode().split()
        close = nearest(ref, there)
        hint = f" Nearest valid value: '{close}'." if close else ""
        raise GitError(
            f"there is no revision '{ref}' here.{hint} Fix: name a branch, a tag or a commit; `git fetch` brings those of the others."
        ) from None
    inside = git(root, "rev-parse", "--show-prefix").decode().strip()
    wanted = [f"{inside}{name}" for name in ("data", "chapters", "references.bib")]
    there = set(
        git(root, "ls-tree", "--name-only", "--full-tree", commit, *wanted).decode().splitlines()
    )
    with tempfile.TemporaryDirectory(prefix="livingreview-") as folder:
        if there:
            archive = git(
                root,
                "archive",
                "--format=tar",
                commit,
                *(n.removeprefix(inside) for n in wanted if n in there),
            )
            with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
        yield Path(folder)


def state(folder: Path, like: Review) -> Review | None:
    """The review in a folder, None where it holds none yet; tables that only `like` has are empty.

    Raises ValueError where its tables cannot be read, or mean something else than today's.
    """
    if not ((folder / CONTRACT).is_file() and (folder / "references.bib").is_file()):
        return None
    try:
        review = load(folder)
        for name, frame in like.frames.items():
            review.frames.setdefault(name, frame.iloc[:0])
        review.claims  # noqa: B018 (derived here, where a failure can be named)
    except (KeyError, AttributeError) as error:
        raise ValueError(
            f"the tables of that time cannot be compared with today's: {error}"
        ) from error
    return review


@dataclass(frozen=True)
class Change:
    """One row of the history, without its day."""

    mechanism: str
    change: str
    n: int
    items: tuple[str, ...]


def compare(old: Review | None, new: Review) -> list[Change]:
    """What a reader would call new, in the order of the chapters: papers, claims, certainty, disagreements, retractions."""
    changes = [
        change
        for mechanism in new.table("mechanisms")["mechanism"]
        for change in _chapter(mechanism, old, new)
    ]
    order = list(WORDS)
    place = {m: n for n, m in enumerate(new.table("mechanisms")["mechanism"])}
    return sorted(changes, key=lambda c: (place[c.mechanism], order.index(c.change)))


def _chapter(mechanism: str, old: Review | None, new: Review) -> Iterator[Change]:
    claims = _claims(new, mechanism)
    if old is None or mechanism not in set(old.table("mechanisms")["mechanism"]):
        yield Change(mechanism, "chapter_added", len(claims), ())
        return
    before = _claims(old, mechanism)
    both = [i for i in claims.index if i in before.index]
    level = {
        i: LEVELS.index(claims.at[i, "certainty"]) - LEVELS.index(before.at[i, "certainty"])
        for i in both
    }
    settled, known = _settled(new, mechanism), _settled(old, mechanism)
    read = _read(new, mechanism)
    found = {
        "papers_read": read - _read(old, mechanism),
        "claims_added": set(claims.index) - set(before.index),
        "claims_changed": {
            i for i in both if list(claims.loc[i, STATEMENT]) != list(before.loc[i, STATEMENT])
        },
        "claims_removed": set(before.index) - set(claims.index),
        "certainty_raised": {i for i in both if level[i] > 0},
        "certainty_lowered": {i for i in both if level[i] < 0},
        "disagreements_opened": set(settled) - set(known),
        "disagreements_resolved": {
            i for i in settled if settled[i] and i in known and not known[i]
        },
        "papers_retracted": _retracted(new, mechanism) - _retracted(old, mechanism),
    }
    for change, items in found.items():
        if items:
            yield Change(mechanism, change, len(items), tuple(sorted(items)))


def _claims(review: Review, mechanism: str) -> pd.DataFrame:
    return review.claims[review.claims["mechanism"] == mechanism].set_index("claim_id")


def _read(review: Review, mechanism: str) -> set[str]:
    """Papers of the mechanism that the editors have read."""
    evidence = review.table("evidence")
    return set(
        evidence.loc[
            (evidence["mechanism"] == mechanism) & (evidence["basis"] != "reported"), "citekey"
        ]
    )


def _settled(review: Review, mechanism: str) -> dict[str, bool]:
    """Disagreements of the mechanism: is it no longer open?"""
    return {
        r.disagreement_id: r.status != "open"
        for r in review.table("disagreements").itertuples()
        if mechanism in r.mechanisms
    }


def _retracted(review: Review, mechanism: str) -> set[str]:
    evidence = review.evidence
    return set(
        evidence.loc[(evidence["mechanism"] == mechanism) & evidence["retracted"], "citekey"]
    )


# ---- the history of the book


def record(root: Path, since: str | None = None) -> list[Change]:
    """Add to data/history.csv what has changed since a revision; since it was last written where none is named.

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
    """Add changes of a day to the history; a row of the same day, chapter and kind takes the new items in."""
    review = load(root)
    rows = {
        (r.date, r.mechanism, r.change): (r.n, list(r.items))
        for r in review.table("history").itertuples(index=False)
    }
    for c in found:
        n, items = rows.get((day, c.mechanism, c.change), (0, []))
        items = list(dict.fromkeys([*items, *c.items]))
        rows[day, c.mechanism, c.change] = (len(items) or max(n, c.n), items)
    lines = [
        review.package["history"].columns,
        *([*key, n, "; ".join(items)] for key, (n, items) in rows.items()),
    ]
    formatting.put(root / FILE, formatting.csv_lines(lines))


# ---- the changes of a pull request


def changes(root: Path, since: str) -> str:
    """What differs between a revision and the project as it stands, as Markdown for people who do not read diffs."""
    new = load(root)
    with revision(root, since) as folder:
        old = state(folder, new)
        touched = _pages(folder) ^ _pages(root)
        if old is None:
            return f"## What changes\n\nThere was no review at `{escape(since)}`; all {len(new.mechanisms)} chapters are new.\n"
        found = compare(old, new)
        tables = list(_tables(old, new))
        affected = [
            m
            for m in new.table("mechanisms")["mechanism"]
            if _slice(old, m) != _slice(new, m) or f"{m}.md" in {p for p, _ in touched}
        ]
        gone = sorted(
            set(old.table("mechanisms")["mechanism"]) - set(new.table("mechanisms")["mechanism"])
        )
        lines = ["## What changes", ""]
        if not (tables or affected or gone or touched):
            return "\n".join(
                [
                    *lines,
                    "Nothing that a reader of the book would see: no row and no chapter differs.",
                    "",
                ]
            )
        if tables:
            lines += [
                "| table | rows added | changed | removed |",
                "|---|--:|--:|--:|",
                *(f"| {n} | {a} | {c} | {r} |" for n, a, c, r in tables),
                "",
            ]
        lines += _moved(old, new, found)
        lines += _disagreements(old, new)
        names = new.mechanisms.set_index("mechanism")["label"]
        if counted := [c for c in found if not c.change.startswith(("certainty", "disagreements"))]:
            lines += [
                "### In the chapters",
                "",
                *(
                    f"- {escape(names[c.mechanism])}: {phrase(c.change, c.n)}{_listed(c.items)}"
                    for c in counted
                ),
                "",
            ]
        if gone:
            lines += [f"**Chapters removed:** {', '.join(map(escape, gone))}", ""]
        if affected:
            lines += [
                f"**Chapters affected ({len(affected)}):** {', '.join(escape(names[m]) for m in affected)}",
                "",
            ]
        if pages := sorted({p for p, _ in touched} - {f"{m}.md" for m in affected}):
            lines += [f"**Other pages edited:** {', '.join(map(escape, pages))}", ""]
    return "\n".join(lines)


def phrase(change: str, n: int) -> str:
    """``3 claims added``"""
    one, several = WORDS[change]
    return f"{n} {one if n == 1 else several}"


def _listed(items: Iterable[str], most: int = 12) -> str:
    items = list(items)
    return (
        f" ({', '.join(map(escape, items[:most]))}{' …' if len(items) > most else ''})"
        if items
        else ""
    )


def _pages(folder: Path) -> set[tuple[str, bytes]]:
    return {(p.name, p.read_bytes()) for p in (folder / "chapters").glob("*.md")}


def _slice(review: Review, mechanism: str) -> str:
    return (
        review.digest(f"chapter:{mechanism}")
        if mechanism in set(review.table("mechanisms")["mechanism"])
        else ""
    )


def _tables(old: Review, new: Review) -> Iterator[tuple[str, int, int, int]]:
    """Title, rows added, changed and removed of every table that differs; rows are told apart by their key."""
    for resource in new.package.resources:
        key = list(resource.primary_key)
        after = _rows(new, resource.name, key)
        before = _rows(old, resource.name, key)
        added, removed = after.keys() - before.keys(), before.keys() - after.keys()
        changed = [k for k in after.keys() & before.keys() if after[k] != before[k]]
        if added or removed or changed:
            yield resource.title, len(added), len(changed), len(removed)
    after, before = (
        {r.citekey: r for r in review.references.itertuples(index=False)} for review in (new, old)
    )
    changed = [k for k in after.keys() & before.keys() if tuple(after[k]) != tuple(before[k])]
    if after.keys() != before.keys() or changed:
        yield (
            "Bibliography",
            len(after.keys() - before.keys()),
            len(changed),
            len(before.keys() - after.keys()),
        )


def _rows(review: Review, name: str, key: list[str]) -> dict[tuple, str]:
    if name not in review.frames:
        return {}
    frame = review.table(name).astype(str)
    return {
        tuple(row[k] for k in key): str(sorted(row.items())) for row in frame.to_dict("records")
    }


def _moved(old: Review, new: Review, found: list[Change]) -> list[str]:
    before, after = (review.claims.set_index("claim_id") for review in (old, new))
    ids = [i for c in found if c.change.startswith("certainty") for i in c.items]
    if not ids:
        return []
    rows = [
        f"| {escape(after.at[i, 'statement'])} ({i}) | {_level(before, i)} | {_level(after, i)} | {escape(after.at[i, 'certainty_reason'])} |"
        for i in ids
    ]
    return [
        "### Claims whose certainty moves",
        "",
        "| claim | from | to | why now |",
        "|---|---|---|---|",
        *_first(rows, "\n… and {} more"),
        "",
    ]


def _level(claims: pd.DataFrame, claim: str) -> str:
    return claims.at[claim, "certainty"].replace("_", " ")


def _disagreements(old: Review, new: Review) -> list[str]:
    before, after = (
        {r.disagreement_id: r for r in review.table("disagreements").itertuples()}
        for review in (old, new)
    )
    lines = [f"- opened: {escape(after[i].title)} ({i})" for i in after if i not in before]
    lines += [
        f"- {before[i].status} → {after[i].status}: {escape(after[i].title)} ({i})"
        for i in after
        if i in before and after[i].status != before[i].status
    ]
    lines += [f"- removed: {escape(before[i].title)} ({i})" for i in before if i not in after]
    return ["### Disagreements", "", *_first(lines, "- … and {} more"), ""] if lines else []


def _first(lines: list[str], rest: str, most: int = 40) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], rest.format(len(lines) - most)]


# ---- days


def build_date(root: Path, environment: dict[str, str]) -> date:
    """The day that a build counts from: SOURCE_DATE_EPOCH, else the last commit's, else (no checkout) the newest search.

    Never the clock: the same files give the same site.
    """
    if (epoch := environment.get("SOURCE_DATE_EPOCH", "")).isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date()
    try:
        if git(root, "ls-files", "--", CONTRACT.as_posix()):
            return date.fromisoformat(git(root, "log", "-1", "--format=%cs").decode().strip())
    except (GitError, ValueError):
        pass
    return max(map(date.fromisoformat, load(root).table("mechanisms")["searched_on"]))
