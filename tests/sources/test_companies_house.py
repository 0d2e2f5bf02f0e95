"""The basic company data product: layout, repairs, refusals, and the one-pass scan."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.sources import stream
from lifecluster.sources.companies_house.number import GOOD, tidy_number, tidy_numbers
from lifecluster.sources.companies_house.reader import read, scan
from lifecluster.sources.companies_house.seen import Seen
from lifecluster.sources.companies_house.shape import STATUS, _list
from lifecluster.sources.extract import Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources

SPEC = sources()["companies-house"].spec
HEADER = list(SPEC.columns)
SPACED = {" CompanyNumber", " RegAddress.AddressLine2"}
BASE = {
    "CompanyName": "VELLUM ASSAYS LIMITED", "CompanyNumber": "01234567", "RegAddress.AddressLine1": "1 QUARRY ROAD",
    "RegAddress.PostTown": "SHEFFIELD", "RegAddress.PostCode": "S11 9PA", "CompanyCategory": "Private Limited Company",
    "CompanyStatus": "Active", "CountryOfOrigin": "United Kingdom", "IncorporationDate": "10/05/2019",
    "Accounts.LastMadeUpDate": "31/03/2024", "Accounts.AccountCategory": "FULL",
    "SICCode.SicText_1": "21200 - Manufacture of pharmaceutical preparations",
}  # fmt: skip


def company(**change: str) -> list[str]:
    """A row of the layout; keywords use `__` for the dot of a column name."""
    row = BASE | {key.replace("__", "."): value for key, value in change.items()}
    return [row.get(name, "") for name in HEADER]


def text_of(rows: Sequence[Sequence[str]], *, delimiter: str = ",", header: Sequence[str] = HEADER) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.write(delimiter.join(header) + "\n")
    writer.writerows(rows)
    return out.getvalue()


def stored(folder: Path, rows: Sequence[Sequence[str]], name: str = "BasicCompanyData.csv", **kw: str) -> InputFile:
    path = folder / name
    path.write_text(text_of(rows, **kw), "utf-8")
    return InputFile(path, Snapshot.of(path))


def one(folder: Path, **change: str) -> dict[str, object]:
    extract = read([stored(folder, [company(**change)])], SPEC)
    return extract.records["organisation"].row(0, named=True)


def test_a_row_becomes_typed_properties(tmp_path: Path) -> None:
    row = one(tmp_path)
    assert row["key"] == row["company_number"] == "01234567"
    assert (row["name"], row["registered_postcode"], row["status"]) == ("VELLUM ASSAYS LIMITED", "S11 9PA", "active")
    assert row["incorporated_on"] == date(2019, 5, 10)
    assert row["accounts_made_up_to"] == date(2024, 3, 31)
    assert row["sic"] == ["21200"]
    assert row["sic__original"] == ["21200 - Manufacture of pharmaceutical preparations"]
    assert row["registered_address"] == "1 QUARRY ROAD"
    assert row["previous_name"] is None
    assert row["dissolved_on"] is None


def test_every_official_column_is_used_or_ignored_for_a_reason(data_dir: Path) -> None:
    path = data_dir / "companies/companies_house_basic_2020-06_sample87.csv"
    header = [name.strip() for name in path.read_text("utf-8").splitlines()[0].split(",")]
    assert header == HEADER
    assert len(header) == 55
    assert all(column.property or column.ignore for column in SPEC.columns.values())


def test_the_official_sample(data_dir: Path) -> None:
    path = data_dir / "companies/companies_house_basic_2020-06_sample87.csv"
    source = recognise(path)
    assert source is not None
    assert source.spec.name == "companies-house"
    extract = source.read([InputFile(path, Snapshot.of(path))])
    records = extract.records["organisation"]
    assert (extract.read, extract.accepted, extract.rejected.height, records.height) == (87, 87, 0, 87)
    with path.open(encoding="utf-8", newline="") as stream_:
        truth = [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(stream_)]
    for row, stated in zip(records.iter_rows(named=True), truth, strict=True):
        assert row["name"] == stated["CompanyName"].strip()
        codes = [stated[f"SICCode.SicText_{i}"][:5] for i in range(1, 5)]
        assert (row["sic"] or []) == [c for c in codes if c.isdigit()]
        names = [stated[f"PreviousName_{i}.CompanyName"] for i in range(1, 11)]
        assert (row["previous_name"] or []) == list(dict.fromkeys(n for n in names if n))
    assert any("a sample, or is a part missing" in warning for warning in extract.warnings)


def test_other_files_in_the_official_layout(data_dir: Path) -> None:
    found = [p for p in sorted((data_dir / "companies/ch_bulk_fixtures").rglob("*.csv")) if "/product-217" in str(p)
             and "/input/" in str(p)]  # fmt: skip
    assert found
    for path in found:
        assert recognise(path) is not None
        extract = read([InputFile(path, Snapshot.of(path))], SPEC)
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines) if row][1:]
        assert extract.read == extract.accepted + extract.rejected.height == len(rows)


def test_header_names_may_have_leading_spaces(tmp_path: Path) -> None:
    header = [f" {name}" if f" {name}" in SPACED or name.startswith("PreviousName") else name for name in HEADER]
    extract = read([stored(tmp_path, [company()], header=header)], SPEC)
    assert extract.accepted == 1
    assert not [w for w in extract.warnings if "not known" in w]


def test_none_supplied_is_no_sic(tmp_path: Path) -> None:
    assert one(tmp_path, SICCode__SicText_1="None Supplied")["sic"] is None


def test_sic_2003_is_noted_and_not_guessed_at(tmp_path: Path) -> None:
    rows = [company(SICCode__SicText_1="7499 - Non-trading company", SICCode__SicText_2="72110 - Biotechnology")]
    extract = read([stored(tmp_path, rows)], SPEC)
    assert extract.records["organisation"]["sic"].to_list() == [["72110"]]
    assert extract.problems.select("row", "field", "reason").rows() == [
        (2, "SICCode.SicText_1", "is a code of SIC 2003, not of SIC 2007")
    ]


def test_one_firm_may_be_in_tobacco_and_biotechnology_at_once(tmp_path: Path) -> None:
    row = one(
        tmp_path, SICCode__SicText_1="46350 - Wholesale of tobacco products",
        SICCode__SicText_2="46460 - Wholesale of pharmaceutical goods", SICCode__SicText_4="72110 - Biotechnology",
    )  # fmt: skip
    assert row["sic"] == ["46350", "46460", "72110"]


@pytest.mark.parametrize("text", ["10/05/2019", "2019-05-10", "20190510", "10-May-2019"])
def test_four_date_styles(tmp_path: Path, text: str) -> None:
    row = one(tmp_path, IncorporationDate=text)
    assert row["incorporated_on"] == date(2019, 5, 10)
    assert row["incorporated_on__original"] == text


def test_a_date_that_is_none_is_a_problem_and_the_row_stays(tmp_path: Path) -> None:
    extract = read([stored(tmp_path, [company(IncorporationDate="31/02/2019")])], SPEC)
    assert extract.records["organisation"]["incorporated_on"].to_list() == [None]
    assert extract.problems["field"].to_list() == ["IncorporationDate"]
    assert json.loads(extract.problems["raw"][0]) == "31/02/2019"


def test_previous_names_in_order_without_repeats(tmp_path: Path) -> None:
    row = one(tmp_path, **{f"PreviousName_{i}__CompanyName": n for i, n in enumerate(["B LTD", "A LTD", "B LTD"], 1)})
    assert row["previous_name"] == ["B LTD", "A LTD"]
    ten = one(tmp_path, **{f"PreviousName_{i}__CompanyName": f"N{i} LTD" for i in range(1, 11)})
    assert ten["previous_name"] == [f"N{i} LTD" for i in range(1, 11)]


def test_address_and_post_office_box_but_never_care_of(tmp_path: Path) -> None:
    row = one(tmp_path, RegAddress__CareOf="SOMEBODY", RegAddress__POBox="77", RegAddress__AddressLine2="KELHAM")
    assert row["registered_address"] == "PO Box 77, 1 QUARRY ROAD, KELHAM"
    box = one(tmp_path, RegAddress__POBox="PO BOX 77", RegAddress__AddressLine1="")
    assert box["registered_address"] == "PO BOX 77"


@pytest.mark.parametrize(
    ("text", "code"),
    [("Liquidation", "liquidation"), ("Active - Proposal to Strike off", "active-proposal-to-strike-off"),
     ("ADMINISTRATION ORDER", "administration"), ("Voluntary Arrangement", "voluntary-arrangement"),
     ("Live but Receiver Manager on at least one charge", "receivership")],
)  # fmt: skip
def test_status(tmp_path: Path, text: str, code: str) -> None:
    row = one(tmp_path, CompanyStatus=text)
    assert (row["status"], row["status__original"]) == (code, text)


def test_an_unknown_status_is_a_problem(tmp_path: Path) -> None:
    extract = read([stored(tmp_path, [company(CompanyStatus="Hibernating")])], SPEC)
    assert extract.records["organisation"]["status"].to_list() == [None]
    assert extract.problems["reason"].to_list() == ["is a status that is not known here"]


def test_postcodes_are_tidied_and_the_text_kept(tmp_path: Path) -> None:
    row = one(tmp_path, RegAddress__PostCode="s119pa")
    assert (row["registered_postcode"], row["registered_postcode__original"]) == ("S11 9PA", "s119pa")
    extract = read([stored(tmp_path, [company(RegAddress__PostCode="90210")])], SPEC)
    assert extract.problems["reason"].to_list() == ["is no postcode of the United Kingdom"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("4142000", "04142000"), ("04142000", "04142000"), ("SC12345", "SC012345"), ("sc 012345", "SC012345"),
     ("R123", "R0000123"), ("IP12345R", "IP12345R"), ("123456789", None), ("", None), ("00000000", None), ("N/A", None),
     ("1.2E+07", None), ("OC300001", "OC300001"), ("ZZ 999", None), ("ZZ000999", "ZZ000999")],
)  # fmt: skip
def test_company_numbers(text: str, number: str | None) -> None:
    assert tidy_number(text) == number
    assert tidy_numbers(pl.Series([text, None, "01234567"])).to_list() == [number, None, "01234567"]


@given(st.text(alphabet="0123456789SCNI- R", max_size=10))
def test_a_tidy_number_has_the_shape_and_stays(text: str) -> None:
    number = tidy_number(text)
    if number is not None:
        assert re.fullmatch(GOOD, number)
        assert tidy_number(number) == number


def test_lost_zeros_keep_the_original(tmp_path: Path) -> None:
    row = one(tmp_path, CompanyNumber="4142000")
    assert (row["key"], row["company_number__original"]) == ("04142000", "4142000")


def test_bad_rows_are_put_aside_with_number_reason_and_row(tmp_path: Path) -> None:
    rows = [
        company(), company(CompanyNumber="2", CompanyName=" "), company(CompanyNumber="ABC"), company()[:50],
        [*company(CompanyNumber="5"), "more"], company(), company(CompanyNumber="7", CompanyName="X" * 100_001),
        company(CompanyNumber="8"),
    ]  # fmt: skip
    extract = read([stored(tmp_path, rows)], SPEC)
    assert (extract.read, extract.accepted) == (8, 2)
    assert extract.records["organisation"].select("key", "row").rows() == [("01234567", 2), ("00000008", 9)]
    told = {
        row: (field, reason) for row, field, reason in extract.rejected.select("row", "field", "reason").iter_rows()
    }
    assert told[3] == ("CompanyName", "a required value is missing")
    assert told[4] == ("CompanyNumber", "is no company number")
    assert told[5] == (None, "has 50 cells where 55 are expected")
    assert told[6] == (None, "has 56 cells where 55 are expected")
    assert told[7] == ("CompanyNumber", "repeats the company number of an earlier row")
    assert told[8][1] == "a cell of more than 100,000 characters"
    raw = dict(extract.rejected.select("row", "raw").iter_rows())
    assert json.loads(raw[4])[:2] == ["VELLUM ASSAYS LIMITED", "ABC"]
    assert len(raw[8]) < 20_000


def test_same_name_and_two_numbers_are_two_companies(tmp_path: Path) -> None:
    extract = read([stored(tmp_path, [company(), company(CompanyNumber="7654321")])], SPEC)
    assert extract.accepted == 2


def test_a_number_that_repeats_in_another_part_or_after_repair(tmp_path: Path) -> None:
    first = stored(tmp_path, [company(CompanyNumber="00000042"), company(CompanyNumber="SC000007")], "part1_2.csv")
    second = stored(tmp_path, [company(CompanyNumber="42"), company(CompanyNumber="SC7"), company()], "part2_2.csv")
    extract = read([second, first], SPEC)
    assert extract.accepted == 3
    assert extract.rejected.select("file", "row").rows() == [("part2_2.csv", 2), ("part2_2.csv", 3)]
    assert len(extract.snapshots) == 2


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["00000001", "00000002", "SC000001", "NI000001", "99999999"]), max_size=6), max_size=5
    )
)
def test_seen_is_as_a_set(calls: list[list[str]]) -> None:
    seen, before = Seen(), set()
    for numbers in calls:
        expected = []
        for number in numbers:
            expected.append(number in before)
            before.add(number)
        assert seen.again(pl.Series(numbers, dtype=pl.String)).to_list() == expected


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from([None, "A", "B", "C"])] * 4), min_size=1, max_size=20))
def test_lists_are_as_made_one_by_one(rows: list[tuple[str | None, ...]]) -> None:
    columns = [pl.Series([row[i] for row in rows], dtype=pl.String) for i in range(4)]
    expected = [list(dict.fromkeys(v for v in row if v is not None)) or None for row in rows]
    assert _list(columns).to_list() == expected


@pytest.mark.parametrize("kind", ["plain", "gz", "zip"])
def test_plain_gzip_and_zip_say_the_same(tmp_path: Path, kind: str) -> None:
    text = text_of([company(), company(CompanyNumber="2", CompanyName="ÅNGSTRÖM OPTICS LTD")]).encode()
    path = tmp_path / f"BasicCompanyDataAsOneFile-2024-10-01.{kind}"
    if kind == "plain":
        path.write_bytes(text)
    elif kind == "gz":
        path.write_bytes(gzip.compress(text))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("BasicCompanyDataAsOneFile-2024-10-01.csv", text)
    source = recognise(path)
    assert source is not None
    extract = source.read([InputFile(path, Snapshot.of(path))])
    assert extract.records["organisation"]["name"].to_list() == ["VELLUM ASSAYS LIMITED", "ÅNGSTRÖM OPTICS LTD"]


def test_windows_1252_bom_semicolon_and_utf_16(tmp_path: Path) -> None:
    text = text_of([company(CompanyName="CAFÉ ASSAYS LTD")], delimiter=";")
    for name, data in {"a": text.encode("cp1252"), "b": text.encode("utf-8-sig"), "c": text.encode("utf-16")}.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(data)
        extract = read([InputFile(path, Snapshot.of(path))], SPEC)
        assert extract.records["organisation"]["name"].to_list() == ["CAFÉ ASSAYS LTD"]
        assert bool([w for w in extract.warnings if "Windows-1252" in w]) == (name == "a")


def test_line_breaks_inside_a_cell_and_empty_lines(tmp_path: Path) -> None:
    text = text_of([company(RegAddress__AddressLine1="UNIT 1\nKELHAM"), company(CompanyNumber="2")]).replace(
        '\n"V', '\n\n"V'
    )
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    extract = read([InputFile(path, Snapshot.of(path))], SPEC)
    assert extract.records["organisation"]["row"].to_list() == [2, 3]
    assert extract.records["organisation"]["registered_address"][0] == "UNIT 1\nKELHAM"


def test_a_quote_that_is_never_closed_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text_of([company()]) + '"OPEN QUOTE,"\n' + "x\n" * 40, "utf-8")
    extract = read([InputFile(path, Snapshot.of(path))], SPEC)
    assert extract.read == extract.accepted + extract.rejected.height
    path.write_text(text_of([company()]) + '"OPEN' + "x\n" * (stream.BLOCK + 10), "utf-8")
    with pytest.raises(InputError, match=r"never closed|longer than"):
        read([InputFile(path, Snapshot.of(path))], SPEC)


def test_a_cell_of_ten_million_characters_rejects_its_row(tmp_path: Path) -> None:
    rows = [company(), company(CompanyNumber="2", RegAddress__PostTown="X" * 10_000_000), company(CompanyNumber="3")]
    extract = read([stored(tmp_path, rows)], SPEC)
    assert extract.records["organisation"]["row"].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("header", "message"),
    [(HEADER[:-1], "columns are missing: ConfStmtLastMadeUpDate"), ([*HEADER, "URI"], "column names repeat: URI")],
)
def test_header_refused(tmp_path: Path, header: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read([stored(tmp_path, [], header=header)], SPEC)


def test_an_unknown_column_warns(tmp_path: Path) -> None:
    extract = read([stored(tmp_path, [[*company(), "x"]], header=[*HEADER, "Mood"])], SPEC)
    assert extract.accepted == 1
    assert any("'Mood' is not known" in warning for warning in extract.warnings)


def test_truncated_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(text_of([company(CompanyNumber=str(i)) for i in range(1, 500)]).encode())[:-200])
    with pytest.raises(InputError, match="damaged or cut short"):
        read([InputFile(path, Snapshot.of(path))], SPEC)


def test_groups_number_rows_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However rows fall into blocks and groups, each keeps its own number; a plain reader is the twin."""
    monkeypatch.setattr(stream, "BLOCK", 3000)
    monkeypatch.setattr(stream, "GROUP", 7)
    rows = [
        company(CompanyNumber=str(i)) if i % 3 else company(CompanyNumber=str(i))[: i % 54 + 1] for i in range(1, 90)
    ]
    extract = read([stored(tmp_path, rows)], SPEC)
    expected = {f"{i:08}": i + 1 for i in range(1, 90) if i % 3}
    assert dict(extract.records["organisation"].select("key", "row").iter_rows()) == expected
    assert extract.rejected["row"].sort().to_list() == [i + 1 for i in range(1, 90) if not i % 3]


