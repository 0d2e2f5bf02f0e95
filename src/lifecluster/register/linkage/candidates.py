"""Candidates: which organisations of the register might be meant by each query, by several routes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from lifecluster.register.linkage import store
from lifecluster.register.linkage.address import Address, area, read_address
from lifecluster.register.linkage.company_number import clean_company_number, exact_company_number
from lifecluster.register.linkage.grams import VOCABULARY, row_cosines, tfidf
from lifecluster.register.linkage.index import BLOCK, Index
from lifecluster.register.linkage.normalise import HANDICAP, TAIL, Reading, acronyms, readings
from lifecluster.register.linkage.repair import Counts, repaired
from lifecluster.register.linkage.store import Array

#: Route bits: how a candidate was found. `GUESSED`: by a number that would be one, had it lost leading zeros.
NUMBER, KEY, NATIONAL, AREA, POSTCODE, ACRONYM, TOWN, GUESSED = 1, 2, 4, 8, 16, 32, 64, 128
#: A postcode with more registrations than this is a hub: only its candidates with a similar name are kept.
HUB = 50
_MOST_INITIALS = 60
#: Cosine from which on two names have the same trigrams.
_WHOLE = 0.995
#: Readings up to which only the trigrams in use are taken from the index.
_FEW = 64


@dataclass(frozen=True, slots=True)
class Search:
    """How wide to look. Top-n sizes are per reading; `keep` is the number of candidates kept per query;
    `acronym` is the number of namesakes by initials that are taken from anywhere; `budget` is the number of postings
    visited per reading in the national search."""

    national: int = 20
    area: int = 12
    town: int = 8
    keep: int = 30
    acronym: int = 3
    budget: int = 200_000
    threads: int = 2


@dataclass(frozen=True)
class Batch:
    """Queries made ready. Readings are grouped by query: those of query `i` are `first[i]:first[i + 1]`.

    `numbers` are hard ids: company numbers stated in full, or with zeros put back where the query is marked
    `lost_zeros`. `guessed` are those of other queries that a number may mean if zeros were lost; `stated`, the text.
    """

    ids: list[str]
    names: list[str]
    addresses: list[Address]
    countries: list[str]
    numbers: list[str | None]
    guessed: list[str | None]
    stated: list[str | None]
    first: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    readings: list[Reading]
    grams: sparse.csr_matrix

    @property
    def handicap(self) -> npt.NDArray[np.float32]:
        """Handicap of each reading by its kind."""
        return np.array([HANDICAP[r.kind] for r in self.readings], dtype=np.float32)


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs in order of query, then cosine (best first). `reading` indexes the batch, `alias` the index;
    `acronym` marks pairs whose register name is represented by its initials."""

    query: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    reading: npt.NDArray[np.int64]
    alias: npt.NDArray[np.int64]
    route: npt.NDArray[np.int64]
    cosine: npt.NDArray[np.float32]
    acronym: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.query)

    def select(self, at: Array) -> Pairs:
        """The pairs at the given positions (or under a mask)."""
        return Pairs(
            *(getattr(self, n)[at] for n in ("query", "row", "reading", "alias", "route", "cosine", "acronym"))
        )


def prepare(queries: pl.DataFrame, index: Index) -> Batch:
    """Read the queries: `id,name`, optionally `postcode,address,town,country,company_number`, all text, nulls allowed.

    Optionally also `lost_zeros` (bool): the source is known to have lost the zeros that company numbers begin with.
    """
    columns = {
        name: _texts(queries[name]) if name in queries.columns else [""] * queries.height
        for name in ("id", "name", "postcode", "address", "town", "country", "company_number")
    }
    numbers = [exact_company_number(number) for number in columns["company_number"]]
    padded = [clean_company_number(number) for number in columns["company_number"]]
    marked = queries["lost_zeros"].to_list() if "lost_zeros" in queries.columns else [False] * queries.height
    addresses = [
        read_address(p, a, t) for p, a, t in zip(columns["postcode"], columns["address"], columns["town"], strict=True)
    ]
    plain = [readings(name) for name in columns["name"]]
    known = Counts(index, (token for group in plain for reading in group for token in reading.canon.split()))
    found = [repaired(group, index, address.town, known) for group, address in zip(plain, addresses, strict=True)]
    counts = np.fromiter((len(f) for f in found), np.int64, len(found))
    flat = [reading for group in found for reading in group]
    return Batch(
        ids=columns["id"],
        names=columns["name"],
        addresses=addresses,
        countries=columns["country"],
        numbers=[n or (other if lost else None) for n, other, lost in zip(numbers, padded, marked, strict=True)],
        guessed=[None if n or lost else other for n, other, lost in zip(numbers, padded, marked, strict=True)],
        stated=[n.strip().upper() or None if n else None for n in columns["company_number"]],
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        owner=np.repeat(np.arange(len(found), dtype=np.int64), counts),
        readings=flat,
        grams=tfidf([r.canon for r in flat], index.gram_weight),
    )


