"""Evidence: what stands behind a value, the mark that says so, and the panel that shows it.

The mark is a link with a dotted underline and is put only on what has evidence; an `Evidence` without a source cannot
be made. Without script the link's target shows the panel; `evidence.js` opens it beside the mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lifecluster.web.kit.freshness import Freshness

Moment = date | str | None
"""A day, or a text where only a year or a month is known, or None."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a panel."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Value:
    """One of several values that sources give; `shown` marks the one that is shown."""

    value: str
    source: str
    licence: str = ""
    observed: Moment = None
    verified: Moment = None
    shown: bool = False
    stale: bool = False
    level: Any = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the panel shows, in its order.

    `key` becomes the anchor and must differ between the things of a page (make it from ids, never from names);
    `title` says what the value is a value of;
    `value` and `interval` are words as shown; `definition`; `source`, with `source_url` and the `locator` of the row;
    `snapshot` the short hash of the file; `licence`; `observed`, `verified`; `others`, all values including the one
    shown; `why` this one is shown; `stale_after` and `at` (today) draw the freshness line; `links`;
    `level` a badge that says for whom the value is, here and in `others`, nothing where it is for everybody.
    Raises ValueError if there is no source.
    """

    key: str
    title: str
    value: str
    source: str
    interval: str = ""
    definition: str = ""
    source_url: str = ""
    locator: str = ""
    snapshot: str = ""
    licence: str = ""
    licence_url: str = ""
    observed: Moment = None
    verified: Moment = None
    others: tuple[Value, ...] = ()
    why: str = ""
    stale_after: date | None = None
    at: date | None = None
    sample: bool = False
    level: Any = ""
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError(f"{self.title!r} has no source: without evidence there is no mark")

    @property
    def anchor(self) -> str:
        """Id of the panel."""
        return f"e-{safe_id(self.key)}"

    @property
    def stale(self) -> bool:
        """Whether its date has passed."""
        return self.stale_after is not None and self.at is not None and self.at > self.stale_after

    @property
    def freshness(self) -> Freshness | None:
        """The line of dates, where the date of today and one other are known."""
        observed = self.observed if isinstance(self.observed, date) else None
        verified = self.verified if isinstance(self.verified, date) else None
        if self.at is None or (observed is None and verified is None):
            return None
        return Freshness(at=self.at, observed=observed, verified=verified, stale_after=self.stale_after)


@dataclass(slots=True)  # not frozen: a page has dozens, and a frozen one takes several times as long
class RemoteEvidence:
    """A value whose panel is a page of its own, fetched when it is asked for: for lists with many values. `level` is a
    badge that says for whom the value is, nothing where it is for everybody.

    `url` answers with the page, or with the panel alone for a request with `X-Fragment: panel`.
    """

    value: str
    url: str
    title: str = ""
    level: Any = ""


@dataclass(slots=True)
class Tray:
    """Panels of a page that its marks have asked for; emptied at the end of the page."""

    panels: dict[str, Evidence] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)

    def add(self, evidence: Evidence) -> None:
        """Have the panel shown once. Raises ValueError if another value of this page has the same key."""
        standing = self.panels.setdefault(evidence.anchor, evidence)
        if standing != evidence:
            raise ValueError(f"two different values on one page have the key {evidence.key!r}")

    def first_mark(self, anchor: str) -> bool:
        """Whether this is the first mark for a panel: that one carries the id to come back to."""
        first = anchor not in self.marked
        self.marked.add(anchor)
        return first

    def empty(self) -> list[Evidence]:
        """The panels, once."""
        panels = list(self.panels.values())
        self.panels.clear()
        return panels


def safe_id(text: str) -> str:
    """A text as part of an HTML id: letters, digits, dot, hyphen and underscore; the rest become hyphens."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-") or "x"
