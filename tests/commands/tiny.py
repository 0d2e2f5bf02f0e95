"""A region of a handful of invented companies in the layouts of the official files, and the command line run on it."""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from lifecluster import schemas
from lifecluster.cli import main
from lifecluster.register.package import Package
from lifecluster.sources.registry import sources

COMPANY_COLUMNS = list(sources()["companies-house"].spec.columns)
FIRMS = (
    ("Quarndale Therapeutics Limited", "09100001", "1 Mill Lane", "NOTTINGHAM", "NG1 0AA", "72110"),
    ("Quarndale Wound Care Ltd", "09100002", "2 Mill Lane", "NOTTINGHAM", "NG1 0AB", "32500"),
    ("Bramlow Surgical Instruments Ltd", "09100003", "7 Forge Road", "DERBY", "DE1 0AA", "32500"),
    ("Hestering Diagnostics Limited", "09100004", "3 Canal Street", "LEICESTER", "LE1 0AA", "72110"),
    ("Plainfield Haulage Limited", "09100005", "9 Dock Road", "BIRMINGHAM", "B1 0AA", "49410"),
    ("Ostlebury Consulting Limited", "09100006", "4 Castle Yard", "LINCOLN", "LN1 0AA", "82990"),
    ("Far Away Pharma Limited", "09100007", "1 Quay", "PLYMOUTH", "PL1 0AA", "21200"),
)  # fmt: skip
TRUSTS = (
    ("ZX1", "SHERVALE UNIVERSITY HOSPITALS NHS TRUST", "NG7 0AA"),
    ("ZX2", "TRENTWATER NHS FOUNDATION TRUST", "DE22 0AA"),
)
MEMBERS = (
    ("Name", "Post code", "Segment", "What it does"),
    ("Quarndale Therapeutics", "NG1 0AA", "PHC", "Develops gene therapies"),
    ("Bramlow Surgical Instruments Ltd", "DE1 0AA", "MTM", "Makes scalpels"),
    ("Ostlebury Consulting", "LN1 0AA", "MTU", "Advises makers of medical devices"),
    ("Unknown Wound Dressings Cooperative", "S1 0AA", "", "Makes dressings"),
    ("Vellmoor Imaging Works", "CV1 0AA", "MTD", "Makes ultrasound probes"),
    ("Hestering Diagnostics Limited", "LE1 0AA", "MTB", "Makes lateral flow tests"),
)
MEMBER = "tiny-members/organisation"
STRANGER = "Vellmoor Imaging Works"
"""A member that no company is named like: whatever the weights of linkage, it is linked to nothing."""


@dataclass(frozen=True)
class Ran:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


def run(*arguments: object) -> Ran:
    """The command line, as `main` runs it: exit code and what it wrote."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["lifecluster", *map(str, arguments)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return Ran(code, out.getvalue(), err.getvalue())


def refused(ran: Ran, *words: str) -> None:
    """Exit code 1 and one clear line on standard error that names the thing; nothing on standard output."""
    assert ran.code == 1, (ran.out, ran.err)
    lines = " ".join(ran.err.split())
    assert lines.startswith("error: ") and lines.count("error: ") == 1
    assert "Traceback" not in ran.err
    for word in words:
        assert word in lines, lines
    assert ran.out == ""


def conforms(value: object, command: str) -> None:
    """Raise unless `value` is as the schema of the command says."""
    everything = [Resource.from_contents(schemas.schema(name)) for name in schemas.names()]
    registry: Registry[Any] = Registry().with_resources((one.id() or "", one) for one in everything)
    Draft202012Validator(schemas.schema(command), registry=registry).validate(value)


def pair(packages: Path) -> tuple[str, str]:
    """A member and a company that is not linked to it: records that a judgement can be about."""
    known = Package(packages).table("linked_records")
    return known.filter(name=STRANGER)["record"].item(), "companies-house/organisation:09100004"


def company_rows(firms: tuple[tuple[str, ...], ...] = FIRMS) -> list[list[str]]:
    rows = []
    for name, number, line, town, postcode, sic in firms:
        row = {"CompanyName": name.upper(), "CompanyNumber": number, "RegAddress.AddressLine1": line,
               "RegAddress.PostTown": town, "RegAddress.PostCode": postcode, "CompanyStatus": "Active",
               "CompanyCategory": "Private Limited Company", "CountryOfOrigin": "United Kingdom",
               "IncorporationDate": "10/05/2019", "SICCode.SicText_1": f"{sic} - As the register words it"}  # fmt: skip
        rows.append([row.get(column, "") for column in COMPANY_COLUMNS])
    return rows


def table(*rows: list[str] | tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def trust_rows() -> list[list[str]]:
    rows = []
    for code, name, postcode in TRUSTS:
        row = [code, name, "Y60", "QT1", "1 HOSPITAL WAY", "", "", "NOTTINGHAM", "", postcode, "20010401"]
        rows.append([*row, *[""] * 10, "0", *[""] * 5])
    return rows


def write_inputs(folder: Path) -> Path:
    """A folder of inputs: companies, trusts, a members' list with its mapping, and a file that is nothing."""
    folder.mkdir(parents=True)
    (folder / "BasicCompanyData-2026-10-01.csv").write_text(table(COMPANY_COLUMNS, *company_rows()), "utf-8")
    (folder / "trusts.csv").write_text(table(*trust_rows()), "utf-8")
    (folder / "inputs.yml").write_text(yaml.safe_dump({"trusts.csv": {"rows": {"min": 1, "max": 600}}}), "utf-8")
    (folder / "members.csv").write_text(table(*MEMBERS), "utf-8")
    properties = ("name", "postcode", "segment", "description")
    mapping = {
        "list": "members.csv", "name": "tiny-members", "title": "Members of a tiny network", "publisher": "Nobody",
        "licence": {"id": "CC0-1.0", "title": "Creative Commons Zero"}, "rank": "member", "observed_on": "2026-03-31",
        "scope": "always", "visibility": "public", "confirmed": True,
        "columns": {column: {"property": p} for column, p in zip(MEMBERS[0], properties, strict=True)},
    }  # fmt: skip
    (folder / "members.csv.mapping.yml").write_text(yaml.safe_dump(mapping, sort_keys=False), "utf-8")
    (folder / "notes.txt").write_text("nothing that a source would know\n", "utf-8")
    return folder
