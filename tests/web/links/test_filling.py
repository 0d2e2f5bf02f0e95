"""From the files of a package to the pairs that wait."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from lifecluster.build.run import Request, build
from lifecluster.policy.visibility import Visibility
from lifecluster.region import load_region
from lifecluster.register.entry import Entry
from lifecluster.register.judging import judge_in, retract_in, waiting
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package
from lifecluster.web.directory.models import Package as Shown
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.links import actions, filling, queue
from lifecluster.web.links.models import Filled, Pair
from tests.commands.test_judge_closed import leveled
from tests.commands.tiny import write_inputs

AT = "2026-11-01T00:00:00+00:00"
DESK = int(Visibility.DESK)


def inputs(folder: Path, level: str = "public", *more: str) -> Path:
    """The tiny region, with names in its list that only a person can link."""
    made = leveled(write_inputs(folder), level)
    (path,) = made.glob("members.csv")
    text = path.read_text("utf-8").rstrip("\n")
    lines = ["Quarndale Wound Care (Derby),,,Makes dressings", "Hestring Diagnostics Ltd,,,Tests",
             "Quarndale Wound Cares,LE1 0AA,,Makes dressings", *more]  # fmt: skip
    path.write_text(text + "\n" + "\n".join(lines) + "\n", "utf-8")
    return made


def built(source: Path, out: Path, log: Path | None = None) -> Package:
    request = Request(region=load_region("midlands"), inputs=source, out=out, at=date(2026, 11, 1),
                      log=FileLog(log) if log else None)  # fmt: skip
    return build(request).package


def ends(found: filling.Found) -> list[tuple[str, str]]:
    return [(pair["record"], pair["target"]) for pair in found.pairs]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("tiny")
    return built(inputs(folder / "inputs"), folder / "out")


def entries(path: Path) -> list[Entry]:
    return list(FileLog(path).entries())


def test_all_links_in_review_are_pairs_with_what_both_rows_say(tiny: Package) -> None:
    found = filling.read(tiny, [])
    wait = waiting(tiny)
    assert wait.height >= 2
    assert sorted(ends(found)) == sorted(zip(wait["record"], wait["target"], strict=True))
    by = {pair["record"]: pair for pair in found.pairs}
    for row in wait.iter_rows(named=True):
        pair = by[row["record"]]
        assert pair["body"]["left"]["words"]["name"] == [row["name"]]
        assert pair["body"]["right"]["words"]["name"] == [row["target_name"]]
        assert pair["probability"] == row["probability"]
        assert pair["body"]["reasons"] == row["reasons"].split(" | ")
        assert pair["body"]["left"]["locator"] == row["locator"]
        assert pair["body"]["right"]["words"]["company_number"]
    assert [pair["number"] for pair in found.pairs] == list(range(1, len(found.pairs) + 1))
    assert json.dumps(found.pairs)
    assert found.left_out == 0


def test_the_number_kept_is_bounded_and_the_rest_is_counted(tiny: Package) -> None:
    whole, some = filling.read(tiny, []), filling.read(tiny, [], most=1)
    assert ends(some) == ends(whole)[:1]
    assert some.left_out == len(whole.pairs) - 1


def test_rows_that_are_not_public_keep_their_level(tmp_path: Path) -> None:
    package = built(inputs(tmp_path / "inputs", "members"), tmp_path / "out")
    found = filling.read(package, [])
    closed = [pair for pair in found.pairs if not pair["body"]["left"]["open"]]
    assert closed
    assert {pair["level"] for pair in closed} == {int(Visibility.MEMBERS)}


@pytest.mark.parametrize(("level", "there"), [("desk", True), ("broker", False)])
def test_what_is_for_the_broker_is_not_for_the_desk(
    tmp_path: Path, database: None, level: str, *, there: bool
) -> None:  # fmt: skip
    package = built(inputs(tmp_path / "inputs", level), tmp_path / "out")
    pairs = filling.read(package, []).pairs
    Pair.objects.bulk_create(Pair(package=package.name, **one) for one in pairs)
    seen = Pair.objects.visible_to(actions_reader()).count()
    assert (seen == len(pairs)) is there
    assert pairs
    for pair in pairs:
        told = json.dumps(pair["body"]["left"]["words"])
        stated = package.scan("statements").filter(pl.col("record") == pair["record"]).collect()
        assert (told == "{}") or not stated.is_empty()


def actions_reader() -> object:
    from lifecluster.web.directory.viewer import Viewer

    return Viewer(frozenset({"desk"}))


def test_judgements_are_led_to_rows_that_have_other_keys(tiny: Package, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    pair = filling.read(tiny, []).pairs[0]
    entry = judge_in(tiny, log, "unsure", pair["record"], pair["target"], actor="desk", why="seen", at=AT)
    again = filling.read(tiny, entries(log))
    assert (again.body["moved"], again.body["lost"]) == ({}, [])
    assert again.body["numbers"][pair["target"]] == pair["body"]["right"]["words"]["company_number"][0]
    retract_in(log, entry.id, actor="desk", why="no", at=AT)
    assert filling.read(tiny, entries(log)).body["moved"] == {}


def test_filling_in_is_done_once_and_goes_with_its_package(small: Shown, tiny: Package, tmp_path: Path) -> None:
    shown = Shown.objects.get(pk=small.pk)
    Shown.objects.filter(pk=shown.pk).update(name=tiny.name)
    shown.refresh_from_db()
    Pair.objects.create(package="gone", number=1, key="0" * 16, record="a:1", target="b:1")
    done = actions.fill_queue(package=shown, path=tiny.path, viewer=OPERATOR)
    assert done == Pair.objects.count() == Filled.objects.get().kept > 0
    assert actions.fill_queue(package=shown, path=tiny.path, viewer=OPERATOR) == 0
    assert len(queue.waiting(DESK)) == done
    first = queue.waiting(DESK)[0]
    viewer = actions_reader()
    actions.judge_link(key=first.key, kind="different", viewer=viewer, at=datetime(2026, 11, 22, tzinfo=UTC))  # type: ignore[arg-type]  # a Viewer
    assert actions.fill_queue(package=shown, path=tiny.path, viewer=OPERATOR, again=True) == done
    assert [one.key for one in queue.waiting(DESK)] == [
        one["key"] for one in filling.read(tiny, []).pairs if one["key"] != first.key
    ]
    assert connection.in_atomic_block


def test_a_judgement_of_the_desk_holds_by_the_next_build(small: Shown, tiny: Package, tmp_path: Path) -> None:
    """The entry that the web app writes is one that a build goes by, and the next package's queue does without it."""
    from lifecluster.web.directory.logbook import log
    from lifecluster.web.directory.viewer import Viewer

    Shown.objects.filter(pk=small.pk).update(name=tiny.name)
    actions.fill_queue(package=Shown.objects.get(), path=tiny.path, viewer=OPERATOR)
    first = queue.waiting(DESK)[0]
    desk = Viewer(frozenset({"desk"}), actor="person:one")
    actions.judge_link(key=first.key, kind="same", viewer=desk, at=datetime(2026, 11, 22, tzinfo=UTC))
    path = tmp_path / "log.jsonl"
    path.write_text("".join(entry.to_json() + "\n" for entry in log.entries()), "utf-8")
    after = built(inputs(tmp_path / "inputs"), tmp_path / "out", path)
    link = after.scan("links").filter(pl.col("record") == first.record).collect().row(0, named=True)
    assert (link["band"], link["target"]) == ("auto", first.target)
    assert (first.record, first.target) not in ends(filling.read(after, entries(path)))
