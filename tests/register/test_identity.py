import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register.identity import AGES, ASSIGNMENTS, CLUSTERS, resolve
from lifecluster.register.ids import IdError, mint, parse
from lifecluster.register.ledger import EVENTS, Ledger, Resolver, UnknownIdError


class History:
    """Builds one after another; a cluster is a set of record ids, written as words in a string."""

    def __init__(self, **official: str) -> None:
        self.ledger = Ledger.empty()
        self.official = official
        self.hard: dict[str, list[str]] = {}
        self.day = 0

    def build(self, *clusters: str, kind: str = "organisation", ages: dict[str, str] | None = None) -> dict[str, str]:
        self.day += 1
        rows = [(f"k:{r}", words, self.official.get(r), self.hard.get(r)) for words in clusters for r in words.split()]
        found, self.ledger = resolve(
            pl.DataFrame(rows, schema=CLUSTERS, orient="row"),
            self.ledger,
            kind=kind,
            namespace="n",
            at=f"2026-01-{self.day:02}",
            ages=pl.DataFrame([(f"k:{r}", d) for r, d in (ages or {}).items()], schema=AGES, orient="row"),
        )
        assert found.schema == ASSIGNMENTS
        return {record.removeprefix("k:"): one for record, one in found.iter_rows()}

    def events(self) -> list[tuple[str, str, str | None]]:
        """What the last build added."""
        last = self.ledger.events.filter(pl.col("at") == f"2026-01-{self.day:02}")
        return last.select("event", "id", "other_id").rows()


def test_first_build_mints_from_the_best_anchor() -> None:
    history = History(a="GB-COH-1")
    history.hard = {"b": ["X-2"], "c": ["X-2"]}
    ids = history.build("a b", "c", "d e", "f", ages={"e": "2020-01-01", "d": "2021-01-01"})
    anchors = dict(history.ledger.mints().select("id", "anchor").iter_rows())
    assert [anchors[ids[r]] for r in "acdf"] == ["hard:GB-COH-1", "hard:X-2", "key:k:e", "key:k:f"]
    assert ids["a"] == mint("organisation", "hard:GB-COH-1", "n", set())
    assert [e for e, _, _ in history.events()] == ["mint"] * 4
    assert history.ledger.events.schema == EVENTS


def test_unchanged_build_has_no_events() -> None:
    history = History()
    ids = history.build("a b", "c")
    ledger = history.ledger
    assert history.build("a b", "c") == ids
    assert history.events() == []
    assert history.ledger.members.equals(ledger.members)
    assert history.ledger.shapes.equals(ledger.shapes)


def test_growing_and_shrinking_keeps_the_id() -> None:
    history = History()
    first = history.build("a b")
    assert history.build("a b c d")["d"] == first["a"]
    assert history.build("b c d")["b"] == first["a"], "even without the record it was minted from"
    assert history.build("d")["d"] == first["a"]
    assert list(history.ledger.events["event"]) == ["mint"]


def test_merge_keeps_the_older_id_and_sends_the_other_on() -> None:
    history = History()
    old = history.build("b")["b"]
    young = history.build("b", "a")["a"]
    assert history.build("a b") == {"a": old, "b": old}
    assert history.events() == [("merge", old, young), ("redirect", young, old)]
    answer = history.ledger.current(young)
    assert (answer.id, answer.status, answer.others) == (old, "redirected", ())
    assert history.ledger.current(old).status == "live"


def test_the_official_register_goes_before_age_and_size() -> None:
    history = History(a="GB-COH-1")
    big = history.build("x y z")["x"]
    official = history.build("x y z", "a")["a"]
    assert set(history.build("a x y z").values()) == {official}
    assert history.ledger.current(big).id == official


def test_overlap_before_age_among_equal_anchors() -> None:
    history = History()
    history.build("a")
    many = history.build("a", "b c")["b"]
    assert history.build("a b c")["a"] == many


def test_split_leaves_the_id_with_its_anchor_and_lists_the_other() -> None:
    history = History()
    one = history.build("a b c", ages={"a": "2020-01-01"})["a"]
    ids = history.build("a", "b c")
    assert ids["a"] == one
    assert history.events() == [("mint", ids["b"], None), ("split", one, ids["b"])]
    answer = history.ledger.current(one)
    assert (answer.id, answer.others) == (one, (ids["b"],))
    history.build("a b c")
    assert history.ledger.current(one).others == (), "what came back is no other any more"


