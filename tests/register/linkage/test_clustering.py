import itertools
from dataclasses import dataclass, field

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage.clustering import (
    CLUSTERS,
    CONFLICTS,
    EDGES,
    JUDGED,
    RECORDS,
    Clustering,
    cluster,
)

NAMES = [f"r:{i}" for i in range(9)]


@dataclass
class Case:
    """One problem in plain lists."""

    records: list[tuple[str, list[str], str | None]]
    edges: list[tuple[str, str, float]] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    different: list[tuple[str, str]] = field(default_factory=list)

    def run(self) -> Clustering:
        def judged(pairs: list[tuple[str, str]]) -> pl.DataFrame:
            return pl.DataFrame([(*sorted(p), "-".join(sorted(p))) for p in pairs], schema=JUDGED, orient="row")

        return cluster(
            pl.DataFrame(self.records, schema=RECORDS, orient="row"),
            pl.DataFrame([(*e, f"p={e[2]}") for e in self.edges], schema=EDGES, orient="row"),
            same=judged(self.same),
            different=judged(self.different),
        )


def brute(case: Case) -> dict[str, frozenset[str]]:
    """The same rules, by sets compared member by member; no union-find, no shortcut."""
    live = {r: n for r, _, n in case.records}
    group = {r: frozenset([r]) for r in live}

    def numbers(members: frozenset[str]) -> set[str]:
        return {n for m in members if (n := live[m])}

    def join(a: str, b: str) -> bool:
        both = group[a] | group[b]
        if len(numbers(both)) > 1 or any(x in both and y in both for x, y in case.different):
            return False
        group.update(dict.fromkeys(both, both))
        return True

    for a, b in sorted({tuple(sorted(p)) for p in case.same}):
        if a in live and b in live:
            join(a, b)
    holders: dict[str, set[str]] = {}
    for record, hard, number in case.records:
        for one in [*hard, *([f"live company {number}"] if number else [])]:
            holders.setdefault(one, set()).add(record)
    live_first = sorted(holders.items(), key=lambda item: (not item[0].startswith("live company "), item[0]))
    for _, members in live_first:
        ordered = sorted(members)
        several = len({n for m in members for n in numbers(group[m])}) > 1
        tags = {m: tuple(numbers(group[m])) if several else () for m in ordered}
        heads: list[str] = []
        for m in ordered:
            if not any(tags[m] == tags[h] and join(m, h) for h in heads):
                heads.append(m)
    best: dict[tuple[str, ...], float] = {}
    for a, b, p in case.edges:
        if a != b:
            pair = tuple(sorted((a, b)))
            best[pair] = max(p, best.get(pair, 0.0))
    for (a, b), _ in sorted(best.items(), key=lambda item: (-item[1], item[0])):
        join(a, b)
    return group


def groups(result: Clustering) -> dict[str, frozenset[str]]:
    by_label: dict[str, set[str]] = {}
    for record, label in result.clusters.iter_rows():
        by_label.setdefault(label, set()).add(record)
    return {r: group for group in map(frozenset, by_label.values()) for r in group}


names = st.sampled_from(NAMES)
pairs = st.tuples(names, names).filter(lambda p: p[0] != p[1])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    here = draw(st.lists(names, unique=True, min_size=1))
    records = [
        (
            name,
            draw(st.lists(st.sampled_from(["H1", "H2", "H3"]), max_size=2)),
            draw(st.sampled_from([None, None, None, "01", "02"])),
        )
        for name in here
    ]
    inside = st.tuples(st.sampled_from(here), st.sampled_from(here))
    edges = draw(st.lists(st.tuples(inside, st.sampled_from([0.5, 0.9, 0.99])), max_size=14))
    return Case(
        records,
        [(a, b, p) for (a, b), p in edges],
        draw(st.lists(pairs, max_size=4)),
        draw(st.lists(pairs, max_size=4)),
    )


