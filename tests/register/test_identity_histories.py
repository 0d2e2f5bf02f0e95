"""Any history of sources and people: what must be true of ids after every build."""

import datetime as dt
import itertools

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lifecluster.register.entry import Entry
from lifecluster.register.identity import CLUSTERS, resolve
from lifecluster.register.judgement import ContradictionError, JudgementBook, Kind
from lifecluster.register.ledger import Ledger, Resolver
from lifecluster.register.linkage.clustering import EDGES, RECORDS, cluster
from lifecluster.register.log import MemoryLog

AT = "2026-01-31T09:30:00+00:00"
NAMES = [f"list:{i}" for i in range(4)] + [f"ch:{i}" for i in range(3)]
LIVE = {"ch:0": "00000000", "ch:1": "00000001"}
names = st.sampled_from(NAMES)
pairs = st.sampled_from(list(itertools.combinations(NAMES, 2)))
hard_ids = st.lists(st.sampled_from(["H1", "H2"]), max_size=2)


class Register(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.book = JudgementBook(MemoryLog())
        self.present: set[str] = set()
        self.edges: dict[tuple[str, str], float] = {}
        self.hard: dict[str, list[str]] = {}
        self.ledger = Ledger.empty()
        self.assigned: dict[str, str] = {}
        self.clusters: dict[str, frozenset[str]] = {}
        self.day = dt.date(2026, 1, 1)
        self.issued: dict[str, str] = {}

    @initialize(
        present=st.sets(names), hard=st.dictionaries(names, st.lists(st.sampled_from(["H1", "H2"]), max_size=2))
    )
    def begin(self, present: set[str], hard: dict[str, list[str]]) -> None:
        self.present, self.hard = present, hard
        self.build()

    # -- what sources and people do ------------------------------------------------------------------------------

    @rule(name=names)
    def a_record_comes_or_goes(self, name: str) -> None:
        self.present ^= {name}

    @rule(pair=pairs, probability=st.sampled_from([None, 0.8, 0.95]))
    def the_machine_changes_its_mind(self, pair: tuple[str, str], probability: float | None) -> None:
        self.edges.pop(pair, None)
        if probability:
            self.edges[pair] = probability

    @rule(pair=pairs, kind=st.sampled_from(["same", "different"]))
    def a_person_judges(self, pair: tuple[str, str], kind: Kind) -> None:
        self.judge(pair, kind)

    @precondition(lambda self: self.book.view().live)
    @rule(data=st.data())
    def a_person_retracts(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from(sorted(self.book.view().live)))
        self.book.retract(entry, actor="x", why="w", at=AT)

    @rule()
    def build(self) -> None:
        before, old_clusters, old_ledger = self.assigned, self.clusters, self.ledger
        self.assigned, self.ledger = self.resolved()
        self.clusters = self.groups(self.assigned)
        for one, members in old_clusters.items():
            if members in self.clusters.values():
                assert self.clusters[one] == members, "an unchanged cluster keeps its id"
        assert self.ledger.events.head(old_ledger.events.height).equals(old_ledger.events), "events are for ever"
        assert set(old_ledger.members["record_id"]) <= set(self.ledger.members["record_id"])
        moved = {(before[r], self.assigned[r]) for r in before if r in self.assigned and before[r] != self.assigned[r]}
        fresh = self.ledger.events.slice(old_ledger.events.height)
        told = set(fresh.filter(pl.col("event").is_in(["split", "redirect"])).select("id", "other_id").iter_rows())
        assert moved <= told, "no record changes its id untold"

    # -- what must come out -------------------------------------------------------------------------------------

    @rule()
    def an_unchanged_build_changes_nothing(self) -> None:
        self.build()
        again, ledger = self.resolved()
        assert again == self.assigned
        assert ledger.events.equals(self.ledger.events)
        assert ledger.members.equals(self.ledger.members)
        assert ledger.shapes.equals(self.ledger.shapes)

    @rule(pair=pairs, kind=st.sampled_from(["same", "different"]))
    def undo_is_exact_and_redo_too(self, pair: tuple[str, str], kind: Kind) -> None:
        self.build()
        first = dict(self.assigned)
        entry = self.judge(pair, kind)
        if entry is None:
            return
        self.build()
        second = dict(self.assigned)
        self.book.retract(entry.id, actor="x", why="w", at=AT)
        self.build()
        assert self.assigned == first
        again = self.judge(pair, kind)
        assert again is not None
        self.build()
        assert self.assigned == second
        self.book.retract(again.id, actor="x", why="w", at=AT)
        self.build()
        assert self.assigned == first

    @invariant()
    def every_id_ever_issued_resolves(self) -> None:
        minted = self.ledger.mints()
        assert minted["id"].is_unique().all()
        for one, anchor in minted.select("id", "anchor").iter_rows():
            assert self.issued.setdefault(one, anchor) == anchor
        resolver = Resolver(self.ledger)
        for one in self.issued:
            answer = resolver.current(one)
            assert resolver.current(answer.id).id == answer.id
            if one in self.clusters:
                assert (answer.id, answer.status) == (one, "live")
            elif answer.status != "absent":
                assert answer.status == "redirected"
                assert answer.id in self.clusters
            else:
                assert answer.id not in self.clusters
            assert answer.id not in answer.others

    @invariant()
    def one_id_for_one_cluster(self) -> None:
        wanted = self.ledger.members.filter("live").select("record_id", "id").rows()
        assert dict(wanted) == self.assigned
        assert set(self.assigned.values()) <= set(self.issued)

    @invariant()
    def negatives_are_never_lost(self) -> None:
        view = self.book.view()
        history = view.history()
        retracted = {e.refers_to for e in history if e.action == "judgement.retract"}
        said = {e.id for e in history if e.action == "judgement.different"}
        assert said - retracted == {i for i, e in view.live.items() if e.action == "judgement.different"}

    # -- the parts, put together --------------------------------------------------------------------------------

    def judge(self, pair: tuple[str, str], kind: Kind) -> Entry | None:
        try:
            return self.book.judge(kind, *pair, actor="x", why="w", at=AT, live_numbers=LIVE)
        except ContradictionError:
            return None

    def resolved(self) -> tuple[dict[str, str], Ledger]:
        self.day += dt.timedelta(days=1)
        here = sorted(self.present)
        view = self.book.view()
        result = cluster(
            pl.DataFrame([(r, self.hard.get(r, []), LIVE.get(r)) for r in here], schema=RECORDS, orient="row"),
            pl.DataFrame(
                [(a, b, p, "") for (a, b), p in self.edges.items() if {a, b} <= self.present],
                schema=EDGES,
                orient="row",
            ),
            same=view.frame("same"),
            different=view.frame("different"),
        )
        label = dict(result.clusters.iter_rows())
        for left, right, _ in view.frame("different").iter_rows():
            assert label.get(left, left) != label.get(right, right)
        rows = [(r, label[r], f"GB-COH-{r[3:]}" if r.startswith("ch:") else None, self.hard.get(r, [])) for r in here]
        frame = pl.DataFrame(rows, schema=CLUSTERS, orient="row")
        assigned, ledger = resolve(frame, self.ledger, kind="organisation", namespace="n", at=self.day.isoformat())
        found = dict(assigned.iter_rows())
        for one, other in itertools.combinations(here, 2):
            assert (found[one] == found[other]) == (label[one] == label[other])
        return found, ledger

    def groups(self, assigned: dict[str, str]) -> dict[str, frozenset[str]]:
        return {one: frozenset(r for r in assigned if assigned[r] == one) for one in assigned.values()}


TestRegister = Register.TestCase
TestRegister.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
