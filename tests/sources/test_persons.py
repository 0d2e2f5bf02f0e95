"""Contact persons, e-mail addresses and telephone numbers never leave a reader, whatever becomes of their row."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.sources.columns import PERSONS, TELEPHONES, given_names, judge
from lifecluster.sources.extract import Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.holders import holders
from lifecluster.sources.mapping import guess_file, load_mapping, mapping_path, save_mapping
from lifecluster.sources.organisation_list.reader import read_list
from lifecluster.sources.persons import has_contact, looks_like_a_person, mask, mask_text, mask_value
from lifecluster.sources.spec import Licence
from lifecluster.sources.tabular import read_table
from lifecluster.sources.tray import NOT_PUBLIC, Tray, shown_row
from tests.sources.kit import everything, input_file, reasons, spec, write

FIRMS = ["Acme Ltd", "Bolt & Co Limited", "Cog plc", "University of Dee", "Echo Group"]
SECRETS = ("Ada", "Private", "private.example", "960123", "07700 900")
MAILS = [
    "ada@private.example",
    "Ada.Private+x@mail.private.example",
    "ada [at] private [dot] example",
    "ada＠private.example",
]
NUMBERS = [
    "01632 960123",
    "(01632) 960123",
    "(01632)960123",
    "+44 (0)1632 960123",
    "0044 1632 960123",
    "00441632960123",
    "+1 617 960 1230",
    "07700 900123",
    "01632960123",
]
INNOCENT = [
    "ref 00975677",
    "SC374831",
    "1 High Street, S10 2TN",
    "2024-01-02",
    "01/02/2024",
    "£1,000,000",
    "0.5 mg",
    "C++ @ home",
    "",
]


def settled(path: Path, **changes):
    stated = {"publisher": "A network", "licence": Licence(id="CC0-1.0", title="CC0"), "confirmed": True}
    return guess_file(path).model_copy(update={**stated, "visibility": "public", **changes})


@pytest.mark.parametrize("contact", MAILS + NUMBERS)
def test_every_shape_of_contact_is_taken_out_wherever_it_stands(contact):
    for text in (contact, f"ask {contact}", f"{contact}; or so", f"(see {contact}, please)"):
        masked = mask_text(text)
        assert "removed]" in masked and not any(
            s.casefold() in masked.casefold() for s in ("private", "960123", "900123")
        )
    assert mask_value(contact) is None
    assert mask(pl.Series([contact, "x"])).to_list() == [None, "x"]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_contact_stays(text):
    assert mask_text(text) == text == mask(pl.Series([text])).item() == mask_value(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*MAILS, *NUMBERS, *INNOCENT, "Acme", " ", "-", "é", "\n", "/", "("]), max_size=6))
def test_the_mask_of_a_column_is_the_mask_of_each_cell(parts):
    text = " ".join(parts)
    column = mask(pl.Series([text]))
    assert column.item() == mask_value(text)
    assert not has_contact(column).any()


def test_codes_keep_their_digits_and_lose_their_mail():
    codes = pl.Series(["01632960123", "ada@private.example"])
    assert mask(codes, telephones=False).to_list() == ["01632960123", None]


@pytest.mark.parametrize(
    ("cell", "person"),
    [
        ("Ada Private", False),
        ("Alice Private", True),
        ("Private, Alice", True),
        ("Dr A. Private", True),
        ("Prof. Mei-Lin O'Private", True),
        ("John Lewis plc", False),
        ("Acme Ltd", False),
        ("alice", False),
        ("Leeds", False),
        ("Alice 3", False),
        ("Alice and the great many others of them", False),
    ],
)
def test_names_of_persons_by_their_shape(cell, person):
    assert looks_like_a_person(cell, given_names() - {"ada"}) is person


def test_columns_of_persons_are_known_by_their_cells_and_said_in_words():
    assert judge("Name", ["Alice Private", "John Example", "Dr K. Sample"]).reason == PERSONS
    assert judge("Ref", ["01632 960001", "01632 960002 ext 4", "t: 01632 960003"]).reason == TELEPHONES
    assert judge("Remarks", ["ring 01632 960001", "01632 960002 mornings", ""]).personal
    assert not judge("Organisation", FIRMS).personal


def test_a_contact_person_called_name_is_proposed_to_be_left_out(tmp_path):
    rows = [
        f"{f},{p},LS1 1AA" for f, p in zip(FIRMS, ["Alice A", "John B", "Mary C", "Peter D", "Susan E"], strict=True)
    ]
    path = write(tmp_path / "m.csv", "Organisation,Name,Postcode", *rows)
    found = guess_file(path)
    assert found.columns["Organisation"].property == "name"
    assert (found.columns["Name"].personal, found.columns["Name"].ignore, found.columns["Name"].seen) == (
        True,
        PERSONS,
        (),
    )
    save_mapping(found, mapping_path(path))
    assert "Alice" not in mapping_path(path).read_text("utf-8")
    assert load_mapping(mapping_path(path)) == found


def test_names_of_persons_cannot_become_a_property(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,About", *(f"{f},Maker of pumps" for f in FIRMS))
    mapping = settled(path)
    write(path, "Organisation,About", *(f"{f},Alice Private" for f in FIRMS))
    with pytest.raises(InputError, match="'About': looks like names of persons and cannot become a property"):
        read_list(path, mapping)


def test_no_examples_are_kept_of_what_is_left_out_or_of_prose(tmp_path):
    rows = [f"{f},Founded by Ada Private in her garage,Ada Private says: ring me" for f in FIRMS]
    path = write(tmp_path / "m.csv", "Organisation,Description,Comments", *rows)
    found = guess_file(path)
    kept = mapping_path(path)
    save_mapping(found, kept)
    text = kept.read_text("utf-8")
    assert "Ada" not in text and "Acme Ltd" in text
    kept.write_text(text.replace("  Comments:\n", "  Comments:\n    seen: [Ada Private]\n"), "utf-8")
    assert load_mapping(kept) == found


def test_a_preamble_leaves_no_words(tmp_path):
    lines = [
        "Members; kept by Ada Private",
        "",
        "ring 01632 960123",
        "Organisation,Postcode",
        *(f"{f},LS1 1AA" for f in FIRMS),
    ]
    path = write(tmp_path / "m.csv", *lines)
    extract = read_list(path, settled(path))
    assert extract.warnings == ("m.csv: 2 rows above the header were left out",)
    save_mapping(guess_file(path), mapping_path(path))
    assert "Ada" not in mapping_path(path).read_text("utf-8")


def test_mappings_of_before_may_hold_the_rows_above_the_header(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    save_mapping(guess_file(path), mapping_path(path))
    text = (
        mapping_path(path)
        .read_text("utf-8")
        .replace("header_row: 1", "preamble: [Members, Ada Private]\nheader_row: 1")
    )
    mapping_path(path).write_text(text, "utf-8")
    assert load_mapping(mapping_path(path)).preamble == 2


HEADER = "Organisation,Postcode,Free words,Owner notes,Contact,New column"


@pytest.mark.parametrize(
    "row",
    [
        ",LS1 1AA,Ada Private,Ada Private,Ada Private,Ada Private",
        "Acme Ltd,Ada Private",
        "Ada Private,Ada Private,Ada Private,Ada Private,Ada Private,Ada Private,Ada Private",
        "Acme Ltd,LS1 1AA,Ada Private,x,y,Ada Private",
        ",LS1 1AA," + "Ada Private " * 10_000 + ",,,",
    ],
)
def test_rejected_rows_show_only_columns_that_are_used(tmp_path, row):
    path = write(tmp_path / "m.csv", HEADER.rpartition(",")[0], *(f"{f},LS1 1AA,a,b,c" for f in FIRMS))
    mapping = settled(path)
    write(path, HEADER, "Acme Ltd,LS1 1AA,a,b,c,d", row)
    extract = read_list(path, mapping)
    assert (extract.read, extract.accepted, extract.rejected.height) == (2, 1, 1)
    assert extract.rejected["row"].to_list() == [3]
    assert "Ada" not in everything(extract)


def test_a_list_that_is_not_public_shows_nothing_of_what_is_put_aside(tmp_path):
    path = write(
        tmp_path / "m.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS), ",LS1 1AB", "Fog Ltd,somewhere"
    )
    extract = read_list(path, settled(path, visibility="desk"))
    assert extract.rejected["raw"].to_list() == extract.problems["raw"].to_list() == [f'"{NOT_PUBLIC}"']
    assert reasons(extract.problems) == [(8, "Postcode", "cannot be read as postcode")]


def test_free_text_is_masked_where_it_is_accepted_too_and_said(tmp_path):
    row = "Acme (ring 01632 960123),4142000,,,"
    extract = read_table([input_file(write(tmp_path / "a.csv", "name,number,opened,staff,mail", row))], spec())
    frame = extract.records["organisation"]
    assert frame["name"].to_list() == ["Acme (ring [telephone removed])"]
    assert frame["company_number"].to_list() == ["04142000"]
    assert extract.warnings == (
        "a.csv: column 'name': e-mail addresses or telephone numbers were taken out of cells: 1",
    )


def test_a_name_that_is_nothing_but_a_contact_is_none(tmp_path):
    extract = read_table(
        [input_file(write(tmp_path / "a.csv", "name,number,opened,staff", "ada@private.example,,,"))], spec()
    )
    assert reasons(extract.rejected) == [(2, "name", "a required value is missing")]


def test_keys_that_are_contacts_become_fingerprints_that_stay_apart(tmp_path):
    keyed = spec(key="who", columns={"name": {"property": "name"}, "who": {"ignore": "the key", "required": True}})
    lines = ["name,who", "Acme,ada@private.example", "Bolt,bo@private.example", "Cog,C1", "Dee,ada@private.example"]
    extract = read_table([input_file(write(tmp_path / "a.csv", *lines))], keyed)
    assert (extract.accepted, extract.rejected.height) == (3, 1)
    assert "C1" in extract.records["organisation"]["key"].to_list()
    assert "private" not in everything(extract)


def test_parts_of_a_cell_that_are_contacts_are_no_values(tmp_path):
    many = spec(columns={"name": {"property": "name"}, "what": {"property": "activity", "split": ";"}})
    path = write(tmp_path / "a.csv", "name,what", "Acme,Medtech; ada@private.example; Pumps 01632 960123")
    values = read_table([input_file(path)], many).records["organisation"]["activity"].to_list()
    assert values == [["Medtech", "Pumps [telephone removed]"]]


def test_holders_are_named_without_contacts():
    rows = pl.DataFrame(
        {"file": "f", "row": [1, 2], "k": ["a", "b"], "n": ["Acme 01632 960123", "ada@private.example"]}
    )
    assert holders(rows, key="k", name="n")["name"].to_list() == ["Acme [telephone removed]"]


def test_unknown_headers_are_named_without_contacts(tmp_path):
    path = write(tmp_path / "a.csv", "name,number,opened,staff,ask ada@private.example", "Acme,,,,x")
    assert "private" not in everything(read_table([input_file(path)], spec()))
    mapping = guess_file(
        write(tmp_path / "b.csv", "Organisation,Postcode,ask ada@private.example", *(f"{f},LS1 1AA,x" for f in FIRMS))
    )
    assert list(mapping.columns) == ["Organisation", "Postcode", "ask [e-mail removed]"]


def test_what_is_put_aside_is_safe_whoever_puts_it(tmp_path):
    tray = Tray()
    tray.add("f", 1, "ada@private.example", "asks ada@private.example", {"a": ["ada@private.example", 3, None]})
    assert "private" not in str(tray.frame().to_dicts())
    assert shown_row(["a"], [True, True]) == ["a"] and shown_row(["a"], [True, False]) == [""]
    assert shown_row(["a", "b"], [True]) == ["a", ""] and shown_row(["a", "b"], [True, False]) == ["a", ""]


cell = st.sampled_from([*(f"Ada Private {i}" for i in range(3)), *MAILS, *NUMBERS[:3], "", "x", '"q', "1;2"])
table = st.lists(st.lists(cell, min_size=1, max_size=8), max_size=8)


@settings(max_examples=80, deadline=None)
@given(table, st.sampled_from(["property", "none"]))
def test_whatever_the_rows_persons_of_unused_columns_never_come_out(rows, kind):
    """Names, mails and numbers in any cell of any width; only the column `name` is used, and it is no person's."""
    header = ["name", "contact", "remarks"] + ([] if kind == "property" else ["more"])
    only = spec(
        columns={"name": {"property": "name"}, "contact": {"ignore": "c", "personal": True}, "remarks": {"ignore": "r"}}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = [
            ",".join(header),
            *(",".join(['"Acme"', *(f'"{c.replace(chr(34), "")}"' for c in row)]) for row in rows),
        ]
        path.write_text("\n".join(lines), "utf-8")
        extract = read_table([InputFile(path, Snapshot.of(path))], only.model_copy(update={"delimiter": ","}))
    assert extract.read == len(rows) == extract.accepted + extract.rejected.height
    text = everything(extract)
    assert not any(secret in text for secret in SECRETS)