@settings(max_examples=200, deadline=None)
@given(cases())
def test_agrees_with_the_brute_force_twin(case: Case) -> None:
    assert groups(case.run()) == brute(case)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_what_must_hold_holds_or_is_queued(case: Case) -> None:
    result = case.run()
    found, live = groups(result), {r: n for r, _, n in case.records}
    assert result.clusters.schema == CLUSTERS
    assert result.conflicts.schema == CONFLICTS
    assert result.clusters["record_id"].to_list() == sorted(live)
    assert all(label == min(found[record]) for record, label in result.clusters.iter_rows())
    for members in set(found.values()):
        assert len({live[m] for m in members} - {None}) <= 1
        assert not any(a in members and b in members for a, b in case.different)
    queued = {(r["link"], r["left"], r["right"]) for r in result.conflicts.iter_rows(named=True)}
    for a, b in (tuple(sorted(p)) for p in case.same):
        assert found.get(a) == found.get(b, "absent") or ("same", a, b) in queued
    for a, b in (tuple(sorted(p)) for p in case.different):
        assert {a, b} <= set(live) or ("different", a, b) in queued
    for a, b, _ in case.edges:
        assert found[a] == found[b] or ("machine", *sorted((a, b))) in queued
    for one in ("H1", "H2", "H3"):
        touched = {found[r] for r, hard, _ in case.records if one in hard}
        rows = result.conflicts.filter(pl.col("link") == "hard id", pl.col("evidence") == one)
        told = {found[r] for side in ("left", "right") for r in rows[side]}
        assert len(touched) <= 1 or touched <= told


@settings(max_examples=80, deadline=None)
@given(cases(), st.randoms())
def test_order_of_the_input_does_not_matter(case: Case, random) -> None:
    first = case.run()

    def shuffled(items: list) -> list:
        items = list(items)
        random.shuffle(items)
        return items

    turned = [(b, a, p) if random.random() < 0.5 else (a, b, p) for a, b, p in case.edges]
    records = [(name, shuffled(hard), number) for name, hard, number in case.records]
    other = Case(shuffled(records), shuffled(turned), shuffled(case.same), shuffled(case.different)).run()
    assert first.clusters.equals(other.clusters)
    assert first.conflicts.equals(other.conflicts)


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from(["a:0", "r:00", "zz:9"]))
def test_an_unrelated_record_changes_nothing_else(case: Case, name: str) -> None:
    before = case.run()
    after = Case([*case.records, (name, ["H9"], "99")], case.edges, case.same, case.different).run()
    assert after.clusters.filter(pl.col("record_id") != name).equals(before.clusters)
    assert after.conflicts.equals(before.conflicts)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_two_problems_side_by_side_are_solved_each_by_itself(case: Case) -> None:
    def moved(text: str) -> str:
        return f"q{text}"

    twin = Case(
        case.records + [(moved(r), [moved(h) for h in hard], n and moved(n)) for r, hard, n in case.records],
        case.edges + [(moved(a), moved(b), p) for a, b, p in case.edges],
        case.same + [(moved(a), moved(b)) for a, b in case.same],
        case.different + [(moved(a), moved(b)) for a, b in case.different],
    )
    alone, both = groups(case.run()), groups(twin.run())
    assert {r: m for r, m in both.items() if not r.startswith("q")} == alone
    assert {r[1:]: frozenset(m[1:] for m in ms) for r, ms in both.items() if r.startswith("q")} == alone


def conflicts(result: Clustering) -> list[tuple[str, str, str, str]]:
    return result.conflicts.select("kind", "link", "left", "right").rows()


def test_best_edge_first_and_the_rest_queued_with_the_reason() -> None:
    case = Case([("a:1", [], "01"), ("b:1", [], "02"), ("x:1", [], None)], [("x:1", "a:1", 0.8), ("b:1", "x:1", 0.9)])
    result = case.run()
    assert groups(result)["x:1"] == {"b:1", "x:1"}
    row = result.conflicts.row(0, named=True)
    assert (row["kind"], row["left"], row["right"], row["probability"]) == ("machine refused", "a:1", "x:1", 0.8)
    assert (row["left_cluster"], row["right_cluster"]) == ("a:1", "b:1")
    assert row["reason"] == "they belong to two live companies, 01 and 02"
    assert row["evidence"] == "p=0.8"


def test_human_same_across_two_live_companies_waits_for_a_person() -> None:
    case = Case([("a:1", [], "01"), ("b:1", [], "02")], same=[("b:1", "a:1")])
    result = case.run()
    assert conflicts(result) == [("needs person", "same", "a:1", "b:1")]
    assert len(set(groups(result).values())) == 2


