"""Anybody's list, read as its confirmed mapping says."""

from __future__ import annotations

import csv

import pytest

from lifecluster.errors import InputError
from lifecluster.sources.editions import ListFile
from lifecluster.sources.mapping import Mapping, guess_file, load_mapping, mapping_path, save_mapping
from lifecluster.sources.organisation_list.reader import read, read_list
from lifecluster.sources.registry import gather, sources
from lifecluster.sources.spec import Licence
from tests.sources.books import ods, ods_row, xlsx
from tests.sources.kit import everything, input_file, reasons, same, write

CC0 = Licence(id="CC0-1.0", title="CC0")
FIRMS = ["Acme Ltd", "Bolt & Co Limited", "Cog plc", "University of Dee", "Echo Group"]


def confirmed(path, **changes):
    settled = {"publisher": "A network", "licence": CC0, "visibility": "public", "confirmed": True}
    return guess_file(path).model_copy(update={**settled, **changes})


@pytest.mark.parametrize("number", range(2, 16))
def test_every_real_list_is_read(data_dir, number):
    path = data_dir / "matching" / "oshub_lists" / f"{number}.csv"
    extract = read_list(path, confirmed(path))
    frame = extract.records["organisation"]
    assert (
        extract.read == extract.accepted + extract.rejected.height == len(path.read_text("utf-8-sig").splitlines()) - 1
    )
    assert extract.rejected.height <= 3 and extract.rejected["reason"].str.starts_with("repeats the key").all()
    for column in ("name", "address", "country", "activity"):
        assert frame[column].null_count() == 0
    assert same(extract, read_list(path, confirmed(path)))


