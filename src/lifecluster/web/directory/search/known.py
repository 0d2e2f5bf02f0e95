"""What an address asks for that there is not: parameters, and values of facets; told in words, or refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from lifecluster.errors import LifeclusterError
from lifecluster.web.directory import packages
from lifecluster.web.directory.areas import area_names
from lifecluster.web.directory.loading.facets import CERTAINTIES, COUNTED, FACETS, SEGMENT, SIZES, UNKNOWN
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search.index import Index, index_of
from lifecluster.web.directory.search.places import place_of
from lifecluster.web.directory.search.query import NAMES, Query
from lifecluster.web.directory.viewer import viewer_of

NAMED = 12
"""Values that a sentence lists; it says how many more there are."""
WORDS = {
    COUNTED: "answer of a definition", "size": "size band", "mission": "healthcare mission", "member": "membership",
    "type": "kind of organisation",
}  # fmt: skip
"""What a value of a facet is called in a sentence, where that is not the facet's own name."""


def unknown_parameters(given: Iterable[str], known: Collection[str]) -> str:
    """A sentence that names the parameters that there are not, and those that there are; empty where all are known."""
    wrong = [f"“{name[:40]}”" for name in dict.fromkeys(given) if name not in known]
    if not wrong:
        return ""
    there = f"there are {', '.join(known)}" if known else "this address takes none"
    return f"there is no parameter {' and no '.join(wrong)}; {there}"


def unknown_values(query: Query, package: Package, index: Index, definition: str) -> list[str]:
    """A sentence for each value of a facet that no organisation has, as far as the reader of `index` may know."""
    return [
        f"There is no {WORDS.get(facet, facet)} “{value[:60]}”; {_there(facet, _listed(facet, index, definition))}."
        for facet, value in query.chosen
        if value not in _values(facet, package, index, definition)
    ]


def refuse_unknown(query: Query, user: object, *, package: Package | None = None, near: bool = True) -> None:
    """Raise LifeclusterError for what a query asks for that there is not, where an answer has no room to say so.

    Parameters: `near` whether a place that nobody knows is refused as well.
    """
    shown = package or packages.current()
    index = index_of(shown, viewer_of(user))
    query = spelt(query, index)
    definition = query.definition or default_definition(shown, index)
    said = [*query.ignored]
    if query.definition and f"{COUNTED}:{query.definition}" not in index.values:
        said.append(f"There is no definition “{query.definition[:60]}”; {_there('definition', _definitions(index))}.")
    else:
        said += unknown_values(query, shown, index, definition)
    if near and query.near and place_of(query.near, index=index) is None:
        said.append(f"“{query.near[:60]}” is no postcode, town or district that the register knows.")
    if said:
        raise LifeclusterError(" ".join(said))


def strict(params: Any, user: object, *, also: Collection[str] = (), package: Package | None = None) -> Query:
    """The query of the parameters of an address (a QueryDict), of which `also` are not the directory's.

    Raises LifeclusterError for a parameter that there is not, for a value that a part cannot have, and for a value of a
    facet or a place that nobody knows.
    """
    wrong = unknown_parameters(params, (*NAMES, *also))
    if wrong:
        raise LifeclusterError(wrong)
    query = Query.parse(params)
    refuse_unknown(query, user, package=package)
    return query


def spelt(query: Query, index: Index) -> Query:
    """The query with licences as the register spells them: `mia` is meant as `MIA`, as on the command line."""
    known = {value.casefold(): value for value in index.values.get("licence", ())}
    spelt = tuple(sorted({known.get(value.casefold(), value) for value in query.licence}))
    return query if spelt == query.licence else replace(query, licence=spelt)


def default_definition(package: Package, index: Index) -> str:
    """The definition whose segments are shown where none is chosen: the first of the region's profile."""
    named = [name for name in package.region.get("definitions", ()) if f"{COUNTED}:{name}" in index.values]
    return next(iter(named or _definitions(index)), "")


def _definitions(index: Index) -> list[str]:
    """The definitions under which the index counts."""
    return sorted(name.partition(":")[2] for name in index.values if name.startswith(f"{COUNTED}:"))


def key_of(facet: str, definition: str) -> str:
    """Under which name the index keeps a facet."""
    return f"{facet}:{definition}" if facet in {COUNTED, SEGMENT} else facet


def _values(facet: str, package: Package, index: Index, definition: str) -> Collection[str]:
    """All values that it makes sense to ask for: those that occur, and those that a list of the library has."""
    key = key_of(facet, definition)
    there = {*index.values.get(key, ()), *(value for name, value in index.labels if name == key)}
    if facet == COUNTED:
        return CERTAINTIES
    if facet == SEGMENT:
        return there | set(_segments(package, definition))
    if facet == "size":
        return there | {UNKNOWN, *(name for name, *_ in SIZES)}
    return there | set(area_names()) if facet == "place" else there


def _segments(package: Package, definition: str) -> Iterator[str]:
    stack = [s for d in package.manifest.data["definitions"] if d["name"] == definition for s in d.get("segments", ())]
    while stack:
        segment = stack.pop()
        yield segment["id"]
        stack += segment.get("segments", ())


def _listed(facet: str, index: Index, definition: str) -> list[str]:
    """The values that a sentence lists: the most frequent first."""
    if facet == COUNTED:
        return list(CERTAINTIES)
    members = index.values.get(key_of(facet, definition), {})
    return sorted(members, key=lambda value: (-members[value].bit_count(), value))


def _there(facet: str, known: list[str]) -> str:
    """Which values there are."""
    if not known:
        return f"the register knows no {WORDS.get(facet, facet)}"
    more = f" and {len(known) - NAMED:,} more" if len(known) > NAMED else ""
    return f"known are {', '.join(known[:NAMED])}{more}"


if not set(WORDS) <= set(FACETS):
    raise ValueError("a facet is called something that is none")
