"""Many organisations at once: previewed, applied in one go, taken back exactly; and failed imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register import edits
from lifecluster.web.desk.actions import bulk, imports
from lifecluster.web.desk.models import BulkEdit, FailedImport
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import failures, operate, reads
from lifecluster.web.directory.actions import StaleError
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from tests.web.desk.conftest import NOW
from tests.web.directory.making import org

ALL = "type=company&type=university"
KEYS = ("alpha", "beta", "gamma", "epsilon")


def values(prop: str) -> dict[str, str]:
    """What everybody is shown of each organisation."""
    stated = reads.values([org(key) for key in KEYS], ANYBODY, property=prop)
    return {key: one.text if (one := stated.of(org(key), prop)) else "" for key in KEYS}


def look(desk: Viewer, query: str = ALL, **more: str) -> bulk.Preview:
    asked = {"property": "mission", "how": "add", "value": "respiratory"} | more
    return bulk.preview_bulk(query=query, viewer=desk, **asked)


def do(desk: Viewer, query: str = ALL, **more: str) -> BulkEdit:
    found = look(desk, query, **more)
    return bulk.apply_bulk(query=query, property=found.prop, how=found.how, value=found.value, digest=found.digest,
                           why="a survey", viewer=desk, at=NOW)  # fmt: skip


def test_one_log_entry_each_and_an_exact_undo(desk: Viewer) -> None:
    before, logged = values("mission"), len(log.entries())
    found = look(desk)
    assert {one.name: one.why for one in found.lines} == {
        "Alpha Medical Limited": "Has it already.", "Bêta Diagnostics Ltd": "", "Gamma University": ""}  # fmt: skip
    assert values("mission") == before
    row = do(desk)
    assert values("mission") == before | {"beta": "respiratory", "gamma": "respiratory"}
    actions_ = [one.action for one in log.entries()[logged:]]
    assert actions_ == ["edit.propose"] * 2 + ["edit.approve"] * 2
    bulk.undo_bulk(batch=row.pk, viewer=desk, at=NOW, why="wrong survey")
    assert values("mission") == before
    with pytest.raises(LifeclusterError, match="taken back already"):
        bulk.undo_bulk(batch=row.pk, viewer=desk, at=NOW, why="again")


STEPS = st.lists(st.tuples(
    st.sampled_from([("mission", "add"), ("mission", "remove"), ("ownership", "set"), ("ownership", "remove")]),
    st.sampled_from(["respiratory", "cardiology", "university-owned"])), min_size=1, max_size=4)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_batches_do_what_they_previewed_and_undo_in_any_history(desk: Viewer, steps: list[Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        stack = []
        for (prop, how), value in steps:
            before, found = values(prop), look(desk, property=prop, how=how, value=value)
            if not found.changes:
                continue
            row = do(desk, property=prop, how=how, value=value)
            meant = {one.uid: set(one.after) for one in found.changes}
            for key, text in values(prop).items():
                wanted = meant.get(org(key), set(filter(None, before[key].split("; "))))
                assert set(filter(None, text.split("; "))) == wanted, (key, prop, how, value)
            stack.append((row, prop, before))
        for row, prop, before in reversed(stack):
            bulk.undo_bulk(batch=row.pk, viewer=desk, at=NOW, why="back")
            assert values(prop) == before
        transaction.set_rollback(True)


def test_what_a_source_states_no_edit_removes(desk: Viewer) -> None:
    found = look(desk, how="remove")
    assert [one.why for one in found.lines if one.uid == org("alpha")] == ["A source states it: correct it there."]
    assert not found.changes
    with pytest.raises(LifeclusterError, match="Nothing would change"):
        do(desk, how="remove")


def test_what_changed_since_the_preview_is_refused_and_nothing_is_done(desk: Viewer) -> None:
    found = look(desk)
    made = register.propose_edit(subject=org("beta"), property="mission", value=["cancer"], viewer=desk, at=NOW)
    register.approve_edit(entry=made.id, viewer=desk, at=NOW)
    logged = len(log.entries())
    with pytest.raises(StaleError):
        bulk.apply_bulk(query=ALL, property="mission", how="add", value="respiratory", digest=found.digest, why="x",
                        viewer=desk, at=NOW)  # fmt: skip
    assert len(log.entries()) == logged and not BulkEdit.objects.exists()
    row = do(desk)
    assert values("mission")["beta"] in {"cancer; respiratory", "respiratory; cancer"}
    bulk.undo_bulk(batch=row.pk, viewer=desk, at=NOW, why="back")
    assert values("mission")["beta"] == "cancer"


def test_one_taken_back_alone_stays_so(desk: Viewer) -> None:
    row = do(desk)
    register.retract_edit(entry=row.rows[0][3], viewer=desk, at=NOW, why="not them")
    bulk.undo_bulk(batch=row.pk, viewer=desk, at=NOW, why="back")
    assert {one.state for one in edits.fold(log.entries()).values()} == {"retracted"}


@pytest.mark.parametrize(("query", "more", "words"), [
    ("", {}, "narrows nothing down"), ("near=Nowhereton", {}, "no postcode"), ("q=alpha&sort=odd", {}, "sorted"),
    (ALL, {"property": "name"}, "Choose"), (ALL, {"how": "set"}, "several values"), (ALL, {"value": " "}, "missing"),
    (ALL, {"property": "ownership", "how": "add"}, "one value"), (ALL, {"value": "No Code"}, "no code"),
])  # fmt: skip
def test_what_cannot_be_a_batch(desk: Viewer, query: str, more: dict[str, str], words: str) -> None:
    with pytest.raises(LifeclusterError, match=words):
        look(desk, query, **more)


def test_only_who_reviews_edits(desk: Viewer) -> None:
    for viewer in (ANYBODY, Viewer(frozenset({"analyst"})), Viewer(frozenset({"member"}))):
        with pytest.raises(PermissionDeniedError):
            look(viewer)
        with pytest.raises(PermissionDeniedError):
            bulk.undo_bulk(batch=1, viewer=viewer, at=NOW, why="x")


def test_too_many_are_refused(desk: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    with pytest.raises(LifeclusterError, match="finds 3 organisations"):
        look(desk)


def test_by_its_pages(seat: Client, desk: Viewer) -> None:
    assert "type=company" in seat.get(f"/desk/bulk?{ALL}").content.decode()
    sent = {"query": f"http://localhost/directory?{ALL}", "property": "mission", "how": "add", "value": "rare-disease",
            "why": "a survey"}  # fmt: skip
    page = seat.post("/desk/bulk", sent).content.decode()
    assert "3 of 3 would change" in page and "No organisation has “rare-disease” yet" in page
    digest = look(desk, value="rare-disease").digest
    assert digest in page
    assert seat.post("/desk/bulk", sent | {"digest": "old"}).status_code == 200
    assert not BulkEdit.objects.exists()
    assert seat.post("/desk/bulk", sent | {"why": ""}).status_code == 422
    answer = seat.post("/desk/bulk", sent | {"digest": digest})
    row = BulkEdit.objects.get()
    assert answer["Location"] == f"/desk/bulk/{row.pk}"
    assert b"rare-disease" in seat.get(answer["Location"]).content
    assert values("mission")["gamma"] == "rare-disease"
    assert seat.post(f"/desk/bulk/{row.pk}/undo", {"why": ""}).status_code == 422
    assert seat.post(f"/desk/bulk/{row.pk}/undo", {"why": "no"}).status_code == 302
    assert b"Taken back" in seat.get(f"/desk/bulk/{row.pk}").content
    assert values("mission")["gamma"] == ""


def test_a_failed_import_waits_until_somebody_dealt_with_it(seat: Client, desk: Viewer) -> None:
    one = failures.Failure("upload", "sites.xlsx", "“SW1” is no postcode", row="14", field="postcode")
    failures.tell(one, at=NOW)
    failures.tell(one, at=NOW)
    row = FailedImport.objects.get()
    assert row.times == 2
    page = seat.get("/desk/imports").content.decode()
    assert "sites.xlsx" in page and "row 14" in page and "2 times" in page
    assert seat.post(f"/desk/imports/{row.pk}/deal", {"note": "Asked them"}).status_code == 302
    assert "Asked them" in seat.get("/desk/imports").content.decode()
    with pytest.raises(LifeclusterError, match="already"):
        imports.deal_with_import(failed=row.pk, viewer=desk, at=NOW)
    with pytest.raises(PermissionDeniedError):
        imports.deal_with_import(failed=row.pk, viewer=ANYBODY, at=NOW)
    failures.tell(one, at=NOW)
    assert FailedImport.objects.filter(dealt_at=None).count() == 1
    assert seat.post(f"/desk/imports/{row.pk}/reopen").status_code == 302
    assert FailedImport.objects.filter(dealt_at=None).count() == 2


def test_a_package_that_cannot_be_read_is_told(
    small: Package, desk: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "open_web", lambda: None)
    with pytest.raises(LifeclusterError):
        operate.load(tmp_path / "nothing-here", confirm=lambda preview: True)
    row = FailedImport.objects.get()
    assert (row.what, row.file) == ("package", "nothing-here") and str(tmp_path.parent) not in row.file
