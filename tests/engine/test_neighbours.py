"""Which chapters are near each other, worked out by hand for four of them."""

import pandas as pd
import pytest

from livingreview.derive.evidence import locator
from livingreview.derive.neighbours import COLUMNS, related

# Four chapters: an entity that two name weighs log(4/2), one that all name nothing.
NAMED = {
    "tea": {"water", "cup", "leaf", "pot"},
    "lemonade": {"water", "cup"},
    "garden": {"water", "leaf", "pot", "spade"},
    "rain": {"water"},
}


def tables(connections: list[tuple[list[str], str]]) -> dict[str, pd.DataFrame]:
    return {
        "mechanisms": pd.DataFrame(
            {
                "mechanism": list(NAMED),
                "label": [name.title() for name in NAMED],
                "source_sections": [["essay:2:1"], ["essay:3"], ["novel:1"], ["novel:2"]],
            }
        ),
        "entities": pd.DataFrame(
            {
                "entity": ["water", "cup", "leaf", "pot", "spade"],
                "label": ["Water", "Cup", "Leaf", "Pot", "Spade"],
            }
        ),
        "connections": pd.DataFrame(connections, columns=["mechanisms", "words"]),
    }


def test_the_nearest_comes_first():
    """With w = log 2: lemonade shares w² and is w long: near = w. The garden shares 2w², and its
    spade weighs log 4 = 2w: it is the square root of w² + w² + 4w² long: near = 2w/√6 = 0.82 w.
    """
    found = related("tea", NAMED, tables([]))
    assert list(found.columns) == COLUMNS
    assert found.to_dict("records") == [
        {
            "mechanism": "lemonade",
            "label": "Lemonade",
            "same_source": True,
            "shared": ["Cup", "Water"],
            "words": "",
        },
        {
            "mechanism": "garden",
            "label": "Garden",
            "same_source": False,
            "shared": ["Leaf", "Pot", "Water"],
            "words": "",
        },
        {
            "mechanism": "rain",
            "label": "Rain",
            "same_source": False,
            "shared": ["Water"],
            "words": "",
        },
    ]


def test_what_the_editors_connect_comes_before():
    found = related("tea", NAMED, tables([(["rain", "tea"], "Both are wet.")]))
    assert list(found["mechanism"]) == ["rain", "lemonade", "garden"]
    assert list(found["words"]) == ["Both are wet.", "", ""]


def test_a_chapter_without_claims_is_near_to_none():
    named = {name: things for name, things in NAMED.items() if name != "rain"}
    assert related("rain", named, tables([])).empty
    assert "rain" not in set(related("tea", named, tables([]))["mechanism"])


@pytest.mark.parametrize(
    ("section", "written"), [("1", "§1"), ("1.4", "§1.4"), ("abstract", "abstract"), ("", "")]
)
def test_a_section_is_written_as_a_reader_would(section, written):
    assert locator(section) == written