def test_nothing_is_read_before_a_person_confirms(tmp_path):
    path = write(tmp_path / "members.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    save_mapping(guess_file(path), mapping_path(path))
    message = (
        r"members\.csv\.mapping\.yml: is not confirmed: check each column, then set `confirmed: true` in members\.csv"
    )
    with pytest.raises(InputError, match=message):
        read_list(path)
    assert "is not confirmed" in gather(tmp_path).left["members.csv"]
    kept = mapping_path(path)
    text = kept.read_text("utf-8").replace("confirmed: false", "confirmed: true")
    kept.write_text(text, "utf-8")
    assert "publisher: say who made the list; licence: say under" in gather(tmp_path).left["members.csv"]
    text = text.replace("say who made the list", "A network").replace("LicenseRef-unknown", "CC0-1.0")
    kept.write_text(text.replace("say under which licence it may be used", "CC0"), "utf-8")
    inputs = gather(tmp_path)
    assert inputs.lists == {"members.csv": ListFile(path, kept, name="members.csv")}
    assert read_list(path).accepted == 5
    assert same(read([input_file(path)], sources()["organisation-list"].spec), read_list(path, kept))


def test_mappings_may_be_kept_in_a_folder_of_the_workspace(tmp_path):
    inbox, kept = tmp_path / "inbox", tmp_path / "mappings"
    inbox.mkdir()
    kept.mkdir()
    path = write(inbox / "members.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    save_mapping(confirmed(path), kept / "members.csv.mapping.yml")
    assert gather(inbox).lists == {}
    inputs = gather(inbox, mappings=kept)
    assert read_list(path, load_mapping(inputs.lists["members.csv"].mapping)).accepted == 5


def test_two_lists_of_one_name_are_not_mixed(tmp_path):
    for name in ("a", "b"):
        path = write(tmp_path / f"{name}.csv", "Organisation,Postcode", *(f"{f} {name},LS1 1AA" for f in FIRMS))
        save_mapping(confirmed(path, name="list-members"), mapping_path(path))
    inputs = gather(tmp_path)
    assert list(inputs.lists) == ["a.csv"]
    assert inputs.left["b.csv"] == "its mapping gives it the name list-members, which a.csv has"


def test_origin_and_licence_are_those_of_the_mapping(tmp_path):
    path = write(tmp_path / "members.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    mapping = confirmed(path)
    extract = read_list(path, mapping, sample=True)
    assert (extract.spec.name, extract.spec.rank) == ("list-members", "other")
    assert extract.snapshots[0].file == "members.csv" and extract.snapshots[0].sample


def test_persons_leave_no_trace(tmp_path):
    header = "Organisation,Contact name,E-mail,Phone,Remarks,Postcode"
    rows = [f"{f},Ada Private,ada@private.example,01632 960123,ask ada@private.example,LS1 1AA" for f in FIRMS]
    rows += ["Too short,Ada Private", ",Ada Private,ada@private.example,01632 960123,,LS1 1AA", rows[0]]
    path = write(tmp_path / "members.csv", header, *rows)
    save_mapping(guess_file(path), mapping_path(path))
    extract = read_list(path, confirmed(path))
    assert (extract.accepted, extract.rejected.height) == (5, 3)
    text = everything(extract) + mapping_path(path).read_text("utf-8")
    for secret in ("Ada", "private.example", "960123"):
        assert secret not in text


def test_contact_cells_under_an_innocent_header_are_refused(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,Postcode,About", *(f"{f},LS1 1AA,Maker of pumps" for f in FIRMS))
    mapping = confirmed(path)
    write(path, "Organisation,Postcode,About", *(f"{f},LS1 1AA,jo@example.org" for f in FIRMS))
    with pytest.raises(InputError, match=r"m\.csv, column 'About': holds contact details of persons"):
        read_list(path, mapping)


def test_rows_are_numbered_as_in_the_sheet_and_empty_ones_do_not_count(tmp_path):
    rows = [
        "Members 2024",
        "",
        "Organisation;Postcode;Staff",
        "Acme Ltd;LS1 1AA;1,5",
        "",
        "Bolt Ltd;nowhere;2",
        ";LS1 1AA;3",
    ]
    path = write(tmp_path / "m.csv", *rows, encoding="utf-8-sig")
    extract = read_list(path, confirmed(path))
    assert (extract.read, extract.accepted) == (3, 2)
    assert reasons(extract.rejected) == [(7, "Organisation", "a required value is missing")]
    assert reasons(extract.problems) == [
        (6, "Postcode", "cannot be read as postcode"),
        (4, "Staff", "cannot be read as int"),
    ]
    assert extract.warnings == ("m.csv: 1 row above the header was left out",)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_workbooks_with_formulas_and_lost_digits(tmp_path, kind):
    header = ["Organisation", "Company number", "Postcode", "Employees"]
    rows = [
        ["Acme Ltd", "4142000", "LS1 1AA", 3],
        ["Bolt Ltd", "2,41392E+11", "LS1 1AA", None],
        ["Cog Ltd", 975677, None, 7],
    ]
    if kind == "xlsx":
        path = xlsx(tmp_path / "m.xlsx", [header, *rows], lambda b: b["Members"].__setitem__("D3", "=1+1"))
    else:
        lost = '<table:table-cell table:formula="of:=1+1"/>'
        sheet = ods_row(*header) + ods_row(*rows[0]) + ods_row(*rows[1][:3], lost) + ods_row(*rows[2])
        path = ods(tmp_path / "m.ods", {"Members": sheet})
    extract = read_list(path, confirmed(path))
    frame = extract.records["organisation"]
    assert frame["company_number"].to_list() == ["04142000", None, "00975677"]
    assert frame["employees"].to_list() == [3, None, 7]
    assert reasons(extract.problems) == [
        (3, "Employees", "a formula without a stored value; open the workbook, let it calculate, and save it again"),
        (3, "Company number", "a number in exponent notation: its last digits are lost, take it from the source again"),
    ]


def test_broken_text_is_repaired_and_kept(tmp_path):
    rows = ["KÃ¤se Ltd,124 City RoadrnLondonrnEC1V 2NX", "Bolt Ltd,1 High St", "Cog Ltd,2 High St"]
    path = write(tmp_path / "m.csv", "Organisation,Address", *rows)
    row = read_list(path, confirmed(path)).records["organisation"].row(0, named=True)
    assert (row["name"], row["name__original"]) == ("Käse Ltd", "KÃ¤se Ltd")
    assert (row["address"], row["address__original"]) == (
        "124 City Road, London, EC1V 2NX",
        "124 City RoadrnLondonrnEC1V 2NX",
    )


def test_columns_that_came_and_went_since_the_mapping(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    mapping = confirmed(path)
    write(path, "Organisation,Postcode,New", *(f"{f},LS1 1AA,x" for f in FIRMS))
    assert read_list(path, mapping).warnings == ("m.csv: column 'New' is not in the mapping and was left out",)
    write(path, "Organisation,Zip", *(f"{f},LS1 1AA" for f in FIRMS))
    with pytest.raises(
        InputError, match=r"m\.csv, row 1, column 'Postcode': columns are missing: Postcode; the header has"
    ):
        read_list(path, mapping)


def test_keys_do_not_depend_on_order_or_on_who_the_contact_is(tmp_path):
    rows = [f"{f},LS1 1AA,jo@example.org" for f in FIRMS]
    path = write(tmp_path / "m.csv", "Organisation,Postcode,E-mail", *rows)
    mapping = confirmed(path)
    before = set(read_list(path, mapping).records["organisation"]["key"])
    write(path, "Organisation,Postcode,E-mail", *(r.replace("jo@", "al@") for r in reversed(rows)))
    assert set(read_list(path, mapping).records["organisation"]["key"]) == before


def test_a_list_of_sites_gives_sites_and_the_organisations_there(tmp_path):
    header = "Site name,Operator,Company number,Postcode,Jobs at site,SIC codes,Website"
    rows = [
        'North works,Acme Ltd,4142000,LS1 1AA,20,"21100,72110",acme.com',
        "South works,ACME LTD,04142000,DN1 3BU,5,21100,",
        "Lab,Bolt Ltd,,S11 9PA,7,,bolt.com",
        "Mill,,,YO1 7HH,1,,",
    ]
    path = write(tmp_path / "sites.csv", header, *rows)
    mapping = confirmed(path)
    assert mapping.kind == "site"
    extract = read_list(path, mapping)
    sites, firms = extract.records["site"], extract.records["organisation"]
    assert (extract.read, extract.accepted, sites.height, firms.height) == (4, 4, 4, 2)
    assert sites["jobs"].to_list() == [20, 5, 7, 1]
    assert sites["holder"].to_list()[0] == sites["holder"].to_list()[1] == ["organisation:04142000"]
    assert sites["holder"].to_list()[3] is None
    acme = firms.row(0, named=True)
    assert (acme["name"], acme["company_number"], acme["sic"]) == ("ACME LTD", "04142000", ["21100", "72110"])
    assert "company_number" not in sites.columns


def test_a_list_of_sites_without_names_of_sites(tmp_path):
    path = write(
        tmp_path / "sites.csv",
        "Operator,Postcode,Jobs at site",
        *(f"{f},LS1 1A{c},5" for f, c in zip(FIRMS, "ABDEF", strict=True)),
    )
    extract = read_list(path, confirmed(path))
    assert extract.records["site"]["name"].to_list() == extract.records["organisation"]["name"].to_list() == FIRMS


def test_several_lists_at_once_are_refused(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation", "Acme Ltd")
    with pytest.raises(InputError, match="each list is a source of its own"):
        read([input_file(path), input_file(path)], sources()["organisation-list"].spec)
    with pytest.raises(InputError, match="there is no such mapping"):
        load_mapping(mapping_path(path))


def test_a_number_that_no_register_issues_is_said_and_not_made_whole(tmp_path):
    numbers = ("01000001", "ZZ 999", "SC12345", "QQ123", "")
    rows = (f"{f},{n},LS1 1AA" for f, n in zip(FIRMS, numbers, strict=True))
    path = write(tmp_path / "members.csv", "Organisation,Company number,Postcode", *rows)
    extract = read_list(path, confirmed(path))
    found = extract.records["organisation"].sort("row")["company_number"].to_list()
    assert found == ["01000001", None, "SC012345", None, None]
    reason = "is no company number that a register issues"
    told = extract.problems.select("file", "row", "field", "reason", "raw").rows()
    assert told == [
        ("members.csv", 3, "Company number", reason, '"ZZ 999"'),
        ("members.csv", 5, "Company number", reason, '"QQ123"'),
    ]


ROWS = [["Members"], [], ["Organisation", "Postcode", "Staff"], ["Acme\nLtd", "LS1 1AA", "x"], [], ["", "LS1 1AA", 3]]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_row_has_the_number_that_the_sheet_shows_in_every_format(tmp_path, kind):
    """Row 4 of the sheet is row 4 here, whatever stands above it; in a CSV the line of row 6 is another."""
    path = tmp_path / f"m.{kind}"
    if kind == "csv":
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(ROWS)
    elif kind == "xlsx":
        xlsx(path, ROWS)
    else:
        ods(path, {"Members": "".join(ods_row(*row) if row else ods_row(None) for row in ROWS)})
    columns = {
        "Organisation": {"property": "name"},
        "Postcode": {"property": "postcode"},
        "Staff": {"property": "employees"},
    }
    given = {**confirmed(path).model_dump(), "columns": columns, "header_row": 3, "preamble": 1}
    extract = read_list(path, Mapping.model_validate(given))
    assert reasons(extract.problems) == [(4, "Staff", "cannot be read as int")]
    assert reasons(extract.rejected) == [(6, "Organisation", "a required value is missing")]
    assert extract.records["organisation"]["row"].to_list() == [4]
    assert extract.lines == ({"m.csv": {5: 6, 6: 7}} if kind == "csv" else {})
