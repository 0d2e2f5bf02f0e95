"""Public tools on the same test, each done well, behind one function signature.

Every peer is ``link(register, queries, labels_tune) -> frame`` with one row per query it can answer:
``id, company_number, score`` (its best company and how sure it is; any scale, higher is surer).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

Link = Callable[[pl.DataFrame, pl.DataFrame, pl.DataFrame], pl.DataFrame]
"""register, queries, labels of the tuning half -> id, company_number, score."""


def peer(name: str) -> Link:
    """Return a peer by name; the tool is imported only now.

    Args:
        name: ``tfidf``, ``tfidf_pc``, ``splink`` (u from 1e8 pairs) or ``splink_quick`` (1e7 pairs).

    Returns:
        Its ``link`` function.

    Raises:
        KeyError: there is no such peer.
    """
    if name in {"tfidf", "tfidf_pc"}:
        from benchmarks.linkage.peers import tfidf

        return {"tfidf": tfidf.link, "tfidf_pc": tfidf.link_with_postcode}[name]
    from benchmarks.linkage.peers import splink_duckdb

    return {"splink": splink_duckdb.link, "splink_quick": splink_duckdb.link_quick}[name]


PEERS = ("tfidf", "tfidf_pc", "splink", "splink_quick")
