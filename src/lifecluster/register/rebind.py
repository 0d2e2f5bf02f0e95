"""Judgements about rows that have no key of their own find their rows again when a source numbers them anew.

A judgement keeps, as evidence, what the row said: name, postcode, address and their fingerprint. When the source's next
edition has other keys, the fingerprint finds the row. What cannot be found is kept and reported, never dropped: the
row may come back with the edition after.

Of a row that is not public a judgement keeps no word, only hashes with a salt of its own (`closed_evidence`): the log
is for ever and nothing can be taken out of it. A hash of a name and a postcode could still be found by trying every
firm of a register, which is why such hashes are in the log of the desk alone and in no table of a package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import polars as pl

from lifecluster.register.entry import Entry, Json
from lifecluster.register.judgement import Judgements
from lifecluster.register.kept import closed_evidence, evidence_of, fingerprint, sealed, words

ROWS: Final = pl.Schema({"record_id": pl.String, "name": pl.String, "postcode": pl.String, "address": pl.String})
"""Columns `rebind` needs of the records at hand."""

BOUND: Final = pl.Schema(
    {
        "entry_id": pl.String,
        "kind": pl.String,
        "left": pl.String,
        "right": pl.String,
        "left_was": pl.String,
        "right_was": pl.String,
        "left_how": pl.String,
        "right_how": pl.String,
    }
)
"""Columns of both frames of a `Rebinding`; in `unbound`, a side that was not found is null and its `how` says why."""

KEYLESS: Final = r":[0-9a-f]{16}$"
"""How a record ends whose key is a fingerprint of its row: the same key is the same row, word for word."""

_KEYLESS: Final = re.compile(KEYLESS)


@dataclass(frozen=True, slots=True)
class Rebinding:
    """Live judgements on the records at hand (`bound`) and those with a side not found (`unbound`): together, all."""

    bound: pl.DataFrame
    unbound: pl.DataFrame

    def frame(self, kind: str) -> pl.DataFrame:
        """The bound pairs of a kind (`left`, `right` in order, `entry_id`), as clustering takes them."""
        chosen = self.bound.filter(pl.col("kind") == kind)
        left, right = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
        return chosen.select(left.alias("left"), right.alias("right"), "entry_id").sort("left", "right", "entry_id")


class _Finder:
    """Where the rows of this edition are, by key, by all they say, and by name and postcode alone.

    `spoken`: the records that judgements speak of; only the rows of their sources are looked at.
    """

    def __init__(self, records: pl.DataFrame, stable: AbstractSet[str], spoken: AbstractSet[str]) -> None:
        self._stable = stable
        self._rows: dict[str, tuple[str, str, str]] = {}
        self._full: dict[str, dict[str, list[str]]] = {}
        self._brief: dict[str, dict[str, list[str]]] = {}
        source_of = pl.col("record_id").str.split(":").list.first()
        sources = {record.partition(":")[0] for record in spoken}
        theirs = records.select(ROWS.names()).filter(source_of.is_in(sources)).sort("record_id")
        for record, name, postcode, address in theirs.iter_rows():
            said = (name or "", postcode or "", address or "")
            self._rows[record] = said
            source = record.partition(":")[0]
            if source in stable:
                continue
            self._full.setdefault(source, {}).setdefault(fingerprint(*said), []).append(record)
            self._brief.setdefault(source, {}).setdefault(fingerprint(said[0], said[1]), []).append(record)

    def find(self, record: str, kept: Mapping[str, Json]) -> tuple[str | None, str]:
        """The record that `record` is now, and how it was found, or None and why it was not."""
        source, here = record.partition(":")[0], record in self._rows
        if source in self._stable or not _tells(kept) or (here and _KEYLESS.search(record)):
            return (record, "key") if here else (None, "the source no longer has this key")
        for how, found in self._like(source, kept):
            if record in found:
                return record, "key"
            if len(found) == 1:
                return found[0], how
            if found:
                return None, f"{len(found)} rows have the same {how}"
        if here and self._alike(record, kept):
            return record, "key, and part of the content"
        return None, "the row under this key is another one now" if here else "no row has this content"

    def _like(self, source: str, kept: Mapping[str, Json]) -> tuple[tuple[str, list[str]], ...]:
        """Rows of a source that say all that was kept, and those with its name and postcode."""
        full, brief = self._full.get(source, {}), self._brief.get(source, {})
        if salt := str(kept.get("salt") or ""):
            said, short = (
                [one for seen, rows in known.items() if sealed(salt, seen) == kept.get(which) for one in rows]
                for which, known in (("fingerprint", full), ("brief", brief))
            )
            return ("content", said), ("name and postcode", short)
        name, postcode = str(kept.get("name") or ""), str(kept.get("postcode") or "")
        whole = str(kept.get("fingerprint") or fingerprint(name, postcode, str(kept.get("address") or "")))
        return ("content", full.get(whole, [])), ("name and postcode", brief.get(fingerprint(name, postcode), []))

    def _alike(self, record: str, kept: Mapping[str, Json]) -> bool:
        new_name, new_postcode, _ = self._rows[record]
        if salt := str(kept.get("salt") or ""):
            return sealed(salt, fingerprint(new_name)) == kept.get("title")
        name, postcode = str(kept.get("name") or ""), str(kept.get("postcode") or "")
        same_name = words(name) == words(new_name)
        return same_name or (bool(postcode) and fingerprint("", postcode) == fingerprint("", new_postcode))


def _tells(kept: Mapping[str, Json]) -> bool:
    """Whether what was kept of a row says anything: blank words are no content to find a row by, its key is."""
    return "salt" in kept or any(words(str(kept.get(part) or "")) for part in ("name", "postcode", "address"))


def rebind(judgements: Judgements, records: pl.DataFrame, *, stable: AbstractSet[str] = frozenset()) -> Rebinding:
    """Find the rows that live judgements speak of among the records at hand.

    Parameters: `records` with the columns of `ROWS`, one row per record id; `stable` the sources (what stands before
    the colon of a record id) whose keys are theirs for good, as company numbers are: there the key alone decides.
    Returns: a `Rebinding` whose two frames (columns of `BOUND`) hold every live judgement once. A row whose key is
    still there but whose content is another one now is not bound by its key: keys that are row numbers move. What
    nothing was kept of (its words were not public) holds by its key.
    """
    spoken = {record for entry in judgements.live.values() for record in (entry.subject, entry.object) if record}
    finder = _Finder(records, stable, spoken)
    rows: list[tuple[bool, tuple[str | None, ...]]] = []
    for entry in sorted(judgements.live.values(), key=lambda e: e.id):
        sides = [_side(finder, entry, which) for which in ("left", "right")]
        (left, left_how), (right, right_how) = sides
        if left is not None and left == right:
            left_how = right_how = "both sides are one row now"
        found = left is not None and right is not None and left != right
        kind = entry.action.removeprefix("judgement.")
        rows.append((found, (entry.id, kind, left, right, entry.subject, entry.object, left_how, right_how)))
    bound, unbound = ([row for found, row in rows if found is wanted] for wanted in (True, False))
    return Rebinding(pl.DataFrame(bound, schema=BOUND, orient="row"), pl.DataFrame(unbound, schema=BOUND, orient="row"))


def _side(finder: _Finder, entry: Entry, which: str) -> tuple[str | None, str]:
    kept = entry.evidence.get(which)
    record = entry.subject if which == "left" else entry.object
    return finder.find(record or "", kept if isinstance(kept, Mapping) else {})


__all__ = ["BOUND", "KEYLESS", "ROWS", "Rebinding", "closed_evidence", "evidence_of", "fingerprint", "rebind", "words"]
