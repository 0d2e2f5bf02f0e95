"""One list twice, one name twice, several lists in one workbook: told apart, said, and never counted double."""

from __future__ import annotations

import shutil
from datetime import date

import polars as pl
import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.register.statement import from_extract
from lifecluster.sources.extract import Extract, Snapshot, no_rejected
from lifecluster.sources.files import InputFile
from lifecluster.sources.mapping import guess_file, load_mapping, mapping_path, save_mapping
from lifecluster.sources.mapping_files import find_mappings, list_of
from lifecluster.sources.registry import distinct, gather, sources
from lifecluster.sources.spec import Licence, Rows
from tests.sources.books import xlsx
from tests.sources.kit import spec, write

FIRMS = [f"{name} Ltd" for name in ("Acme", "Bolt", "Cog", "Dee", "Echo", "Fig", "Gum", "Hob")]
TRUST = "RX1,SOME NHS TRUST,Y60,QT1,1 HOSPITAL WAY,,,NOTTINGHAM,,NG1 0AA,20010401" + "," * 10 + ",0" + "," * 5


def confirm(path, *, sheet=None, **changes):
    stated = {"publisher": "A network", "licence": Licence(id="CC0-1.0", title="CC0"), "confirmed": True}
    mapping = guess_file(path, sheet=sheet).model_copy(update={**stated, "visibility": "public", **changes})
    save_mapping(mapping, mapping_path(path, sheet))
    return path


def listed(path, firms=FIRMS, header="Organisation,Postcode", **changes):
    path.parent.mkdir(parents=True, exist_ok=True)
    return confirm(write(path, header, *(f"{f},LS1 1AA" for f in firms)), **changes)


def test_the_newer_of_two_editions_is_read_and_the_older_named(tmp_path):
    listed(tmp_path / "members-2024.csv", observed_on=date(2024, 3, 31))
    listed(tmp_path / "members-2025.csv", [*FIRMS[1:], "New Ltd"], observed_on=date(2025, 3, 31))
    found = gather(tmp_path)
    assert list(found.lists) == ["members-2025.csv"]
    assert found.left == {
        "members-2024.csv": "an older edition (2024-03-31) of members-2025.csv (2025-03-31), which is read: 7 of 8 names are the same"
    }


def test_editions_of_no_stated_day_are_not_doubled_either(tmp_path):
    listed(tmp_path / "a" / "members.csv")
    listed(tmp_path / "b" / "members.csv", [*FIRMS[:6], "New Ltd"], name="list-b")
    found = gather(tmp_path)
    assert list(found.lists) == ["a/members.csv"]
    assert found.left["b/members.csv"].startswith(
        "seems to be another edition of a/members.csv, which is read: 6 of 7 names"
    )
    assert "observed_on in both mappings" in found.left["b/members.csv"]


def test_an_edition_with_another_column_is_known_by_its_name(tmp_path):
    listed(tmp_path / "Members v1.csv", observed_on=date(2024, 1, 1))
    path = write(
        tmp_path / "Members v2 (final).csv", "Organisation,Postcode,Town", *(f"{f},LS1 1AA,Leeds" for f in FIRMS)
    )
    confirm(path, observed_on=date(2025, 1, 1))
    assert list(gather(tmp_path).lists) == ["Members v2 (final).csv"]


@pytest.mark.parametrize(
    ("name", "header", "firms"),
    [
        ("york.csv", "Organisation,Postcode", ["Yew Ltd", "Yoke Ltd", *FIRMS[:1]]),
        ("winners.csv", "Organisation,Post code", FIRMS),
    ],
)
def test_two_lists_that_share_layout_or_names_alone_are_two(tmp_path, name, header, firms):
    listed(tmp_path / "leeds.csv")
    listed(tmp_path / name, firms, header)
    found = gather(tmp_path)
    assert set(found.lists) == {"leeds.csv", name} and not found.left


