"""``new chapter``, ``new claim``, ``new evidence``: rows and pages in order from the start."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..checks.rules.locating import EDITORS
from ..contract.package import Package
from ..review import CONTRACT, find_root
from .command import Commands, add_command, all_or_nothing
from .new_chapter import new_chapter
from .prompts import Prompter, add_flags, given
from .reporting import described, tell_remaining
from .staging import Staging

#: Columns that prompts leave out: rarely filled, and easily added by hand.
_SELDOM = {
    "certainty_override",
    "override_reason",
    "perturbation",
    "mediator",
    "causal_test",
    "n",
    "readout",
    "passage_level",
    "duration",
}


def add(commands: Commands) -> None:
    """Add the commands."""
    summary = "add a chapter, a claim or an evidence row"
    new = commands.add_parser(
        "new", help=summary, description=f"{summary.capitalize()}. What is missing is asked for."
    )
    new.set_defaults(parser=new)  # without a kind its help says which there are
    kinds = new.add_subparsers(dest="kind", metavar="chapter|claim|evidence")
    package = _package()

    details = """Writes chapters/<mechanism>.md, lists it in _toc.yml, and gives it a row in
mechanisms.csv, one claim, one evidence row, one key message, one gap and a saved search. It builds
at once (`make html`). What starts with REPLACE is an example: `make check` names each until you
have written your own."""
    example = """python -m livingreview new chapter MECHANISM --label TITLE --label-zh 标题 \\
  --part "PART OF THE BOOK" --focus ENTITY --citekey doe2025example"""
    chapter = add_command(
        kinds, "chapter", new_chapter, "start a chapter on a new mechanism", example, details
    )
    chapter.add_argument(
        "mechanism",
        nargs="?",
        help="slug: small letters, digits and hyphens; the name of its files",
    )
    chapter.add_argument(
        "--new-part",
        action="store_true",
        help="open the part, where _toc.yml has none of that caption",
    )
    rests = "paper of references.bib on which the first statement rests"
    chapter.add_argument(
        "--citekey", metavar="TEXT", help=f"{rests} (else the first of --source-sections)"
    )
    chapter.add_argument("--object", metavar="TEXT", help="entity that the example claim is about")

    checked = (
        "The next free id is given by itself. Every value is checked before anything is written."
    )
    example = """python -m livingreview new claim MECHANISM --subject ENTITY \\
  --predicate PREDICATE --object ENTITY --aspect ASPECT --direction increased \\
  --statement "One sentence." --citekey doe2025example --study-design DESIGN"""
    claim = add_command(
        kinds, "claim", new_claim, "add a claim and its first evidence row", example, checked
    )
    claim.add_argument(
        "mechanism", nargs="?", help="slug of the chapter, as in data/mechanisms.csv"
    )

    example = """python -m livingreview new evidence CLAIM --citekey doe2025example \\
  --support refutes --study-design DESIGN --species ENTITY"""
    evidence = add_command(
        kinds, "evidence", new_evidence, "add an evidence row to a claim", example, checked
    )
    evidence.add_argument("claim", nargs="?", help="id of the claim that it speaks to")

    for parser in (chapter, claim, evidence):
        parser.add_argument(
            "--no-input", action="store_true", help="never ask; name all that is missing at once"
        )
    if package:
        add_flags(chapter, package["mechanisms"], ["mechanism"])
        add_flags(claim, package["claims"], ["claim_id"])
        for parser in (claim, evidence):
            add_flags(parser, package["evidence"], ["evidence_id", "claim_id"])


def _package() -> Package | None:
    """The contract, for the flags; None where it cannot be read, which the commands report."""
    try:
        return Package.read(find_root() / CONTRACT)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


# claims and evidence
@all_or_nothing
def new_claim(root: Path, options: argparse.Namespace) -> int:
    staging = Staging(root)
    mechanisms = {row["mechanism"]: row for row in staging.rows("mechanisms")}
    prompter = Prompter(staging.project, options)
    what, fix = (
        "the chapter, as in data/mechanisms.csv.",
        "Correct it, or start the chapter with `new chapter`.",
    )
    slug = prompter.choice("mechanism", what, options.mechanism, list(mechanisms), fix)
    claim = _claim(prompter, staging, given(options, staging.package["claims"]))
    if prompter.interactive:
        print("\nNow the first evidence row: who says so?")
    row = _evidence(prompter, staging, given(options, staging.package["evidence"]), "supports")
    prompter.done()
    prefix = mechanisms[slug]["prefix"]
    claim["claim_id"] = staging.next_id("claims", prefix, "c", slug)
    row |= {
        "claim_id": claim["claim_id"],
        "evidence_id": staging.next_id("evidence", prefix, "e", slug),
    }
    places = {staging.add_row("claims", claim, slug), staging.add_row("evidence", row, slug)}
    return _finish(staging, places, [("claims", claim), ("evidence", row)])


@all_or_nothing
def new_evidence(root: Path, options: argparse.Namespace) -> int:
    staging = Staging(root)
    claims = {row["claim_id"]: row for row in staging.project.rows("claims")}
    prompter = Prompter(staging.project, options)
    what = "id of the claim that it speaks to, as in data/claims/<mechanism>.csv."
    chosen = prompter.choice(
        "claim",
        what,
        options.claim,
        list(claims),
        "Look it up in data/claims/, or add the claim with `new claim`.",
    )
    if chosen in claims:
        print(f"{chosen}: {claims[chosen]['statement']}")
    row = _evidence(prompter, staging, given(options, staging.package["evidence"]), "")
    prompter.done()
    slug = claims[chosen].mechanism
    prefix = next(m["prefix"] for m in staging.rows("mechanisms") if m["mechanism"] == slug)
    row |= {
        "claim_id": chosen,
        "evidence_id": staging.next_id("evidence", prefix, "e", slug),
    }
    return _finish(staging, {staging.add_row("evidence", row, slug)}, [("evidence", row)])


def _claim(prompter: Prompter, staging: Staging, said: dict[str, str]) -> dict[str, str]:
    """The cells of a claim but for its id. What the predicate takes decides what is asked."""
    resource = staging.package["claims"]
    cells: dict[str, str] = {}
    for field in resource.fields:
        name = field.name
        found = staging.project.find("predicates", cells.get("predicate", ""))
        predicate: dict[str, str] = found or {}
        if name == "claim_id":
            continue
        if name == "aspect":
            takes = predicate.get("takes_aspect") == "true"
            cells[name] = prompter.cell(resource, name, said.get(name), needed=takes, ask=takes)
        elif name == "direction":
            takes = predicate.get("takes_direction") != "false"
            default = "not_stated" if takes else "not_applicable"
            cells[name] = prompter.cell(resource, name, said.get(name), default, ask=takes)
        else:
            cells[name] = prompter.cell(resource, name, said.get(name), ask=name not in _SELDOM)
    return cells


def _evidence(
    prompter: Prompter, staging: Staging, said: dict[str, str], support: str
) -> dict[str, str]:
    """The cells of an evidence row but for its ids. Editors name the paper, a review its section
    and number.
    """
    resource = staging.package["evidence"]
    cells = {"reported_by": prompter.cell(resource, "reported_by", said.get("reported_by"))}
    editors = cells["reported_by"] == EDITORS
    for field in resource.fields:
        name = field.name
        if name in ("evidence_id", "claim_id", "reported_by"):
            continue
        if name in ("section", "reference_number"):
            cells[name] = prompter.cell(
                resource,
                name,
                said.get(name),
                needed=not editors and name == "section",
                ask=not editors,
            )
        elif name == "citekey":
            number = staging.project.find(
                "citations", cells["reported_by"], cells["reference_number"]
            )
            cells[name] = prompter.cell(
                resource,
                name,
                said.get(name),
                number["citekey"] if number else "",
                needed=editors,
                ask=editors,
            )
        elif name == "basis":
            cells[name] = prompter.cell(
                resource,
                name,
                said.get(name),
                "abstract_read" if editors else "reported",
                ask=editors,
            )
        elif name == "support":
            cells[name] = prompter.cell(resource, name, said.get(name), support)
        elif name == "dose_unit":
            cells[name] = prompter.cell(resource, name, said.get(name), ask=bool(cells["dose"]))
        else:
            cells[name] = prompter.cell(resource, name, said.get(name), ask=name not in _SELDOM)
    return cells


def _finish(
    staging: Staging, places: set[tuple[str, int]], rows: list[tuple[str, dict[str, str]]]
) -> int:
    print("Checking ...", flush=True)
    remaining = staging.refuse_faults(places)
    written = staging.commit()
    for table, cells in rows:
        print(f"\n{table}:\n{described(staging.package[table], cells)}")
    print(f"\nWritten: {', '.join(written)}.")
    tell_remaining(remaining)
    return 0
