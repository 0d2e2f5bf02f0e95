"""Writing the index of a register, in pieces so that memory stays bounded."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from lifecluster.errors import InputError
from lifecluster.register.linkage import store
from lifecluster.register.linkage.address import area, read_address
from lifecluster.register.linkage.company_number import clean_company_number
from lifecluster.register.linkage.grams import VOCABULARY, idf, trigrams, unit_rows
from lifecluster.register.linkage.index import _STRINGS, BLOCK, CURRENT, LAYOUT, PREVIOUS, TRADED, Progress
from lifecluster.register.linkage.normalise import FULL, TAIL, TRADING, acronyms, read_name, readings
from lifecluster.register.linkage.store import Array

_PIECE = 200_000
_REQUIRED = ("company_number", "name", "postcode", "address", "previous_names")
_LIST = re.compile(r"\s*[;|]\s*")
_MAYBE_TRADING = re.compile(r"t\s*/\s*a|trading|formerly|c/o|d/?b/?a| aka | ta ", re.IGNORECASE)


def write_index(register: pl.DataFrame, out: Path, *, progress: Progress | None) -> None:
    """Write every file of the index; `index.json` comes last, so a half-written index does not open."""
    frame = _sorted(register)
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.json").unlink(missing_ok=True)
    pieces = _Pieces()
    with ExitStack() as stack:
        writers = {name: stack.enter_context(store.StringWriter(out, name)) for name in _STRINGS}
        for start in range(0, frame.height, _PIECE):
            _write_piece(frame.slice(start, _PIECE), start, writers, pieces)
            if progress is not None:
                progress("names", min(start + _PIECE, frame.height), frame.height)
    _write_lookups(out, pieces)
    _write_postcodes(out, frame["postcode"])
    _write_matrices(out, pieces, progress)
    areas = _area_ranges(frame["area"].to_list(), pieces.array("row_alias"))
    meta = {
        "layout": LAYOUT,
        "rows": frame.height,
        "aliases": pieces.aliases,
        "areas": areas,
        "towns": _towns(frame["area"], pieces.towns),
    }
    (out / "index.json").write_text(json.dumps(meta, indent=0, sort_keys=True) + "\n", encoding="utf-8")


class _Pieces:
    """What is gathered while the pieces are written."""

    def __init__(self) -> None:
        self.aliases = 0
        self.arrays: dict[str, list[Array]] = {}
        self.tokens: Counter[str] = Counter()
        self.towns: list[str] = []
        self.add("row_alias", np.zeros(1, np.int64))

    def add(self, name: str, array: Array) -> None:
        self.arrays.setdefault(name, []).append(array)

    def array(self, name: str) -> Array:
        parts = self.arrays.get(name, [])
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _sorted(register: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in _REQUIRED if name not in register.columns]
    if missing:
        raise InputError(f"the register lacks the column {missing[0]!r}", file="register", field=missing[0])
    text = [pl.col(c).cast(pl.String).fill_null("") for c in ("company_number", "name", "postcode", "address")]
    frame = register.with_columns(
        *text,
        *(
            pl.col(c).cast(pl.String).fill_null("") if c in register.columns else pl.lit("").alias(c)
            for c in ("town", "status")
        ),
    )
    numbers = [clean_company_number(n) or n.strip().upper() for n in frame["company_number"].to_list()]
    places = [
        read_address(p, a, t)
        for p, a, t in zip(
            frame["postcode"].to_list(), frame["address"].to_list(), frame["town"].to_list(), strict=True
        )
    ]
    frame = frame.with_columns(
        pl.Series("company_number", numbers, pl.String),
        pl.Series("postcode", [p.postcode for p in places], pl.String),
        pl.Series("area", [area(p.postcode) for p in places], pl.String),
        pl.Series("house", [p.number for p in places], pl.String),
        pl.Series("street", [p.street for p in places], pl.String),
        pl.Series("town", [p.town for p in places], pl.String),
    )
    if frame["company_number"].is_duplicated().any():
        row = int(frame.select(pl.col("company_number").is_first_distinct().arg_min()).item()) + 1
        number = frame["company_number"][row - 1]
        raise InputError(f"company number {number!r} occurs twice", file="register", row=row, field="company_number")
    # A postcode area is one run in byte order of postcodes, because its letters are followed by a digit.
    return frame.sort("postcode", "company_number")


def _names(value: Any) -> list[str]:
    if value is None:
        return []
    parts = _LIST.split(value) if isinstance(value, str) else list(value)
    return [str(part).strip() for part in parts if part is not None and str(part).strip()]


def _aliases(name: str, previous: Any, trading: Any) -> list[tuple[int, str, str, str, str]]:
    """Aliases of one row: (kind, core, canon, legal, name as written), current first, no core twice."""
    out: dict[str, tuple[int, str, str, str, str]] = {}
    for text, kind in [(name, CURRENT), *((p, PREVIOUS) for p in previous), *((t, TRADED) for t in trading)]:
        found = readings(text) if _MAYBE_TRADING.search(text) else [read_name(text)]
        for reading in found:
            if reading.core not in out and reading.kind in (FULL, TRADING, TAIL):
                code = kind if reading.kind == FULL else TRADED
                out[reading.core] = (code, reading.core, reading.canon, reading.legal, text)
    if not out:
        plain = read_name(name)
        return [(CURRENT, plain.core, plain.canon, plain.legal, name)]
    return list(out.values())


def _write_piece(frame: pl.DataFrame, start: int, writers: dict[str, store.StringWriter], pieces: _Pieces) -> None:
    for name, column in (("number", "company_number"), ("name", "name"), ("postcode", "postcode")):
        writers[name].write(frame[column].to_list())
    for name in ("house", "street", "town"):
        writers[name].write(frame[name].to_list())
    trading = frame["trading_names"].to_list() if "trading_names" in frame.columns else [None] * frame.height
    found = [
        _aliases(name, _names(previous), _names(traded))
        for name, previous, traded in zip(
            frame["name"].to_list(), frame["previous_names"].to_list(), trading, strict=True
        )
    ]
    counts = np.fromiter((len(f) for f in found), np.int64, len(found))
    flat = [alias for aliases in found for alias in aliases]
    for position, name in ((1, "core"), (2, "canon"), (3, "legal"), (4, "alias_name")):
        writers[name].write([str(alias[position]) for alias in flat])
    canon = [alias[2] for alias in flat]
    pieces.add("row_alias", np.cumsum(counts) + pieces.aliases)
    pieces.add("alias_row", np.repeat(np.arange(start, start + len(found), dtype=np.int32), counts))
    pieces.add("alias_kind", np.array([alias[0] for alias in flat], np.int8))
    pieces.add("keys", store.hashes((c.replace(" ", "") for c in canon), len(canon)))
    short = [acronyms(alias[4]) if alias[0] != TRADED else [] for alias in flat]
    sizes = np.fromiter((len(s) for s in short), np.int64, len(short))
    pieces.add("initials", store.hashes((form for forms in short for form in forms), int(sizes.sum())))
    pieces.add("initials_owner", np.repeat(np.arange(len(flat), dtype=np.int32) + pieces.aliases, sizes))
    pieces.add("numbers", np.array([n.encode() for n in frame["company_number"].to_list()], dtype="S"))
    indptr, codes = trigrams(canon)
    pieces.add("gram_counts", np.diff(indptr))
    pieces.add("gram_codes", codes)
    pieces.tokens.update(token for c in canon for token in set(c.split()))
    pieces.towns.extend(frame["town"].to_list())
    pieces.aliases += len(flat)


def _write_lookups(out: Path, pieces: _Pieces) -> None:
    for name in ("alias_row", "alias_kind", "row_alias"):
        store.save(out, name, pieces.array(name))
    for name, partner in (("keys", "key_alias"), ("numbers", "number_row")):
        values = pieces.array(name)
        order = np.argsort(values, kind="stable")
        store.save(out, name, values[order])
        store.save(out, partner, order.astype(np.int32))
    values = pieces.array("initials").astype(np.uint64)
    order = np.argsort(values, kind="stable")
    store.save(out, "initials", values[order])
    store.save(out, "initials_alias", pieces.array("initials_owner").astype(np.int32)[order])
    tokens = sorted(pieces.tokens)
    hashed = store.hashes(tokens, len(tokens))
    order = np.argsort(hashed, kind="stable")
    store.save(out, "token_hash", hashed[order])
    store.save(out, "token_df", np.fromiter((pieces.tokens[t] for t in tokens), np.int32, len(tokens))[order])


def _write_postcodes(out: Path, column: pl.Series) -> None:
    runs = column.to_frame("p").with_row_index("i").group_by("p", maintain_order=True).agg(pl.col("i").min())
    codes = np.array([p.encode() for p in runs["p"].to_list()], dtype="S8")
    starts = np.concatenate([runs["i"].to_numpy(), [len(column)]]).astype(np.int64)
    if not np.all(codes[:-1] <= codes[1:]):
        raise AssertionError("register rows are not in order of postcode")
    store.save(out, "postcodes", codes)
    store.save(out, "postcode_start", starts)


def _write_matrices(out: Path, pieces: _Pieces, progress: Progress | None) -> None:
    indptr = np.concatenate([[0], np.cumsum(pieces.array("gram_counts"))]).astype(np.int64)
    codes = pieces.array("gram_codes").astype(np.int32)
    pieces.arrays.pop("gram_codes", None)
    frequency = np.bincount(codes, minlength=VOCABULARY).astype(np.int64)
    weights = idf(frequency, pieces.aliases)
    data = np.zeros(len(codes), np.float32)
    for start in range(0, pieces.aliases, _PIECE):
        end = min(start + _PIECE, pieces.aliases)
        low, high = indptr[start], indptr[end]
        data[low:high] = unit_rows(indptr[start : end + 1] - low, codes[low:high], weights).data
    index_type: type[np.signedinteger[Any]] = np.int32 if len(codes) < 2**31 else np.int64
    forward = sparse.csr_matrix((data, codes, indptr.astype(index_type)), shape=(pieces.aliases, VOCABULARY))
    _save_matrix(out, "forward", forward)
    store.save(out, "gram_df", frequency)
    _save_inverted(out, forward)
    if progress is not None:
        progress("trigrams", 1, 1)


def _save_inverted(out: Path, forward: sparse.csr_matrix) -> None:
    """The transpose in blocks of `BLOCK` aliases, one after another; columns count from the start of their block."""
    blocks = [forward[start : start + BLOCK].tocsc() for start in range(0, forward.shape[0], BLOCK)]
    ends = np.cumsum([0] + [block.nnz for block in blocks], dtype=np.int64)
    bounds = [block.indptr[:-1] + first for block, first in zip(blocks, ends, strict=False)]
    store.save(out, "inverted_data", _joined([block.data for block in blocks], np.float32))
    store.save(out, "inverted_indices", _joined([block.indices for block in blocks], np.int32))
    store.save(out, "inverted_indptr", _joined([*bounds, ends[-1:]], np.int64))


def _joined(parts: list[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, kind)


def _save_matrix(out: Path, name: str, matrix: sparse.csr_matrix) -> None:
    for part in ("data", "indices", "indptr"):
        store.save(out, f"{name}_{part}", getattr(matrix, part))


def _area_ranges(areas: list[str], row_alias: npt.NDArray[np.int64]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for row, name in enumerate(areas):
        span = out.setdefault(name, [int(row_alias[row]), 0])
        span[1] = int(row_alias[row + 1])
    out.pop("", None)
    return out


def _towns(areas: pl.Series, towns: list[str]) -> dict[str, list[str]]:
    """The (at most three) postcode areas where most rows of a town are; towns of fewer than three rows are left out."""
    counted = (
        pl.DataFrame({"area": areas, "town": towns})
        .filter((pl.col("town") != "") & (pl.col("area") != ""))
        .group_by("town", "area")
        .len()
        .sort(["town", "len", "area"], descending=[False, True, False])
    )
    kept = counted.filter(pl.col("len").sum().over("town") >= 3).group_by("town", maintain_order=True).head(3)
    out: dict[str, list[str]] = {}
    for town, code in zip(kept["town"].to_list(), kept["area"].to_list(), strict=True):
        out.setdefault(town, []).append(code)
    return out
