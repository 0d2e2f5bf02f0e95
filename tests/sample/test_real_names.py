"""No organisation of the sample bears the name of one in the real files at hand, and no code is a real one's."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from lifecluster.sample.model import World
from lifecluster.sample.names import squeeze
from tests.sample.conftest import Written


def _column(path: Path, name: str, encoding: str = "utf8-lossy") -> list[str]:
    frame = pl.read_csv(path, infer_schema=False, encoding=encoding, truncate_ragged_lines=True, ignore_errors=True)
    return frame[name].drop_nulls().to_list()


def _real(data: Path) -> Iterator[str]:
    yield from _column(data / "companies/companies_house_south_yorkshire_live_geocoded.csv.gz", "CompanyName")
    basic = pl.read_csv(data / "companies/companies_house_basic_2020-06_sample87.csv", infer_schema=False)
    for column in basic.columns:
        if column.strip() == "CompanyName" or column.strip().endswith(".CompanyName"):
            yield from basic[column].drop_nulls().to_list()
    for name in ("etr_nhs_trusts_2026-01.csv", "eccg_icb_2026-01.csv"):
        with (data / "registers" / name).open(encoding="utf-8", newline="") as stream:
            yield from (row[1] for row in csv.reader(stream) if row)
    yield from _column(data / "research/ifs_knowledge_base_orgs.csv", "name")
    yield from _column(data / "research/euctr_trials_2018-01-17.csv.gz", "name_of_sponsor")
    yield from _column(data / "research/gtr_projects_2021_nopersons.csv", "LeadROName")
    with (data / "procurement/contracts_finder_ocds_first100.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            yield from (party["name"] for party in json.loads(line).get("parties", []) if "name" in party)
    for row in (data / "matching/nomenklatura_name_bench_organisations.csv").read_text("utf-8").splitlines()[1:]:
        yield from next(csv.reader([row]))


@pytest.fixture(scope="module")
def real(data_dir: Path) -> frozenset[str]:
    """Bare forms of all real names at hand."""
    names = frozenset(squeeze(name) for name in _real(data_dir)) - {""}
    assert len(names) > 80_000
    return names


def test_no_company_has_a_real_name(real: frozenset[str], rows: list[dict[str, str]]) -> None:
    columns = ["CompanyName", *(f"PreviousName_{i}.CompanyName" for i in range(1, 11))]
    ours = {squeeze(row[column]) for row in rows for column in columns if row[column]}
    assert len(ours) > 41_000
    assert sorted(ours & real) == []


def test_no_other_organisation_has_a_real_name(real: frozenset[str], world: World, written: Written) -> None:
    ours = {squeeze(body.name) for body in world.organisations} | {squeeze(group.name) for group in world.groups}
    strangers = pl.read_csv(written.truth, infer_schema=False).filter(noise="stranger")["written"]
    assert sorted((ours | {squeeze(name) for name in strangers}) & real) == []


def test_no_bare_head_is_a_real_name(real: frozenset[str], world: World) -> None:
    assert sorted({squeeze(body.head) for body in world.organisations} & real) == []


def test_codes_are_not_in_use(data_dir: Path, world: World) -> None:
    used: set[str] = set()
    for name in ("etr_nhs_trusts_2026-01.csv", "eccg_icb_2026-01.csv"):
        with (data_dir / "registers" / name).open(encoding="utf-8", newline="") as stream:
            used |= {cell for row in csv.reader(stream) for cell in (row[0], row[3])}
    assert not used & {body.key for body in world.of("nhs-trust", "icb")}
    assert not any(code.startswith(("RZ", "QZ")) for code in used)
    ukprns = _column(data_dir / "research/ifs_knowledge_base_orgs.csv", "registration_number")
    assert not set(ukprns) & {body.key for body in world.of("university")}
    assert not any(number.startswith("199") for number in ukprns)


def test_no_real_company_number_begins_as_ours(data_dir: Path) -> None:
    numbers = _column(data_dir / "companies/companies_house_south_yorkshire_live_geocoded.csv.gz", "CompanyNumber")
    assert not any(number.startswith("ZZ") for number in numbers)
