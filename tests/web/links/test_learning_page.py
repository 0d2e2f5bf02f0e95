"""What pages say of learning: the last training, by how much it is better, and what waits to be learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from lifecluster.register.linkage import learnt
from lifecluster.register.linkage.learning import train
from lifecluster.register.linkage.scored import Scored
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.links import actions, queue
from lifecluster.web.links.show import learning
from lifecluster.workspace import Workspace
from tests.register.linkage.test_learning import AT, by_lot, generated, siblings_differ
from tests.web.links.conftest import pairs

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DESK = Viewer(frozenset({"desk"}), actor="person:one")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the last training is."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    learning._Kept.key = None
    yield Workspace(tmp_path).learnt
    learning._Kept.key = None


def told() -> learning.Learning:
    found = learning.last(queue.queue().standing)
    return replace(found, told=found.told.replace("\xa0", " "), waits=found.waits.replace("\xa0", " "))


def test_nothing_was_learnt_yet(small: Package, folder: Path) -> None:
    pairs(small, ("a", "A"))
    assert told() == learning.Learning("Nothing has been learnt from judgements yet.", (), "")


def test_judgements_wait_to_be_learnt_from(small: Package, folder: Path) -> None:
    made = pairs(small, ("a", "A"), ("b", "B"), ("c", "C"), scored=Scored("m1", 0.8, 0, 0, {"postcode": 1.0}).text())
    for pair, kind in zip(made, ("same", "unsure", "different"), strict=True):
        entry = actions.judge_link(key=pair.key, kind=kind, viewer=DESK, at=NOW)
    assert told().waits == "2 judgements wait to be learnt from"
    actions.undo_judgement(entry=entry.id, viewer=DESK, at=NOW)
    assert told().waits == "1 judgement waits to be learnt from"


def test_how_much_better_it_is(small: Package, folder: Path) -> None:
    pairs(small, ("a", "A"))
    said = learnt.keep(folder, train(generated(200, siblings_differ), "m1"), AT)
    found = told()
    assert (
        f"better by {said['gain'][0]:.3f} (95 % interval {said['gain'][1]:.3f} to {said['gain'][2]:.3f})" in found.told
    )
    assert "22 Nov 2026, 200 judgements" in found.told
    assert "The next build uses it." in found.told
    assert found.rows[0] == ("Log-loss (smaller is better)", f"{said['before']['log_loss']:.3f}",
                             f"{said['after']['log_loss']:.3f}")  # fmt: skip


def test_what_is_not_better_is_said_not_to_be(small: Package, folder: Path) -> None:
    pairs(small, ("a", "A"))
    learnt.keep(folder, train(generated(200, by_lot), "m1"), AT)
    assert "not accepted" in told().told
    assert "Builds use the shipped scorer." in told().told
    learnt.keep(folder, train(generated(10, by_lot), "m1"), AT)
    assert "cannot tell yet: 10 judgements" in told().told
    (folder / learnt.TRAINING).write_text("nonsense")
    assert told().told == "Nothing has been learnt from judgements yet."
