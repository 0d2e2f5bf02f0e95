"""What is for members alone is in no column that everybody gets: neither as it is nor as what follows from it."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import polars as pl
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.build import public as seen
from lifecluster.build.run import Request, build
from lifecluster.region import load_region
from lifecluster.register.package import Package
from tests.commands import tiny

LEVELS = st.sampled_from(["public", "members", "desk", None])


@given(rows=st.lists(st.lists(st.tuples(st.text(max_size=3), LEVELS), max_size=4), min_size=1, max_size=5))
def test_of_several_values_those_that_are_public_stay(rows: list[list[tuple[str, str | None]]]) -> None:
    frame = pl.DataFrame(
        {"c": [[v for v, _ in row] for row in rows], "c__visibility": [[level for _, level in row] for row in rows]},
        schema={"c": pl.List(pl.String), "c__visibility": pl.List(pl.String)},
    )
    shown = [value or [] for value in seen._shown(frame)["c"].to_list()]
    assert shown == [[v for v, level in row if level in {"public", None}] for row in rows]


@given(rows=st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 9)), LEVELS), min_size=1, max_size=6))
def test_a_single_value_stays_or_is_unknown(rows: list[tuple[int | None, str | None]]) -> None:
    values, levels = zip(*rows, strict=True)
    frame = pl.DataFrame({"n": values, "n__visibility": levels}, schema={"n": pl.Int64, "n__visibility": pl.String})
    assert seen._shown(frame)["n"].to_list() == [v if level in {"public", None} else None for v, level in rows]


def built(folder: Path, visibility: str) -> Package:
    """Companies of the region; a list says of one of them that it works elsewhere and does something."""
    inputs = tiny.write_inputs(folder)
    rows = (
        ("Name", "Number", "Post code", "What it does"),
        ("Bramlow Surgical Instruments Ltd", "09100003", "NG7 2RD", "Zygomorphic flow cytometry for medical diagnosis"),
    )
    (inputs / "members.csv").write_text(tiny.table(*rows), "utf-8")
    path = inputs / "members.csv.mapping.yml"
    mapping = yaml.safe_load(path.read_text("utf-8"))
    properties = ("name", "company_number", "postcode", "description")
    mapping |= {"visibility": visibility, "address_is": "working",
                "columns": {c: {"property": p} for c, p in zip(rows[0], properties, strict=True)}}  # fmt: skip
    path.write_text(yaml.safe_dump(mapping, sort_keys=False), "utf-8")
    request = Request(region=load_region("midlands"), inputs=inputs, out=folder.parent / "out", at=date(2026, 10, 1))
    return build(request).package


def told(package: Package) -> str:
    """All that stands for everybody in the tables: in every one but the statements."""
    frames = (package.table(name) for name in sorted(package.tables) if name != "statements")
    rows = itertools.chain.from_iterable(frame.rows() for frame in frames)
    return "\n".join(map(repr, rows))


def test_a_value_for_members_moves_nothing_that_everybody_sees(tmp_path: Path) -> None:
    open_, closed = built(tmp_path / "a" / "in", "public"), built(tmp_path / "b" / "in", "members")
    for package in (open_, closed):
        statements = package.table("statements").filter(pl.col("value").str.contains("Zygomorphic"))
        assert statements.height == 1
    assert "Zygomorphic" in told(open_)
    assert "Zygomorphic" not in told(closed)
    assert "NG7 2RD" in told(open_)
    assert "NG7 2RD" not in told(closed)

    def sources(package: Package) -> list[str]:
        every = package.whole.table("organisations")
        return list(every.filter(pl.col("company_number") == "09100003")["sources"].item())

    assert sources(open_) == ["companies-house", "tiny-members"]
    assert sources(closed) == ["companies-house"]

    def place(package: Package) -> tuple[str, str]:
        every = package.whole.table("organisations")
        row = every.filter(pl.col("company_number") == "09100003").row(0, named=True)
        return row["lad"], row["place_basis"]

    assert place(open_) == ("E06000018", "site")
    assert place(closed)[0] == "E06000015"
