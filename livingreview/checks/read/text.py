"""Bytes: can the file be read at all, and does it hold what no editor shows?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ...contract.characters import INVISIBLE, has_chinese
from ...contract.problems import Problem

_BOM = b"\xef\xbb\xbf"
_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK": "a zip archive such as an Excel or Word document",
}
_CONFLICT = re.compile(r"(<{7}|>{7}|\|{7})( |$)")
_RESTORE = "Restore it from the main branch"
_SAVE_AS_UTF8 = (
    "Save the file as UTF-8 (in Excel: 'CSV UTF-8', then make format; "
    "in LibreOffice: character set 'Unicode (UTF-8)')."
)
_CHOOSE = (
    "Keep the rows that you want of both sides and delete the lines <<<<<<<, =======, >>>>>>>."
)


@dataclass
class TextFile:
    """A text file: its path below the project folder, its lines and its problems.

    lines: None where the file cannot be read.
    """

    file: str
    lines: list[str] | None = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, value: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.file, line, "", value, what, fix))


def read(path: Path, root: Path, *, tabs: bool = False) -> TextFile:
    """Read `path` strictly. tabs: whether the file may hold tab characters.

    What can be mended in the reading (BOM, CRLF, a missing last line end) is reported and mended,
    so that the rest of the file is still checked.
    """
    text = TextFile(path.relative_to(root).as_posix())
    content = _content(text, path)
    if content is None:
        return text
    content = _with_unix_ends(text, content)
    if not content.strip():
        text.problem(0, "", "the file is empty.", f"{_RESTORE}, or remove it if it is new.")
        return text
    lines = content.split("\n")
    if lines[-1]:
        fix = "Run make format, or end the file with a line break."
        text.problem(len(lines), "", "the last line has no line end.", fix)
    else:
        lines.pop()
    _hidden(text, lines, tabs)
    if not _conflicts(text, lines):
        text.lines = lines
    return text


def _content(text: TextFile, path: Path) -> str | None:
    """The characters of the file, or None where its bytes are not UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        text.problem(0, "", f"the file cannot be read: {error.strerror}.", f"{_RESTORE}.")
        return None
    for start, name in _ENCODINGS.items():
        if data.startswith(start):
            text.problem(1, "", f"the file is {name}, not UTF-8 text.", _SAVE_AS_UTF8)
            return None
    if data.startswith(_BOM):
        fix = "Run make format, or save it as UTF-8 without BOM."
        text.problem(1, "", "the file starts with a byte order mark (BOM).", fix)
        data = data[len(_BOM) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        place = f"byte 0x{data[error.start]:02X} at byte {column} of the line"
        text.problem(line, "", f"the file is not UTF-8: {place}{_likely(data)}.", _SAVE_AS_UTF8)
        return None


def _likely(data: bytes) -> str:
    """A guess, in words, at the encoding of bytes that are not UTF-8."""
    try:
        if has_chinese(data.decode("gb18030")):
            return "; it reads as GBK, the usual encoding of Chinese Windows"
    except UnicodeDecodeError:
        pass
    return ""


def _with_unix_ends(text: TextFile, content: str) -> str:
    """The content with lines that end in LF."""
    windows = "\r\n" in content
    if not windows and ("\r" not in content or "\n" in content):
        return content
    line = content.count("\n", 0, content.index("\r")) + 1
    fix = "Run make format, or save the file with Unix line ends (LF)."
    text.problem(line, "", "lines end in CRLF (Windows), not LF.", fix)
    return content.replace("\r\n" if windows else "\r", "\n")


def _hidden(text: TextFile, lines: list[str], tabs: bool) -> None:
    """Report what no editor shows."""
    for number, line in enumerate(lines, 1):
        if "\t" in line and not tabs:
            text.problem(number, line, "a tab character.", "Replace it by blanks.")
        if hidden := INVISIBLE.search(line):
            place = f"U+{ord(hidden[0]):04X}, at position {hidden.start() + 1}"
            fix = "Delete it; retyping the word removes it."
            text.problem(number, "", f"an invisible character, {place}.", fix)


def _conflicts(text: TextFile, lines: list[str]) -> bool:
    """Report merge-conflict markers: both sides are in the file, so that neither can be trusted."""
    markers = [(n, line) for n, line in enumerate(lines, 1) if _CONFLICT.match(line)]
    starts = [marker for marker in markers if marker[1].startswith("<")]
    for number, line in starts or markers[:1]:
        text.problem(number, line, "a merge-conflict marker.", _CHOOSE)
    return bool(markers)
