"""Which of the values that a package shows are past the day of their next check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from lifecluster.reference.freshness import freshness
from lifecluster.reference.properties import vocabulary
from lifecluster.register.package import Package
from lifecluster.register.seen import statements_of


def stale_of(package: Package, subjects: Iterable[str], *, at: date) -> dict[str, list[str]]:
    """The stale properties of each subject that has any, in the order of the vocabulary.

    They are those that readers of the package's clearance are shown. Of several values of a property the first one
    tells, as in the web app.
    """
    known = {name: i for i, (name, p) in enumerate(vocabulary().properties.items()) if p.stale_after is not None}
    rows = (
        statements_of(package, subjects)
        .filter(pl.col("shown"), pl.col("property").is_in(list(known)), pl.col("value") != "")
        .sort("subject", "property", "place")
        .unique(["subject", "property"], keep="first", maintain_order=True)
        .select("subject", "property", "observed_on", "verified_on")
    )
    found: dict[str, list[str]] = {}
    for subject, prop, observed, verified in rows.iter_rows():
        if freshness(prop, observed_on=observed, verified_on=verified, at=at).stale:
            found.setdefault(subject, []).append(prop)
    return {subject: sorted(names, key=known.__getitem__) for subject, names in found.items()}
