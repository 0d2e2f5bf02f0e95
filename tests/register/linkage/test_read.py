"""Files as people have them."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.register.linkage.command import evaluate_files, run_link
from lifecluster.register.linkage.link import LINKS
from lifecluster.register.linkage.read import read_labels, read_queries, read_register

HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1, RegAddress.AddressLine2,"
    "RegAddress.PostTown,RegAddress.PostCode,CompanyStatus,PreviousName_1.CONDATE, PreviousName_1.CompanyName,"
    " PreviousName_2.CompanyName\n"
)
ROW = '"ZORBIX LTD","00000012","","","12 HIGH STREET","CROOKES","SHEFFIELD","S10 2TN","Active","","OLDMARK LTD",""\n'


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_official_layout(tmp_path: Path) -> None:
    got = read_register(write(tmp_path / "r.csv", HEADER + ROW)).row(0, named=True)
    assert got["company_number"] == "00000012"
    assert got["address"] == "12 HIGH STREET, CROOKES"
    assert got["previous_names"] == ["OLDMARK LTD"]
    assert (got["town"], got["postcode"], got["status"]) == ("SHEFFIELD", "S10 2TN", "Active")


def test_zipped_parts_and_gzip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.writestr("part1.csv", HEADER + ROW)
        archive.writestr("part2.csv", HEADER + ROW.replace("00000012", "00000013"))
    assert read_register(tmp_path / "r.zip")["company_number"].to_list() == ["00000012", "00000013"]
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress((HEADER + ROW).encode()))
    assert read_register(tmp_path / "r.csv.gz").height == 1


def test_our_own_layout_as_csv_and_parquet(tmp_path: Path) -> None:
    text = "company_number,name,postcode,address,previous_names\n12,ZORBIX,S10 2TN,1 HIGH ST,A LTD;B LTD\n"
    frame = read_register(write(tmp_path / "r.csv", text))
    assert frame["company_number"].to_list() == ["12"]
    frame.write_parquet(tmp_path / "r.parquet")
    assert read_register(tmp_path / "r.parquet").equals(frame)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "id,name\n007,Café Zorbix\n".replace(",", separator)
    got = read_queries(write(tmp_path / "q.csv", text.encode(encoding)))
    assert got.rows() == [("007", "Café Zorbix")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"id,name\n", "no rows"),
        (b"id,title\n1,x\n", "lacks the column 'name'"),
        (b"id,name\n1,x\n1,y\n", "row 2, column 'id'.*second time"),
        (b"id,name\n1,x\n ,y\n", "row 2, column 'id'.*blank"),
        (b"id,name,name\n1,x,y\n", "'name' twice"),
        ("id,name\n1,x\n".encode("utf-16"), "UTF-16"),
        (b"id,name\n1,x\x00\x00\n", "zero bytes"),
        (b"id,name\n1,ok\n2,\xff\x81\x8d\n", "row 2.*neither"),
        (b"id,name\n1," + b"x" * 30_000 + b"\n", "row 1, column 'name'.*30,000 characters"),
        (b"\x1f\x8b\x08\x00truncated", "cannot be read"),
        (b"id,name\n1,x\n2,Zorbix, Ltd\n", "row 2: has 3 cells where the header has 2: put quotation marks .* ','"),
        (b'id;name\n1;"a;b"\n2;x\n3;x;y\n', "row 3: has 3 cells .* ';'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is a workbook; save its sheet as CSV"),
    ],
)
def test_bad_input_is_refused_by_name_row_and_column(tmp_path: Path, data: bytes, message: str) -> None:
    path = write(tmp_path / "bad.csv", data)
    with pytest.raises(InputError, match=message) as error:
        read_queries(path)
    assert "bad.csv" in str(error.value)


def test_a_register_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="previous_names"):
        read_register(write(tmp_path / "r.csv", "company_number,name,postcode,address\n1,x,,\n"))
    with pytest.raises(InputError, match="second time"):
        read_register(write(tmp_path / "r.csv", HEADER + ROW + ROW))
    with pytest.raises(InputError, match="Parquet"):
        read_register(write(tmp_path / "r.parquet", "no"))
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(InputError, match="no CSV"):
        read_register(tmp_path / "r.zip")


@pytest.mark.parametrize("member", ["[Content_Types].xml", "content.xml"])
def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path, member: str) -> None:
    path = tmp_path / "queries.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "<x/>")
    for read in (read_queries, read_register, read_labels):
        with pytest.raises(InputError, match=r"queries\.xlsx: is a workbook; save its sheet as CSV"):
            read(path)


def test_a_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    register = write(tmp_path / "r.csv", HEADER + ROW)
    with pytest.raises(InputError, match="is a folder; name the file of queries in it"):
        run_link(tmp_path, register, tmp_path / "out.csv")
    with pytest.raises(InputError, match="is a folder; name the file of labels in it"):
        evaluate_files(tmp_path, links=register)
    assert not (tmp_path / "out.csv").exists()


def test_labels(tmp_path: Path) -> None:
    got = read_labels(write(tmp_path / "l.csv", "id,company_number\na,00000012\nb,\n"))
    assert got.rows() == [("a", "00000012"), ("b", "")]


def test_the_command_writes_one_row_per_query(tmp_path: Path) -> None:
    register = write(tmp_path / "r.csv", HEADER + ROW)
    queries = write(tmp_path / "q.csv", "id,name,postcode\nb,Zorbix Limited,S10 2TN\na,,\nc,Oldmark,S10 2TN\n")
    out = tmp_path / "new" / "links.csv"
    stages: list[str] = []
    summary = run_link(queries, register, out, progress=lambda stage, _done, _total: stages.append(stage))
    got = pl.read_csv(out, infer_schema=False)
    assert got["id"].to_list() == ["b", "a", "c"]
    assert got["organisation_id"][0] == "GB-COH-00000012"
    assert (summary.register, summary.queries) == (1, 3)
    assert summary.auto + summary.review + summary.none == 3
    assert {"names", "link"} <= set(stages)
    assert sorted(p.name for p in out.parent.iterdir()) == ["links.csv"]


def test_the_command_writes_nothing_for_bad_input(tmp_path: Path) -> None:
    queries = write(tmp_path / "q.csv", "id\n1\n")
    with pytest.raises(InputError):
        run_link(queries, write(tmp_path / "r.csv", HEADER + ROW), tmp_path / "links.csv")
    with pytest.raises(InputError, match="no such file"):
        run_link(tmp_path / "none.csv", tmp_path / "r.csv", tmp_path / "links.csv")
    assert not (tmp_path / "links.csv").exists()


def test_the_official_sample_links_to_itself(data_dir: Path, tmp_path: Path) -> None:
    register = data_dir / "companies" / "companies_house_basic_2020-06_sample87.csv"
    frame = read_register(register)
    queries = frame.select(id="company_number", name="name", postcode="postcode")
    queries.write_csv(tmp_path / "q.csv")
    run_link(tmp_path / "q.csv", register, tmp_path / "links.csv")
    got = pl.read_csv(tmp_path / "links.csv", infer_schema=False)
    assert (got["company_number"] == got["id"]).mean() > 0.97


@pytest.mark.parametrize(
    "text",
    [
        "id,name,postcode\n\n1,x,LS1 1AA\n\n\n2,y,\n",
        "\n\nid,name,postcode\r\n1,x,LS1 1AA\r\n\r\n2,y,\r\n",
        " id , name,\tpostcode \n1,x,LS1 1AA\n2,y,\n",
        '"id"," name "," postcode"\n1,x,LS1 1AA\n,,\n2,y,\n',
    ],
)
def test_blank_lines_and_blanks_around_names_of_columns_do_not_matter(tmp_path: Path, text: str) -> None:
    assert read_queries(write(tmp_path / "q.csv", text)).rows() == [("1", "x", "LS1 1AA"), ("2", "y", "")]


def test_rows_are_numbered_as_in_the_file_blank_lines_included(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 4, column 'id': '1' occurs a second time"):
        read_queries(write(tmp_path / "q.csv", "id,name\n1,x\n\n\n1,y\n"))


def test_columns_that_are_one_but_for_blanks_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "q.csv", tmp_path / "q.parquet"):
        if path.suffix == ".csv":
            write(path, "id, id,name\n1,2,x\n")
        else:
            pl.DataFrame({"id": ["1"], " id": ["2"], "name": ["x"]}).write_parquet(path)
        with pytest.raises(InputError, match="has the column 'id' twice"):
            read_queries(path)


@pytest.mark.parametrize(
    ("values", "word"),
    [([{"a": "x"}], "struct"), ([["x"]], "list"), ([b"\xff"], "binary")],
)
def test_parquet_columns_that_are_no_text_are_refused_where_they_are_wanted(tmp_path: Path, values, word: str) -> None:
    path = tmp_path / "q.parquet"
    pl.DataFrame({"id": [1], " name": ["x"], "more": values}).write_parquet(path)
    assert read_queries(path).rows() == [("1", "x")]
    pl.DataFrame({"id": [1], "name": values}).write_parquet(path)
    with pytest.raises(InputError, match=rf"q\.parquet, column 'name': holds {word} values where text is expected"):
        read_queries(path)
    register = {"company_number": ["1"], "name": ["x"], "postcode": [""], "address": values, "previous_names": [["a"]]}
    pl.DataFrame(register).write_parquet(tmp_path / "r.parquet")
    with pytest.raises(InputError, match="column 'address'"):
        read_register(tmp_path / "r.parquet")
    pl.DataFrame(register | {"address": ["y"]}).write_parquet(tmp_path / "r.parquet")
    assert read_register(tmp_path / "r.parquet")["previous_names"].to_list() == [["a"]]


@pytest.mark.parametrize("number", ["", "  "])
def test_a_blank_number_in_a_register_is_refused_with_its_row(tmp_path: Path, number: str) -> None:
    rows = f"company_number,name,postcode,address,previous_names\n12,A,,,\n{number},B,,,\n"
    with pytest.raises(InputError, match="row 2, column 'company_number': the company number is blank"):
        read_register(write(tmp_path / "r.csv", rows))
    with pytest.raises(InputError, match="row 1, column 'company_number': the company number is blank"):
        read_register(write(tmp_path / "o.csv", HEADER + ROW.replace("00000012", number)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"id\na\n", "lacks the column 'company_number'; it has id"),
        (b"id,company_number\na,1\na,2\n", "row 2, column 'id': 'a' occurs a second time"),
        (b"id,company_number\n,1\n", "row 1, column 'id': the id is blank"),
        (b'id,company_number\na,"1\n', "cannot be read as CSV"),
        (b"id,company_number\na,1,2,3\n", "row 1: has 4 cells where the header has 2: put quotation marks"),
        (b"id,company_number\na,\xff\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
        (b"PAR1", "is not a Parquet file"),
    ],
)
def test_a_broken_file_of_labels_is_refused_by_name(tmp_path: Path, data: bytes, message: str) -> None:
    name = "labels.parquet" if data == b"PAR1" else "labels.csv"
    links = write(tmp_path / "links.csv", f"{','.join(LINKS)}\na,GB-COH-1,1,0.5,auto,x\n")
    with pytest.raises(InputError, match=message) as caught:
        evaluate_files(write(tmp_path / name, data), links=links)
    assert name in str(caught.value)


def test_blanks_around_ids_of_labels_do_not_matter_and_probabilities_are_numbers(tmp_path: Path) -> None:
    labels = write(tmp_path / "labels.csv", "id , company_number\n a ,00000001\n\n")
    links = write(tmp_path / "links.csv", f"{','.join(LINKS)}\na,GB-COH-00000001,00000001,0.5,auto,x\n")
    assert evaluate_files(labels, links=links).recall == 1
    for wrong in ("high", "1.5", ""):
        write(links, f"{','.join(LINKS)}\na,GB-COH-00000001,00000001,{wrong},auto,x\n")
        with pytest.raises(InputError, match=r"row 1, column 'probability': .* is no number from 0 to 1"):
            evaluate_files(labels, links=links)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120), st.sampled_from(["q.csv", "q.parquet"]))
def test_any_bytes_are_queries_or_an_input_error(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / name, b"id,name\n" + data if name == "q.csv" else data)
        try:
            found = read_queries(path)
        except InputError as error:
            assert name in str(error)
        else:
            assert found["id"].is_unique().all() and found["id"].str.len_chars().min() > 0
