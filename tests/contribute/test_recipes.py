"""The recipes of CONTRIBUTING.md, done as written on a clone of the book: from a branch to a clean check, and nothing else touched."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from livingreview import formatting

ROOT = Path(__file__).resolve().parents[2]
MITO_E, MITO_C, BIB = "data/evidence/mitophagy.csv", "data/claims/mitophagy.csv", "references.bib"


def recipe(number: int) -> tuple[list[tuple[str, str]], list[str]]:
    """The rows of a recipe, each with its file, and its command lines."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {number}\. .*?(?=^##)", text, re.MULTILINE | re.DOTALL)[0]
    rows = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return rows, re.findall(r"^python -m livingreview (.*)$", section, re.MULTILINE)


class Contributor:
    """Does what a recipe says, with the next free numbers in place of those that somebody has taken meanwhile."""

    def __init__(self, clone) -> None:
        self.clone = clone
        self.renamed: dict[str, str] = {}

    def paste(self, file: str, block: str) -> None:
        if file == BIB:
            for entry in re.split(r"\n(?=@)", block):
                key = re.match(r"@\w+\{([^,]+),", entry)[1]
                self.clone.replace(BIB, text := self.clone.read(BIB), formatting.insert_entry(text, key, entry.strip() + "\n"))
            return
        for old in re.findall(r"\bmito-[ce]\d+\b(?=,|;|$)", block, re.MULTILINE):
            if old in self.renamed or not block.startswith(old) and f"\n{old}" not in block:
                continue
            taken = [int(n) for n in re.findall(rf"^{old.rstrip('0123456789')}(\d+),", self.clone.read(file), re.MULTILINE)]
            if int(re.search(r"\d+$", old)[0]) in taken:
                self.renamed[old] = f"{old.rstrip('0123456789')}{max(taken) + 1:02d}"
        for old, new in self.renamed.items():
            block = re.sub(rf"\b{old}\b", new, block)
        (self.clone.root / file).write_text(self.clone.read(file) + block, encoding="utf-8", newline="")

    def follow(self, number: int) -> None:
        for file, block in recipe(number)[0]:
            self.paste(file, block)

    def done(self, *files: str, added: int | None = None) -> None:
        """The check is clean, `make format` has nothing to do, and the commit touches these files only."""
        assert self.clone.check() == ""
        assert self.clone.run("format", "--dry-run") == 0, self.clone.out
        self.clone.git("add", "-A")
        self.clone.git("commit", "-qm", "Contribution")
        changed = {line.split("\t")[2]: line.split("\t")[:2] for line in self.clone.git("diff", "--numstat", "main", "HEAD").splitlines()}
        assert set(changed) == set(files)
        if added is not None:
            assert sum(int(n) for n, _ in changed.values()) == added


@pytest.fixture
def contributor(clone) -> Contributor:
    return Contributor(clone)


def test_1_correct_one_cell(contributor, clone):
    clone.set("data/glossary.csv", "sarcopenia", term_zh="肌肉减少症")
    contributor.done("data/glossary.csv", added=1)


def test_2_add_a_paper_to_a_claim_by_hand(contributor, clone):
    contributor.follow(2)
    contributor.done(BIB, MITO_E, added=11)


