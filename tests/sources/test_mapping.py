"""Guessing what the columns of a list mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.sources.columns import by_cells, by_header, is_personal, judge, plain
from lifecluster.sources.mapping import (
    Mapping,
    find_header,
    guess,
    guess_file,
    header_of,
    load_mapping,
    mapping_path,
    save_mapping,
)
from lifecluster.sources.sheets import Grid
from tests.sources.books import xlsx
from tests.sources.kit import write

FIRMS = ["Acme Ltd", "Bolt & Co Limited", "Cog plc", "University of Dee", "Echo Group"]


def grid(*rows: list[str]) -> Grid:
    return Grid("members.csv", None, [list(r) for r in rows])


def settle(text: str) -> str:
    """A saved guess with publisher and licence stated."""
    text = text.replace("say who made the list", "A network").replace("LicenseRef-unknown", "CC0-1.0")
    return text.replace("say under which licence it may be used", "CC0")


def meaning(mapping: Mapping) -> dict:
    return {name: c.property or f"- {c.ignore}" for name, c in mapping.columns.items()}


@pytest.mark.parametrize("number", range(2, 16))
def test_every_real_list_is_guessed_right(data_dir, number):
    mapping = guess_file(data_dir / "matching" / "oshub_lists" / f"{number}.csv")
    assert meaning(mapping) == {"country": "country", "name": "name", "address": "address", "sector": "activity"}
    assert mapping.header_row == 1 and not mapping.confirmed
    assert all(c.confidence >= 0.9 and c.seen for c in mapping.columns.values())


@pytest.mark.parametrize("number", range(2, 16))
def test_every_real_list_is_guessed_without_its_header_too(data_dir, tmp_path, number):
    lines = (data_dir / "matching" / "oshub_lists" / f"{number}.csv").read_text("utf-8-sig").splitlines()[1:]
    mapping = guess_file(write(tmp_path / "list.csv", *lines))
    assert mapping.header_row == 0
    found = {c.property: name for name, c in mapping.columns.items() if c.property}
    assert (found["country"], found["name"]) == ("column 1", "column 2")


@pytest.mark.parametrize(
    ("header", "prop"),
    [
        ("Company Name", "name"),
        ("ORGANISATION_NAME", "name"),
        ("companyName", "name"),
        ("Post Code", "postcode"),
        ("Company No.", "company_number"),
        ("Companies House number", "company_number"),
        ("SIC Code 1", "sic"),
        ("Address Line 2", "address"),
        ("Town/City", "town"),
        ("Web site", "website"),
        ("No. of employees", "employees"),
        ("Turnover (£)", "turnover"),
        ("Sub-sector", "activity"),
        ("UKPRN", "ukprn"),
        ("T/A", "trading_name"),
    ],
)
def test_headers(header, prop):
    assert by_header(header).property == prop


@pytest.mark.parametrize(
    "header",
    [
        "Contact",
        "Contact name",
        "Main contact e-mail",
        "E-mail",
        "Email address",
        "Tel.",
        "Telephone No",
        "Mobile",
        "First Name",
        "Surname",
        "CEO",
        "Job title",
        "LinkedIn",
        "Managing Director's phone",
    ],
)
def test_headers_of_persons(header):
    assert is_personal(header)
    verdict = judge(header, ["anything"])
    assert verdict.personal and verdict.property is None


def test_cells_of_persons_are_known_whatever_the_header():
    assert judge("Notes", ["see jo@example.org", "ask a.b@example.com", "-"]).personal
    assert judge("Ref", ["01632 960001", "+44 1632 960002", "(01632) 960003"]).personal
    assert not judge("Company number", ["01632960", "04142000", "00975677"]).personal


@pytest.mark.parametrize(
    ("cells", "prop"),
    [
        (["LS1 1AA", "dn13bu", "", "S11 9PA"], "postcode"),
        (["04142000", "SC374831", "00975677"], "company_number"),
        (["www.acme.com", "https://bolt.co.uk/x", "cog.ac.uk"], "website"),
        (["UK", "CHINA", "Viet Nam", "DE"], "country"),
        (FIRMS, "name"),
        (["1 High St, Leeds, LS1 1AA", "Unit 4, Mill Park, York", "22 Low Rd, Hull"], "address"),
        (["2020-01-01", "03/04/2021", "5 May 2022"], None),
        (["1", "2,000", "3.5"], None),
        (["", " "], None),
    ],
)
def test_cells(cells, prop):
    assert by_cells(cells).property == prop


def test_plain_headers():
    assert plain("  Company_Name (registered)* ") == "company name"


def test_a_preamble_is_found_and_named_without_its_mail():
    rows = [
        ["Members of the network, May 2024", "", ""],
        ["", "", ""],
        ["Ask jo@example.org", "", ""],
        ["Organisation", "Postcode", "Sector"],
        ["Acme Ltd", "LS1 1AA", "Medtech"],
    ]
    mapping = guess(grid(*rows))
    assert mapping.header_row == 4
    assert mapping.preamble == 2
    assert "Members of the network" not in str(mapping)
    assert meaning(mapping) == {"Organisation": "name", "Postcode": "postcode", "Sector": "activity"}


def test_headerless_lists_are_guessed_from_their_cells():
    rows = [
        [f, p, w]
        for f, p, w in zip(
            FIRMS,
            ["LS1 1AA", "DN1 3BU", "S11 9PA", "YO1 7HH", "B1 1AA"],
            ["www.acme.com", "bolt.co.uk", "", "dee.ac.uk", "echo.com"],
            strict=True,
        )
    ]
    mapping = guess(grid(*rows))
    assert mapping.header_row == 0
    assert meaning(mapping) == {"column 1": "name", "column 2": "postcode", "column 3": "website"}


def test_unknown_header_words_above_figures_are_a_header():
    rows = [["Widget", "Blob"], ["Acme Ltd", "12"], ["Bolt Ltd", "7"], ["Cog Ltd", "9"]]
    assert find_header(rows) == 1
    assert meaning(guess(grid(*rows)))["Widget"] == "name"


def test_blank_and_repeated_header_cells_get_names():
    assert header_of([["Name", "", "Name", "A\n b"]], 1) == ["Name", "column 2", "Name (2)", "A b"]


def test_two_columns_that_look_alike_leave_the_choice_to_the_person():
    mapping = guess(grid(["Company", "Group name", "Company name"], *[[f, "x", f] for f in FIRMS]))
    named = [n for n, c in mapping.columns.items() if c.property == "name"]
    assert len(named) == 1
    assert "owners are groups" in mapping.columns["Group name"].ignore


def test_a_list_of_sites_is_known_by_its_operator_and_jobs():
    mapping = guess(
        grid(["Site name", "Operator", "Postcode", "Jobs at site"], *[[f"{f} works", f, "LS1 1AA", "5"] for f in FIRMS])
    )
    assert mapping.kind == "site"
    assert meaning(mapping) == {
        "Site name": "name",
        "Operator": "holder",
        "Postcode": "postcode",
        "Jobs at site": "jobs",
    }


def test_separators_of_several_values():
    mapping = guess(grid(["Name", "SIC codes", "Sector"], *[[f, "21100, 72110", "Medtech; Biopharma"] for f in FIRMS]))
    assert (mapping.columns["SIC codes"].split, mapping.columns["Sector"].split) == (",", ";")


def test_a_table_without_names_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: no column looks like the name"):
        guess_file(write(tmp_path / "a.csv", "x,y", "1,2", "3,4"))


def test_sheets_are_chosen_by_content_or_name(tmp_path):
    def change(book):
        book.create_sheet("Hidden")
        for i in range(50):
            book["Hidden"].append(["Name", str(i)])
        book["Hidden"].sheet_state = "hidden"
        book.create_sheet("Other").append(["Name"])
        book["Other"].append(["Dee"])

    path = xlsx(tmp_path / "m.xlsx", [["Name", "Town"], ["Acme", "Leeds"]], change)
    assert guess_file(path).sheet == "Members"
    assert guess_file(path, sheet="Other").sheet == "Other"
    with pytest.raises(InputError, match="there is no sheet 'Nope'; there are 'Members', 'Hidden', 'Other'"):
        guess_file(path, sheet="Nope")


def test_a_mapping_is_saved_for_a_person_and_read_back(tmp_path):
    path = write(
        tmp_path / "members.csv", "Organisation,Postcode,E-mail", *(f"{f},LS1 1AA,jo@example.org" for f in FIRMS)
    )
    mapping = guess_file(path)
    save_mapping(mapping, mapping_path(path))
    text = mapping_path(path).read_text("utf-8")
    assert "jo@example.org" not in text and "confirmed: false" in text and "Acme Ltd" in text
    assert load_mapping(mapping_path(path)) == mapping
    save_mapping(mapping, mapping_path(path))
    settled = settle(text)
    mapping_path(path).write_text(settled.replace("confirmed: false", "confirmed: true"), "utf-8")
    assert load_mapping(mapping_path(path)).confirmed
    with pytest.raises(InputError, match="is confirmed already"):
        save_mapping(mapping, mapping_path(path))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "property: name",
            "property: nonsense",
            r"'nonsense' is not in the vocabulary of properties \(docs/reference/tables",
        ),
        ("property: postcode", "property: post-code", "lists them\\); did you mean postcode"),
        ("property: postcode", "property: staff", "did you mean employees"),
        ("property: postcode", "property: Web site", "did you mean website"),
        ("property: name", "ignore: not needed", "no column is mapped to `name`"),
        ("visibility: members", "visibility: friends", "visibility: Input should be 'public', 'members'"),
        (
            "confirmed: false",
            "confirmed: true",
            "cannot be confirmed yet: publisher: say who made the list; licence: say",
        ),
        ("name: list-members", "name: nhs-trusts", "'nhs-trusts' is that of a source that Lifecluster brings"),
        ("kind: organisation", "kind: firm", "kind"),
        ("confirmed: false", "confirmed: [", "expected"),
        ("confirmed: false", "confirm: true", "Extra inputs are not permitted"),
        ("property: postcode", "property: holder", "belongs to a list of sites"),
    ],
)
def test_mistakes_in_a_mapping_are_named(tmp_path, old, new, message):
    path = write(tmp_path / "members.csv", "Organisation,Postcode", *(f"{f},LS1 1AA" for f in FIRMS))
    kept = mapping_path(path)
    save_mapping(guess_file(path), kept)
    assert old in kept.read_text("utf-8")
    kept.write_text(kept.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        load_mapping(kept)
    assert caught.value.place.file == "members.csv.mapping.yml"


def test_contact_columns_cannot_be_mapped(tmp_path):
    path = write(tmp_path / "m.csv", "Organisation,Contact name", *(f"{f},Ada" for f in FIRMS))
    kept = mapping_path(path)
    save_mapping(guess_file(path), kept)
    kept.write_text(
        kept.read_text("utf-8").replace(
            "ignore: contact details of persons are not read\n    personal: true", "property: description"
        ),
        "utf-8",
    )
    with pytest.raises(InputError, match="column 'Contact name': holds contact details of persons"):
        load_mapping(kept)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=10), max_size=5), max_size=8))
def test_any_grid_gives_a_mapping_or_an_input_error(rows):
    try:
        mapping = guess(Grid("a.csv", None, rows))
    except InputError:
        return
    assert set(mapping.columns) == set(header_of(rows, mapping.header_row))
    assert not mapping.confirmed


GOOD = """
list: m.csv
name: a-list
title: A list
publisher: Nobody
licence: {id: CC0-1.0, title: CC0}
confirmed: true
columns:
  Name: {property: name}
  About: {property: description}
