"""What is taken out is gone from everywhere, and that it was there is not."""

from __future__ import annotations

import polars as pl
import pytest

from lifecluster.build.redact import redact
from lifecluster.build.run import Request, build
from lifecluster.errors import LifeclusterError
from lifecluster.region import load_region
from lifecluster.register.log import FileLog
from lifecluster.register.redaction import redact_in
from lifecluster.sample.model import AS_OF
from tests.build.test_records import reading_of

AT = "2026-11-22T09:00:00+00:00"


@pytest.fixture
def mini(tmp_path):
    rows = ["kind,key,property,value,observed_on"]
    for key, name, where in (("1", "Corvane Assays Ltd", "LE11 1AA"), ("2", "Thessil Optics Ltd", "NG1 1AA")):
        rows += [f"organisation,{key},name,{name},2026-01-01", f"organisation,{key},postcode,{where},2026-01-01",
                 f"organisation,{key},description,Secret of {name},2026-01-01"]  # fmt: skip
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "mine.csv").write_text("\n".join(rows) + "\n", "utf-8")

    def run(log=None, previous=None):
        request = Request(region=load_region("midlands"), inputs=inputs, out=tmp_path / "out", at=AS_OF,
                          log=FileLog(log) if log else None, previous=previous)  # fmt: skip
        return build(request).package

    return run


def test_the_words_are_gone_and_the_hash_stays(mini, tmp_path):
    before = mini()
    statement = before.table("statements").filter(pl.col("value") == "Secret of Corvane Assays Ltd")["id"][0]
    log = tmp_path / "log.jsonl"
    entry = redact_in(before, log, statement[:12], actor="steward", why="not to be kept", at=AT)
    assert "Secret" not in log.read_text("utf-8")
    after = mini(log, before)
    for table in after.tables:
        assert "Secret of Corvane" not in str(after.table(table).to_dicts()), table
    assert after.table("tombstones").select("id", "entry").rows() == [(statement, entry.id)]
    assert after.table("organisations")["description"].drop_nulls().to_list() == ["Secret of Thessil Optics Ltd"]
    assert after.table("organisations")["id"].to_list() == before.table("organisations")["id"].to_list()
    assert after.name != before.name


def test_an_unknown_statement_is_refused(mini, tmp_path):
    with pytest.raises(LifeclusterError, match="beginning of 0 statements"):
        redact_in(mini(), tmp_path / "log.jsonl", "ffffffffffff", actor="steward", why="x", at=AT)


def test_without_orders_nothing_changes():
    reading = reading_of()
    same, tombstones = redact(reading, [])
    assert same is reading
    assert tombstones.is_empty()


def test_older_values_are_taken_out_with_the_newest(mini, tmp_path):
    more = tmp_path / "inputs" / "more.csv"
    rows = [f"organisation,1,description,Secret of {year},{year}-01-01" for year in (2023, 2024)]
    more.write_text("\n".join(["kind,key,property,value,observed_on", *rows]) + "\n", "utf-8")
    before = mini()
    told = before.table("statements").filter(property="description")["value"]
    assert {"Secret of 2023", "Secret of 2024", "Secret of Corvane Assays Ltd"} <= set(told)
    one = before.table("statements").filter(pl.col("value") == "Secret of Corvane Assays Ltd")["id"][0]
    log = tmp_path / "log.jsonl"
    redact_in(before, log, one[:12], actor="steward", why="not to be kept", at=AT)
    after = mini(log, before)
    assert "Secret of 202" not in " ".join(str(after.table(name).to_dicts()) for name in after.tables)
