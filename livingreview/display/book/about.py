"""How the book is made: the rule of certainty, the data, the people."""

from __future__ import annotations

import pandas as pd

from ...contract.tables import rows
from ...derive.certainty import CEILING, LEVELS, STEPS
from .. import markup, table_labels
from ..markup import Markup, escape


def certainty_rule(designs: pd.DataFrame) -> Markup:
    """The rule of certainty as it stands in the code: starts, steps, ceilings."""
    columns = {
        "Design": 20,
        "Stream": 14,
        "Starts at": 12,
        "Never above": 12,
        "What it is": 42,
    }
    cells = [
        (
            escape(d.label),
            escape(d.level),
            LEVELS[d.start - 1].replace("_", " "),
            LEVELS[CEILING[d.level] - 1].replace("_", " "),
            escape(d.definition),
        )
        for d in rows(designs)
    ]
    label = table_labels.of_book("certainty-starts")
    starts = markup.table(columns, cells, "Where the certainty of a claim starts.", label)
    steps = [f"{change:+d}".replace("-", "−") + f": {words}" for change, words in STEPS.values()]
    return Markup(markup.blocks(starts, markup.bullets(steps)))


def data(sizes: pd.DataFrame) -> Markup:
    """The tables of the contract with their rows. sizes: `Review.sizes`."""
    columns = {"File": 26, "Table": 20, "What it holds": 44, "Rows": 10}
    cells = [
        (markup.code(f"data/{r.path}"), escape(r.title), escape(r.description), str(r.rows))
        for r in rows(sizes)
    ]
    label = table_labels.of_book("data")
    return Markup(markup.table(columns, cells, "The data of this book.", label))


def contributors(people: pd.DataFrame) -> Markup:
    """Who has contributed, with ORCID iD and CRediT roles; the editors as a body while nobody is
    named.
    """
    if people.empty:
        return Markup("The editors.")
    columns = {"Name": 26, "Affiliation": 34, "Roles": 40}
    cells = [
        (
            markup.link(escape(r.name), f"https://orcid.org/{r.orcid}")
            if r.orcid
            else escape(r.name),
            escape(r.affiliation),
            escape("; ".join(r.roles)),
        )
        for r in rows(people)
    ]
    return Markup(
        markup.table(columns, cells, "Contributors.", table_labels.of_book("contributors"))
    )
