"""Searches that the words of a query name exactly: values of facets, however spaced, and a place after "near"."""

from __future__ import annotations

from dataclasses import dataclass

from lifecluster.web.directory.loading.facets import SEGMENT
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.search.index import Index
from lifecluster.web.directory.search.places import place_of
from lifecluster.web.directory.search.query import Query
from lifecluster.web.directory.search.results import TITLES, Page

NAMED = (SEGMENT, "capability", "licence", "place")
"""Facets whose values are known by their names."""
MOST = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A search that may be meant: `label` in words, how many organisations it finds, where that is known at once."""

    label: str
    query: Query
    count: int | None


def offers(page: Page) -> list[Offer]:
    """The searches that the words of a page's query name; none where no word is the whole name of a value.

    Words that name nothing stay words. At most one query to the database, for a place.
    """
    query, index = page.query, page.hits.index
    if not query.q:
        return []
    text, near = _place(query, index)
    words = text.split()
    runs, rest = _runs(words, _names(index, page.definition))
    if not (runs or near):
        return []
    base = query.with_(q=" ".join(rest), near=near or query.near, sort="")
    if not runs:
        return [Offer(f"“{base.q}” near {near}" if base.q else f"near {near}", base, None)]
    found = []
    for choice in range(MOST):
        if choice and choice >= max(len(values) for values in runs):
            break
        found.append(_offer(base, index, page.definition, [v[min(choice, len(v) - 1)] for v in runs], near))
    return [offer for offer in found if offer.count != 0]


def _place(query: Query, index: Index) -> tuple[str, str]:
    """The words before "near", folded, and the place after it if the register knows it."""
    text = fold(query.q)
    before, mark, after = f" {text}".rpartition(" near ")
    place = place_of(after, index=index) if mark and after else None
    return (before, place.label) if place else (text, "")


def _names(index: Index, definition: str) -> dict[str, list[tuple[str, str, str]]]:
    """Facet, value and label by the name or code of the value without its spaces."""
    kept: dict[str, list[tuple[str, str, str]]] | None = index.made.get(("names of values", definition))
    if kept is not None:
        return kept
    found: dict[str, list[tuple[str, str, str]]] = {}
    for facet in NAMED:
        key = f"{facet}:{definition}" if facet == SEGMENT else facet
        for value in index.values.get(key, {}):
            label = index.labels[key, value].label if (key, value) in index.labels else value
            for name in {fold(label).replace(" ", ""), fold(value).replace(" ", "")} - {""}:
                found.setdefault(name, []).append((facet, value, label))
    index.made["names of values", definition] = found
    return found


def _runs(
    words: list[str], names: dict[str, list[tuple[str, str, str]]]
) -> tuple[list[list[tuple[str, str, str]]], list[str]]:
    """The values that runs of words name, the longest run first, and the words that name none."""
    runs, rest, at = [], [], 0
    while at < len(words):
        ends = (end for end in range(len(words), at, -1) if "".join(words[at:end]) in names)
        end = next(ends, 0)
        if end:
            runs.append(names["".join(words[at:end])])
        else:
            rest.append(words[at])
        at = end or at + 1
    return runs, rest


def _offer(base: Query, index: Index, definition: str, values: list[tuple[str, str, str]], near: str) -> Offer:
    query, members = base, index.everything if base.ended else index.live
    for facet, value, _ in values:
        query = query.with_(**{facet: tuple(sorted({*getattr(query, facet), value}))})
        members &= index.members(f"{facet}:{definition}" if facet == SEGMENT else facet, value)
    label = ", ".join(f"{label} ({TITLES[facet].lower()})" for facet, _, label in values)
    alone = Query(ended=base.ended, **{facet: getattr(query, facet) for facet, _, _ in values})
    several = len({facet for facet, _, _ in values}) < len(values)
    whole = query == alone and not several
    return Offer(f"{label} near {near}" if near else label, query, members.bit_count() if whole else None)
