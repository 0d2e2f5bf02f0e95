"""What became of a source's records; a summary of an organisation; who judged; the packages there are."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from lifecluster.build.decided import DIFFERENT, SAME
from lifecluster.commands.follow import cleared, neutral, sentence
from lifecluster.register.following import STATES, follow, followed_sources
from lifecluster.register.package import CURRENT, DESCRIPTOR, Package
from lifecluster.register.shelf import shelf

from .tiny import MEMBERS, STRANGER, conforms, pair, refused, run, write_inputs


def test_every_record_of_a_list_is_followed(tiny_packages, tmp_path):
    table = tmp_path / "all.csv"
    told = run("follow", "tiny-members", "--package", tiny_packages, "--csv", table, "--json").json
    conforms(told, "follow")
    assert sum(told["counts"].values()) == len(MEMBERS) - 1 == len(told["records"])
    rows = {row["name"]: row for row in told["records"]}
    linked = rows["Bramlow Surgical Instruments Ltd"]
    assert (linked["state"], linked["target"]) == ("linked", "companies-house/organisation:09100003")
    assert linked["organisation_name"] == "BRAMLOW SURGICAL INSTRUMENTS LTD"
    assert linked["reasons"]
    alone = rows[STRANGER]
    assert (alone["state"], alone["target"]) == ("none", None)
    assert alone["organisation"].startswith("LCO-"), "it is in the register by itself"
    written = pl.read_csv(table, infer_schema_length=0)
    assert written.columns == list(linked)
    assert sorted(written["record"]) == sorted(row["record"] for row in told["records"])


def test_it_agrees_with_the_links_of_the_package(sample_package):
    links = sample_package.table("links")
    for source in followed_sources(sample_package):
        found = follow(sample_package, source)
        assert found["record"].is_unique().all()
        mine = links.filter(source=source)
        for band, state in (("auto", "linked"), ("review", "review"), ("none", "none")):
            assert found.filter(state=state).height == mine.filter(band=band).height, (source, band)
        order = [STATES.index(state) for state in found["state"]]
        assert order == sorted(order)
        owners = dict(sample_package.table("records").filter(kind="organisation").select("record", "id").iter_rows())
        assert found["organisation"].to_list() == [owners.get(record) for record in found["record"]]


def test_those_of_this_register_come_first(sample_package):
    """Against a package whose register has lost the organisation of every other link."""
    found = follow(sample_package, "sample-members").filter(state="linked").drop_nulls("organisation")
    gone = sorted(set(found["organisation"]))[::2]

    class Smaller:
        def __getattr__(self, name):
            return getattr(sample_package, name)

        def table(self, name):
            table = sample_package.table(name)
            return table.filter(~pl.col("id").is_in(gone)) if name == "organisations" else table

    after = follow(Smaller(), "sample-members")
    homes = dict(after.select("record", "organisation").iter_rows())
    linked = after.filter(state="linked")
    at_home = linked["organisation"].is_not_null().to_list()
    assert 0 < sum(at_home) < len(at_home)
    assert at_home == sorted(at_home, reverse=True)
    owner = dict(sample_package.table("linked_records").select("record", "organisation").iter_rows())
    kept = set(sample_package.table("organisations")["id"]) - set(gone)
    for state in STATES:
        rows = after.filter(state=state)
        may = [bool(homes[one]) or owner.get(to) in kept for one, to in rows.select("record", "target").iter_rows()]
        assert may == sorted(may, reverse=True), state
        for part in (True, False):
            chances = [p for p, is_in in zip(rows["probability"], may, strict=True) if is_in is part and p is not None]
            assert chances == sorted(chances, reverse=True), state


def test_the_sentence_says_how_many_are_here(sample_package):
    told = run("follow", "sample-members", "--package", sample_package.path, "--json").json
    here = follow(sample_package, "sample-members").filter(state="linked").drop_nulls("organisation").height
    assert told["here"] == here
    assert f"linked to an organisation of a register ({here:,} of them in this one)" in told["sentence"]
    one = {"review": 0, "none": 0, "linked": 1, "anchor": 0}
    assert "register (it is in this one)" in sentence("a-list", one, here=1, rejected=0, closed=0)
    assert "register (it is not in this one)" in sentence("a-list", one, here=0, rejected=0, closed=0)


def test_only_some_and_only_a_few(tiny_packages):
    told = run("follow", "tiny-members", "--state", "linked", "--limit", "1", "--package", tiny_packages)
    assert "more with --limit" in told.out
    assert told.out.count("tiny-members/organisation") == 1
    assert "no organisation" not in told.err
    anchors = run("follow", "companies-house", "--package", tiny_packages, "--json").json
    conforms(anchors, "follow")
    assert anchors["counts"]["anchor"] > 0
    assert run("follow", "companies-house", "--package", tiny_packages).code == 0


def test_an_unknown_source_is_refused_with_those_there_are(tiny_packages):
    refused(run("follow", "nobody", "--package", tiny_packages), "nobody", "companies-house, nhs-trusts, tiny-members")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing(sign):
    frame = pl.DataFrame({"name": [f"{sign}1+1", "plain", None], "n": [-1, 2, 3]})
    assert neutral(frame).rows() == [(f"'{sign}1+1", -1), ("plain", 2), (None, 3)]


@pytest.fixture
def judged(tmp_path):
    """A package built with a judgement, and the two records."""
    inputs, out = write_inputs(tmp_path / "inputs"), tmp_path / "packages"
    run("build", "--from", inputs, "--out", out)
    two = pair(out)
    run("judge", "same", *two, "--why", "same door", "--as", "desk", "--package", out)
    assert run("build", "--from", inputs, "--out", out).code == 0
    return out, two


def test_it_says_by_whom_a_link_was_judged(judged):
    out, (left, right) = judged
    shown = run("show", "09100004", "--package", out, "--json").json
    conforms(shown, "show")
    (one,) = shown["judgements"]
    assert (one["judged"], one["by"], one["why"], {one["left"], one["right"]}) == (
        "same",
        "desk",
        "same door",
        {left, right},
    )
    for extra in ((), ("--all",)):
        assert "judged same by desk, 2026-11-01" in run("show", "09100004", *extra, "--package", out).out
    rows = run("follow", "tiny-members", "--package", out, "--json").json["records"]
    (mine,) = [row for row in rows if row["name"] == STRANGER]
    assert (mine["judged"], mine["judged_by"], mine["judged_why"]) == ("same", "desk", "same door")
    assert "judged the same by desk: same door" in run("follow", "tiny-members", "--package", out).out
    table = Package(out).table("judgements")
    assert table.select("entry", "left", "right").rows() == [(one["entry"], one["left"], one["right"])]


def test_a_package_of_before_has_no_judgements(sample_package, tmp_path):
    from lifecluster.register.following import judgements_of

    class Older:
        tables = ()

    assert judgements_of(Older(), ["x"]).is_empty()
    assert judgements_of(sample_package, ["x"]).columns == judgements_of(Older(), ["x"]).columns


def test_the_summary_is_short_and_leads_to_the_rest(sample_package):
    rows = sample_package.table("organisations").drop_nulls("employees").sort("records", descending=True)
    own = rows["id"][0]
    short = run("show", own, "--package", sample_package.path).out
    whole = run("show", own, "--all", "--package", sample_package.path).out
    assert len(short.splitlines()) < 30 < len(whole.splitlines())
    assert f"employees: {rows['employees'][0]}" in short
    assert f"lifecluster show {own} --all" in short
    assert "SAMPLE" in short


def test_what_is_not_public_is_not_in_the_summary_as_shown(judged):
    out, _ = judged
    hidden = Package(out).table("statements").filter(~pl.col("shown"))["value"].to_list()
    assert hidden, "names as the list writes them"
    assert not any(f"name: {value}" in run("show", "09100003", "--package", out).out for value in hidden)


def test_the_packages_there_are(judged, tmp_path):
    out, _ = judged
    listed = run("packages", "--in", out, "--json").json
    conforms(listed, "packages")
    assert len(listed) == 2
    (current,) = [one for one in listed if one["current"]]
    opened = Package(out)
    assert (current["name"], current["organisations"]) == (opened.name, opened.table("organisations").height)
    assert current["bytes"] == sum(f.stat().st_size for f in opened.path.iterdir())
    assert (current["at"], current["region"], current["sample"]) == ("2026-11-01", "midlands", False)
    assert opened.name in run("packages", "--in", out).out
    assert run("packages", "--in", tmp_path / "nowhere", "--json").json == []
    assert "lifecluster build" in run("packages").err


def test_a_damaged_package_is_listed_with_what_is_wrong(judged):
    out, _ = judged
    other = next(one for one in shelf(out) if not one.current)
    (other.path / DESCRIPTOR).write_text("{", "utf-8")
    (out / ".draft.1").mkdir()
    (out / "empty").mkdir()
    listed = {one.name: one for one in shelf(out)}
    assert len(listed) == 2
    assert "damaged" in listed[other.name].problem
    (other.path / DESCRIPTOR).write_text(json.dumps({"name": "x", "lifecluster": {}}), "utf-8")
    assert "too little" in {one.name: one for one in shelf(out)}[other.name].problem
    (out / CURRENT).unlink()
    assert not any(one.current for one in shelf(Path(out)))


def test_examples_are_named_under_their_reason(tiny_packages):
    arguments = ("definitions", "compare", "--package", tiny_packages)
    plain, some = run(*arguments), run(*arguments, "--examples", "2")
    assert "LCO-" not in plain.out
    named = run(*arguments, "--json").json["differences"]
    ids = {row["organisation_id"] for row in named if row["count_delta"]}
    told = {word for word in some.out.split() if word.startswith("LCO-")}
    assert told and told <= ids
    for one in {row["name"] for row in named if row["organisation_id"] in told}:
        assert one in some.out
    assert len(run(*arguments, "--examples", "1").out.splitlines()) < len(some.out.splitlines())


def test_rows_of_a_list_for_members_are_told_to_whoever_has_the_package(tmp_path):
    """Names and `file#row`, in the CSV too, to whoever may know of them; to others how many there are."""
    inputs, out, table = write_inputs(tmp_path / "inputs"), tmp_path / "packages", tmp_path / "all.csv"
    path = inputs / "members.csv.mapping.yml"
    path.write_text(path.read_text("utf-8").replace("visibility: public", "visibility: members"), "utf-8")
    run("build", "--from", inputs, "--out", out)
    asked = ("follow", "tiny-members", "--package", out)
    told = run(*asked, "--csv", table, "--for", "members")
    assert told.code == 0 and "not for" not in told.out
    answer = run(*asked, "--json", "--for", "members").json
    rows = {row["locator"]: row for row in answer["records"]}
    conforms(answer, "follow")
    shut = run(*asked, "--json").json
    assert (shut["records"], shut["withheld"], answer["withheld"]) == ([], len(MEMBERS) - 1, 0)
    assert set(shut["counts"].values()) == {0}
    assert "6 more are not for public eyes" in run(*asked).out
    inside = [(i, row) for i, row in enumerate(MEMBERS[1:], start=2) if row[1] != "S1 0AA"]
    for number, (name, postcode, *_rest) in inside:
        row = rows[f"members.csv#{number}"]
        assert (row["name"], row["postcode"]) == (name, postcode)
        assert f"{name}  members.csv#{number}  {row['record']}" in told.out
    (outside,) = {f"members.csv#{i}" for i in range(2, len(MEMBERS) + 1)} - {f"members.csv#{i}" for i, _ in inside}
    assert rows[outside]["name"] is None, "no statement is from it; its place leads to it"
    assert told.out.count("its words are in its file alone") == 1
    written = pl.read_csv(table, infer_schema_length=0).drop_nulls("name")
    assert sorted(written["name"]) == sorted(row[0] for _, row in inside)
    assert all(row["organisation_name"] for row in rows.values() if row["organisation"])


def test_a_visitor_is_told_in_a_sentence_and_of_a_closed_list_nothing(sample_package):
    told = run("follow", "sample-members", "--package", sample_package.path, "--json").json
    conforms(told, "follow")
    counts = told["counts"]
    assert told["sentence"].startswith(f"sample-members names {sum(counts.values()):,} organisations: ")
    for name, words in (
        ("linked", "are linked to an organisation"),
        ("review", "wait for a person"),
        ("none", "are linked to none"),
    ):
        assert f"{counts[name]:,} {words}" in told["sentence"]
    shut = sentence("a-list", dict.fromkeys(counts, 0), here=0, rejected=0, closed=7)
    assert "7" not in shut and shut.endswith("told to those who may see it.")


@pytest.mark.parametrize(
    ("judged", "state", "told"),
    [("same", "linked", "cleared: judged the same by desk: asked"),
     ("different", "none", "cleared: judged different organisations by desk: asked"),
     ("different", "review", "still waits: judged different organisations by desk: asked"),
     ("unsure", "review", "still waits: judged unsure by desk: asked"),
     ("same", "anchor", "judged the same by desk: asked"), (None, "review", "")],
)  # fmt: skip
def test_a_cleared_link_says_why_it_waits_no_more(judged, state, told):
    row = {
        "judged": judged,
        "state": state,
        "judged_by": "desk",
        "judged_why": "asked",
        "reasons": f"only alike, and no place to compare | {DIFFERENT if judged == 'different' else SAME}",
    }
    why, reasons = cleared(row)
    assert why == told
    if why.startswith("cleared"):
        assert reasons == "before that: only alike, and no place to compare"
    else:
        assert reasons == row["reasons"]
