"""The repository: what git says, the files of a revision, and the day that a build counts from."""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from ..contract.problems import nearest
from ..review import CONTRACT, load


class GitError(Exception):
    """Git could not do what was asked; the message is git's own."""


def git(root: Path, *arguments: str) -> bytes:
    """What git prints, in the project folder; GitError where it fails or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout


@contextmanager
def revision(root: Path, ref: str) -> Iterator[Path]:
    """A folder with data, bibliography and chapters of a revision; it is gone afterwards. GitError
    for a revision that is not there.
    """
    try:
        commit = (
            git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            .decode()
            .strip()
        )
    except GitError as error:
        if error.__cause__ is not None:  # there is no git
            raise
        refs = git(root, "for-each-ref", "--format=%(refname:short)").decode().split()
        close = nearest(ref, refs)
        hint = f" Nearest valid value: '{close}'." if close else ""
        raise GitError(
            f"there is no revision '{ref}' here.{hint} Fix: name a branch, a tag or a commit; "
            "`git fetch` brings those of the others."
        ) from None
    inside = git(root, "rev-parse", "--show-prefix").decode().strip()
    wanted = [f"{inside}{name}" for name in ("data", "chapters", "references.bib")]
    there = set(
        git(root, "ls-tree", "--name-only", "--full-tree", commit, *wanted).decode().splitlines()
    )
    with tempfile.TemporaryDirectory(prefix="livingreview-") as folder:
        if there:
            archive = git(
                root,
                "archive",
                "--format=zip",
                commit,
                *(n.removeprefix(inside) for n in wanted if n in there),
            )
            # A ZIP, because its links come out as plain files and nothing leaves the folder, in
            # every Python; tarfile learnt that with 3.11.4.
            with zipfile.ZipFile(io.BytesIO(archive)) as files:
                files.extractall(folder)
        yield Path(folder)


def build_date(root: Path, environment: dict[str, str]) -> date:
    """The day that a build counts from: SOURCE_DATE_EPOCH, else the last commit's, else (no
    checkout) the newest search.

    Never the clock: the same files give the same site.
    """
    if (epoch := environment.get("SOURCE_DATE_EPOCH", "")).isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date()
    try:
        if git(root, "ls-files", "--", CONTRACT.as_posix()):
            return date.fromisoformat(git(root, "log", "-1", "--format=%cs").decode().strip())
    except (GitError, ValueError):
        pass
    return max(map(date.fromisoformat, load(root).table("mechanisms")["searched_on"]))
