"""Character trigrams of folded names as sparse rows, at a few hundred nanoseconds a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

#: Letters of the alphabet of folded names: space, a-z, 0-9.
LETTERS = 37
#: Number of possible trigrams (columns of every trigram matrix).
VOCABULARY = LETTERS**3

_CODE = np.zeros(256, dtype=np.int32)
_CODE[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODE[ord("0") : ord("9") + 1] = np.arange(27, 37)

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


def trigrams(names: Sequence[str]) -> tuple[npt.NDArray[np.int64], Ints]:
    """Distinct trigrams of each name, padded by one space at both ends.

    Parameters: `names`, folded (anything outside `[a-z0-9]` counts as a space).
    Returns (`indptr` of length n + 1, `codes` ascending within each row).
    """
    lengths = np.fromiter((len(name) + 2 for name in names), dtype=np.int64, count=len(names))
    text = (" " + "  ".join(names) + " ").encode("latin-1", errors="replace")
    letters = _CODE[np.frombuffer(text, dtype=np.uint8)] if len(names) else np.zeros(0, np.int32)
    if not len(names) or len(letters) < 3:
        return np.zeros(len(names) + 1, np.int64), np.zeros(0, np.int32)
    codes = letters[:-2] * (LETTERS * LETTERS) + letters[1:-1] * LETTERS + letters[2:]
    row = np.repeat(np.arange(len(names), dtype=np.int64), lengths)[: len(codes)]
    ends = np.cumsum(lengths)
    inside = np.ones(len(codes), dtype=bool)
    for back in (1, 2):
        at = ends - back
        inside[at[(at < len(codes)) & (at >= 0)]] = False
    # Sorting is quicker than np.unique here: the keys come almost in order.
    keys = np.sort(row[inside] * VOCABULARY + codes[inside], kind="stable")
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    row, distinct = np.divmod(keys, VOCABULARY)
    indptr = np.zeros(len(names) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(names)), out=indptr[1:])
    return indptr, distinct.astype(np.int32)


def idf(document_frequency: npt.NDArray[np.int64], documents: int) -> Floats:
    """Smoothed inverse document frequency, ln((1 + n) / (1 + df)) + 1 (Salton and Buckley 1988)."""
    weight = np.log((1.0 + documents) / (1.0 + document_frequency)) + 1.0
    return np.asarray(weight, np.float32)


def tfidf(names: Sequence[str], weights: Floats) -> sparse.csr_matrix:
    """Binary tf-idf rows of unit length (float32, n by `VOCABULARY`); a name without a trigram is a zero row."""
    indptr, codes = trigrams(names)
    return unit_rows(indptr, codes, weights)


def unit_rows(indptr: npt.NDArray[np.int64], codes: Ints, weights: Floats) -> sparse.csr_matrix:
    """Rows of unit length from trigram lists."""
    data = weights[codes]
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    squares = np.bincount(row, weights=data.astype(np.float64) ** 2, minlength=len(indptr) - 1)
    norm = np.sqrt(np.where(squares > 0, squares, 1.0)).astype(np.float32)
    data = data / norm[row]
    index_type = np.int32 if len(codes) < 2**31 else np.int64
    shape = (len(indptr) - 1, VOCABULARY)
    return sparse.csr_matrix((data, codes, indptr.astype(index_type)), shape=shape, copy=False)


def row_cosines(
    left: sparse.csr_matrix,
    left_rows: npt.NDArray[np.int64],
    right: sparse.csr_matrix,
    right_rows: npt.NDArray[np.int64],
    *,
    chunk: int = 200_000,
) -> Floats:
    """Dot products of paired rows: `left[left_rows[i]] . right[right_rows[i]]`."""
    out = np.zeros(len(left_rows), dtype=np.float32)
    for start in range(0, len(left_rows), chunk):
        part = slice(start, start + chunk)
        product = left[left_rows[part]].multiply(right[right_rows[part]])
        out[part] = np.asarray(product.sum(axis=1), dtype=np.float32).ravel()
    return out
