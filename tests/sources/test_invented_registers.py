"""The registers of this room in small, invented files: what the real ones do not happen to hold."""

from __future__ import annotations

import gzip

import pytest

from lifecluster.sources.columns import likeliest_name
from lifecluster.sources.registry import recognise
from lifecluster.sources.spec import load_spec
from tests.sources.kit import everything, read_as, reasons, write

TRIAL_COLUMNS = (
    "trial_id,number_of_countries,min_end_date,max_end_date,comp_date,has_results,includes_pip,rare_disease,"
    "phase,bioequivalence_study,health_volunteers,trial_status,any_terminated,all_terminated,sponsor_status,"
    "name_of_sponsor,multiple_sponsors"
)
AWARD_COLUMNS = (
    "FundingOrgName,ProjectReference,LeadROName,Department,ProjectCategory,PISurname,PIFirstName,Title,"
    "StartDate,EndDate,AwardPounds,ExpenditurePounds,Region,Status,GTRProjectUrl,ProjectId,FundingOrgId,LeadROId"
)
KNOWLEDGE_COLUMNS = (
    "name,type,registration_number,address_line1,address_line2,address_line3,town,postcode,county,country"
)


def trial(
    number: int, sponsor: str = "Acme Ltd", *, phase="2", state="1", status="1", end="2010-02-03 00:00:00"
) -> str:
    return f'T-{number},1,{end},{end},1,0,0,0,{phase},0,0,{state},0,0,{status},"{sponsor}",0'


def trials(tmp_path, *rows):
    return read_as("clinical-trials", write(tmp_path / "trials.csv", TRIAL_COLUMNS, *rows))


def test_spellings_of_a_sponsor_in_case_and_blanks_are_one(tmp_path):
    extract = trials(
        tmp_path,
        trial(1, "Acme  Ltd"),
        trial(2, "ACME LTD"),
        trial(3, "Acme Ltd"),
        trial(4, "Acme Ltd "),
        trial(5, "Acme Limited"),
    )
    names = extract.records["organisation"]["name"].to_list()
    assert sorted(names) == ["Acme Limited", "Acme Ltd"]
    holders = [cell[0] for cell in extract.records["trial"]["holder"]]
    assert len(set(holders[:4])) == 1 and holders[4] != holders[0]


@pytest.mark.parametrize("name", ["", "*LOC to complete*", "N/A", " - ", "none"])
def test_a_trial_without_a_sponsor_stays_and_is_noted(tmp_path, name):
    extract = trials(tmp_path, trial(1, name), trial(2))
    assert extract.accepted == 2 and extract.records["organisation"].height == 1
    assert reasons(extract.problems) == [(2, "name_of_sponsor", "no sponsor is named; the trial has no holder")]


def test_codes_that_nobody_explained_are_noted_and_left_out(tmp_path):
    extract = trials(tmp_path, trial(1, phase="7", state="9"), trial(2, phase="0", state="4"))
    assert extract.records["trial"]["phase"].to_list() == extract.records["trial"]["state"].to_list() == [None, None]
    assert {(row, field) for row, field, _ in reasons(extract.problems)} == {(2, "phase"), (2, "state")}


@pytest.mark.parametrize(
    ("statuses", "types"),
    [
        (["1", "1"], ["trial-sponsor", "commercial"]),
        (["0"], ["trial-sponsor", "non-commercial"]),
        (["0", "1"], ["trial-sponsor"]),
        (["3"], ["trial-sponsor"]),
    ],
)
def test_a_sponsor_is_commercial_only_if_all_its_trials_say_so(tmp_path, statuses, types):
    extract = trials(tmp_path, *(trial(i, status=s) for i, s in enumerate(statuses)))
    assert extract.records["organisation"]["organisation_type"].to_list() == [types]


def test_a_trial_named_twice_is_rejected_once(tmp_path):
    extract = trials(tmp_path, trial(1), trial(1), trial(2, end="soon"))
    assert reasons(extract.rejected) == [(3, None, "repeats the key 'T-1' of row 2")]
    assert reasons(extract.problems) == [(4, "max_end_date", "cannot be read as date")]


def test_trials_in_a_compressed_file_of_any_name(tmp_path):
    path = tmp_path / "whatever.bin"
    path.write_bytes(gzip.compress(f"{TRIAL_COLUMNS}\n{trial(1)}\n".encode("utf-8-sig")))
    assert recognise(path).spec.name == "clinical-trials"
    assert read_as("clinical-trials", path).accepted == 1


