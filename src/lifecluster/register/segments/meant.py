"""Which segment a word means: of which definition, and which other definitions know the word as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lifecluster.errors import LifeclusterError
from lifecluster.places.spoken import listed


@dataclass(frozen=True, slots=True)
class Meant:
    """`segments`: ids under `definition` that the word means; `also`: other definitions that know it."""

    word: str
    definition: str
    segments: tuple[str, ...]
    also: tuple[str, ...]

    def said(self) -> str:
        """The same in words."""
        others = f"; {listed(self.also)} {'know' if len(self.also) > 1 else 'knows'} it as well" if self.also else ""
        again = " (--definition chooses)" if self.also else ""
        return f"segment {self.word!r} by the definition {self.definition}: {', '.join(self.segments)}{others}{again}"


def meant(word: str, definitions: Sequence[Mapping[str, Any]], *, definition: str | None = None) -> Meant:
    """What `word` means under `definition`, else under the first definition that knows it.

    Parameters: `definitions` as the manifest of a package has them, in its order. A word is the id or an official code
    of a segment; else part of an id or of a label. Who knows it as an id or code goes before who knows a part.
    Raises LifeclusterError for an unknown definition, and for a word that it (or, unnamed, every one) does not know.
    """
    names = [str(one["name"]) for one in definitions]
    if definition is not None and definition not in names:
        raise LifeclusterError(f"{definition!r} is no definition of this package; there are {', '.join(names)}")
    wanted = word.strip().casefold()
    whole, part = (dict(_fitting(definitions, wanted, exact=exact)) for exact in (True, False))
    known = {**part, **whole}
    ranked = [*whole, *(name for name in part if name not in whole)]
    chosen = definition or next(iter(ranked), None)
    if chosen is None or chosen not in known:
        raise LifeclusterError(_unknown(word, definitions, chosen, ranked))
    return Meant(word, chosen, known[chosen], tuple(name for name in ranked if name != chosen))


def _fitting(
    definitions: Sequence[Mapping[str, Any]], wanted: str, *, exact: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Definitions with the ids of their segments that fit."""
    for one in definitions:
        found = []
        for node in _walk(one):
            words = [node["id"], *(node.get("codes") or ())] if exact else [node["id"], node["label"]]
            folded = [str(w).casefold() for w in words]
            if wanted in folded or (not exact and wanted and any(wanted in w for w in folded)):
                found.append(str(node["id"]))
        if found:
            yield str(one["name"]), tuple(found)


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for child in node.get("segments") or ():
        yield child
        yield from _walk(child)


def _unknown(word: str, definitions: Sequence[Mapping[str, Any]], chosen: str | None, others: Sequence[str]) -> str:
    if others:
        return f"{chosen} knows no segment {word!r}; {', '.join(others)} would"
    told = "; ".join(
        f"{one['name']} has {', '.join(str(node['id']) for node in one.get('segments') or ())}"
        for one in definitions if chosen in {None, one["name"]}
    )  # fmt: skip
    return f"no definition knows a segment {word!r}: {told}"
