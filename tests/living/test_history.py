"""What differs between two states of a review, under a real git."""

from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest

from livingreview.changes.compare import compare, state
from livingreview.changes.git import GitError, build_date, revision
from livingreview.changes.history import record
from livingreview.changes.report import changes
from livingreview.cli.main import main
from livingreview.derive.certainty import LEVELS
from livingreview.review import load

EVIDENCE = "data/evidence/body-clock.csv"
NEW_ROW = (
    "clk-e07,clk-c01,editors,,,lungo2020,abstract_read,supports,"
    "ex_vivo,mouse,neuron,brain,,female,,,,,,,,false,false,\n"
)


def found(repository, since="HEAD") -> dict[tuple[str, str], tuple[str, ...]]:
    new = load(repository.root)
    with revision(repository.root, since) as folder:
        return {(c.mechanism, c.change): c.items for c in compare(state(folder, new), new)}


def section(text: str, title: str) -> str:
    return text.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0].split("\n**", 1)[0]


def test_nothing_has_changed(repository):
    assert found(repository) == {}
    assert "Nothing that a reader of the book would see" in changes(repository.root, "HEAD")


def test_every_kind_of_change_is_told(repository):
    level = load(repository.root).claims.set_index("claim_id")["certainty"]
    repository.edit(
        "data/claims/body-clock.csv",
        "clk-c02,caffeine,,affects,melatonin,secretion,decreased",
        "clk-c02,caffeine,,affects,melatonin,secretion,not_stated",
    )
    with (repository.root / "data/claims/body-clock.csv").open("a", encoding="utf-8") as claims:
        claims.write(
            "clk-c06,caffeine,,affects,body-clock,rate,decreased,,unknown,,,Caffeine slows the body"
            " clock.,,\n"
        )
    with (repository.root / EVIDENCE).open("a", encoding="utf-8") as evidence:
        evidence.write(NEW_ROW.replace("clk-e07,clk-c01", "clk-e08,clk-c06"))
        evidence.write(NEW_ROW.replace("lungo2020", "arabica2015"))
    repository.edit("data/disagreements.csv", "Nothing yet.,,open", "Nothing yet.,,resolved")
    repository.edit(
        "references.bib",
        "doi = {10.5555/toy.2020.1},",
        "doi = {10.5555/toy.2020.1},\n  retracted = {10.5555/toy.2026.9},",
    )
    told = found(repository)
    assert told["body-clock", "claims_added"] == ("clk-c06",)
    assert told["body-clock", "claims_changed"] == ("clk-c02",)
    assert told["body-clock", "papers_read"] == ("arabica2015",)
    assert (
        told["body-clock", "disagreements_resolved"]
        == told["adenosine-blockade", "disagreements_resolved"]
        == ("clk-melatonin",)
    )
    assert told["body-clock", "papers_retracted"] == ("lungo2020",)
    now = load(repository.root).claims.set_index("claim_id")["certainty"]
    moved = {i for i in level.index if level[i] != now[i]}
    assert moved and moved == set(told.get(("body-clock", "certainty_raised"), ())) | set(
        told.get(("body-clock", "certainty_lowered"), ())
    ) | set(told.get(("adenosine-blockade", "certainty_lowered"), ()))
    text = changes(repository.root, "HEAD")
    assert (
        "| Claims | 1 | 1 | 0 |" in text
        and "| Evidence | 2 | 0 | 0 |" in text
        and "| Bibliography | 0 | 1 | 0 |" in text
    )
    assert "open → resolved: Melatonin up or down (clk-melatonin)" in section(text, "Disagreements")
    for claim in moved:
        assert (
            f"({claim}) | {level[claim].replace('_', ' ')} | {now[claim].replace('_', ' ')} |"
            in section(text, "Claims whose certainty moves")
        )


