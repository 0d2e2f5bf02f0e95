"""Premises of the sample: an addition that changes no other row, with codes that are declared."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lifecluster.reference import facilities
from lifecluster.sample.themes.premises import FACILITIES
from lifecluster.sample.write import EXCHANGE, write_sample


def test_they_change_no_other_row_of_the_sample(tmp_path: Path) -> None:
    write_sample(tmp_path / "with")
    write_sample(tmp_path / "without", without=frozenset({"facilities"}))
    for file in sorted((tmp_path / "without").iterdir()):
        other = (tmp_path / "with" / file.name).read_bytes()
        if file.name == EXCHANGE:
            assert other.startswith(file.read_bytes()), "the old rows stand first, as they were"
        elif file.name != "inputs.yml":
            assert other == file.read_bytes(), file.name
    rows = [line.split(",") for line in (tmp_path / "with" / EXCHANGE).read_text("utf-8").splitlines()]
    mine = [row for row in rows if row[0] == "facility"]
    assert len({row[1] for row in mine}) == FACILITIES
    for prop in facilities.CODED:
        said = {row[3] for row in mine if row[2] == prop}
        assert len(said) > 2
        assert said <= facilities.declared().codes[prop].keys(), prop
    stated = Counter(row[2] for row in mine)
    assert stated["held_at"] == stated["holder"] == FACILITIES
    assert 0 < stated["space_available_m2"] < FACILITIES, "some do not say"
