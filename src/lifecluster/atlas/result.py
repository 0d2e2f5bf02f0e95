"""What every result of the atlas carries: value, interval, p, n, null, seed, vintage, suppression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lifecluster.policy.disclosure import registry


class Interval(NamedTuple):
    """Lower and upper end."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One figure with all that is needed to judge it.

    `value` None: cannot tell (`note` says why) or suppressed; `interval` of the value, or its range under the null
    where the text says so; `p` probability of a value as extreme under `null`; `q` the same, corrected for many
    questions; `n` observations it rests on; `seed` of the random numbers; `vintage` of the data; `suppression` the
    rule that hides the value, None where it may be shown.
    """

    name: str
    value: float | None
    interval: Interval | None = None
    p: float | None = None
    q: float | None = None
    n: int
    null: str | None = None
    seed: int | None = None
    vintage: str | None = None
    suppression: str | None = None
    note: str | None = None

    @property
    def can_tell(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


def cannot_tell(name: str, why: str, *, n: int, vintage: str | None = None) -> Finding:
    """A finding without a value, and why."""
    return Finding(name=name, value=None, n=n, vintage=vintage, note=f"cannot tell: {why}")


def disclosed(finding: Finding, measure: str, contributions: Sequence[float], *, count: int | None = None) -> Finding:
    """The finding as it may be published: without its figures if the disclosure registry refuses the cell.

    Parameters: `measure` a measure of the registry; `contributions` what each contributor adds to the cell; `count` is
    what is counted, where that is not the number of contributors.
    """
    if registry().rule(measure).allows(contributions, count=count):
        return finding
    why = f"too few or too dominant contributors for {measure}"
    return replace(finding, value=None, interval=None, p=None, q=None, suppression=why)