@pytest.mark.parametrize(("step", "kind"), [(-1, "certainty_lowered"), (1, "certainty_raised")])
def test_a_move_by_one_step_is_a_move(repository, step, kind):
    claims = load(repository.root).claims.set_index("claim_id")
    claim = next(
        i
        for i in claims.index
        if i.startswith("ado")
        and 0 <= LEVELS.index(claims.at[i, "certainty"]) + step < len(LEVELS)
        and not claims.at[i, "certainty_override"]
    )
    level = LEVELS[LEVELS.index(claims.at[claim, "certainty"]) + step]
    statement = claims.at[claim, "statement"]
    repository.edit(
        "data/claims/adenosine-blockade.csv",
        f"{statement},,",
        f"{statement},{level},Said for the test.",
    )
    assert found(repository) == {("adenosine-blockade", kind): (claim,)}


def test_the_chapters_affected_are_those_whose_pages_would_differ(repository):
    repository.edit(
        EVIDENCE,
        "clk-e01,clk-c01,mokka,2.2,2,robusta2018,reported,supports,ex_vivo,mouse",
        "clk-e01,clk-c01,mokka,2.2,2,robusta2018,reported,supports,ex_vivo,human",
    )
    assert "**Chapters affected (1):** Body clock\n" in changes(repository.root, "HEAD")
    repository.git("checkout", "-q", "--", ".")
    repository.edit(
        EVIDENCE, "3,mg/kg", "4,mg/kg"
    )  # a side of a disagreement that both chapters show
    assert "**Chapters affected (2):** Adenosine blockade, Body clock\n" in changes(
        repository.root, "HEAD"
    )
    repository.git("checkout", "-q", "--", ".")
    repository.edit("chapters/body-clock.md", "# ", "#  ")
    repository.edit("chapters/glossary.md", "# ", "#  ")
    text = changes(repository.root, "HEAD")
    assert (
        "**Chapters affected (1):** Body clock\n" in text
        and "**Other pages edited:** glossary.md" in text
    )


def test_removed_and_renamed_things_are_told(repository):
    repository.edit("data/disagreements.csv", "clk-melatonin", "clk-melatonin-2")
    text = section(changes(repository.root, "HEAD"), "Disagreements")
    assert (
        "opened: Melatonin up or down (clk-melatonin-2)" in text
        and "removed: Melatonin up or down (clk-melatonin)" in text
    )


def test_a_revision_may_be_a_tag_or_older_than_the_review(repository):
    repository.git("tag", "v1")
    repository.edit(EVIDENCE, "3,mg/kg", "4,mg/kg")
    repository.commit("2026-03-01")
    assert (
        "| Evidence | 0 | 1 | 0 |"
        in changes(repository.root, "v1")
        == changes(repository.root, "HEAD~1")
    )
    repository.git("rm", "-q", "-r", "--cached", "data")
    repository.git("commit", "-q", "-m", "No data")
    assert "all 2 chapters are new" in changes(repository.root, "HEAD")
    with pytest.raises(GitError):
        changes(repository.root, "no-such-branch")
    with pytest.raises(GitError):
        changes(repository.root, "--output=stolen")


def test_a_revision_is_laid_out_as_it_was_and_leads_nowhere_else(repository, tmp_path):
    (repository.root / "chapters/骨.md").write_bytes(b"# \xe9\xaa\xa8\n")
    (tmp_path / "secret").write_text("not for the page", encoding="utf-8")
    (repository.root / "chapters/link.md").symlink_to(tmp_path / "secret")
    repository.commit("2026-03-01")
    (repository.root / "chapters/骨.md").write_text("# Bone\n", encoding="utf-8")
    with revision(repository.root, "HEAD") as folder:
        assert (folder / "chapters/骨.md").read_bytes() == b"# \xe9\xaa\xa8\n"
        assert b"not for the page" not in (folder / "chapters/link.md").read_bytes()
        laid = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    kept = repository.git("-c", "core.quotePath=off", "ls-files", "data", "chapters", "*.bib")
    assert laid == set(kept.splitlines())
    assert not folder.exists()