"""


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("confirmed", "observed_on: 2026-02-30\nconfirmed", "'2026-02-30' cannot be read as date"),
        ("confirmed", "observed_on: 20260331\nconfirmed", "observed_on: '20260331' is no date (YYYY-MM-DD)"),
        ("confirmed", "title: B\nconfirmed", "the key 'title' stands there twice"),
        ("confirmed", "colour: red\nconfirmed", "colour: Extra inputs"),
        (GOOD, "", "the whole: Input should be a valid dictionary"),
        (GOOD, "[" * 4000, "levels deep"),
        (GOOD, "!!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
        ("property: description", "property: description, split: ';'", "'About': split, but 'description' holds one"),
        ("property: description", "property: activity, split: ''", "columns.About.split: String should have at least"),
        ("property: description", "property: phase", "column 'About': 'phase' is no property of organisation"),
        ("property: description", "property: jobs", "column 'About': 'jobs' is no property of organisation"),
        ("property: description", "property: opened_on, format: ['%Q%']", "columns.About.format.0: '%Q%' is no format"),
        ("property: description", "property: employees, format: ['%Y']", "'About': format, but 'employees' is no date"),
    ],
)
def test_every_mistake_in_a_mapping_is_named(tmp_path, was, now, message):
    path = tmp_path / "m.csv.mapping.yml"
    path.write_text(GOOD.replace(was, now), "utf-8")
    with pytest.raises(InputError) as caught:
        load_mapping(path)
    assert caught.value.place.file == "m.csv.mapping.yml"
    assert message in caught.value.message


def test_a_list_of_sites_may_map_what_its_organisations_bear(tmp_path):
    path = tmp_path / "m.csv.mapping.yml"
    text = GOOD.replace("property: description", "property: turnover").replace("confirmed", "kind: site\nconfirmed")
    path.write_text(text, "utf-8")
    assert load_mapping(path).columns["About"].property == "turnover"
    path.write_text(text.replace("turnover", "phase"), "utf-8")
    with pytest.raises(InputError, match="'phase' is no property of site or organisation"):
        load_mapping(path)
