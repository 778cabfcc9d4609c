"""What the commands that write say of what they did, and of what is still to be done."""

from __future__ import annotations

from ..checks import report
from ..contract.package import Resource
from ..contract.problems import Problem
from ..literature.bibrecord import Record
from .staging import Staging


def described(resource: Resource, cells: dict[str, str]) -> str:
    """The filled cells of a row, one a line."""
    width = max(map(len, resource.columns))
    return "\n".join(
        f"  {name:<{width}}  {cells[name]}" for name in resource.columns if cells.get(name)
    )


def tell_remaining(problems: list[Problem]) -> None:
    """Say what remains once the rows are written."""
    if problems:
        print(f"\nStill to do, as `make check` will say:\n{report(problems)}")
    else:
        print("`make check` finds nothing to mend. Look at it with `make html`.")


def tell_retraction(record: Record, key: str, staging: Staging | None) -> None:
    """Say that a paper is retracted, and what that asks for.

    staging: where its entry was in `references.bib` before.
    """
    if record.retracted is None:
        return
    notice = (
        f" (notice: {record.retracted})"
        if record.retracted
        else "; the DOI of the notice is not given"
    )
    print(f"\nATTENTION: this paper is retracted{notice}.")
    entries = staging.project.references.entries if staging else []
    entry = next((e for e in entries if e.key == key), None)
    if entry is not None and "retracted" in entry.fields:
        print("Its entry says so.")
        return
    if entry is not None or not record.retracted:
        field = f"  retracted = {{{record.retracted or 'DOI of the notice'}}},"
        print(f"Fix: add the line `{field}` to its entry in references.bib.")
    print(
        "Its rows may stay and count for nothing; data/disagreements.csv then needs a row of kind "
        "retracted that names them."
    )
