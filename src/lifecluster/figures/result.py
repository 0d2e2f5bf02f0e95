"""What came out of a claim, basis by basis, and the same as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lifecluster.figures import uncertainty
from lifecluster.figures.bases.collected import Missing
from lifecluster.figures.change import Change
from lifecluster.figures.claim import Basis, Claim, Kind, digest
from lifecluster.figures.inputs import Origin
from lifecluster.figures.measure import Estimate
from lifecluster.figures.places import Place
from lifecluster.figures.rows import Row
from lifecluster.figures.segments import Part
from lifecluster.figures.verdict import Verdict
from lifecluster.register.definition import load_definition


@dataclass(frozen=True)
class Line:
    """One region of a league, or a place beside the one asked about: name, value, interval, rank probabilities.

    `expected` lies in the interval, `value` need not.
    """

    name: str
    value: Fraction | None
    expected: float | None
    low: float | None
    high: float | None
    probability: float | None
    ranks: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain values; P(rank = 1) and P(rank <= 2) by name."""
        first = self.ranks[0] if self.ranks else None
        return {
            "region": self.name, "value": number(self.value), "expected": self.expected,
            "low": self.low, "high": self.high,
            "probability": self.probability, "first": first,
            "first_or_second": min(1.0, sum(self.ranks[:2])) if self.ranks else None,
        }  # fmt: skip


