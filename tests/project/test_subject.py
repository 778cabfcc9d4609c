"""The engine knows nothing of the subject: no name of the book's data stands in it, so that
another review builds with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "livingreview"
TEXTS = {".py", ".js", ".css", ".html", ".md", ".sty", ".ist", ".txt", ".conf", ".jinja"}
# Roots of the subject's words, in whatever form.
STEMS = ("bone", "osteo", "fractur", "oestro", "estrogen", "skelet", "marrow", "trabecul", "骨")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Names of the data that are words of the trade as well.
GENERIC = {
    "age", "sex", "environment",  # of pages, of records, of programs
    "alt", "ast", "src", "th", "stroke", "jun",  # Altair, Vega's syntax tree, HTML, SVG, a month
    "cell_type",  # of notebooks
    "human",  # a stream of evidence: derive.certainty
    "mouse",  # a pointer
}  # fmt: skip


def column(table: str, *names: str) -> Iterator[str]:
    """The values of some columns of a table, lists item by item."""
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in names:
                yield from (item.strip() for item in row[name].split(";") if item.strip())


def names_of_the_subject() -> set[str]:
    """Keys of the reviews, slugs and titles of chapters, ids and labels of entities, ids of
    vocabularies that are no plain words.
    """
    found = {
        *column("sources", "source"),
        *column("mechanisms", "mechanism", "label", "label_zh"),
        *column("entities", "entity", "label", "label_zh"),
    }
    ids = {
        *column("vocab/predicates", "predicate"),
        *column("vocab/aspects", "aspect"),
        *column("vocab/categories", "category"),
        *column("vocab/study_designs", "study_design"),
    }
    found |= {name for name in ids if "_" in name}
    return {name.lower() for name in found} - GENERIC


def subject_words(text: str, names: set[str]) -> Iterator[str]:
    """What `text` says of the subject."""
    text = text.lower()
    for stem in STEMS:
        yield from re.findall(rf"\w*{stem}\w*", text)
    words = set(re.findall(r"\w+", text))
    for name in names:
        if name not in text:
            continue
        if CHINESE.search(name):  # which has no blanks between words
            if len(name) > 1:
                yield name
        elif words.issuperset(re.findall(r"\w+", name)) and re.search(
            rf"(?<![\w-]){re.escape(name)}(?![\w-])", text
        ):
            yield name


def test_no_word_of_the_subject_stands_in_the_engine():
    names = names_of_the_subject()
    assert (
        len(names) > 1000 and {"autophagy", "isopsoralen", "rat", "has_predicted_target"} <= names
    )
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(words))
        for path in sorted(ENGINE.rglob("*"))
        if path.suffix in TEXTS
        and (words := list(subject_words(path.read_text(encoding="utf-8"), names)))
    }
    assert not found, "say it in data/, or in words that hold for any review"


def test_a_word_of_the_subject_would_be_seen():
    names = names_of_the_subject()
    for text in (
        "if kind == 'isopsoralen':",
        "# RUNX2",
        "Osteoblasts",
        "骨细胞",
        '"is_a"',
        "a rat",
    ):
        assert list(subject_words(text, names)), text
    assert not list(subject_words('"separate", generated: the ratio of alternatives', names))
