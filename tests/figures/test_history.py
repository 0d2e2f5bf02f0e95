"""Records of claims: kept, in order, unchangeable; publications frozen and citable."""

from __future__ import annotations

import json

import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.figures import history
from lifecluster.figures.claim import load_claim

from .kit import run


def kept(claim="jobs", region="midlands", entries=(), **more):
    return history.computed(run(claim, region, **more), entries)


def test_a_record_holds_recipe_rows_inputs_and_verdict():
    record = kept()
    history.check(record)
    assert record["recipe"] == load_claim("jobs").recipe()
    basis = record["result"]["bases"][0]
    assert len(basis["row_list"]) == basis["rows"] > 0
    assert record["result"]["inputs"][0]["sha256"]
    assert record["previous"] is None
    assert json.loads(json.dumps(record)) == record


def test_the_same_inputs_give_the_same_record():
    assert kept()["id"] == kept()["id"]
    assert kept(year="2019")["id"] != kept()["id"]


def test_what_changed_since_the_last_record():
    old = kept(year="2019")
    entries = history.append((), old)
    result = run("jobs", "midlands", previous=history.states(history.latest(entries, "jobs", "midlands")))
    changed = result.to_dict()["bases"][0]["change"]
    assert (changed["before"], changed["after"], changed["difference"]) == (10190, 7645, -2545)
    assert [r["reason"] for r in changed["reasons"]] == ["vintage"]
    entries = history.append(entries, history.computed(result, entries))
    assert entries[-1]["previous"] == old["id"]
    assert history.latest(entries, "jobs", "midlands") == entries[-1]
    assert history.latest(entries, "jobs", "north-west") is None
    assert history.states(None) == {}


def test_an_entry_that_was_touched_is_found_out():
    record = kept()
    for touched in ({**record, "at": "2020-01-01"}, {**record, "id": "0" * 64}, {**record, "entry": "guessed"},
                    {k: v for k, v in record.items() if k != "id"}):  # fmt: skip
        with pytest.raises(LifeclusterError, match="changed or is damaged"):
            history.check(touched)


def test_the_history_only_grows_and_in_order():
    first = kept(year="2018")
    entries = history.append((), first)
    with pytest.raises(LifeclusterError, match="already"):
        history.append(entries, first)
    with pytest.raises(LifeclusterError, match="moved on"):
        history.append(entries, kept(year="2019"))
    entries = history.append(entries, kept(year="2019", entries=entries))
    entries = history.append(entries, kept(region="north-west", entries=entries))
    assert len(entries) == 3


def test_a_publication_is_frozen_with_its_recipe_and_citable():
    record = kept()
    entries = history.append((), record)
    frozen = history.publish(record, at="2026-11-23", by="steward", note="for the annual report")
    entries = history.append(entries, frozen)
    assert frozen["recipe"] == record["recipe"]
    assert frozen["result"]["sentence"] == record["result"]["sentence"]
    assert frozen["address"] == f"claims/jobs/midlands/{record['id'][:12]}"
    cited = history.citation(frozen, instance="https://example.org/")
    assert cited.endswith(f"https://example.org/{frozen['address']}")
    assert "7,645 jobs" in cited
    assert "2026-11-23" in cited
    later = kept(entries=entries, year="2019")
    assert history.append(entries, later)[1] == frozen  # a new computation changes nothing that was published
    with pytest.raises(LifeclusterError):
        history.citation(
            {**frozen, "result": {**frozen["result"], "sentence": "9,000 jobs"}}, instance="https://example.org"
        )


def test_rows_do_not_leave_with_a_publication():
    frozen = history.publish(kept(), at="2026-11-23", by="steward")
    assert "row_list" not in json.dumps(frozen)


def test_only_what_is_in_the_history_is_published():
    record = kept()
    frozen = history.publish(record, at="2026-11-23", by="steward")
    with pytest.raises(LifeclusterError, match="not in the history"):
        history.append((), frozen)
    with pytest.raises(LifeclusterError, match="only what was computed"):
        history.publish(frozen, at="2026-11-23", by="steward")


def test_a_file_is_read_back_as_it_was_kept(tmp_path):
    path = tmp_path / "home" / "claims.jsonl"
    assert history.read(path) == ()
    first = kept(year="2019")
    history.keep(path, first)
    second = kept(entries=history.read(path))
    history.keep(path, second)
    assert history.read(path) == (first, second)
    with pytest.raises(LifeclusterError, match="already"):
        history.keep(path, second)
    assert len(path.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"entry": "computed", "id": "x"}', "null"])
def test_a_damaged_file_names_the_line(tmp_path, line):
    path = tmp_path / "claims.jsonl"
    history.keep(path, kept())
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(InputError, match="row 2"):
        history.read(path)
