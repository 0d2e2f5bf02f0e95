"""How the scorer came to the probability of a link that waits, as the table `links` keeps it (JSON), without Polars.

`weights` are shares of the score in log-odds, one for each kind of evidence: with `start` they add up to `score`.
`measures` are the numbers of the pair that judgements are learnt from: no words are among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from lifecluster.register.entry import Json


@dataclass(frozen=True, slots=True)
class Weight:
    """What one kind of evidence (`of`, a key of `weights.GROUPS`) brings: `weight` in log-odds, above 0 towards same;
    `said` the evidence in words."""

    of: str
    said: str
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scorer saw of a pair: version of the `model`, its `probability` before judgements were learnt from,
    `start` and `score` in log-odds, `measures` by name, `weights`."""

    model: str
    probability: float
    start: float
    score: float
    measures: Mapping[str, float] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def seen(self) -> dict[str, Json]:
        """What a judgement keeps of it: numbers alone."""
        return {"probability": self.probability, "measures": dict(self.measures)}


def read(text: str | None) -> Scored | None:
    """The inverse of `Scored.text`; None for nothing."""
    if not text:
        return None
    told = json.loads(text)
    told["weights"] = tuple(Weight(**one) for one in told["weights"])
    return Scored(**told)
