"""The pages of the glossary. Their entries are made into nodes by `sphinxext.glossary`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .. import markup, table_labels
from ..markup import Markup, escape


def entries(page: Mapping[str, Any]) -> Markup:
    """The entries of a page (`derive.glossary.page_of`) as terms that every chapter can link."""
    return Markup(markup.block("glossary-entries", page))


def index(names: Sequence[Mapping[str, Any]]) -> Markup:
    """Every name (`derive.glossary.names`) in alphabetical order, English and Chinese, each leading
    to its entry.
    """
    return Markup(markup.block("glossary-names", names))


def pages(names: Sequence[Mapping[str, Any]], categories: pd.DataFrame, others: str) -> Markup:
    """Which page holds what, and how much.

    names: `derive.glossary.names`. others: the page of the entries without one, below chapters/.
    """
    kinds = Counter(
        (row["page"] or others, row["kind"] or "words that name no entity") for row in names
    )
    cells = []
    for page in [*filter(None, dict.fromkeys(categories["page"])), others]:
        held = {kind: n for (place, kind), n in kinds.most_common() if place == page}
        said = "; ".join(f"{escape(kind)} {n}" for kind, n in held.items())
        cells.append((markup.page(page), said, str(sum(held.values()))))
    columns = {"Page": 36, "Kinds": 50, "Entries": 14}
    label = table_labels.of_book("glossary")
    return Markup(markup.table(columns, cells, "The pages of the glossary.", label))
