"""Why a candidate is (or is not) the organisation meant, in plain words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Batch
from lifecluster.register.linkage.company_number import exact_company_number
from lifecluster.register.linkage.features import Features
from lifecluster.register.linkage.index import PREVIOUS, TRADED, Index
from lifecluster.register.linkage.normalise import CUT, PART, TAIL, TRADING
from lifecluster.register.linkage.places import EQUAL, ONE_EDIT, SAME_AREA, SAME_DISTRICT, SAME_SECTOR
from lifecluster.register.linkage.tokens import SAME, similarity
from lifecluster.register.linkage.words import words

COMPANY_NUMBER = 8
"""Characters of a company number; what a register without such has for a key is longer."""
_POSTCODE = {
    EQUAL: "postcode agrees",
    ONE_EDIT: "postcode agrees but for one character",
    SAME_SECTOR: "same postcode sector",
    SAME_DISTRICT: "same postcode district",
    SAME_AREA: "same postcode area",
    0: "another part of the country",
    -1: "no postcode to compare",
}


def left_words(batch: Batch, found: Features, index: Index, at: int) -> tuple[list[str], list[str]]:
    """Words of the query's name, and of the register's, that have no partner on the other side."""
    if found.pairs.acronym[at] or found.column("same_key")[at]:
        return [], []
    mine = batch.readings[int(found.pairs.reading[at])].canon.split()
    theirs = store.take(index.canon, np.array([found.pairs.alias[at]]))[0].split()
    return _unmet(mine, theirs), _unmet(theirs, mine)


def _unmet(own: list[str], other: list[str]) -> list[str]:
    joined = {a + b for a, b in pairwise(other)} | {"".join(other)}
    pairs = {a + b for a, b in pairwise(own)} & set(other)
    out = []
    for word in own:
        if word in joined or any(word in pair for pair in pairs):
            continue
        if not other or max(similarity(word, partner) for partner in other) < SAME:
            out.append(word)
    return out


def explain(batch: Batch, found: Features, index: Index, at: int) -> tuple[str, ...]:
    """Reasons for one candidate pair: a stated company number first, then name, address, rivals."""
    out = [*_number_reason(batch, found, index, at), _name_reason(batch, found, index, at)]
    out += kind_reasons(batch, found, index, at)
    out += _place(found, at)
    rival = rival_reason(found, index, at)
    if rival:
        out.append(rival)
    return tuple(out)


def _place(found: Features, at: int) -> list[str]:
    level = int(found.column("postcode")[at])
    out = [_POSTCODE[level]]
    if found.column("house")[at] > 0 and found.column("street")[at] > 0.8:
        out.append("same house number and street")
    elif found.column("town")[at] > 0 and level < SAME_DISTRICT:
        out.append("same town")
    return out


def place_reason(found: Features, at: int) -> str:
    """What the places of a pair say."""
    return "; ".join(_place(found, at))


def _number_reason(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """What the stated company number says to the pair; nothing where none is stated."""
    query = int(found.pairs.query[at])
    text = batch.stated[query]
    stated = batch.numbers[query] or text
    if stated is None:
        return []
    own = store.take(index.number, found.pairs.row[[at]])[0]
    if own == stated:
        lost = text != own and exact_company_number(text) is None
        return [f"company number agrees: {own}" + (f" (stated as {text}, its lost zeros put back)" if lost else "")]
    if own == batch.guessed[query]:
        return [f"states {text}, which is company number {own} if zeros were lost before it"]
    if batch.numbers[query] is None and index.row_of_number(stated) is None:
        return [f"states {stated!r}, which is no company number that a register issues"]
    has = own if len(own) == COMPANY_NUMBER else "none for it"
    return [f"states company number {stated}, the register has {has}"]


def _name_reason(batch: Batch, found: Features, index: Index, at: int) -> str:
    if found.pairs.acronym[at]:
        return "the name is the initials of the registered name"
    if found.column("same_key")[at]:
        legal = found.column("legal")[at]
        same = "same name" if found.column("same_core")[at] else "same name in another spelling"
        return f"{same}, another legal form" if legal < 2 else f"{same} after legal form"
    mine, theirs = left_words(batch, found, index, at)
    parts = [f"name alike ({float(found.column('strings')[at]):.2f})"]
    parts += [f"only the query has {' '.join(mine).upper()}"] if mine else []
    parts += [f"only the register has {' '.join(theirs).upper()}"] if theirs else []
    return "; ".join(parts)


def kind_reasons(batch: Batch, found: Features, index: Index, at: int) -> list[str]:
    """Which of several names, or which part of one, the pair rests on."""
    out = []
    kind = int(index.alias_kind[int(found.pairs.alias[at])])
    if kind in (PREVIOUS, TRADED):
        name = store.take(index.alias_name, np.array([found.pairs.alias[at]]))[0]
        out.append(f"{'previous' if kind == PREVIOUS else 'trading'} name: {name}")
    reading = batch.readings[int(found.pairs.reading[at])]
    if reading.kind == TRADING:
        out.append(f"matched on {reading.core.upper()}, one of the names that it gives")
    elif reading.kind in (CUT, PART, TAIL):
        out.append(f"read as {reading.core.upper()}")
    return out


def rival_reason(found: Features, index: Index, at: int) -> str:
    """The nearest other candidate, if its name is about as near."""
    pairs = found.pairs
    low, high = np.searchsorted(pairs.query, [pairs.query[at], pairs.query[at] + 1])
    others = np.array([i for i in range(low, high) if i != at], np.int64)
    if not len(others):
        return ""
    score = found.column("net_cosine")
    rival = int(others[score[others].argmax()])
    table = words()
    name = store.take(index.canon, np.array([pairs.alias[rival]]))[0]
    own = store.take(index.canon, np.array([pairs.alias[at]]))[0]
    extra = set(name.split()) ^ set(own.split())
    telling = bool(extra) and extra <= table.sibling
    if score[rival] >= score[at] - 0.1 or (telling and score[rival] > 0.5):
        return f"register also has {store.take(index.name, pairs.row[[rival]])[0]}"
    return ""
