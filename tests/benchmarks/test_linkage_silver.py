"""Silver labels: every supplier is counted once, and in the right place."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.linkage.silver import judge, main, read

SCHEMA = {"record": pl.String, "company_number": pl.String, "org_id": pl.List(pl.String)}


def suppliers() -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("right-auto", "00000001", ["GB-COH-00000001"]),
            ("right-review", "00000002", ["GB-COH-2"]),
            ("wrong", "00000003", ["GB-COH-00000003"]),
            ("missed", "00000004", ["GB-CHC-9", "GB-COH-00000004"]),
            ("absent-auto", "00000091", ["GB-COH-00000091"]),
            ("absent-review", "00000092", ["GB-COH-00000092"]),
            ("absent-none", "00000093", ["GB-COH-00000093"]),
            ("odd", None, ["GB-COH-123456789"]),
            ("other-scheme", "00000001", ["GB-CHC-1"]),
            ("none-stated", None, None),
        ],
        schema=SCHEMA,
        orient="row",
    )


def answers() -> pl.DataFrame:
    said = [
        ("right-auto", "00000001", "auto"),
        ("right-review", "00000002", "review"),
        ("wrong", "00000001", "auto"),
        ("missed", "", "none"),
        ("absent-auto", "00000001", "auto"),
        ("absent-review", "00000002", "review"),
        ("absent-none", "", "none"),
        ("odd", "00000001", "auto"),
        ("other-scheme", "00000002", "auto"),
        ("none-stated", "00000001", "auto"),
    ]
    return pl.DataFrame(said, schema=["id", "company_number", "band"], orient="row")


def test_every_supplier_is_counted_in_its_place() -> None:
    got = judge(suppliers(), answers(), pl.Series([f"0000000{i}" for i in range(1, 6)]))
    assert (got.register, got.suppliers, got.stated, got.usable) == (5, 10, 8, 7)
    assert (got.checkable, got.right, got.wrong, got.missed) == (4, 2, 1, 1)
    assert (got.right_auto, got.wrong_auto) == (1, 1)
    assert (got.absent, got.false_auto, got.false_review) == (3, 1, 1)
    assert got.checkable + got.absent == got.usable
    assert got.right + got.wrong + got.missed == got.checkable


def test_nothing_to_check() -> None:
    got = judge(suppliers().head(0), answers().head(0), pl.Series([], dtype=pl.String))
    assert (got.suppliers, got.checkable, got.absent) == (0, 0, 0)


def test_without_data_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LIFECLUSTER_DATA", raising=False)
    assert main() == 1
    assert "LIFECLUSTER_DATA is not set" in capsys.readouterr().out


def test_the_real_notices_have_suppliers_with_numbers(data_dir: Path) -> None:
    found, companies = read(data_dir)
    assert found.height > 50
    assert found["company_number"].is_not_null().sum() > 20
    assert companies["company_number"].n_unique() == companies.height > 70_000
