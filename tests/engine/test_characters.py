"""What is Chinese: by Unicode's own names, whatever the text around it."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from livingreview.contract.characters import (
    CHINESE_PHRASE,
    CHINESE_RUN,
    INVISIBLE,
    has_chinese,
    is_wide,
)

IDEOGRAPH = re.compile(r"CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH-|(CJK|KANGXI) RADICAL |HANGZHOU NUM")


def test_every_character_that_unicode_names_so_is_chinese_and_no_other():
    found, named = set(), set()
    for code in range(sys.maxunicode + 1):
        name = unicodedata.name(chr(code), "")
        if has_chinese(chr(code)) and name:
            found.add(chr(code))
        if IDEOGRAPH.match(name):
            named.add(chr(code))
    others = {"々", "〇", "〻"}  # iteration marks and the number zero: Chinese by script
    assert found == named | others


@pytest.mark.parametrize("text", ["α", "あ", "ア", "한", "，", "。", "（", "\u3000", "·", ""])
def test_what_stands_beside_chinese_is_not_chinese(text):
    assert not has_chinese(text)


def test_a_run_takes_its_punctuation_along():
    text = "PPAR（受体），见《本草》。 And more：no"
    assert CHINESE_RUN.split(text) == ["PPAR（", "受体），见《本草》。", " And more：no"]


def test_a_phrase_takes_the_letters_in_it_along():
    assert CHINESE_PHRASE.split("On 骨保护素OPG-Fc的作用 in mice") == [
        "On ",
        "骨保护素OPG-Fc的作用",
        " in mice",
    ]


@pytest.mark.parametrize(
    ("character", "wide"), [("骨", True), ("，", True), ("Ａ", True), ("a", False), ("→", False)]
)
def test_width(character, wide):
    assert is_wide(character) is wide


@pytest.mark.parametrize("character", ["\u200b", "\ufeff", "\u00ad", "\u202e", "\x00"])
def test_what_nobody_sees(character):
    assert INVISIBLE.search(f"a{character}b")


def test_line_ends_and_tabs_are_seen():
    assert not INVISIBLE.search("a\tb\nc")
