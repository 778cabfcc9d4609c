"""``new chapter``, ``new claim``, ``new evidence``: rows and pages that are in order from the start."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from ..checks.read import toc, yamltree
from ..checks.rules.examples import WORD
from ..checks.rules.locating import EDITORS
from ..contract.package import Package
from ..contract.problems import UserError
from ..contract.tables import split_list
from ..review import CONTRACT, find_root
from .command import Commands, add_command, all_or_nothing
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

    details = """Writes chapters/<mechanism>.md, lists it in _toc.yml, and gives it a row in mechanisms.csv,
one claim, one evidence row, one key message, one gap and a saved search. It builds at once (`make html`). What starts with REPLACE is
an example: `make check` names each until you have written your own."""
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
    rests = "paper of references.bib on which the first statement rests (else the first of --source-sections)"
    chapter.add_argument("--citekey", metavar="TEXT", help=rests)
    chapter.add_argument("--object", metavar="TEXT", help="entity that the example claim is about")

    details = """The next free id is given by itself. Every value is checked before anything is written."""
    example = """python -m livingreview new claim MECHANISM --subject ENTITY --predicate PREDICATE --object ENTITY --aspect ASPECT \\
  --direction increased --statement "One sentence." --citekey doe2025example --study-design DESIGN"""
    claim = add_command(
        kinds, "claim", new_claim, "add a claim and its first evidence row", example, details
    )
    claim.add_argument(
        "mechanism", nargs="?", help="slug of the chapter, as in data/mechanisms.csv"
    )

    example = """python -m livingreview new evidence CLAIM --citekey doe2025example --support refutes \\
  --study-design DESIGN --species ENTITY"""
    evidence = add_command(
        kinds, "evidence", new_evidence, "add an evidence row to a claim", example, details
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
    """The contract, for the flags; None where it cannot be read, which the commands themselves report."""
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
    claim = claims.get(chosen)
    if claim:
        print(f"{chosen}: {claim['statement']}")
    row = _evidence(prompter, staging, given(options, staging.package["evidence"]), "")
    prompter.done()
    mechanism = next(m for m in staging.rows("mechanisms") if m["mechanism"] == claim.mechanism)
    row |= {
        "claim_id": chosen,
        "evidence_id": staging.next_id("evidence", mechanism["prefix"], "e", claim.mechanism),
    }
    return _finish(
        staging, {staging.add_row("evidence", row, claim.mechanism)}, [("evidence", row)]
    )


def _claim(prompter: Prompter, staging: Staging, said: dict[str, str]) -> dict[str, str]:
    """The cells of a claim but for its id. What the predicate takes decides what is asked."""
    resource, cells = staging.package["claims"], {}
    for field in resource.fields:
        name = field.name
        predicate = staging.project.find("predicates", cells.get("predicate", "")) or {}
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
    """The cells of an evidence row but for its ids. Editors name the paper, a review its section and number."""
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


# chapters
@all_or_nothing
def new_chapter(root: Path, options: argparse.Namespace) -> int:
    staging = Staging(root)
    package, prompter = staging.package, Prompter(staging.project, options)
    slug = prompter.cell(package["mechanisms"], "mechanism", options.mechanism)
    if (
        any(row["mechanism"] == slug for row in staging.rows("mechanisms"))
        or (root / "chapters" / f"{slug}.md").exists()
    ):
        raise UserError(f"There is a chapter '{slug}' already. Nothing was written.")
    contents = toc.read(root)[0]
    row = {
        "mechanism": slug,
        **_mechanism_cells(
            prompter,
            staging,
            given(options, package["mechanisms"]),
            slug,
            contents.captions,
            options,
        ),
    }
    citekey = _cited(prompter, staging, options.citekey, row["source_sections"])
    prompter.done()

    rows = staging.rows("mechanisms")
    last = max(
        (i for i, other in enumerate(rows) if other["part"] == row["part"]), default=len(rows) - 1
    )
    places = {staging.add_row("mechanisms", row, after=last)}
    claim = _example_claim(staging, row, options.object)
    evidence = _example_evidence(staging, row, claim, options.citekey)
    message = {"message_id": f"{row['prefix']}-m1", "mechanism": slug, "claims": claim["claim_id"]}
    message |= {
        "message": f"{WORD}: one sentence that a clinician could repeat.",
        "message_zh": f"{WORD}：同一句话的中文。",
    }
    gap = {
        "gap_id": f"{row['prefix']}-gap-1",
        "mechanism": slug,
        "reported_by": EDITORS,
        "claims": claim["claim_id"],
    }
    gap |= {
        "question": f"{WORD}: what is not known?",
        "would_settle": f"{WORD}: what would settle it?",
    }
    gap["looked_in"] = f"{WORD}: where papers were looked for, and when."
    search = {
        "mechanism": slug,
        "source": "pubmed",
        "query": f"{WORD}: the PubMed search that finds new papers, such as (term[tiab] OR synonym[tiab]) AND topic[tiab]",
    }
    rows_of = (
        ("claims", claim, slug),
        ("evidence", evidence, slug),
        ("key_messages", message, ""),
        ("gaps", gap, ""),
        ("searches", search, ""),
    )
    for table, cells, mechanism in rows_of:
        places.add(staging.add_row(table, cells, mechanism))
    template = resources.files(__package__).joinpath("chapter.md").read_text(encoding="utf-8")
    for mark, text in (
        ("SLUG", slug),
        ("LABEL", row["label"]),
        ("PREFIX", row["prefix"]),
        ("CITEKEY", citekey),
    ):
        template = template.replace(f"@{mark}@", text)
    staging.write(f"chapters/{slug}.md", template)
    staging.write(
        toc.FILE, _listed(staging.text(toc.FILE), {r["mechanism"] for r in rows}, row["part"], slug)
    )

    print("Checking ...", flush=True)
    remaining = staging.refuse_faults(places)
    print(f"Written: {', '.join(staging.commit())}.")
    print("\nIt builds as it is: `make html`, then open _build/html/chapters/" + slug + ".html.")
    tell_remaining(remaining)
    return 0


def _mechanism_cells(
    prompter: Prompter,
    staging: Staging,
    said: dict[str, str],
    slug: str,
    captions: list[str],
    options: argparse.Namespace,
) -> dict[str, str]:
    resource, cells = staging.package["mechanisms"], {}
    prefixes = {row["prefix"] for row in staging.rows("mechanisms")}
    first = slug.partition("-")[0]
    defaults = {
        "prefix": first if first not in prefixes else slug,
        "searched_on": date.today().isoformat(),
        "summary": f"{WORD}: what it is, in two sentences.",
        "summary_zh": f"{WORD}：用两句话说明它是什么。",
    }
    for field in resource.fields:
        name = field.name
        if name == "mechanism":
            continue
        if name == "part" and not options.new_part:
            cells[name] = prompter.choice(
                name,
                field.description,
                said.get(name),
                captions,
                f"Use one of {'; '.join(captions)}, or add --new-part.",
            )
        else:
            cells[name] = prompter.cell(
                resource,
                name,
                said.get(name),
                defaults.get(name, ""),
                ask=name not in defaults and name != "reviewed_on",
            )
    return cells


def _cited(prompter: Prompter, staging: Staging, citekey: str | None, sections: str) -> str:
    """The key that the chapter's text cites by way of example; a chapter rests on a paper or on a section of a review."""
    if citekey or not sections:
        return prompter.cell(staging.package["evidence"], "citekey", citekey, needed=True)
    source = staging.project.find("sources", split_list(sections)[0].partition(":")[0])
    return source["citekey"] if source else ""


