"""One organisation explained: what every definition says of it, and which evidence speaks for and against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from lifecluster.errors import InputError
from lifecluster.reference.taxonomy import segment_label, sic_title
from lifecluster.register.answer import NOTHING_KNOWN, answer, certainty
from lifecluster.register.definition import Definition
from lifecluster.register.segments.frame import checked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one definition says of the organisation in one segment (None: as a whole).

    `certainty` the state, and of what is open whether it is `likely` (it counts) or `unlikely`; `evidence` in words,
    each once; `recalled`: codes that the answer rests on and that the definition knows from memory alone.
    """

    definition: str
    segment: str | None
    label: str
    role: str | None
    state: str
    certainty: str
    probability: float | None
    inferred: bool
    evidence: tuple[str, ...]
    recalled: tuple[str, ...] = ()


RECALLED = "recalled: where it is written is still to be found"


@dataclass(frozen=True, slots=True)
class Explanation:
    """An organisation, its SIC codes with titles, and the verdict of every definition."""

    organisation_id: str
    name: str
    sic: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; unknown is null."""
        return asdict(self)


def in_words(kind: str, value: str, weight: float | None, detail: str | None) -> str:
    """One piece of evidence as a sentence fragment, with its weight in log-odds where it has one."""
    strength = "" if weight is None else f" ({weight:+.1f})"
    if kind == "sic":
        return f"SIC {value} {sic_title(value) or sic_title(detail or '') or 'of no known title'}{strength}"
    if kind == "words":
        place = f"in the {detail}" if detail != "other name" else "in another name"
        return f"the words '{value}' {place}{strength}"
    if kind == "stated":
        return f"its stated segment {value} {segment_label(value) or 'of no known label'}{strength}"
    if kind in {"include", "exclude"}:
        side = "set in" if kind == "include" else "set out"
        return f"{side}: status {value}" if detail == "status" else f"{side}: {detail}"
    return f"{'licence' if kind == 'licence' else 'register entry'} {value}{strength}"


def _verdict(row: dict[str, Any], definition: Definition) -> Verdict:
    segment = next((node for node, _ in definition.walk() if node.id == row["segment"]), None)
    recalled = set(definition.recalled())
    rests = [next((part for part in (item["detail"], item["value"]) if part in recalled), None)
             for item in row["evidence"]]  # fmt: skip
    told = tuple(in_words(**item) + (f" [{code}: {RECALLED}]" if code else "")
                 for item, code in zip(row["evidence"], rests, strict=True))  # fmt: skip
    if row["probability"] is None:
        told = (NOTHING_KNOWN,)
    return Verdict(
        definition=definition.name,
        segment=row["segment"],
        label=segment.label if segment else definition.title,
        role=row["role"],
        state=row["state"],
        certainty=certainty(row["state"], row["probability"]),
        probability=row["probability"],
        inferred=segment.inferred if segment else definition.source.confidence == "inferred",
        evidence=tuple(dict.fromkeys(told)),
        recalled=tuple(sorted({code for code in rests if code})),
    )


def _without_row(definition: Definition, codes: Sequence[str] | None) -> Verdict:
    found = answer(None, codes)
    recalled = definition.recalled() if found.state == "no" else ()
    told = f"{found.why} [{', '.join(recalled)}: {RECALLED}]" if recalled else str(found.why)
    return Verdict(definition.name, None, definition.title, None, found.state, found.certainty, found.probability,
                   inferred=False, evidence=(told,), recalled=recalled)  # fmt: skip


def verdicts(rows: Sequence[Mapping[str, Any]], codes: Sequence[str] | None,
             definitions: Sequence[Definition]) -> tuple[Verdict, ...]:  # fmt: skip
    """What every definition says of an organisation with these rows of classes (as of classify()) and SIC codes.

    A definition that has no row answers as `answer` says.
    """
    told: list[Verdict] = []
    for definition in definitions:
        mine = [_verdict(dict(row), definition) for row in rows if row["definition"] == definition.name]
        told += mine or [_without_row(definition, codes)]
    return tuple(told)


def explain(
    organisation_id: str, organisations: pl.DataFrame, classified: pl.DataFrame, definitions: Sequence[Definition]
) -> Explanation:
    """What every definition says of one organisation, and why.

    Parameters as for compare().
    Raises InputError if `organisations` does not hold `organisation_id`.
    """
    found = checked(organisations.filter(pl.col("organisation_id") == organisation_id))
    if found.is_empty():
        raise InputError(f"holds no organisation {organisation_id!r}", file="organisations")
    mine = classified.filter(pl.col("organisation_id") == organisation_id)
    codes = [] if found["sic"][0] is None else found["sic"][0].to_list()
    titles = tuple(f"{code} {sic_title(code) or 'of no known title'}" for code in codes)
    return Explanation(organisation_id, found["name"][0] or "", titles, verdicts(mine.to_dicts(), codes, definitions))
