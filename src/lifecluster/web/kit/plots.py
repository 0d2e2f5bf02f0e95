"""Drawings made on the server: an interval against what was said, a rank, a reply clock, a curve with its band.

Positions are SVG attributes in per cent of the width, so a drawing stretches with its cell and needs no style
attribute. Every drawing has a text alternative that says all it shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from lifecluster.web.kit.formats import number, ordinal
from lifecluster.web.kit.rendering import EMPTY, Renderable, join, per_cent, short

EDGE = 0.02  # room for half a dot at each end


# A page may hold hundreds of drawings, so these put numbers and constants together without escaping each; words are
# escaped. `kind` is always a constant of this package.


def line(kind: str, start: float, end: float, y: float) -> SafeString:
    """A level line from one share of the width to another."""
    return SafeString(f'<line class="{kind}" x1="{per_cent(start)}" x2="{per_cent(end)}" y1="{y}" y2="{y}"/>')


def stroke(kind: str, at: float, top: float, bottom: float) -> SafeString:
    """An upright stroke."""
    x = per_cent(at)
    return SafeString(f'<line class="{kind}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>')


def dot(kind: str, at: float, y: float, radius: float) -> SafeString:
    """A disc."""
    return SafeString(f'<circle class="{kind}" cx="{per_cent(at)}" cy="{y}" r="{radius}"/>')


def words(kind: str, place: str, y: float, anchor: str, text: str) -> SafeString:
    """A text at a length such as `12%`; `anchor` is start, middle or end."""
    return SafeString(f'<text class="{kind}" x="{place}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>')


def label(kind: str, at: float, y: float, text: str, *, room: float = 0.2) -> SafeString:
    """A word at a place, turned inwards within `room` (share of the width) of an edge so that it is never cut."""
    return words(kind, per_cent(at), y, "start" if at < room else "end" if at > 1 - room else "middle", text)


def drawing(kind: str, alternative: str, *parts: SafeString) -> SafeString:
    """An SVG that is as wide as its place; its height is the stylesheet's."""
    inner = "".join(parts)
    return SafeString(f'<svg class="{kind}" role="img" aria-label="{escape(alternative)}">{inner}</svg>')


@dataclass(frozen=True, slots=True)
class Interval(Renderable):
    """A value with its interval on an axis from `start` to `end`, and what somebody said.

    `said` is drawn as an upright stroke with the words `said_as` below it; `faint` for rows that are not the point.
    All of `low`, `value`, `high`, `said` are in the units of the axis; `digits` and `unit` go into the words.
    """

    value: float
    start: float
    end: float
    low: float | None = None
    high: float | None = None
    said: float | None = None
    said_as: str = ""
    unit: str = ""
    digits: int = 0
    faint: bool = False

    def _place(self, x: float) -> float:
        width = self.end - self.start
        share = (x - self.start) / width if width else 0.5
        return EDGE + (1 - 2 * EDGE) * min(1.0, max(0.0, share))

    @property
    def alternative(self) -> str:
        """What the drawing says, in words."""
        text = f"{number(self.value, self.digits)}{' ' + self.unit if self.unit else ''}"
        if self.low is not None and self.high is not None:
            text += f", interval {number(self.low, self.digits)} to {number(self.high, self.digits)}"
        if self.said is not None:
            text += f"; {self.said_as or 'said: ' + number(self.said, self.digits)}"
        return text

    def _ticks(self) -> SafeString:
        return EMPTY

    def render(self) -> SafeString:
        """The drawing."""
        parts = [line("axis", 0, 1, 12), self._ticks()]
        if self.said is not None:
            at = self._place(self.said)
            parts.append(stroke("said", at, 1, 23))
            if self.said_as:
                parts.append(label("words", at, 37, self.said_as, room=0.3))
        if self.low is not None and self.high is not None:
            parts.append(line("range", self._place(self.low), self._place(self.high), 12))
        parts.append(dot("value", self._place(self.value), 12, 4.75))
        kind = f"plot{' plot-said' if self.said_as else ''}{' is-faint' if self.faint else ''}"
        return drawing(kind, self.alternative, *parts)


@dataclass(frozen=True, slots=True)
class Ranks(Interval):
    """A rank among `end` places, 1st at the left, a tick for each. Make it with `Ranks.of`."""

    @classmethod
    def of(
        cls,
        rank: int,
        places: int,
        *,
        low: int | None = None,
        high: int | None = None,
        said: int | None = None,
        said_as: str = "",
        faint: bool = False,
    ) -> Ranks:
        """A rank of `places`, with the interval of ranks and the rank that was said."""
        return cls(rank, 1, places, low=low, high=high, said=said, said_as=said_as, faint=faint)

    @property
    def alternative(self) -> str:
        """What the drawing says, in words."""
        text = f"{ordinal(int(self.value))} of {int(self.end)}"
        if self.low is not None and self.high is not None and self.low != self.high:
            text += f", between {ordinal(int(self.low))} and {ordinal(int(self.high))}"
        if self.said is not None:
            text += f"; {self.said_as or 'said: ' + ordinal(int(self.said))}"
        return text

    def _ticks(self) -> SafeString:
        return join(stroke("tick", self._place(rank), 9, 15) for rank in range(1, int(self.end) + 1))


