"""``resolve``: which numbered references of the reviews are not identified, and which papers they may be."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from ..checks.rules.citations import LEAST_CONFIDENCE
from ..contract.problems import UserError, nearest, shorten
from ..literature import lookup, records
from ..literature.records import Record
from .add_paper import _tell_retraction, look_up
from .command import add_command, all_or_nothing
from .staging import Change

OPEN = ("unresolved", "candidate")
_NUMBERED = ("evidence", "quantities")  # the tables whose rows carry the paper of their number
_COMMON_SHARE = 0.05  # of the references: a word that is told of more of them tells nothing of one


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    details = """Without a reference: lists those that are unresolved or candidates. With one: asks Crossref, or reads a file of a
reference manager, and shows the papers that fit best, with a score from 0 to 1 and what it rests on. Nothing is written
without --accept, which fills the row of data/citations.csv, the citekey of the rows that use the number, and references.bib."""
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
    change = Change(root)
    citations = change.rows("citations")
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
    row = next(
        (
            r
            for r in citations
            if (r["source"], r["reference_number"]) == (options.source, options.number)
        ),
        None,
    )
    if row is None:
        numbers = [int(r["reference_number"]) for r in citations if r["source"] == options.source]
        raise UserError(
            f"'{options.number}' is no reference number of {options.source}, which has {min(numbers)} to {max(numbers)}."
        )
    context = _context(change, row)
    print(
        f"{row['source']} [{row['reference_number']}], {row['status']}, confidence {row['confidence']}"
    )
    for name in ("cited_for", "named_in_text", "match_reason", "citekey"):
        if row[name]:
            print(f"  {name}: {row[name]}")
    for statement in context[:5]:
        print(f"  statement: {statement}")
    common = common_words(citations)
    proposals = (
        _proposals(row, context, common, options) if options.file or not options.accept else []
    )
    if not options.accept:
        _show(proposals, row)
        return 0
    return _accept(change, citations, row, proposals, context, common, options)


def _list(citations: list[dict[str, str]], source: str | None) -> int:
    found = [row for row in citations if row["status"] in OPEN and source in (None, row["source"])]
    for row in found:
        named = f" ({row['named_in_text']})" if row["named_in_text"] else ""
        place = f"{row['source']:<12} {row['reference_number']:>4}  {row['status']:<10} {float(row['confidence']):.2f}"
        print(f"{place}  {shorten(row['cited_for'] + named, 100)}")
    print(
        f"\n{len(found)} references. Take one: python -m livingreview resolve SOURCE NUMBER"
        if found
        else "Every reference is identified."
    )
    return 0


def _context(change: Change, row: dict[str, str]) -> list[str]:
    """What the book has the review say at this number."""
    claims = {claim["claim_id"]: claim["statement"] for claim in change.project.rows("claims")}
    uses = [
        e
        for e in change.project.rows("evidence")
        if (e["reported_by"], e["reference_number"]) == (row["source"], row["reference_number"])
    ]
    return list(dict.fromkeys(claims.get(use["claim_id"], "") for use in uses))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9][a-z0-9-]{2,}", text.lower())) - records.EMPTY_WORDS


def common_words(citations: list[dict[str, str]]) -> set[str]:
    """Words that say what all reviews are about, and so nothing of a single reference."""
    counted = Counter(word for row in citations for word in _words(row["cited_for"]))
    return {word for word, n in counted.items() if n > max(3, _COMMON_SHARE * len(citations))}


def score(
    record: Record, row: dict[str, str], context: list[str], common: set[str]
) -> tuple[float, list[str]]:
    """How well a paper fits what is known of a reference, from 0 to 1, and what that rests on."""
    told = " ".join([row["cited_for"], row["match_reason"], *context])
    title, asked = _words(record.title) - common, _words(told) - common
    shared = title & asked
    parts, reasons = 0.6 * len(shared) / max(1, min(len(title), 8)), []
    if shared:
        reasons.append(f"words: {', '.join(sorted(shared)[:6])}")
    surnames = [author.strip("{}").partition(",")[0] for author in record.authors]
    spoken = f"{row['named_in_text']} {told}".lower()
    named = [
        name
        for name in surnames
        if len(name) > 1 and re.search(rf"\b{re.escape(name.lower())}\b", spoken)
    ]
    if named:
        parts += 0.3 if named[0] == surnames[0] else 0.15
        reasons.append(f"author: {named[0]}")
    if record.year and re.search(rf"\b{record.year}\b", told):
        parts += 0.1
        reasons.append(f"year: {record.year}")
    if record.doi and record.doi in told.lower():
        return 1.0, ["its DOI is named"]
    return round(min(parts, 0.99), 2), reasons


def _proposals(
    row: dict[str, str], context: list[str], common: set[str], options: argparse.Namespace
) -> list[tuple[float, list[str], Record]]:
    """Papers with their scores, best first; proposals of a file keep the order of the file."""
    if options.file:
        path = Path(options.file)
        if not path.is_file():
            what = (
                f"'{options.file}' is a folder"
                if path.is_dir()
                else f"There is no file '{options.file}'"
            )
            raise UserError(f"{what}. Fix: name a BibTeX, RIS or NBIB file.")
        try:
            found = records.read_file(path)
        except ValueError as error:
            raise UserError(f"{options.file}: {error}.") from None
        return [(*score(record, row, context, common), record) for record in found]
    words = options.words or " ".join([row["named_in_text"], row["cited_for"], *context[:1]])
    try:
        found = lookup.search(words.strip()[:400])
    except (lookup.Unavailable, lookup.NotFound) as error:
        offline = "Without a network: search where you can, save the papers that may be it as RIS or BibTeX, and run the command with --file FILE."
        raise UserError(f"{error} {offline}") from None
    return sorted(
        ((*score(record, row, context, common), record) for record in found),
        key=lambda each: -each[0],
    )


def _show(proposals: list[tuple[float, list[str], Record]], row: dict[str, str]) -> None:
    if not proposals:
        print("\nNothing was found. Try other words with --words.")
        return
    print("\nPapers that it may be; read the abstract before you accept one:")
    for n, (points, reasons, record) in enumerate(proposals, 1):
        who = (
            " et al.".join(
                [first.strip("{}").partition(",")[0] for first in record.authors[:1]]
                + [""] * (len(record.authors) > 1)
            )
            or "?"
        )
        print(
            f"\n{n:>3}. {points:.2f}  {who} {record.year}. {shorten(record.title, 150)} {record.journal}. {record.doi or record.pmid}"
        )
        if record.retracted is not None:
            print("     RETRACTED")
        print(f"     {'; '.join(reasons) or 'nothing in common but the search'}")
    best = proposals[0][2]
    command = f"python -m livingreview resolve {row['source']} {row['reference_number']} --accept {best.doi or best.pmid or '1'}"
    print(f'\nNothing was written. To take one: {command} --confidence 0.8 --reason "..."')


def _accept(
    change: Change,
    citations: list[dict[str, str]],
    row: dict[str, str],
    proposals: list,
    context: list[str],
    common: set[str],
    options: argparse.Namespace,
) -> int:
    keys = {entry.key: entry for entry in change.project.references.entries}
    record: Record | None = None
    if options.accept in keys:
        key = options.accept
        entry = keys[key]
        seen = entry.text("seen").partition(" ")[0]
        title, doi, year = entry.text("title").strip("{}"), entry.text("doi"), entry.text("year")
        fit = score(Record(title=title, doi=doi, year=year), row, context, common)
    else:
        record = _paper(proposals, options)
        fit = score(record, row, context, common)
        twin = records.twin(record, change.root)
        key = twin.key if twin and twin.sure else records.citekey(record, keys)
        seen = next(iter(record.seen), "")
        if not (twin and twin.sure):
            change.add_entry(key, text := records.entry(record, key, options.status))
            print(f"\n{text}")
        _tell_retraction(record, key, change if twin and twin.sure else None)
    confidence = (
        options.confidence
        or f"{max(fit[0], 0.95 if options.status == 'verified' else 0):.2f}".rstrip("0").rstrip(".")
    )
    if (
        options.status == "candidate"
        and re.fullmatch(r"[01](\.\d+)?", confidence)
        and float(confidence) < LEAST_CONFIDENCE
    ):
        fix = "Fix: read the abstract, then give --confidence and --reason. Nothing was written."
        raise UserError(
            f"The match scores {confidence}; a candidate is cited from {LEAST_CONFIDENCE} on. {fix}"
        )
    if not options.reason:
        raise UserError(
            '--reason is missing: why this paper? Fix: add --reason "...", in a sentence. Nothing was written.'
        )
    row |= {
        "citekey": key,
        "status": options.status,
        "confidence": confidence,
        "match_reason": options.reason,
        "seen_at": row["seen_at"] or seen,
    }
    change.set_rows("citations", citations)
    places = {(change.file_of("citations"), citations.index(row) + 2)}
    for table in _NUMBERED:
        places |= _cite(change, table, row, key)
    print("Checking ...", flush=True)
    remaining = change.refuse_faults(places)
    print(f"Written: {', '.join(change.commit())}.")
    if remaining:
        from .new import _remaining

        _remaining(remaining)
    return 0


def _paper(proposals: list[tuple[float, list[str], Record]], options: argparse.Namespace) -> Record:
    if options.file and options.accept.isdigit() and len(options.accept) < 4:
        number = int(options.accept)
        if not 1 <= number <= len(proposals):
            raise UserError(
                f"--accept {number}: the file has {len(proposals)} papers. Nothing was written."
            )
        return proposals[number - 1][2]
    try:
        return look_up(options.accept)
    except lookup.NotFound as error:
        raise UserError(f"'{options.accept}': {error} Nothing was written.") from None
    except lookup.Unavailable as error:
        offline = "Without a network give --file FILE (RIS or BibTeX) and --accept 1, or the citekey of an entry."
        raise UserError(f"{error} Nothing was written. {offline}") from None


def _cite(change: Change, table: str, row: dict[str, str], key: str) -> set[tuple[str, int]]:
    """Put the citekey on the rows of the number; gives their places."""
    places: set[tuple[str, int]] = set()
    folder = change.package[table].is_folder
    uses = [
        r
        for r in change.project.rows(table)
        if (r["reported_by"], r["reference_number"]) == (row["source"], row["reference_number"])
    ]
    for mechanism in sorted({use.mechanism if folder else "" for use in uses}):
        rows = change.rows(table, mechanism)
        for n, each in enumerate(rows):
            if (each["reported_by"], each["reference_number"]) == (
                row["source"],
                row["reference_number"],
            ):
                each["citekey"] = key
                places.add((change.file_of(table, mechanism), n + 2))
        change.set_rows(table, rows, mechanism)
    return places
