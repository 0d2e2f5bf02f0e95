"""The line of dates: when a value was observed, when somebody verified it, today, and when it goes stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from lifecluster.web.kit.formats import day
from lifecluster.web.kit.plots import dot, drawing, line, stroke, words
from lifecluster.web.kit.rendering import Renderable, per_cent

AXIS = 42
DATE_WIDTH = 0.26  # of the narrowest panel, 288 units, for a date at 12.5
TODAY_WIDTH = 0.14
TODAY = "Today"


def spread(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """Centres of labels on a line from 0 to 1, moved as little as is needed so that none covers another.

    Parameters: `wanted` centre and width of each label, from left to right; widths sum to at most 1.
    """
    centres: list[float] = []
    left = 0.0
    for centre, width in wanted:  # to the right, until each is clear of the one before
        centres.append(max(centre, left + width / 2))
        left = centres[-1] + width / 2
    right = 1.0
    for i in reversed(range(len(wanted))):  # and back, so that the last one stays inside
        width = wanted[i][1]
        centres[i] = min(centres[i], right - width / 2)
        right = centres[i] - width / 2
    return centres


@dataclass(frozen=True, slots=True)
class Freshness(Renderable):
    """Dates of a value on one axis; `at` is today. Unknown dates stay out of the drawing and are named in its words."""

    at: date
    observed: date | None = None
    verified: date | None = None
    stale_after: date | None = None

    @property
    def stale(self) -> bool:
        """Whether today is past the date."""
        return self.stale_after is not None and self.at > self.stale_after

    @property
    def alternative(self) -> str:
        """What the drawing says, in words."""
        named = (("Observed", self.observed), ("verified", self.verified), ("stale after", self.stale_after))
        dates = ", ".join(f"{name} {day(value, long=True)}" for name, value in named)
        return f"{dates}; today is {day(self.at, long=True)}{', so it is stale' if self.stale else ''}"

    def place(self, moment: date) -> float:
        """Where on the axis a date stands, 0 to 1; the last date leaves room for its mark."""
        dates = [d for d in (self.at, self.observed, self.verified, self.stale_after) if d is not None]
        first, last = min(dates), max(dates)
        return 0.02 + 0.92 * (moment - first).days / max(1, (last - first).days)

    def render(self) -> SafeString:
        """The drawing: observed and today are named above the line, verified and stale-after below it."""
        now = self.place(self.at)
        end = 1.0 if self.stale_after is None else self.place(self.stale_after)
        parts = [line("axis", 0, end, AXIS), line("used", 0.02, min(now, end), AXIS)]
        if self.stale_after is not None:
            parts += [line("over", end, 1, AXIS), stroke("limit", end, AXIS - 8, AXIS + 8)]
        if self.observed is not None:
            parts.append(dot("seen", self.place(self.observed), AXIS, 5))
        if self.verified is not None:
            parts.append(dot("checked", self.place(self.verified), AXIS, 5))
        parts.append(stroke("now", now, AXIS - 11, AXIS + 11))
        above: list[tuple[str, date | None, float]] = [("Observed", self.observed, DATE_WIDTH)]
        if self.observed == self.at:
            above = [("Observed today", self.at, 1.2 * DATE_WIDTH)]
        else:
            above.append((TODAY, self.at, TODAY_WIDTH))
        below: list[tuple[str, date | None, float]] = [
            ("Verified", self.verified, DATE_WIDTH),
            ("Stale after", self.stale_after, DATE_WIDTH),
        ]
        parts += [*self._labels(above, 12, 27), *self._labels(below, AXIS + 25, AXIS + 40)]
        return drawing(f"fresh{' is-stale' if self.stale else ''}", self.alternative, *parts)

    def _labels(self, wanted: list[tuple[str, date | None, float]], first: int, second: int) -> list[SafeString]:
        """Name and date of each on two lines; today, whose date everybody knows, only by name, next to the line."""
        known = sorted(((self.place(moment), width, name, moment) for name, moment, width in wanted if moment))
        centres = spread([(centre, width) for centre, width, _, _ in known])
        parts = []
        for x, (_, width, name, moment) in zip(centres, known, strict=True):
            alone = name == TODAY
            parts.append(_text("name", x, width, second if alone else first, name))
            if not alone:
                parts.append(_text("date", x, width, second, day(moment)))
        return parts


def _text(kind: str, x: float, width: float, y: int, text: str) -> SafeString:
    """A word at its centre; one that lies against an edge begins or ends there, however wide the drawing is."""
    place, anchor = per_cent(x), "middle"
    if x - width / 2 < 0.005:
        place, anchor = "0", "start"
    elif x + width / 2 > 0.995:
        place, anchor = "100%", "end"
    return words(kind, place, y, anchor, text)
