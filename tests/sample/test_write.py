"""Determinism, independence of themes, and refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.sample import write_sample
from lifecluster.sample.model import World
from lifecluster.sample.streams import Stream
from lifecluster.sample.theme import Output
from lifecluster.sample.themes import registers
from lifecluster.sample.write import THEMES, inputs_yml
from tests.sample.conftest import Written

SLOW = frozenset({"companies"})


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_same_seed_same_bytes(written: Written, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_sample(again, seed=1, truth=tmp_path / "truth.csv")
    assert _bytes(again) == _bytes(written.folder)
    assert (tmp_path / "truth.csv").read_bytes() == written.truth.read_bytes()


def test_another_seed_gives_other_bytes(written: Written, tmp_path: Path) -> None:
    write_sample(tmp_path, seed=2, without=SLOW)
    other, one = _bytes(tmp_path), _bytes(written.folder)
    assert all(other[name] != one[name] for name in other if not name.endswith(".yml"))


def test_a_theme_less_changes_no_other(written: Written, tmp_path: Path) -> None:
    left_out = SLOW | {"licences", "trusts", "members", "awards"}
    write_sample(tmp_path, seed=1, without=left_out)
    one, other = _bytes(written.folder), _bytes(tmp_path)
    gone = {
        "BasicCompanyData-sample.csv",
        "nhs-trusts-sample.csv",
        "members-sample.xlsx",
        "members-sample.xlsx.mapping.yml",
    }
    assert set(one) - set(other) == gone
    changed = {name for name in other if other[name] != one[name]}
    assert changed == {"exchange-sample.csv", "inputs.yml"}
    kept = [line for line in one["exchange-sample.csv"].splitlines() if not line.startswith((b"licence,", b"award,"))]
    assert kept == other["exchange-sample.csv"].splitlines()


def _plain(output: Output) -> tuple[object, ...]:
    return output.sheet.rows, output.files, output.truth


def test_themes_do_not_depend_on_their_order(world: World) -> None:
    light = [name for name in THEMES if name not in SLOW]
    forward = {name: _plain(THEMES[name](world, Stream(1, name))) for name in light}
    backward = {name: _plain(THEMES[name](world, Stream(1, name))) for name in reversed(light)}
    assert forward == backward


def test_the_background_is_no_part_of_the_spine(world: World, rows: list[dict[str, str]]) -> None:
    alone = registers.companies(world, Stream(1, "companies"), ordinary=False).files[0]
    lines = set(alone.content.decode().splitlines()[1:])
    assert len(lines) == 1150
    assert {row["CompanyNumber"] for row in rows} > {line.split('","')[1] for line in lines}


def test_the_summary_counts_what_is_there(written: Written) -> None:
    summary = written.summary
    assert (summary.organisations, summary.companies, summary.background) == (1200, 1150, 40_000)
    assert summary.beyond == 90
    assert sum(summary.values.values()) == summary.rows["exchange-sample.csv"] == written.exchange().height
    assert summary.sites == written.exchange().filter(kind="site")["key"].n_unique()


def test_progress_is_told_for_every_theme(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_sample(tmp_path, without=frozenset(THEMES) - {"groups"}, progress=lambda *step: told.append(step))
    assert [name for name, _, _ in told] == list(THEMES)
    assert told[-1][1:] == (len(THEMES) - 1, len(THEMES))


def test_unknown_themes_negative_seeds_and_truth_among_the_inputs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LifeclusterError, match="no such theme"):
        write_sample(tmp_path, without=frozenset({"weather"}))
    with pytest.raises(LifeclusterError, match="negative"):
        write_sample(tmp_path, seed=-1)
    with pytest.raises(LifeclusterError, match="outside"):
        write_sample(tmp_path, truth=tmp_path / "deep" / "truth.csv")
    assert not list(tmp_path.iterdir())


def test_the_list_of_inputs_says_what_it_is(written: Written) -> None:
    text = (written.folder / "inputs.yml").read_text("utf-8")
    assert text.startswith("# The sample region")
    assert "&id" not in text
    assert inputs_yml([]).startswith("#")
