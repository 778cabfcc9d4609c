"""``add-paper``: the entry of a paper, from its DOI or PubMed id, from a file, or by hand."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..contract.problems import UserError, nearest
from ..literature import lookup, records
from ..literature.records import Record
from .command import add_command, all_or_nothing
from .prompts import Prompter
from .staging import Change

EDITORS = "editors"
#: What may be given by hand, with what it is.
BY_HAND = {
    "title": "title as printed",
    "authors": "authors as 'Family, Given; Family, Given'",
    "journal": "journal in full",
    "year": "year of publication",
    "volume": "volume",
    "number": "issue",
    "pages": "pages, or the article number",
    "doi": "DOI",
    "pmid": "PubMed id",
}
_OFFLINE = """Without a network: save the paper's citation on the publisher's or PubMed's page as RIS, BibTeX or NBIB, and run
`python -m livingreview add-paper FILE`; or give it by hand: add-paper --title ... --authors ... --year ... --doi ..."""


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    details = """Looks the paper up (Crossref, doi.org, PubMed), says when it is retracted or already there, and writes its
entry where it belongs. A file of a reference manager serves as well, and so do fields given by hand."""
    example = """python -m livingreview add-paper 10.1186/s12929-019-0544-7
python -m livingreview add-paper 31277646
python -m livingreview add-paper Downloads/citation.ris"""
    parser = add_command(
        commands, "add-paper", run, "add a paper to references.bib", example, details
    )
    parser.add_argument(
        "paper", nargs="?", help="DOI, PubMed id (PMID), or a BibTeX, RIS or NBIB file"
    )
    parser.add_argument(
        "--key", help="citekey, where the usual one (surname, year, word of the title) will not do"
    )
    parser.add_argument(
        "--anyway", action="store_true", help="add it although an entry has nearly the same title"
    )
    parser.add_argument("--dry-run", action="store_true", help="show the entry and write nothing")
    parser.add_argument("--no-input", action="store_true", help="never ask")
    group = parser.add_argument_group("by hand, without any look-up")
    for name, what in BY_HAND.items():
        group.add_argument(f"--{name}", metavar="TEXT", help=what)


@all_or_nothing
def run(root: Path, options: argparse.Namespace) -> int:
    change = Change(root)
    keys = set(change.project.citekeys)
    if options.key and (options.key in keys or not re.fullmatch(r"[A-Za-z0-9_-]+", options.key)):
        what = (
            "references.bib has this key already."
            if options.key in keys
            else "use letters, digits, - and _ only."
        )
        raise UserError(f"--key '{options.key}': {what}")
    found = _records(change, options)
    added, faults = [], []
    for record in found:
        try:
            added.append(_add(change, record, keys, options))
        except UserError as mistake:
            faults.append(mistake)
    if faults:
        raise UserError(*map(str, faults), "Nothing was written.")
    added = [pair for pair in added if pair]
    if options.dry_run or not added:
        if added:
            print("Nothing was written (--dry-run).")
        return 0
    change.commit()
    print("Written: references.bib.")
    _next(change, *added[-1])
    return 0


def _add(
    change: Change, record: Record, keys: set[str], options: argparse.Namespace
) -> tuple[str, Record] | None:
    """Stage the entry of one record; None where the paper is there."""
    twin = records.twin(record, change.root)
    if twin and twin.sure:
        print(
            f"The paper is in references.bib already, as '{twin.key}' ({twin.reason}). Cite that; nothing was added."
        )
        _tell_retraction(record, twin.key, change)
        return None
    if twin and not options.anyway:
        fix = "Fix: cite that if it is this paper; if it is another, run the command again with --anyway."
        raise UserError(f"references.bib has '{twin.key}' with {twin.reason}. {fix}")
    key = options.key or records.citekey(record, keys)
    keys.add(key)
    text = records.entry(record, key, EDITORS)
    change.add_entry(key, text)
    print(f"\n{text}")
    if not options.key and key.startswith(records.NAMELESS):
        print(
            "Name and title have no Latin letters to make a key of: better give one with --key, such as wang2020psoralen."
        )
    for name, what in (
        ("authors", "No author is given"),
        ("journal", "No journal is given"),
        ("year", "No year is given"),
    ):
        if not getattr(record, name):
            print(f"{what}: add the field once you have seen it.")
    _tell_retraction(record, key, None)
    return key, record


def _tell_retraction(record: Record, key: str, change: Change | None) -> None:
    """Say that a paper is retracted, and what that asks for; `change` where the entry was there before."""
    if record.retracted is None:
        return
    notice = (
        f" (notice: {record.retracted})"
        if record.retracted
        else "; the DOI of the notice is not given"
    )
    print(f"\nATTENTION: this paper is retracted{notice}.")
    entry = (
        next((e for e in change.project.references.entries if e.key == key), None)
        if change
        else None
    )
    if entry is not None and "retracted" in entry.fields:
        print("Its entry says so.")
        return
    if entry is not None or not record.retracted:
        print(
            f"Fix: add the line `  retracted = {{{record.retracted or 'DOI of the notice'}}},` to its entry in references.bib."
        )
    print(
        "Its rows may stay and count for nothing; data/disagreements.csv then needs a row of kind retracted that names them."
    )


def _next(change: Change, key: str, record: Record) -> None:
    mechanisms = change.rows("mechanisms")
    slug = mechanisms[0]["mechanism"] if mechanisms else "MECHANISM"
    print(f"""