def test_human_different_stands_against_a_hard_id_and_names_its_entry() -> None:
    case = Case([("a:1", ["H"], None), ("b:1", ["H"], None), ("c:1", ["H"], None)], different=[("a:1", "b:1")])
    result = case.run()
    assert conflicts(result) == [("needs person", "hard id", "a:1", "b:1")]
    assert result.conflicts["reason"].to_list() == ["a:1 and b:1 were judged different in entry a:1-b:1"]
    assert groups(result)["c:1"] == {"a:1", "c:1"}


def test_a_group_split_at_its_first_member_still_joins_the_others() -> None:
    case = Case([(f"{x}:1", ["H"], None) for x in "abc"], different=[("a:1", "b:1"), ("a:1", "c:1")])
    assert groups(case.run())["b:1"] == {"b:1", "c:1"}


def test_a_hard_id_of_several_live_companies_is_no_guess() -> None:
    case = Case([("a:1", ["H"], "01"), ("b:1", ["H"], "02"), ("x:1", ["H"], None), ("y:1", ["H"], None)])
    result = case.run()
    assert groups(result)["x:1"] == {"x:1", "y:1"}
    assert conflicts(result) == [("needs person", "hard id", "a:1", "b:1"), ("needs person", "hard id", "a:1", "x:1")]
    told = "H is stated by records of several live companies: it does not say which"
    assert result.conflicts["reason"][1] == told
    case.edges = [("x:1", "a:1", 0.9)]
    assert conflicts(case.run()) == [("needs person", "hard id", "a:1", "b:1")], "settled by the better evidence"


def test_a_person_is_heard_before_a_hard_id() -> None:
    case = Case(
        [("a:1", ["H"], None), ("b:1", ["H"], None), ("c:1", [], None)],
        same=[("b:1", "c:1")],
        different=[("a:1", "c:1")],
    )
    assert groups(case.run())["b:1"] == {"b:1", "c:1"}


def test_same_live_number_is_one_company() -> None:
    assert groups(Case([("a:1", [], "01"), ("b:1", [], "01")]).run())["a:1"] == {"a:1", "b:1"}


def test_judgements_on_absent_records_are_told() -> None:
    result = Case([("a:1", [], None)], same=[("a:1", "z:1")], different=[("y:1", "z:1")]).run()
    assert conflicts(result) == [
        ("not in this build", "different", "y:1", "z:1"),
        ("not in this build", "same", "a:1", "z:1"),
    ]


def test_empty() -> None:
    result = cluster(RECORDS.to_frame())
    assert result.clusters.is_empty()
    assert result.conflicts.is_empty()


def test_a_junk_identifier_shared_by_many_companies_stays_cheap() -> None:
    count = 3000
    result = Case([(f"c:{i:05}", ["JUNK"], f"{i:08}") for i in range(count)]).run()
    assert len(set(groups(result).values())) == count
    assert result.conflicts.height == count - 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"records": [("a:1", [], None), ("a:1", [], None)]}, "twice"),
        ({"records": [(None, [], None)]}, "no id"),
        ({"edges": [("a:1", "z:9", 0.5)]}, "not there"),
        ({"edges": [("a:1", "b:1", 1.5)]}, "not within 0 to 1"),
        ({"edges": [("a:1", "b:1", float("nan"))]}, "not within 0 to 1"),
        ({"edges": [("a:1", "b:1", None)]}, "not within 0 to 1"),
        ({"different": [("a:1", "a:1")]}, "itself"),
    ],
)
def test_refusals(change: dict, says: str) -> None:
    case = Case(**({"records": [("a:1", [], None), ("b:1", [], None)]} | change))
    with pytest.raises(ValueError, match=says):
        case.run()


def test_progress_is_told() -> None:
    told: list[tuple[str, float]] = []
    cluster(RECORDS.to_frame(), progress=lambda stage, share: told.append((stage, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1] == ("done", 1.0)


def test_long_chain_needs_no_deep_recursion() -> None:
    records = [(f"r:{i:05}", [], "01" if i == 0 else "02" if i == 4999 else None) for i in range(5000)]
    chain = [(a[0], b[0], 0.9) for a, b in itertools.pairwise(records)]
    result = Case(records, chain).run()
    assert result.conflicts.height == 1
    assert len(set(groups(result).values())) == 2
