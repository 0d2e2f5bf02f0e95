"""From what the register states to what a page shows: the marked value in a list, and the panel that opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString

from lifecluster.reference import facilities
from lifecluster.web.directory import codes
from lifecluster.web.directory.areas import area_names
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.addresses import Names
from lifecluster.web.directory.show.presence import badge
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit import formats
from lifecluster.web.kit.evidence import Evidence, Link, RemoteEvidence, Value
from lifecluster.web.kit.rendering import EMPTY, format_html
from lifecluster.web.kit.states import Badge
from lifecluster.web.kit.tables import Fact

if TYPE_CHECKING:
    from lifecluster.web.directory.reads import Said, Stated

UNKNOWN = "Stated as unknown"
CODES_AS_THEY_ARE = frozenset({"company_number", "ods_code", "ukprn", "org_id", "reference", "icb", "nhs_region"})
NAMES = ("name", "previous_name", "trading_name", "registered_address", "registered_town", "address", "town", "funder")
"""Properties that a register may write in capitals throughout."""
OWN_WORDS: Mapping[str, Callable[[str], str]] = {
    "lad": lambda code: area_names().get(code, code),
    "accounts_category": lambda text: text.capitalize() if text.isupper() else text,
    **dict.fromkeys(NAMES, proper),
    **{prop: partial(codes.explained, prop) for prop in codes.EXPLAINED},
    **{prop: partial(facilities.title, prop) for prop in facilities.CODED},
}
"""Properties whose values have words of their own, and how they are found."""
MOST = 12
"""Values of one property that a line shows; the panel shows all."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What words need: the names of things that values refer to, and today."""

    names: Names
    at: date

    def word(self, prop: str, kind: str, value: str) -> str:
        """A value in words."""
        if not value:
            return UNKNOWN
        if kind == "ref":
            named = self.names.get(value)
            outside = "A group outside this register" if prop == "parent" else "An organisation outside this register"
            return proper(named.name) if named and named.name else outside
        if prop in OWN_WORDS:
            return OWN_WORDS[prop](value)
        if kind == "code":
            return value if prop in CODES_AS_THEY_ARE else words.in_words(value)
        return WRITTEN[kind](kind, value) if kind in WRITTEN else value

    def line(self, stated: Stated) -> str:
        """The shown value or values of a property in one line."""
        found = list(dict.fromkeys(self.word(stated.property, stated.type, said.value) for said in stated.shown))
        more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
        between = "; " if stated.property in codes.EXPLAINED else ", "
        return (between.join(found[:MOST]) + more) if found else UNKNOWN

    def mark(self, stated: Stated, text: str = "") -> RemoteEvidence:
        """The value with its mark; the panel is fetched when it is asked for."""
        address = addresses.evidence(stated.subject, stated.property)
        whom = badge(*{said.visibility for said in stated.shown})
        return RemoteEvidence(text or self.line(stated), address, words.label(stated.property), whom)

    def fact(self, stated: Stated) -> Fact:
        """A line of a list of facts."""
        first = stated.shown[0] if stated.shown else None
        if first is None:
            return Fact(words.label(stated.property), self.mark(stated))
        stale: Any = Badge("stale", since(first)) if first.freshness.state == "stale" else EMPTY
        if stated.type == "url":
            stale = format_html("{}{}", stale, visit(first.value))
        return Fact(words.label(stated.property), self.mark(stated), age(first), stale)

    def panel(self, stated: Stated) -> Evidence:
        """Everything that stands behind a value."""
        said = (*stated.shown, *stated.others)
        first = said[0]
        file = first.source
        return Evidence(
            key=f"{stated.subject}-{stated.property}",
            title=words.label(stated.property),
            value=self.line(stated),
            source=file.title or file.source,
            source_url=safe_url(file.url),
            locator=first.locator,
            snapshot=file.sha256[:8],
            licence=file.licence_title or file.licence,
            licence_url=safe_url(file.licence_url),
            observed=first.observed_on,
            verified=first.verified_on,
            others=tuple(self._value(stated, one) for one in said) if len(said) > 1 else (),
            why=stated.why,
            stale_after=first.freshness.stale_on,
            at=self.at,
            sample=first.sample,
            level=badge(*{one.visibility for one in stated.shown or said[:1]}),
            links=tuple(self._links(stated, said)),
        )

    def _value(self, stated: Stated, said: Said) -> Value:
        file = said.source
        return Value(
            self.word(stated.property, stated.type, said.value),
            file.title or file.source,
            file.licence_title or file.licence,
            said.observed_on,
            said.verified_on,
            said in stated.shown,
            said.freshness.state == "stale",
            badge(said.visibility),
        )

    def _links(self, stated: Stated, said: tuple[Said, ...]) -> list[Link]:
        page = Link("Permanent link", addresses.evidence(stated.subject, stated.property))
        if len(said) == 1:
            return [Link("Permanent link", reverse("directory:statement", args=[said[0].id]))]
        return [
            page,
            *(
                Link(f"Statement {i}", reverse("directory:statement", args=[one.id]))
                for i, one in enumerate(said[:MOST], 1)
            ),
        ]


def age(said: Said) -> str:
    """When a value was verified, else when it was observed: never when a page was edited."""
    if said.verified_on:
        return f"verified {formats.day(said.verified_on)}"
    return f"observed {formats.day(said.observed_on)}" if said.observed_on else ""


def since(said: Said) -> str:
    """`Stale since June 2026`."""
    on = said.freshness.stale_on
    return f"Stale since {formats.MONTHS[on.month - 1]} {on.year}" if on else "Stale"


def safe_url(text: str) -> str:
    """An address that a link may lead to; empty for any other, such as one that would run a script."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc else ""


def visit(text: str) -> SafeString:
    """A link that leads out."""
    url = safe_url(text)
    return format_html(' <a class="out" href="{}" rel="nofollow noopener ugc">Visit</a>', url) if url else EMPTY


def _day(kind: str, value: str) -> str:
    try:
        return formats.day(date.fromisoformat(value), long=True)
    except ValueError:
        return value


def _number(kind: str, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if kind == "money":
        return formats.money(number)
    return formats.number(number, 0 if number.is_integer() else 2)


def _truth(kind: str, value: str) -> str:
    return {"true": "Yes", "false": "No"}.get(value, value)


WRITTEN = {"date": _day, "int": _number, "number": _number, "money": _number, "bool": _truth}
"""How a value of a type is written; other types stand as they are."""
