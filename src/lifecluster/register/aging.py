"""Which of the values that a package shows are past the day of their next check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from lifecluster.reference.freshness import freshness
from lifecluster.reference.properties import vocabulary
from lifecluster.register.package import Package


def stale_of(package: Package, subjects: Iterable[str], *, at: date) -> dict[str, list[str]]:
    """The stale properties of each subject that has any, in the order of the vocabulary.

    Of several values that are shown of a property the first one tells, as in the web app.
    """
    known = {name: i for i, (name, p) in enumerate(vocabulary().properties.items()) if p.stale_after is not None}
    rows = (
        package.scan("statements")
        .filter(pl.col("shown"), pl.col("subject").is_in(list(subjects)), pl.col("property").is_in(list(known)))
        .filter(pl.col("value") != "")
        .sort("subject", "property", "place")
        .unique(["subject", "property"], keep="first", maintain_order=True)
        .select("subject", "property", "observed_on", "verified_on")
        .collect()
    )
    found: dict[str, list[str]] = {}
    for subject, prop, observed, verified in rows.iter_rows():
        if freshness(prop, observed_on=observed, verified_on=verified, at=at).stale:
            found.setdefault(subject, []).append(prop)
    return {subject: sorted(names, key=known.__getitem__) for subject, names in found.items()}
