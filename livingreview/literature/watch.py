"""Run the saved searches and ask after retractions; put what is found before the editors. Nothing in data/ is changed.

A search starts from the mechanism's searched_on, which moves only when an editor has looked. So a run that fails, or that
nobody reads, loses nothing: the next one finds the same papers again.
"""

from __future__ import annotations

import difflib
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from ..display.markup import escape
from ..review import Review, load
from .indexes import Index, Paper, Unanswered, retracted_in_crossref, retracted_in_pubmed, search

NEAR = 0.93  # titles more alike than this are one paper's
FOLDER = Path("_build") / "watch"


class KnownPapers:
    """Papers already there, found by DOI, PMID or near-equal title."""

    def __init__(self, references: pd.DataFrame):
        self._dois = {doi_key(r.doi) for r in references.itertuples() if r.doi}
        self._pmids = {r.pmid for r in references.itertuples() if r.pmid}
        self._titles = {title_key(r.title) for r in references.itertuples()} - {""}

    def add(self, paper: Paper) -> None:
        self._dois |= {doi_key(paper.doi)} - {""}
        self._pmids |= {paper.pmid} - {""}
        self._titles |= {title_key(paper.title)} - {""}

    def __contains__(self, paper: Paper) -> bool:
        title = title_key(paper.title)
        return (
            doi_key(paper.doi) in self._dois
            or paper.pmid in self._pmids
            or title in self._titles
            or self._alike(title)
        )

    def _alike(self, title: str) -> bool:
        matcher = difflib.SequenceMatcher(b=title, autojunk=False)
        for other in self._titles:
            matcher.set_seq1(other)
            if (
                matcher.real_quick_ratio() > NEAR
                and matcher.quick_ratio() > NEAR
                and matcher.ratio() > NEAR
            ):
                return True
        return False


def doi_key(doi: str) -> str:
    """A DOI as it is compared: without address, in small letters."""
    return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", doi.strip().lower())


def title_key(title: str) -> str:
    """A title as it is compared: letters and digits alone, in small letters."""
    return "".join(c for c in re.sub(r"<[^>]*>", "", title).casefold() if c.isalnum())


def why(query: str, paper: Paper) -> str:
    """The words of the query that stand in the paper's title or abstract, as the index gave them."""
    words = re.findall(r'"([^"]+)"|([^\s()"]+)', re.sub(r"\[[^\]]*\]", " ", query))
    text = f"{paper.title} {paper.abstract}".casefold()
    found = dict.fromkeys(
        w
        for pair in words
        if (w := (pair[0] or pair[1]).strip(",")) not in ("AND", "OR", "NOT", "TO")
    )
    return ", ".join(word for word in found if _pattern(word).search(text))


def _pattern(word: str) -> re.Pattern:
    """Finds a word of a query as a whole word, or what a word that ends in * begins."""
    stem = word.removesuffix("*")
    return re.compile(r"(?<!\w)" + re.escape(stem.casefold()) + ("" if stem != word else r"(?!\w)"))


@dataclass(frozen=True)
class Found:
    """A new paper, with the index that gave it and the words that match."""

    paper: Paper
    source: str
    words: str


def new_papers(review: Review, mechanism: str) -> tuple[list[Found], list[str]]:
    """Papers of the mechanism's searches that the bibliography has not, each once; and what could not be asked."""
    since = date.fromisoformat(
        review.table("mechanisms").set_index("mechanism").at[mechanism, "searched_on"]
    )
    searches = review.table("searches")
    known, found, failed = KnownPapers(review.references), [], []
    for row in searches[searches["mechanism"] == mechanism].itertuples():
        try:
            papers = search(row.source, row.query, since)
        except Unanswered as error:
            failed.append(str(error))
            continue
        for paper in papers:
            if paper not in known:
                known.add(paper)
                found.append(Found(paper, row.source, why(row.query, paper)))
    return found, failed