@dataclass(frozen=True, slots=True)
class ReplyClock(Renderable):
    """Working days since an ask was sent, against the `due` day; what runs past it is drawn in the accent.

    `answered` stops the clock and fills its end with a tick instead of a disc.
    """

    days: int
    due: int = 20
    answered: bool = False

    @property
    def late(self) -> int:
        """Working days past the due day."""
        return max(0, self.days - self.due)

    @property
    def alternative(self) -> str:
        """What the drawing says, in words."""
        if self.answered:
            return f"Answered on day {self.days} of {self.due} working days"
        if self.late:
            return f"Day {self.days}, {self.late} working {'day' if self.late == 1 else 'days'} late"
        return f"Day {self.days} of {self.due} working days"

    def render(self) -> SafeString:
        """The drawing; the axis holds twice the due days, or all of a longer wait."""
        end = max(2 * self.due, self.days)
        now, due = (EDGE + (1 - 2 * EDGE) * x / end for x in (self.days, self.due))
        parts = [line("axis", 0, 1, 9), line("run", 0, min(now, due), 9)]
        if self.late:
            parts.append(line("late", due, now, 9))
        parts += [stroke("due", due, 1, 17), label("words", due, 30, f"day {self.due}")]
        parts.append(dot("end is-late" if self.late else "end", now, 9, 5))
        return drawing(f"clock{' is-answered' if self.answered else ''}", self.alternative, *parts)


WIDE, HIGH = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 12.0, 16.0, 44.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about so many."""
    span = high - low
    if span <= 0:
        return [low]
    size = 10.0 ** math.floor(math.log10(span / about))
    step = next((s * size for s in STEPS if span / (s * size) <= about), 10 * size)
    first = math.ceil(low / step - 1e-9)
    return [step * i for i in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class BandedCurve(Renderable):
    """A curve beside the band that chance leaves it, with axes, units and words on the lines.

    `alternative` says what it shows; `x`, `value`, `mean`, `lower`, `upper` one number a place on the x axis, None
    where nothing is said (all of a place or none); `x_title`, `y_title` with units; `found` and `chance` the words on
    the lines; `digits` of the numbers on the y axis.
    """

    alternative: str
    x: Sequence[float]
    value: Sequence[float | None]
    mean: Sequence[float | None]
    lower: Sequence[float | None]
    upper: Sequence[float | None]
    x_title: str
    y_title: str
    found: str = "found"
    chance: str = "chance"
    digits: int = 0

    def _shown(self) -> list[tuple[float, float, float, float, float]]:
        rows = zip(self.x, self.value, self.mean, self.lower, self.upper, strict=True)
        return [(x, v, m, v if lo is None else lo, v if hi is None else hi) for x, v, m, lo, hi in rows
                if v is not None and m is not None]  # fmt: skip

    def render(self) -> SafeString:
        """The drawing."""
        rows = self._shown()
        inner = self._drawn(rows) if rows else EMPTY
        box = f"0 0 {short(WIDE)} {short(HIGH)}"
        return format_html(
            '<svg class="chart curve" viewBox="{}" role="img" aria-label="{}">{}</svg>', box, self.alternative, inner
        )

    def _drawn(self, rows: list[tuple[float, float, float, float, float]]) -> SafeString:
        low = min(0.0, *(min(row[1:]) for row in rows))
        high = max(max(row[1:]) for row in rows) * 1.06 or 1.0
        end = max(self.x)

        def at(x: float, y: float) -> tuple[float, float]:
            across = LEFT + (WIDE - LEFT - RIGHT) * x / end
            return across, TOP + (HIGH - TOP - BOTTOM) * (high - y) / (high - low)

        def path(points: list[tuple[float, float]]) -> str:
            return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)

        band = [at(r[0], r[4]) for r in rows] + [at(r[0], r[3]) for r in reversed(rows)]
        parts = [format_html('<path class="band" d="{}Z"/>', path(band)), self._axes(at, low, high, end)]
        parts += [format_html('<path class="{}" d="{}"/>', kind, path([at(r[0], r[i]) for r in rows]))
                  for kind, i in (("mean", 2), ("found", 1))]  # fmt: skip
        return join([*parts, *self._words(rows, at)])

    def _axes(
        self, at: Callable[[float, float], tuple[float, float]], low: float, high: float, end: float
    ) -> SafeString:
        left, bottom = at(0, low)
        parts = [format_html('<path class="axis" d="M{} {}H{}"/>', short(left), short(bottom), short(WIDE - RIGHT))]
        for x in ticks(0, end, 6):
            parts.append(words("tick", short(at(x, low)[0]), round(bottom + 17, 1), "middle", f"{x:g}"))
        for y in ticks(low, high, 4):
            level = at(0, y)[1]
            parts.append(
                format_html('<path class="grid" d="M{} {}H{}"/>', short(left), short(level), short(WIDE - RIGHT))
            )
            parts.append(words("tick", short(left - 7), round(level + 4.5, 1), "end", number(y, self.digits)))
        parts.append(words("title", short(WIDE - RIGHT), HIGH - 6, "end", self.x_title))
        parts.append(words("title", "2", TOP - 3, "start", self.y_title))
        return join(parts)

    def _words(self, rows: list[tuple[float, float, float, float, float]],
               at: Callable[[float, float], tuple[float, float]]) -> list[SafeString]:  # fmt: skip
        """A word on each line: `found` where it is farthest from chance, `chance` on the other side of its middle."""
        top = max(rows, key=lambda row: abs(row[1] - row[2]))
        x, y = at(top[0], top[1])
        above = top[1] >= top[2]
        start = x < WIDE * 0.75
        last = rows[int(len(rows) * 0.8)]
        cx, cy = at(last[0], last[3] if last[1] >= last[2] else last[4])
        return [
            words(
                "name",
                short(x + (9 if start else -9)),
                round(y + (5 if above else 14), 1),
                "start" if start else "end",
                self.found,
            ),
            words(
                "name is-chance", short(cx), round(cy + (17 if last[1] >= last[2] else -8), 1), "middle", self.chance
            ),
        ]
