"""Days as work sees them: how late, or how soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecluster.web.kit.formats import day as written
from lifecluster.web.kit.formats import plural


@dataclass(frozen=True, slots=True)
class When:
    """`text` the day in words; `words` how far it is from today; `late` if it is past, `soon` if it is near."""

    text: str
    words: str
    late: bool = False
    soon: bool = False


def when(due: date | None, today: date, since: date | None = None) -> When | None:
    """A day that something is due on, else since when it waits; None where neither is known."""
    if due is not None:
        left = (due - today).days
        if left < 0:
            return When(written(due), f"{plural(-left, 'day')} late", late=True)
        words = "today" if left == 0 else "tomorrow" if left == 1 else f"in {plural(left, 'day')}"
        return When(written(due), words, soon=left <= 7)
    if since is not None:
        days = (today - since).days
        return When(written(since), "since today" if days <= 0 else f"waits {plural(days, 'day')}")
    return None
