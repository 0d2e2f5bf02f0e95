"""A saved reading of one list: which column means what. Guessed first, then confirmed by a person.

The file `<list>.mapping.yml` lies beside the list; nothing of a list is read before it says `confirmed: true`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, model_validator

from lifecluster.errors import InputError
from lifecluster.reference.properties import SourceRank, vocabulary
from lifecluster.sources.columns import PERSONS, by_header, judge, likeliest_name, personal
from lifecluster.sources.persons import mask_text
from lifecluster.sources.sheets import NO_VALUE, Grid, read_grids
from lifecluster.sources.shipped import shipped_names
from lifecluster.sources.spec import (
    DateFormat,
    Day,
    Licence,
    Separator,
    Strict,
    VisibilityLabel,
    check_column,
    unknown_property,
)
from lifecluster.yaml_files import read_model

SUFFIX = ".mapping.yml"
HEADER_DEPTH = 25
"""Rows from the top among which the header is looked for."""
SINGLE = ("name", "postcode", "country", "town", "company_number", "website", "holder", "employees", "jobs", "turnover")
"""Properties that one column of a list may have; a second column that looks alike is left to the person."""
NAMES = ("name", "holder", "trading_name", "previous_name", "member_of", "town", "country")
"""Properties whose values may look like the name of a person: many an organisation is called like its founder."""
UNSHOWN = (None, "description")
"""Of columns with these properties no examples are kept: what is left out, and prose, may speak of anybody."""
SAY_PUBLISHER = "say who made the list"
SAY_LICENCE = Licence(id="LicenseRef-unknown", title="say under which licence it may be used")
"""What a guess writes where it cannot know; a person replaces it before the mapping counts."""
DEFAULT_VISIBILITY: VisibilityLabel = "members"
"""A list of one's own is seen by members until somebody says that it is public."""
LEAD = (
    "# How this list is read. Check each column, fill in publisher and licence, and say who may see the values\n"
    "# (visibility: public, members, desk, broker, owner). Then: lifecluster mapping confirm, or set confirmed: true.\n"
)


def _number_of_rows(stated: object) -> object:
    """Earlier mappings kept the rows above the header themselves."""
    return len(stated) if isinstance(stated, list | tuple) else stated


class MappedColumn(Strict):
    """A column of a list: a `property`, or `ignore` with the reason; and what the guess rests on.

    `personal`: it holds names, addresses or numbers of persons; goes with `ignore`. `seen`: examples, where it has a
    property.
    """

    property: str | None = None
    ignore: str | None = None
    split: Separator | None = None
    none: tuple[str, ...] = ()
    format: tuple[DateFormat, ...] = ()
    personal: bool = False
    confidence: float | None = Field(None, ge=0, le=1)
    seen: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _unseen(cls, stated: Any) -> Any:
        """Of a column that is left out no examples are kept, whoever left it out."""
        if isinstance(stated, dict) and stated.get("property") is None:
            return {key: value for key, value in stated.items() if key != "seen"}
        return stated

    @model_validator(mode="after")
    def _one(self) -> MappedColumn:
        if (self.property is None) == (self.ignore is None):
            raise ValueError("a column has either `property` or `ignore` (with the reason)")
        if self.property is not None and self.personal:
            raise ValueError("a column of contact details cannot become a property")
        if self.property not in {None, "holder"} and self.property not in vocabulary().properties:
            said = by_header(self.property)  # words of a header, such as staff
            raise ValueError(unknown_property(self.property, said.property if said is not None else None))
        return self


