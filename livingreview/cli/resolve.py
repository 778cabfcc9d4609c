"""``resolve``: which numbered references of the reviews are not identified, and which papers they
may be.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..checks.model import Row
from ..checks.rules.citations import LEAST_CONFIDENCE
from ..contract.problems import UserError, nearest, shorten
from ..literature import bibrecord, crossref, importers
from ..literature.bibrecord import Record
from ..literature.client import Client, NotFoundError, ServiceError, UnansweredError, contact
from ..literature.lookup import look_up
from ..literature.matching import Clues, Proposal, common_words, surname
from .command import Commands, add_command, all_or_nothing, tell
from .reporting import tell_remaining, tell_retraction
from .staging import Staging

OPEN = ("unresolved", "candidate")
_NUMBERED = ("evidence", "quantities")  # the tables whose rows carry the paper of their number


def add(commands: Commands) -> None:
    """Add the command."""
    details = """Without a reference: lists those that are unresolved or candidates. With one: asks
Crossref, or reads a file of a reference manager, and shows the papers that fit best, with a score
from 0 to 1 and what it rests on. Nothing is written without --accept, which fills the row of
data/citations.csv, the citekey of the rows that use the number, and references.bib."""
    example = """python -m livingreview resolve
python -m livingreview resolve SOURCE 17
python -m livingreview resolve SOURCE 17 --accept 10.5555/12345678 --confidence 0.8 \\
  --reason "Only paper of that year on these cells."
