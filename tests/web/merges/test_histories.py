"""Random histories of merges, splits, undos, edits, things added, confirmations, loads and roll-backs: at any moment the rows are those that loading
the package afresh with the log makes, and a state that comes back comes back row for row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register import added, edits
from lifecluster.web.directory import actions as directory
from lifecluster.web.directory import adding
from lifecluster.web.directory.loading import accept
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Identity, Organisation, Package, Statement
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.viewer import OPERATOR, Viewer
from lifecluster.web.merges import actions, drafts
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said
from tests.web.merges.conftest import DESK, closed
from tests.web.merges.dump import differences, dump

KEYS = ("alpha", "beta", "gamma", "delta", "epsilon", "hidden", "new")
EDITS: tuple[tuple[str, Any, str], ...] = (
    ("employees", 77, "public"), ("employees", 3, "members"), ("description", None, "public"),
    ("trading_name", ["Quixotic"], "public"), ("capability", ["x-ray"], "members"), ("website", "https://x.example", "desk"),
)  # fmt: skip
THINGS: tuple[tuple[str, Any, str], ...] = (
    ("site", {"postcode": "DE1 1AA", "town": "Derby"}, "public"), ("site", {"town": "Nowhere"}, "members"),
    ("offer", {"title": "Hours in a clean room"}, "public"), ("offer", {"title": "Vials"}, "desk"),
)  # fmt: skip
CONFIRMED = ("employees", "description", "capability", "website")


@dataclass(frozen=True)
class Shelf:
    """Two packages of nearly the same organisations."""

    first: Path
    second: Path


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    extra = [*closed("hidden", {"name": "Hushwell Ventures", "employees": 7, "description": "Works in silence."}),
             *said(org("beta"), {"parent": org("epsilon")}),
             *said(org("epsilon"), {"trading_name": ["Eps"], "employees": 12, "website": "https://eps.example"},
                   source="bench-member"),
             *said(org("gamma"), {"capability": ["trials"], "website": "https://gamma.example"}, source="bench-member"),
             *said(making.uid("site", "hidden-1"), {"holder": org("hidden"), "town": "Leicester", "postcode": "LE1 1AA"},
                   source="bench-member", visibility="members")]  # fmt: skip
    presence = {org("hidden"): "members", making.uid("site", "hidden-1"): "members"}
    more = [*extra, *said(org("new"), {"name": "New Firm"}), *said(org("alpha"), {"website": "https://alpha.example"})]
    first = making.small(folder, "first", extra=extra, presence=presence)
    second = making.small(folder, "second", extra=more, presence=presence, without=org("delta"))
    return Shelf(first.path, second.path)


def told(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """A dump by names instead of numbers, which are given in the order of arrival; without what is only of today."""
    number = {row["number"]: row["uid"] for row in map(json.loads, rows["Organisation"])}
    found: dict[str, list[str]] = {}
    for name in ("Organisation", "Facet", "Site", "Thing", "Tie", "Segment", "Statement", "Identity", "Member",
                 "Lineage", "files", "counts"):  # fmt: skip
        made = []
        for text in rows[name]:
            row = json.loads(text) if text.startswith("{") else text
            if isinstance(row, dict) and "number" in row and name in {"Organisation", "Facet"}:
                row["number"] = number[row["number"]]
            if name == "counts" and isinstance(row, dict):
                row.pop("statements")  # edits have never been counted among them
            made.append(json.dumps(row, sort_keys=True))
        found[name] = sorted(made)
    return found


@dataclass
class History:
    """What was done, on the database of the tests; `seen` dumps by what they depend on."""

    shelf: Shelf
    seen: dict[Any, dict[str, list[str]]] = field(default_factory=dict)
    steps: tuple[str, ...] = ("merge", "merge", "split", "undo", "undo", "edit", "edit", "retract", "load", "back", "add",
                              "add", "approve", "remove", "edit_added", "confirm", "unconfirm")  # fmt: skip

    def act(self, data: st.DataObject) -> None:
        """One more step; what is refused changes nothing."""
        step = data.draw(st.sampled_from(self.steps))
        before = dump()
        try:
            with transaction.atomic():
                getattr(self, step)(data)
        except LifeclusterError:
            assert differences(before, dump()) == []

    def merge(self, data: st.DataObject) -> None:
        uids = sorted(Organisation.objects.filter(package__state="current").values_list("uid", flat=True))
        one, other = data.draw(st.permutations(uids))[:2]
        look = actions.preview_merge(one=one, other=other, viewer=DESK, at=NOW)
        actions.merge(one=one, other=other, viewer=DESK, at=NOW, why="one", expect=look.digest)

    def split(self, data: st.DataObject) -> None:
        shown = Statement.objects.filter(package__state="current", kind="organisation", edit=False)
        records: dict[str, set[str]] = {}
        for subject, record in shown.values_list("subject", "record"):
            records.setdefault(subject, set()).add(record)
        several = sorted(subject for subject, of in records.items() if len(of) > 1)
        subject = data.draw(st.sampled_from(several))
        chosen = data.draw(st.lists(st.sampled_from(sorted(records[subject])), min_size=1, unique=True))
        actions.split(organisation=subject, records=chosen, viewer=DESK, at=NOW, why="two")

    def undo(self, data: st.DataObject) -> None:
        live = sorted(act.group for act in drafts.acts(log.entries()) if act.live)
        if live:
            actions.undo(act=data.draw(st.sampled_from(live)), viewer=DESK, at=NOW, why="a slip")

    def _told(self) -> list[str]:
        """Organisations without the hidden one: packages of these tests have no row for it, and what is said of it waits
        when they are loaded."""
        uids = Organisation.objects.filter(package__state="current").values_list("uid", flat=True)
        return sorted(one for one in uids if one != org("hidden"))

    def edit(self, data: st.DataObject) -> None:
        uids = self._told()
        prop, value, level = data.draw(st.sampled_from(EDITS))
        made = directory.propose_edit(subject=data.draw(st.sampled_from(uids)), property=prop, value=value, viewer=DESK,
                                      at=NOW, visibility=level)  # fmt: skip
        directory.approve_edit(entry=made.id, viewer=DESK, at=NOW)

    def retract(self, data: st.DataObject) -> None:
        approved = sorted(one for one, edit in edits.fold(log.entries()).items() if edit.state == "approved")
        if approved:
            directory.retract_edit(entry=data.draw(st.sampled_from(approved)), viewer=DESK, at=NOW, why="a slip")

    def add(self, data: st.DataObject) -> None:
        uids = self._told()
        kind, values, level = data.draw(st.sampled_from(THINGS))
        of = data.draw(st.sampled_from(uids))
        made = adding.add_thing(kind=kind, organisation=of, values=values, viewer=DESK, at=NOW, visibility=level)
        if data.draw(st.booleans()):
            adding.approve_thing(entry=made.id, viewer=DESK, at=NOW)

    def _added(self, data: st.DataObject, state: str) -> added.Addition:
        known = [one for one in added.fold(log.entries()).values() if one.state == state]
        if not known:
            raise LifeclusterError("none")
        return data.draw(st.sampled_from(known))

    def approve(self, data: st.DataObject) -> None:
        adding.approve_thing(entry=self._added(data, "pending").proposed.id, viewer=DESK, at=NOW)

    def remove(self, data: st.DataObject) -> None:
        adding.retract_thing(entry=self._added(data, "approved").proposed.id, viewer=DESK, at=NOW, why="a slip")

    def edit_added(self, data: st.DataObject) -> None:
        one = self._added(data, "approved")
        made = directory.propose_edit(subject=one.uid, property="name" if one.kind == "site" else "title", value="Anew",
                                      viewer=DESK, at=NOW)  # fmt: skip
        directory.approve_edit(entry=made.id, viewer=DESK, at=NOW)

    def confirm(self, data: st.DataObject) -> None:
        uids = sorted(Organisation.objects.filter(package__state="current").values_list("uid", flat=True))
        uid = data.draw(st.sampled_from([one for one in uids if one != org("hidden")]))
        self._confirm(uid, data.draw(st.sampled_from(CONFIRMED)))

    def confirm_merged(self, data: st.DataObject) -> None:
        """Of something that is several for the package."""
        led = Identity.objects.filter(package__state="current", kind="organisation", status="redirected")
        uids = sorted(set(led.values_list("target", flat=True)))
        if not uids:
            raise LifeclusterError("none")
        self._confirm(data.draw(st.sampled_from(uids)), data.draw(st.sampled_from(CONFIRMED)))

    def _confirm(self, uid: str, prop: str) -> None:
        mine = Viewer(frozenset({"member"}), frozenset({uid}), actor="user:one")
        directory.confirm_value(subject=uid, property=prop, viewer=mine, at=NOW)

    def unconfirm(self, data: st.DataObject) -> None:
        known = [one for one in edits.fold(log.entries()).values() if one.confirms and one.state == "approved"]
        if known:
            entry = data.draw(st.sampled_from(known)).proposed
            owner = str(entry.evidence["owner"])
            mine = Viewer(frozenset({"member"}), frozenset({owner, leads()(owner)}), actor="user:one")
            directory.take_back_confirmation(entry=entry.id, viewer=mine, at=NOW)

    def load(self, data: st.DataObject) -> None:
        load(data.draw(st.sampled_from([self.shelf.first, self.shelf.second])))

    def back(self, data: st.DataObject) -> None:
        directory.roll_back(viewer=OPERATOR, at=NOW)

    def check(self) -> None:
        """The rows are those of a fresh load, and those of the last time that all was so."""
        shown = Package.objects.get(state="current")
        now = told(dump(shown))
        entries = log.entries()
        live = frozenset(drafts.live(entries).live)
        said = edits.fold(entries).values()
        several = {edit for edit in said if edit.state == "approved" and not edit.whole()}
        standing = frozenset(edit.proposed.id for edit in (*edits.standing(entries), *several))
        there = frozenset(one.decided.id for one in added.standing(entries) if one.decided)
        before = self.seen.setdefault((shown.name, live, standing, there), now)
        assert differences(before, now) == []
        with transaction.atomic():
            for package in Package.objects.all():
                accept.drop(package, lambda _message: None)
            fresh = told(dump(load(self.shelf.first if shown.name == "first" else self.shelf.second)))
            transaction.set_rollback(True)
        found = differences(fresh, now)
        assert found == [], "\n".join(found)


@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.reuse, Phase.generate])  # fmt: skip
def test_rows_are_those_of_a_fresh_load(database: None, shelf: Shelf, data: st.DataObject) -> None:
    with transaction.atomic():
        load(shelf.first)
        history = History(shelf)
        history.check()
        for _ in range(data.draw(st.integers(3, 9))):
            history.act(data)
            history.check()
        transaction.set_rollback(True)


def confirmed() -> list[tuple[edits.Edit, set[str]]]:
    """Confirmations that are shown, each with the things that they are stated of."""
    said = [edit for edit in edits.fold(log.entries()).values() if edit.confirms and edit.state == "approved"]
    rows = Statement.objects.filter(package__state="current", edit=True, record__in=[edit.record for edit in said])
    of: dict[str, set[str]] = {}
    for record, subject in rows.values_list("record", "subject"):
        of.setdefault(record, set()).add(subject)
    return [(edit, of[edit.record]) for edit in said if edit.record in of]


@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.reuse, Phase.generate])  # fmt: skip
def test_a_confirmation_stands_where_the_value_stands_that_it_repeats(
    database: None, shelf: Shelf, data: st.DataObject
) -> None:
    with transaction.atomic():
        load(shelf.first)
        history = History(shelf)
        for step in ("merge", "merge", "merge", "confirm_merged", "confirm_merged", "confirm_merged", "undo", "undo"):
            history.steps = (step,)
            history.act(data)
            for edit, subjects in confirmed():
                records = edit.proposed.evidence["records"]
                said = Statement.objects.filter(package__state="current", edit=False, record__in=records,
                                                property=edit.proposed.property)  # fmt: skip
                assert set(said.values_list("subject", flat=True)) <= subjects, edit.proposed
        transaction.set_rollback(True)
