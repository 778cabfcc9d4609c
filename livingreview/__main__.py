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

try:
    from .commands import add_all, explained
    from .problems import nearest
    from .review import find_root
except ImportError as error:  # a Python that is too old, or has not what the book needs: to a newcomer a traceback says neither
    sys.exit(
        f"{error.name or error} is not there for {sys.executable} (Python {sys.version.split()[0]}).\n"
        "Fix: run `make check`, which makes the environment once (Python 3.11 or newer), then `source .venv/bin/activate`. "
        "An environment that is broken is made anew after `rm -r .venv`."
    )
except KeyboardInterrupt:
    sys.exit("\nStopped.")

JUPYTER_BOOK = (
    "from jupyter_book.cli.main import main; main()"  # of this very Python, whatever is on the PATH
)
_EXAMPLES = """examples:
  python -m livingreview check
  python -m livingreview add-paper 10.1186/s12929-019-0544-7
  python -m livingreview new claim mitophagy
CONTRIBUTING.md has a recipe for each kind of contribution; COMMAND --help explains a command."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all is well and 1 when something is to be mended."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if "run" not in options:
        (options.parser if "parser" in options else parser).print_help()
        return 2
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
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1
    except OSError as error:  # a file that may not be written, a full disk
        print(
            f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m livingreview",
        description="Check, build and export a living review, and contribute to it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    add_all(commands)  # for contributors: new, add-paper, resolve, status, format

    def add(name: str, run, summary: str, details: str, *examples: str) -> argparse.ArgumentParser:
        made = explained(
            commands,
            name,
            summary,
            "\n".join(f"python -m livingreview {e}".rstrip() for e in examples or (name,)),
            details,
        )
        made.set_defaults(run=run)
        return made

    details = """Seconds, and nothing is built. What is to be mended is said all at once:
file, line and column, what stands there, what is wrong, what comes nearest, how to mend it."""
    add("check", _check_and_cover, "check data, citations and chapters", details)
    details = """Only chapters whose text or rows have changed run again. Examples that are
still to be replaced are named and built all the same; --strict refuses them."""
    build = add(
        "build",
        _build,
        "check, then build the website into _build/html",
        details,
        "build",
        "build --strict",
    )
    build.add_argument(
        "--strict", action="store_true", help="treat every warning of the build as an error"
    )
    details = "Needs LaTeX, and names what is missing."
    pdf = add(
        "pdf",
        _pdf,
        "check, then set the book, or one chapter, as _build/pdf/*.pdf",
        details,
        "pdf",
        "pdf --chapter mitophagy",
    )
    pdf.add_argument("--chapter", default="", metavar="SLUG", help="this chapter alone")
    add(
        "epub",
        _epub,
        "check, then build _build/epub/*.epub",
        "Whole, for readers without a network.",
    )
    add(
        "export",
        _export,
        "check, then write the data as one table into _build/exports",
        "One row for each piece of evidence.",
    )
    details = """Rows, claims whose certainty moves, disagreements opened
and settled, chapters affected: what the summary of a pull request says."""
    changes = add(
        "changes",
        _changes,
        "say in Markdown what differs from another revision",
        details,
        "changes --since origin/main",
        "changes --since HEAD",
    )
    changes.add_argument(
        "--since",
        required=True,
        metavar="REVISION",
        help="revision to compare with: a branch, a tag or a commit",
    )
    details = (
        "From it 'What is new' and the end of each chapter are made: run it before an edition."
    )
    record = add(
        "record",
        _record,
        "write what has changed into data/history.csv",
        details,
        "record",
        "record --since 2026.12.1",
    )
    record.add_argument(
        "--since",
        metavar="REVISION",
        help="revision to compare with; by default the one that last wrote the history",
    )
    details = """A search starts from the mechanism's searched_on, which only an editor moves;
papers that references.bib holds are left out. Asks PubMed, Europe PMC and Crossref; nothing in data/ is changed."""
    watch = add(
        "watch",
        _watch,
        "run the saved searches, list new and retracted papers in _build/watch",
        details,
        "watch",
        "watch mitophagy",
    )
    watch.add_argument(
        "mechanisms",
        nargs="*",
        metavar="MECHANISM",
        help="only these; all, and the retractions, by default",
    )
    links = add(
        "links",
        _links,
        "check the links of the built site",
        "Those inside the site need no network.",
        "links",
        "links --external",
    )
    links.add_argument(
        "--external",
        action="store_true",
        help="ask other sites, too, and list in _build/links.md what does not answer",
    )
    return parser


def _check(root: Path, options: argparse.Namespace, drafts: bool = False, then=lambda: None) -> int:
    """drafts: whether examples that are still to be replaced may pass, named but not counted. then: what else to print where all is well."""
    from .checks import check, report

    print("Checking ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    problems = check(root)
    if problems:
        print(report(problems), file=sys.stderr)
        if drafts and all(problem.draft for problem in problems):
            print(
                "\nIt is built all the same, to be looked at; `make check` refuses it until they are replaced.",
                file=sys.stderr,
            )
            return 0
        return 1
    seconds = time.perf_counter() - started
    then()
    print(f"All data, citations and chapters are in order ({seconds:.1f} s).")
    return 0


def _check_and_cover(root: Path, options: argparse.Namespace) -> int:
    return _check(root, options, then=lambda: _cover(root))


def _cover(root: Path) -> None:
    from .problems import spans
    from .review import load

    print("What of the sources is restated:")
    for source, sections in load(root).coverage.groupby("source", sort=False):
        print(f"\n{source:<15} claims  evidence  other rows  reference numbers")
        for row in sections.itertuples():
            print(
                f"  {row.section:<13} {row.claims:6}  {row.evidence:8}  {row.other:10}  {spans(row.numbers) or '–'}"
            )
    print()


def _build(root: Path, options: argparse.Namespace) -> int:
    if code := _check(root, options, drafts=not options.strict):
        return code
    strict = ["-W", "--keep-going", "-n"] if options.strict else []
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(root), *strict]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
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
    from .checks import check
    from .display.markup import escape
    from .history import GitError, changes

    print("Comparing ...", file=sys.stderr, flush=True)
    if problems := check(root):  # a row that cannot be read would count as one that is gone
        told = "What changes can be told once this is mended (`make check` says the same):"
        print(
            "\n".join(
                [
                    "## To be mended first",
                    "",
                    told,
                    "",
                    *(f"- {escape(str(problem))}" for problem in problems),
                ]
            )
        )
        return 1
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
    from .review import load
    from .watch import watch

    if code := _check(root, options):
        return code
    known = list(load(root).mechanisms["mechanism"])
    for slug in options.mechanisms:
        if slug not in known:
            close = nearest(slug, known)
            hint = f" Nearest valid value: '{close}'." if close else ""
            print(f"data/mechanisms.csv has no mechanism '{slug}'.{hint}", file=sys.stderr)
            return 1
    summary, failed = watch(
        root, options.mechanisms, tell=lambda what: print(what, file=sys.stderr, flush=True)
    )
    print(summary)
    return 1 if failed else 0


def _links(root: Path, options: argparse.Namespace) -> int:
    from . import links

    site = root / "_build" / "html"
    if not (site / "index.html").is_file():
        print("There is no site to check: run `make html` first.", file=sys.stderr)
        return 1
    if options.external:
        print("Asking other sites, each once; it may take minutes ...", file=sys.stderr, flush=True)
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