def test_split_without_its_anchor_stays_with_the_greater_part() -> None:
    history = History()
    one = history.build("a b c d e")["a"]
    assert history.ledger.mints()["anchor"].to_list() == ["key:k:a"]
    history.build("b c d e")
    ids = history.build("b", "c d e")
    assert ids["c"] == one
    assert ids["b"] != one


def test_undo_and_redo_of_a_merge() -> None:
    history = History()
    history.build("b")
    apart = history.build("a", "b")
    merged = history.build("a b")
    assert history.build("a", "b") == apart
    assert ("revive", apart["a"], apart["b"]) in history.events()
    assert history.build("a b") == merged
    assert history.build("a", "b") == apart


def test_undo_restores_by_anchor_although_other_records_came_meanwhile() -> None:
    history = History()
    apart = history.build("a", "b")
    history.build("a b")
    history.build("a b n m")
    ids = history.build("a n", "b m")
    assert (ids["a"], ids["b"]) == (apart["a"], apart["b"])


def test_undo_is_exact_even_where_the_anchors_are_gone() -> None:
    history = History()
    history.build("a x y", "b p q")
    before = history.build("x y", "p q")
    history.build("x y p q")
    assert history.build("x y", "p q") == before


def test_a_dropped_record_keeps_its_id_and_is_marked() -> None:
    history = History()
    ids = history.build("a", "b")
    history.build("b")
    assert history.events() == [("absent", ids["a"], None)]
    assert history.ledger.current(ids["a"]).status == "absent"
    assert history.ledger.members.filter(~pl.col("live"))["record_id"].to_list() == ["k:a"]
    assert history.build("b") == {"b": ids["b"]}
    assert history.events() == []
    assert history.build("a", "b") == ids
    assert history.events() == [("revive", ids["a"], None)]


def test_a_company_leaving_the_register_does_not_change_the_id_of_what_stays() -> None:
    history = History(c="GB-COH-1")
    alone = history.build("l", "c")
    assert set(history.build("l c").values()) == {alone["c"]}
    assert history.build("l") == {"l": alone["c"]}, "the id in use goes on; the one at rest stays at rest"
    assert history.ledger.current(alone["l"]).id == alone["c"]


def test_an_absent_id_whose_record_returns_elsewhere_leads_there() -> None:
    history = History()
    ids = history.build("a", "b")
    history.build("b")
    assert set(history.build("a b").values()) == {ids["b"]}
    assert history.ledger.current(ids["a"]).id == ids["b"]
    history.build("a b")
    assert history.events() == []


def test_a_merged_id_follows_its_anchor() -> None:
    history = History()
    ids = history.build("a x", "b", "c y")
    history.build("a x b", "c y")
    now = history.build("a x", "c y b")
    assert now["b"] == ids["c"]
    assert history.ledger.current(ids["b"]).id == ids["c"]
    history.build("a x", "c y b")
    assert history.events() == []


def test_chains_of_redirects_resolve_to_the_end() -> None:
    history = History()
    ids = history.build("a", "b", "c")
    history.build("b c", "a")
    history.build("a b c")
    end = {history.ledger.current(one).id for one in ids.values()}
    assert len(end) == 1


def test_a_record_that_returns_after_its_id_went_on_gets_one_of_its_own() -> None:
    history = History()
    one = history.build("a x y")["a"]
    history.build("x y")
    ids = history.build("a", "x y")
    assert ids["x"] == one, "an unchanged cluster keeps its id"
    assert ids["a"] != one
    assert history.ledger.mints()["anchor"].to_list() == ["key:k:a", "key:k:a"]
    assert history.build("a", "x y") == ids


def test_kinds_live_side_by_side_in_one_ledger() -> None:
    history = History()
    organisations = history.build("a b", "c")
    sites = history.build("a", "b", "c", kind="site")
    assert {parse(one).kind for one in sites.values()} == {"site"}
    assert history.build("a b", "c") == organisations
    assert history.events() == []
    assert history.build("a", "b", "c", kind="site") == sites
    assert history.events() == []


def test_same_inputs_same_ledger_in_any_order() -> None:
    one, two = History(b="GB-COH-1"), History(b="GB-COH-1")
    for clusters in (["a b", "c", "d"], ["a", "b c", "d e"], ["e c", "a b d"]):
        one.build(*clusters)
        two.build(*[" ".join(reversed(c.split())) for c in reversed(clusters)])
    assert one.ledger.events.equals(two.ledger.events)
    assert one.ledger.members.equals(two.ledger.members)
    assert one.ledger.shapes.equals(two.ledger.shapes)