def test_of_two_lists_with_one_name_the_newer_is_read(tmp_path):
    listed(tmp_path / "a.csv", observed_on=date(2024, 1, 1), name="list-x")
    listed(tmp_path / "b.csv", ["Other Ltd", "Firms Ltd"], "Company,Town", observed_on=date(2025, 1, 1), name="list-x")
    found = gather(tmp_path)
    assert list(found.lists) == ["b.csv"]
    assert found.left == {"a.csv": "its mapping gives it the name list-x, which b.csv has"}


def test_lists_of_one_file_name_in_two_folders_are_both_read_under_their_own(tmp_path):
    listed(tmp_path / "a" / "m.csv")
    listed(tmp_path / "b" / "m.csv", ["Yew Ltd", "Yoke Ltd"], name="list-b")
    found = gather(tmp_path)
    extracts = [file.read() for file in found.lists.values()]
    assert [e.snapshots[0].file for e in extracts] == ["a/m.csv", "b/m.csv"]
    told = [from_extract(e, "organisation")["locator"][0] for e in extracts]
    assert told == ["a/m.csv#2", "b/m.csv#2"]


def test_mappings_in_the_workspace_are_told_apart_by_folders_too(tmp_path):
    inbox, kept = tmp_path / "in", tmp_path / "mappings"
    for folder, firms in (("a", FIRMS), ("b", ["Yew Ltd", "Yoke Ltd"])):
        path = listed(inbox / folder / "m.csv", firms, name=f"list-{folder}")
        (kept / folder).mkdir(parents=True)
        shutil.move(mapping_path(path), kept / folder / "m.csv.mapping.yml")
    assert {name: file.mapping.parent.name for name, file in gather(inbox, mappings=kept).lists.items()} == {
        "a/m.csv": "a",
        "b/m.csv": "b",
    }


def test_two_files_of_one_name_keep_their_own_snapshots(tmp_path):
    for folder, code in (("a", "RX1"), ("b", "RX2")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "t.csv", TRUST.replace("RX1", code))
    files = [InputFile(p, Snapshot.of(p)) for p in (tmp_path / "a" / "t.csv", tmp_path / "b" / "t.csv")]
    extract = sources()["nhs-trusts"].read(files, rows=Rows(min=1, max=9))
    told = from_extract(extract, "organisation").filter(property="ods_code").select("value", "snapshot")
    assert dict(told.iter_rows()) == {"RX1": files[0].snapshot.sha256, "RX2": files[1].snapshot.sha256}
    each = from_extract(extract, "organisation").group_by("record").len()["len"].to_list()
    assert each[0] == each[1] and len(each) == 2


def test_the_same_file_twice_and_names_that_are_one_are_refused(tmp_path):
    path = write(tmp_path / "a.csv", "x")
    file = InputFile(path, Snapshot.of(path))
    with pytest.raises(InputError, match=r"a\.csv: the same file twice"):
        distinct([file, file])
    frame = pl.DataFrame({"key": ["k"], "file": ["a.csv"], "row": [1], "name": ["Acme"]})
    with pytest.raises(LifeclusterError, match=r"several files are called a\.csv"):
        Extract(spec(), (file.snapshot, file.snapshot), {"organisation": frame}, no_rejected(), 1, 1)


def test_the_newer_edition_of_a_register_stands(tmp_path):
    for month, town in (("01", "NOTTINGHAM"), ("06", "DERBY")):
        write(tmp_path / f"trusts-2026-{month}.csv", TRUST.replace("NOTTINGHAM", town))
    found = gather(tmp_path)
    extract = sources()["nhs-trusts"].read(found.files["nhs-trusts"], rows=Rows(min=1, max=9))
    assert extract.records["organisation"]["town"].to_list() == ["DERBY"]
    assert extract.rejected["reason"].to_list() == ["repeats the key 'RX1' of row 1 of trusts-2026-06.csv"]


def two_sheets(path):
    def change(book):
        book.create_sheet("Work sites").append(["Site name", "Operator", "Jobs at site"])
        for n, firm in enumerate(FIRMS):
            book["Work sites"].append([f"{firm} works", firm, n])

    return xlsx(path, [["Organisation", "Postcode"], *([f, "LS1 1AA"] for f in FIRMS)], change)