def _example_claim(staging: Staging, row: dict[str, str], target: str | None) -> dict[str, str]:
    """A claim that is in order: the focus does something, of unknown direction, to what most claims are about."""
    predicates, aspects = staging.rows("predicates"), staging.rows("aspects")
    predicate = next(
        (p for p in predicates if p["takes_aspect"] == p["takes_direction"] == "true"),
        predicates[0],
    )
    objects = Counter(
        claim["object"]
        for claim in staging.project.rows("claims")
        if claim["object"] != row["focus"]
    )
    return {
        "claim_id": f"{row['prefix']}-c01",
        "subject": row["focus"],
        "predicate": predicate["predicate"],
        "object": target or objects.most_common(1)[0][0],
        "aspect": aspects[0]["aspect"] if predicate["takes_aspect"] == "true" else "",
        "direction": "not_stated" if predicate["takes_direction"] == "true" else "not_applicable",
        "directness": "unknown",
        "statement": f"{WORD}: the claim as one English sentence; mind the other cells of this row.",
    }


def _example_evidence(
    staging: Staging, row: dict[str, str], claim: dict[str, str], citekey: str | None
) -> dict[str, str]:
    source, _, section = (split_list(row["source_sections"]) or [EDITORS])[0].partition(":")
    basis = "reported"
    if citekey:
        source, section, basis = EDITORS, "", "abstract_read"
    designs = Counter(
        other["study_design"]
        for other in staging.project.rows("evidence")
        if other["basis"] == basis
    )
    return {
        "evidence_id": f"{row['prefix']}-e01",
        "claim_id": claim["claim_id"],
        "reported_by": source,
        "section": section,
        "citekey": citekey or "",
        "basis": basis,
        "support": "supports",
        "study_design": designs.most_common(1)[0][0],
        "species": "not_stated",
        "tissue": "not_stated",
        "sex": "not_stated",
        "hedged": "false",
        "passage_level": "false",
        "note": f"{WORD}: check every cell of this row, then empty this one or say what a reader needs to judge the row.",
    }


