"""Whom pages are compressed for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.shell.encoding import reads_gzip

pytestmark = pytest.mark.one_database

NAMES = st.sampled_from(["gzip", "GZip", "x-gzip", "br", "deflate", "identity", "*", ""])
WEIGHTS = st.sampled_from(
    ["", ";q=0", "; q=0.000", ";q=0.001", ";Q=1", ";q=1.000", ";q=0.", ";q=2", ";q=", ";x=1", ";q=nan"]
)
NOTHING = {";q=0", "; q=0.000", ";q=0.", ";q=2", ";q=", ";x=1", ";q=nan"}


@pytest.mark.parametrize(
    ("header", "reads"),
    [("gzip, deflate, br", True), ("", False), ("gzip;q=0", False), ("*", True), ("*;q=0", False), ("gzip;q=0, *", False),
     ("identity;q=1, *;q=0", False), ("br;q=1.0, gzip;q=0.8, *;q=0.1", True), ("notgzip", False), ("x-gzip", True)],
)  # fmt: skip
def test_as_the_standard_says(header: str, reads: bool) -> None:
    assert reads_gzip(header) is reads


@given(st.lists(st.tuples(NAMES, WEIGHTS), max_size=5, unique_by=lambda pair: pair[0].lower()))
def test_what_is_named_counts_and_the_star_stands_for_the_rest(parts: list[tuple[str, str]]) -> None:
    wanted = {name.lower(): weight not in NOTHING for name, weight in parts}
    named = [wanted[name] for name in ("gzip", "x-gzip") if name in wanted]
    assert reads_gzip(" , ".join(name + weight for name, weight in parts)) is (
        any(named) if named else wanted.get("*", False)
    )