def test_two_sheets_of_one_workbook_are_two_lists_with_mappings_of_their_own(tmp_path):
    path = two_sheets(tmp_path / "book.xlsx")
    confirm(path, sheet="Members")
    confirm(path, sheet="Work sites")
    assert sorted(p.name for p in tmp_path.glob("*.yml")) == [
        "book.xlsx.members.mapping.yml",
        "book.xlsx.work-sites.mapping.yml",
    ]
    found = gather(tmp_path)
    assert not found.left
    assert list(found.lists) == ["book.xlsx", "book.xlsx [Work sites]"]
    members, sites = (file.read() for file in found.lists.values())
    assert (members.spec.name, sites.spec.name) == ("list-book-members", "list-book-work-sites")
    assert (members.accepted, sites.records["site"]["jobs"].to_list()) == (8, list(range(8)))


def test_one_sheet_with_two_mappings_is_read_once_and_a_broken_mapping_costs_its_sheet_alone(tmp_path):
    path = two_sheets(tmp_path / "book.xlsx")
    confirm(path, sheet="Members")
    shutil.copy(mapping_path(path, "Members"), mapping_path(path, "Other"))
    mapping_path(path, "Work sites").write_text("confirmed: [", "utf-8")
    found = gather(tmp_path)
    assert list(found.lists) == ["book.xlsx"]
    assert found.left["book.xlsx (book.xlsx.other.mapping.yml)"] == "the same file as book.xlsx: read once"
    assert "not valid YAML" in found.left["book.xlsx (book.xlsx.work-sites.mapping.yml)"]


def test_the_mapping_of_a_list_whose_name_begins_alike_is_not_a_sheets(tmp_path):
    one, two = write(tmp_path / "m.csv", "a"), write(tmp_path / "m.csv.old", "a")
    mapping_path(two).write_text("x", "utf-8")
    assert find_mappings(one) == [] and find_mappings(two) == [mapping_path(two)]
    names = {"m.csv", "m.csv.old"}
    assert list_of("m.csv.old.mapping.yml", names) == "m.csv.old"
    assert list_of("m.csv.sites.mapping.yml", names) == "m.csv"
    assert list_of("n.csv.mapping.yml", names) is None


def test_a_list_of_the_name_of_a_source_cannot_even_be_confirmed(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    save_mapping(guess_file(path), mapping_path(path))
    text = mapping_path(path).read_text("utf-8").replace("name: list-m", "name: exchange")
    mapping_path(path).write_text(text, "utf-8")
    with pytest.raises(InputError, match="'exchange' is that of a source that Lifecluster brings; take another"):
        load_mapping(mapping_path(path))


def test_what_speaks_of_a_day_after_the_build_is_left(tmp_path):
    listed(tmp_path / "m.csv", observed_on=date(2026, 2, 1))
    write(tmp_path / "trusts-2026-02.csv", TRUST)
    for day, left in ((date(2026, 2, 1), set()), (date(2026, 1, 31), {"m.csv", "trusts-2026-02.csv"})):
        found = gather(tmp_path, at=day)
        assert set(found.left) == left
    assert found.left["m.csv"] == "speaks of 2026-02-01, which lies after 2026-01-31, the day of the build"
    write(tmp_path / "x.csv", "kind,key,property,value,observed_on", "organisation,a,name,A,2026-03-01")
    assert gather(tmp_path, at=date(2026, 2, 2)).files["exchange"][0].at == date(2026, 2, 2)


def test_what_is_left_of_a_download_is_reported(tmp_path):
    write(tmp_path / "a.csv.part", "x")
    write(tmp_path / "a.csv.part.json", "{}")
    write(tmp_path / "b.csv.part.json", "{}")
    assert gather(tmp_path).left == {
        "a.csv.part": "an unfinished download",
        "b.csv.part.json": "what is left of an unfinished download",
    }
