"""True, false, true only for another place, or cannot tell; none on a figure that nobody stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lifecluster.places.spoken import listed

Word = Literal["true", "false", "true only for", "cannot tell", "no verdict"]
SURE, OUT = 0.95, 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """`word`; `only_for`: the places for which it is true, where it is not (or not alone) for the one asked about.

    `no verdict`: the sentence states the number that was computed for it, so that it could not be false.
    """

    word: Word
    only_for: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.word} {listed(self.only_for)}" if self.only_for else self.word


def plain(probability: float | None) -> Word:
    """True from 0.95, false up to 0.05, else (or without a probability) cannot tell."""
    if probability is None:
        return "cannot tell"
    return "true" if probability >= SURE else "false" if probability <= OUT else "cannot tell"


def judge(probability: float | None, parts: Mapping[str, float | None], wholes: Mapping[str, float | None]) -> Verdict:
    """The verdict on a sentence that compares regions.

    Parameters: `probability` for the place asked about; `parts`: regions it consists of -> their
    probability; `wholes`: places that hold it together with other regions -> theirs. A union that holds while none of
    its regions does alone is true only for them together; a region for which it does not hold is told where it does.
    """
    own = plain(probability)
    true_parts = tuple(name for name, p in parts.items() if plain(p) == "true")
    true_wholes = tuple(name for name, p in wholes.items() if plain(p) == "true")
    if own == "true":
        alone = not parts or true_parts
        return Verdict("true") if alone else Verdict("true only for", (f"{' + '.join(parts)} together",))
    if true_parts:
        return Verdict("true only for", true_parts)
    if true_wholes:
        return Verdict("true only for", true_wholes)
    return Verdict(own)
