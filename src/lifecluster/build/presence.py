"""Presence: the most public level at which a thing is in the register at all (docs/decisions/0013).

A company stands in a public register, and is in the register of a region only because a list for members names it. Then
that it is here is for members. So the question who belongs to the region is asked once for each level, of what readers
of that level may know; the first that says yes is the presence of an organisation. What it has is present where an
organisation is that it is known to belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from lifecluster.build import place, scope
from lifecluster.build import records as record_frames
from lifecluster.build.holdings import holdings, licence_types
from lifecluster.build.public import levels, seen, speaking
from lifecluster.places import Places
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import assembly
from lifecluster.register.definition import Definition
from lifecluster.register.package import Package
from lifecluster.register.presence import EVER, PRESENCE, rank, unresolved
from lifecluster.register.segments.classify import classify
from lifecluster.register.statement import SCHEMA
from lifecluster.sources.extract import Extract

UNTOLD = Visibility.DESK.label
"""Presence of an id of which an earlier package, written before presence was kept, says nothing but that it is."""


@dataclass(frozen=True, slots=True)
class View:
    """What readers of a level know: organisation records, sites and holdings with what is known of them, what licences
    their holders hold, and the ids of all records that say anything (None: all do)."""

    level: Visibility
    records: pl.DataFrame
    sites: pl.DataFrame
    held: pl.DataFrame
    licences: pl.DataFrame
    speaking: pl.Series | None


def views(extracts: tuple[Extract, ...], places: Places, everything: View) -> tuple[View, ...]:
    """A view for each level that values are of, public first; the last is `everything`."""
    known = levels(extracts)
    below = [_view(extracts, places, level) for level in known[:-1]]
    last = View(known[-1], everything.records, everything.sites, everything.held, everything.licences, None)
    return (*below, last)


def _view(extracts: tuple[Extract, ...], places: Places, level: Visibility) -> View:
    known = seen(extracts, level, kept=frozenset())
    told = speaking(extracts, level)
    records = place.locate(record_frames.organisations(known), places)
    held = holdings(known)
    return View(level, records.filter(pl.col("record").is_in(told.implode())), place.sites(known, places), held,
                licence_types(known, held), told)  # fmt: skip


def choose(views: Sequence[View], clusters: pl.DataFrame, lads: frozenset[str], definitions: tuple[Definition, ...], *,
           at: date) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Who is in the register, and their classes, each by what readers at its own presence may know.

    Parameters: `views` public first; `clusters` columns `record`, `cluster`; `lads` district codes of the region.
    Returns the frame of `scope.choose` with `presence`, and that of `classify` for the same organisations. Who belongs
    by what is public belongs, whatever a closed value says: an absence must not tell it.
    """
    chosen: list[pl.DataFrame] = []
    classified: list[pl.DataFrame] = []
    for view in views:
        whole = scope.whole(view.records, clusters, view.licences, at=at)
        inside = scope.placed(view.records, clusters, view.sites, lads)
        regional = whole.join(inside.select("organisation_id"), on="organisation_id", how="semi")
        classes = classify(regional, definitions)
        found = scope.choose(regional, inside, classes)
        for earlier in chosen:
            found = found.join(earlier, on="organisation_id", how="anti", maintain_order="left")
        chosen.append(found.with_columns(pl.lit(view.level.label).alias(PRESENCE)))
        classified.append(classes.join(found, on="organisation_id", how="semi", maintain_order="left"))
    return pl.concat(chosen).sort("organisation_id"), pl.concat(classified)