# A partition of six records: a label each, or None where no source has the record.
partitions = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=6, max_size=6)


def parts(labels: list[str | None]) -> list[str]:
    found: dict[str, list[str]] = {}
    for record, label in zip("uvwxyz", labels, strict=True):
        if label:
            found.setdefault(label, []).append(record)
    return [" ".join(members) for members in found.values()]


@settings(max_examples=50, deadline=None)
@given(st.lists(partitions, min_size=1, max_size=6))
def test_any_partitions_one_after_another(builds: list[list[str | None]]) -> None:
    history = History(u="GB-COH-1")
    history.hard = {"v": ["H"], "w": ["H"]}
    for labels in builds:
        clusters = parts(labels)
        ids = history.build(*clusters)
        assert len(set(ids.values())) == len(clusters)
        for members in clusters:
            assert len({ids[r] for r in members.split()}) == 1
        resolver = Resolver(history.ledger)
        for one in history.ledger.mints()["id"]:
            answer = resolver.current(one)
            assert answer.status == "absent" or answer.id in ids.values()


@settings(max_examples=100, deadline=None)
@given(st.lists(partitions, max_size=4), st.lists(st.sampled_from("abcd"), min_size=6, max_size=6), st.data())
def test_every_return_is_exact_whatever_went_before(builds, there: list[str], data: st.DataObject) -> None:
    history = History(u="GB-COH-1")
    history.hard = {"v": ["H"], "w": ["H"]}
    for labels in builds:
        history.build(*parts(labels))
    absent = data.draw(st.sets(st.integers(0, 5), max_size=3))
    here = [None if i in absent else label for i, label in enumerate(data.draw(st.permutations(there)))]
    away = [None if i in absent else label for i, label in enumerate(there)]
    first = history.build(*parts(here))
    second = history.build(*parts(away))
    assert history.build(*parts(here)) == first
    assert history.build(*parts(away)) == second
    assert history.build(*parts(here)) == first


def test_old_ids_resolve_as_people_type_them_and_strangers_are_told() -> None:
    history = History()
    one = history.build("a")["a"]
    assert history.ledger.current(one.lower().replace("-", " ")).id == one
    with pytest.raises(UnknownIdError, match="was not issued"):
        history.ledger.current(mint("organisation", "key:k:zzz", "n", set()))
    with pytest.raises(IdError):
        history.ledger.current("LCO-1")


def test_empty_builds() -> None:
    history = History()
    assert history.build() == {}
    one = history.build("a")["a"]
    assert history.build() == {}
    assert history.ledger.current(one).status == "absent"


def test_optional_columns_may_be_left_out() -> None:
    frame = pl.DataFrame({"record_id": ["k:a"], "cluster": ["k:a"]})
    found, _ = resolve(frame, Ledger.empty(), kind="site", namespace="n", at="2026-01-01")
    assert found.height == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"record_id": ["a", "a"], "cluster": ["x", "y"]}, "twice"),
        ({"record_id": [None], "cluster": ["x"]}, "no id"),
        ({"record_id": ["a"], "cluster": [None]}, "no cluster"),
    ],
)
def test_refusals(rows: dict[str, list[str | None]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        resolve(pl.DataFrame(rows), Ledger.empty(), kind="site", namespace="n", at="2026-01-01")


def test_dates_and_kinds_are_checked() -> None:
    frame = pl.DataFrame({"record_id": ["a"], "cluster": ["a"]})
    with pytest.raises(ValueError, match="today"):
        resolve(frame, Ledger.empty(), kind="site", namespace="n", at="today")
    with pytest.raises(IdError):
        resolve(frame, Ledger.empty(), kind="person", namespace="n", at="2026-01-01")


def test_a_broken_ledger_is_refused() -> None:
    history = History()
    history.build("a", "b")
    good = history.ledger
    for broken in (
        Ledger(good.events.slice(1), good.members, good.shapes),
        Ledger(good.events.drop("reason"), good.members, good.shapes),
        Ledger(
            pl.concat([good.events, good.events.head(1)]).with_columns(seq=pl.Series([1, 2, 3])),
            good.members,
            good.shapes,
        ),
    ):
        with pytest.raises(LifeclusterError, match="ledger"):
            broken.check()
