"""``new chapter``: a page, and the rows that it needs to build."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from ..checks.read import toc, yamltree
from ..checks.rules.examples import WORD
from ..checks.rules.locating import EDITORS
from ..contract.problems import UserError
from ..contract.tables import split_list
from .command import all_or_nothing
from .prompts import Prompter, given
from .reporting import tell_remaining
from .staging import Staging


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
    rows_of = (
        ("claims", claim, slug),
        ("evidence", evidence, slug),
        ("key_messages", _example_message(row, claim), ""),
        ("gaps", _example_gap(row, claim), ""),
        ("searches", _example_search(slug), ""),
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
    """The key that the chapter's text cites by way of example; a chapter rests on a paper or on a
    section of a review.
    """
    if citekey or not sections:
        return prompter.cell(staging.package["evidence"], "citekey", citekey, needed=True)
    source = staging.project.find("sources", split_list(sections)[0].partition(":")[0])
    return source["citekey"] if source else ""


def _example_claim(staging: Staging, row: dict[str, str], target: str | None) -> dict[str, str]:
    """A claim that is in order: the focus does something, of unknown direction, to what most claims
    are about.
    """
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
        "statement": f"{WORD}: the claim as one English sentence; "
        "mind the other cells of this row.",
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
        "note": f"{WORD}: check every cell of this row, then empty this one or say what a reader "
        "needs to judge the row.",
    }


def _example_message(row: dict[str, str], claim: dict[str, str]) -> dict[str, str]:
    return {
        "message_id": f"{row['prefix']}-m1",
        "mechanism": row["mechanism"],
        "claims": claim["claim_id"],
        "message": f"{WORD}: one sentence that a clinician could repeat.",
        "message_zh": f"{WORD}：同一句话的中文。",
    }


def _example_gap(row: dict[str, str], claim: dict[str, str]) -> dict[str, str]:
    return {
        "gap_id": f"{row['prefix']}-gap-1",
        "mechanism": row["mechanism"],
        "reported_by": EDITORS,
        "claims": claim["claim_id"],
        "question": f"{WORD}: what is not known?",
        "would_settle": f"{WORD}: what would settle it?",
        "looked_in": f"{WORD}: where papers were looked for, and when.",
    }


def _example_search(slug: str) -> dict[str, str]:
    return {
        "mechanism": slug,
        "source": "pubmed",
        "query": f"{WORD}: the PubMed search that finds new papers, "
        "such as (term[tiab] OR synonym[tiab]) AND topic[tiab]",
    }


def _listed(text: str, slugs: set[str], part: str, slug: str) -> str:
    """`_toc.yml` with the chapter at the end of its part; every other line stays as it is.

    slugs: the chapters on mechanisms that are there.
    """
    lines = text.splitlines()
    tree = yamltree.members(yamltree.parse(lines, toc.FILE)[0])
    captions = [
        (caption, list(yamltree.leaves(members.get("chapters"))))
        for members in map(yamltree.members, getattr(tree.get("parts"), "value", []))
        if isinstance(caption := members.get("caption"), yaml.ScalarNode)
    ]
    file = f"- file: chapters/{slug}"
    for caption, pages in captions:
        if caption.value == part:
            if not pages:
                raise UserError(
                    f"_toc.yml: the part '{part}' has no chapters yet. "
                    f"Fix: add the line '{file}' below it by hand."
                )
            new = [_indent(lines[pages[0].line - 1]) + file]
            return _inserted(lines, pages[-1].line, new)
    holding = [
        (caption, pages)
        for caption, pages in captions
        if slugs & {page.value.removeprefix("chapters/") for page in pages}
    ]
    if not holding:
        raise UserError(
            "_toc.yml has no part with a chapter on a mechanism yet. "
            f"Fix: add the part '{part}' by hand."
        )
    (first, pages), last = holding[0], holding[-1][1][-1]
    indent, deeper = _indent(lines[first.start_mark.line]), _indent(lines[pages[0].line - 1])
    new = [f"{indent}- caption: {_quoted(part)}", f"{indent}  chapters:", deeper + file]
    return _inserted(lines, last.line, new)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _inserted(lines: list[str], after: int, new: list[str]) -> str:
    return "\n".join([*lines[:after], *new, *lines[after:]]) + "\n"


def _quoted(text: str) -> str:
    """A caption as YAML writes it."""
    written: str = yaml.safe_dump(text, allow_unicode=True, width=1000)
    return written.strip().removesuffix("\n...").strip()