def of_things(views: Sequence[View], named: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """The presence of everything that has an id: columns `id`, `presence`.

    Parameters: `named` as `identify.RECORDS`; `organisations` columns `id`, `presence`. A thing is present at a level
    if a record of it says something there, and that an organisation present there, by a record known there, has it.
    """
    found = [organisations.select("id", PRESENCE)]
    mine = named.filter(pl.col("kind") == "organisation").join(organisations, on="id")
    for view in views:
        own = mine.filter(rank() <= int(view.level)).select(organisation_record="record")
        own = own.join(view.records.select(organisation_record="record"), on="organisation_record", how="semi")
        parts = pl.concat([view.sites.select("record", "organisation_record"),
                           view.held.select("record", "organisation_record")])  # fmt: skip
        there = parts.join(own, on="organisation_record", how="semi").select("record").unique()
        if view.speaking is not None:
            there = there.filter(pl.col("record").is_in(view.speaking.implode()))
        things = named.join(there, on="record", how="semi").filter(pl.col("kind") != "organisation")
        found.append(things.select("id", pl.lit(view.level.label).alias(PRESENCE)).unique())
    last = views[-1].level.label
    rest = named.select("id", pl.lit(last).alias(PRESENCE)).unique()
    return _most_public(pl.concat([*found, rest]))


def ever(now: pl.DataFrame, previous: Package | None) -> pl.DataFrame:
    """The most public level at which each id ever was present: a frame of `EVER`.

    Parameters: `now` columns `id`, `presence`; `previous` the package whose ledger goes on. What everybody once knew
    stays known: the id then answers as of something that is no longer there.
    """
    before = [] if previous is None else [_before(previous.whole)]
    return _most_public(pl.concat([now.select("id", PRESENCE), *before])).cast(EVER)


def _before(previous: Package) -> pl.DataFrame:
    """What an earlier package says; of one that was written before presence was kept: what its tables showed everybody
    is public, and what only statements speak of stands at their level."""
    if PRESENCE in previous.tables:
        return previous.table(PRESENCE)
    tables = [entry.table for entry in vocabulary().kinds.values() if entry.table in previous.tables]
    shown = [previous.table(name).select("id", pl.lit(Visibility.PUBLIC.label).alias(PRESENCE)) for name in tables]
    told = previous.table("statements").select("subject", "visibility")
    known = previous.table("identities").select("id", pl.lit(UNTOLD).alias(PRESENCE)).unique()
    stated = told.rename({"subject": "id", "visibility": PRESENCE}).unique()
    said = _most_public(pl.concat([*shown, stated]))
    return pl.concat([said, known.join(said, on="id", how="anti")])


def _most_public(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("id", rank()).unique("id", keep="first", maintain_order=True)


def refer_within(ordered: pl.DataFrame, presence: pl.DataFrame) -> pl.DataFrame:
    """Statements as their tables show them: what leads to something less public than the subject leads nowhere.

    Parameters: `ordered` statements; `presence` columns `id`, `presence`. See `register.presence.unresolved`.
    """
    closed = presence.filter(rank() > 0)
    if closed.is_empty():
        return ordered
    of = dict(closed.select("id", rank()).iter_rows())
    own = pl.col("subject").replace_strict(of, default=0, return_dtype=pl.Int8)
    return unresolved(ordered, of, own)


def at_own_presence(ordered: pl.DataFrame, presence: pl.DataFrame, *, at: date) -> pl.DataFrame:
    """Statements as their tables show them: of what is not public, those that its own readers may see are shown.

    Parameters: `ordered` as given by `assembly.order` for `at`; `presence` columns `id`, `presence`. A row that only
    members may know of is made of what members may know: that is marked public here, and put in order anew.
    """
    closed = presence.filter(rank() > 0).select(subject="id", _own=rank())
    mine = ordered.join(closed, on="subject", maintain_order="left")
    if mine.is_empty():
        return ordered
    counted = pl.col("aggregate_only").fill_null(value=False)
    seen = mine.filter(rank("visibility") <= pl.col("_own"), ~counted).select(list(SCHEMA))
    again = assembly.order(seen.with_columns(visibility=pl.lit(Visibility.PUBLIC.label)), at=at)
    return pl.concat([ordered.join(closed, on="subject", how="anti", maintain_order="left"), again])
