"""A package is whole or not there, the same for the same inputs, and valid for somebody else's validator."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import frictionless
import polars as pl
import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.register import package

FRAME = pl.DataFrame({
    "id": ["a", "b", "c"], "n": [1, None, 3], "x": [1.5, None, 2.0], "day": [date(2020, 1, 1), None, date(2021, 1, 1)],
    "words": [["p", "q"], None, []], "flag": [True, None, False], "text": ["ü", "<b>", None],
})  # fmt: skip
LICENCES = [{"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0"}]


def write(out: Path, name: str = "r-1", frame: pl.DataFrame = FRAME) -> package.Package:
    tables = {"things": package.Table(frame, "Things.", ("id",), {"n": "how many"})}
    return package.write(out, name=name, title="Test", tables=tables, manifest={"inputs": []}, licences=LICENCES,
                         files={"log.jsonl": b"{}\n"})  # fmt: skip


def test_it_reads_back_as_written_and_frictionless_agrees(tmp_path):
    made = write(tmp_path)
    assert package.Package(tmp_path).table("things").equals(FRAME)
    assert made.verify() == []
    report = frictionless.validate(str(made.path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_same_content_same_bytes(tmp_path):
    one, two = write(tmp_path / "1"), write(tmp_path / "2")
    files = sorted(p.name for p in one.path.iterdir())
    assert files == ["datapackage.json", "log.jsonl", "things.parquet"]
    assert all((one.path / f).read_bytes() == (two.path / f).read_bytes() for f in files)


def test_a_later_package_becomes_the_current_one_and_the_earlier_stays(tmp_path):
    first = write(tmp_path)
    second = write(tmp_path, "r-2", FRAME.head(1))
    assert package.Package(tmp_path).name == "r-2"
    assert second.table("things").height == 1
    assert first.table("things").height == 3
    write(tmp_path)
    assert package.Package(tmp_path).name == "r-1", "writing what is there already makes it current again"


def test_damage_is_seen(tmp_path):
    made = write(tmp_path)
    (made.path / "things.parquet").write_bytes(b"no")
    (made.path / "log.jsonl").unlink()
    assert made.verify() == ["log.jsonl", "things.parquet"]


def test_what_is_no_package_and_what_is_no_table_are_named(tmp_path):
    with pytest.raises(InputError, match=tmp_path.name):
        package.Package(tmp_path)
    with pytest.raises(LifeclusterError, match="it has things"):
        write(tmp_path).table("other")


@pytest.mark.parametrize("step", ["_write_table", "_settle", "rename", "_point"])
def test_a_build_killed_at_any_step_leaves_the_earlier_package(tmp_path, step):
    write(tmp_path)
    program = textwrap.dedent(f"""
        import os, pathlib, signal, sys
        sys.path[:0] = {[str(Path(__file__).parents[2])]!r}
        from lifecluster.register import package
        from tests.register.test_package import write, FRAME
        def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)
        if {step!r} == "rename": pathlib.Path.rename = die
        else: package.{step if step != "rename" else "_point"} = die if {step!r} != "rename" else package._point
        write(pathlib.Path(sys.argv[1]), "r-2", FRAME.head(1))
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert package.Package(tmp_path).name == "r-1"
    assert package.Package(tmp_path).verify() == []
    assert write(tmp_path, "r-2", FRAME.head(1)).table("things").height == 1, "and the next try succeeds"
    assert package.Package(tmp_path).name == "r-2"


def test_a_failure_leaves_no_draft(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "_settle", lambda folder: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_version_hangs_on_every_part_of_the_manifest():
    one = package.version_of({"inputs": ["a"], "at": date(2026, 1, 1)})
    assert one == package.version_of({"at": date(2026, 1, 1), "inputs": ["a"]})
    assert one != package.version_of({"inputs": ["b"], "at": date(2026, 1, 1)})
