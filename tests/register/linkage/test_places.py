"""The address block of features against a plain twin."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Pairs, prepare
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.places import place_features, postcode_level

COLUMNS = ["postcode", "house", "street", "town", "hub", "has_postcode", "has_street", "place"]
POSTCODES = st.sampled_from(["S10 2TN", "S10 2TP", "S102TQ", "S11 8AA", "LS1 4AP", "", "nonsense"])
ADDRESSES = st.sampled_from(["12 High Street", "14 HIGH ST", "9 Mill Lane", "Unit 3, 9 Mill Ln", "", "Nowhere"])
TOWNS = st.sampled_from(["Sheffield", "LEEDS", ""])


def block(index: Index, postcode: str, address: str, town: str) -> list[dict[str, float]]:
    """The address features of one query against every row of the index."""
    query = {"id": "q", "name": "Hexafoil", "postcode": postcode, "address": address, "town": town}
    batch = prepare(pl.DataFrame(query), index)
    rows = np.arange(index.rows)
    nought = np.zeros(index.rows, np.int64)
    alias = index.row_alias[rows].astype(np.int64)
    pairs = Pairs(nought, rows, nought, alias, nought, nought.astype(np.float32), nought.astype(bool))
    return [dict(zip(COLUMNS, row.tolist(), strict=True)) for row in place_features(batch, pairs, index)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTCODES, ADDRESSES, TOWNS)
def test_each_column_says_what_it_should(index: Index, postcode: str, address: str, town: str) -> None:
    batch = prepare(
        pl.DataFrame({"id": "q", "name": "x", "postcode": postcode, "address": address, "town": town}), index
    )
    mine = batch.addresses[0]
    rows = np.arange(index.rows)
    stored = {name: store.take(getattr(index, name), rows) for name in ("postcode", "house", "street", "town")}
    sizes = {code: stored["postcode"].count(code) for code in set(stored["postcode"]) if code}
    for at, row in enumerate(block(index, postcode, address, town)):
        code = stored["postcode"][at]
        assert row["postcode"] == postcode_level(mine.postcode, code)
        for name, own in (("house", mine.number), ("town", mine.town)):
            other = stored[name][at]
            assert row[name] == (0.0 if not own or not other else 1.0 if own == other else -1.0), name
        assert (row["street"] == -1.0) == (not mine.street or not stored["street"][at])
        assert abs(row["hub"] - np.log1p(sizes.get(code, 0))) < 1e-5
        assert row["has_postcode"] == float(bool(mine.postcode))
        assert row["has_street"] == float(bool(mine.street))
        assert 0.0 <= row["place"] <= 1.0 + 1e-6


def test_more_agreement_is_a_higher_summary(index: Index) -> None:
    at = store.take(index.number, np.arange(index.rows)).index("01000001")
    ladder = [
        block(index, *where)[at]["place"]
        for where in (
            ("NE1 1AA", "", ""), ("S3 1AA", "", ""), ("S10 9ZZ", "", ""), ("S10 2ZZ", "", ""), ("S10 2TN", "", ""),
            ("S10 2TN", "High Street", ""), ("S10 2TN", "12 High Street", ""),
            ("S10 2TN", "12 High Street", "Sheffield"),
        )
    ]  # fmt: skip
    assert ladder == sorted(ladder)
    assert ladder[0] == 0.0
    assert abs(ladder[-1] - 1.0) < 1e-6
