"""`lifecluster judge train`: learns from a log, keeps what is better, and builds use it and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecluster.register.judgement import JudgementBook
from lifecluster.register.linkage.learnt import LAYER, TRAINING
from lifecluster.register.linkage.scorer import shipped
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package

from .tiny import conforms, refused, run, write_inputs

AT = "2026-11-01T00:00:00+00:00"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFECLUSTER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def write(path: Path, count: int) -> None:
    """Judgements with a pattern: without a postcode in common people say different, whatever the scorer thinks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = JudgementBook(FileLog(path))
    for i in range(count):
        near = i % 2 == 0
        scored = {"probability": 0.9, "measures": {"postcode": 4.0 if near else -1.0, "strings": 0.97}}
        book.judge("same" if near else "different", f"list/organisation:{i}", f"companies-house/organisation:{i}",
                   actor="desk", why="seen", at=AT, evidence={"scored": scored}, model=shipped().version)  # fmt: skip


def test_nothing_to_learn_from(home: Path) -> None:
    home.mkdir(exist_ok=True)
    told = run("judge", "train", "--json").json
    conforms(told, "judge train")
    assert (told["accepted"], told["judgements"], told["gain"]) == (False, 0, None)
    assert "cannot tell yet" in run("judge", "train").out
    refused(run("judge", "train", "--log", home / "none.jsonl"), "no such log")


def test_what_is_learnt_is_used_by_the_next_build_and_stands_in_its_manifest(home: Path, tmp_path: Path) -> None:
    write(home / "log.jsonl", 60)
    dry = run("judge", "train", "--dry", "--json").json
    folder = home / "linkage" / "model"
    assert dry["accepted"]
    assert not folder.exists()
    told = run("judge", "train", "--json").json
    conforms(told, "judge train")
    assert told["gain"][1] > 0
    assert told["after"]["log_loss"] < told["before"]["log_loss"]
    assert (folder / LAYER).is_file()
    assert (folder / TRAINING).is_file()
    assert "the next build uses it" in run("judge", "train").out
    inputs = write_inputs(tmp_path / "inputs")
    path = inputs / "members.csv"
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\nHestring Diagnostics Ltd,,,Tests\n", "utf-8")
    packages = []
    for out in ("one", "two"):
        ran = run("build", "--from", inputs, "--out", tmp_path / out, "--fresh", "--at", "2026-11-01")
        assert ran.code == 0, ran.err
        assert f"layer {told['layer']}" in ran.out
        packages.append(Package(tmp_path / out).whole)
    one, two = packages
    assert one.manifest == two.manifest
    assert one.manifest["layer"]["weights"]["postcode"] > 0
    (folder / LAYER).unlink()
    assert run("build", "--from", inputs, "--out", tmp_path / "three", "--fresh", "--at", "2026-11-01").code == 0
    plain = Package(tmp_path / "three").whole
    assert "layer" not in plain.manifest
    assert plain.name != one.name
    reasons = {p: " ".join(p.table("links")["reasons"].drop_nulls()) for p in (one, plain)}
    assert "judg" in reasons[one]
    assert "judg" not in reasons[plain]
