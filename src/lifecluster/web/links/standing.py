"""Which pairs wait: those of the package without those that a judgement in the log speaks of. Worked out, not stored.

Pure: pairs and entries in, verdicts out. What is kept up to date entry by entry is what would be found anew from all
of them; a test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lifecluster.register.entry import Entry
from lifecluster.register.judgement import Judgements, Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A pair's place in the queue; see `models.Pair`."""

    number: int
    key: str
    record: str
    target: str
    probability: float | None
    level: int
    bunch: str
    label: str
    source: str


class Standing:
    """The pairs of one package, and what holds of each by the judgements taken in so far.

    Parameters: `moved` leads entries to the records that they speak of in this package; entries of `lost` speak of
    rows that are not in it.
    """

    def __init__(self, pairs: Sequence[Place], moved: Mapping[str, Sequence[str]], lost: Collection[str]) -> None:
        self.pairs = tuple(pairs)
        self.by_key = {pair.key: pair for pair in self.pairs}
        self.verdicts: dict[str, Kind] = {}
        self.judgements = Judgements()
        self.taken: list[str] = []
        """Ids of the entries taken in, in order."""
        self._moved, self._lost = moved, frozenset(lost)
        self._ends = {frozenset((pair.record, pair.target)): pair for pair in self.pairs}
        self._of: dict[str, list[Place]] = defaultdict(list)
        for pair in self.pairs:
            self._of[pair.record].append(pair)
            self._of[pair.target].append(pair)

    def advance(self, entries: Iterable[Entry]) -> None:
        """Take in further entries of the log, in order; those that are no judgements change nothing."""
        for entry in entries:
            self.taken.append(entry.id)
            if entry.action.startswith("judgement.") and entry.id not in self._lost:
                self._take(self._led(entry))

    def _led(self, entry: Entry) -> Entry:
        to = self._moved.get(entry.id)
        return entry if to is None else replace(entry, subject=to[0], object=to[1])

    def _take(self, entry: Entry) -> None:
        about = self.judgements.live.get(entry.refers_to or "", entry)
        ends = [record for record in (about.subject, about.object) if record]
        touched = {one for record in ends for one in self.judgements.closure(record)}
        self.judgements.advance([entry])
        touched |= {one for record in ends for one in self.judgements.closure(record)}
        for pair in {pair for record in touched for pair in self._of.get(record, ())}:
            verdict = self.judgements.verdict(pair.record, pair.target)
            if verdict is None:
                self.verdicts.pop(pair.key, None)
            else:
                self.verdicts[pair.key] = verdict

    def waiting(self, clearance: int) -> list[Place]:
        """Pairs that wait, in order, of those that a reader may know of."""
        return [pair for pair in self.pairs if pair.level <= clearance and pair.key not in self.verdicts]

    def said(self, pair: Place) -> Entry | None:
        """The live judgement on just this pair that was made last; None where it only follows from others, or none."""
        both = {pair.record, pair.target}
        history = self.judgements.history(pair.record)
        return next((self.judgements.live[one.id] for one in reversed(history)
                     if one.id in self.judgements.live and {one.subject, one.object} == both), None)  # fmt: skip

    def on(self, entry: Entry | None) -> Place | None:
        """The pair that a judgement is on; None where it is on none of this package."""
        return None if entry is None else self._ends.get(frozenset((entry.subject or "", entry.object or "")))

    def mine(self, actor: str) -> Iterator[Entry]:
        """Live judgements of one actor, the latest first."""
        live = self.judgements.live
        return (one for one in reversed(self.judgements.history()) if one.actor == actor and one.id in live)


def after(waiting: Sequence[Place], number: int) -> Place | None:
    """The next pair that waits behind a place of the order, the first one when there is none behind it."""
    return next((pair for pair in waiting if pair.number > number), waiting[0] if waiting else None)


def before(waiting: Sequence[Place], number: int) -> Place | None:
    """The pair that waits before a place of the order, the last one when there is none before it."""
    return next((pair for pair in reversed(waiting) if pair.number < number), waiting[-1] if waiting else None)
