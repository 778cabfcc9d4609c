"""The recipes of CONTRIBUTING.md, done as written on a clone of the book: from a branch to a clean
check, and nothing else touched.
"""

from __future__ import annotations

import html
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from livingreview.cli.jupyter_book import JUPYTER_BOOK
from livingreview.contract import formatting

ROOT = Path(__file__).resolve().parents[2]
MITO_E, MITO_C, BIB = "data/evidence/mitophagy.csv", "data/claims/mitophagy.csv", "references.bib"


def recipe(number: int) -> tuple[list[tuple[str, str]], list[str]]:
    """The rows of a recipe, each with its file, and its command lines."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {number}\. .*?(?=^### \d|^## )", text, re.MULTILINE | re.DOTALL)[0]
    rows = re.findall(r"^(```+)\w+ (\S+)\n(.*?)^\1$", section, re.MULTILINE | re.DOTALL)
    return [(file, block) for _, file, block in rows], re.findall(
        r"^python -m livingreview (.*)$", section, re.MULTILINE
    )


class Contributor:
    """Does what a recipe says, with the next free numbers in place of those that somebody has taken
    meanwhile.
    """

    def __init__(self, clone) -> None:
        self.clone = clone
        self.renamed: dict[str, str] = {}

    def paste(self, file: str, block: str) -> None:
        if file == BIB:
            for entry in re.split(r"\n(?=@)", block):
                key = re.match(r"@\w+\{([^,]+),", entry)[1]
                self.clone.replace(
                    BIB,
                    text := self.clone.read(BIB),
                    formatting.insert_entry(text, key, entry.strip() + "\n"),
                )
            return
        for old in re.findall(r"\bmito-[ce]\d+\b(?=,|;|$)", block, re.MULTILINE):
            if old in self.renamed or not (block.startswith(old) or f"\n{old}" in block):
                continue
            taken = [
                int(n)
                for n in re.findall(
                    rf"^{old.rstrip('0123456789')}(\d+),", self.clone.read(file), re.MULTILINE
                )
            ]
            if int(re.search(r"\d+$", old)[0]) in taken:
                self.renamed[old] = f"{old.rstrip('0123456789')}{max(taken) + 1:02d}"
        for old, new in self.renamed.items():
            block = re.sub(rf"\b{old}\b", new, block)
        (self.clone.root / file).write_text(
            self.clone.read(file) + block, encoding="utf-8", newline=""
        )

    def follow(self, number: int) -> None:
        for file, block in recipe(number)[0]:
            self.paste(file, block)

    def correct(self) -> None:
        """Recipe 1."""
        self.clone.set("data/glossary.csv", "sarcopenia", term_zh="肌肉减少症")

    def identify(self, folder: Path) -> dict[str, str]:
        """Recipe 4: a reference that nobody has identified and that evidence rows use, by a file
        that somebody has saved; its row before.
        """
        row = unresolved(self.clone)
        (folder / "found.ris").write_text(
            f"TY  - JOUR\nAU  - Doe, Jane\nTI  - {row['cited_for'][:60]}\nJO  - Examples\nPY  -"
            " 1999\nDO  - 10.5555/12345670\nER  -\n",
            encoding="utf-8",
        )
        assert self.clone.run("resolve") == 0
        assert re.search(
            rf"^{row['source']} +{row['reference_number']}  unresolved",
            self.clone.out,
            re.MULTILINE,
        )
        place = [
            "resolve",
            row["source"],
            row["reference_number"],
            "--file",
            str(folder / "found.ris"),
        ]
        before = self.clone.snapshot()
        assert (
            self.clone.run(*place) == 0
            and self.clone.snapshot() == before
            and "Nothing was written" in self.clone.out
        )
        assert (
            self.clone.run(
                *place, "--accept", "1", "--status", "verified", "--reason", "Its title says it."
            )
            == 0
        )
        return row

    def start_chapter(self) -> None:
        """Recipe 5, up to the examples."""
        rows, commands = recipe(5)
        for file, block in rows:
            self.paste(file, block)
        (command,) = [c for c in commands if c.startswith("new chapter")]
        assert self.clone.run(*shlex.split(command)) == 0, self.clone.err

    def write_chapter(self) -> None:
        """Recipe 5: own words for every example, as the check names them; it names nothing else."""
        said = self.clone.check()
        places = re.findall(
            r"^(\S+?):(\d+)(?: \[(\w+)\])? 'REPLACE.*still to be replaced\. Fix: Write your own",
            said,
            re.MULTILINE,
        )
        assert len(places) >= 10 and len(places) == len(
            re.findall(r"^\S+:\d+", said, re.MULTILINE)
        ), "nothing but examples is to be mended"
        for file, line, _ in places:
            lines = self.clone.read(file).splitlines(keepends=True)
            lines[int(line) - 1] = re.sub(
                r"REPLACE[:：] ?",
                "Written: " if file.endswith(".md") else "Written ",
                lines[int(line) - 1],
            )
            (self.clone.root / file).write_text("".join(lines), encoding="utf-8", newline="")

    def retract(self) -> None:
        """Recipe 6, up to what the check asks for."""
        assert "retracted = {10.5555/12345681}" in (ROOT / "CONTRIBUTING.md").read_text(
            encoding="utf-8"
        )
        entry = re.search(r"@article\{jang2023pink1,.*?\n\}\n", self.clone.read(BIB), re.DOTALL)[0]
        self.clone.replace(
            BIB,
            entry,
            re.sub(r"(  keywords = .*\n)", r"\1  retracted = {10.5555/12345681},\n", entry),
        )

    def done(self, *files: str, added: int | None = None) -> None:
        """The check is clean, `make format` has nothing to do, and the commit touches these files
        only.
        """
        assert self.clone.check() == ""
        assert self.clone.run("format", "--dry-run") == 0, self.clone.out
        self.clone.git("add", "-A")
        self.clone.git("commit", "-qm", "Contribution")
        changed = {
            line.split("\t")[2]: line.split("\t")[:2]
            for line in self.clone.git("diff", "--numstat", "main", "HEAD").splitlines()
        }
        assert set(changed) == set(files)
        if added is not None:
            assert sum(int(n) for n, _ in changed.values()) == added


@pytest.fixture
def contributor(clone) -> Contributor:
    return Contributor(clone)


def test_1_correct_one_cell(contributor, clone):
    contributor.correct()
    contributor.done("data/glossary.csv", added=1)


def test_2_add_a_paper_to_a_claim_by_hand(contributor, clone):
    contributor.follow(2)
    contributor.done(BIB, MITO_E, added=11)


def test_2_add_a_paper_to_a_claim_by_commands(contributor, clone, tmp_path):
    (tmp_path / "citation.ris").write_text(
        "TY  - JOUR\nAU  - Doe, Jane\nTI  - Mitophagy and osteoclasts in periodontitis\nJO  -"
        " Examples\nPY  - 2025\nDO  - 10.5555/12345678\nER  -\n",
        encoding="utf-8",
    )
    assert clone.run("add-paper", str(tmp_path / "citation.ris")) == 0
    assert "doe2025mitophagy" in clone.out
    number = [int(row["evidence_id"].removeprefix("mito-e")) for row in clone.rows(MITO_E)]
    design = ["--study-design", "animal_genetic", "--species", "mouse", "--tissue", "alveolar-bone"]
    assert (
        clone.run(
            "new",
            "evidence",
            "mito-c38",
            "--citekey",
            "doe2025mitophagy",
            "--support",
            "supports",
            *design,
        )
        == 0
    )
    assert clone.rows(MITO_E)[-1]["evidence_id"] == f"mito-e{max(number) + 1:02d}"
    contributor.done(BIB, MITO_E)


def test_3_add_a_claim_on_which_two_papers_disagree(contributor, clone):
    *rows, (last_file, last) = recipe(3)[0]
    for file, block in rows:
        contributor.paste(file, block)
    assert "no disagreement says why" in clone.check() and "data/disagreements.csv" in clone.err
    contributor.paste(last_file, last)
    contributor.done(BIB, MITO_C, MITO_E, "data/disagreements.csv")


def test_3_by_commands(contributor, clone):
    for file, block in recipe(3)[0]:
        if file == BIB:
            contributor.paste(file, block)
    words = [
        "--subject",
        "hypoxia",
        "--predicate",
        "affects",
        "--object",
        "mitophagy",
        "--aspect",
        "activity",
        "--direction",
        "increased",
        "--cell",
        "osteocyte",
    ]
    said = [
        "--study-design",
        "in_vitro",
        "--species",
        "mouse",
        "--system",
        "osteocyte",
        "--sex",
        "not_applicable",
    ]
    assert (
        clone.run(
            "new",
            "claim",
            "mitophagy",
            *words,
            "--statement",
            "Lack of oxygen raises mitophagy in osteocytes.",
            "--citekey",
            "doe2025hypoxia",
            *said,
        )
        == 0
    )
    claim = clone.rows(MITO_C)[-1]["claim_id"]
    assert (
        clone.run(
            "new", "evidence", claim, "--citekey", "roe2025oxygen", "--support", "refutes", *said
        )
        == 0
    )
    assert "no disagreement says why" in clone.out, "the command says what the check will ask for"
    first, second = (row["evidence_id"] for row in clone.rows(MITO_E)[-2:])
    text = {
        "title": "Hypoxia and mitophagy",
        "what_differs": "Oxygen.",
        "likely_reason": "None known.",
        "take_home": "Open.",
    }
    clone.add(
        "data/disagreements.csv",
        disagreement_id="mito-hypoxia",
        mechanisms="mitophagy",
        kind="between_studies",
        claims=claim,
        evidence=f"{first}; {second}",
        status="open",
        **text,
    )
    contributor.done(BIB, MITO_C, MITO_E, "data/disagreements.csv")


def unresolved(clone) -> dict[str, str]:
    """A reference that nobody has identified and that evidence rows use."""
    used = {
        (row["reported_by"], row["reference_number"])
        for path in sorted((clone.root / "data/evidence").glob("*.csv"))
        for row in clone.rows(f"data/evidence/{path.name}")
    }
    return next(
        r
        for r in clone.rows("data/citations.csv")
        if r["status"] == "unresolved" and (r["source"], r["reference_number"]) in used
    )


def test_4_identify_a_reference(contributor, clone, tmp_path):
    row = contributor.identify(tmp_path)
    made = clone.row("data/citations.csv", f"{row['source']} {row['reference_number']}")
    assert (made["status"], made["match_reason"]) == ("verified", "Its title says it.") and made[
        "citekey"
    ] in clone.read(BIB)
    cited = [
        path
        for path in clone.git("diff", "--name-only").split()
        if path.startswith(("data/evidence", "data/quant"))
    ]
    assert cited, "the rows that use the number carry the paper"
    contributor.done(BIB, "data/citations.csv", *cited)


def test_4_by_hand_the_check_names_the_rows_that_lack_the_paper(contributor, clone):
    row = unresolved(clone)
    contributor.paste(*recipe(2)[0][0])
    clone.set(
        "data/citations.csv",
        f"{row['source']} {row['reference_number']}",
        citekey="doe2025mitophagy",
        status="verified",
        confidence="0.9",
        match_reason="Seen.",
    )
    named = re.findall(
        r"^(data/\S+\.csv):(\d+) \[citekey\].* gives 'doe2025mitophagy' for reference"
        rf" {row['reference_number']} of {row['source']}",
        clone.check(),
        re.MULTILINE,
    )
    assert named
    for file, line in named:
        lines = clone.read(file).splitlines()
        key = next(iter(dict(clone.rows(file)[int(line) - 2]).values()))
        assert lines[int(line) - 1].startswith(key)
        clone.set(file, key, citekey="doe2025mitophagy")
    contributor.done(BIB, "data/citations.csv", *{file for file, _ in named})


def test_5_add_a_chapter(contributor, clone):
    contributor.paste(*recipe(2)[0][0])
    contents = clone.git("show", "main:_toc.yml")
    contributor.start_chapter()
    assert clone.read("_toc.yml").replace("      - file: chapters/ferroptosis\n", "") == contents
    contributor.write_chapter()
    tables = [
        "claims/ferroptosis",
        "evidence/ferroptosis",
        "entities",
        "gaps",
        "glossary",
        "key_messages",
        "mechanisms",
        "searches",
    ]
    contributor.done(
        BIB, "_toc.yml", "chapters/ferroptosis.md", *(f"data/{name}.csv" for name in tables)
    )


def test_6_report_a_retraction(contributor, clone):
    contributor.retract()
    said = clone.check()
    assert "jang2023pink1" in said and "no disagreement of kind retracted" in said
    assert (
        "Add one to data/disagreements.csv with claims mito-c" in said
        and "and evidence mito-e" in said
    )
    contributor.follow(6)
    contributor.done(BIB, "data/disagreements.csv", added=2)


def test_7_add_a_term_in_chinese(contributor, clone):
    contributor.follow(7)
    contributor.done("data/glossary.csv", added=1)


def test_8_add_a_review(contributor, clone):
    *rows, (page, block) = recipe(8)[0]
    for file, row in rows:
        contributor.paste(file, row)
    assert 'Write book.unresolved("vitamin") in a cell of chapters/sources.md' in clone.check()
    contributor.paste(page, block)
    contributor.done(BIB, "data/sources.csv", "data/citations.csv", page)
    assert clone.run("status") == 0
    assert re.search(r"vitamin +0 of 3", clone.out)


PAGES = [
    "mitophagy",
    "ferroptosis",
    "glossary",
    "glossary-words",
    "sources",
    "disagreements",
    "bibliography",
]


def test_all_eight_are_clean_together_and_stand_on_their_pages(build, contributor, clone, tmp_path):
    """The pages that they touch are really built, out of a book that is cut down to them."""
    contributor.correct()
    contributor.follow(2)
    contributor.follow(3)
    row = contributor.identify(tmp_path)
    contributor.start_chapter()
    contributor.write_chapter()
    contributor.retract()
    for number in (6, 7, 8):
        contributor.follow(number)
    assert clone.check() == ""

    used = next(
        p.stem
        for p in sorted((clone.root / "data/evidence").glob("*.csv"))
        if any(
            (r["reported_by"], r["reference_number"]) == (row["source"], row["reference_number"])
            for r in clone.rows(f"data/evidence/{p.name}")
        )
    )
    pages = [*dict.fromkeys([*PAGES, used])]
    (clone.root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n"
        + "".join(f"  - file: chapters/{page}\n" for page in pages),
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(clone.root), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", JUPYTER_BOOK, "build", "."],
        cwd=clone.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    shown = {
        page: html.unescape(
            re.sub(
                r"<[^>]*>",
                "",
                (clone.root / f"_build/html/chapters/{page}.html").read_text(encoding="utf-8"),
            )
        )
        for page in pages
    }
    assert "肌肉减少症" in shown["glossary-words"]  # 1
    assert "Doe and Roe, 2025" in shown["mitophagy"]  # 2
    assert (
        "Lack of oxygen raises mitophagy in osteocytes." in shown["mitophagy"]
        and "Does lack of oxygen raise mitophagy in osteocytes?" in shown["mitophagy"]
    )  # 3
    assert "Doe, 1999" in shown[used] and "10.5555/12345670" in shown["bibliography"]  # 4
    assert (
        "铁死亡" in shown["ferroptosis"]
        and "Written one sentence that a clinician could repeat." in shown["ferroptosis"]
    )  # 5
    assert "The study of PINK1 in periodontitis is retracted" in shown[
        "mitophagy"
    ] and 'href="https://doi.org/10.5555/12345681"' in (
        clone.root / "_build/html/chapters/bibliography.html"
    ).read_text(encoding="utf-8")  # 6
    assert "肌少症性肥胖" in shown["glossary-words"]  # 7
    assert (
        "[Vitamin D and bone]" in shown["sources"]
        and "Trial of vitamin D and fractures" in shown["sources"]
    )  # 8


def test_a_new_chapter_builds_as_it_is_and_when_it_is_written(toy_project):
    """With the check's word for a warning, and with plain Jupyter Book; a strict build takes no
    example.
    """
    command = [
        "-m",
        "livingreview",
        "new",
        "chapter",
        "taste",
        "--label",
        "Taste",
        "--label-zh",
        "味觉",
        "--part",
        "Senses",
        "--new-part",
    ]
    done = toy_project.run(
        *command, "--focus", "caffeine", "--source-sections", "mokka:2.2; siesta:2"
    )
    assert done.returncode == 0, done.stderr
    assert (
        "  - caption: Senses\n    chapters:\n      - file: chapters/taste\n  - caption: Back"
        " matter\n" in (toy_project.root / "_toc.yml").read_text(encoding="utf-8")
    )
    toy_project.build()
    page = toy_project.page("chapters/taste.html")
    assert (
        "味觉" in page
        and "REPLACE: one sentence that a clinician could repeat." in page
        and "<svg" in page
    )
    built = toy_project.run("-m", "livingreview", "build")
    assert built.returncode == 0 and "It is built all the same" in built.stderr
    assert toy_project.run("-m", "livingreview", "build", "--strict").returncode == 1
    assert toy_project.run("-m", "livingreview", "check").returncode == 1