def test_2_add_a_paper_to_a_claim_by_commands(contributor, clone, tmp_path):
    (tmp_path / "citation.ris").write_text("TY  - JOUR\nAU  - Doe, Jane\nTI  - Mitophagy and osteoclasts in periodontitis\nJO  - Examples\nPY  - 2025\nDO  - 10.5555/12345678\nER  -\n", encoding="utf-8")
    assert clone.run("add-paper", str(tmp_path / "citation.ris")) == 0
    assert "doe2025mitophagy" in clone.out
    number = [int(row["evidence_id"].removeprefix("mito-e")) for row in clone.rows(MITO_E)]
    design = ["--study-design", "animal_genetic", "--species", "mouse", "--tissue", "alveolar-bone"]
    assert clone.run("new", "evidence", "mito-c38", "--citekey", "doe2025mitophagy", "--support", "supports", *design) == 0
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
    words = ["--subject", "hypoxia", "--predicate", "affects", "--object", "mitophagy", "--aspect", "activity", "--direction", "increased", "--cell", "osteocyte"]
    said = ["--study-design", "in_vitro", "--species", "mouse", "--system", "osteocyte", "--sex", "not_applicable"]
    assert clone.run("new", "claim", "mitophagy", *words, "--statement", "Lack of oxygen raises mitophagy in osteocytes.", "--citekey", "doe2025hypoxia", *said) == 0
    claim = clone.rows(MITO_C)[-1]["claim_id"]
    assert clone.run("new", "evidence", claim, "--citekey", "roe2025oxygen", "--support", "refutes", *said) == 0
    assert "no disagreement says why" in clone.out, "the command says what the check will ask for"
    first, second = (row["evidence_id"] for row in clone.rows(MITO_E)[-2:])
    text = {"title": "Hypoxia and mitophagy", "what_differs": "Oxygen.", "likely_reason": "None known.", "take_home": "Open."}
    clone.add("data/disagreements.csv", disagreement_id="mito-hypoxia", mechanisms="mitophagy", kind="between_studies", claims=claim, evidence=f"{first}; {second}", status="open", **text)
    contributor.done(BIB, MITO_C, MITO_E, "data/disagreements.csv")


def unresolved(clone) -> dict[str, str]:
    """A reference that nobody has identified and that evidence rows use."""
    used = {(row["reported_by"], row["reference_number"]) for path in sorted((clone.root / "data/evidence").glob("*.csv")) for row in clone.rows(f"data/evidence/{path.name}")}
    return next(r for r in clone.rows("data/citations.csv") if r["status"] == "unresolved" and (r["source"], r["reference_number"]) in used)


def test_4_identify_a_reference(contributor, clone, tmp_path):
    row = unresolved(clone)
    (tmp_path / "found.ris").write_text(f"TY  - JOUR\nAU  - Doe, Jane\nTI  - {row['cited_for'][:60]}\nJO  - Examples\nPY  - 1999\nDO  - 10.5555/12345678\nER  -\n", encoding="utf-8")
    assert clone.run("resolve") == 0
    assert re.search(rf"^{row['source']} +{row['reference_number']}  unresolved", clone.out, re.MULTILINE)
    place = ["resolve", row["source"], row["reference_number"], "--file", str(tmp_path / "found.ris")]
    before = clone.snapshot()
    assert clone.run(*place) == 0 and clone.snapshot() == before and "Nothing was written" in clone.out
    assert clone.run(*place, "--accept", "1", "--status", "verified", "--reason", "Its title says it.") == 0
    made = clone.row("data/citations.csv", f"{row['source']} {row['reference_number']}")
    assert (made["status"], made["match_reason"]) == ("verified", "Its title says it.") and made["citekey"] in clone.read(BIB)
    cited = [path for path in clone.git("diff", "--name-only").split() if path.startswith(("data/evidence", "data/quant"))]
    assert cited, "the rows that use the number carry the paper"
    contributor.done(BIB, "data/citations.csv", *cited)


def test_4_by_hand_the_check_names_the_rows_that_lack_the_paper(contributor, clone):
    row = unresolved(clone)
    contributor.paste(*recipe(2)[0][0])
    clone.set("data/citations.csv", f"{row['source']} {row['reference_number']}", citekey="doe2025mitophagy", status="verified", confidence="0.9", match_reason="Seen.")
    named = re.findall(rf"^(data/\S+\.csv):(\d+) \[citekey\].* gives 'doe2025mitophagy' for reference {row['reference_number']} of {row['source']}", clone.check(), re.MULTILINE)
    assert named
    for file, line in named:
        lines = clone.read(file).splitlines()
        key = next(iter(dict(clone.rows(file)[int(line) - 2]).values()))
        assert lines[int(line) - 1].startswith(key)
        clone.set(file, key, citekey="doe2025mitophagy")
    contributor.done(BIB, "data/citations.csv", *{file for file, _ in named})