class Mapping(Strict):
    """How one list is read.

    `kind`: what a row is, an organisation or a site. In a list of sites the property `holder` is the name of the
    organisation there, and properties that only organisations bear are given to it.
    `visibility`: who may see the values; `address_is`, `scope`: as in a source.yml (what an address is; whether being
    listed is enough to be registered). `header_row`: row of the sheet that holds the column names, from 1; 0 if there
    is none (columns are then `column 1`, `column 2`, ...). `preamble`: how many rows above it hold anything; they are
    left out. `confirmed`: set by a person, once publisher and licence are stated.
    """

    list: str
    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    publisher: str
    licence: Licence
    visibility: VisibilityLabel = DEFAULT_VISIBILITY
    url: str = ""
    rank: SourceRank = "other"
    observed_on: Day | None = None
    kind: Literal["organisation", "site"] = "organisation"
    address_is: Literal["working", "registered", "contact"] = "contact"
    scope: Literal["always", "classified"] = "classified"
    sheet: str | None = None
    header_row: int = Field(1, ge=0)
    preamble: Annotated[int, BeforeValidator(_number_of_rows)] = Field(0, ge=0)
    columns: dict[str, MappedColumn]
    confirmed: bool = False

    @model_validator(mode="after")
    def _named(self) -> Mapping:
        if self.name in shipped_names():
            raise ValueError(f"name: {self.name!r} is that of a source that Lifecluster brings; take another")
        if self.confirmed and (open_ := self.unsettled()):
            raise ValueError(f"it cannot be confirmed yet: {'; '.join(open_)}")
        used = {c.property for c in self.columns.values()}
        if "name" not in used and not (self.kind == "site" and "holder" in used):
            raise ValueError("no column is mapped to `name`")
        if self.kind == "organisation" and "holder" in used:
            raise ValueError("`holder` belongs to a list of sites (kind: site)")
        bears = ("site", "organisation") if self.kind == "site" else ("organisation",)
        for header, column in self.columns.items():
            if column.property is not None:
                check_column(header, column.property, bears, split=column.split, form=column.format)
        return self

    def unsettled(self) -> tuple[str, ...]:
        """What a person has to say before the mapping can be confirmed, in words; empty if nothing."""
        wanted = []
        if not self.publisher.strip() or self.publisher == SAY_PUBLISHER:
            wanted.append("publisher: say who made the list")
        licence = self.licence
        if not licence.id.strip() or licence.id == SAY_LICENCE.id or licence.title == SAY_LICENCE.title:
            wanted.append("licence: say under which licence it may be used, its id and its title "
                          "(for a list that is not published: LicenseRef-internal, and what was agreed)")  # fmt: skip
        return tuple(wanted)


def mapping_path(path: Path, sheet: str | None = None) -> Path:
    """Where the mapping of a list is kept: beside it; with `sheet` that of one of several lists in a workbook."""
    return path.with_name(f"{path.name}{'' if sheet is None else f'.{slug(sheet)}'}{SUFFIX}")


