"""Merges and splits that the rows show and no build knows yet."""

from __future__ import annotations

from datetime import date

from lifecluster.web.desk.waiting import Item
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Regrouped, State
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.paths import parts_of
from lifecluster.web.merges import drafts

TITLES = {"merge": "Two organisations were merged", "split": "An organisation was split"}


def _shown() -> set[str]:
    """Judgements that the rows of the package shown have over its build."""
    found = Regrouped.objects.filter(package__state=State.CURRENT).values_list("entries", flat=True).first()
    return set(found or ())


def waits(viewer: Viewer) -> int:
    """How many merges and splits the next build is to take in."""
    return len(first(viewer, None)) if _shown() else 0


def first(viewer: Viewer, limit: int | None) -> list[Item]:
    """The latest of them."""
    del viewer  # whoever may judge sees them all
    shown = _shown()
    if not shown:
        return []
    before, after = parts_of("merges:act", 1)
    return [
        Item(TITLES[act.kind], f"{before}{act.group}{after}", act.entries[0].why or "",
             since=date.fromisoformat(act.entries[0].at[:10]))
        for act in drafts.acts(log.entries())
        if shown & {entry.id for entry in act.entries}
    ][:limit]  # fmt: skip
