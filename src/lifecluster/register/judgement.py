"""Judgements: what people decided about pairs of records, and what follows from it.

A judgement says that two records (`source:key`) are the same, are different, or that somebody looked and was unsure. It
lives in the log for ever; retracting it takes away its effect and nothing else, so that an undo is exact. A judgement
that contradicts what older ones imply (same is transitive; nothing is both same and different) is refused until those
are retracted, and the refusal names them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Draft, Entry, Json
from lifecluster.register.log import Guard, Log

if TYPE_CHECKING:
    import polars as pl

Kind: TypeAlias = Literal["same", "different", "unsure"]
KINDS: Final[tuple[Kind, ...]] = ("same", "different", "unsure")
PAIRS: Final = ("left", "right", "entry_id")
"""Columns of `Judgements.frame`: the two record ids in order, and the entry that says so."""

_PREFIX: Final = "judgement."
_Graph: TypeAlias = dict[str, dict[str, dict[str, Entry]]]


class JudgementError(LifeclusterError, ValueError):
    """A judgement that makes no sense: a record with itself, a kind that is none, an entry that is not live."""


class ContradictionError(LifeclusterError):
    """A judgement against what older live ones imply; `chain` are the entries of which one must be retracted first."""

    def __init__(self, message: str, chain: Sequence[Entry] = ()) -> None:
        self.chain: Final = tuple(chain)
        named = "; ".join(f"{e.id[:12]} ({_kind(e)}: {e.subject} and {e.object})" for e in self.chain)
        super().__init__(f"{message}. Retract one of these first: {named}" if self.chain else message)


def _kind(entry: Entry) -> str:
    return entry.action.removeprefix(_PREFIX)


def _pair(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)


def check_record(record: str) -> None:
    """Raise `JudgementError` unless `record` is a record id, `source:key`."""
    source, colon, key = record.partition(":")
    if not (source and colon and key) or record != record.strip():
        raise JudgementError(f"{record!r} is not a record id; those are written source:key")


def check_sense(kind: str, left: str, right: str) -> None:
    """Raise `JudgementError` unless `kind` is a judgement and the two are record ids that differ."""
    if kind not in KINDS:
        raise JudgementError(f"{kind!r} is no judgement; it is one of {', '.join(KINDS)}")
    check_record(left)
    check_record(right)
    if left == right:
        raise JudgementError(f"{left} cannot be judged against itself")


class Judgements:
    """The judgements of one or more logs, folded: which are live, what they imply, and the whole history.

    Folding never refuses: two logs that were kept apart may contradict each other, and `contradictions` lists that.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._live: dict[str, Entry] = {}
        self._graphs: dict[str, _Graph] = {kind: {} for kind in KINDS}
        self._history: list[Entry] = []
        self._by_record: dict[str, list[Entry]] = {}
        self._known: dict[str, Entry] = {}
        self.advance(entries)

    def advance(self, entries: Iterable[Entry]) -> None:
        """Take in further entries; those that are no judgements, or were taken in before, are passed over."""
        for entry in entries:
            if not entry.action.startswith(_PREFIX) or entry.id in self._known:
                continue
            self._known[entry.id] = entry
            self._history.append(entry)
            if entry.action == "judgement.retract":
                self._drop(entry)
            else:
                self._add(entry)

    def _add(self, entry: Entry) -> None:
        left, right = entry.subject or "", entry.object or ""
        graph = self._graphs.get(_kind(entry))
        for record in (left, right):
            self._by_record.setdefault(record, []).append(entry)
        if graph is None:
            return  # a kind of a later release: kept in the history, without effect here
        self._live[entry.id] = entry
        graph.setdefault(left, {}).setdefault(right, {})[entry.id] = entry
        graph.setdefault(right, {}).setdefault(left, {})[entry.id] = entry

    def _drop(self, retraction: Entry) -> None:
        known = self._known.get(retraction.refers_to or "")
        for record in (known.subject, known.object) if known else ():
            self._by_record.setdefault(record or "", []).append(retraction)
        entry = self._live.pop(retraction.refers_to or "", None)
        if entry is None:
            return
        graph = self._graphs[_kind(entry)]
        left, right = entry.subject or "", entry.object or ""
        for one, other in ((left, right), (right, left)):
            graph[one][other].pop(entry.id)
            # Empty shells are taken away, so that the state after an undo is the state before, to the last byte.
            if not graph[one][other]:
                del graph[one][other]
            if not graph[one]:
                del graph[one]

    @property
    def live(self) -> Mapping[str, Entry]:
        """The judgements that hold, by entry id."""
        return self._live

    def state(self) -> frozenset[tuple[str, str, str, str]]:
        """What holds, as (kind, left, right, entry id): equal before a judgement and after its retraction."""
        return frozenset((_kind(e), *_pair(e.subject or "", e.object or ""), e.id) for e in self._live.values())

    def history(self, record: str | None = None) -> Sequence[Entry]:
        """Every judgement and retraction ever, oldest first; of one record, if given."""
        return list(self._history if record is None else self._by_record.get(record, []))

    def frame(self, kind: Kind) -> pl.DataFrame:
        """The live judgements of a kind as a frame with the columns of `PAIRS`, all text, sorted."""
        import polars as pl  # here: a process that answers pages judges without it

        rows = sorted((*_pair(e.subject or "", e.object or ""), e.id) for e in self._live.values() if _kind(e) == kind)
        return pl.DataFrame(rows, schema=dict.fromkeys(PAIRS, pl.String), orient="row")

    def closure(self, record: str) -> frozenset[str]:
        """The records that are the same as `record` by live judgements, itself included."""
        return frozenset(self._reach(record))

    def verdict(self, left: str, right: str) -> Kind | None:
        """What holds of a pair, implied or said: same, different, unsure, or None where nobody has judged."""
        ours, theirs = self.closure(left), self.closure(right)
        if right in ours:
            return "same"
        if self._between(ours, theirs):
            return "different"
        return "unsure" if right in self._graphs["unsure"].get(left, {}) else None

    def _reach(self, start: str) -> dict[str, str | None]:
        """Breadth first over live `same`: each reached record with the one it was reached from."""
        came_from: dict[str, str | None] = {start: None}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there in self._graphs["same"].get(here, {}):
                if there not in came_from:
                    came_from[there] = here
                    queue.append(there)
        return came_from

    def _path(self, start: str, end: str) -> list[Entry]:
        """All entries on a shortest way of `same` from `start` to `end`."""
        came_from, chain, here = self._reach(start), list[Entry](), end
        while (before := came_from[here]) is not None:
            chain.extend(self._graphs["same"][before][here].values())
            here = before
        return chain[::-1]

    def _between(self, ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, str] | None:
        """A pair that is judged different with one record on each side; the first in order, if there are several."""
        other_side = theirs if isinstance(theirs, (set, frozenset, dict)) else set(theirs)
        different = self._graphs["different"]
        crossing = [(a, b) for a in ours if a in different for b in different[a] if b in other_side]
        return min(crossing, default=None)

    def check(self, kind: Kind, left: str, right: str, *, live_numbers: Mapping[str, str] | None = None) -> None:
        """Raise unless the judgement may be made: `JudgementError` if it makes no sense, `ContradictionError`.

        `live_numbers` gives, for records that are known, the number of a live company: no "same" joins two of those.
        """
        check_sense(kind, left, right)
        if kind == "unsure":
            return
        ours = self._reach(left)
        if kind == "different":
            if right in ours:
                raise ContradictionError(f"{left} and {right} are judged the same", self._path(left, right))
        elif right not in ours:
            self._check_same(left, right, ours, live_numbers or {})

    def _check_same(self, left: str, right: str, ours: Mapping[str, object], live_numbers: Mapping[str, str]) -> None:
        theirs = self._reach(right)
        if crossing := self._between(ours, theirs):
            one, other = crossing
            apart = self._graphs["different"][one][other].values()
            chain = [*self._path(left, one), *apart, *self._path(other, right)]
            raise ContradictionError(f"{left} and {right} are kept apart by older judgements", chain)
        mine = {live_numbers[r]: r for r in sorted(ours) if r in live_numbers}
        yours = {live_numbers[r]: r for r in sorted(theirs) if r in live_numbers}
        clash = sorted((a, b) for a in mine for b in yours if a != b)
        if clash:
            a, b = clash[0]
            chain = [*self._path(left, mine[a]), *self._path(yours[b], right)]
            raise ContradictionError(f"{left} and {right} would join the live companies {a} and {b}", chain)

    def contradictions(self) -> list[tuple[Entry, ...]]:
        """Live judgements that cannot all hold, once logs are put together: each "different" and the way round it."""
        found = []
        for entry in sorted(self._live.values(), key=lambda e: e.id):
            left, right = entry.subject or "", entry.object or ""
            if entry.action == "judgement.different" and right in self._reach(left):
                found.append((entry, *self._path(left, right)))
        return found


