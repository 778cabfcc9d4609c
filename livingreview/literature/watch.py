"""Run the saved searches and ask after retractions; put what is found before the editors.

Nothing in data/ is changed. A search starts from the mechanism's searched_on, which moves only when
an editor has looked. So a run that fails, or that nobody reads, loses nothing: the next one finds
the same papers again.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..contract import bibliography
from ..contract.bibliography import Reference
from ..contract.same_paper import KnownPapers, Likeness
from ..display.markup import escape
from ..review import Review, load
from . import crossref, europepmc, pubmed
from .bibrecord import Paper
from .client import UNATTENDED, Client, ServiceError, contact

FOLDER = Path("_build") / "watch"
_SEARCHES = {"pubmed": pubmed.search, "europepmc": europepmc.search}


@dataclass(frozen=True)
class Found:
    """A new paper. source: the index that gave it. words: those of the search that stand in it.
    near: the citekey of a paper with nearly the same title, or "".
    """

    paper: Paper
    source: str
    words: str
    near: str


def why(query: str, paper: Paper) -> str:
    """The words of the query in the paper's title or abstract, as the index gave them."""
    words = re.findall(r'"([^"]+)"|([^\s()"]+)', re.sub(r"\[[^\]]*\]", " ", query))
    text = f"{paper.title} {paper.abstract}".casefold()
    found = dict.fromkeys(
        w
        for pair in words
        if (w := (pair[0] or pair[1]).strip(",")) not in ("AND", "OR", "NOT", "TO")
    )
    return ", ".join(word for word in found if _pattern(word).search(text))


def _pattern(word: str) -> re.Pattern[str]:
    """Finds a word of a query as a whole word, or what a word that ends in * begins."""
    stem = word.removesuffix("*")
    return re.compile(r"(?<!\w)" + re.escape(stem.casefold()) + ("" if stem != word else r"(?!\w)"))


def new_papers(client: Client, review: Review, mechanism: str) -> tuple[list[Found], list[str]]:
    """Papers of the mechanism's searches that the bibliography has not, each once; and what could
    not be asked.
    """
    rows = review.table("mechanisms").set_index("mechanism")
    since = date.fromisoformat(str(rows.at[mechanism, "searched_on"]))
    searches = review.table("searches")
    known = KnownPapers(_references(review).items())
    found: list[Found] = []
    failed: list[str] = []
    for row in searches[searches["mechanism"] == mechanism].to_dict("records"):
        try:
            papers = _SEARCHES[row["source"]](client, row["query"], since)
        except ServiceError as error:
            failed.append(str(error))
            continue
        for paper in papers:
            match = known.find(paper)
            if match and match.likeness >= Likeness.LIKELY:
                continue
            known.add("", paper)
            near = match.key if match else ""
            found.append(Found(paper, row["source"], why(row["query"], paper), near))
    return found, failed


def _references(review: Review) -> dict[str, Reference]:
    return bibliography.read(review.root / "references.bib")


def retracted_papers(client: Client, review: Review) -> tuple[list[str], list[str]]:
    """Lines on papers of the bibliography whose retraction it does not know of, or that no index
    confirms; and what could not be asked.
    """
    references = _references(review)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    notices: dict[str, str] = {}
    failed: list[str] = []
    unasked: dict[str, list[str]] = defaultdict(list)
    by_pmid = {r.pmid: key for key, r in references.items() if r.pmid}
    try:
        for pmid, state in pubmed.retracted(client, by_pmid).items():
            said[by_pmid[pmid]]["PubMed"] = state
    except ServiceError as error:
        failed.append(f"retractions of {len(by_pmid)} papers: {error}")
    for key, reference in references.items():
        if reference.doi:
            try:
                said[key]["Crossref"], notices[key] = crossref.retraction(client, reference.doi)
            except ServiceError as error:
                unasked[str(error)].append(key)
    for reason, keys in unasked.items():
        more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
        failed.append(f"retraction of {', '.join(keys[:5])}{more}: {reason}")
    lines = (_retraction(r, said[key], notices.get(key, "")) for key, r in references.items())
    return [line for line in lines if line], failed


