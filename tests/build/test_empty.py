"""A folder whose organisations all lie elsewhere makes no package, and says where they lie."""

from __future__ import annotations

import pytest

from lifecluster.register.package import Package
from tests.commands.tiny import COMPANY_COLUMNS, company_rows, refused, run, table

COMPANIES = "BasicCompanyData-2026-10-01.csv"
FAR = (
    ("Far Away Pharma Limited", "09100007", "1 Quay", "PLYMOUTH", "PL1 0AA", "21200"),
    ("Farther Pharma Limited", "09100008", "2 Quay", "TRURO", "TR1 0AA", "21200"),
    ("Near Pharma Limited", "09100009", "3 Quay", "CHELTENHAM", "GL50 0AA", "21200"),
    ("Nowhere Pharma Limited", "09100010", "4 Quay", "NOWHERE", "", "21200"),
)  # fmt: skip
HAULAGE = (("Plainfield Haulage Limited", "09100005", "9 Dock Road", "BIRMINGHAM", "B1 0AA", "49410"),)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECLUSTER_HOME", str(tmp_path / "home"))
    (tmp_path / "in").mkdir()

    def write(firms):
        (tmp_path / "in" / COMPANIES).write_text(table(COMPANY_COLUMNS, *company_rows(firms)), "utf-8")
        return tmp_path / "in"

    return write


def test_all_outside_is_refused_with_the_nearest_places(folder, tmp_path):
    ran = run("build", "--from", folder(FAR), "--out", tmp_path / "p", "--at", "2026-11-01")
    refused(ran, "4 rows were read", "Cheltenham (1 row, ", "Plymouth (1 row, ", "1 have no postcode", "--profile")
    told = " ".join(ran.err.split())
    assert told.index("Cheltenham") < told.index("Plymouth")
    assert not (tmp_path / "p").exists() or list((tmp_path / "p").iterdir()) == []


def test_the_package_before_stays(folder, tmp_path):
    near = ("Quarndale Therapeutics Limited", "09100001", "1 Mill Lane", "NOTTINGHAM", "NG1 0AA", "72110")
    build = ("build", "--out", tmp_path / "p", "--at", "2026-11-01", "--from")
    assert run(*build, folder((near, *FAR))).code == 0
    before = Package(tmp_path / "p").name
    refused(run(*build, folder(FAR)), "nothing is built")
    assert Package(tmp_path / "p").name == before
    assert Package(tmp_path / "p").verify() == []


def test_inside_but_of_another_industry(folder, tmp_path):
    ran = run("build", "--from", folder(HAULAGE), "--out", tmp_path / "p", "--at", "2026-11-01")
    refused(ran, "1 organisations lie in it, but no definition counts them")
