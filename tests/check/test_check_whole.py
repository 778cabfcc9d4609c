"""The check as a whole: silent on a sound review, complete on a damaged one, never a traceback."""

from __future__ import annotations

import random
import sys

import pytest

from livingreview.checks import check, report
from livingreview.contract.problems import Problem

CLAIMS = "data/claims/adenosine-blockade.csv"
EVIDENCE = "data/evidence/adenosine-blockade.csv"


def test_a_sound_review_has_no_problem(toy):
    assert check(toy.root) == []
    assert report([]) == "No problems found."


def test_all_mistakes_are_reported_at_once(toy):
    toy.break_(
        ("recode", "data/gaps.csv", "utf-16"),
        ("cell", CLAIMS, "ado-c01", "direction", "up"),
        ("cell", EVIDENCE, "ado-e01", "system", "hek239"),
        (
            "replace",
            "references.bib",
            "title = {{Sleep of mice that were never born}}",
            "title = {Sleep of mice}",
        ),
        ("replace", "chapters/body-clock.md", "{term}`body clock`", "{term}`body clok`"),
        ("replace", "_toc.yml", "chapters/glossary", "chapters/glosary"),
    )
    problems = toy.problems()
    assert [(p.file, p.line) for p in problems] == [
        ("_toc.yml", 11),
        ("chapters/body-clock.md", 31),
        ("chapters/glossary.md", 0),
        (CLAIMS, 2),
        (EVIDENCE, 2),
        ("data/gaps.csv", 1),
        ("references.bib", 49),
    ]
    assert "7 problems:" in report(problems)


def test_the_report_says_place_reason_and_cure():
    problem = Problem(
        "data/x.csv", 3, "cell", "osteoblas", "no such entity.", "Correct it.", "osteoblast"
    )
    line = (
        "data/x.csv:3 [cell] 'osteoblas': no such entity. "
        "Nearest valid value: 'osteoblast'. Fix: Correct it."
    )
    assert report([problem]) == f"{line}\n\n1 problem:\n     1  data/x.csv"


