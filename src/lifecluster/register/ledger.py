"""The ledger of ids: what was issued to what, what became of it, and where each old id leads today.

It is an input of every build and its output: three frames, kept in the package. Events are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, cast

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.register.ids import normalise

EVENTS: Final = pl.Schema(
    {
        "seq": pl.Int64,
        "event": pl.String,
        "id": pl.String,
        "other_id": pl.String,
        "anchor": pl.String,
        "at": pl.String,
        "reason": pl.String,
    }
)
"""One row per event, `seq` from 1; `at` the as-of date of the build.

`mint`: `id` is issued for `anchor`. `merge`: `id` takes in `other_id`. `redirect`: who asks for `id` is sent to
`other_id`. `split`: some records of `id` are `other_id` now. `absent`: no record of `id` is in any source; it is kept.
`revive`: `id` is in use again, after a redirect to `other_id` or after absence.
"""

MEMBERS: Final = pl.Schema({"record_id": pl.String, "id": pl.String, "live": pl.Boolean})
"""The id each record had when last seen, per kind of thing; not `live` if the last build did not have the record."""

SHAPES: Final = pl.Schema({"shape": pl.String, "id": pl.String})
"""For every set of records that ever was a cluster, by its hash, the id it had last: what makes an undo exact."""

Status: TypeAlias = Literal["live", "redirected", "absent"]


class UnknownIdError(LifeclusterError, LookupError):
    """A well-formed id that this ledger never issued."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where an id leads: `id` to use today, its `status` and the `others` that records of it have been split off to.

    `status`: `live`; `redirected`, if `id` is not the one asked for; `absent`, if no source has its records any more.
    """

    asked: str
    id: str
    status: Status
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """`events`, `members` and `shapes`, with the columns of `EVENTS`, `MEMBERS` and `SHAPES`."""

    events: pl.DataFrame
    members: pl.DataFrame
    shapes: pl.DataFrame

    @classmethod
    def empty(cls) -> Self:
        """The ledger before the first build."""
        return cls(EVENTS.to_frame(), MEMBERS.to_frame(), SHAPES.to_frame())

    def check(self) -> None:
        """Raise `LifeclusterError` if a column is wrong, an event is missing or an id was issued twice."""
        for name, frame, schema in (
            ("events", self.events, EVENTS),
            ("members", self.members, MEMBERS),
            ("shapes", self.shapes, SHAPES),
        ):
            if frame.schema != schema:
                raise LifeclusterError(f"the ledger's {name} have columns {dict(frame.schema)}, not {dict(schema)}")
        if not (self.events["seq"] == pl.int_range(1, self.events.height + 1, eager=True)).all():
            raise LifeclusterError("the ledger's events are not numbered 1, 2, 3 …: one is missing or out of place")
        minted = self.mints()
        if minted["id"].is_duplicated().any():
            raise LifeclusterError(f"the ledger issues {minted['id'].filter(minted['id'].is_duplicated())[0]} twice")

    def mints(self) -> pl.DataFrame:
        """All ids ever issued: `id`, `anchor`, `seq`."""
        return self.events.filter(pl.col("event") == "mint").select("id", "anchor", "seq")

    def states(self) -> pl.DataFrame:
        """One row per id: `id`, `event` (the last that set its state: mint, revive, redirect, absent), `other_id`."""
        setting = self.events.filter(pl.col("event").is_in(["mint", "revive", "redirect", "absent"]))
        return setting.group_by("id", maintain_order=True).last().select("id", "event", "other_id")

    def current(self, asked: str) -> Resolution:
        """Where `asked` leads; see `Resolver.current`. For many ids, keep a `Resolver`."""
        return Resolver(self).current(asked)


class Resolver:
    """A ledger made ready to answer for many ids."""

    def __init__(self, ledger: Ledger) -> None:
        states = ledger.states()
        self._redirects: Mapping[str, str] = dict(
            states.filter(pl.col("event") == "redirect").select("id", "other_id").iter_rows()
        )
        self._absent = set(states.filter(pl.col("event") == "absent")["id"])
        self._known = set(states["id"])
        splits = ledger.events.filter(pl.col("event") == "split").unique(["id", "other_id"]).sort("seq")
        self._splits: dict[str, list[str]] = {}
        for one, other in splits.select("id", "other_id").iter_rows():
            self._splits.setdefault(one, []).append(other)

    def current(self, asked: str) -> Resolution:
        """Where an id leads, however long ago it was issued and as a person typed it.

        Raises: `IdError` if it is no id, `UnknownIdError` if it was never issued here.
        """
        canonical = normalise(asked)
        if canonical not in self._known:
            raise UnknownIdError(f"{canonical} was not issued by this register")
        passed = [canonical]
        # No id redirects to one that had left before it, so this ends; see docs/decisions/0003-identity.md.
        while (target := self._redirects.get(passed[-1])) is not None:
            passed.append(target)
        end = passed[-1]
        status = "absent" if end in self._absent else "live" if end == canonical else "redirected"
        others = {self._end(other) for one in passed for other in self._splits.get(one, [])} - {end}
        return Resolution(canonical, end, cast(Status, status), tuple(sorted(others)))

    def leads(self, asked: str) -> str:
        """The id that `asked` leads to; `asked` itself where it was never issued here or is no id."""
        return self._end(asked) if asked in self._known else asked

    def _end(self, one: str) -> str:
        while (target := self._redirects.get(one)) is not None:
            one = target
        return one
