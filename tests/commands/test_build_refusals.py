"""Folders that cannot be built: a message, an exit code, and the packages that are there stay as they are."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from pathlib import Path

import pytest
import yaml

from lifecluster.register.package import Package

from .tiny import COMPANY_COLUMNS, FIRMS, company_rows, refused, run, table, write_inputs

COMPANIES = "BasicCompanyData-2026-10-01.csv"


def state(folder: Path) -> dict[str, str]:
    """Every file below a folder of packages with its hash, and where `current` points."""
    found = {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
             for p in sorted(folder.rglob("*")) if p.is_file()}  # fmt: skip
    return {**found, "current": str((folder / "current").readlink())}


@pytest.fixture
def built(tmp_path):
    """A folder of inputs and a folder with one good package of it."""
    inputs, out = write_inputs(tmp_path / "inputs"), tmp_path / "packages"
    assert run("build", "--from", inputs, "--out", out).code == 0
    return inputs, out


def refuses(inputs: Path, out: Path, *words: str) -> None:
    """The build is refused, and what was there before is there still: nothing half written, no more, no less."""
    before = state(out)
    refused(run("build", "--from", inputs, "--out", out), *words)
    assert state(out) == before
    assert Package(out).verify() == []


def test_a_folder_that_is_not_there(built, tmp_path):
    refuses(tmp_path / "nowhere", built[1], "nowhere")


def test_an_empty_folder(built, tmp_path):
    (tmp_path / "empty").mkdir()
    refuses(tmp_path / "empty", built[1], "empty", "no file")


def test_a_folder_with_nothing_that_can_be_used(built, tmp_path):
    folder = tmp_path / "useless"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear members,\n", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (folder / "empty.csv").write_bytes(b"")
    (folder / "list.csv").write_text("Name,Postcode\nA Ltd,NG1 0AA\n", "utf-8")
    refuses(folder, built[1], "useless", "no file")


def test_a_first_build_that_fails_leaves_no_package(tmp_path):
    (tmp_path / "empty").mkdir()
    refused(run("build", "--from", tmp_path / "empty", "--out", tmp_path / "p"))
    assert not (tmp_path / "p").exists() or list((tmp_path / "p").iterdir()) == []


def test_a_truncated_gzip(built):
    inputs, out = built
    many = table(COMPANY_COLUMNS, *(company_rows()[i % len(FIRMS)] for i in range(5_000)))
    packed = gzip.compress(many.encode())
    (inputs / COMPANIES).unlink()
    (inputs / "companies.csv.gz").write_bytes(packed[: len(packed) - 40])
    refuses(inputs, out, "companies.csv.gz", "damaged or cut short")


def test_a_gzip_cut_so_early_that_no_source_knows_it_is_left_out_with_the_reason(built):
    inputs, out = built
    (inputs / "more.csv.gz").write_bytes(gzip.compress(table(COMPANY_COLUMNS).encode())[:30])
    assert run("build", "--from", inputs, "--out", out).code == 0
    left = dict(Package(out).table("left").iter_rows())
    assert "damaged or cut short" in left["more.csv.gz"]


@pytest.mark.parametrize("extra", ["CompanyName", "RegAddress.PostCode"])
def test_a_column_that_is_there_twice(built, extra):
    inputs, out = built
    rows = [[*row, "AGAIN"] for row in company_rows()]
    (inputs / COMPANIES).write_text(table([*COMPANY_COLUMNS, extra], *rows), "utf-8")
    refuses(inputs, out, COMPANIES, extra)


def test_a_column_that_is_missing(built):
    inputs, out = built
    gone = COMPANY_COLUMNS.index("CompanyCategory")
    rows = [COMPANY_COLUMNS, *company_rows()]
    (inputs / COMPANIES).write_text(table(*([*row[:gone], *row[gone + 1 :]] for row in rows)), "utf-8")
    refuses(inputs, out, COMPANIES, "CompanyCategory")


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_bomb(built, kind):
    inputs, out = built
    head = table(COMPANY_COLUMNS, *company_rows()).encode() + (b"x" * (1 << 20) + b"\n") * 72
    (inputs / COMPANIES).unlink()
    bomb = inputs / f"companies.csv.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("companies.csv", head)
    else:
        bomb.write_bytes(gzip.compress(head))
    refuses(inputs, out, bomb.name, "bomb")


def test_fewer_rows_than_the_source_has(built):
    inputs, out = built
    (inputs / "inputs.yml").unlink()
    refuses(inputs, out, "trusts.csv", "2 rows", "150")


def test_bounds_of_ones_own(built):
    inputs, out = built
    stated = {"trusts.csv": {"rows": {"min": 1, "max": 600}}, COMPANIES: {"rows": {"min": 100, "max": 200}}}
    (inputs / "inputs.yml").write_text(yaml.safe_dump(stated), "utf-8")
    refuses(inputs, out, COMPANIES, "7 rows", "100")


@pytest.mark.parametrize(
    ("text", "word"),
    [("trusts.csv: [", "YAML"), ("- a\n", "mapping of file names"), ("trusts.csv: {source: the-moon}", "the-moon"),
     ("trusts.csv: {rows: {min: some}}", "rows")],
)  # fmt: skip
def test_settings_that_are_wrong(built, text, word):
    inputs, out = built
    (inputs / "inputs.yml").write_text(text, "utf-8")
    refuses(inputs, out, "inputs.yml", word)


def test_the_same_file_twice_counts_once_and_is_reported(built):
    inputs, out = built
    (inputs / "zz-copy.csv").write_bytes((inputs / COMPANIES).read_bytes())
    counts = run("build", "--from", inputs, "--out", out, "--json").json
    assert counts["sources"]["companies-house"]["files"] == 1
    assert counts["sources"]["companies-house"]["read"] == len(FIRMS)
    assert counts["left"] == 2
    assert f"the same file as {COMPANIES}" in dict(Package(out).table("left").iter_rows())["zz-copy.csv"]
    told = run("build", "--from", inputs, "--out", out).out
    assert "zz-copy.csv" in told
    assert "the same file as" in told


def test_a_list_that_nobody_confirmed_is_left_out_with_the_reason(built):
    inputs, out = built
    mapping = inputs / "members.csv.mapping.yml"
    mapping.write_text(mapping.read_text("utf-8").replace("confirmed: true", "confirmed: false"), "utf-8")
    assert run("build", "--from", inputs, "--out", out).code == 0
    assert "confirm" in dict(Package(out).table("left").iter_rows())["members.csv"]


def test_a_build_that_dies_while_writing_leaves_the_earlier_package(built, monkeypatch):
    inputs, out = built
    trusts = inputs / "trusts.csv"
    trusts.write_text(trusts.read_text("utf-8").replace("TRENTWATER", "TRENTSIDE"), "utf-8")
    before = state(out)

    def full(*_arguments, **_keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lifecluster.register.package._settle", full)
    ran = run("build", "--from", inputs, "--out", out)
    refused(ran, "No space left on device")
    assert state(out) == before
