"""What differs between a revision and the project as it stands, as Markdown for people who do not
read diffs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ..contract.tables import rows
from ..display.markup import escape
from ..display.news import phrase
from ..review import Review, load
from .compare import Change, compare, state
from .git import revision


def changes(root: Path, since: str) -> str:
    """What differs between a revision and the project as it stands, as Markdown for people who do
    not read diffs.
    """
    new = load(root)
    with revision(root, since) as folder:
        old = state(folder, new)
        touched = _pages(folder) ^ _pages(root)
        if old is None:
            many = len(new.mechanisms)
            said = f"There was no review at `{escape(since)}`; all {many} chapters are new."
            return f"## What changes\n\n{said}\n"
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
            said = "Nothing that a reader of the book would see: no row and no chapter differs."
            return "\n".join([*lines, said, ""])
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
            listed = ", ".join(escape(names[m]) for m in affected)
            lines += [f"**Chapters affected ({len(affected)}):** {listed}", ""]
        if pages := sorted({p for p, _ in touched} - {f"{m}.md" for m in affected}):
            lines += [f"**Other pages edited:** {', '.join(map(escape, pages))}", ""]
    return "\n".join(lines)


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
    """Title, rows added, changed and removed of every table that differs; rows are told apart by
    their key.
    """
    for resource in new.package.resources:
        key = list(resource.primary_key)
        after = _rows(new, resource.name, key)
        before = _rows(old, resource.name, key)
        added, removed = after.keys() - before.keys(), before.keys() - after.keys()
        changed = [k for k in after.keys() & before.keys() if after[k] != before[k]]
        if added or removed or changed:
            yield resource.title, len(added), len(changed), len(removed)
    papers, papers_before = (
        {r.citekey: tuple(r) for r in rows(review.references)} for review in (new, old)
    )
    added, removed = papers.keys() - papers_before.keys(), papers_before.keys() - papers.keys()
    edited = [k for k in papers.keys() & papers_before.keys() if papers[k] != papers_before[k]]
    if added or removed or edited:
        yield "Bibliography", len(added), len(edited), len(removed)


def _rows(review: Review, name: str, key: list[str]) -> dict[tuple[Any, ...], str]:
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
    moved = [
        f"| {escape(after.at[i, 'statement'])} ({i}) | {_level(before, i)} | {_level(after, i)} "
        f"| {escape(after.at[i, 'certainty_reason'])} |"
        for i in ids
    ]
    return [
        "### Claims whose certainty moves",
        "",
        "| claim | from | to | why now |",
        "|---|---|---|---|",
        *_first(moved, "\n… and {} more"),
        "",
    ]


def _level(claims: pd.DataFrame, claim: str) -> str:
    return str(claims.at[claim, "certainty"]).replace("_", " ")


def _disagreements(old: Review, new: Review) -> list[str]:
    before, after = (
        {r.disagreement_id: r for r in rows(review.table("disagreements"))} for review in (old, new)
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