def _listed(text: str, slugs: set[str], part: str, slug: str) -> str:
    """`_toc.yml` with the chapter at the end of its part; every other line stays as it is."""
    lines = text.splitlines()
    tree = yamltree.members(yamltree.parse(lines, toc.FILE)[0])
    parts = [yamltree.members(node) for node in getattr(tree.get("parts"), "value", [])]
    mine = next(
        (
            p
            for p in parts
            if isinstance(p.get("caption"), yaml.ScalarNode) and p["caption"].value == part
        ),
        None,
    )
    if mine is not None:
        items = list(yamltree.leaves(mine.get("chapters")))
        if not items:
            fix = f"Fix: add the line '- file: chapters/{slug}' below it by hand."
            raise UserError(f"_toc.yml: the part '{part}' has no chapters yet. {fix}")
        where, first = items[-1].line, items[0].line
        new = [re.match(r"\s*", lines[first - 1])[0] + f"- file: chapters/{slug}"]
    else:  # after the last part that holds a mechanism
        pages = [
            {leaf.value.removeprefix("chapters/") for leaf in yamltree.leaves(p.get("chapters"))}
            for p in parts
        ]
        holding = [p for p, names in zip(parts, pages, strict=True) if names & slugs]
        if not holding:
            raise UserError(
                f"_toc.yml has no part with a chapter on a mechanism yet. Fix: add the part '{part}' by hand."
            )
        where = list(yamltree.leaves(holding[-1]["chapters"]))[-1].line
        indent = re.match(r"\s*", lines[holding[0]["caption"].start_mark.line])[0]
        deeper = re.match(r"\s*", lines[next(yamltree.leaves(holding[0]["chapters"])).line - 1])[0]
        new = [
            f"{indent}- caption: {_quoted(part)}",
            f"{indent}  chapters:",
            f"{deeper}- file: chapters/{slug}",
        ]
    return "\n".join([*lines[:where], *new, *lines[where:]]) + "\n"


def _quoted(text: str) -> str:
    """A caption as YAML writes it."""
    return (
        yaml.safe_dump(text, allow_unicode=True, width=1000).strip().removesuffix("\n...").strip()
    )
