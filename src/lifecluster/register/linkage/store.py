"""Strings and arrays on disk, memory-mapped when read: the parts an index is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]


def save(folder: Path, name: str, array: Array) -> None:
    """Write one array as `name.npy`."""
    np.save(folder / f"{name}.npy", array, allow_pickle=False)


def load(folder: Path, name: str) -> Array:
    """Open `name.npy` memory-mapped (an empty array is read whole: it cannot be mapped).

    Mapped copy-on-write, because sparse_dot_topn refuses arrays that are marked read-only; nothing is ever written.
    """
    path = folder / f"{name}.npy"
    try:
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except ValueError:
        return np.asarray(np.load(path, allow_pickle=False))


class StringWriter:
    """Writes a column of strings in pieces: UTF-8 bytes in `name.bytes`, offsets in `name.offsets.npy`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._file = (folder / f"{name}.bytes").open("wb")
        self._offsets: list[Array] = [np.zeros(1, np.int64)]
        self._end = 0

    def __enter__(self) -> StringWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()
        save(self._folder, f"{self._name}.offsets", np.concatenate(self._offsets))

    def write(self, values: Sequence[str]) -> None:
        """Append values."""
        encoded = [value.encode() for value in values]
        ends = np.cumsum(np.fromiter((len(b) for b in encoded), np.int64, len(encoded))) + self._end
        if len(ends):
            self._end = int(ends[-1])
            self._offsets.append(ends)
            self._file.write(b"".join(encoded))


def open_strings(folder: Path, name: str) -> pa.LargeStringArray:
    """The column of strings written by `StringWriter`, as an Arrow array over the mapped files (nothing is copied)."""
    offsets = load(folder, f"{name}.offsets")
    path = folder / f"{name}.bytes"
    data = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.zeros(0, np.uint8)
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def take(strings: pa.LargeStringArray, rows: Array) -> list[str]:
    """Values at the given rows, as a list."""
    values: list[str] = strings.take(pa.array(np.asarray(rows, dtype=np.int64))).to_pylist()
    return values


def hashes(values: Iterable[str], count: int) -> npt.NDArray[np.uint64]:
    """A stable 64-bit hash of each value (BLAKE2b), the same on every machine and run."""
    digest = hashlib.blake2b
    joined = b"".join([digest(value.encode(), digest_size=8).digest() for value in values])
    return np.frombuffer(joined, dtype="<u8", count=count).astype(np.uint64)


def ranges(sorted_values: Array, wanted: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Half-open positions of each wanted value in a sorted array."""
    left = np.searchsorted(sorted_values, wanted, side="left").astype(np.int64)
    right = np.searchsorted(sorted_values, wanted, side="right").astype(np.int64)
    return left, right


def expand(starts: Array, ends: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every position of many half-open ranges: (number of the range, position)."""
    lengths = np.maximum(np.asarray(ends, np.int64) - np.asarray(starts, np.int64), 0)
    owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    first = np.repeat(np.asarray(starts, np.int64) - np.cumsum(lengths) + lengths, lengths)
    return owner, first + np.arange(len(owner), dtype=np.int64)
