"""One pair as its page shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifecluster.register.linkage import scored
from lifecluster.web.kit.evidence import Evidence
from lifecluster.web.links import marking
from lifecluster.web.links.models import Pair
from lifecluster.web.links.show import words

FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Name", ("name",)), ("Company number", ("company_number",)), ("Postcode", ("postcode",)),
    ("Address", ("address",)), ("Town", ("town",)), ("Web", ("website",)),
    ("Activity", ("activity", "capability", "sic")), ("Status", ("status",)), ("Trades as", ("trading_name",)),
    ("Was called", ("previous_name",)), ("Begun", ("incorporated_on",)), ("Ended", ("dissolved_on",)),
)  # fmt: skip
ALWAYS = frozenset({"Name", "Company number", "Postcode", "Address"})
CLASSES = {marking.SAME: "same", marking.DIFFERS: "differs", marking.CLOSE: "differs"}
TALLEST = 4.4
"""Weight in log-odds that fills its half of the bar; what is more is drawn as much."""
LEARNT = 0.0005
"""Difference of two probabilities from which on the page tells both."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both rows."""

    title: str
    left: marking.Pieces
    right: marking.Pieces
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """Whose row a column shows: `title` of the source, `where` in it."""

    title: str
    where: str
    record: str
    closed: bool

    @property
    def short(self) -> str:
        """The title without what stands behind a bracket, a comma or a colon, for narrow pages."""
        return re.split(r"[(:,]", self.title)[0].strip() or self.title


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its weight in log-odds (None: unknown), and where its bar ends, in per cent of the width."""

    said: str
    weight: float | None = None

    @property
    def shown(self) -> str:
        """The weight with its sign."""
        return "" if self.weight is None else f"{self.weight:+.1f}".replace("-", "−")

    @property
    def end(self) -> str:
        """Where the bar ends."""
        share = max(-1.0, min(1.0, (self.weight or 0.0) / TALLEST))
        return f"{50 + 50 * share:.1f}%"

    @property
    def towards(self) -> str:
        """What it speaks for."""
        return "same" if (self.weight or 0.0) >= 0 else "different"


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of the probability, drawn from 0 to 100 per cent."""

    probability: float | None
    link: float
    auto: float

    @property
    def at(self) -> str:
        """Where the probability stands."""
        return f"{100 * (self.probability or 0.0):.1f}%"

    @property
    def from_(self) -> str:
        """Where review begins."""
        return f"{100 * self.link:.1f}%"

    @property
    def to(self) -> str:
        """Where links are taken."""
        return f"{100 * self.auto:.1f}%"

    @property
    def middle(self) -> str:
        """Half way between the two."""
        return f"{50 * (self.link + self.auto):.1f}%"

    @property
    def told(self) -> str:
        """The same in a sentence."""
        limits = f"below {self.link:.2f} pairs are left alone, from {self.auto:.2f} on links may be taken"
        return f"Probability {words.chance(self.probability)}; {limits}"


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page says of a pair."""

    heads: tuple[Head, Head]
    lines: tuple[Line, ...]
    because: str
    reasons: tuple[Reason, ...]
    weighed: bool
    start: str
    bands: Bands
    chance: str
    evidence: Evidence
    target: str


def shown(pair: Pair, *, limits: Sequence[float], package: str, at: date) -> Shown:
    """A pair, ready for its template."""
    left, right = pair.body["left"], pair.body["right"]
    told = scored.read(pair.body.get("scored"))
    reasons = [one for one in pair.body["reasons"] if not one.startswith(words.TO_REVIEW)]
    weighed = tuple(Reason(_sentence(one.said), one.weight) for one in told.weights) if told else ()
    return Shown(
        (_head(left), _head(right)),
        tuple(line for title, props in FIELDS if (line := _line(title, props, left, right)) is not None),
        words.reviewed_because(pair.body["reasons"]),
        weighed or tuple(Reason(_sentence(one)) for one in reasons),
        bool(weighed),
        f"{told.start:+.1f}".replace("-", "−") if told else "",
        Bands(pair.probability, limits[0], limits[1]),
        words.chance(pair.probability),
        _evidence(pair, told, package=package, at=at),
        right.get("organisation") or pair.target,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _head(said: Mapping[str, Any]) -> Head:
    file, _, row = (said.get("locator") or "").rpartition("#")
    where = [f"row {row} of {file}"] if file and row.isdigit() else []
    if said.get("observed"):
        where.append(words.on(said["observed"]))
    if said.get("organisation"):
        where.append(said["organisation"])
    return Head(said["title"], ", ".join(where), said["record"], not said["open"])


def _line(title: str, props: tuple[str, ...], left: Mapping[str, Any], right: Mapping[str, Any]) -> Line | None:
    mine, theirs = words.of(left, *props), words.of(right, *props)
    if not (mine or theirs or title in ALWAYS):
        return None
    found = marking.compare(mine, theirs)
    return Line(title, found.left, found.right, found.word, CLASSES.get(found.word, "") + (" name" * (title == "Name")))


def _evidence(pair: Pair, told: scored.Scored | None, *, package: str, at: date) -> Evidence:
    shown = words.chance(pair.probability)
    meaning = f"Of 100 pairs scored like this, about {100 * (pair.probability or 0):.0f} are the same"
    if told and pair.probability is not None and abs(told.probability - pair.probability) > LEARNT:
        meaning += f"; {words.chance(told.probability)} before judgements were learnt from"
    scorer = f" by linkage model {told.model}" if told else ""
    return Evidence(f"link-{pair.key}", "Probability of a match", shown, f"Scores of the package {package}{scorer}",
                    definition=meaning, licence="For the desk only", observed=at)  # fmt: skip
