"""A small invented register, and its index."""

from __future__ import annotations

import polars as pl
import pytest

from lifecluster.register.linkage.index import Index, build_index

ROWS = [
    ("01000001", "ZORBIX BIOLOGICS LIMITED", "S10 2TN", "12 HIGH STREET", "SHEFFIELD", []),
    ("01000002", "ZORBIX BIOLOGICS HOLDINGS LIMITED", "S10 2TN", "12 HIGH STREET", "SHEFFIELD", []),
    (
        "01000003",
        "QUENDALE PHARMACEUTICALS LTD",
        "LS1 4AP",
        "UNIT 3, 9 MILL LANE",
        "LEEDS",
        ["OLDMARK REAGENTS LIMITED"],
    ),
    ("01000004", "TARVEN MEDICAL DEVICES PLC", "B1 1AA", "1 STATION ROAD", "BIRMINGHAM", []),
    ("01000005", "VESSERLY DIAGNOSTICS (UK) LIMITED", "NG1 5AA", "7 PARK ROW", "NOTTINGHAM", []),
    ("SC000006", "MACROVAN OPTICAL SYSTEMS LTD", "G1 1AA", "2 CHURCH LANE", "GLASGOW", []),
    ("01000007", "PELLOW & TRENT ENGINEERING LLP", "DE1 1AA", "5 MARKET PLACE", "DERBY", []),
    ("01000008", "HEXAFOIL LIMITED", "S10 2TP", "14 HIGH STREET", "SHEFFIELD", []),
    ("01000009", "HEXAFOIL LTD", "CV1 1AA", "3 MILL LANE", "COVENTRY", []),
    ("01000010", "", "", "", "", []),
]


def frame(rows: list[tuple[str, str, str, str, str, list[str]]]) -> pl.DataFrame:
    names = ["company_number", "name", "postcode", "address", "town"]
    table = pl.DataFrame([row[:5] for row in rows], schema=dict.fromkeys(names, pl.String), orient="row")
    return table.with_columns(pl.Series("previous_names", [row[5] for row in rows], pl.List(pl.String)))


def crowd(count: int) -> list[tuple[str, str, str, str, str, list[str]]]:
    """A crowd of other companies, made by arithmetic."""
    first = [
        "alder",
        "birch",
        "cedar",
        "dorn",
        "ember",
        "fjell",
        "gorse",
        "hazel",
        "iris",
        "juniper",
        "kelp",
        "larch",
        "maple",
        "nettle",
        "olive",
    ]
    second = ["kin", "ton", "vale", "mere", "ford", "wick", "dale", "gate", "holm", "stead"]
    third = [
        "FOODS",
        "CARE",
        "MOTORS",
        "DESIGN",
        "PLUMBING",
        "RETAIL",
        "HOMES",
        "SECURITY",
        "CLEANING",
        "TRAVEL",
        "MEDIA",
    ]
    out = []
    for i in range(count):
        name = f"{first[i % 15]}{second[(i // 15) % 10]} {third[(i // 7) % 11]} LTD".upper()
        out.append(
            (f"{2_000_000 + i:08d}", name, f"M{1 + i % 30} {i % 9}AB", f"{i % 90 + 1} LONG ROAD", "MANCHESTER", [])
        )
    return out


@pytest.fixture(scope="session")
def register() -> pl.DataFrame:
    return frame([*ROWS, *crowd(600)])


@pytest.fixture(scope="session")
def index(register: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build_index(register, tmp_path_factory.mktemp("index"))
