"""The read-only index of a register on disk: written once, memory-mapped by every process that links against it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from scipy import sparse

from lifecluster.register.linkage import store
from lifecluster.register.linkage.grams import VOCABULARY, idf
from lifecluster.register.linkage.store import Array

#: Version of the layout on disk; an index of another version is refused.
LAYOUT = 2
#: Aliases in one block of the inverted matrix: the sums of a block fit the cache of a processor core.
BLOCK = 65_536
#: What an alias is.
CURRENT, PREVIOUS, TRADED = 0, 1, 2

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, repr=False)
class Index:
    """An open index. Rows (organisations) are sorted by postcode area, postcode and number; aliases (names) by row.

    `forward` is aliases by trigrams, with unit rows of tf-idf weights; `inverted` is its transpose, cut into blocks of
    `BLOCK` aliases; `postings` counts the aliases of each trigram.
    """

    folder: Path
    rows: int
    aliases: int
    number: pa.LargeStringArray
    name: pa.LargeStringArray
    postcode: pa.LargeStringArray
    house: pa.LargeStringArray
    street: pa.LargeStringArray
    town: pa.LargeStringArray
    core: pa.LargeStringArray
    canon: pa.LargeStringArray
    legal: pa.LargeStringArray
    alias_name: pa.LargeStringArray
    alias_row: Array
    alias_kind: Array
    row_alias: Array
    gram_weight: npt.NDArray[np.float32]
    forward: sparse.csr_matrix
    inverted: list[sparse.csr_matrix]
    postings: Array
    postcodes: Array
    postcode_start: Array
    areas: dict[str, tuple[int, int]]
    numbers: Array
    number_row: Array
    keys: Array
    key_alias: Array
    initials: Array
    initials_alias: Array
    token_hash: Array
    token_df: Array
    towns: dict[str, list[str]]

    @staticmethod
    def open(path: Path) -> Index:
        """Open an index. Raises FileNotFoundError if there is none, ValueError if its layout is of another version."""
        meta = json.loads((path / "index.json").read_text(encoding="utf-8"))
        if meta["layout"] != LAYOUT:
            raise ValueError(f"{path}: index layout {meta['layout']}, this version reads {LAYOUT}; build it again")
        arrays = {name: store.load(path, name) for name in _ARRAYS}
        strings = {name: store.open_strings(path, name) for name in _STRINGS}
        forward, inverted = _matrices(path, meta["aliases"])
        frequency = arrays.pop("gram_df")
        return Index(
            folder=path,
            rows=meta["rows"],
            aliases=meta["aliases"],
            gram_weight=idf(frequency, meta["aliases"]),
            forward=forward,
            inverted=inverted,
            postings=frequency,
            areas={k: (v[0], v[1]) for k, v in meta["areas"].items()},
            towns=meta["towns"],
            **strings,
            **arrays,
        )

    def token_frequency(self, tokens: list[str]) -> npt.NDArray[np.int64]:
        """Number of aliases that hold each token (0 if none does)."""
        hashed = store.hashes(tokens, len(tokens))
        at = np.searchsorted(self.token_hash, hashed)
        at = np.minimum(at, max(len(self.token_hash) - 1, 0))
        if not len(self.token_hash):
            return np.zeros(len(tokens), np.int64)
        return np.where(self.token_hash[at] == hashed, self.token_df[at], 0).astype(np.int64)

    def token_weight(self, tokens: list[str]) -> npt.NDArray[np.float64]:
        """Rarity of each token, from 0 (in every name) to 1 (in none): ln((1 + n) / (1 + df)) / ln(1 + n)."""
        frequency = self.token_frequency(tokens)
        return np.asarray(np.log((1 + self.aliases) / (1 + frequency)) / np.log(2 + self.aliases), np.float64)

    def key_count(self, keys: list[str]) -> npt.NDArray[np.int64]:
        """Number of aliases whose joined canonical form equals each key."""
        left, right = store.ranges(self.keys, store.hashes(keys, len(keys)))
        return right - left

    def rows_at(self, postcodes: list[str]) -> tuple[Array, Array]:
        """Half-open range of rows at each postcode (empty for a blank or unknown one)."""
        wanted = np.array([p.encode() for p in postcodes], dtype="S8")
        at, end = store.ranges(self.postcodes, wanted)
        blank = np.array([not p for p in postcodes], dtype=bool)
        end = np.where(blank, at, end)
        return self.postcode_start[at], self.postcode_start[end]

    def row_of_number(self, number: str) -> int | None:
        """Row of a company number, or None."""
        wanted = np.array([number.encode()], dtype=self.numbers.dtype)
        at = int(np.searchsorted(self.numbers, wanted)[0])
        found = at < len(self.numbers) and len(number) <= self.numbers.dtype.itemsize and self.numbers[at] == wanted[0]
        return int(self.number_row[at]) if found else None


_ARRAYS = [
    "alias_row",
    "alias_kind",
    "row_alias",
    "gram_df",
    "postcodes",
    "postcode_start",
    "numbers",
    "number_row",
    "keys",
    "key_alias",
    "initials",
    "initials_alias",
    "token_hash",
    "token_df",
]
_STRINGS = ["number", "name", "postcode", "house", "street", "town", "core", "canon", "legal", "alias_name"]


def _matrices(path: Path, aliases: int) -> tuple[sparse.csr_matrix, list[sparse.csr_matrix]]:
    data, indices, indptr = (store.load(path, f"forward_{part}") for part in ("data", "indices", "indptr"))
    forward = sparse.csr_matrix((data, indices, indptr), shape=(aliases, VOCABULARY), copy=False)
    data, indices, indptr = (store.load(path, f"inverted_{part}") for part in ("data", "indices", "indptr"))
    blocks = []
    for number, start in enumerate(range(0, aliases, BLOCK)):
        bounds = indptr[number * VOCABULARY : (number + 1) * VOCABULARY + 1]
        low, high = int(bounds[0]), int(bounds[-1])
        parts = (data[low:high], indices[low:high], (bounds - low).astype(np.int32))
        shape = (VOCABULARY, min(BLOCK, aliases - start))
        blocks.append(sparse.csr_matrix(parts, shape=shape, copy=False))
    return forward, blocks


def build_index(register: pl.DataFrame, out: Path, *, progress: Progress | None = None) -> Index:
    """Write the index of a register and open it.

    Parameters: `register` with text columns `company_number,name,postcode,address,previous_names` (list of text, or
    text parted by `;` or `|`) and optionally `town,status,trading_names`; `out`, the folder (created; files in it are
    replaced); `progress(stage, done, total)`.
    Returns the open index. The same register gives the same bytes. Raises InputError on a missing column or a company
    number that occurs twice.
    """
    from lifecluster.register.linkage.build import write_index

    write_index(register, out, progress=progress)
    return Index.open(out)


def describe(index: Index) -> dict[str, Any]:
    """Counts of an index, for people and logs."""
    return {"rows": index.rows, "aliases": index.aliases, "trigrams": int(index.forward.nnz)}
