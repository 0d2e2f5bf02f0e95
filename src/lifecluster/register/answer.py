"""What a definition answers of one organisation as a whole: yes, no or unknown; the same wherever it is asked.

Pure Python, so that processes that answer pages need no frames for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lifecluster.reference.sic import SIC_CODE

NOTHING_FOR_IT = "it has a SIC code, and nothing of what this definition looks for"
NOTHING_KNOWN = "no SIC code is supplied, and nothing else decides"


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` yes, no or unknown; `probability` null where the input that decides is missing; `why` in words where no
    evidence says it."""

    state: str
    probability: float | None
    why: str | None = None

    @property
    def certainty(self) -> str:
        """The state; of what is open, whether it is `likely` (and counts) or `unlikely`."""
        return certainty(self.state, self.probability)


def certainty(state: str, probability: float | None) -> str:
    """The state; of what is open and has a probability, `likely` (it counts, from one half) or `unlikely`."""
    if state != "unknown" or probability is None:
        return state
    return "likely" if probability >= 0.5 else "unlikely"


def sic_known(codes: Iterable[str] | None) -> bool:
    """Whether there is a well-formed code of SIC 2007: what a missing row of a definition can be a "no" by."""
    return any(re.match(SIC_CODE, code) for code in codes or ())


def answer(row: tuple[str, float | None] | None, codes: Iterable[str] | None) -> Answer:
    """What a definition answers of an organisation as a whole.

    Parameters: `row` state and probability of its row among the classes (None: it has none); `codes` its SIC codes.
    Classification gives no row where nothing speaks for an organisation: with a SIC code that is a plain "no". Without
    one it would have to say why not, so the answer is "unknown".
    """
    if row is None:
        return Answer("no", 0.0, NOTHING_FOR_IT) if sic_known(codes) else Answer("unknown", None, NOTHING_KNOWN)
    state, probability = row
    return Answer(state, probability, NOTHING_KNOWN if probability is None else None)
