"""File what `make watch` found: one issue for each report in _build/watch, renewed in place (needs
the GitHub CLI, signed in).

An issue that is open already under the same title gets the new list; nothing is closed, that is the
editors' to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REPORTS = Path("_build/watch")
LABEL = "watch"
LONGEST = 60_000  # characters that an issue may hold, with some to spare


def gh(*arguments: str, text: str = "") -> str:
    done = subprocess.run(
        ["gh", *arguments],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(f"gh {arguments[0]} {arguments[1]}: {done.stderr.strip()}")
    return done.stdout


def main() -> None:
    reports = [p for p in sorted(REPORTS.glob("*.md")) if p.name != "summary.md"]
    if not reports:
        print("No report: nothing new was found, or `make watch` has not run.")
        return
    gh(
        "label",
        "create",
        LABEL,
        "--force",
        "--description",
        "New papers or retractions found by the saved searches",
    )
    listed = json.loads(
        gh(
            "issue",
            "list",
            "--state",
            "open",
            "--label",
            LABEL,
            "--limit",
            "1000",
            "--json",
            "number,title",
        )
    )
    open_issues = {issue["title"]: str(issue["number"]) for issue in listed}
    for path in reports:
        heading, _, body = path.read_text(encoding="utf-8").partition("\n")
        title = heading.removeprefix("# ").replace("\\", "")
        if len(body) > LONGEST:
            body = (
                body[:LONGEST].rpartition("\n- ")[0]
                + f"\n\nThe list goes on in {path.name}, attached to the run that wrote this.\n"
            )
        if title in open_issues:
            gh("issue", "edit", open_issues[title], "--body-file", "-", text=body)
        else:
            gh("issue", "create", "--title", title, "--label", LABEL, "--body-file", "-", text=body)
        print(title)


if __name__ == "__main__":
    main()
