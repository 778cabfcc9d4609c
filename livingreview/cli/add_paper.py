"""``add-paper``: the entry of a paper, from its DOI or PubMed id, from a file, or by hand."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ..checks.rules.locating import EDITORS
from ..contract.identifiers import bare_doi
from ..contract.problems import UserError, nearest
from ..literature import bibrecord, importers
from ..literature.bibrecord import Record
from ..literature.client import Client, NotFoundError, UnansweredError, contact
from ..literature.lookup import look_up
from .command import Commands, add_command, all_or_nothing, tell
from .prompts import Prompter
from .reporting import tell_retraction
from .staging import Staging

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
_OFFLINE = (
    "Without a network: save the paper's citation on the publisher's or PubMed's page as RIS, "
    "BibTeX or NBIB, and run\n`python -m livingreview add-paper FILE`; or give it by hand: "
    "add-paper --title ... --authors ... --year ... --doi ..."
)


def add(commands: Commands) -> None:
    """Add the command."""
    details = """Looks the paper up (Crossref, doi.org, PubMed), says when it is retracted or
already there, and writes its entry where it belongs. A file of a reference manager serves as well,
and so do fields given by hand."""
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
    staging = Staging(root)
    keys = set(staging.project.citekeys)
    if options.key and (options.key in keys or not re.fullmatch(r"[A-Za-z0-9_-]+", options.key)):
        what = (
            "references.bib has this key already."
            if options.key in keys
            else "use letters, digits, - and _ only."
        )
        raise UserError(f"--key '{options.key}': {what}")
    found = _records(staging, options)
    added: list[str] = []
    faults: list[str] = []
    for record in found:
        try:
            added += filter(None, [_add(staging, record, keys, options)])
        except UserError as mistake:
            faults.append(str(mistake))
    if faults:
        raise UserError(*faults, "Nothing was written.")
    if options.dry_run or not added:
        if added:
            print("Nothing was written (--dry-run).")
        return 0
    staging.commit()
    print("Written: references.bib.")
    _tell_next(staging, added[-1])
    return 0


def _add(
    staging: Staging, record: Record, keys: set[str], options: argparse.Namespace
) -> str | None:
    """Stage the entry of one record; its key, or None where the paper is there."""
    there = bibrecord.duplicate(record, staging.root)
    if there and there.sure:
        print(
            f"The paper is in references.bib already, as '{there.key}' ({there.reason}). "
            "Cite that; nothing was added."
        )
        tell_retraction(record, there.key, staging)
        return None
    if there and not options.anyway:
        raise UserError(
            f"references.bib has '{there.key}' with {there.reason}. Fix: cite that if it is this "
            "paper; if it is another, run the command again with --anyway."
        )
    key = options.key or bibrecord.citekey(record, keys)
    keys.add(key)
    text = bibrecord.entry(record, key, EDITORS)
    staging.add_entry(key, text)
    print(f"\n{text}")
    if not options.key and key.startswith(bibrecord.NAMELESS):
        print(
            "Name and title have no Latin letters to make a key of: better give one with --key, "
            "such as wang2020psoralen."
        )
    for name, what in (
        ("authors", "No author is given"),
        ("journal", "No journal is given"),
        ("year", "No year is given"),
    ):
        if not getattr(record, name):
            print(f"{what}: add the field once you have seen it.")
    tell_retraction(record, key, None)
    return key


def _tell_next(staging: Staging, key: str) -> None:
    mechanisms = staging.rows("mechanisms")
    slug = mechanisms[0]["mechanism"] if mechanisms else "MECHANISM"
    command = (
        f"python -m livingreview new evidence CLAIM_ID --citekey {key} "
        "--basis abstract_read --support supports --study-design ..."
    )
    print(f"""
Next: an evidence row that cites it, for until then `make check` says that nothing does. \
For example:

  {command}

or by hand, at the end of data/evidence/<mechanism>.csv, such as data/evidence/{slug}.csv:

  <next free evidence_id>,<claim_id>,{EDITORS},,,{key},abstract_read,supports,<study_design>,...""")


# where records come from
def _records(staging: Staging, options: argparse.Namespace) -> list[Record]:
    said = {name: value for name in BY_HAND if (value := getattr(options, name))}
    if "title" in said or (not options.paper and said):
        return [_by_hand(staging, options, {**_identifier(options.paper), **said})]
    if not options.paper:
        prompter = Prompter(staging.project, options)
        what = "DOI, PubMed id, or a BibTeX, RIS or NBIB file"
        if not prompter.interactive:
            raise UserError(f"The paper is missing: {what}. Nothing was written.")
        options.paper = prompter.line("paper", what, None)
    paper = options.paper.strip()
    if Path(paper).is_file():
        try:
            return importers.read_file(Path(paper))
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
        return [look_up(Client(contact(staging.root), tell=tell), paper)]
    except NotFoundError as error:
        raise UserError(
            f"'{paper}': {error} Fix: check it on the paper's page. Nothing was written."
        ) from None
    except UnansweredError as error:
        if Prompter(staging.project, options).interactive:
            print(f"{error}\n{_OFFLINE}\nOr answer here (Ctrl-D stops):")
            return [_by_hand(staging, options, _identifier(paper))]
        raise UserError(f"{error} Nothing was written.\n{_OFFLINE}") from None


def _identifier(paper: str | None) -> dict[str, str]:
    """What was given to be looked up, as a field given by hand."""
    if not paper:
        return {}
    return {"doi": doi} if (doi := bare_doi(paper)) else {"pmid": paper}


def _by_hand(staging: Staging, options: argparse.Namespace, said: dict[str, str]) -> Record:
    prompter = Prompter(staging.project, options)
    fields = {
        name: prompter.line(
            name, what, said.get(name), required=name in ("title", "authors", "year")
        )
        for name, what in BY_HAND.items()
    }
    authors = fields.pop("authors").split(";")
    record = Record(kind="article" if fields["journal"] else "misc")
    record.authors = [name.strip() for name in authors if name.strip()]
    for name, value in fields.items():
        setattr(record, name, value)
    record = record.cleaned()
    for name, what in (("doi", "DOI"), ("pmid", "PMID"), ("year", "year")):
        if fields[name] and not getattr(record, name):
            prompter.wrong.append(f"--{name} '{fields[name]}': this is not a {what}.")
    prompter.done()
    return record