def _texts(column: pl.Series) -> list[str]:
    """Values as text, null as ``""``."""
    values = column.to_list() if column.dtype == pl.String else column.cast(pl.String).to_list()
    return ["" if value is None else value for value in values]


def candidates(batch: Batch, index: Index, search: Search | None = None) -> Pairs:
    """Candidate pairs of a batch, at most `search.keep` per query, each with its best reading and alias."""
    search = search or Search()
    found = [
        _by_number(batch.numbers, index, NUMBER),
        _by_number(batch.guessed, index, GUESSED),
        _by_key(batch, index),
        _national(batch, index, search),
        _areas(batch, index, search),
        _by_postcode(batch, index),
        _by_initials(batch, index, search),
    ]
    query = np.concatenate([f[0] for f in found])
    row = np.concatenate([f[1] for f in found])
    route = np.concatenate([np.full(len(f[0]), f[2], np.int64) for f in found])
    keys, at = np.unique(query * index.rows + row, return_inverse=True)
    routes = np.zeros(len(keys), np.int64)
    np.bitwise_or.at(routes, at, route)
    query, row = np.divmod(keys, max(index.rows, 1))
    return _keep(_best_names(batch, index, query, row, routes), batch, index, search)


Found = tuple[Array, Array, int]


def _by_number(numbers: list[str | None], index: Index, route: int) -> Found:
    hits = [(i, index.row_of_number(n)) for i, n in enumerate(numbers) if n]
    kept = [(i, row) for i, row in hits if row is not None]
    table = np.array(kept, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1], route


def _by_key(batch: Batch, index: Index) -> Found:
    keys = [reading.canon.replace(" ", "") for reading in batch.readings]
    left, right = store.ranges(index.keys, store.hashes(keys, len(keys)))
    right = np.minimum(right, left + 60)
    reading, at = store.expand(left, right)
    return batch.owner[reading], index.alias_row[index.key_alias[at]].astype(np.int64), KEY


def _national(batch: Batch, index: Index, search: Search) -> Found:
    """The best aliases of each reading in the whole register, block by block.

    The product copies the whole block; for a few readings their own trigrams are cut out of it first.
    """
    grams = _rarest(batch.grams, index, search.budget)
    used = np.unique(grams.indices) if grams.shape[0] <= _FEW else None
    if used is not None:
        parts = (grams.data, np.searchsorted(used, grams.indices).astype(np.int32), grams.indptr)
        grams = sparse.csr_matrix(parts, shape=(grams.shape[0], len(used)))
    readings, aliases, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for number, block in enumerate(index.inverted):
        top = sp_matmul_topn(
            grams,
            block if used is None else block[used],
            top_n=search.national,
            threshold=0.05,
            sort=False,
            n_threads=search.threads,
        )
        readings.append(np.repeat(np.arange(top.shape[0]), np.diff(top.indptr)))
        aliases.append(top.indices.astype(np.int64) + number * BLOCK)
        values.append(top.data)
    reading, alias, value = np.concatenate(readings), np.concatenate(aliases), np.concatenate(values)
    if len(index.inverted) > 1:
        order = np.lexsort((alias, -value, reading))
        place = np.arange(len(order)) - np.searchsorted(reading[order], reading[order], side="left")
        best = order[place < search.national]
        reading, alias = reading[best], alias[best]
    return batch.owner[reading], index.alias_row[alias].astype(np.int64), NATIONAL


def _rarest(grams: sparse.csr_matrix, index: Index, budget: int) -> sparse.csr_matrix:
    """The rarest trigrams of each row, as many as the budget of postings allows (six at least)."""
    if not grams.nnz:
        return grams
    rows = np.repeat(np.arange(grams.shape[0]), np.diff(grams.indptr))
    cost = index.postings[grams.indices].astype(np.int64)
    order = np.lexsort((cost, rows))
    spent = np.cumsum(cost[order])
    start = grams.indptr[:-1]
    before = np.where(start > 0, spent[np.maximum(start - 1, 0)], 0)[rows]
    place = np.arange(len(order)) - start[rows]
    kept = order[((spent - before) <= budget) | (place < 6)]
    kept = np.sort(kept)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=grams.shape[0]))]).astype(np.int32)
    parts = (grams.data[kept], grams.indices[kept], indptr)
    return sparse.csr_matrix(parts, shape=(grams.shape[0], VOCABULARY))


def _areas(batch: Batch, index: Index, search: Search) -> Found:
    """Search within the postcode area of the query; without a postcode, within the areas of its town."""
    groups: dict[str, list[int]] = {}
    for i, address in enumerate(batch.addresses):
        code = area(address.postcode)
        codes = [code] if code in index.areas else index.towns.get(address.town, [])
        for one in codes:
            groups.setdefault(one, []).append(i)
    queries, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for code, members in groups.items():
        low, high = index.areas[code]
        at = np.concatenate([np.arange(batch.first[i], batch.first[i + 1]) for i in members])
        block = index.forward[low:high].T.tocsr()
        threads = search.threads if len(at) > _FEW else 1
        top = sp_matmul_topn(batch.grams[at], block, top_n=search.area, threshold=0.1, n_threads=threads)
        reading = at[np.repeat(np.arange(top.shape[0]), np.diff(top.indptr))]
        queries.append(batch.owner[reading])
        rows.append(index.alias_row[top.indices.astype(np.int64) + low].astype(np.int64))
    return np.concatenate(queries), np.concatenate(rows), AREA


