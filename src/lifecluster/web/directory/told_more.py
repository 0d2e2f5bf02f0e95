"""Rows of the list for readers who may know more of a public organisation than everybody: what they are shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from lifecluster.web.directory.models import Organisation, Package, Statement
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import reader_of

NAMED = ("name", "employees", "capability")
"""Properties that a row of the list tells and that its table holds as everybody may know them."""


def told_more(rows: Sequence[Organisation], package: Package, level: int) -> None:
    """Put into `rows` what readers of `level` are shown instead, by the rule of the page. Nothing for visitors; else a
    query, and one more where any of them has such a value.
    """
    if not level or not rows:
        return
    known = {row.uid: row for row in rows}
    closed = Statement.objects.filter(package=package, property__in=NAMED, level__gt=0, level__lte=level,
                                      kind="organisation", aggregate_only=False)  # fmt: skip
    subjects = known.keys() & set(closed.values_list("subject", flat=True).distinct())
    if not subjects:
        return
    found = values(subjects, reader_of(level), package=package)
    for uid in subjects:
        row, told = known[uid], {}
        for prop in NAMED:
            stated = found.of(uid, prop)
            told[prop] = [said.value for said in stated.shown if said.value] if stated else []
        row.name = told["name"][0] if told["name"] else row.name
        row.employees = int(told["employees"][0]) if told["employees"] else None
        summary = row.summary or {}  # has those of its sites, too
        row.summary = {**summary, "capabilities": sorted({*summary.get("capabilities", ()), *told["capability"]})}