def retractions(review: Review) -> tuple[list[str], list[str]]:
    """Lines on papers of the bibliography whose retraction it does not know of, or that an index does not confirm; and failures."""
    papers, lines, failed = review.references, [], []
    said: dict[str, dict[str, str]] = defaultdict(dict)
    notices: dict[str, str] = {}
    unasked: dict[str, list[str]] = defaultdict(list)
    by_pmid = {r.pmid: r.citekey for r in papers.itertuples() if r.pmid}
    try:
        for pmid, state in retracted_in_pubmed(by_pmid).items():
            said[by_pmid[pmid]]["PubMed"] = state
    except Unanswered as error:
        failed.append(f"retractions of {len(by_pmid)} papers: {error}")
    for r in papers[papers["doi"] != ""].itertuples():
        try:
            said[r.citekey]["Crossref"], notices[r.citekey] = retracted_in_crossref(r.doi)
        except Unanswered as error:
            unasked[str(error)].append(r.citekey)
    for error, keys in unasked.items():
        more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
        failed.append(f"retraction of {', '.join(keys[:5])}{more}: {error}")
    for r in papers.itertuples():
        states = {
            index: state for index, state in said[r.citekey].items() if state not in ("", "unknown")
        }
        notice = f"; notice {escape(notices[r.citekey])}" if notices.get(r.citekey) else ""
        who = ", ".join(f"{state} ({index})" for index, state in states.items())
        if states and not r.retracted:
            lines.append(
                f"- **{r.citekey}**, {escape(r.title)}: {who}{notice}. The bibliography does not say so."
            )
        elif r.retracted and said[r.citekey] and "retracted" not in states.values():
            lines.append(
                f"- {r.citekey}, {escape(r.title)}: marked as retracted, which neither index confirms."
            )
    return lines, failed


def watch(
    root: Path, mechanisms: list[str] = (), tell: Callable[[str], None] = lambda what: None
) -> tuple[str, bool]:
    """Write ``_build/watch/<mechanism>.md`` for every mechanism with new papers, and ``retractions.md`` where there is one; a summary, and whether any question failed.

    mechanisms: only these; all, and the retractions, where empty. tell: is told what is being done. Raises nothing for an index that is down: the summary says so.
    """
    review = load(root)
    Index.unanswered.clear()
    rows = review.mechanisms.set_index("mechanism")
    folder = root / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines, failures = ["## Saved searches", ""], []
    for n, mechanism in enumerate(wanted := list(mechanisms or rows.index), 1):
        tell(f"Searching for {mechanism} ({n} of {len(wanted)}) ...")
        found, failed = new_papers(review, mechanism)
        failures += [f"{mechanism}: {words}" for words in failed]
        label, since = rows.at[mechanism, "label"], rows.at[mechanism, "searched_on"]
        if found:
            (folder / f"{mechanism}.md").write_text(
                _report(mechanism, label, since, found, failed), encoding="utf-8"
            )
        state = f"{len(found)} new" + (", **not complete**" if failed else "")
        lines.append(f"- {escape(label)}, since {since}: {state}")
    if not mechanisms:
        tell(f"Asking whether any of {len(review.references)} papers is retracted ...")
        withdrawn, failed = retractions(review)
        failures += failed
        if withdrawn:
            (folder / "retractions.md").write_text(
                _quiet("\n".join(["# Retractions", "", *withdrawn, ""])), encoding="utf-8"
            )
        silent = sum(not (r.doi or r.pmid) for r in review.references.itertuples())
        lines += [
            "",
            "## Retractions",
            "",
            *(withdrawn or ["None that the bibliography does not know."]),
        ]
        lines += ["", f"{silent} papers have neither DOI nor PMID and cannot be asked after."]
    if failures:
        lines += [
            "",
            "## Not answered",
            "",
            "Nothing is lost: the next run asks again from the same day.",
            "",
            *(f"- {escape(f)}" for f in failures),
        ]
    summary = _quiet("\n".join([*lines, ""]))
    (folder / "summary.md").write_text(summary, encoding="utf-8")
    return summary, bool(failures)


def _report(mechanism: str, label: str, since: str, found: list[Found], failed: list[str]) -> str:
    lines = [
        f"# New papers: {escape(label)}",
        "",
        f"{len(found)} papers since {since} that the bibliography does not hold.",
        "",
    ]
    if failed:
        lines += [f"Not complete: {escape('; '.join(failed))}.", ""]
    for each in found:
        paper = each.paper
        where = [
            f"<https://doi.org/{paper.doi}>"
            if re.fullmatch(r"10\.[0-9]{4,9}/[^\s<>]+", paper.doi)
            else "",
            f"PMID {paper.pmid}" if paper.pmid.isdigit() else "",
        ]
        match = (
            f"matches in title or abstract: {escape(each.words)}"
            if each.words
            else "matches in abstract or index terms"
        )
        line = f"{escape(paper.authors[:80])}. {escape(paper.journal)} {escape(paper.year)}. {' '.join(filter(None, where))}"
        lines += [f"- [ ] **{escape(paper.title)}** {line}", f"  {each.source}; {match}"]
    how = f"Looked through? Enter what belongs to the chapter, then set `searched_on` of `{mechanism}` in `data/mechanisms.csv` to today: until then these papers come back."
    return _quiet("\n".join([*lines, "", how, ""]))


def _quiet(text: str) -> str:
    """A name with an @ in a title calls nobody."""
    return text.replace("@", "@\u200b")