def test_keep_by_function_sees_narrow_rows_and_all_rows_are_checked(tmp_path: Path) -> None:
    rows = [company(), company(CompanyNumber="2", RegAddress__PostCode="B1 1AA"), company(CompanyNumber="??")]
    file = stored(tmp_path, rows)
    found = scan([file], SPEC, keep=lambda batch: batch["registered_postcode"].str.starts_with("B"))
    assert (found.read, found.accepted, found.rejected.height) == (3, 2, 1)
    assert found.rows["key"].to_list() == ["00000002"]
    extract = found.extract()
    assert any("1 companies are out of scope" in warning for warning in extract.warnings)
    assert extract.records["organisation"]["registered_town"].to_list() == ["SHEFFIELD"]


def test_keep_by_frame_and_narrow(tmp_path: Path) -> None:
    file = stored(tmp_path, [company(), company(CompanyNumber="2"), company(CompanyNumber="3")])
    wanted = pl.DataFrame({"key": ["00000003", "01234567", "99999999", "00000003"]})
    found = scan([file], SPEC, keep=wanted, full=False)
    assert found.rows["key"].to_list() == ["01234567", "00000003"]
    assert found.rows.columns == ["key", "file", "row", "name", "company_number", "registered_postcode", "status",
                                  "incorporated_on", "sic"]  # fmt: skip


