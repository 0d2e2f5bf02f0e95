"""What somebody wrote, before it is an item: plain values, and all that may be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.register.ids import IdError, normalise, parse
from lifecluster.web.accounts.outbox import one_line
from lifecluster.web.news.models import Item, Kind

TITLE, TEXT, PLACE, LINK, ORGANISATIONS = 160, 10_000, 160, 500, 20
"""The longest title, text, place and link (characters), and the most organisations."""
LEVELS = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.DESK)
DATES = ("shown_from", "shown_until", "closes_on", "begins_on", "ends_on")


class DraftError(LifeclusterError):
    """What is wrong with a draft, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as it was written: as the columns of `Item`, `organisations` by their ids."""

    kind: str
    title: str
    text: str
    shown_from: date
    level: int = 0
    link: str = ""
    shown_until: date | None = None
    closes_on: date | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    place: str = ""
    organisations: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: Item) -> Draft:
        """What an item says now."""
        own = {field.name: getattr(item, field.name) for field in fields(cls) if field.name != "organisations"}
        return cls(**own, organisations=tuple(sorted(row.organisation for row in item.abouts.all())))

    def plain(self) -> dict[str, Any]:
        """The values as JSON has them."""
        said = asdict(self) | {"organisations": list(self.organisations)}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in said.items()}

    def tidy(self) -> Draft:
        """The same as it is kept: title and place on one line, ids as they are written, dates that go without saying.

        Raises DraftError.
        """
        found = problems(self)
        if found:
            raise DraftError(found)
        kind, own = Kind(self.kind), asdict(self)
        if kind != Kind.OPPORTUNITY:
            own["closes_on"] = None
        if kind != Kind.EVENT:
            own.update(begins_on=None, ends_on=None, place="")
        last = own["closes_on"] or own["ends_on"] or own["begins_on"]
        own["shown_until"] = own["shown_until"] or last
        ids = tuple(sorted({normalise(one) for one in self.organisations}))
        own.update(title=one_line(self.title, TITLE), place=one_line(own["place"], PLACE), text=plain_text(self.text))
        return Draft(**own | {"link": self.link.strip(), "organisations": ids})


def plain_text(text: str) -> str:
    """A text with line ends of one kind, without controls and what turns the text around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_line(line) for line in lines).strip()


def _line(line: str) -> str:
    inner = line.lstrip(" \t")
    return line[: len(line) - len(inner)].replace("\t", "    ") + one_line(inner, TEXT)


def problems(draft: Draft) -> dict[str, str]:
    """What is wrong, by field, in words for who wrote it."""
    found: dict[str, str] = {}
    _words(draft, found)
    _days(draft, found)
    if draft.level not in [int(level) for level in LEVELS]:
        found["level"] = "Choose who may read it."
    link = urlsplit(draft.link.strip()) if _splits(draft.link) else None
    if draft.link.strip() and (link is None or link.scheme not in {"http", "https"} or not link.hostname):
        found["link"] = "Write the whole address, with https://."
    elif len(draft.link) > LINK:
        found["link"] = f"The address is longer than {LINK} characters."
    for one in draft.organisations:
        try:
            right = parse(one).kind == "organisation"
        except IdError:
            right = False
        if not right:
            found["organisations"] = f"“{one_line(one, 40)}” is no id of an organisation."
    if len(draft.organisations) > ORGANISATIONS:
        found["organisations"] = f"Name at most {ORGANISATIONS} organisations."
    return found


def _splits(link: str) -> bool:
    try:
        urlsplit(link.strip())
    except ValueError:
        return False
    return "\n" not in link.strip() and " " not in link.strip()


def _words(draft: Draft, found: dict[str, str]) -> None:
    if draft.kind not in Kind.values:
        found["kind"] = "Choose what it is."
    if not one_line(draft.title):
        found["title"] = "Give it a title."
    elif len(draft.title) > TITLE:
        found["title"] = f"The title has {len(draft.title)} characters; at most {TITLE} fit."
    if not plain_text(draft.text):
        found["text"] = "Write what it is about."
    elif len(draft.text) > TEXT:
        found["text"] = f"The text has {len(draft.text):,} characters; at most {TEXT:,} fit."
    if len(draft.place) > PLACE:
        found["place"] = f"At most {PLACE} characters fit."


def _days(draft: Draft, found: dict[str, str]) -> None:
    for name in DATES:
        day = getattr(draft, name)
        if day is not None and not 2000 <= day.year <= 2100:
            found[name] = "This is no day of this century."
    if draft.kind == Kind.OPPORTUNITY and draft.closes_on is None:
        found["closes_on"] = "Say on which day it closes."
    if draft.kind == Kind.EVENT and draft.begins_on is None:
        found["begins_on"] = "Say on which day it is."
    if draft.begins_on and draft.ends_on and draft.ends_on < draft.begins_on:
        found["ends_on"] = "It ends before it begins."
    if draft.shown_until and draft.shown_until < draft.shown_from:
        found["shown_until"] = "This is before the day from which it is shown."