@dataclass(frozen=True)
class BasisResult:
    """One basis: what it rests on, the figure, the rows, and what speaks against it.

    `withheld`, `step`: whether the rule of the measure hides the figure, and to what it rounds it where it is told.
    `unknown`: organisations whose answer under the definition is unknown: neither counted nor expected. `reading`: the
    figure and the numbers beside it in a sentence, empty where nothing stands beside it.
    """

    basis: Basis
    unit: str
    geography: str
    vintage: str
    figure: Estimate
    verdict: Verdict
    rows: tuple[Row, ...] = ()
    classes: tuple[str, ...] = ()
    league: tuple[Line, ...] = ()
    beside: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    refused: str | None = None
    withheld: bool = False
    change: Change | None = None
    segments: tuple[Part, ...] = ()
    step: int = 1
    kind: Kind = "total"
    unknown: int = 0
    reading: str = ""

    @property
    def interval_of(self) -> tuple[str, ...]:
        """The kinds of uncertainty that the 95 % interval takes in, as `uncertainty.KINDS` names them."""
        return uncertainty.kinds(self.basis.source, self.rows, coverage=self.basis.coverage is not None)

    @property
    def shares(self) -> tuple[uncertainty.Share, ...]:
        """Of a register: what each kind does by itself; none where the figure is withheld or rounded."""
        return () if self.withheld or self.step > 1 else uncertainty.shares(self.rows)

    @property
    def certain(self) -> int | None:
        """Rows of a register that count with a probability of 0.95 or more."""
        return uncertainty.certain(self.rows) if self.shares else None

    @property
    def possible(self) -> int | None:
        """Rows of a register that are not ruled out, those that are unknown among them."""
        return uncertainty.open_(self.rows) + self.unknown if self.shares else None

    @property
    def tells_expected(self) -> bool:
        """Whether the number expected belongs beside the figure: of a register, or of a figure outside its interval."""
        value, low, high = self.value, self.edge(self.figure.low), self.edge(self.figure.high)
        if low is None or high is None:
            return False
        return bool(self.shares) or value is None or not low <= value <= high

    @property
    def value(self) -> Fraction | None:
        """The figure as it may be told: None where it is withheld, rounded where the rule of the measure rounds."""
        value = None if self.withheld else self.figure.value
        return value if value is None or self.step == 1 else Fraction(round(value / self.step) * self.step)

    def edge(self, value: float | None) -> float | None:
        """A number beside the figure as it may be told: None where it is withheld, rounded where the rule rounds."""
        if value is None or self.withheld:
            return None
        return value if self.step == 1 else float(round(value / self.step) * self.step)

    @property
    def definition_digest(self) -> str:
        """A hash of the content of the definition (empty without one)."""
        name = self.basis.definition
        return "" if name is None else digest(load_definition(name).model_dump(mode="json"))

    def _told(self) -> list[str]:
        """What a reader has to know: of the source, of the basis, of its coverage, of the figure."""
        cover, note = self.basis.coverage, self.basis.note
        covered = [] if cover is None else [f"coverage: {cover.low:g} to {cover.high:g} times as many ({cover.why})"]
        return [*self.notes, *([note] if note else []), *covered, *([] if self.withheld else self.figure.why)]

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; a withheld figure is null and says so."""
        f, hide = self.figure, self.withheld
        definition = None if self.basis.definition is None else load_definition(self.basis.definition)
        ranks = [] if f.ranking is None or hide else [
            {"rank": k, "probability": p} for k, p in enumerate(f.ranking.at, 1)]  # fmt: skip
        return {
            "basis": self.basis.label, "source": self.basis.source, "definition": self.basis.definition,
            "definition_title": None if definition is None else definition.title,
            "counts": None if definition is None else definition.unit,
            "quantity": self.basis.quantity, "segment": self.basis.segment, "unit": self.unit,
            "geography": self.geography, "vintage": self.vintage or None,
            "value": number(self.value), "expected": self.edge(f.expected),
            "low": self.edge(f.low), "high": self.edge(f.high), "interval_of": [] if hide else list(self.interval_of),
            "intervals": [one.to_dict() for one in self.shares],
            "certain": self.certain, "possible": self.possible, "tells_expected": self.tells_expected,
            "reading": self.reading,
            "least": self.edge(f.least), "most": self.edge(f.most),
            "shown": shown(self), "probability": None if hide else f.probability,
            "probability_by_rounding": None if hide else f.by_rounding,
            "verdict": "cannot tell" if hide else str(self.verdict), "ranks": ranks,
            "league": [line.to_dict() for line in self.league], "beside": [line.to_dict() for line in self.beside],
            "segments": [] if hide else [part.to_dict() for part in self.segments],
            "rows": 0 if hide else len(self.rows), "classes": list(self.classes), "withheld": hide,
            "notes": self._told(),
            "missing": [str(gap) for gap in self.missing], "refused": self.refused,
            "change": None if self.change is None or hide or self.step > 1 else self.change.to_dict(),
        }  # fmt: skip


@dataclass(frozen=True)
class Result:
    """A claim about a place, computed: the sentence as it stands, the verdict, and every basis beside it.

    `deciding`: the first basis that could be computed, None if none could. `why`: what is missing or refused.
    `because`: why the verdict is what it is, in words. `recipe`: hash of all that determines it.
    """

    claim: Claim
    place: Place
    at: str
    sentence: str
    verdict: Verdict
    bases: tuple[BasisResult, ...]
    origins: tuple[Origin, ...]
    recipe: str
    deciding: BasisResult | None = None
    stated: float | None = None
    why: tuple[str, ...] = field(default_factory=tuple)
    because: str = ""

    @property
    def probability(self) -> float | None:
        """Of the basis that decides, that the sentence holds; None where there is no verdict."""
        return None if self.deciding is None else self.deciding.figure.probability

    @property
    def agree(self) -> bool:
        """Whether all bases that can tell say the same."""
        words = {basis.verdict.word for basis in self.bases} - {"cannot tell", "no verdict"}
        return len(words) <= 1

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "claim": self.claim.name, "title": self.claim.title, "sentence": self.sentence,
            "region": self.place.name, "region_title": self.place.title, "areas": list(self.place.areas),
            "at": self.at, "verdict": str(self.verdict), "word": self.verdict.word,
            "only_for": list(self.verdict.only_for), "why": list(self.why), "because": self.because,
            "probability": self.probability,
            "basis": None if self.deciding is None else self.deciding.basis.label, "bases_agree": self.agree,
            "stated": self.stated, "bases": [basis.to_dict() for basis in self.bases], "recipe": self.recipe,
            "inputs": [{"table": o.table, "file": o.file, "sha256": o.sha256, "publisher": o.publisher,
                        "licence": o.licence, "vintage": o.vintage, "url": o.url, "sample": o.sample}
                       for o in self.origins],
        }  # fmt: skip


def number(value: Fraction | None) -> float | int | None:
    """A whole number as one, any other as a float."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def shown(result: BasisResult) -> str:
    """The figure as a public table shows it: `[c]` where it is withheld, `[x]` where it is not available."""
    if result.withheld:
        return "[c]"
    value, ranking = result.value, result.figure.ranking
    if ranking is not None:
        return str(1 + max(range(len(ranking.at)), key=lambda i: ranking.at[i]) if value is None else value)
    if value is None:
        return "[x]"
    if result.kind in {"share", "growth"}:
        return percent(float(value), signed=result.kind == "growth")
    return written(result.basis.quantity, value)


def percent(value: float, *, signed: bool = False) -> str:
    """A share as per cent; with its sign for a growth."""
    return f"{value * 100:{'+' if signed else ''}.1f} %"


def written(quantity: str, value: Fraction) -> str:
    """A number for people: thousands set off; a turnover with one decimal."""
    if quantity == "turnover" and value > 1:
        return f"{float(value):.1f}"
    return f"{float(value):,.0f}" if value.denominator == 1 else f"{float(value):,.4g}"
