"""What the engine derives from the worked review, against what was worked out by hand."""

from __future__ import annotations

import pytest
from worked import (
    CONTRACT,
    HERE,
    book,
    cases,
    chapter,
    check,
    compare,
    doses,
    expected,
    exported,
    listed,
    names,
    network,
    places_to_read,
    relations,
    review,
    text,
    yes,
)


def rows(name: str, *keys: str):
    """Each row of a table of expected values as a parameter, named by its keys."""
    found = expected(name)
    ids = [" ".join(filter(None, (row[key] for key in keys))) for row in found]
    assert len(set(ids)) == len(ids), f"{name}: a row stands twice"
    return pytest.mark.parametrize("row", found, ids=ids)


def groups(name: str, key: str):
    """The rows of a table of expected values with one value of `key`, in their order."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in expected(name):
        found.setdefault(row[key], []).append(row)
    return pytest.mark.parametrize(("of", "group"), found.items(), ids=list(found))


# ---- what a row says, and which study it is


@rows("findings", "evidence_id")
def test_a_row_reports_a_direction(row):
    found = review().evidence.set_index("evidence_id").loc[row["evidence_id"]]
    assert (found["direction"], found["support"]) == (row["direction"], row["support"])
    assert found["finding"] == row["finding"], row["why"]


@pytest.mark.parametrize(
    ("row", "reporter"),
    [
        ("arc-e01", "gasp review §3 [1]"),
        ("arc-e09", "yelp review §1"),
        ("arc-e12", "Zick & Zack 2008"),
        ("arc-e02", "Meck n.d."),
    ],
    ids=["review with a number", "review without", "paper that was read", "paper without a year"],
)
def test_a_row_names_who_says_it(row, reporter):
    assert review().evidence.set_index("evidence_id").at[row, "reporter"] == reporter


@rows("studies", "evidence_id")
def test_a_row_belongs_to_a_study(row):
    found = review().evidence.set_index("evidence_id").at[row["evidence_id"], "study"]
    assert found == row["study"], row["why"]


# ---- what a chapter may show


def test_a_chapter_is_handed_each_table_with_its_own_columns_and_rows_counted_from_nought():
    """What belongs to no mechanism (the vocabulary, the sources) is handed out whole."""
    whole, handed = review(), review().slice("arc")
    kept = {"claims", "disagreements", "errata", "quantities", "gaps", "history", "entities"}
    kept |= {"glossary", "citations", "references", "sources", "predicates", "directions"}
    derived = {"mechanism", "evidence", "messages", "sides", "related"}
    words = {"aspects", "levels", "bases", "supports", "disagreement_kinds"}
    assert set(handed) == kept | derived | words
    for name, frame in handed.items():
        assert list(frame.index) == list(range(len(frame))), name
        assert "index" not in frame.columns, name
    for name in kept - {"claims", "references"}:
        assert list(handed[name].columns) == list(whole.tables[name].columns), name
    assert "key_messages" not in handed


def test_a_chapter_explains_only_words_of_its_entities():
    handed = review().slice("arc")
    assert (handed["glossary"]["entity"] != "").all()
    assert set(handed["glossary"]["entity"]) <= set(handed["entities"]["entity"])


def test_a_chapter_has_the_papers_of_its_rows_and_of_what_they_are_held_against():
    handed = review().slice("arc")
    papers = set(handed["references"]["citekey"])
    assert (set(handed["evidence"]["citekey"]) | set(handed["sides"]["citekey"])) - {""} <= papers


# ---- certainty


@rows("certainty", "claim_id")
def test_a_claim_is_as_certain_as_the_rule_says(row):
    found = review().claims.set_index("claim_id").loc[row["claim_id"]]
    assert {
        "certainty": found["certainty"],
        "n_studies": str(found["n_studies"]),
        "contested": yes(found["contested"]),
        "certainty_reason": found["certainty_reason"],
    } == {k: row[k] for k in ("certainty", "n_studies", "contested", "certainty_reason")}, row[
        "why"
    ]


def test_every_claim_has_an_expected_certainty():
    assert [row["claim_id"] for row in expected("certainty")] == sorted(
        review().claims["claim_id"], key=[row["claim_id"] for row in expected("certainty")].index
    )


@rows("messages", "message_id")
def test_a_key_message_rests_on_its_claims(row):
    mechanism = (
        review().table("key_messages").set_index("message_id").at[row["message_id"], "mechanism"]
    )
    found = review().slice(mechanism)["messages"].set_index("message_id").loc[row["message_id"]]
    assert found["certainty"] == row["certainty"], row["why"]
    assert found["citekeys"] == listed(row["papers"]), row["why"]
    assert [" ".join(place) for place in found["reported"]] == listed(row["places"]), row["why"]


# ---- the network


def node(name: str) -> str:
    """A node as the engine names it: the tables of expected values write ``gulp9!loss``."""
    return network.node(*name.split("!")) if "!" in name else name


def test_the_links_are_these_and_no_others():
    found = chapter_links()
    assert sorted(found) == sorted(
        (node(r["source"]), node(r["target"])) for r in expected("links")
    )


@rows("links", "source", "target")
def test_a_link_has_its_sign(row):
    found = chapter_links()[node(row["source"]), node(row["target"])]
    assert (found.direction, yes(found.contested), yes(found.read)) == (
        row["direction"],
        row["contested"],
        row["read"],
    ), row["why"]
    assert list(found.claims) == listed(row["claims"]), row["why"]


def chapter_links() -> dict[tuple[str, str], network.Link]:
    claims = review().claims
    made = network.links(claims[claims["mechanism"] == "arc"], review().evidence)
    return {(link.source, link.target): link for link in made}


@rows("shown", "claim_id")
def test_a_claim_shows_what_was_found(row):
    found = network.findings(review().claims, review().evidence)[row["claim_id"]]
    assert sorted(found) == listed(row["shown"]), row["why"]


@rows("chains", "claims")
def test_a_chain_has_the_sign_of_its_steps(row):
    claims = review().claims.set_index("claim_id").loc[listed(row["claims"])]
    steps = network.chain_steps(claims)
    assert steps == listed(row["signs"]), row["why"]
    assert network.chain_direction(steps) == row["direction"], row["why"]


@rows("bridges", "bridge_id")
def test_a_bridge_is_as_certain_as_its_weakest_step(row):
    found = review().bridges.set_index("bridge_id").loc[row["bridge_id"]]
    assert (found["direction"], found["certainty"]) == (row["direction"], row["certainty"]), row[
        "why"
    ]
    assert found["sources"] == listed(row["sources"]), row["why"]


# ---- chapters side by side


@groups("related", "mechanism")
def test_the_nearest_chapters_come_first(of, group):
    found = review().slice(of)["related"]
    assert list(found["mechanism"]) == [row["related"] for row in group]
    for row, near in zip(group, found.itertuples(), strict=True):
        assert (yes(near.same_source), near.words) == (row["same_source"], row["words"]), row["why"]
        assert near.shared == listed(row["shared"]), row["why"]


@groups("relations", "entity")
def test_an_entity_is_related_to_others(of, group):
    entry = next(entry for entry in review().entries if entry.entity == of)
    found = [
        {
            "heading": relation.heading,
            "others": [other + (how and f"!{how}") for other, how in relation.others],
            "aspect": relation.aspect,
            "certainty": relation.certainty,
            "contested": yes(relation.contested),
            "mechanisms": list(relation.mechanisms),
            "claims": sorted(relation.claims),
        }
        for relation in entry.relations
    ]
    wanted = [
        {key: row[key] for key in ("heading", "aspect", "certainty", "contested")}
        | {key: listed(row[key]) for key in ("others", "mechanisms")}
        | {"claims": sorted(listed(row["claims"]))}
        for row in group
    ]
    assert found == wanted


def test_nothing_is_the_route_of_a_claim_without_one():
    assert all(
        other in review().labels
        for entry in review().entries
        for relation in entry.relations
        for other, _ in relation.others
    )
    related = relations(review().tables, review().claims, review().evidence)
    assert set(related) <= set(review().labels)


def test_leaving_what_removes_as_it_was_turns_nothing():
    """Fizz that leaves the breaking down of gulpin as it was: the claim itself says so, and the
    relation is as certain as the claim (cells, known through a review, one study: 2 - 1 - 1 = 0).
    """
    changed = review([("claims", "arc-c12", "direction", "no_change")])
    (found,) = (
        relation
        for relation in relations(changed.tables, changed.claims, changed.evidence)["fizz"]
        if "arc-c12" in relation.claims
    )
    assert found.certainty == "very_low"
    assert (found.heading, found.others) == ("leaves unchanged", (("gulp9", ""),))


@rows("entries", "entity", "terms")
def test_an_entry_of_the_glossary(row):
    (entry,) = (e for e in review().entries if list(e.terms) == listed(row["terms"]))
    several = ("anchors", "synonyms", "mechanisms")
    apart = {"terms", "definitions", "definitions_zh", "why", *several}
    one = [name for name in row if name not in apart]
    assert {name: getattr(entry, name) for name in one} == {name: row[name] for name in one}
    for name in several:
        assert list(getattr(entry, name)) == listed(row[name]), row["why"]
    definitions = zip(listed(row["definitions"]), listed(row["definitions_zh"]), strict=True)
    assert list(entry.definitions) == list(definitions), row["why"]


@rows("names", "entity")
def test_an_entity_goes_by_its_names(row):
    assert names()[row["entity"]] == listed(row["names"]), row["why"]


@rows("read_about", "without", "entity")
def test_an_entity_has_a_chapter_to_read(row):
    found = places_to_read(without=row["without"])
    assert found.get(row["entity"], "") == row["mechanism"], row["why"]


def test_no_other_entity_has_a_chapter_to_read():
    whole = [row for row in expected("read_about") if not row["without"]]
    assert set(places_to_read()) == {row["entity"] for row in whole if row["mechanism"]}


def test_what_several_reviews_say():
    statement = ["subject", "perturbation", "predicate", "object", "aspect"]
    found = {
        (",".join(getattr(r, name) for name in statement), r.source): (
            sorted(r.direction),
            set(r.claims),
        )
        for r in review().convergence.itertuples()
    }
    assert found == {
        (row["statement"], row["source"]): (listed(row["directions"]), set(listed(row["claims"])))
        for row in expected("convergence")
    }


def test_a_row_says_who_says_what():
    statement = ["subject", "perturbation", "predicate", "object", "aspect"]
    found = review().convergence
    assert list(found.columns) == [*statement, "source", "direction", "claims"]
    assert list(found.index) == list(range(len(found)))
    assert set(review().meeting_points["entity"]) <= set(review().labels)


@groups("meeting_points", "entity")
def test_where_the_reviews_meet(of, group):
    found = review().meeting_points
    found = found[found["entity"] == of]
    assert {(r.source, r.claims, r.category) for r in found.itertuples()} == {
        (row["source"], int(row["claims"]), row["category"]) for row in group
    }


def test_a_claim_has_the_words_for_what_it_names():
    found = review().claims.set_index("claim_id")
    whole = found.loc["arc-c20"]
    assert (whole["subject_label"], whole["object_label"]) == ("mintol", "gulpin (GULP9)")
    assert whole["mediator_label"] == "gate"
    assert (whole["cell_label"], found.at["arc-c12", "mediator_label"]) == ("", "")


# ---- counts


@rows("counts", "name")
def test_the_book_holds_so_much(row):
    assert review().counts[row["name"]] == int(row["count"]), row["why"]


def test_a_candidate_is_not_a_verified_reference():
    """One of the seven verified references is only a candidate, and six are left."""
    assert review([("citations", "hush 1", "status", "candidate")]).counts["verified"] == 6


def test_every_count_is_expected():
    assert set(review().counts) == {row["name"] for row in expected("counts")}


@rows("sizes", "table")
def test_a_table_has_so_many_rows(row):
    sizes = dict(zip(review().package.resources, review().sizes["rows"], strict=True))
    assert next(n for resource, n in sizes.items() if resource.name == row["table"]) == int(
        row["rows"]
    )


@rows("mechanisms", "mechanism")
def test_a_mechanism_rests_on_so_much(row):
    found = review().mechanisms.set_index("mechanism").loc[row["mechanism"]]
    wanted = {name: n for name, n in row.items() if name.startswith("n_")}
    assert {name: str(found[name]) for name in wanted} == wanted, row["why"]


@rows("chapters", "mechanism")
def test_a_chapter_counts_what_it_shows(row):
    wanted = {name: int(n) for name, n in row.items() if name.startswith("n_")}
    found = chapter(row["mechanism"])
    assert {name: getattr(found, name) for name in wanted} == wanted, row["why"]


@rows("coverage", "source", "section")
def test_a_section_is_restated(row):
    found = review().coverage.set_index(["source", "section"]).loc[(row["source"], row["section"])]
    for name in ("claims", "evidence", "other"):
        assert found[name] == int(row[name]), (name, row["why"])
    assert found["numbers"] == [int(n) for n in listed(row["numbers"])], row["why"]


def test_every_section_is_covered():
    found = review().coverage
    assert list(zip(found["source"], found["section"], strict=True)) == [
        (row["source"], row["section"]) for row in expected("coverage")
    ]


@rows("citations", "mechanism")
def test_a_chapter_knows_the_numbers_it_uses(row):
    found = review().slice(row["mechanism"])["citations"]
    numbers = [f"{r.source} {r.reference_number}" for r in found.itertuples()]
    assert numbers == listed(row["numbers"]), row["why"]


@rows("sides", "mechanism")
def test_a_disagreement_has_its_sides(row):
    found = review().slice(row["mechanism"])["sides"]["evidence_id"]
    assert sorted(found) == listed(row["evidence"]), row["why"]


# ---- what charts and exports show


@groups("matrix", "columns")
def test_a_matrix_has_these_cells(of, group):
    data = chapter("which-way").direction_matrix(columns=of).data
    head = {"reporter_short": "Source", "species_label": "Species"}[of]
    found = {
        (r["Outcome"].removeprefix("pillow → "), r[head]): (
            r["Finding"],
            r["Paper read"],
            str(r["Evidence rows"]),
            r["Reported by"],
        )
        for r in data.to_dict("records")
    }
    wanted = {
        (r["row"], r["column"]): (r["finding"], r["read"], r["rows"], r["reported_by"])
        for r in group
    }
    assert found == wanted


def test_reports_and_papers_side_by_side():
    found = chapter("arc").paired_reports().data
    assert {(r["Outcome"], r["Whose word"], r["Finding"]) for r in found.to_dict("records")} == {
        (row["row"], row["side"], row["finding"]) for row in expected("paired")
    }


@groups("evidence_map", "part")
def test_the_map_counts_studies(of, group):
    found = book().evidence_map(part=of).data
    assert {tuple(map(str, r)) for r in found.itertuples(index=False)} == {
        (row["row"], row["level"], row["studies"], row["read"]) for row in group
    }


@rows("export", "evidence_id")
def test_an_exported_row(row):
    found = exported().set_index("evidence_id", drop=False).loc[row["evidence_id"]]
    columns = [name for name in row if name != "why"]
    told = {
        name: str(found[name]).lower() if name in ("hedged", "retracted") else text(found[name])
        for name in columns
    }
    assert told == {name: row[name] for name in columns}, row["why"]


def test_an_export_has_every_row_once_and_its_columns_in_order():
    found = exported()
    assert list(found["evidence_id"]) == list(review().table("evidence")["evidence_id"])
    assert list(found.columns) == [name for name in expected("export")[0] if name != "why"]


# ---- doses and the bibliography


@rows("doses", "dose", "unit", "molar_mass")
def test_a_dose_on_one_scale(row):
    mass = float(row["molar_mass"]) if row["molar_mass"] else None
    if row["values"] == "error":
        with pytest.raises(ValueError, match=r"neither a number|not a unit"):
            doses.normalise(row["dose"], row["unit"], mass)
        return
    found = doses.normalise(row["dose"], row["unit"], mass)
    assert found.values == pytest.approx([float(v) for v in listed(row["values"])]), row["why"]
    assert (found.unit, yes(found.is_range)) == (row["normal_unit"], row["is_range"]), row["why"]


@rows("row_doses", "evidence_id")
def test_a_row_has_its_dose_on_one_scale(row):
    found = review().evidence.set_index("evidence_id").loc[row["evidence_id"]]
    wanted = [float(value) for value in listed(row["values"])]
    assert found["dose_values"] == pytest.approx(wanted), row["why"]
    assert (found["dose_norm_unit"], yes(found["dose_range"])) == (row["unit"], row["is_range"])


@rows("short_names", "citekey")
def test_a_paper_has_a_short_name(row):
    found = review().references.set_index("citekey").at[row["citekey"], "short"]
    assert found == row["short"], row["why"]


# ---- the review changed


def changes(found) -> list[str]:
    return [f"{c.mechanism}: {c.change} {c.n} ({'; '.join(c.items)})" for c in found]


@pytest.mark.parametrize("case", cases("history"), ids=lambda case: case["name"])
def test_what_is_new(case):
    old = review(case.get("old", ())) if case.get("before", True) else None
    found = changes(compare(old, review(case.get("new", ()))))
    assert found == case["changes"], case["why"]


@pytest.mark.parametrize("case", cases("changed"), ids=lambda case: case["name"])
def test_a_review_that_differs_a_little(case):
    changed(case)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, marks=pytest.mark.xfail(strict=True, reason=case["open"]), id=case["name"]
        )
        for case in cases("open")
    ],
)
def test_where_the_engine_does_not_do_what_it_says(case):
    """Once it does, or says otherwise, the case moves to ``changed.toml`` or goes."""
    changed(case)


def changed(case) -> None:
    derived = review(case["edits"])
    for name, key in (("claims", "claim_id"), ("evidence", "evidence_id")):
        frame = getattr(derived, name).set_index(key)
        for row, wanted in case.get(name, {}).items():
            found = {column: frame.at[row, column] for column in wanted}
            assert found == wanted, case["why"]
    for entity, mechanism in case.get("read_about", {}).items():
        assert places_to_read(edits=case["edits"]).get(entity, "") == mechanism, case["why"]
    for pair, direction in case.get("links", {}).items():
        claims = derived.claims[derived.claims["mechanism"] == "arc"]
        found = {
            f"{k.source} {k.target}": k.direction for k in network.links(claims, derived.evidence)
        }
        assert found[pair] == direction, case["why"]


# ---- the worked review itself


def test_every_expected_value_says_why():
    tables = {path.stem: expected(path.stem) for path in HERE.glob("expected/*.csv")}
    tables |= {path.stem: cases(path.stem) for path in HERE.glob("expected/*.toml")}
    assert not [(name, row) for name, found in tables.items() for row in found if not row["why"]]


def test_the_worked_review_keeps_the_contract(tmp_path):
    """Its chapters alone are missing: it is derived, not built."""
    root = tmp_path / "worked"
    for path in (*HERE.glob("data/**/*.csv"), HERE / "references.bib", CONTRACT):
        name = "data/datapackage.json" if path == CONTRACT else path.relative_to(HERE).as_posix()
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(path.read_bytes())
    problems = [p for p in check(root) if p.file.startswith(("data/", "references.bib"))]
    missing = [p for p in problems if p.what.startswith("the chapter chapters/")]
    assert len(missing) == len(review().table("mechanisms"))
    assert not [str(p) for p in problems if p not in missing]
