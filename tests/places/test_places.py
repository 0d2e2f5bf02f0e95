"""From postcodes to places, with the twin that joins, and the real files."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.places import Places
from lifecluster.places.areas import code_history
from lifecluster.places.places import encode
from lifecluster.region import load_region
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import sources

POSTCODES = pl.DataFrame(
    [
        ("S11 9PA", 10, 432859, 384914, "E08000039"),
        ("S11 9PB", 60, 432900, 384900, "E08000019"),
        ("S70 2SB", 50, 434093, 406347, "E08000016"),
        ("AB43 1AJ", 90, None, None, None),
        ("B1 1AA", 10, 406000, 286000, "E08000025"),
        ("ZZ1 1AA", 90, None, None, None),
    ],
    schema={"postcode": pl.String, "quality": pl.Int16, "easting": pl.Int32, "northing": pl.Int32, "lad": pl.String},
    orient="row",
)


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.of(POSTCODES)


def locate(places: Places, *postcodes: str | None) -> list[dict[str, object]]:
    frame = pl.DataFrame({"p": postcodes}, schema={"p": pl.String})
    return places.locate(frame, "p").drop("p").to_dicts()


def test_a_known_postcode_in_any_spelling(places: Places) -> None:
    expected = {"easting": 432859, "northing": 384914, "lad": "E08000039", "quality": "unit", "unplaced": None}
    assert locate(places, "S11 9PA", "s119pa", " S11-9PA ") == [expected] * 3


def test_districts_come_out_by_their_active_code(places: Places) -> None:
    assert [row["lad"] for row in locate(places, "S11 9PB", "S70 2SB")] == ["E08000039", "E08000038"]


def test_quality_from_the_sector(places: Places) -> None:
    assert locate(places, "S11 9PB")[0]["quality"] == "sector"


def test_an_unknown_postcode_gets_the_middle_of_its_outward_code_and_says_so(places: Places) -> None:
    row = locate(places, "S11 9ZZ")[0]
    assert row["quality"] == "outward"
    assert row["lad"] == "E08000039"
    assert abs(int(str(row["easting"])) - 432859) < 3_000


def test_a_postcode_without_location_gets_the_middle_too(places: Places) -> None:
    assert locate(places, "AB43 1AJ")[0]["quality"] == "outward"


@pytest.mark.parametrize(
    ("postcode", "reason"),
    [
        ("BT1 1AA", "cannot place: Code-Point has no Northern Ireland"),
        ("JE2 3AB", "cannot place: Code-Point has no Channel Islands"),
        ("IM1 1AA", "cannot place: Code-Point has no Isle of Man"),
        ("ZZ9 1AA", "cannot place: no such outward code in Code-Point"),
        ("ZZ1 1AA", "cannot place: Code-Point knows this postcode and gives it no location"),
        ("35203", "is no postcode of the United Kingdom"),
        ("", "no postcode is given"),
        (None, "no postcode is given"),
    ],
)
def test_what_cannot_be_placed_says_why(places: Places, postcode: str | None, reason: str) -> None:
    assert locate(places, postcode) == [
        {"easting": None, "northing": None, "lad": None, "quality": None, "unplaced": reason}
    ]


def test_rows_keep_their_order_and_older_places_are_replaced(places: Places) -> None:
    frame = pl.DataFrame({"id": [3, 1, 2], "p": ["B1 1AA", None, "S11 9PA"], "lad": ["x", "y", "z"]})
    found = places.locate(frame, "p")
    assert found["id"].to_list() == [3, 1, 2]
    assert found["lad"].to_list() == ["E08000025", None, "E08000039"]


def test_an_empty_frame(places: Places) -> None:
    assert places.locate(pl.DataFrame({"p": []}, schema={"p": pl.String}), "p").height == 0


def test_without_code_point_every_place_is_coarse() -> None:
    rows = locate(Places.coarse(), "S11 9PA", "BT1 1AA")
    assert [row["quality"] for row in rows] == ["outward", None]


def test_a_district_of_the_future_is_refused() -> None:
    with pytest.raises(LifeclusterError, match="E06999999 are not in the code history"):
        Places.of(POSTCODES.with_columns(lad=pl.lit("E06999999")))


LETTERS = st.sampled_from("AB")
WRITTEN = st.tuples(LETTERS, st.sampled_from("12"), st.sampled_from("12"), LETTERS, LETTERS).map(
    lambda p: f"{p[0]}{p[1]} {p[2]}{p[3]}{p[4]}"
)


@settings(deadline=None)
@given(st.lists(WRITTEN, unique=True), st.lists(WRITTEN, max_size=12))
def test_look_up_is_as_a_join(known: list[str], asked: list[str]) -> None:
    table = pl.DataFrame(
        {
            "postcode": known,
            "quality": [10] * len(known),
            "easting": [400_000 + i for i in range(len(known))],
            "northing": [300_000] * len(known),
            "lad": ["E08000025"] * len(known),
        },
        schema=POSTCODES.schema,
    )
    none = pl.DataFrame(schema={"outward": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String})
    found = Places.of(table, centres=none).locate(pl.DataFrame({"p": asked}, schema={"p": pl.String}), "p")
    twin = dict(zip(known, range(400_000, 400_000 + len(known)), strict=True))
    assert found["easting"].to_list() == [twin.get(code) for code in asked]


@settings(deadline=None)
@given(st.lists(WRITTEN, min_size=1))
def test_numbers_of_postcodes_sort_as_text(codes: list[str]) -> None:
    series = pl.Series(codes)
    order = sorted(codes)
    assert [order.index(c) for c in codes] == [
        sorted(encode(series).tolist()).index(n) for n in encode(series).tolist()
    ]


def test_within_a_region(places: Places) -> None:
    frame = pl.DataFrame({"registered_postcode": ["S11 9PA", "B1 1AA", None, "BT1 1AA"]})
    assert places.within(load_region("south-yorkshire").codes)(frame).to_list() == [True, False, False, False]


@pytest.fixture(scope="module")
def real(data_dir: Path) -> Places:
    path = data_dir / "places/codepoint_open_2025-11_gb.csv.gz"
    extract = sources()["code-point-open"].read([InputFile(path, Snapshot.of(path))])
    assert isinstance(extract, ReferenceExtract)
    return Places.of(extract.tables["postcodes"])


@pytest.fixture(scope="module")
def companies(data_dir: Path, real: Places) -> pl.DataFrame:
    with gzip.open(data_dir / "companies/companies_house_south_yorkshire_live_geocoded.csv.gz") as packed:
        stated = pl.read_csv(packed.read(), infer_schema=False)
    return real.locate(stated.rename({"easting": "e", "northing": "n"}), "Postcode")


def test_63_companies_have_postcodes_that_code_point_lacks(companies: pl.DataFrame) -> None:
    assert dict(companies["quality"].value_counts().iter_rows()) == {"unit": 75_677, "outward": 63}


def test_recoded_areas_disagree_until_mapped(companies: pl.DataFrame) -> None:
    """44,403 joined rows name another code; mapped, two are left, and those two postcodes did change authority."""
    joined = companies.filter(pl.col("quality") == "unit").rename({"localauthority_code": "code"})
    assert joined.filter(pl.col("code") != pl.col("lad")).height == 44_403
    mapped = joined.with_columns(active=code_history().active_codes(joined["code"]))
    left = mapped.filter(pl.col("active") != pl.col("lad"))
    assert sorted(left["Postcode"]) == ["S35 0BX", "S35 0ES"]
    assert left.select("active", "lad").unique().rows() == [("E08000038", "E08000039")]


def test_places_agree_with_those_in_the_file(companies: pl.DataFrame) -> None:
    joined = companies.filter(pl.col("quality") == "unit")
    off = (
        (joined["e"].cast(pl.Float64) - joined["easting"]) ** 2
        + (joined["n"].cast(pl.Float64) - joined["northing"]) ** 2
    ).sqrt()
    assert (off < 1_000).mean() > 0.999


def test_nearly_all_lie_in_south_yorkshire(companies: pl.DataFrame) -> None:
    assert load_region("south-yorkshire").contains(companies).mean() > 0.9999
