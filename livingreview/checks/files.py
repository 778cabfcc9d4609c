"""Bytes: can the file be read at all, and does it hold what no editor shows?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..contract.problems import Problem

#: Control and format characters that are seen by programs and not by people; tab is named by itself.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_BOM = b"\xef\xbb\xbf"
_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK": "a zip archive such as an Excel or Word document",
}
_SAVE_AS_UTF8 = "Save the file as UTF-8 (in Excel: 'CSV UTF-8', then make format; in LibreOffice: character set 'Unicode (UTF-8)')."


@dataclass
class Text:
    """A text file: its path below the project folder, its lines (None where it cannot be read) and its problems."""

    file: str
    lines: list[str] | None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, value: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.file, line, "", value, what, fix))

    def give_up(self, line: int, value: str, what: str, fix: str) -> Text:
        """Note a problem after which the content cannot be trusted."""
        self.problem(line, value, what, fix)
        self.lines = None
        return self


def read(path: Path, root: Path, *, tabs: bool = False) -> Text:
    """Read `path` strictly. tabs: whether the file may hold tab characters.

    What can be mended in the reading (BOM, CRLF, a missing last line end) is reported and mended, so that the rest of
    the file is still checked.
    """
    text = Text(path.relative_to(root).as_posix(), [])
    try:
        data = path.read_bytes()
    except OSError as error:
        return text.give_up(
            0, "", f"the file cannot be read: {error.strerror}.", "Restore it from the main branch."
        )
    for start, name in _ENCODINGS.items():
        if data.startswith(start):
            return text.give_up(1, "", f"the file is {name}, not UTF-8 text.", _SAVE_AS_UTF8)
    if data.startswith(_BOM):
        text.problem(
            1,
            "",
            "the file starts with a byte order mark (BOM).",
            "Run make format, or save it as UTF-8 without BOM.",
        )
        data = data[len(_BOM) :]
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        what = f"the file is not UTF-8: byte 0x{data[error.start]:02X} at byte {column} of the line{_likely(data)}."
        return text.give_up(line, "", what, _SAVE_AS_UTF8)
    return _lines(text, content, tabs)


def _likely(data: bytes) -> str:
    """A guess, in words, at the encoding of bytes that are not UTF-8."""
    try:
        if any("\u4e00" <= character <= "\u9fff" for character in data.decode("gb18030")):
            return "; it reads as GBK, the usual encoding of Chinese Windows"
    except UnicodeDecodeError:
        pass
    return ""


def _lines(text: Text, content: str, tabs: bool) -> Text:
    if "\r\n" in content or ("\r" in content and "\n" not in content):
        line = content.count("\n", 0, content.index("\r")) + 1
        text.problem(
            line,
            "",
            "lines end in CRLF (Windows), not LF.",
            "Run make format, or save the file with Unix line ends (LF).",
        )
        content = (
            content.replace("\r\n", "\n") if "\r\n" in content else content.replace("\r", "\n")
        )
    if not content.strip():
        return text.give_up(
            0,
            "",
            "the file is empty.",
            "Restore it from the main branch, or remove it if it is new.",
        )
    text.lines = content.split("\n")
    if text.lines[-1]:
        text.problem(
            len(text.lines),
            "",
            "the last line has no line end.",
            "Run make format, or end the file with a line break.",
        )
    else:
        text.lines.pop()
    for number, line in enumerate(text.lines, 1):
        if "\t" in line and not tabs:
            text.problem(number, line, "a tab character.", "Replace it by blanks.")
        hidden = INVISIBLE.search(line)
        if hidden:
            what = (
                f"an invisible character, U+{ord(hidden[0]):04X}, at position {hidden.start() + 1}."
            )
            text.problem(number, "", what, "Delete it; retyping the word removes it.")
    return _conflicts(text)


def _conflicts(text: Text) -> Text:
    """Give up on files with merge-conflict markers: both sides are in them."""
    markers = [
        (n, line)
        for n, line in enumerate(text.lines, 1)
        if re.match(r"(<{7}|>{7}|\|{7})( |$)", line)
    ]
    starts = [marker for marker in markers if marker[1].startswith("<")]
    for number, line in starts or markers[:1]:
        text.give_up(
            number,
            line,
            "a merge-conflict marker.",
            "Keep the rows that you want of both sides and delete the lines <<<<<<<, =======, >>>>>>>.",
        )
    return text
