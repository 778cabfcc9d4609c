"""What a book says of itself on the title pages of its PDF and EPUB."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from ..display import citation

CHAPTER = "LIVINGREVIEW_CHAPTER"  # environment variable: the one page to print, for the builder


@dataclass(frozen=True)
class Edition:
    """What the title page says; what is not known is empty. keywords: with commas; epoch: the date
    of the sources in seconds.
    """

    work: citation.Work
    keywords: str
    epoch: int

    @property
    def author(self) -> str:
        return ", ".join(map(str, self.work.authors))

    def name(self, chapter: str = "") -> str:
        """Name of the file: the chapter's, or the title up to its colon."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.work.title.partition(":")[0].lower()).strip("-")
        return chapter.rpartition("/")[2] or plain or "book"


def edition(root: Path) -> Edition:
    """The edition that ``CITATION.cff``, `_config.yml` and the repository in `root` describe.

    Its date is that of the last commit, without one that of the release; it goes into every file,
    so that equal sources make equal bytes.
    """
    config, told = _yaml(root / "_config.yml"), _yaml(root / citation.FILE)
    work = citation.read(root, config.get("title") or "", config.get("author") or "")
    epoch = _last_commit(root) or (
        int(datetime.combine(work.date, time(), UTC).timestamp()) if work.date else 0
    )
    return Edition(work, ", ".join(map(str, told.get("keywords") or ())), epoch)


def _yaml(path: Path) -> dict:
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}


def _last_commit(root: Path) -> int:
    """Time of the last commit of the repository in `root`, 0 where there is none."""
    if not (root / ".git").exists():
        return 0
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%ct"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(told.stdout.strip() or 0)
    except (OSError, subprocess.CalledProcessError):
        return 0
