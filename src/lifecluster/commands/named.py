"""Licences, capabilities and segments that the words of `lifecluster find` name as a whole, and how many have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from shlex import quote
from typing import Any

import polars as pl

from lifecluster.register.licensed import TYPE, held
from lifecluster.register.matches import wanted_words
from lifecluster.register.package import Package
from lifecluster.register.search import Query, search
from lifecluster.register.seen import rows
from lifecluster.register.segments.meant import meant


@dataclass(frozen=True, slots=True)
class Named:
    """`kind` licence, capability or segment; `name` as the register spells it; `found` organisations that have it and
    fit what else was asked for; `option` what finds them in place of the words, None of a capability: words find it."""

    kind: str
    name: str
    found: int
    option: str | None

    def said(self, *, near: bool) -> str:
        """In words; `near`: whether a place was asked about."""
        n, one = f"{self.found:,}" if self.found else "none", self.found <= 1
        verb = {"licence": "holds the" if one else "hold the", "capability": "has the" if one else "have the",
                "segment": "is in the" if one else "are in the"}[self.kind]  # fmt: skip
        how = f"{self.option} in place of the words" if self.option else "among those found"
        return f"{n} {verb} {self.kind} {self.name}{' near there' if near else ''}" + (f": {how}" if self.found else "")


def named(package: Package, query: Query) -> list[Named]:
    """What the words of a query, taken together and in any letters, are the whole name of."""
    return list(_named(package, query)) if wanted_words(query.words) else []


def _named(package: Package, query: Query) -> Iterator[Named]:
    less = replace(query, words="")
    if query.licence is None:
        for name in held(package)[TYPE].drop_nulls().unique().sort():
            if _same(name, query.words):
                yield Named("licence", name, search(package, replace(less, licence=name)).height,
                            f"--licence {quote(name)}")  # fmt: skip
    mine = rows(package, "organisations").select("id", name="capability").explode("name").drop_nulls()
    for name in mine["name"].unique().sort():
        if _same(name, query.words):
            having = mine.filter(pl.col("name") == name)["id"].implode()
            yield Named("capability", name, search(package, less).filter(pl.col("id").is_in(having)).height, None)
    definitions = package.manifest["definitions"]
    if query.segment is None and any(_called(one, query.words) for one in definitions):
        word = query.words.strip()
        whose = meant(word, definitions)
        found = search(package, replace(less, segment=whose)).height
        yield Named("segment", f"{word} of {whose.definition}", found, f"--segment {quote(word)}")


def _same(name: str, words: str) -> bool:
    return wanted_words(name) == wanted_words(words)


def _called(node: Mapping[str, Any], words: str) -> bool:
    """Whether a segment below is called so: by its id, its label or a code."""
    below = node.get("segments") or ()
    return any(_called(one, words) or words.strip().casefold() in
               {str(name).casefold() for name in (one["id"], one["label"], *(one.get("codes") or ()))}
               for one in below)  # fmt: skip
