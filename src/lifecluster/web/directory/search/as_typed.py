"""Searching by text alone: as somebody types, for the API, and to warn of what is there already."""

from __future__ import annotations

from dataclasses import dataclass

from lifecluster.register import ids
from lifecluster.web.directory import packages
from lifecluster.web.directory.loading.facets import FACETS
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.models import Identity, Organisation, Package
from lifecluster.web.directory.search.index import Index, index_of
from lifecluster.web.directory.search.query import Query
from lifecluster.web.directory.search.ranking import SCORES, scored
from lifecluster.web.directory.search.results import TITLES
from lifecluster.web.directory.search.text import find
from lifecluster.web.directory.viewer import viewer_of

MENTIONED = frozenset({"capability", "licence", "mission", "activity", "place"})
"""Facets that are offered while somebody types."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An organisation found by text: `score` 0 to 1, `note` its town, and when it ended."""

    uid: str
    name: str
    score: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody may mean: an organisation (`uid`), or a value of a facet (`query`, the part of an address)."""

    kind: str
    label: str
    note: str
    uid: str = ""
    query: str = ""


def search(
    text: str, user: object, *, limit: int = 20, ended: bool = True, package: Package | None = None
) -> list[Hit]:
    """Organisations that `text` may mean, best first: by id (also a retired one), number, name, or any of their words.

    At most four queries.
    """
    shown = package or packages.current()
    index = index_of(shown, viewer_of(user))
    chosen = _by_id(shown, index, text, user)
    if chosen is None:
        found = find(index, text)
        hits = found.numbers & (index.everything if ended else index.live)
        chosen = (
            [(SCORES[tier], number) for tier, _, number in scored(index, hits, found.words)[:limit]]
            if found.words
            else []
        )
    rows = {row.number: row for row in Organisation.objects.filter(package=shown, number__in=[n for _, n in chosen])
            .only("number", "town", "ended_on", "live")}  # fmt: skip
    return [Hit(index.uids[n], index.names[n], score, _note(rows[n])) for score, n in chosen if n in rows]


def _by_id(package: Package, index: Index, text: str, user: object) -> list[tuple[float, int]] | None:
    """The organisation whose id this is, or was, if it is here; None where the text is no id."""
    if not ids.is_valid(text):
        return None
    uid = ids.normalise(text)
    if uid not in index.numbers:
        leads = Identity.objects.leading(user, package).filter(uid=uid)
        uid = leads.values_list("target", flat=True).first() or uid
    return [(1.0, index.numbers[uid])] if uid in index.numbers else []


def _note(row: Organisation) -> str:
    ended = "" if row.live else f"ended {row.ended_on:%Y}" if row.ended_on else "ended"
    return ", ".join(part for part in (row.town, ended) if part)


def suggest(text: str, user: object, *, limit: int = 8, package: Package | None = None) -> list[Suggestion]:
    """What somebody who has typed `text` so far may mean: up to three values of facets, then organisations."""
    words = fold(text)
    if len(words) < 2:
        return []
    shown = package or packages.current()
    index = index_of(shown, viewer_of(user))
    facets = _facets(index, words)[:3]
    hits = search(text, user, limit=limit - len(facets), ended=False, package=shown)
    return [*facets, *(Suggestion("organisation", hit.name, hit.note, uid=hit.uid) for hit in hits)]


def _facets(index: Index, words: str) -> list[Suggestion]:
    """Values of facets with a word that starts so, the most frequent first."""
    found: list[tuple[int, str, str, str]] = []
    inner = f" {words}"
    for facet in FACETS:
        if facet not in MENTIONED:
            continue
        for value, members in index.values.get(facet, {}).items():
            label = index.labels[facet, value].label
            if inner in f" {fold(label)}":
                found.append((-(members & index.live).bit_count(), label, facet, value))
    return [
        Suggestion(facet, label, f"{TITLES[facet]}, {-count:,}", query=Query().toggled(facet, value).encode())
        for count, label, facet, value in sorted(found) if count
    ]  # fmt: skip
