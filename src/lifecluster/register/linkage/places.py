"""The address of a query against that of an organisation, as one block of features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from lifecluster.register.linkage import store
from lifecluster.register.linkage.address import area, outward
from lifecluster.register.linkage.candidates import Batch, Pairs
from lifecluster.register.linkage.index import Index

#: Levels of agreement of two postcodes.
MISSING, OTHER, SAME_AREA, SAME_DISTRICT, SAME_SECTOR, ONE_EDIT, EQUAL = -1, 0, 1, 2, 3, 4, 5


def postcode_level(left: str, right: str) -> int:
    """How far two cleaned postcodes agree (`MISSING` to `EQUAL`). Symmetric."""
    if not left or not right:
        return MISSING
    if left == right:
        return EQUAL
    if min(len(left), len(right)) >= 5 and OSA.distance(left, right) == 1:
        return ONE_EDIT
    if outward(left) and outward(left) == outward(right):
        inner = len(outward(left)) + 1
        return SAME_SECTOR if len(left) > inner and left[:inner] == right[:inner] else SAME_DISTRICT
    return SAME_AREA if area(left) and area(left) == area(right) else OTHER


def place_features(batch: Batch, pairs: Pairs, index: Index) -> npt.NDArray[np.float32]:
    """One row per pair: postcode level, house number, street, town, hub size, what the query has, one summary.

    House number and town: 1 equal, 0 one is missing, -1 different. Street: similarity in [0, 1], -1 if missing. The
    summary orders the whole block from 0 (elsewhere) to 1 (same house), so that one number says what the block says.
    """
    mine = [batch.addresses[i] for i in pairs.query.tolist()]
    rows = pairs.row
    codes = store.take(index.postcode, rows)
    memo: dict[tuple[str, str], int] = {}
    level = np.zeros(len(rows), np.float32)
    for i, (address, code) in enumerate(zip(mine, codes, strict=True)):
        key = (address.postcode, code)
        if key not in memo:
            memo[key] = postcode_level(*key)
        level[i] = memo[key]
    house = _equal([a.number for a in mine], store.take(index.house, rows))
    town = _equal([a.town for a in mine], store.take(index.town, rows))
    streets, theirs = [a.street for a in mine], store.take(index.street, rows)
    street = np.asarray(cpdist(streets, theirs, scorer=fuzz.token_set_ratio, dtype=np.float32), np.float32) / 100
    blank = np.fromiter((not a or not b for a, b in zip(streets, theirs, strict=True)), bool, len(mine))
    street = np.where(blank, np.float32(-1), street)
    low, high = index.rows_at(codes)
    hub = np.log1p(high - low).astype(np.float32)
    has_postcode = np.fromiter((bool(a.postcode) for a in mine), np.float32, len(mine))
    has_street = np.fromiter((bool(a.street) for a in mine), np.float32, len(mine))
    summary = np.maximum(level, 0) / 5 * 0.7 + np.where(street > 0.8, 0.15, 0) + np.where(house > 0, 0.1, 0)
    summary = summary + np.where(town > 0, 0.05, 0)
    return np.column_stack([level, house, street, town, hub, has_postcode, has_street, summary]).astype(np.float32)


def _equal(left: list[str], right: list[str]) -> npt.NDArray[np.float32]:
    values = (0.0 if not a or not b else 1.0 if a == b else -1.0 for a, b in zip(left, right, strict=True))
    return np.fromiter(values, np.float32, len(left))