def _work(toy) -> int:
    """How many lines of Python a check runs: the same on every machine."""
    lines = 0

    def trace(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        return trace

    sys.settrace(trace)
    try:
        toy.problems()
    finally:
        sys.settrace(None)
    return lines


def _many_rows(toy, number: int) -> None:
    """Evidence rows that differ in their id and their note."""
    header, *rows = (toy.root / EVIDENCE).read_text(encoding="utf-8").splitlines()
    rows = [row.removesuffix("The lowest dose only.") for row in rows]
    many = [
        rows[n % len(rows)].replace(rows[n % len(rows)][:7], f"ado-e{n:03d}", 1) + f"Row {n}."
        for n in range(number)
    ]
    toy.write(EVIDENCE, "\n".join([header, *many]) + "\n")
    assert [p for p in toy.problems() if p.file == EVIDENCE] == []


def _many_misspelt(toy, number: int) -> None:
    """Evidence rows with an entity that is not there, another in each."""
    header, first, *_ = (toy.root / EVIDENCE).read_text(encoding="utf-8").splitlines()
    many = [
        first.replace("ado-e01", f"ado-e{n:03d}", 1).replace("hek293", f"hek{n:03d}x")
        for n in range(number)
    ]
    toy.write(EVIDENCE, "\n".join([header, *many]) + "\n")
    assert len([p for p in toy.problems() if p.column == "system"]) == number


@pytest.mark.parametrize("make", [_many_rows, _many_misspelt])
def test_each_row_more_is_as_much_work_as_the_last(new_toy, make):
    """Not so for a rule that compares every row with every other."""
    work = []
    for number in (200, 400, 600):
        toy = new_toy()
        make(toy, number)
        work.append(_work(toy))
    assert work[2] - work[1] < 1.1 * (work[1] - work[0])


@pytest.mark.parametrize(
    "missing", ["data/datapackage.json", "references.bib", "_toc.yml", "_config.yml"]
)
def test_a_missing_file_is_one_problem(toy, missing):
    toy.delete(missing)
    toy.says(missing, 0, "", "", "cannot be read")


def test_an_empty_folder_is_a_problem_and_no_crash(tmp_path):
    assert [p.file for p in check(tmp_path)] == ["data/datapackage.json"]


@pytest.mark.parametrize(
    ("old", "new", "line", "value", "words"),
    [
        ('"version"', '"version" 1', 7, "", "not JSON"),
        ('"pattern": "ECO:', '"pattern": "[ECO:', 0, "[ECO:\\d{7}", "a pattern that is none"),
        ('"type": "boolean"', '"type": "bool"', 0, "bool", "unknown type"),
        (
            '"resource": "study_designs"',
            '"resource": "designs"',
            0,
            "designs.study_design",
            "leads nowhere",
        ),
        (
            '"path": "sources.csv"',
            '"path": "../sources.csv"',
            0,
            "../sources.csv",
            "no usable path",
        ),
        ('"primaryKey": "source"', '"primaryKey": "sauce"', 0, "sauce", "not one of its columns"),
        ('"delimiter": ";"', '"delimiter": ""', 0, "authors", "empty delimiter"),
        (
            '"fields": "citekey"',
            '"fields": "citekeys"',
            0,
            "citekeys",
            "starts from an unknown column",
        ),
        ('"name": "source"', '"name": ["source"]', 0, "", "of the wrong kind"),
        (
            '"primaryKey": "source"',
            '"key": "source"',
            0,
            "'primaryKey'",
            "missing or of the wrong kind",
        ),
    ],
    ids=[
        "no JSON",
        "pattern",
        "type",
        "foreign key",
        "path",
        "key",
        "delimiter",
        "start of a key",
        "kind",
        "no primary key",
    ],
)
def test_a_damaged_contract_stops_the_check(toy, old, new, line, value, words):
    toy.replace("data/datapackage.json", old, new)
    problems = toy.problems()
    assert [p.file for p in problems] == ["data/datapackage.json"]
    assert words in problems[0].what and value in problems[0].value
    assert bool(problems[0].line) == bool(line)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("_toc.yml", "a: &a [*a]\n"),
        ("_toc.yml", "format: jb-book\nroot: intro\nparts:\n  - &x\n    chapters: [*x]\n"),
        ("_toc.yml", "root: " + "x" * 5000 + "\nformat: jb-book\n"),
        ("data/datapackage.json", "[" * 100_000),
        ("data/datapackage.json", "null"),
        ("data/entities.csv", '"' * 100_001 + "\n"),
        ("data/entities.csv", "," * 100_000 + "\n"),
        ("references.bib", "@article{" * 500),
        ("references.bib", "{" * 5000),
        ("chapters/body-clock.md", "{cite}`" * 2000 + "\n"),
        ("chapters/body-clock.md", "```{figure}\n" * 2000),
    ],
    ids=lambda value: value[:12],
)
def test_hostile_files_are_problems_too(toy, file, content):
    toy.write(file, content)
    assert toy.problems()


def test_a_mechanism_with_a_name_too_long_for_a_file(toy):
    toy.cell("data/mechanisms.csv", "body-clock", "mechanism", "x" * 300)
    assert toy.problems()


def _mutate(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to four wounds: bytes lost or gained, lines swapped, doubled or torn."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:place] + data[place + chance.randint(1, 30) :]
        elif kind == 1:
            data = (
                data[:place]
                + chance.choice(
                    [
                        b'"',
                        b",",
                        b"\xff",
                        b"\r",
                        b"\n",
                        b"}",
                        b"{",
                        b"`",
                        b"---\n",
                        b"\x00",
                        b"@",
                        b": ",
                        b"9",
                        b";",
                    ]
                )
                + data[place:]
            )
        elif kind == 2:
            lines = data.split(b"\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            data = b"\n".join(lines)
        elif kind == 3:
            lines = data.split(b"\n")
            data = b"\n".join([*lines, lines[chance.randrange(len(lines))]])
        else:
            data = data[:place]
    return data


@pytest.mark.parametrize("seed", range(200))
def test_random_damage_never_raises(toy, seed):
    chance = random.Random(seed)
    files = sorted(
        path for path in toy.root.rglob("*") if path.is_file() and path.name != "README.md"
    )
    for path in chance.sample(files, chance.randint(1, 3)):
        path.write_bytes(_mutate(path.read_bytes(), chance))
    problems = check(toy.root)
    assert problems == sorted(set(problems))
    assert all(problem.what and problem.fix for problem in problems)
    assert report(problems)
