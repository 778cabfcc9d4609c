"""What the values of rows are called, from the tables that a review keeps."""

import pandas as pd

from livingreview.derive.vocabulary import NO_ASPECT, Aspect, Basis, Direction, Vocabulary

COLUMNS = {
    "aspects": ("aspect", "label", "in_charts", "in_glossary", "implied_by"),
    "directions": ("direction", "label", "sign", "acts", "undergoes", "drawn"),
    "levels": ("level", "label"),
    "bases": ("basis", "label", "whose_word", "what_was_read"),
    "supports": ("support", "label"),
    "disagreement_kinds": ("kind", "label"),
}
ROWS = {
    "aspects": [("pitch", "height", True, False, ["tone"])],
    "directions": [("up", "higher", "↑", "lifts", "lifted by", "arrow: lifts")],
    "levels": [("sure", "certain"), ("unsure", "open")],
    "bases": [("heard", "hearsay", "as it is told", "a letter")],
    "supports": [("yes", "agrees"), ("no", "objects")],
    "disagreement_kinds": [("quarrel", "two of one mind")],
}
WORDS = Vocabulary.of(
    {name: pd.DataFrame(ROWS[name], columns=columns) for name, columns in COLUMNS.items()}
)


def test_each_word_stands_where_its_table_has_it():
    assert WORDS.directions == {
        "up": Direction(
            label="higher", sign="↑", acts="lifts", undergoes="lifted by", drawn="arrow: lifts"
        )
    }
    assert WORDS.directions["up"].signed == "↑ higher"
    assert WORDS.bases == {
        "heard": Basis(label="hearsay", whose_word="as it is told", what_was_read="a letter")
    }
    assert WORDS.aspects == {
        "pitch": Aspect("height", in_charts=True, in_glossary=False, implied_by=("tone",))
    }
    assert WORDS.supports == {"yes": "agrees", "no": "objects"}
    assert WORDS.kinds == {"quarrel": "two of one mind"}


def test_levels_keep_their_order():
    assert list(WORDS.levels.items()) == [("sure", "certain"), ("unsure", "open")]


def test_an_aspect_goes_without_saying_behind_its_own_word():
    height = WORDS.aspect("pitch")
    assert height.in_chart("voice") == "height"
    assert [height.in_chart(label) for label in ("height of the voice", "tone")] == ["", ""]
    assert height.in_relation("voice") == ""
    assert WORDS.aspect("") == NO_ASPECT
    assert NO_ASPECT.in_chart("voice") == ""
