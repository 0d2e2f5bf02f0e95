"""The lists of claims and definitions on a terminal of 80 columns, and what `--from` says of a folder."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from lifecluster.commands.common import out
from lifecluster.figures.claim import claims
from lifecluster.figures.inputs import TABLES
from lifecluster.register.definition import load_definitions
from lifecluster.sources.registry import sources
from tests.commands.tiny import conforms, run


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(out, "_width", 80)


@pytest.mark.parametrize("command", [("claims", "list"), ("definitions", "list"), ("claims", "compute", "jobs"),
                                     ("claims", "explain", "jobs")])  # fmt: skip
def test_no_line_is_too_long_and_no_word_is_cut(command: tuple[str, ...], narrow: None) -> None:
    told = run(*command).out
    assert all(len(line) <= 80 or "://" in line for line in told.splitlines())
    assert "…" not in told
    if command == ("claims", "list"):
        words = [
            word
            for claim in claims()
            for word in (claim.name, *claim.sentence.split(), *(b.label for b in claim.bases))
        ]
        assert all(word in told for word in words)
    if command == ("definitions", "list"):
        assert all(word in told for d in load_definitions() for word in (d.name, *d.title.split(), *d.effect.split()))


def test_a_folder_says_what_was_read_of_which_years(tmp_path: Path) -> None:
    rows = [("release", "geography", "sector", "measure", "value", "unit", "source"),
            ("2024/25", "East Midlands", "all", "turnover", "9.9", "GBP bn", "https://example.org/")]  # fmt: skip
    with (tmp_path / "figures.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    told = run("claims", "compute", "jobs", "--from", tmp_path)
    assert f"Read from {tmp_path}: figures.csv (sector-figures, 2024/25)" in told.out
    found = run("claims", "compute", "jobs", "--from", tmp_path, "--json").json
    conforms(found, "claims compute")
    assert found["read"]["files"] == [{"file": "figures.csv", "source": "sector-figures", "vintage": "2024/25"}]
    assert run("claims", "compute", "jobs", "--json").json["read"] is None


def test_a_folder_of_no_use_says_what_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("nothing", "utf-8")
    told = run("claims", "compute", "jobs", "--from", tmp_path).out
    assert "[unknown]" not in told
    assert f"Nothing in {tmp_path} is a statistical file" in told
    for name in TABLES:
        assert f"{name}: " in told
        assert ", ".join(sources()[name].spec.recognise.header) in told