def test_keep_none_of_them_keeps_the_columns(tmp_path: Path) -> None:
    file = stored(tmp_path, [company()])
    none = scan([file], SPEC, keep=lambda batch: pl.repeat(False, batch.height, eager=True))
    assert none.rows.height == 0
    assert none.rows.schema == scan([file], SPEC).rows.schema


def test_an_empty_register_has_the_same_columns(tmp_path: Path) -> None:
    extract = read([stored(tmp_path, [])], SPEC)
    assert extract.read == 0
    assert (
        extract.records["organisation"].schema
        == read([stored(tmp_path, [company()])], SPEC).records["organisation"].schema
    )


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    scan([stored(tmp_path, [company()])], SPEC, progress=lambda name, rows: told.append((name, rows)))
    assert told[-1] == ("BasicCompanyData.csv", 1)


def test_statuses_of_the_register_are_all_known(data_dir: Path) -> None:
    with gzip.open(data_dir / "companies/companies_house_south_yorkshire_live_geocoded.csv.gz") as packed:
        stated = pl.read_csv(packed.read(), infer_schema=False)["CompanyStatus"].unique().to_list()
    assert {text.casefold() for text in stated} <= set(STATUS)


def raw(folder: Path, *lines: bytes, header: bytes | None = None) -> InputFile:
    path = folder / "raw.csv"
    path.write_bytes(b"\n".join([header or ",".join(HEADER).encode(), *lines, b""]))
    return InputFile(path, Snapshot.of(path))