def slug(text: str) -> str:
    """`text` in lower case with a hyphen for whatever is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "list"


def guess_file(path: Path, *, sheet: str | None = None) -> Mapping:
    """Guess the mapping of a list; see `look`."""
    return look(path, sheet=sheet).mapping


@dataclass(frozen=True, slots=True)
class Look:
    """A guess with what helps a person to check it: `examples` up to three values of each column that may be shown
    (none of contact details or prose), those that are left out among them; `others` the sheets that were not taken.
    """

    mapping: Mapping
    examples: dict[str, tuple[str, ...]]
    others: tuple[str, ...]


def look(path: Path, *, sheet: str | None = None) -> Look:
    """Guess the mapping of a list: of the sheet named, else of the visible sheet with most filled cells.

    Raises InputError if the file is no table, has no such sheet, or holds no column that could be a name.
    """
    grids = read_grids(path)
    grid = choose(grids, sheet=sheet, file=path.name)
    found = guess(grid)
    header, body = body_of(grid, found)
    shown = {
        name: _examples(["" if row[i] == NO_VALUE else row[i] for row in body if i < len(row)])
        for i, name in enumerate(header)
        if not found.columns[name].personal and found.columns[name].property != "description"
    }
    if sheet is not None:
        called = {"name": f"{found.name}-{slug(sheet)}", "title": f"{found.title}, {mask_text(sheet)}"}
        found = found.model_copy(update=called)
    others = tuple(g.sheet for g in grids if g.sheet not in {None, grid.sheet} and not g.hidden and g.rows)
    return Look(found, shown, tuple(name for name in others if name is not None))


def choose(grids: list[Grid], *, sheet: str | None, file: str) -> Grid:
    """The sheet called `sheet`, else the visible one with most filled cells. Raises InputError if there is none."""
    if sheet is not None:
        found = next((g for g in grids if g.sheet == sheet), None)
        if found is None:
            names = ", ".join(repr(g.sheet) for g in grids)
            raise InputError(f"there is no sheet {sheet!r}; there are {names}", file=file)
        return found
    shown = [g for g in grids if not g.hidden and g.rows]
    if not shown:
        raise InputError("no sheet that is shown holds anything", file=file)
    return max(shown, key=lambda g: sum(1 for row in g.rows for cell in row if cell.strip()))


def guess(grid: Grid) -> Mapping:
    """Guess what each column of a table is, from its header and its cells; see `columns.judge`.

    Raises InputError where no column could be a name.
    """
    at = find_header(grid.rows)
    header = header_of(grid.rows, at)
    body = [row for row in grid.rows[at:] if any(cell.strip() for cell in row)]
    taken: set[str] = set()
    columns: dict[str, MappedColumn] = {}
    cells = {
        name: ["" if row[i] == NO_VALUE else row[i] for row in body if i < len(row)] for i, name in enumerate(header)
    }
    verdicts = {name: judge(name if at else "", cells[name]) for name in header}
    for name in sorted(header, key=lambda n: -verdicts[n].confidence):
        verdict = verdicts[name]
        prop, reason = verdict.property, verdict.reason
        if prop == "parent_name":
            prop, reason = None, "owners are groups; bring them as groups in the exchange layout"
        if prop in SINGLE and prop in taken:
            prop, reason = None, f"another column looks more like the {prop}"
        taken |= {prop} if prop else set()
        seen = _examples(cells[name]) if prop not in UNSHOWN else ()
        columns[name] = MappedColumn(property=prop, ignore=None if prop else reason, confidence=verdict.confidence,
                                     split=_split(prop, cells[name]), personal=verdict.personal, seen=seen)  # fmt: skip
    columns = {name: columns[name] for name in header}
    kind: Literal["organisation", "site"] = "site" if {"holder", "jobs"} & taken else "organisation"
    if "name" not in taken and "holder" not in taken:
        likely = likeliest_name(
            {n: cells[n] for n, c in columns.items() if c.property is None and not verdicts[n].personal}
        )
        if likely is not None:
            columns[likely] = MappedColumn(property="name", confidence=0.3, seen=_examples(cells[likely]))
            taken |= {"name"}
    if "name" not in taken and "holder" not in taken:
        raise InputError("no column looks like the name of an organisation; write a mapping by hand", file=grid.file)
    return Mapping(
        list=grid.file, name=f"list-{slug(Path(grid.file).stem)}", title=mask_text(Path(grid.file).stem),
        publisher=SAY_PUBLISHER,
        licence=SAY_LICENCE, visibility=DEFAULT_VISIBILITY, kind=kind, sheet=grid.sheet, header_row=at, columns=columns,
        preamble=sum(any(c.strip() for c in row) for row in grid.rows[: max(at - 1, 0)]),
    )  # fmt: skip


def find_header(rows: list[list[str]]) -> int:
    """Number of the header row from 1, or 0 where the table seems to have none.

    A header has at least two cells, all of them distinct, most of them words that are known (or, where none is
    known, no digits at all while the rows below have some).
    """
    width = Counter(sum(1 for c in row if c.strip()) for row in rows[:200]).most_common(1)
    usual = width[0][0] if width else 0
    best, best_score = 0, 0.0
    for number, row in enumerate(rows[:HEADER_DEPTH], 1):
        cells = [c.strip() for c in row if c.strip()]
        if not cells or len(set(cells)) < len(cells) * 0.6 or (len(cells) < 2 and usual > 1):
            continue
        known = sum(1 for c in cells if len(c) < 60 and by_header(c) is not None)
        score = known / len(cells) + known / 100
        if known and (known >= 2 or known == len(cells)) and score > max(best_score, 0.3):
            best, best_score = number, score
    if best or not rows:
        return best
    top = [c for c in rows[0] if c.strip()]
    below = [c for row in rows[1:50] for c in row if c.strip()]
    wordy = len(top) == max(usual, 2) and not any(ch.isdigit() for c in top for ch in c) and max(map(len, top)) < 40
    return int(wordy and sum(any(ch.isdigit() for ch in c) for c in below) > len(below) / 4 > 0)


def body_of(grid: Grid, mapping: Mapping) -> tuple[list[str], list[list[str]]]:
    """Column names of a table as its mapping has them, and the rows below the header."""
    return header_of(grid.rows, mapping.header_row), grid.rows[mapping.header_row :]


def header_of(rows: list[list[str]], at: int) -> list[str]:
    """Column names of the header row `at`: blanks are `column N`, the second of equal ones gets ` (2)`."""
    width = max((len(row) for row in rows), default=0)
    stated = [c.strip() for c in rows[at - 1]] if at else []
    if at:
        width = len(stated)
    names: list[str] = []
    for i in range(width):
        name = (mask_text(re.sub(r"\s+", " ", stated[i])) if at else "") or f"column {i + 1}"
        n, base = 1, name
        while name in names:
            n += 1
            name = f"{base} ({n})"
        names.append(name)
    return names


def _examples(cells: list[str]) -> tuple[str, ...]:
    distinct = dict.fromkeys(mask_text(c.strip())[:60] for c in cells if c.strip())
    return tuple(list(distinct)[:3])


def _split(prop: str | None, cells: list[str]) -> str | None:
    """Separator of a column of several values: `;` or `|` if a tenth of the cells has it, `,` only for SIC codes."""
    if prop is None or prop == "holder" or not vocabulary().properties[prop].many:
        return None
    filled = [c for c in cells if c.strip()]
    for separator in (";", "|") + ((",",) if prop == "sic" else ()):
        if filled and sum(separator in c for c in filled) > len(filled) / 10:
            return separator
    return None


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping as YAML for a person to read and change; never over one that is confirmed.

    A confirmed one is written without examples.

    Raises InputError if `path` holds a confirmed mapping, or if `mapping` says that it is confirmed and cannot be yet.
    """
    if path.is_file() and load_mapping(path).confirmed:
        raise InputError("is confirmed already; delete it to guess anew", file=path.name)
    if mapping.confirmed:
        require_confirmed(mapping, path)
    stated = mapping.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    columns = stated.pop("columns")
    if mapping.confirmed:  # examples were for whoever had to check
        columns = {name: {k: v for k, v in column.items() if k != "seen"} for name, column in columns.items()}
    first = ("list", "name", "title", "publisher", "licence", "visibility", "rank", "observed_on")
    always = {"visibility": mapping.visibility, "rank": mapping.rank}
    last = {"header_row": mapping.header_row, "kind": mapping.kind}
    stated = {**stated, **always}
    order = {
        "confirmed": mapping.confirmed,
        **{key: stated[key] for key in first if key in stated},
        **{key: value for key, value in stated.items() if key not in {*first, *last, "confirmed"}},
        **last,
        "columns": columns,
    }
    text = yaml.safe_dump(order, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(LEAD + text, "utf-8")


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises InputError naming the key that is wrong, or a mapped column of contacts."""
    if not path.is_file():
        raise InputError("there is no such mapping", file=path.name)
    mapping = read_model(Mapping, path)
    for name, column in mapping.columns.items():
        refuse_personal(name, (), column, path.name)
    return mapping


def require_confirmed(mapping: Mapping, path: Path) -> None:
    """Raises InputError, saying what to do, if nobody has confirmed the mapping kept at `path`, or too early."""
    if not mapping.confirmed:
        raise InputError(
            f"is not confirmed: check each column, then set `confirmed: true` in {path.name}", file=path.name
        )
    wanted = mapping.unsettled()
    if wanted:
        raise InputError(f"it cannot be confirmed yet: {'; '.join(wanted)}", file=path.name)


def refuse_personal(name: str, cells: list[str] | tuple[()], column: MappedColumn, file: str) -> None:
    """Raises InputError if contact details of persons are mapped to a property."""
    if column.property is None:
        return
    held = personal(name, cells, names=column.property not in NAMES)
    if held is not None:
        told = "looks like names of persons" if held == PERSONS else "holds contact details of persons"
        raise InputError(f"{told} and cannot become a property; ignore it", file=file, field=name)
