"""Which sources there are, and how a folder is sorted."""

from __future__ import annotations

import shutil

import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.sources.registry import describe, gather, recognise, sources
from lifecluster.sources.spec import Rows
from tests.sources.books import xlsx
from tests.sources.kit import input_file, write

OWN = """
name: own
title: Own
publisher: Me
licence: {id: CC0-1.0, title: CC0}
url: https://example.org/
refresh: once
rank: other
recognise: {header: [Own name, Own code]}
columns:
  Own name: {property: name, required: true}
  Own code: {property: ods_code}
"""


def own(tmp_path, text=OWN, reader=None, name="own"):
    folder = tmp_path / "sources" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(text, "utf-8")
    if reader is not None:
        (folder / "reader.py").write_text(reader, "utf-8")
    return tmp_path / "sources"


def test_every_source_is_described_with_licence_and_bounds():
    frame = describe()
    assert frame.columns == [
        "name",
        "title",
        "publisher",
        "licence",
        "refresh",
        "kind",
        "rank",
        "url",
        "rows_min",
        "rows_max",
        "fetch",
        "own",
    ]
    assert {
        "nhs-trusts",
        "nhs-icbs",
        "contracts-ocds",
        "knowledge-organisations",
        "clinical-trials",
        "gateway-to-research",
        "organisation-list",
        "exchange",
        "companies-house",
    } <= set(frame["name"])
    assert frame["name"].is_sorted() and not frame["own"].any()
    for column in ("title", "publisher", "licence", "url"):
        assert frame[column].str.len_chars().min() > 2


def test_every_shipped_reader_can_be_imported():
    assert all(callable(source.reader()) for source in sources().values())


def test_a_source_of_ones_own_needs_no_reader(tmp_path):
    extra = own(tmp_path)
    path = write(tmp_path / "a.csv", "Own name,Own code", "Acme,X1", ",X2")
    source = recognise(path, extra=extra)
    assert source.spec.name == "own" and recognise(path) is None
    extract = source.read([input_file(path)])
    assert (extract.read, extract.accepted) == (2, 1)
    assert describe(extra).filter(own=True)["name"].to_list() == ["own"]
    assert "own" not in sources()
    assert sources(tmp_path / "nowhere").keys() == sources().keys()


@pytest.mark.parametrize(
    ("text", "reader", "message"),
    [
        (
            OWN.replace("property: name", "property: nonsense"),
            None,
            "own/source.yml: .*'nonsense' is not in the vocabulary",
        ),
        (OWN + "colour: red\n", None, "own/source.yml: colour: Extra inputs are not permitted"),
        (OWN + "rows: [", None, "own/source.yml"),
        (OWN.replace("name: own", "name: nhs-trusts"), None, "there is a source nhs-trusts already"),
        (OWN + "downloads: [{url: 'http://x.org/a', file: a, max_bytes: 1}]", None, "downloads"),
        (OWN + "downloads: [{url: 'https://x.org/a', file: a, max_bytes: 1}]", None, "x.org is not among `hosts`"),
        (OWN, "def read(:", "own/reader.py: cannot be imported"),
        (OWN, "x = 1", "own/reader.py: cannot be imported"),
    ],
)
def test_mistakes_in_a_source_are_named(tmp_path, text, reader, message):
    extra = own(tmp_path, text, reader)
    with pytest.raises(InputError, match=message):
        next(s for s in sources(extra).values() if s.spec.name == "own").reader()


def test_two_sources_that_claim_a_file_ask_for_a_word(tmp_path):
    extra = own(tmp_path)
    own(tmp_path, OWN.replace("name: own", "name: other"), name="other")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = write(inbox / "a.csv", "Own name,Own code", "Acme,X1")
    with pytest.raises(InputError, match=r"a\.csv: looks like other and own; name its source in inputs\.yml"):
        recognise(path, extra=extra)
    assert gather(inbox, extra=extra).left == {"a.csv": "looks like other and own; name its source in inputs.yml"}
    write(inbox / "inputs.yml", "a.csv: {source: own, observed_on: 2020-02-03, sample: true, rows: {min: 1, max: 5}}")
    inputs = gather(inbox, extra=extra)
    snapshot = inputs.files["own"][0].snapshot
    assert (snapshot.observed_on.isoformat(), snapshot.sample, inputs.rows["own"].max) == ("2020-02-03", True, 5)