def test_5_add_a_chapter(contributor, clone):
    contributor.paste(*recipe(2)[0][0])
    rows, commands = recipe(5)
    for file, block in rows:
        contributor.paste(file, block)
    (command,) = [c for c in commands if c.startswith("new chapter")]
    contents = clone.git("show", "main:_toc.yml")
    assert clone.run(*shlex.split(command)) == 0, clone.err
    assert clone.read("_toc.yml").replace("      - file: chapters/ferroptosis\n", "") == contents
    said = clone.check()
    places = re.findall(r"^(\S+?):(\d+)(?: \[(\w+)\])? 'REPLACE.*still to be replaced\. Fix: Write your own", said, re.MULTILINE)
    assert len(places) >= 10 and len(places) == len(re.findall(r"^\S+:\d+", said, re.MULTILINE)), "nothing but examples is to be mended"
    for file, line, _ in places:
        lines = clone.read(file).splitlines(keepends=True)
        lines[int(line) - 1] = re.sub(r"REPLACE[:：] ?", "Written: " if file.endswith(".md") else "Written ", lines[int(line) - 1])
        (clone.root / file).write_text("".join(lines), encoding="utf-8", newline="")
    tables = ["claims/ferroptosis", "evidence/ferroptosis", "entities", "gaps", "glossary", "key_messages", "mechanisms", "searches"]
    contributor.done(BIB, "_toc.yml", "chapters/ferroptosis.md", *(f"data/{name}.csv" for name in tables))


def test_6_report_a_retraction(contributor, clone):
    assert "retracted = {10.5555/12345681}" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    entry = re.search(r"@article\{jang2023pink1,.*?\n\}\n", clone.read(BIB), re.DOTALL)[0]
    clone.replace(BIB, entry, re.sub(r"(  keywords = .*\n)", r"\1  retracted = {10.5555/12345681},\n", entry))
    said = clone.check()
    assert "jang2023pink1" in said and "no disagreement of kind retracted" in said and "Add one to data/disagreements.csv" in said
    contributor.follow(6)
    contributor.done(BIB, "data/disagreements.csv", added=2)


def test_7_add_a_term_in_chinese(contributor, clone):
    contributor.follow(7)
    contributor.done("data/glossary.csv", added=1)


def test_8_add_a_review(contributor, clone):
    contributor.follow(8)
    contributor.done(BIB, "data/sources.csv", "data/citations.csv")
    assert clone.run("status") == 0
    assert re.search(r"vitamin +0 of 3", clone.out)


def test_a_new_chapter_builds_as_it_is_and_when_it_is_written(toy_project):
    """With the check's word for a warning, and with plain Jupyter Book; a strict build takes no example."""
    command = ["-m", "livingreview", "new", "chapter", "taste", "--label", "Taste", "--label-zh", "味觉", "--part", "Senses", "--new-part"]
    done = toy_project.run(*command, "--focus", "caffeine", "--source-sections", "mokka:2.2; siesta:2")
    assert done.returncode == 0, done.stderr
    assert "  - caption: Senses\n    chapters:\n      - file: chapters/taste\n  - caption: Back matter\n" in (toy_project.root / "_toc.yml").read_text(encoding="utf-8")
    toy_project.build()
    page = toy_project.page("chapters/taste.html")
    assert "味觉" in page and "REPLACE: one sentence that a clinician could repeat." in page and "<svg" in page
    built = toy_project.run("-m", "livingreview", "build")
    assert built.returncode == 0 and "It is built all the same" in built.stderr
    assert toy_project.run("-m", "livingreview", "build", "--strict").returncode == 1
    assert toy_project.run("-m", "livingreview", "check").returncode == 1
