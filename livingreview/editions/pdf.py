"""The PDF: what LaTeX needs on the machine, the runs of XeLaTeX, and its errors in a line each."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

MOST_RUNS = 6  # page numbers settle after three
COMMANDS = ("xelatex", "xdvipdfmx", "makeindex", "kpsewhich")
# A file of everything that the book loads beyond LaTeX itself, and its packages in Debian and in
# TeX Live.
NEEDED = {
    "polyglossia.sty": ("texlive-xetex", "polyglossia"),
    "titlesec.sty": ("texlive-latex-extra", "titlesec"),
    "framed.sty": ("texlive-latex-extra", "framed"),
    "capt-of.sty": ("texlive-latex-extra", "capt-of"),
    "needspace.sty": ("texlive-latex-extra", "needspace"),
    "tabulary.sty": ("texlive-latex-extra", "tabulary"),
    "varwidth.sty": ("texlive-latex-extra", "varwidth"),
    "wrapfig.sty": ("texlive-latex-extra", "wrapfig"),
    "upquote.sty": ("texlive-latex-extra", "upquote"),
    "enumitem.sty": ("texlive-latex-extra", "enumitem"),
    "placeins.sty": ("texlive-latex-extra", "placeins"),
    "xurl.sty": ("texlive-latex-extra", "xurl"),
    "ellipse.sty": ("texlive-pictures", "ellipse"),
    "pict2e.sty": ("texlive-pictures", "pict2e"),
    "fancyhdr.sty": ("texlive-latex-recommended", "fancyhdr"),
    "fancyvrb.sty": ("texlive-latex-recommended", "fancyvrb"),
    "fontspec.sty": ("texlive-latex-recommended", "fontspec"),
    "pdflscape.sty": ("texlive-latex-recommended", "pdflscape"),
    "booktabs.sty": ("texlive-latex-recommended", "booktabs"),
    "ragged2e.sty": ("texlive-latex-recommended", "ragged2e"),
    "caption.sty": ("texlive-latex-recommended", "caption"),
    "xcolor.sty": ("texlive-latex-recommended", "xcolor"),
    "parskip.sty": ("texlive-latex-recommended", "parskip"),
    "cmap.sty": ("texlive-latex-recommended", "cmap"),
    "xeCJK.sty": ("texlive-lang-chinese", "xecjk"),
    "ctexhook.sty": ("texlive-lang-chinese", "ctex"),
    "FandolSong-Regular.otf": ("texlive-lang-chinese", "fandol"),
    "bsmi00lp.ttf": ("texlive-lang-chinese", "arphic-ttf"),
    "pzdr.tfm": ("texlive-fonts-recommended", "zapfding"),
    "LinLibertine_R.otf": ("fonts-linuxlibertine", "libertine"),
    "LinBiolinum_R.otf": ("fonts-linuxlibertine", "libertine"),
}
DEBIAN = (
    Path(__file__).with_name("latex").joinpath("debian.txt").read_text(encoding="utf-8").split()
)  # these bring the others
_ERROR = re.compile(r"^(?:\./)?(\S+\.tex):(\d+): (.*)$", re.MULTILINE)


class PrintError(Exception):
    """What went wrong, in words for whoever ran the command."""


def environment(epoch: int = 0) -> dict[str, str]:
    """The environment for TeX: fonts of the system by their files, long lines in logs, and a date
    that is the sources', not today's.
    """
    fonts = os.pathsep.join(p for p in ("/usr/share/fonts//", os.environ.get("OSFONTDIR", "")) if p)
    return {
        **os.environ,
        "OSFONTDIR": fonts,
        "max_print_line": "10000",
        "SOURCE_DATE_EPOCH": str(epoch),
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
    }


def missing() -> str:
    """What of LaTeX and its fonts is not on this machine and how to get it; empty where all is
    there.
    """
    commands = [name for name in COMMANDS if not shutil.which(name)]
    absent = list(NEEDED)
    if "kpsewhich" not in commands:
        found = subprocess.run(
            ["kpsewhich", *NEEDED], check=False, env=environment(), capture_output=True, text=True
        ).stdout.split("\n")
        absent = [name for name in NEEDED if not any(Path(line).name == name for line in found)]
    if not commands and not absent:
        return ""
    tlmgr = sorted(
        {NEEDED[name][1] for name in absent}
        | ({"xetex", "makeindex", "dvipdfmx", "hyperref"} if commands else set())
    )
    gone = ", ".join([*commands, *absent])
    lines = [
        f"The PDF needs XeLaTeX, some packages and fonts; not found here: {gone}.",
        f"  Debian, Ubuntu:  apt-get install --no-install-recommends {' '.join(DEBIAN)}",
        f"  TeX Live:        tlmgr install {' '.join(tlmgr)}",
        "  macOS:           brew install --cask mactex-no-gui   (or basictex, then tlmgr as above)",
    ]
    return "\n".join(lines)


def typeset(folder: Path, name: str, epoch: int) -> Path:
    """Set ``name.tex`` in `folder`, as often as its page numbers need, and return the PDF. What TeX
    says is kept in ``name.log``.
    """
    for path in (
        folder / f"{name}.{kind}" for kind in ("aux", "toc", "out", "idx", "ind", "xdv", "pdf")
    ):
        path.unlink(
            missing_ok=True
        )  # a run starts from the same state always, so equal sources make equal bytes
    settled = _state(folder, name)
    for _ in range(MOST_RUNS):
        command = [
            "xelatex",
            "-no-pdf",
            "-interaction=nonstopmode",
            "-halt-on-error",
            "-file-line-error",
            "-no-shell-escape",
            f"{name}.tex",
        ]
        if _run(command, folder, epoch).returncode:
            raise PrintError(_error(folder, name))
        if (folder / f"{name}.idx").is_file():
            _run(["makeindex", "-q", "-s", "livingreview.ist", f"{name}.idx"], folder, epoch)
        before, settled = settled, _state(folder, name)
        if before == settled:
            break
    done = _run(["xdvipdfmx", "-q", "-o", f"{name}.pdf", f"{name}.xdv"], folder, epoch)
    if done.returncode or not (folder / f"{name}.pdf").is_file():
        raise PrintError(
            f"xdvipdfmx failed: {done.stdout.strip().splitlines()[-1:] or 'no reason given'}"
        )
    return folder / f"{name}.pdf"


def _run(command: list[str], folder: Path, epoch: int) -> subprocess.CompletedProcess:
    options: Mapping = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "errors": "replace",
    }
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=environment(epoch),
        stdin=subprocess.DEVNULL,
        **options,
    )


def _state(folder: Path, name: str) -> str:
    """Digest of what one run leaves for the next."""
    paths = (folder / f"{name}.{kind}" for kind in ("aux", "toc", "out", "ind"))
    return hashlib.sha256(
        b"".join(p.read_bytes() if p.is_file() else b"" for p in paths)
    ).hexdigest()


def _error(folder: Path, name: str) -> str:
    """The first error of the log with the page whose text it is in."""
    log = folder / f"{name}.log"
    told = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    found = _ERROR.search(told)
    if not found:
        stopped = next(
            (line[2:] for line in told.splitlines() if line.startswith("! ")),
            "it stopped without an error message",
        )
        return f"LaTeX: {stopped} (all of what it said: {log})"
    lines = (folder / found[1]).read_text(encoding="utf-8").splitlines()[: int(found[2])]
    page = next(
        (line.removeprefix("% page: ") for line in reversed(lines) if line.startswith("% page: ")),
        "the front matter",
    )
    cause = told[found.end() :].lstrip("\n").splitlines()[:1] or [""]
    return (
        f"{page}: LaTeX: {found[3]} {cause[0].strip()[:120]} (all of what it said: {log})".replace(
            "  ", " "
        )
    )