def test_a_folder_is_sorted_and_everything_left_has_its_reason(tmp_path, data_dir):
    real = data_dir / "registers" / "etr_nhs_trusts_2026-01.csv"
    (tmp_path / "sub").mkdir()
    shutil.copy(real, tmp_path / "trusts-2026-01.csv")
    shutil.copy(real, tmp_path / "sub" / "again.csv")
    write(tmp_path / "notes.txt", "hello")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04nonsense")
    (tmp_path / "x.csv.part").write_bytes(b"half")
    (tmp_path / ".hidden").write_bytes(b"x")
    write(tmp_path / "skip.csv", "a,b")
    write(tmp_path / "inputs.yml", "skip.csv: {skip: not for us}")
    inputs = gather(tmp_path)
    files = [f for found in inputs.files.values() for f in found]
    assert len(files) == 1 and list(inputs.files) == ["nhs-trusts"]
    twice = [name for name, why in inputs.left.items() if why.startswith("the same file as")]
    assert len(twice) == 1
    assert inputs.left["notes.txt"] == "no source recognises its header or layout"
    assert inputs.left["empty.csv"] == "the file is empty"
    assert "damaged" in inputs.left["broken.zip"]
    assert inputs.left["skip.csv"] == "not for us"
    assert inputs.left["x.csv.part"] == "an unfinished download"
    assert inputs.left[".hidden"].startswith("hidden")
    assert set(inputs.left) == {*twice, ".hidden", "notes.txt", "empty.csv", "broken.zip", "skip.csv", "x.csv.part"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.csv: [", "not valid YAML"),
        ("- a.csv", "expects a mapping"),
        ("a.csv: {source: nope}", "no such source: nope"),
        ("a.csv: {observed_on: soon}", "'soon' is no date"),
        ("a.csv: {rows: {min: many}}", "rows of a.csv: min: Input should be a valid integer"),
    ],
)
def test_mistakes_in_inputs_yml_are_named(tmp_path, text, message):
    write(tmp_path / "a.csv", "x,y", "1,2")
    write(tmp_path / "inputs.yml", text)
    with pytest.raises(InputError, match=message) as caught:
        gather(tmp_path)
    assert caught.value.place.file == "inputs.yml"


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        gather(tmp_path / "nowhere")


def test_bounds_may_be_widened_for_one_folder(data_dir, tmp_path):
    lines = (data_dir / "registers" / "eccg_icb_2026-01.csv").read_text("utf-8").splitlines()[:9]
    path = write(tmp_path / "icb.csv", *lines)
    source = recognise(path)
    with pytest.raises(LifeclusterError, match="9 rows, but nhs-icbs has between 100 and 900"):
        source.read([input_file(path)])
    write(tmp_path / "inputs.yml", "icb.csv: {rows: {min: 1, max: 10}}")
    inputs = gather(tmp_path)
    assert source.read(inputs.files["nhs-icbs"], rows=inputs.rows["nhs-icbs"]).accepted == 9


def test_a_date_in_a_file_name_that_is_none_is_left_out(data_dir, tmp_path):
    shutil.copy(data_dir / "registers" / "etr_nhs_trusts_2026-01.csv", tmp_path / "etr-2026-99.csv")
    assert gather(tmp_path).files["nhs-trusts"][0].snapshot.observed_on is None


TRUST = "RX1,SOME NHS TRUST,Y60,QT1,1 HOSPITAL WAY,,,NOTTINGHAM,,NG1 0AA,20010401" + "," * 10 + ",0" + "," * 5


def inbox(tmp_path, **files):
    folder = tmp_path / "inbox"
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


