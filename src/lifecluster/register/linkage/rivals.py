"""A pair against the other candidates of the same query: how many are as good, and by how much it leads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifecluster.register.linkage.store import Array


def best_other(query: Array, score: Array) -> npt.NDArray[np.float64]:
    """The best score among the other pairs of the same query (0 if there is none). `query` is ascending."""
    score = np.asarray(score, np.float64)
    size = int(query[-1]) + 1 if len(query) else 0
    top = np.full(size, -np.inf)
    np.maximum.at(top, query, score)
    is_top = score >= top[query]
    tops = np.bincount(query, is_top, size)
    second = np.full(size, -np.inf)
    np.maximum.at(second, query[~is_top], score[~is_top])
    other = np.where(is_top & (tops[query] < 2), second[query], top[query])
    return np.where(np.isfinite(other), other, 0.0)


def rank(query: Array, score: Array) -> npt.NDArray[np.float64]:
    """Number of pairs of the same query with a strictly better score."""
    order = np.lexsort((-np.asarray(score), query))
    q, s = query[order], np.asarray(score)[order]
    start = np.searchsorted(q, q, side="left")
    place = np.arange(len(order)) - start
    new = np.ones(len(order), dtype=bool)
    new[1:] = (q[1:] != q[:-1]) | (s[1:] != s[:-1])
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    out = np.zeros(len(order))
    out[order] = place[first] if len(order) else 0
    return out


def count_where(query: Array, mask: Array) -> npt.NDArray[np.float64]:
    """Number of pairs of the same query under the mask."""
    size = int(query[-1]) + 1 if len(query) else 0
    return np.asarray(np.bincount(query, mask, size)[query] if len(query) else np.zeros(0), np.float64)


def rival_features(
    query: Array, *, score: Array, cover: Array, same_key: Array, place: Array, rows: int
) -> npt.NDArray[np.float32]:
    """One row per pair, in the order of `features.RIVAL`.

    Parameters: `query` (ascending), name `score`, `cover` (smaller of the two covers), `same_key`, the `place` block,
    and the number of `rows` of the register.
    """
    summary = place[:, -1]
    blend = score + 0.5 * summary
    top_score = np.zeros(int(query[-1]) + 1 if len(query) else 0)
    np.maximum.at(top_score, query, score)
    near = score >= top_score[query] - 0.04
    at_place = np.where((place[:, 0] >= 4) & (score >= 0.5), score, 0)
    columns = [
        rank(query, score),
        score - best_other(query, score),
        count_where(query, near),
        count_where(query, same_key > 0),
        best_other(query, at_place),
        rank(query, summary),
        cover - best_other(query, cover),
        count_where(query, cover > 0.9),
        rank(query, blend),
        blend - best_other(query, blend),
        np.full(len(query), np.log10(max(rows, 1))),
    ]
    return np.column_stack(columns).astype(np.float32)