def award(
    number: int, lead: str = "Aston", key: str = "l1", *, start="01/09/2020", end="31/08/2023", amount="1000.5"
) -> str:
    money = f"{start},{end},{amount},,,Active"
    return f"MRC,R{number},{lead},Dept,Grant,Private,Ada,Title {number},{money},u.org/{number},,,{key}"


def awards(tmp_path, *rows):
    return read_as("gateway-to-research", write(tmp_path / "gtr.csv", AWARD_COLUMNS, *rows))


def test_an_award_in_the_layout_of_the_official_export(tmp_path):
    extract = awards(tmp_path, award(1), award(2, "Aston University", "L1"), award(3, "Aston University", "L1"))
    row = extract.records["award"].row(0, named=True)
    assert (row["starts_on"].isoformat(), row["ends_on"].isoformat()) == ("2020-09-01", "2023-08-31")
    assert (row["amount"], row["currency"], row["state"], row["holder"]) == (
        1000.5,
        "GBP",
        "active",
        ["organisation:L1"],
    )
    assert row["url"] == "https://u.org/1"
    assert extract.records["organisation"].select("key", "name").rows() == [("L1", "Aston University")]
    assert "Private" not in everything(extract) and extract.problems.height == 0


def test_an_award_without_a_lead_is_rejected_and_its_investigator_not_shown(tmp_path):
    extract = awards(tmp_path, award(1, lead=""), award(2, key=""), award(3, amount=""))
    assert [(row, field) for row, field, _ in reasons(extract.rejected)] == [(2, "LeadROName"), (3, "LeadROId")]
    assert "Private" not in everything(extract)
    assert extract.records["award"]["currency"].to_list() == [None]


def test_a_few_dates_in_january_are_no_reason_to_exchange_anything(tmp_path):
    rows = [award(i, start=f"{i % 12 + 1:02}/01/2020") for i in range(60)]
    extract = awards(tmp_path, *rows, award(99, start="15/06/2020"))
    assert extract.warnings == ()
    assert {d.month for d in extract.records["award"]["starts_on"]} == {1, 6}


def knowledge(tmp_path, *rows):
    return read_as("knowledge-organisations", write(tmp_path / "k.csv", KNOWLEDGE_COLUMNS, *rows))


def test_numbers_follow_the_type_and_a_wrong_one_is_noted(tmp_path):
    extract = knowledge(
        tmp_path,
        "Uni A,UNIVERSITY,10007160,,,,Leeds,LS1 1AA,,",
        "Cat B,CATAPULT,10016023,,,,,,,",
        "Uni C,UNIVERSITY,7964699,,,,,,,",
        "Rto D,RTO,,,,,,,,",
        "Odd E,SCHOOL,12345,,,,,,,",
    )
    rows = {r["name"]: r for r in extract.records["organisation"].iter_rows(named=True)}
    assert (rows["Uni A"]["ukprn"], rows["Uni A"]["company_number"]) == ("10007160", None)
    assert (rows["Cat B"]["ukprn"], rows["Cat B"]["company_number"]) == (None, "10016023")
    assert rows["Uni C"]["ukprn"] is None and rows["Odd E"]["organisation_type"] == ["SCHOOL"]
    assert {(row, field) for row, field, _ in reasons(extract.problems)} == {(4, "registration_number"), (6, "type")}


def test_two_of_one_ukprn_stay_two(tmp_path):
    extract = knowledge(tmp_path, "Uni A,UNIVERSITY,10007160,,,,,,,", "Uni B,UNIVERSITY,10007160,,,,,,,")
    assert extract.records["organisation"]["key"].n_unique() == 2


def test_trusts_and_commissioners_in_one_file_are_nobodys(tmp_path):
    tail = ',"Y63","QHM","","","","","","","20130401"' + ',""' * 16
    path = write(tmp_path / "mixed.csv", f'"00C","NHS ONE CCG"{tail}', f'"R0A","TWO NHS TRUST"{tail}')
    assert recognise(path) is None


def test_what_is_wrong_with_a_yaml_file_is_said_key_by_key(tmp_path):
    (tmp_path / "x").mkdir()
    path = tmp_path / "x" / "source.yml"
    path.write_text("name: UPPER\nrank: official\n", "utf-8")
    with pytest.raises(Exception, match=r"x/source\.yml: .*name: .*; title: Field required") as caught:
        load_spec(path)
    assert "pydantic" not in str(caught.value)


def test_the_likeliest_name_is_words_that_differ():
    columns = {"a": ["x"] * 9, "b": [f"Firm number {c}" for c in "abcdefghi"], "c": [str(i) for i in range(9)]}
    assert likeliest_name(columns) == "b"
    assert likeliest_name({"c": columns["c"], "a": columns["a"], "empty": []}) is None
