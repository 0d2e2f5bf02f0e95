"""Code-Point Open: the table with a header, the official archive without, and rows that cannot be."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest

from lifecluster.errors import InputError
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources

SOURCE = sources()["code-point-open"]
HEADER = ",".join(SOURCE.spec.columns)
GOOD = '"S11 9PA",10,432859,384914,"E92000001","","","","E08000039","E05010876"'


def read(*files: InputFile) -> ReferenceExtract:
    from lifecluster.sources.code_point_open.reader import read as reader

    return reader(files, SOURCE.spec)


def table(folder: Path, *rows: str) -> InputFile:
    path = folder / "cp.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    return InputFile(path, Snapshot.of(path))


def official(folder: Path, members: dict[str, str]) -> InputFile:
    path = folder / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Doc/licence.txt", "a licence")
        for name, text in members.items():
            archive.writestr(name, text)
    return InputFile(path, Snapshot.of(path))


def test_a_row(tmp_path: Path) -> None:
    extract = read(table(tmp_path, GOOD))
    row = extract.tables["postcodes"].drop("file").row(0, named=True)
    assert row == {
        "row": 2,
        "postcode": "S11 9PA",
        "quality": 10,
        "easting": 432859,
        "northing": 384914,
        "country": "E92000001",
        "lad": "E08000039",
    }


def test_no_location_is_null_and_not_the_south_west_corner(tmp_path: Path) -> None:
    extract = read(table(tmp_path, '"AB43 1AJ",90,0,0,"S92000003","","","","",""'))
    row = extract.tables["postcodes"].row(0, named=True)
    assert (row["easting"], row["northing"], row["lad"]) == (None, None, None)
    assert extract.accepted == 1


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (GOOD.replace("S11 9PA", "90210"), "Postcode", "is no postcode"),
        (GOOD.replace("S11 9PA", ""), "Postcode", "missing"),
        (GOOD.replace("432859", "-1.5"), "Eastings", "cannot be read"),
        (GOOD.replace("432859", "932859"), "Eastings", "National Grid"),
        (GOOD.replace("384914", ""), "Eastings", "has no location"),
        (GOOD.replace(",10,", ",95,"), "Positional_quality_indicator", "10 to 90"),
        (GOOD + ",x", None, "has 11 cells"),
    ],
)
def test_rows_that_cannot_be(tmp_path: Path, row: str, field: str | None, reason: str) -> None:
    extract = read(table(tmp_path, GOOD.replace("9PA", "9PB"), row))
    assert (extract.read, extract.accepted) == (2, 1)
    refused = extract.rejected.row(0, named=True)
    assert (refused["row"], refused["field"]) == (3, field)
    assert reason in refused["reason"]


def test_a_postcode_that_repeats(tmp_path: Path) -> None:
    extract = read(table(tmp_path, GOOD, GOOD))
    assert extract.rejected.select("row", "reason").rows() == [(3, "repeats an earlier row")]


def test_the_official_archive_is_told_by_its_members_and_read(tmp_path: Path) -> None:
    padded = GOOD.replace("S11 9PA", "S119PA").replace("39", "39")
    file = official(
        tmp_path,
        {
            "Data/CSV/s.csv": padded + "\n",
            "Data/CSV/ab.csv": '"AB101AB",10,394235,806529,"S92000003","","S08000020","","S12000033","S13002842"\n',
        },
    )
    source = recognise(file.path)
    assert source is not None
    assert source.spec.name == "code-point-open"
    extract = read(file)
    assert extract.tables["postcodes"].select("file", "row", "postcode").rows() == [
        ("codepo_gb.zip:Data/CSV/ab.csv", 1, "AB10 1AB"),
        ("codepo_gb.zip:Data/CSV/s.csv", 1, "S11 9PA"),
    ]


def test_a_zip_of_other_things_is_not_claimed(tmp_path: Path) -> None:
    assert recognise(official(tmp_path, {"a.csv": "x"}).path) is None


def test_a_missing_column_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cp.csv"
    path.write_text(HEADER.replace(",Admin_ward_code", "") + "\n", "utf-8")
    with pytest.raises(InputError, match="columns are missing: Admin_ward_code"):
        read(InputFile(path, Snapshot.of(path)))


@pytest.fixture(scope="module")
def whole(data_dir: Path) -> ReferenceExtract:
    path = data_dir / "places/codepoint_open_2025-11_gb.csv.gz"
    found = SOURCE.read([InputFile(path, Snapshot.of(path))])
    assert isinstance(found, ReferenceExtract)
    return found


def test_the_whole_of_great_britain(whole: ReferenceExtract) -> None:
    frame = whole.tables["postcodes"]
    assert (whole.read, whole.accepted, frame.height) == (1_745_849, 1_745_849, 1_745_849)
    assert frame["postcode"].n_unique() == frame.height


def test_836_rows_have_no_location(whole: ReferenceExtract) -> None:
    none = whole.tables["postcodes"].filter(pl.col("easting").is_null())
    assert none.height == 836
    assert none["quality"].unique().to_list() == [90]
    assert none["lad"].null_count() == 836


def test_northern_ireland_is_absent(whole: ReferenceExtract) -> None:
    frame = whole.tables["postcodes"]
    assert not frame["postcode"].str.starts_with("BT").any()
    assert frame["country"].unique().sort().to_list() == ["E92000001", "S92000003", "W92000004"]


def test_numbers_by_area_agree_with_the_publisher(whole: ReferenceExtract, data_dir: Path) -> None:
    """The metadata of the release states how many postcodes each area has; the same release must agree exactly."""
    text = (data_dir / "places/codepoint_open_doc/metadata.txt").read_text("cp1252")
    stated = {
        parts[0]: int(parts[1]) for line in text.splitlines() if len(parts := line.split()) == 2 and parts[1].isdigit()
    }
    area = whole.tables["postcodes"]["postcode"].str.extract("^([A-Z]+)")
    assert dict(area.value_counts().iter_rows()) == stated


def test_gzip_is_read_as_plain(tmp_path: Path) -> None:
    path = tmp_path / "cp.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))
    assert read(InputFile(path, Snapshot.of(path))).accepted == 1
