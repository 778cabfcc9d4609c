"""The command line: ``python -m livingreview check | build | pdf | epub | export | changes | record | watch | links``, and the
commands for contributors in `commands`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from .commands import add_all
from .review import find_root

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"  # of this very Python, whatever is on the PATH


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all is well and 1 when something is to be mended."""
    parser = argparse.ArgumentParser(prog="livingreview", description="Check, build and export a living review.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("check", help="check data, citations and chapters; builds nothing").set_defaults(run=_check_and_cover)
    build = commands.add_parser("build", help="check, then build the website into _build/html")
    build.add_argument("--strict", action="store_true", help="treat every warning of the build as an error")
    build.set_defaults(run=_build)
    pdf = commands.add_parser("pdf", help="check, then set the book, or a chapter, as _build/pdf/*.pdf (needs LaTeX)")
    pdf.add_argument("--chapter", default="", metavar="SLUG", help="this chapter alone")
    pdf.set_defaults(run=_pdf)
    commands.add_parser("epub", help="check, then build _build/epub/*.epub").set_defaults(run=_epub)
    commands.add_parser("export", help="check, then write the data as one table into _build/exports").set_defaults(run=_export)
    changes = commands.add_parser("changes", help="say in Markdown what differs from another revision")
    changes.add_argument("--since", required=True, metavar="REVISION", help="revision to compare with: a branch, a tag or a commit")
    changes.set_defaults(run=_changes)
    record = commands.add_parser("record", help="write what has changed into data/history.csv")
    record.add_argument("--since", metavar="REVISION", help="revision to compare with; by default the one that last wrote the history")
    record.set_defaults(run=_record)
    watch = commands.add_parser("watch", help="run the saved searches, list new and retracted papers in _build/watch")
    watch.add_argument("mechanisms", nargs="*", metavar="MECHANISM", help="only these; all by default")
    watch.set_defaults(run=_watch)
    links = commands.add_parser("links", help="check the links of the built site")
    links.add_argument("--external", action="store_true", help="ask other sites, too, and list in _build/links.md what does not answer")
    links.set_defaults(run=_links)
    add_all(commands)  # for contributors: new, add-paper, resolve, status, format
    options = parser.parse_args(arguments)
    try:
        root = find_root()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return options.run(root, options)
    except BrokenPipeError:  # the reader of a pipe, as in `| head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _check(root: Path, options: argparse.Namespace, drafts: bool = False) -> int:
    """drafts: whether examples that are still to be replaced may pass, named but not counted."""
    from .checks import check, report

    started = time.perf_counter()
    problems = check(root)
    if problems:
        print(report(problems), file=sys.stderr)
        if drafts and all(problem.draft for problem in problems):
            print("\nIt is built all the same, to be looked at; `make check` refuses it until they are replaced.", file=sys.stderr)
            return 0
        return 1
    print(f"All data, citations and chapters are in order ({time.perf_counter() - started:.1f} s).")
    return 0


def _check_and_cover(root: Path, options: argparse.Namespace) -> int:
    if code := _check(root, options):
        return code
    from .problems import spans
    from .review import load

    print("\nWhat of the sources is restated:")
    for source, sections in load(root).coverage.groupby("source", sort=False):
        print(f"\n{source:<15} claims  evidence  other rows  reference numbers")
        for row in sections.itertuples():
            print(f"  {row.section:<13} {row.claims:6}  {row.evidence:8}  {row.other:10}  {spans(row.numbers) or '–'}")
    return 0


def _build(root: Path, options: argparse.Namespace) -> int:
    if code := _check(root, options, drafts=not options.strict):
        return code
    strict = ["-W", "--keep-going", "-n"] if options.strict else []
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(root), *strict]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    traced = False
    for line in process.stdout:
        # After what went wrong, Jupyter Book prints its own traceback, which tells a contributor nothing.
        traced = traced or line.startswith("Traceback (most recent call last)")
        if not traced:
            print(line, end="", flush=True)
    if process.wait():
        print("\nThe site was not built: see above for what to mend.", file=sys.stderr)
        return 1
    print(f"\nThe site is in {(root / '_build' / 'html' / 'index.html').as_posix()}")
    return 0


def _pdf(root: Path, options: argparse.Namespace) -> int:
    from .print.command import pdf
    from .print.pdf import missing

    if told := missing():
        print(told, file=sys.stderr)
        return 1
    return _check(root, options) or pdf(root, options.chapter)


def _epub(root: Path, options: argparse.Namespace) -> int:
    from .print.command import epub

    return _check(root, options) or epub(root)


def _export(root: Path, options: argparse.Namespace) -> int:
    if code := _check(root, options):
        return code
    from .export import write

    for path, rows in write(root):
        print(f"{path.relative_to(root).as_posix()}: {rows} rows")
    return 0


def _changes(root: Path, options: argparse.Namespace) -> int:
    from .history import GitError, changes

    try:
        print(changes(root, options.since))
    except (GitError, ValueError) as error:
        print(f"Cannot compare with '{options.since}': {error}", file=sys.stderr)
        return 1
    return 0


def _record(root: Path, options: argparse.Namespace) -> int:
    from .history import FILE, GitError, record

    if code := _check(root, options):
        return code
    try:
        added = record(root, options.since)
    except (GitError, ValueError) as error:
        print(f"Nothing was recorded: {error}", file=sys.stderr)
        return 1
    print(f"{FILE.as_posix()}: {len(added)} changes recorded")
    return 0


def _watch(root: Path, options: argparse.Namespace) -> int:
    from .watch import watch

    if code := _check(root, options):
        return code
    summary, failed = watch(root, options.mechanisms)
    print(summary)
    return 1 if failed else 0


def _links(root: Path, options: argparse.Namespace) -> int:
    from . import links

    site = root / "_build" / "html"
    if not (site / "index.html").is_file():
        print("There is no site to check: run `make html` first.", file=sys.stderr)
        return 1
    if options.external:
        report = links.external(site)
        (root / "_build" / "links.md").write_text(report, encoding="utf-8")
        print(report)
        return 0
    broken = links.broken(site)
    for page, link in broken:
        print(f"{page}: the link {link} leads nowhere", file=sys.stderr)
    print(f"{len(broken)} broken links" if broken else "All links inside the site lead somewhere.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