LIST_MAPPING = """
list: l.csv
name: a-list
title: A list
publisher: Nobody
licence: {id: CC0-1.0, title: CC0}
observed_on: 2026-03-31
confirmed: true
columns: {Name: {property: name}}
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.csv: {observed_on: 2026-02-30}", "'2026-02-30' cannot be read as date"),
        ("a.csv: {observed_on: 20260331}", "observed_on of a.csv: '20260331' is no date (YYYY-MM-DD)"),
        ("a.csv: {source: [a]}", "source of a.csv: Input should be a valid string"),
        ("a.csv: {sikp: old}", "sikp of a.csv: Extra inputs are not permitted"),
        ("b.csv: {skip: old}", "there is no file 'b.csv' in this folder"),
        ("a.csv: {sample: 'no'}", "sample of a.csv: Input should be a valid boolean"),
        ("a.csv: {skip: false}", "skip of a.csv: Input should be a valid string"),
        ("a.csv: {rows: {min: 600, max: 1}}", "rows of a.csv: min 600 is above max 1"),
        ("a.csv: {skip: x}\na.csv: {skip: y}", "line 2, column 1: the key 'a.csv' stands there twice"),
        ("a.csv: skip", "expects a mapping"),
        ("l.csv: {source: companies-house}", "source of l.csv: it has a mapping"),
        ("l.csv: {rows: {min: 1}}", "rows of l.csv: it has a mapping"),
        ("l.csv: {observed_on: 2026-04-01}", "observed_on of l.csv: say it in its mapping, l.csv.mapping.yml"),
        ("[" * 4000, "levels deep"),
    ],
)
def test_settings_of_files_are_strict(tmp_path, text, message):
    folder = inbox(tmp_path, a_csv="x,y\n", l_csv="Name\nAcme\n", l_csv_mapping_yml=LIST_MAPPING, inputs_yml=text)
    with pytest.raises(InputError) as caught:
        gather(folder)
    assert caught.value.place.file == "inputs.yml"
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("vintage: '('", "vintage: '(' is no regular expression"),
        ("vintage: (20..)", "vintage: has no group y"),
        ("anchor: 0", "anchor: 0 is that of the company register"),
        ("anchor: -1", "anchor: Input should be greater than or equal to 0"),
        ("dated_by: nonsense", "dated_by: 'nonsense' is no date"),
        ("delimiter: ab", "delimiter: String should have at most 1 character"),
        ("key: nonsense", "key: 'nonsense' is neither a column"),
        ("kind: reference", "kind: a source of reference tables needs a reader.py"),
    ],
)
def test_keys_of_a_source_of_ones_own_are_checked(tmp_path, more, message):
    with pytest.raises(InputError) as caught:
        sources(own(tmp_path, OWN + more + "\n"))
    assert caught.value.place.file == "own/source.yml"
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("header: [Own name, Own code]", "columns: 2, pattern: {0: '('}", "recognise.pattern.0: '(' is no regular"),
        ("header: [Own name, Own code]", "starts: '('", "recognise.starts: '(' is no regular expression"),
        ("header: [Own name, Own code]", "members: '('", "recognise.members: '(' is no regular expression"),
        ("property: ods_code", "property: phase", "column 'Own code': 'phase' is no property of organisation"),
        ("property: ods_code", "property: ods_code, split: ';'", "column 'Own code': split, but 'ods_code' holds one"),
        ("property: ods_code", "property: sic, split: ''", "columns.Own code.split: String should have at least 1"),
        ("property: ods_code", "property: opened_on, format: ['%Q']", "columns.Own code.format.0: '%Q' is no format"),
        ("property: ods_code", "property: ods_code, format: ['%Y']", "column 'Own code': format, but 'ods_code' is no"),
    ],
)
def test_columns_of_a_source_of_ones_own_are_checked(tmp_path, was, now, message):
    with pytest.raises(InputError) as caught:
        sources(own(tmp_path, OWN.replace(was, now)))
    assert caught.value.place.file == "own/source.yml"
    assert message in caught.value.message


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    trust = TRUST + "\n"
    folder = inbox(tmp_path, a__t_csv=trust, b__t_csv=trust.replace("RX1", "RX2"))
    names = [file.name for file in gather(folder).files["nhs-trusts"]]
    assert names == ["a/t.csv", "b/t.csv"]
    extract = sources()["nhs-trusts"].read(gather(folder).files["nhs-trusts"], rows=Rows(min=1, max=9))
    assert extract.records["organisation"].select("key", "file").rows() == [("RX1", "a/t.csv"), ("RX2", "b/t.csv")]


def test_a_list_cannot_take_the_name_of_a_source(tmp_path):
    mapping = LIST_MAPPING.replace("name: a-list", "name: companies-house")
    inputs = gather(inbox(tmp_path, l_csv="Name\nAcme\n", l_csv_mapping_yml=mapping))
    assert inputs.left == {
        "l.csv": "l.csv.mapping.yml: the whole: name: 'companies-house' is that of a source that Lifecluster brings; take another"
    }


def test_one_workbook_may_be_two_lists_by_its_sheets(tmp_path):
    def change(book):
        book.create_sheet("Other").append(["Name"])
        book["Other"].append(["Beeholm Bio"])

    folder = inbox(tmp_path, x_txt="")
    xlsx(folder / "a.xlsx", [["Name"], ["Aardholm Bio"]], change)
    shutil.copy(folder / "a.xlsx", folder / "b.xlsx")
    shutil.copy(folder / "a.xlsx", folder / "c.xlsx")
    for name, sheet in (("a", "Members"), ("b", "Other"), ("c", "Other")):
        text = LIST_MAPPING.replace("a-list", f"list-{name}") + f"sheet: {sheet}\n"
        (folder / f"{name}.xlsx.mapping.yml").write_text(text, "utf-8")
    inputs = gather(folder)
    assert list(inputs.lists) == ["a.xlsx", "b.xlsx"]
    assert inputs.left["c.xlsx"] == "the same file as b.xlsx: read once"


def test_what_stands_beside_the_inputs_is_not_passed_over_in_silence(tmp_path):
    inputs = gather(inbox(tmp_path, gone_csv_mapping_yml=LIST_MAPPING, sub__inputs_yml="a.csv: {skip: x}\n"))
    assert inputs.left == {
        "gone.csv.mapping.yml": "a mapping whose list is not here",
        "sub/inputs.yml": "only the inputs.yml of the folder itself is read",
    }