def line(**change: str) -> bytes:
    return ",".join(f'"{cell}"' for cell in company(**change)).encode()


def test_a_misshapen_row_that_is_no_utf8_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [line(CompanyNumber=f"0000000{n}") for n in range(1, 6)]
    rows[1] = b'"CAF\xc9 \xff LIMITED","00000002",' + b'"x"\xff,' * 70
    rows[3] = b"\x81,\x8d"
    extract = read([raw(tmp_path, *rows)], SPEC)
    assert extract.records["organisation"]["key"].to_list() == ["00000001", "00000003", "00000005"]
    assert extract.records["organisation"]["row"].to_list() == [2, 4, 6]
    assert [(r["row"], r["reason"][:9]) for r in extract.rejected.to_dicts()] == [(3, "has 73 ce"), (5, "has 2 cel")]
    assert (extract.read, extract.accepted) == (5, 3)


def test_cells_that_are_no_utf8_are_read_as_windows_1252_beside_cells_that_are(tmp_path: Path) -> None:
    rows = [
        line(CompanyName="CAF\u00c9 ONE", CompanyNumber="00000001"),
        line(CompanyNumber="00000002").replace(b"VELLUM", b"CAF\xc9"),
    ]
    extract = read([raw(tmp_path, *rows)], SPEC)
    assert extract.records["organisation"]["name"].to_list() == ["CAF\u00c9 ONE", "CAF\u00c9 ASSAYS LIMITED"]
    assert "raw.csv: not all of it is UTF-8; what is not was read as Windows-1252" in extract.warnings


