"""From scores to one decision per query: band, probability and reasons in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import NUMBER, Batch
from lifecluster.register.linkage.features import Features, left_out
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.normalise import PART
from lifecluster.register.linkage.reasons import explain, left_words
from lifecluster.register.linkage.scorer import Scored, Scorer, sister_sign
from lifecluster.register.linkage.words import tells

AUTO, REVIEW, NONE = "auto", "review", "none"
#: Probability given to a query whose company number is in the register under a name that agrees.
BY_NUMBER = 0.999
#: Likeness of names below which a name alone decides nothing.
FAR = 0.9


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of one query; `row` is the row of the index, or None for band `none`."""

    row: int | None
    probability: float
    band: str
    reasons: tuple[str, ...]


def decide(batch: Batch, found: Features, scored: Scored, index: Index, scorer: Scorer) -> list[Decision]:
    """One decision per query of the batch, in order.

    A company number in the register decides if the name does not contradict it, else goes to review. Otherwise the
    leading candidate is taken from the `link` threshold on (`sister`, if it may be a sister company), and is `auto`
    from the `auto` threshold on, unless the veto for sister companies sends it to review. A query without a
    candidate gets band `none` and probability 0.
    """
    out = [Decision(None, 0.0, NONE, _nothing(name)) for name in batch.names]
    by_number = _by_number(found)
    for at, probability in zip(scored.leader.tolist(), scored.probability.tolist(), strict=True):
        query = int(found.pairs.query[at])
        if query not in by_number:
            out[query] = _by_score(batch, found, index, scorer=scorer, at=at, probability=probability)
    for query, at in by_number.items():
        out[query] = _hard(batch, found, index, at)
    return out


def _nothing(name: str) -> tuple[str, ...]:
    return ("no candidate in the register",) if name.strip() else ("the name is blank",)


def _by_number(found: Features) -> dict[int, int]:
    hits = np.flatnonzero(found.pairs.route & NUMBER)
    return {int(found.pairs.query[at]): int(at) for at in hits}


def _hard(batch: Batch, found: Features, index: Index, at: int) -> Decision:
    cover = max(float(found.column("cover_query")[at]), float(found.column("strings")[at]))
    row = int(found.pairs.row[at])
    reasons = explain(batch, found, index, at)
    blank = not batch.names[int(found.pairs.query[at])].strip()
    if cover >= 0.6:
        return Decision(row, BY_NUMBER, AUTO, reasons)
    why = "the query has no name" if blank else "but the name is quite another"
    return Decision(row, 0.5, REVIEW, (*reasons, why))


def _by_score(batch: Batch, found: Features, index: Index, *, scorer: Scorer, at: int, probability: float) -> Decision:
    limits = scorer.thresholds
    flagged = bool(sister_sign(found.values[[at]])[0])
    if probability < (limits.sister if flagged else limits.link):
        name = store.take(index.name, np.array([found.pairs.row[at]]))[0]
        return Decision(None, probability, NONE, (f"nothing in the register is near enough (nearest: {name})",))
    reasons = explain(batch, found, index, at)
    row = int(found.pairs.row[at])
    if probability < limits.auto:
        return Decision(row, probability, REVIEW, reasons)
    veto = sister(batch, found, index, at) or elsewhere(found, at)
    if veto:
        return Decision(row, probability, REVIEW, (*reasons, veto))
    return Decision(row, probability, AUTO, reasons)


def sister(batch: Batch, found: Features, index: Index, at: int) -> str:
    """Why a pair may be a sister company rather than the company itself, in words, or ``""``.

    A word such as HOLDINGS, GROUP or SERVICES, or a number, on one side only is such a sign.
    """
    mine, theirs = left_words(batch, found, index, at)
    reading = int(found.pairs.reading[at])
    if batch.readings[reading].kind == PART:
        mine = [*mine, *left_out(batch, reading)]
    for side, left in (("the query", mine), ("the register", theirs)):
        telling = [word for word in left if tells(word)]
        if telling:
            return f"may be a sister company: only {side} has {' '.join(telling).upper()}"
    return ""


def elsewhere(found: Features, at: int) -> str:
    """Why a pair is not sure although it scores well, in words, or ``""``: names only alike, and no place that agrees.

    In another part of the country an alike name is never sure; without a postcode a far likeness (`FAR`) is not. Of
    such pairs one in forty is wrong, of the other links that nobody looks at one in a hundred and forty
    (docs/explanation/linkage.md).
    """
    if found.column("same_key")[at] or found.pairs.acronym[at]:
        return ""
    level = int(found.column("postcode")[at])
    if level == 0:
        return "only alike, in another part of the country: a person decides"
    far = level < 0 and float(found.column("strings")[at]) < FAR
    return "only alike, and no place to compare: a person decides" if far else ""
