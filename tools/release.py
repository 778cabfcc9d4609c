"""Put an edition together in _build/release from what was built: ``tools/release.py 2026.12.1``.

Site, data and print editions get the edition's name; the archives hold no clock of their own, so
the same tag gives the same bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from livingreview.changes.git import build_date

ROOT = Path(__file__).resolve().parent.parent
NAME = "osteoporosis-mechanisms"
DATA = [
    "data",
    "references.bib",
    "CITATION.cff",
    "LICENSE",
    "LICENSES/CC-BY-4.0.txt",
    "_build/exports/evidence.csv",
]


def main(version: str, check: bool = False) -> None:
    """check: only whether this names an edition, before minutes are spent on building it."""
    if not re.fullmatch(r"20[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}(\.[0-9]+)?", version):
        sys.exit(f"'{version}' is no edition: an edition is named by its date, as 2026.12.1")
    if check:
        return
    out = ROOT / "_build" / "release"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    site = ROOT / "_build" / "html"
    pack(out / f"{NAME}-{version}-site.zip", {p.relative_to(site): p for p in files(site)})
    pack(
        out / f"{NAME}-{version}-data.zip",
        {p.relative_to(ROOT): p for name in DATA for p in files(ROOT / name)},
    )
    shutil.copy(
        ROOT / "_build" / "exports" / "evidence.csv", out / f"{NAME}-{version}-evidence.csv"
    )
    for kind in ("pdf", "epub"):
        shutil.copy(printed(kind), out / f"{NAME}-{version}.{kind}")
    latest = re.search(
        r"^## .*?(?=^## |\Z)",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    (out / "notes.md").write_text(latest[0], encoding="utf-8")
    for path in sorted(out.iterdir()):
        print(f"{path.relative_to(ROOT).as_posix()}: {path.stat().st_size / 1e6:.1f} MB")


def files(path: Path) -> list[Path]:
    """The files below a folder in name order, hidden ones left out; a file itself."""
    if path.is_file():
        return [path]
    found = sorted(
        p
        for p in path.rglob("*")
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(path).parts)
    )
    return found or sys.exit(f"{path.relative_to(ROOT)} is not there: build it first")


def printed(kind: str) -> Path:
    """The one PDF or EPUB that was built."""
    found = sorted((ROOT / "_build" / kind).glob(f"*.{kind}"))
    return (
        found[0]
        if len(found) == 1
        else sys.exit(
            f"_build/{kind} holds {len(found)} files of kind {kind}, not one: `make {kind}`"
        )
    )


def pack(path: Path, content: dict[Path, Path]) -> None:
    """A zip archive of files under new names, all of the day of the build."""
    day = build_date(ROOT, dict(os.environ))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in content.items():
            entry = zipfile.ZipInfo(name.as_posix(), (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    main(sys.argv[-1] if len(sys.argv) > 1 else "", check="--check" in sys.argv[:-1])
