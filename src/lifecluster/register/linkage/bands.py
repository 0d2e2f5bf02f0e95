"""The rules of the bands: what has to agree before a link is made that nobody looks at, and why it is not made.

A link that scores well enough is taken (`auto`) only where the names are the same after normalisation, or are alike
and a place agrees, and where nothing stands against it. Hard ids are not looked at here: they decide by themselves
(`decide`). The rules change no probability.
"""

from __future__ import annotations

import numpy as np

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Batch
from lifecluster.register.linkage.company_number import clean_company_number
from lifecluster.register.linkage.features import Features, left_out
from lifecluster.register.linkage.foreign import abroad, foreign_form, overseas, stands_in
from lifecluster.register.linkage.index import PREVIOUS, TRADED, Index
from lifecluster.register.linkage.normalise import PART, TAIL, readings
from lifecluster.register.linkage.places import OTHER, SAME_AREA
from lifecluster.register.linkage.reasons import COMPANY_NUMBER, left_words
from lifecluster.register.linkage.words import tells

SISTER = "may be a sister company"
#: Likeness of names below which the same town or postcode area is not enough.
FAR = 0.9
_KINDS = {PREVIOUS: "a previous name", TRADED: "a trading name"}


def same_name(batch: Batch, found: Features, index: Index, at: int) -> bool:
    """Whether the names of a pair are the same after normalisation.

    Initials are not the name; a part of the query's name (`PART`, `TAIL`) that is somebody's whole name is only alike,
    and so is what stands after a dash in a registered name.
    """
    if found.pairs.acronym[at] or not found.column("same_key")[at]:
        return False
    alias = found.pairs.alias[[at]]
    if index.alias_kind[alias[0]] == TRADED:
        canon = store.take(index.canon, alias)[0]
        written = readings(store.take(index.alias_name, alias)[0])
        if any(reading.kind == TAIL and reading.canon == canon for reading in written):
            return False
    return batch.readings[int(found.pairs.reading[at])].kind not in (PART, TAIL)


def place_agrees(found: Features, at: int) -> bool:
    """Whether the places of a pair agree so far that names which are alike are believed.

    One postcode district (or but one character of the postcode) is enough. A postcode area is for names that are at
    least `FAR` alike, not for initials; so is the town, where a side has no postcode, but for initials, too.
    """
    level = int(found.column("postcode")[at])
    near = bool(found.column("strings")[at] >= FAR)
    if level == SAME_AREA:
        return near and not found.pairs.acronym[at]
    return level > SAME_AREA or (level < OTHER and near and bool(found.column("town")[at] > 0))


def taken(batch: Batch, found: Features, index: Index, at: int) -> str:
    """In words: which rule lets a pair be taken without a person; ``""`` if none does."""
    if same_name(batch, found, index, at):
        kind = _KINDS.get(int(index.alias_kind[int(found.pairs.alias[at])]))
        return f"taken: it is {kind} of the organisation" if kind else "taken: the names are the same"
    return "taken: the names are alike and the place agrees" if place_agrees(found, at) else ""


def against(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """In words: everything that sends a pair to a person although it scores well; empty if it may be taken."""
    said = [sister(batch, found, index, at), *elsewhere(batch, found, index, at)]
    if not taken(batch, found, index, at):
        said.append(f"the names are only alike, and {_place(found, at)}")
    return [why for why in said if why]


def elsewhere(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """In words: what says that the query is another organisation, whatever its name: its number or its country."""
    return [*_number(batch, found, index, at), *_country(batch, found, index, at)]


def _place(found: Features, at: int) -> str:
    """What a place that does not agree far enough says, in words."""
    level = int(found.column("postcode")[at])
    if level >= OTHER:
        return "the places differ" if level == OTHER else "no more than the postcode area agrees"
    return "no more than the town agrees" if found.column("town")[at] > 0 else "no place agrees"


def sister(batch: Batch, found: Features, index: Index, at: int) -> str:
    """Why a pair may be a sister company rather than the company itself, in words, or ``""``.

    A word such as HOLDINGS, GROUP or SERVICES, or a number, on one side only is such a sign.
    """
    mine, theirs = left_words(batch, found, index, at)
    reading = int(found.pairs.reading[at])
    if batch.readings[reading].kind in (PART, TAIL):
        mine = [*mine, *left_out(batch, reading)]
    for side, left in (("the query", mine), ("the register", theirs)):
        telling = [word for word in left if tells(word)]
        if telling:
            return f"{SISTER}: only {side} has {' '.join(telling).upper()}"
    return ""


def _number(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """That the query states the number of another company."""
    stated = batch.numbers[int(found.pairs.query[at])] or clean_company_number(batch.stated[int(found.pairs.query[at])])
    own = store.take(index.number, found.pairs.row[[at]])[0]
    other = stated is not None and stated != own and len(own) == COMPANY_NUMBER
    return ["another company number is stated"] if other else []


def _country(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """That the query has a legal form of another country, which no name of the organisation has, or states one."""
    query, row = int(found.pairs.query[at]), int(found.pairs.row[at])
    said = []
    form = foreign_form(batch.names[query])
    if form is not None and not any(stands_in(form, name) for name in _names(index, row)):
        said.append(f"{form.words.upper()} is a legal form of {form.where}, which the register's name lacks")
    if abroad(batch.countries[query]) and not overseas(store.take(index.number, np.array([row]))[0]):
        said.append(f"the record is of another country ({batch.countries[query].strip()})")
    return said


def _names(index: Index, row: int) -> list[str]:
    aliases = np.arange(index.row_alias[row], index.row_alias[row + 1])
    return [*store.take(index.name, np.array([row])), *store.take(index.alias_name, aliases)]
