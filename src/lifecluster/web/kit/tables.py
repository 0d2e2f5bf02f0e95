"""Tables: text tables become labelled blocks when narrow, number tables scroll inside a region of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lifecluster.web.kit.rendering import quoted

KINDS = ("text", "number", "figure", "plot", "state", "date")
CLASSES = {"number": "n", "figure": "f", "plot": "p", "date": "d"}
"""Class names of the cells of a kind."""
NARROW = ("blocks", "scroll", "as it is")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` into the rows; `title` with the unit; `kind` one of KINDS aligns it (a `figure` is one large
    number); `head` marks the cells that name their row; `wide` hints the stylesheet at its share (`s`, `m`, `l`).

    `heading`, `begin` and `end` are markup: its heading, and what stands around each of its cells.
    """

    key: str
    title: str
    kind: str = "text"
    head: bool = False
    wide: str = ""

    heading: str = field(init=False, repr=False, compare=False)
    begin: str = field(init=False, repr=False, compare=False)
    end: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        title = quoted(self.title)
        names = " ".join(part for part in (CLASSES.get(self.kind, ""), f"w-{self.wide}" if self.wide else "") if part)
        classes = f' class="{quoted(names)}"' if names else ""
        begin = f'<th scope="row"{classes}>' if self.head else f'<td{classes} data-l="{title}">'
        object.__setattr__(self, "heading", f'<th scope="col"{classes}>{title}</th>')
        object.__setattr__(self, "begin", begin)
        object.__setattr__(self, "end", "</th>" if self.head else "</td>")


@dataclass(slots=True)  # not frozen, as facts below: a page has dozens, and a frozen one takes several times as long
class Row:
    """A row: `cells` by column key (text, number as text, any component, Evidence); `sub` a second, quieter line below
    a cell, by column key; `mark` is `hi` (the row that matters), `in` (part of the row above) or nothing."""

    cells: Mapping[str, Any]
    sub: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `caption` is read to those who do not see it, and seen if `show_caption`; `note` under the caption;
    `total` a last row; `narrow` one of NARROW says what happens on a narrow screen; `empty` the words for no rows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    narrow: str = "blocks"
    show_caption: bool = False
    note: str = ""
    empty: str = "Nothing to show here yet."
    name: str = ""

    def __post_init__(self) -> None:
        if self.narrow not in NARROW:
            raise ValueError(f"narrow={self.narrow!r}: there are {', '.join(NARROW)}")
        if sum(column.head for column in self.columns) != 1:
            raise ValueError(f"table {self.caption!r}: exactly one column names the row (head=True)")


@dataclass(slots=True)
class Fact:
    """A line of a list of facts: its label and a value (text, component or Evidence), when it was verified, a badge."""

    label: str
    value: Any
    age: str = ""
    badge: Any = ""