def test_cells_from_a_pull_request_stay_text(repository):
    repository.edit(
        "data/disagreements.csv",
        "clk-retracted,body-clock,retracted,The trial on melatonin is retracted",
        "clk-x,body-clock,retracted,<img src=x> [a](http://b) | c",
    )
    line = next(line for line in changes(repository.root, "HEAD").splitlines() if "clk-x" in line)
    assert "\\<img" in line and "\\[a\\]" in line and "\\|" in line


def history(root) -> dict[tuple[str, str, str], tuple[str, str]]:
    with (root / "data/history.csv").open(encoding="utf-8") as stream:
        return {
            (r["date"], r["mechanism"], r["change"]): (r["n"], r["items"])
            for r in csv.DictReader(stream)
        }


def test_the_history_grows_by_what_changed_since_it_was_last_written(repository):
    before = history(repository.root)
    with (repository.root / EVIDENCE).open("a", encoding="utf-8") as evidence:
        evidence.write(NEW_ROW.replace("lungo2020", "arabica2015"))
    repository.commit("2026-03-01")
    added = record(repository.root)
    now = history(repository.root)
    assert now["2026-03-01", "body-clock", "papers_read"] == ("1", "arabica2015")
    assert {k: now[k] for k in before} == before and len(now) == len(before) + len(added)
    repository.commit("2026-03-01")
    assert record(repository.root) == [] and history(repository.root) == now

    # later the same day: the row takes the new paper in
    with (repository.root / EVIDENCE).open("a", encoding="utf-8") as evidence:
        evidence.write(NEW_ROW.replace("clk-e07", "clk-e08").replace("lungo2020", "bohne2021"))
    repository.commit("2026-03-01")
    record(repository.root)
    assert history(repository.root)["2026-03-01", "body-clock", "papers_read"] == (
        "2",
        "arabica2015; bohne2021",
    )


def test_a_history_that_was_never_written_starts_with_the_chapters(repository):
    assert record(repository.root, since=None) == []  # written with the first commit
    repository.git("checkout", "-q", "--orphan", "new")
    repository.git("rm", "-q", "--cached", "data/history.csv")
    (repository.root / "data/history.csv").write_text(
        "date,mechanism,change,n,items\n", encoding="utf-8"
    )
    repository.git("commit", "-q", "-m", "Without a history")
    added = record(repository.root)
    assert [(c.mechanism, c.change, c.n) for c in added] == [
        ("adenosine-blockade", "chapter_added", 5),
        ("body-clock", "chapter_added", 5),
    ]


def test_commands_answer_without_a_traceback(repository, monkeypatch, capsys):
    monkeypatch.chdir(repository.root)
    assert main(["changes", "--since", "HEAD"]) == 0
    assert main(["changes", "--since", "nowhere"]) == 1
    assert (
        "Cannot compare with 'nowhere': there is no revision 'nowhere' here. Fix: name a branch"
        in capsys.readouterr().err
    )
    assert main(["record", "--since", "nowhere"]) == 1
    assert "there is no revision" in capsys.readouterr().err
    assert main(["record"]) == 0


def test_what_changes_is_told_of_whole_data_only(repository, monkeypatch, capsys):
    """A table that cannot be read would look like one whose rows are all gone."""
    monkeypatch.chdir(repository.root)
    repository.edit("data/mechanisms.csv", "mechanism,", "mechanismus,")
    assert main(["changes", "--since", "HEAD"]) == 1
    told = capsys.readouterr().out
    assert (
        told.startswith("## To be mended first")
        and "\n- data/mechanisms.csv:1" in told
        and "removed" not in told
    )
    shutil.rmtree(repository.root / ".git")
    assert main(["record"]) == 1


def test_a_build_counts_from_a_day_that_the_files_give(repository, tmp_path):
    root = repository.root
    assert build_date(root, {}) == date(2026, 2, 1)
    assert build_date(root, {"SOURCE_DATE_EPOCH": "1800000000"}) == date(2027, 1, 15)
    shutil.rmtree(root / ".git")
    assert build_date(root, {}) == date(2026, 1, 15)  # no checkout: the newest search
