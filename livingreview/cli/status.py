"""``status``: what is covered, what is stale, what is open."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from ..contract.problems import UserError, spans
from .command import Commands, add_command, all_or_nothing

_FRESH = 365  # days after which a search of the literature is to be repeated
_ANSWERED = ("resolved", "explained")


def add(commands: Commands) -> None:
    """Add the command."""
    example = "python -m livingreview status\npython -m livingreview status --json | jq .stale"
    parser = add_command(
        commands,
        "status",
        run,
        "show what is covered, stale and open",
        example,
        "Where help is wanted, in one page.",
    )
    parser.add_argument("--json", action="store_true", help="the same for scripts")


@all_or_nothing
def run(root: Path, options: argparse.Namespace) -> int:
    print("Counting ...", file=sys.stderr, flush=True)
    found = status(root)
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else _text(found))
    return 0


def status(root: Path, today: date | None = None) -> dict[str, Any]:
    """What of each review is restated, which chapters are stale, which references, disagreements
    and gaps are open.
    """
    from ..checks import check, report
    from ..review import load

    today = today or date.today()
    problems = check(root)
    if any(not problem.draft for problem in problems):
        raise UserError(report(problems), "Nothing can be counted before `make check` is content.")
    review = load(root)
    citations, mechanisms = review.table("citations"), review.table("mechanisms")
    reviews = []
    for source in review.table("sources").to_dict("records"):
        sections = review.coverage[review.coverage["source"] == source["source"]]
        states = Counter(citations.loc[citations["source"] == source["source"], "status"])
        touched = sections["evidence"] + sections["other"] > 0
        reviews.append(
            {
                "review": source["source"],
                "sections": len(sections),
                "restated": int(touched.sum()),
                "not_restated": sections.loc[~touched, "section"].tolist(),
                "evidence": int(sections["evidence"].sum()),
                "references": int(source["n_references"]),
                **{
                    state: states[state]
                    for state in ("verified", "candidate", "unresolved", "not_printed")
                },
            }
        )
    stale = []
    for row in mechanisms[["mechanism", "searched_on"]].to_dict("records"):
        days = (today - date.fromisoformat(row["searched_on"])).days
        if days > _FRESH:
            stale.append({**row, "days": days})
    unresolved = citations[citations["status"].isin(["unresolved", "candidate"])]
    disagreements, gaps = review.table("disagreements"), review.table("gaps")
    still_open = disagreements[~disagreements["status"].isin(_ANSWERED)]
    return {
        "on": today.isoformat(),
        "reviews": reviews,
        "stale": sorted(stale, key=lambda row: -row["days"]),
        "oldest_search": min(mechanisms["searched_on"], default=""),
        "unread": mechanisms.loc[mechanisms["reviewed_on"] == "", "mechanism"].tolist(),
        "references": unresolved[
            ["source", "reference_number", "status", "confidence", "cited_for"]
        ].to_dict("records"),
        "open_disagreements": still_open[["disagreement_id", "kind", "title"]].to_dict("records"),
        "gaps": gaps.groupby("mechanism", sort=False).size().to_dict(),
        "examples_to_replace": len(problems),
    }


def _text(found: dict[str, Any]) -> str:
    lines = [
        "Reviews        sections restated   evidence   references: verified  candidate  unresolved"
    ]
    for r in found["reviews"]:
        numbers = (
            f"{r['references']:>10} {r['verified']:>9} {r['candidate']:>10} {r['unresolved']:>11}"
        )
        lines.append(
            f"  {r['review']:<12} {r['restated']:>8} of {r['sections']:<6} "
            f"{r['evidence']:>8}   {numbers}"
        )
        if r["not_restated"]:
            lines.append(f"    not restated: {', '.join(r['not_restated'])}")
    stale = f"chapters last searched more than a year before {found['on']}: {len(found['stale'])}"
    lines.append(f"\nFreshness: {stale}; the oldest search is of {found['oldest_search']}.")
    lines += [f"  {row['mechanism']:<40} {row['searched_on']}" for row in found["stale"]]
    if found["unread"]:
        lines.append(f"  never read whole against their rows: {', '.join(found['unread'])}")
    lines.append(
        f"\nReferences still to be identified: {len(found['references'])} "
        "(`python -m livingreview resolve` lists them)"
    )
    open_numbers: dict[str, list[int]] = {}
    for row in found["references"]:
        open_numbers.setdefault(row["source"], []).append(int(row["reference_number"]))
    lines += [f"  {source:<12} {spans(sorted(each))}" for source, each in open_numbers.items()]
    kinds = Counter(row["kind"] for row in found["open_disagreements"])
    of_kinds = (
        f"{kinds.total()} ({', '.join(f'{n} {kind}' for kind, n in kinds.most_common())})"
        if kinds
        else "none"
    )
    lines.append(f"\nOpen disagreements: {of_kinds}")
    most = ", ".join(f"{mechanism} ({n})" for mechanism, n in Counter(found["gaps"]).most_common(3))
    lines.append(
        f"\nGaps: {sum(found['gaps'].values())}" + (f", most of them in {most}" if most else "")
    )
    if found["examples_to_replace"]:
        lines.append(
            f"\nExamples still to be replaced: {found['examples_to_replace']} "
            "(`make check` names them)"
        )
    return "\n".join(lines)