Next: an evidence row that cites it, for until then `make check` says that nothing does. For example:

  python -m livingreview new evidence CLAIM_ID --citekey {key} --basis abstract_read --support supports --study-design ...

or by hand, at the end of data/evidence/<mechanism>.csv, such as data/evidence/{slug}.csv:

  <next free evidence_id>,<claim_id>,{EDITORS},,,{key},abstract_read,supports,<study_design>,...""")


# where records come from
def _records(change: Change, options: argparse.Namespace) -> list[Record]:
    said = {name: value for name in BY_HAND if (value := getattr(options, name))}
    if "title" in said or (not options.paper and said):
        return [_by_hand(change, options, {**_identifier(options.paper), **said})]
    if not options.paper:
        asker, what = (
            Prompter(change.project, options),
            "DOI, PubMed id, or a BibTeX, RIS or NBIB file",
        )
        if not asker.interactive:
            raise UserError(f"The paper is missing: {what}. Nothing was written.")
        options.paper = asker.line("paper", what, None)
    paper = options.paper.strip()
    if Path(paper).is_file():
        try:
            return records.read_file(Path(paper))
        except ValueError as error:
            raise UserError(
                f"{paper}: {error}. Fix: export the citation as RIS or BibTeX. Nothing was written."
            ) from None
    if Path(paper).is_dir():
        inside = sorted(
            p.as_posix() for kind in ("ris", "bib", "nbib") for p in Path(paper).glob(f"*.{kind}")
        )
        fix = (
            f"Fix: name a file in it, such as {inside[0]}."
            if inside
            else "Fix: name a BibTeX, RIS or NBIB file."
        )
        raise UserError(f"'{paper}' is a folder. {fix} Nothing was written.")
    if re.search(r"\.(bib|ris|nbib|txt)$", paper, re.IGNORECASE):
        close = nearest(
            Path(paper).name,
            [p.name for p in Path(paper).parent.glob("*.*")] if Path(paper).parent.is_dir() else [],
        )
        raise UserError(
            f"There is no file '{paper}'."
            + (f" Nearest valid value: '{close}'." if close else "")
            + " Nothing was written."
        )
    try:
        return [look_up(paper)]
    except lookup.NotFound as error:
        raise UserError(
            f"'{paper}': {error} Fix: check it on the paper's page. Nothing was written."
        ) from None
    except lookup.Unavailable as error:
        asker = Prompter(change.project, options)
        if asker.interactive:
            print(f"{error}\n{_OFFLINE}\nOr answer here (Ctrl-D stops):")
            return [_by_hand(change, options, _identifier(paper))]
        raise UserError(f"{error} Nothing was written.\n{_OFFLINE}") from None


def look_up(paper: str) -> Record:
    """The record of a DOI or PubMed id. Raises `UserError` for what is neither, and the errors of `lookup`."""
    doi = records.bare_doi(paper)
    pmid = re.fullmatch(
        r"(?:pmid\W*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?([1-9]\d{0,7})/?", paper, re.IGNORECASE
    )
    if not doi and re.fullmatch(r"(https?://\S+/)?PMC\d+/?", paper, re.IGNORECASE):
        raise UserError(
            f"'{paper}' is an id of PubMed Central, which is not looked up. Fix: give the DOI or the PubMed id that stands on its page. Nothing was written."
        )
    if not doi and not pmid:
        raise UserError(
            f"'{paper}' is neither a DOI (10.1000/xyz123), nor a PubMed id (31277646), nor a file. Nothing was written."
        )
    record = lookup.crossref(doi) if doi else lookup.pubmed(pmid[1])
    try:  # what the other service knows besides: the identifiers, and a retraction
        if doi and (number := lookup.pmid_of(doi)):
            record = record.filled_from(lookup.pubmed(number))
        elif not doi and record.doi:
            record = record.filled_from(lookup.crossref(record.doi))
    except lookup.NotFound:
        pass
    except lookup.Unavailable as error:
        print(
            f"{error} The entry is written from the other service alone; whether the paper is retracted was asked there only."
        )
    return record


def _identifier(paper: str | None) -> dict[str, str]:
    """What was given to be looked up, as a field given by hand."""
    if not paper:
        return {}
    return {"doi": records.bare_doi(paper)} if records.bare_doi(paper) else {"pmid": paper}


def _by_hand(change: Change, options: argparse.Namespace, said: dict[str, str]) -> Record:
    asker = Prompter(change.project, options)
    fields = {
        name: asker.line(name, what, said.get(name), required=name in ("title", "authors", "year"))
        for name, what in BY_HAND.items()
    }
    record = Record(
        kind="article" if fields["journal"] else "misc",
        authors=[name.strip() for name in fields.pop("authors").split(";") if name.strip()],
        **fields,
    ).cleaned()
    for name in ("doi", "pmid", "year"):
        if fields[name] and not getattr(record, name):
            asker.wrong.append(
                f"--{name} '{fields[name]}': this is not a {name.upper() if name != 'year' else 'year'}."
            )
    asker.done()
    return record