def test_nul_bytes_in_names_are_blanks_and_said(tmp_path: Path) -> None:
    extract = read([raw(tmp_path, line().replace(b"VELLUM ASSAYS", b"VELLUM\x00ASSAYS"))], SPEC)
    assert extract.records["organisation"]["name"].to_list() == ["VELLUM ASSAYS LIMITED"]
    assert "raw.csv: holds NUL bytes, which were read as blanks" in extract.warnings


def test_a_quoted_header_may_hold_a_comma(tmp_path: Path) -> None:
    header = ",".join(f'"{name}"' for name in [*HEADER, "Notes, if any"]).encode()
    extract = read([raw(tmp_path, line() + b',"x"', header=header)], SPEC)
    assert (extract.accepted, extract.rejected.height) == (1, 0)
    assert "raw.csv: column 'Notes, if any' is not known to companies-house and was left out" in extract.warnings


def test_rejected_rows_show_no_cell_that_may_name_a_person(tmp_path: Path) -> None:
    rows = [line(RegAddress__CareOf="ADA PRIVATE"), line(RegAddress__CareOf="ADA PRIVATE"), line(CompanyName="", RegAddress__CareOf="ADA PRIVATE"),
            b'"ADA PRIVATE","00000009"', line() + b',"ADA PRIVATE"']  # fmt: skip
    extract = read([raw(tmp_path, *rows)], SPEC)
    assert (extract.accepted, extract.rejected.height) == (1, 4)
    text = json.dumps(extract.rejected.to_dicts()) + json.dumps(extract.problems.to_dicts())
    assert "ADA" not in text and "VELLUM ASSAYS LIMITED" in text


def test_a_closed_file_of_this_layout_shows_no_cell_and_is_no_register(tmp_path: Path) -> None:
    closed = SPEC.model_copy(update={"visibility": "members", "anchor": None})
    file = stored(tmp_path, [company(), company(CompanyNumber="ABC"), company()[:50]])
    rejected = scan([file], closed).rejected
    assert rejected.height == 2 and "VELLUM" not in json.dumps(rejected["raw"].to_list())
    assert "VELLUM" in json.dumps(scan([file], SPEC).rejected["raw"].to_list())
    with pytest.raises(LifeclusterError, match="does not say who may see it"):
        read([file], closed)
