"""Form and examples: the check asks for what `make format` writes and lets no example pass."""

from __future__ import annotations

import csv
import io

import pytest

from livingreview.contract import formatting
from livingreview.contract.package import Package

GAPS, BIB, CLK = "data/gaps.csv", "references.bib", "chapters/body-clock.md"
CLAIMS, TERM = "data/claims/body-clock.csv", "The {term}`body clock`"
ROW = "clk-timing,body-clock,At what hour does it matter?,A trial by the hour.,mokka,3,,"


def mend(toy) -> None:
    """What `make format` does."""
    package = Package.read(toy.root / "data" / "datapackage.json")
    for path, resource in formatting.files(package, toy.root):
        if (text := formatting.formatted(path.read_bytes(), resource)) is not None:
            path.write_bytes(text.encode())


def snapshot(toy) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(toy.root.rglob("*.*"))
        if path.suffix in (".csv", ".bib")
    }


def quoted(text: str, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL, delimiter=delimiter).writerows(
        csv.reader(io.StringIO(text))
    )
    return out.getvalue()


FORM = {
    "needless quotes": (
        [("replace", GAPS, "mokka,3", '"mokka",3')],
        GAPS, 3, "", ROW.replace("mokka", '"mokka"'), "quotes stand where",
    ),
    "entry out of order": (
        [("move_entry", "lungo2020")],
        BIB, 40, "", "lungo2020", "out of the order of keys",
    ),
    "fields on one line": (
        [("replace", BIB, "  year = {2015},\n  doi", "  year = {2015}, doi")],
        BIB, 1, "", "arabica2015", "not written as the others",
    ),
    "no blank line between entries": (
        [("replace", BIB, "}\n\n@misc", "}\n@misc")],
        BIB, 0, "", "", "one blank line",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORM)
def test_another_form_is_one_problem_and_is_mended(toy, name):
    edits, *expected = FORM[name]
    before = snapshot(toy)
    for edit in edits:
        if edit[0] == "move_entry":
            text = (toy.root / BIB).read_text(encoding="utf-8")
            entry = next(e for e in text.split("\n\n") if f"{{{edit[1]}," in e)
            toy.write(BIB, text.replace(entry + "\n\n", "") + "\n" + entry.rstrip("\n") + "\n")
            expected[1] = text.count("\n") - entry.count("\n")
        else:
            toy.break_(edit)
    toy.says(*expected)
    assert "make format" in toy.problems()[0].fix
    mend(toy)
    assert snapshot(toy) == before


def test_a_file_that_a_spreadsheet_has_saved_anew_is_one_problem(toy):
    toy.write(
        "data/entities.csv", quoted((toy.root / "data/entities.csv").read_text(encoding="utf-8"))
    )
    problems = toy.problems()
    assert [p.file for p in problems] == ["data/entities.csv"] and "spreadsheet" in problems[0].fix


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: quoted(text, ";").encode(),
        lambda text: quoted(text, "\t").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: (text + ",,,,,,,\n\n").encode(),
        lambda text: text.replace(",mokka,", ", mokka ,").encode(),
        lambda text: _columns_reversed(text).encode(),
    ],
    ids=[
        "BOM",
        "CRLF",
        "UTF-16",
        "semicolons",
        "tabs",
        "no last line end",
        "empty rows",
        "blanks",
        "column order",
    ],
)
def test_what_a_program_did_to_a_table_is_refused_and_mended(toy, damage):
    text = (toy.root / GAPS).read_text(encoding="utf-8")
    toy.write(GAPS, damage(text))
    assert toy.problems()
    mend(toy)
    assert (toy.root / GAPS).read_bytes() == text.encode() and toy.problems() == []


def _columns_reversed(text: str) -> str:
    return formatting.csv_lines(row[::-1] for row in csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    "content",
    [
        "gap_id,mechanism\nx\n",
        '"gap_id,mechanism',
        "<<<<<<< HEAD\n",
        b"\xff\xfe\x00",
        b"gap_id\n\xb5\n",
        "",
    ],
    ids=["another header", "open quote", "merge conflict", "odd bytes", "no UTF-8", "empty"],
)
def test_what_cannot_be_told_is_left_alone(toy, content):
    toy.write(GAPS, content)
    before = (toy.root / GAPS).read_bytes()
    mend(toy)
    assert (toy.root / GAPS).read_bytes() == before


def test_formatting_twice_changes_nothing_more(toy):
    mend(toy)
    before = snapshot(toy)
    mend(toy)
    assert snapshot(toy) == before


MISTAKES = {
    "a sentence": (
        [("cell", CLAIMS, "clk-c05", "statement", "REPLACE: your claim.")],
        CLAIMS, 6, "statement", "REPLACE: your claim.", "still to be replaced",
    ),
    "an id": (
        [("cell", CLAIMS, "clk-c05", "object", "REPLACE")],
        CLAIMS, 6, "object", "REPLACE", "still to be replaced",
    ),
    "a paragraph": (
        [("replace", CLK, TERM, f"REPLACE: how it works.\n\n{TERM}")],
        CLK, 31, "", "REPLACE: how it works.", "still to be replaced",
    ),
    "a caption": (
        [("replace", CLK, "Which way each source points.", "'REPLACE: a caption.'")],
        CLK, 51, "", "REPLACE: a caption.", "still to be replaced",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_an_example_is_refused_until_it_is_replaced(toy, name):
    edits, *expected = MISTAKES[name]
    toy.break_(*edits).says(*expected)
    assert toy.problems()[0].draft


@pytest.mark.parametrize(
    "markup",
    [
        "<b>Not</b> known.",
        "See {cite:p}`lungo2020`.",
        "**Not** known.",
        "[here](https://example.org)",
        "H<sub>2</sub>O<sub>2</sub>",
    ],
)
def test_markup_in_a_cell(toy, markup):
    toy.cell(GAPS, "ado-decaf", "question", markup)
    toy.says(GAPS, 2, "question", markup, "markup")


@pytest.mark.parametrize("text", ["p<0.05 and n>3", "a < b", "x <5 or > 7", "Ca{2+}", "2 ** 3"])
def test_signs_that_are_no_markup(toy, text):
    toy.cell(GAPS, "ado-decaf", "question", text)
    assert toy.problems() == []