def _by_postcode(batch: Batch, index: Index) -> Found:
    low, high = index.rows_at([address.postcode for address in batch.addresses])
    query, row = store.expand(low, np.where(high - low > HUB, low, high))
    return query, row, POSTCODE


def _by_initials(batch: Batch, index: Index, search: Search) -> Found:
    """Rows whose initials stand in the query: all of them if there are very few, else those of its area or town."""
    wanted = [i for i, reading in enumerate(batch.readings) if is_acronym(reading.core)]
    keys = store.hashes((batch.readings[i].canon for i in wanted), len(wanted))
    left, right = store.ranges(index.initials, keys)
    queries, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for i, low, high in zip(wanted, left.tolist(), right.tolist(), strict=True):
        row = np.unique(index.alias_row[index.initials_alias[low:high]].astype(np.int64))
        if len(row) > search.acronym:
            row = _within(row, batch.addresses[batch.owner[i]], index)[:_MOST_INITIALS]
        queries.append(np.full(len(row), batch.owner[i]))
        rows.append(row)
    return np.concatenate(queries), np.concatenate(rows), ACRONYM


def _within(row: Array, address: Address, index: Index) -> Array:
    """The rows that lie in the postcode area of an address, or in the areas of its town."""
    code = area(address.postcode)
    mask = np.zeros(len(row), dtype=bool)
    for one in [code] if code in index.areas else index.towns.get(address.town, []):
        low, high = index.areas[one]
        mask |= (row >= index.alias_row[low]) & (row <= index.alias_row[high - 1])
    return row[mask]


def is_acronym(core: str) -> bool:
    """Whether a core name may hold initials: its first word has two to six letters, at most two words follow."""
    tokens = core.split()
    return 1 <= len(tokens) <= 3 and 2 <= len(tokens[0]) <= 6 and tokens[0].isalpha()


def _best_names(batch: Batch, index: Index, query: Array, row: Array, routes: Array) -> Pairs:
    """For each (query, row), the reading and alias with the best cosine less the handicap of the reading.

    What stands behind a dash (`TAIL`) is a reading only of who has just that name: otherwise it is the rest of a name.
    """
    readings_of = batch.first[query + 1] - batch.first[query]
    aliases_of = index.row_alias[row + 1] - index.row_alias[row]
    pair, place = store.expand(np.zeros(len(query), np.int64), readings_of * aliases_of)
    count = np.maximum(aliases_of[pair], 1)
    reading = batch.first[query[pair]] + place // count
    alias = index.row_alias[row[pair]] + place % count
    cosine = row_cosines(batch.grams, reading, index.forward, alias)
    acronym = np.zeros(len(pair), dtype=bool)
    possible = np.array([is_acronym(r.core) for r in batch.readings], dtype=bool)
    maybe = np.flatnonzero(((routes[pair] & (ACRONYM | POSTCODE)) > 0) & possible[reading])
    if len(maybe):
        names = store.take(index.alias_name, alias[maybe])
        for at, name in zip(maybe.tolist(), names, strict=True):
            acronym[at] = batch.readings[reading[at]].canon in acronyms(name)
    tail = np.array([r.kind == TAIL for r in batch.readings], dtype=bool)[reading]
    score = np.where(acronym, np.float32(0.98), cosine) - batch.handicap[reading] - (tail & (cosine < _WHOLE))
    order = np.lexsort((alias, -score, pair))
    best = order[np.concatenate([[True], pair[order][1:] != pair[order][:-1]])] if len(order) else order
    return Pairs(query, row, reading[best], alias[best], routes, cosine[best], acronym[best])


def _keep(pairs: Pairs, batch: Batch, index: Index, search: Search) -> Pairs:
    """The best `keep` candidates of each query by cosine and postcode; hits by number always stay."""
    same = (pairs.route & POSTCODE) > 0
    near = (pairs.route & AREA) > 0
    exact = (pairs.route & (KEY | ACRONYM)) > 0
    score = np.where(pairs.acronym, 0.9, pairs.cosine) - batch.handicap[pairs.reading]
    score = score + 0.35 * same + 0.05 * near + 0.1 * exact + 9.0 * ((pairs.route & (NUMBER | GUESSED)) > 0)
    order = np.lexsort((pairs.row, -score, pairs.query))
    query = pairs.query[order]
    start = np.searchsorted(query, query, side="left")
    return pairs.select(order[np.arange(len(order)) - start < search.keep])
