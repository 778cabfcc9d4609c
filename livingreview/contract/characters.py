"""Characters: which are Chinese, which take the room of two letters, which nobody sees.

The one place that says so. The scripts of the theme have the browser's ``\\p{Script=Han}`` for
`HAN`, and the same `HAN_MARKS`.
"""

from __future__ import annotations

import re
import unicodedata

#: Chinese characters, for use between the brackets of a regular expression: Script=Han of Unicode
#: 16. Radicals (from U+2E80), iteration mark and zero (U+3005, U+3007), numerals (from U+3021),
#: extension A (from U+3400), the unified ideographs (from U+4E00), compatibility ideographs (from
#: U+F900), extensions B to I on planes 2 and 3, which hold nothing else.
HAN = (
    r"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9"
    r"\U00020000-\U0003ffff"
)
#: What is set among Chinese only: its punctuation (U+3000–U+303F), full-width forms and full-width
#: signs.
HAN_MARKS = r"\u3000-\u303f\uff01-\uff60\uffe0-\uffe6"

#: A run of Chinese with the punctuation in and after it; `split` gives other text and runs in turn.
CHINESE_RUN = re.compile(rf"([{HAN}][{HAN}{HAN_MARKS}]*)")
#: The same with the letters, numbers, dots and hyphens that stand in it without a blank.
CHINESE_PHRASE = re.compile(rf"([{HAN}][\w·\-{HAN_MARKS}]*)")
_HAN = re.compile(f"[{HAN}]")

#: Control and format characters that are seen by programs and not by people; tab and the line ends
#: are not among them.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)


def has_chinese(text: str) -> bool:
    """True where a Chinese character is in `text`."""
    return bool(_HAN.search(text))


def is_wide(character: str) -> bool:
    """True for a character as wide as two letters: East Asian Width (UAX #11) W or F."""
    return unicodedata.east_asian_width(character) in ("W", "F")
