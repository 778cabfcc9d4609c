"""Files about the project: they agree with each other, and every file has its licence."""

from __future__ import annotations

import csv
import fnmatch
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))


def test_the_archive_is_told_what_the_citation_says():
    assert ZENODO["title"] == CITATION["title"]
    assert ZENODO["license"] == CITATION["license"].lower()
    assert ZENODO["version"] == str(CITATION["version"])
    assert ZENODO["publication_date"] == str(CITATION["date-released"])
    assert ZENODO["keywords"] == CITATION["keywords"]
    names = [
        a.get("name") or f"{a['family-names']}, {a['given-names']}" for a in CITATION["authors"]
    ]
    assert [c["name"] for c in ZENODO["creators"]] == names
    assert ZENODO["upload_type"] == CITATION["type"]


def test_the_version_of_the_book_is_one_everywhere():
    contract = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    newest = re.search(
        r"^## (\S+) \((\S+)\)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {contract["version"], newest[1]} == {str(CITATION["version"])}
    assert newest[2] == str(CITATION["date-released"])


def test_the_engine_has_a_version_and_a_changelog_of_its_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (ROOT / "livingreview" / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, when = re.search(r"^## (\S+) \((\S+)\)", told, re.MULTILINE).groups()
    assert project["version"] == (f"{newest}.dev0" if when == "unreleased" else newest)


def test_without_git_the_project_has_the_same_files(sources, unpacked):
    """Else the tests would look at other files where somebody has unpacked an archive."""
    assert sorted(unpacked) == sorted(sources)


def licence_of(name: str) -> str:
    """The licence that REUSE.toml gives a file: of the patterns that fit, the last."""
    found = ""
    for part in tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]:
        patterns = part["path"] if isinstance(part["path"], list) else [part["path"]]
        if any(_fits(name, pattern) for pattern in patterns):
            found = part["SPDX-License-Identifier"]
    return found


def _fits(name: str, pattern: str) -> bool:
    """As REUSE reads it: * stays within a folder, ** does not."""
    expression = "".join(
        ".*" if piece == "**" else "[^/]*" if piece == "*" else re.escape(piece)
        for piece in re.split(r"(\*\*|\*)", pattern)
    )
    return bool(re.fullmatch(expression.replace(".*/", "(?:.*/)?"), name))


def test_every_file_has_a_licence_whose_text_is_there(sources):
    licences = {name: licence_of(name) for name in sources}
    assert {
        Path(f"LICENSES/{licence}.txt").as_posix() for licence in set(licences.values())
    } <= set(sources)
    assert {
        licences[n]
        for n in licences
        if n.startswith(("data/", "chapters/")) or n == "references.bib"
    } == {"CC-BY-4.0"}
    assert {licences[n] for n in licences if fnmatch.fnmatch(n, "livingreview/*.py")} == {"MIT"}
    assert "Creative Commons Attribution 4.0 International" in (
        ROOT / "LICENSES/CC-BY-4.0.txt"
    ).read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in (ROOT / "LICENSES/MIT.txt").read_text(
        encoding="utf-8"
    )


def test_hooks_and_containers_run_the_projects_own_commands():
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = [hook["entry"] for repo in hooks for hook in repo["hooks"]]
    assert all(repo["repo"] == "local" for repo in hooks)
    container = json.loads(
        (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    )["postCreateCommand"]
    binder = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8").splitlines()
    assert container == "make html" and "make html" in binder
    assert {entry.removeprefix("make ") for entry in [*entries, container]} <= targets


def test_every_target_of_the_makefile_is_explained_and_no_file():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):(.*)", text, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)", text, re.MULTILINE)[1].split()
    assert all(" ## " in rest for _, rest in targets)
    assert {name for name, _ in targets} == set(phony)


def test_owners_are_rules_for_files_that_are_there():
    """Also those that wait, behind a #, for somebody to name."""
    lines = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rules = [
        found
        for line in lines
        if (found := re.fullmatch(r"(?:# )?(\*|/\S+)((?: @[\w/-]+)+)", line))
    ]
    assert len(rules) >= 6
    for rule in rules:
        assert rule[1] == "*" or list(ROOT.glob(rule[1].strip("/"))), rule[1]
    assert {line for line in lines if line and not line.startswith("#")} <= {
        rule[0] for rule in rules
    }


def test_people_who_are_named_are_authors_too():
    with (ROOT / "data" / "people.csv").open(encoding="utf-8") as stream:
        people = list(csv.DictReader(stream))
    orcids = {a.get("orcid", "").rpartition("/")[2] for a in CITATION["authors"]}
    assert {p["orcid"] for p in people if p["orcid"] and "draft" in p["roles"]} <= orcids


@pytest.mark.parametrize("version", ["", "1.0", "2026.12.1; rm -rf x", "../2026.12.1"])
def test_an_edition_is_named_by_its_date(version):
    """And that is asked before anything is built for it."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "release.py", "--check", version],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode and "is no edition" in done.stderr


def test_an_edition_holds_site_data_and_print_and_comes_out_the_same_twice(tmp_path):
    for name in ("data", "livingreview", "tools", "LICENSES"):
        (tmp_path / name).mkdir()
    for name in (
        "references.bib",
        "CITATION.cff",
        "LICENSE",
        "LICENSES/CC-BY-4.0.txt",
        "CHANGELOG.md",
        "tools/release.py",
    ):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "data" / "claims.csv").write_text("claim_id\n", encoding="utf-8")
    for name in (
        "html/index.html",
        "html/.buildinfo",
        "html/sub/page.html",
        "exports/evidence.csv",
        "pdf/book.pdf",
        "epub/book.epub",
    ):
        (tmp_path / "_build" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "_build" / name).write_text(name, encoding="utf-8")

    def release() -> dict[str, bytes]:
        environment = {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1800000000"}
        subprocess.run(
            [sys.executable, tmp_path / "tools" / "release.py", "2026.12.1"],
            env=environment,
            check=True,
            capture_output=True,
        )
        return {p.name: p.read_bytes() for p in (tmp_path / "_build" / "release").iterdir()}

    first = release()
    stem = "osteoporosis-mechanisms-2026.12.1"
    assert set(first) == {
        f"{stem}-site.zip",
        f"{stem}-data.zip",
        f"{stem}-evidence.csv",
        f"{stem}.pdf",
        f"{stem}.epub",
        "notes.md",
    }
    with zipfile.ZipFile(tmp_path / "_build" / "release" / f"{stem}-site.zip") as site:
        assert site.namelist() == ["index.html", "sub/page.html"]
    with zipfile.ZipFile(tmp_path / "_build" / "release" / f"{stem}-data.zip") as data:
        assert {"data/claims.csv", "references.bib", "LICENSES/CC-BY-4.0.txt"} <= set(
            data.namelist()
        )
    assert (
        first["notes.md"].decode().startswith("## ")
        and first["notes.md"].decode().count("\n## ") == 0
    )
    (tmp_path / "_build" / "html" / "index.html").touch()
    assert release() == first
    (tmp_path / "_build" / "pdf" / "book.pdf").unlink()
    done = subprocess.run(
        [sys.executable, tmp_path / "tools" / "release.py", "2026.12.1"],
        env={"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1800000000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode and "make pdf" in done.stderr
