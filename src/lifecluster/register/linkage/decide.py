"""From scores to one decision per query: band, probability and reasons in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecluster.register.linkage import store
from lifecluster.register.linkage.bands import against, elsewhere, taken
from lifecluster.register.linkage.bodies import only_form_apart
from lifecluster.register.linkage.candidates import GUESSED, NUMBER, Batch
from lifecluster.register.linkage.features import Features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.layer import MEASURES
from lifecluster.register.linkage.reasons import explain
from lifecluster.register.linkage.scorer import Scored, Scorer, candidate_probabilities, sister_sign

AUTO, REVIEW, NONE = "auto", "review", "none"
#: Probability given to a query whose company number is in the register under a name that agrees.
BY_NUMBER = 0.999
#: How much of the names must meet for a company number to be believed.
NEAR = 0.6
#: How the last reason of a link begins that a person decides.
TO_REVIEW = "to review: "


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of one query; `row` is the row of the index, or None for band `none`."""

    row: int | None
    probability: float
    band: str
    reasons: tuple[str, ...]


def decide(batch: Batch, found: Features, scored: Scored, index: Index, scorer: Scorer) -> list[Decision]:
    """One decision per query of the batch, in order.

    A company number in the register decides if the name does not contradict it, else goes to review; one that is in
    the register only with zeros put back before it is offered for review. Otherwise the leading candidate is offered
    from the `link` threshold on (`sister`, if it may be a sister company), and is `auto` from the `auto` threshold on,
    if the rules of `bands` have nothing against it. What would be left alone goes to review where one name of the
    register is the same but for the form of an NHS body (see `bodies`), with the probability that the model gives that
    pair. A query without a candidate gets band `none` and probability 0.
    The last reason says which rule gave the band.
    """
    out = [Decision(None, 0.0, NONE, _nothing(name)) for name in batch.names]
    by_number = _found_by(found, NUMBER)
    for at, probability in zip(scored.leader.tolist(), scored.probability.tolist(), strict=True):
        query = int(found.pairs.query[at])
        if query not in by_number:
            out[query] = _by_score(batch, found, index, scorer=scorer, at=at, probability=probability)
    chance = candidate_probabilities(found.pairs.query, scored)
    for query, (at, why) in only_form_apart(batch, found, index).items():
        if out[query].band == NONE and not elsewhere(batch, found, index, at):
            reasons = (*explain(batch, found, index, at), TO_REVIEW + why)
            out[query] = Decision(int(found.pairs.row[at]), float(chance[at]), REVIEW, reasons)
    for query, at in _found_by(found, GUESSED).items():
        out[query] = _guessed(batch, found, index, at=at, scored=out[query])
    for query, at in by_number.items():
        out[query] = _hard(batch, found, index, at)
    return out


def _nothing(name: str) -> tuple[str, ...]:
    return ("no candidate in the register",) if name.strip() else ("the name is blank",)


def _found_by(found: Features, route: int) -> dict[int, int]:
    """The pair that each query has by its company number."""
    hits = np.flatnonzero(found.pairs.route & route)
    return {int(found.pairs.query[at]): int(at) for at in hits}


def _name_agrees(found: Features, at: int) -> bool:
    return max(float(found.column("cover_query")[at]), float(found.column("strings")[at])) >= NEAR


def _hard(batch: Batch, found: Features, index: Index, at: int) -> Decision:
    row = int(found.pairs.row[at])
    reasons = explain(batch, found, index, at)
    if _name_agrees(found, at):
        return Decision(row, BY_NUMBER, AUTO, (*reasons, "taken: the company number decides"))
    blank = not batch.names[int(found.pairs.query[at])].strip()
    why = "the query has no name" if blank else "the name is quite another"
    return Decision(row, 0.5, REVIEW, (*reasons, TO_REVIEW + why))


def _guessed(batch: Batch, found: Features, index: Index, *, at: int, scored: Decision) -> Decision:
    """The decision on a query whose number may have lost zeros: offered where the name agrees, never taken by it."""
    row = int(found.pairs.row[at])
    if scored.row == row or not _name_agrees(found, at):
        return scored
    return Decision(row, 0.5, REVIEW, (*explain(batch, found, index, at), TO_REVIEW + "the number is not complete"))


def _learnt(waits: Decision, found: Features, scorer: Scorer, *, at: int, flagged: bool) -> Decision:
    """A link that waits, with the probability that was learnt from judgements: one below the limit is left alone. It is
    never taken by that."""
    if scorer.layer is None:
        return waits
    limit = scorer.thresholds.sister if flagged else scorer.thresholds.link
    measures = {name: float(found.column(name)[at]) for name in MEASURES}
    after = scorer.layer.probability(waits.probability, measures)
    told = f"{waits.probability:.2f} before judgements were learnt from, {after:.2f} since"
    if after < limit:
        return Decision(None, after, NONE, (*waits.reasons[:-1], f"left alone as pairs like it were judged: {told}"))
    return Decision(waits.row, after, REVIEW, (*waits.reasons[:-1], told, waits.reasons[-1]))


def _by_score(batch: Batch, found: Features, index: Index, *, scorer: Scorer, at: int, probability: float) -> Decision:
    limits = scorer.thresholds
    flagged = bool(sister_sign(found.values[[at]])[0])
    if probability < (limits.sister if flagged else limits.link):
        name = store.take(index.name, np.array([found.pairs.row[at]]))[0]
        return Decision(None, probability, NONE, (f"nothing in the register is near enough (nearest: {name})",))
    reasons = explain(batch, found, index, at)
    row = int(found.pairs.row[at])
    why = against(batch, found, index, at)
    if probability < limits.auto:
        why = [f"not sure enough (below {limits.auto:.3f})", *why]
    if why:
        waits = Decision(row, probability, REVIEW, (*reasons, TO_REVIEW + "; ".join(why)))
        return waits if scorer.layer is None else _learnt(waits, found, scorer, at=at, flagged=flagged)
    return Decision(row, probability, AUTO, (*reasons, taken(batch, found, index, at)))
