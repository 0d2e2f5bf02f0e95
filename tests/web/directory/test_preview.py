"""What `load` says of a package before it is loaded: that something changed is never told as nothing."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from lifecluster.commands import preview as told
from lifecluster.web.directory import actions
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.commands.tiny import conforms
from tests.web.directory import making
from tests.web.directory.making import org

LATER = pl.Series(["2026-09-01"]).str.to_date()[0]


def printed(preview: actions.Preview, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, list[int]]]:
    """All that is printed, and the numbers of each line of the table."""
    told.told_of(preview)
    text = capsys.readouterr().out
    rows = [line.split() for line in text.splitlines() if re.match(r"[a-z]+ +\d", line)]
    return text, {name: [int(n) for n in numbers] for name, *numbers in rows}


def previewed(folder: Path, *extra: dict[str, object]) -> actions.Preview:
    path = making.small(folder, "small-2", extra=list(extra)).path
    found = actions.preview_package(path=path, viewer=OPERATOR)
    conforms({**told.described(found), "loaded": False}, "load")
    return found


def test_a_value_that_is_shown_is_told_with_what_it_was(
    small: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = previewed(tmp_path / "2", *making.said(org("alpha"), {"employees": 77}, observed_on=LATER))
    text, rows = printed(found, capsys)
    assert rows["organisations"] == [0, 1, 0, 0, 0, 4]
    assert re.search(rf"{org('alpha')}  .*employees 3\d -> 77", text)


def test_what_only_members_see_and_what_is_said_twice_is_not_told_as_nothing(
    small: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = making.said(org("beta"), {"website": "https://beta.example"}, visibility="members")
    twice = making.said(org("gamma"), {"name": "Gamma University"}, source="bench-list")
    text, rows = printed(previewed(tmp_path / "2", *closed, *twice), capsys)
    assert rows["organisations"] == [0, 1, 0, 0, 1, 3]
    assert re.search(rf"changed: Gamma University  {org('gamma')}  .*sources", text)
    assert org("beta") not in text
    assert "other evidence: the same values are shown" in text


def test_the_same_again_is_as_before(small: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows = printed(previewed(tmp_path / "2"), capsys)
    assert all(numbers[:5] == [0] * 5 for numbers in rows.values())
    assert rows["organisations"][5] == 5


def test_the_first_package_changes_nothing_and_is_counted(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, rows = printed(previewed(tmp_path / "2"), capsys)
    assert rows == {}
    assert text.startswith("Nothing is shown yet. small-2 has 5 organisations, ")
    assert "changed" not in text
