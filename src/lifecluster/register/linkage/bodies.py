"""Names that are the same but for the form of an NHS body: `Leeds Hospitals` and LEEDS TEACHING HOSPITALS NHS TRUST.

The scorer learnt from companies, whose legal forms are split off; three long words on one side only are much to it.
Bands alone look at this; the features and the model do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Batch
from lifecluster.register.linkage.features import Features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.normalise import PART, TAIL, Reading, shorten
from lifecluster.register.linkage.words import load

#: Words that a name without a form needs: one word alone is a place as often as a body.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Body:
    """A name in parts: `stem`, the words that name the body, sorted; `kind`, words for the kind of a hospital; `form`.

    `kind` and `form` are blank where the name has none.
    """

    stem: tuple[str, ...]
    kind: str
    form: str


@cache
def _forms() -> list[tuple[str, ...]]:
    """The forms as words, the longest first."""
    return sorted((tuple(form.split()) for form in load("words.yml")["nhs"]["forms"]), key=len, reverse=True)


@cache
def _hospital() -> tuple[frozenset[str], dict[str, str]]:
    """The words for a hospital, and those for its kind by their short forms."""
    table = load("words.yml")["nhs"]
    return frozenset(table["hospital"]), {shorten(word): word for word in table["kinds"]}


def body(canon: str) -> Body:
    """The parts of a name in its canonical form.

    A form counts at the end, where words are left before it. A hospital is the same with and without UNIVERSITY or
    TEACHING, in either number.
    """
    words = canon.split()
    form = next((f for f in _forms() if len(words) > len(f) and tuple(words[-len(f) :]) == f), ())
    words = words[: len(words) - len(form)]
    hospital, kinds = _hospital()
    kind: list[str] = []
    if not hospital.isdisjoint(words):
        kind = [kinds[word] for word in words if word in kinds]
        words = [min(hospital) if word in hospital else word for word in words if word not in kinds]
    return Body(tuple(sorted(words)), " ".join(kind), " ".join(form))


def only_form_apart(batch: Batch, found: Features, index: Index) -> dict[int, tuple[int, str]]:
    """The pairs whose names are the same but for the form of an NHS body, by query: position of the pair, and why.

    The register's name has a form of the NHS, and no other organisation among the candidates has the same words before
    its form. A part of the query's name, and initials, are not the name.
    """
    canon = store.take(index.canon, found.pairs.alias)
    maybe = [at for at, name in enumerate(canon) if "nhs" in name.split()]
    queries = sorted({int(found.pairs.query[at]) for at in maybe})
    out = {}
    for query in queries:
        low, high = np.searchsorted(found.pairs.query, [query, query + 1]).tolist()
        near = {at: why for at in range(low, high) if (why := _near(batch, found, canon[at], at)) is not None}
        if len(near) == 1:
            ((at, why),) = near.items()
            if why:
                out[query] = (at, why)
    return out


def _near(batch: Batch, found: Features, theirs: str, at: int) -> str | None:
    """Why the names of a pair are one but for the form; ``""`` if no form of the NHS parts them; None: they differ."""
    reading: Reading = batch.readings[int(found.pairs.reading[at])]
    if found.pairs.acronym[at] or reading.kind in (PART, TAIL):
        return None
    mine, other = body(reading.canon), body(theirs)
    if mine.stem != other.stem:
        return None
    named = len(mine.stem) >= FEWEST or "nhs" in mine.form
    if "nhs" not in other.form or not named:
        return ""
    apart = [pair for pair in ((mine.kind, other.kind), (mine.form, other.form)) if pair[0] != pair[1]]
    query, register = (" ".join(pair[side] for pair in apart if pair[side]).upper() for side in (0, 1))
    if register:
        return f"the same but for {register}" + (f", where the query has {query}" if query else "")
    return f"the same but for {query}, which only the query has" if query else ""
