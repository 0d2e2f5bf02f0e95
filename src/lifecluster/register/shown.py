"""Which of the statements of one property are shown, one subject at a time: the rule of `assembly.order` over few rows.

A page has hundreds of properties and no time for frames; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lifecluster.reference.properties import Property


@dataclass(slots=True)  # not frozen: a page has hundreds, and to make a frozen one takes four times as long
class Line:
    """A statement: its value and record, whether it is an accepted `edit`, whether it `ended` (or has not begun), and
    whether its source is of a rank that the property's order `names`."""

    value: str
    record: str
    edit: bool
    ended: bool
    names: bool


def shown(prop: Property, lines: Sequence[Line], *, lead: str | None = None) -> list[bool]:
    """Whether each statement is shown.

    Parameters: `lines` the statements of one property of one subject that a reader may see, in order of precedence;
    `lead` the record that it is shown from (`leading`), if it is shown together with other properties.
    """
    first = next((line for line in lines if line.names), None)
    if first is None:
        return [False] * len(lines)
    if lead is not None and not first.edit:
        first = next((line for line in lines if line.names and line.record == lead), None)
        return [line is first for line in lines]
    if lead is not None or not prop.many or first.value == "":
        return [line is first for line in lines]
    held = [line.names and not line.ended and line.value != "" for line in lines]
    if prop.keep == "best":
        return [holds and line.record == first.record for holds, line in zip(held, lines, strict=True)]
    return held


def leading(group: Iterable[str], stated: Mapping[str, Sequence[Line]]) -> str:
    """The record that properties shown together are shown from; empty where only edits state any of them.

    Parameters: `group` the properties, the one that leads first; `stated` their statements in order of precedence.
    """
    every = (line for name in group for line in stated.get(name, ()) if line.names and not line.edit)
    return next((line.record for line in every), "")