class JudgementBook:
    """Judging on a log: keeps the folded view up to date, so that a decision costs what it touches and not the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._read = 0
        self._view = Judgements()

    def view(self) -> Judgements:
        """The judgements as the log has them now. It goes on changing with this book."""
        self._take(self._log.entries(after=self._read))
        return self._view

    def _take(self, entries: Sequence[Entry]) -> None:
        self._view.advance(entries)
        self._read += len(entries)

    def judge(
        self,
        kind: Kind,
        left: str,
        right: str,
        *,
        actor: str,
        why: str,
        at: str,
        evidence: Mapping[str, Json] | None = None,
        model: str | None = None,
        live_numbers: Mapping[str, str] | None = None,
        visibility: str = "desk",
    ) -> Entry:
        """Judge a pair; see `judge`."""
        draft = Draft(
            at=at,
            actor=actor,
            action=f"{_PREFIX}{kind}",
            subject=left,
            object=right,
            why=why,
            evidence=evidence or {},
            model=model,
            visibility=visibility,
        )

        def guard(entries: Sequence[Entry]) -> None:
            self._take(entries[self._read :])
            self._view.check(kind, left, right, live_numbers=live_numbers)

        check_sense(kind, left, right)  # before the log's own check, whose words are about actions
        return self._write(draft, guard)

    def retract(self, entry_id: str, *, actor: str, why: str, at: str, visibility: str = "desk") -> Entry:
        """Undo a judgement; see `retract`."""
        draft = Draft(
            at=at, actor=actor, action="judgement.retract", refers_to=entry_id, why=why, visibility=visibility
        )

        def guard(entries: Sequence[Entry]) -> None:
            self._take(entries[self._read :])
            if entry_id not in self._view.live:
                raise JudgementError(f"{entry_id} is not a live judgement: unknown, or retracted before")

        return self._write(draft, guard)

    def _write(self, draft: Draft, guard: Guard) -> Entry:
        entry = self._log.append(draft, guard=guard)
        self._take([entry])
        return entry


def judge(
    log: Log,
    kind: Kind,
    left: str,
    right: str,
    *,
    actor: str,
    why: str,
    at: str,
    evidence: Mapping[str, Json] | None = None,
    model: str | None = None,
    live_numbers: Mapping[str, str] | None = None,
) -> Entry:
    """Write down that two records are the same, are different, or that it is unsure.

    Parameters: `left`, `right` record ids, `source:key`; `actor` a role or opaque id; `why` in words; `at` ISO
    date-time; `evidence` what was seen (`rebind.evidence_of` for rows without a key of their own); `model` version of
    the scorer; `live_numbers` numbers of live companies by record id, where known.
    Returns: the entry, in the log for good. Raises: `ContradictionError` with the chain of entries that stand against
    it, `JudgementError`, `EntryError`. The check and the writing are one step: nobody can judge in between.
    Folds the whole log; for many decisions keep a `JudgementBook`.
    """
    book = JudgementBook(log)
    return book.judge(
        kind,
        left,
        right,
        actor=actor,
        why=why,
        at=at,
        evidence=evidence,
        model=model,
        live_numbers=live_numbers,
    )


def retract(log: Log, entry_id: str, *, actor: str, why: str, at: str) -> Entry:
    """Take the effect of one live judgement away; all others hold as they did.

    Returns: the retraction, which stays in the log as the judgement does. Raises: `JudgementError` if `entry_id` is not
    a live judgement. A retraction is undone by judging again.
    """
    return JudgementBook(log).retract(entry_id, actor=actor, why=why, at=at)