def _retraction(reference: Reference, said: dict[str, str], notice: str) -> str:
    """The line on a paper, "" where the indexes say what the bibliography says. said: by index."""
    states = {index: state for index, state in said.items() if state not in ("", "unknown")}
    title = escape(reference.title)
    if states and not reference.retracted:
        who = ", ".join(f"{state} ({index})" for index, state in states.items())
        where = f"; notice {escape(notice)}" if notice else ""
        return (
            f"- **{reference.citekey}**, {title}: {who}{where}. The bibliography does not say so."
        )
    if reference.retracted and said and "retracted" not in states.values():
        return f"- {reference.citekey}, {title}: marked as retracted, which neither index confirms."
    return ""


def watch(
    root: Path, mechanisms: Sequence[str] = (), tell: Callable[[str], None] = lambda what: None
) -> tuple[str, bool]:
    """Write ``_build/watch/<mechanism>.md`` for every mechanism with new papers, and
    ``retractions.md`` where there is one; a summary, and whether any question failed.

    mechanisms: only these; all, and the retractions, where empty. tell: is told what is being done.
    Raises nothing for an index that is down: the summary says so.
    """
    review, client = load(root), Client(contact(root), UNATTENDED)
    rows = review.mechanisms.set_index("mechanism")
    folder = root / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines, failures = ["## Saved searches", ""], []
    for n, mechanism in enumerate(wanted := list(mechanisms or rows.index), 1):
        tell(f"Searching for {mechanism} ({n} of {len(wanted)}) ...")
        found, failed = new_papers(client, review, mechanism)
        failures += [f"{mechanism}: {words}" for words in failed]
        label, since = (str(rows.at[mechanism, column]) for column in ("label", "searched_on"))
        if found:
            report = _report(mechanism, label, since, found, failed)
            (folder / f"{mechanism}.md").write_text(report, encoding="utf-8")
        state = f"{len(found)} new" + (", **not complete**" if failed else "")
        lines.append(f"- {escape(label)}, since {since}: {state}")
    if not mechanisms:
        tell(f"Asking whether any of {len(review.references)} papers is retracted ...")
        withdrawn, failed = retracted_papers(client, review)
        failures += failed
        if withdrawn:
            report = _quiet("\n".join(["# Retractions", "", *withdrawn, ""]))
            (folder / "retractions.md").write_text(report, encoding="utf-8")
        silent = sum(not (r.doi or r.pmid) for r in _references(review).values())
        none = ["None that the bibliography does not know."]
        lines += ["", "## Retractions", "", *(withdrawn or none)]
        lines += ["", f"{silent} papers have neither DOI nor PMID and cannot be asked after."]
    if failures:
        lines += ["", "## Not answered", ""]
        lines += ["Nothing is lost: the next run asks again from the same day.", ""]
        lines += [f"- {escape(each)}" for each in failures]
    summary = _quiet("\n".join([*lines, ""]))
    (folder / "summary.md").write_text(summary, encoding="utf-8")
    return summary, bool(failures)


def _report(mechanism: str, label: str, since: str, found: list[Found], failed: list[str]) -> str:
    count = f"{len(found)} papers since {since} that the bibliography does not hold."
    lines = [f"# New papers: {escape(label)}", "", count, ""]
    if failed:
        lines += [f"Not complete: {escape(' '.join(failed))}", ""]
    for each in found:
        lines += _listed(each)
    how = (
        f"Looked through? Enter what belongs to the chapter, then set `searched_on` of "
        f"`{mechanism}` in `data/mechanisms.csv` to today: until then these papers come back."
    )
    return _quiet("\n".join([*lines, "", how, ""]))


def _listed(found: Found) -> list[str]:
    """The lines of a report on one paper."""
    paper = found.paper
    where = []
    if re.fullmatch(r"10\.[0-9]{4,9}/[^\s<>]+", paper.doi):
        where.append(f"<https://doi.org/{paper.doi}>")
    if paper.pmid.isdigit():
        where.append(f"PMID {paper.pmid}")
    printed = f"{escape(paper.journal)} {escape(paper.year)}. {' '.join(where)}"
    match = (
        f"matches in title or abstract: {escape(found.words)}"
        if found.words
        else "matches in abstract or index terms"
    )
    near = f"; nearly the title of {found.near}" if found.near else ""
    return [
        f"- [ ] **{escape(paper.title)}** {escape(paper.authors[:80])}. {printed}",
        f"  {found.source}; {match}{near}",
    ]


def _quiet(text: str) -> str:
    """A name with an @ in a title calls nobody."""
    return text.replace("@", "@\u200b")