"""
    parser = add_command(
        commands,
        "resolve",
        run,
        "find the paper behind a review's reference number",
        example,
        details,
    )
    parser.add_argument("source", nargs="?", help="key of the review, as in data/sources.csv")
    parser.add_argument("number", nargs="?", help="reference number")
    parser.add_argument(
        "--words", metavar="TEXT", help="search for these words instead of what the review says"
    )
    parser.add_argument(
        "--file",
        metavar="FILE",
        help="propose the papers of a BibTeX or RIS file instead of asking Crossref",
    )
    parser.add_argument(
        "--accept",
        metavar="PAPER",
        help="DOI, PubMed id, citekey of references.bib, or number of a proposal from --file",
    )
    verified = "verified: you have seen the paper, and it is the one (default: candidate)"
    parser.add_argument(
        "--status", choices=("candidate", "verified"), default="candidate", help=verified
    )
    parser.add_argument(
        "--confidence",
        metavar="0-1",
        help=f"how likely the match is; a candidate is cited from {LEAST_CONFIDENCE} on",
    )
    parser.add_argument("--reason", metavar="TEXT", help="why this paper (match_reason)")


@all_or_nothing
def run(root: Path, options: argparse.Namespace) -> int:
    staging = Staging(root)
    citations = staging.rows("citations")
    if options.source and options.source not in (known := {row["source"] for row in citations}):
        close = nearest(options.source, known)
        raise UserError(
            f"data/citations.csv has no review '{options.source}'."
            + (f" Nearest valid value: '{close}'." if close else "")
        )
    if options.number is None:
        if options.accept:
            raise UserError(
                "--accept needs the review and the number: resolve SOURCE NUMBER --accept PAPER"
            )
        return _list(citations, options.source)
    row = _numbered(citations, options.source, options.number)
    context = _context(staging, row)
    _tell(row, context)
    clues = Clues(
        " ".join([row["cited_for"], row["match_reason"], *context]),
        row["named_in_text"],
        common_words(each["cited_for"] for each in citations),
    )
    proposals: list[Proposal] = []
    if options.file:
        proposals = [clues.judge(record) for record in _from_file(options.file)]
    elif not options.accept:
        words = [row["named_in_text"], row["cited_for"], *context[:1]]
        found = _search(root, options.words or " ".join(words))
        proposals = sorted(map(clues.judge, found), key=lambda each: -each.points)
    if not options.accept:
        _show(proposals, row)
        return 0
    key, seen, points = _accepted(staging, clues, proposals, options)
    row |= {
        "citekey": key,
        "status": options.status,
        "confidence": _confidence(points, options),
        "match_reason": _reason(options),
        "seen_at": row["seen_at"] or seen,
    }
    staging.set_rows("citations", citations)
    places = {(staging.file_of("citations"), citations.index(row) + 2)}
    for table in _NUMBERED:
        places |= _cite(staging, table, row)
    print("Checking ...", flush=True)
    remaining = staging.refuse_faults(places)
    print(f"Written: {', '.join(staging.commit())}.")
    if remaining:
        tell_remaining(remaining)
    return 0


# the reference
def _list(citations: list[dict[str, str]], source: str | None) -> int:
    found = [row for row in citations if row["status"] in OPEN and source in (None, row["source"])]
    for row in found:
        named = f" ({row['named_in_text']})" if row["named_in_text"] else ""
        state = f"{row['status']:<10} {float(row['confidence']):.2f}"
        place = f"{row['source']:<12} {row['reference_number']:>4}  {state}"
        print(f"{place}  {shorten(row['cited_for'] + named, 100)}")
    print(
        f"\n{len(found)} references. Take one: python -m livingreview resolve SOURCE NUMBER"
        if found
        else "Every reference is identified."
    )
    return 0


def _numbered(citations: list[dict[str, str]], source: str, number: str) -> dict[str, str]:
    mine = {row["reference_number"]: row for row in citations if row["source"] == source}
    if number not in mine:
        numbers = [int(each) for each in mine]
        raise UserError(
            f"'{number}' is no reference number of {source}, "
            f"which has {min(numbers)} to {max(numbers)}."
        )
    return mine[number]


def _is_of(use: Row | dict[str, str], row: dict[str, str]) -> bool:
    """Whether a row of another table speaks of a reference."""
    named = use["reported_by"], use["reference_number"]
    return named == (row["source"], row["reference_number"])


def _context(staging: Staging, row: dict[str, str]) -> list[str]:
    """What the book has the review say at this number."""
    claims = {claim["claim_id"]: claim["statement"] for claim in staging.project.rows("claims")}
    uses = [use for use in staging.project.rows("evidence") if _is_of(use, row)]
    return list(dict.fromkeys(claims.get(use["claim_id"], "") for use in uses))


def _tell(row: dict[str, str], context: list[str]) -> None:
    place = f"{row['source']} [{row['reference_number']}]"
    print(f"{place}, {row['status']}, confidence {row['confidence']}")
    for name in ("cited_for", "named_in_text", "match_reason", "citekey"):
        if row[name]:
            print(f"  {name}: {row[name]}")
    for statement in context[:5]:
        print(f"  statement: {statement}")


# papers that it may be
def _from_file(file: str) -> list[Record]:
    path = Path(file)
    if not path.is_file():
        what = f"'{file}' is a folder" if path.is_dir() else f"There is no file '{file}'"
        raise UserError(f"{what}. Fix: name a BibTeX, RIS or NBIB file.")
    try:
        return importers.read_file(path)
    except ValueError as error:
        raise UserError(f"{file}: {error}.") from None


def _search(root: Path, words: str) -> list[Record]:
    try:
        return crossref.search(Client(contact(root), tell=tell), words.strip()[:400])
    except ServiceError as error:
        raise UserError(
            f"{error} Without a network: search where you can, save the papers that may be it as "
            "RIS or BibTeX, and run the command with --file FILE."
        ) from None


def _show(proposals: list[Proposal], row: dict[str, str]) -> None:
    if not proposals:
        print("\nNothing was found. Try other words with --words.")
        return
    print("\nPapers that it may be; read the abstract before you accept one:")
    for n, proposal in enumerate(proposals, 1):
        record = proposal.record
        who = surname(record.authors[0]) if record.authors else "?"
        others = " et al." if len(record.authors) > 1 else ""
        what = f"{shorten(record.title, 150)} {record.journal}. {record.doi or record.pmid}"
        print(f"\n{n:>3}. {proposal.points:.2f}  {who}{others} {record.year}. {what}")
        if record.retracted is not None:
            print("     RETRACTED")
        print(f"     {'; '.join(proposal.reasons) or 'nothing in common but the search'}")
    best = proposals[0].record
    place = f"{row['source']} {row['reference_number']}"
    command = f"python -m livingreview resolve {place} --accept {best.doi or best.pmid or '1'}"
    print(f'\nNothing was written. To take one: {command} --confidence 0.8 --reason "..."')


# the paper that it is
def _accepted(
    staging: Staging, clues: Clues, proposals: list[Proposal], options: argparse.Namespace
) -> tuple[str, str, float]:
    """Citekey of the paper that is accepted, where it was seen, and how well it fits. An entry that
    is not there is staged.
    """
    keys = {entry.key: entry for entry in staging.project.references.entries}
    if options.accept in keys:
        entry = keys[options.accept]
        title, doi, year = entry.text("title").strip("{}"), entry.text("doi"), entry.text("year")
        fit = clues.judge(Record(title=title, doi=doi, year=year))
        return options.accept, entry.text("seen").partition(" ")[0], fit.points
    record = _paper(staging.root, proposals, options)
    there = bibrecord.duplicate(record, staging.root)
    if there and not there.sure:
        raise UserError(
            f"references.bib has '{there.key}' with {there.reason}. Fix: give --accept {there.key} "
            "if it is this paper; if it is another, add it with add-paper --anyway, and accept its "
            "key. Nothing was written."
        )
    key = there.key if there else bibrecord.citekey(record, keys)
    if not there:
        text = bibrecord.entry(record, key, options.status)
        staging.add_entry(key, text)
        print(f"\n{text}")
    tell_retraction(record, key, staging if there else None)
    return key, next(iter(record.seen), ""), clues.judge(record).points


def _paper(root: Path, proposals: list[Proposal], options: argparse.Namespace) -> Record:
    if options.file and options.accept.isdigit() and len(options.accept) < 4:
        number = int(options.accept)
        if not 1 <= number <= len(proposals):
            raise UserError(
                f"--accept {number}: the file has {len(proposals)} papers. Nothing was written."
            )
        return proposals[number - 1].record
    try:
        return look_up(Client(contact(root), tell=tell), options.accept)
    except NotFoundError as error:
        raise UserError(f"'{options.accept}': {error} Nothing was written.") from None
    except UnansweredError as error:
        raise UserError(
            f"{error} Nothing was written. Without a network give --file FILE (RIS or BibTeX) and "
            "--accept 1, or the citekey of an entry."
        ) from None


def _confidence(points: float, options: argparse.Namespace) -> str:
    least = 0.95 if options.status == "verified" else 0
    scored = f"{max(points, least):.2f}".rstrip("0").rstrip(".")
    confidence: str = options.confidence or scored
    is_number = re.fullmatch(r"[01](\.\d+)?", confidence)  # of anything else the check speaks
    if options.status == "candidate" and is_number and float(confidence) < LEAST_CONFIDENCE:
        raise UserError(
            f"The match scores {confidence}; a candidate is cited from {LEAST_CONFIDENCE} on. "
            "Fix: read the abstract, then give --confidence and --reason. Nothing was written."
        )
    return confidence


def _reason(options: argparse.Namespace) -> str:
    if not options.reason:
        raise UserError(
            '--reason is missing: why this paper? Fix: add --reason "...", in a sentence. '
            "Nothing was written."
        )
    reason: str = options.reason
    return reason


def _cite(staging: Staging, table: str, row: dict[str, str]) -> set[tuple[str, int]]:
    """Put the citekey on the rows of the reference; gives their places."""
    places: set[tuple[str, int]] = set()
    folder = staging.package[table].is_folder
    uses = [use for use in staging.project.rows(table) if _is_of(use, row)]
    for mechanism in sorted({use.mechanism if folder else "" for use in uses}):
        rows = staging.rows(table, mechanism)
        for n, each in enumerate(rows):
            if _is_of(each, row):
                each["citekey"] = row["citekey"]
                places.add((staging.file_of(table, mechanism), n + 2))
        staging.set_rows(table, rows, mechanism)
    return places
