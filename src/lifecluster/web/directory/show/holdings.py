"""Tables of what an organisation holds, wins and runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.addresses import Names
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.kit import formats
from lifecluster.web.kit.rendering import EMPTY, format_html, join
from lifecluster.web.kit.states import Answer, Badge, State
from lifecluster.web.kit.tables import Column, Row, Table

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Thing
    from lifecluster.web.directory.reads import Values

OVER = {
    "expired": "Expired",
    "surrendered": "Given back",
    "suspended": "Suspended",
    "revoked": "Revoked",
    "withdrawn": "Withdrawn",
    "closed": "Closed",
    "ended": "Ended",
    "terminated": "Terminated",
    "cancelled": "Cancelled",
}
NO_ROWS = "None in the register."


@dataclass(frozen=True, slots=True)
class Shelf:
    """Things of one organisation: `uid` whose page it is, `things` by kind, what words need."""

    uid: str
    things: dict[str, list[Thing]]
    values: Values
    reader: Reader

    @property
    def names(self) -> Names:
        """What other ids are called."""
        return self.reader.names

    def of(self, kind: str) -> list[Thing]:
        """Things of a kind."""
        return self.things.get(kind, [])

    def mark(self, thing: Thing, prop: str, text: str = "") -> Any:
        """A property of a thing with its mark, or the word for nothing."""
        stated = self.values.of(thing.uid, prop)
        return self.reader.mark(stated, text) if stated else (text or EMPTY)


def page(thing: Thing, text: str = "") -> SafeString:
    """A link to the page of a thing."""
    return addresses.link(addresses.address(thing.uid, thing.kind), text or thing.title or thing.uid)


OF_LICENCES = (
    Column("licence", "Licence", head=True),
    Column("held", "Held?", "state"),
    Column("detail", "Detail"),
    Column("checked", "Last checked", "date"),
    Column("source", "Source"),
)


def licences(shelf: Shelf) -> Table | None:
    """Licences: held or not, and how fresh that is. A stale fact never gives a plain yes."""
    rows = []
    for thing in shelf.of("licence"):
        stated = shelf.values.of(thing.uid, "licence_type")
        said = stated.shown[0] if stated and stated.shown else None
        stale = said is not None and said.freshness.state == "stale"
        checked = said.freshness.since if said else None
        rows.append(
            Row(
                {
                    "licence": page(thing, str(thing.data.get("licence_type") or thing.title)),
                    "held": held(thing, shelf.reader.at, stale=stale),
                    "detail": shelf.mark(thing, "ends_on", _until(thing)) if thing.ends_on else _until(thing),
                    "checked": format_html("{} {}", formats.day(checked), Badge("stale") if stale else EMPTY),
                    "source": said.source.title if said else "not known",
                },
                sub={
                    "licence": sentence(words.LICENCES.get(str(thing.data.get("licence_type")), "")),
                    "detail": ", ".join(words.in_words(s) for s in thing.data.get("scope", ())),
                },
            )
        )
    return Table("Licences and certificates", OF_LICENCES, rows) if rows else None


def sentence(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def held(thing: Thing, at: date, *, stale: bool) -> State:
    """Whether a licence is held: by what the source says of it, by its dates, and by how old that is."""
    if thing.state in OVER:
        return State(Answer.NO, f"No: {OVER[thing.state].lower()}", pill=True)
    if thing.ends_on and thing.ends_on < at:
        return State(Answer.NO, "No: ran out", pill=True)
    if thing.state != "active":
        return State(Answer.UNKNOWN, pill=True)
    return State(Answer.YES, pill=True, stale=stale)


def _until(thing: Thing) -> str:
    return f"To {formats.day(thing.ends_on)}" if thing.ends_on else "No end date recorded"


OF_AWARDS = (
    Column("year", "Year", "date"),
    Column("award", "Award", head=True),
    Column("role", "Part"),
    Column("amount", "Amount", "number"),
)


def awards(shelf: Shelf) -> Table | None:
    """Awards, newest first, with the sum of those in pounds."""
    rows, total, counted = [], 0.0, 0
    for thing in shelf.of("award"):
        amount, currency = thing.data.get("amount"), thing.data.get("currency", "GBP")
        pounds = amount is not None and currency == "GBP"
        total, counted = total + (float(amount) if pounds else 0), counted + bool(pounds)
        others = [p for p in thing.data.get("partner", ()) if p != shelf.uid]
        partners = [addresses.named(p, shelf.names) for p in others if p in shelf.names]
        rows.append(
            Row(
                {
                    "year": str(thing.starts_on.year) if thing.starts_on else "",
                    "award": page(thing),
                    "role": "Lead" if shelf.uid in thing.data.get("holder", ()) else "Partner",
                    "amount": shelf.mark(thing, "amount", _money(amount, currency)),
                },
                sub={
                    "award": _with(
                        thing.data.get("programme") or thing.data.get("funder") or "",
                        partners,
                        len(others) - len(partners),
                    )
                },
            )
        )
    if not rows:
        return None
    sum_row = Row({"award": formats.plural(counted, "award"), "amount": formats.money(total)}) if counted > 1 else None
    return Table("Awards", OF_AWARDS, rows, sum_row)


def _money(amount: Any, currency: str) -> str:
    if amount is None:
        return "not published"
    return formats.money(float(amount)) if currency == "GBP" else f"{formats.number(float(amount))} {currency}"


def _with(first: str, partners: Sequence[SafeString], outside: int, most: int = 4) -> SafeString:
    """`Programme; with A, B and 3 more`; `outside` partners that the register does not have."""
    if not partners:
        return format_html(
            "{}{}", first, f"; with {formats.plural(outside, 'other')} outside this register" if outside else ""
        )
    rest = len(partners) + outside - min(most, len(partners))
    more = f" and {rest} more" if rest else ""
    shown = join(format_html(", {}" if i else "{}", p) for i, p in enumerate(partners[:most]))
    return format_html("{}{}with {}{}", first, "; " if first else "", shown, more)


OF_CONTRACTS = (
    Column("contract", "Contract", head=True),
    Column("buyer", "Buyer"),
    Column("term", "Term", "date"),
    Column("amount", "Amount", "number"),
)


def contracts(shelf: Shelf) -> Table | None:
    """Public contracts."""
    rows = [
        Row(
            {
                "contract": page(thing),
                "buyer": join(addresses.named(b, shelf.names) for b in thing.data.get("buyer", ())) or "not known",
                "term": _term(thing),
                "amount": shelf.mark(
                    thing, "amount", _money(thing.data.get("amount"), thing.data.get("currency", "GBP"))
                ),
            },
        )
        for thing in shelf.of("contract")
    ]
    return Table("Public contracts", OF_CONTRACTS, rows) if rows else None


def _term(thing: Thing) -> str:
    start, end = thing.starts_on, thing.ends_on
    if start and end:
        return f"{start.year} to {end.year}" if start.year != end.year else str(start.year)
    return f"from {start.year}" if start else f"to {end.year}" if end else "not known"


OF_TRIALS = (
    Column("trial", "Trial", head=True),
    Column("phase", "Phase"),
    Column("state", "State"),
    Column("ended", "Ended", "date"),
)


def trials(shelf: Shelf) -> Table | None:
    """Clinical trials."""
    rows = [
        Row(
            {
                "trial": page(thing, thing.title or str(thing.data.get("reference", thing.uid))),
                "phase": str(thing.data.get("phase", "not known")),
                "state": words.in_words(thing.state) or "not known",
                "ended": formats.day(thing.ends_on) if thing.ends_on else "",
            },
        )
        for thing in shelf.of("trial")
    ]
    return Table("Clinical trials it sponsors", OF_TRIALS, rows) if rows else None


OF_PRODUCTS = (
    Column("product", "Product", head=True, wide="l"),
    Column("class", "Class"),
    Column("state", "State"),
)


def products(shelf: Shelf) -> Table | None:
    """Products and services."""
    rows = [
        Row(
            {
                "product": page(thing),
                "class": ", ".join(words.in_words(c) for c in thing.data.get("classification", ())) or "not recorded",
                "state": shelf.mark(thing, "state", words.in_words(thing.state) or "not known"),
            },
            sub={"product": str(thing.data.get("description", ""))},
        )
        for thing in shelf.of("product")
    ]
    return Table("Products and services", OF_PRODUCTS, rows) if rows else None


OF_VACANCIES = (
    Column("vacancy", "Position", head=True),
    Column("where", "Where"),
    Column("opened", "Opened", "date"),
    Column("until", "Until", "date"),
    Column("state", "State"),
)


def vacancies(shelf: Shelf) -> Table | None:
    """Open positions first; those that are over say so."""
    rows = []
    for thing in shelf.of("vacancy"):
        over = thing.state != "open" or (thing.ends_on is not None and thing.ends_on < shelf.reader.at)
        where = join(addresses.named(s, shelf.names) for s in thing.data.get("held_at", ()))
        rows.append(
            Row(
                {
                    "vacancy": page(thing),
                    "where": where or "not recorded",
                    "opened": formats.day(thing.starts_on),
                    "until": formats.day(thing.ends_on) if thing.ends_on else "no date given",
                    "state": "Open" if not over else "Closed" if thing.state == "open" else words.in_words(thing.state),
                },
                mark="in" if over else "",
            )
        )
    rows.sort(key=lambda row: row.mark == "in")
    return Table("Vacancies", OF_VACANCIES, rows) if rows else None


@dataclass(frozen=True, slots=True)
class Wish:
    """A need or an offer: a line with its title, topics and state."""

    title: SafeString
    topics: str
    state: str
    open: bool


def wishes(shelf: Shelf, kind: str) -> list[Wish]:
    """Needs or offers, open ones first."""
    found = [
        Wish(
            page(t),
            sentence(", ".join(words.in_words(one).lower() if "-" in one else one for one in t.data.get("topic", ()))),
            words.in_words(t.state) or "Open",
            t.state in {"open", ""},
        )
        for t in shelf.of(kind)
    ]
    return sorted(found, key=lambda wish: not wish.open)


OF_PARTNERS = (
    Column("partner", "Organisation", head=True),
    Column("seen", "Seen in"),
    Column("since", "Since", "date"),
)


def partners(shelf: Shelf) -> Table | None:
    """Who it works with, counted from awards, contracts and collaborations."""
    seen: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    since: dict[str, int] = {}
    over: dict[str, list[int | None]] = defaultdict(list)
    for kind in ("award", "collaboration", "contract", "trial"):
        for thing in shelf.of(kind):
            parties = {p for role in ("holder", "partner", "buyer") for p in thing.data.get(role, ())} - {shelf.uid}
            for party in parties:
                seen[party][kind] += 1
                over[party].append(_ended(thing, shelf.reader.at))
                if thing.starts_on:
                    since[party] = min(since.get(party, 9999), thing.starts_on.year)
    known = [p for p in seen if p in shelf.names and shelf.names[p].name]
    known.sort(key=lambda p: (-sum(seen[p].values()), shelf.names[p].name))
    rows = [
        Row(
            {
                "partner": addresses.named(p, shelf.names),
                "seen": _seen(seen[p]),
                "since": f"{since.get(p, 'not known')}{_over_by(over[p])}",
            }
        )
        for p in known
    ]
    return Table("Organisations it works with", OF_PARTNERS, rows) if rows else None


def _ended(thing: Thing, at: date) -> int | None:
    """The year in which something ended, 0 if it ended and no day is known; None if it goes on as far as is known."""
    if thing.ends_on is not None and thing.ends_on < at:
        return thing.ends_on.year
    return None if thing.live else 0


def _over_by(years: Iterable[int | None]) -> str:
    """`, ended 2020` where nothing of several goes on."""
    known = list(years)
    if not known or None in known:
        return ""
    last = max(year for year in known if year is not None)
    return f", ended {last}" if last else ", ended"


def _seen(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {words.kind(kind, n)}" for kind, n in counts.items())


TABLES: dict[str, Callable[[Shelf], Table | None]] = {
    "licence": licences,
    "product": products,
    "award": awards,
    "contract": contracts,
    "trial": trials,
    "vacancy": vacancies,
}


def shortened(table: Table, most: int) -> tuple[Table, int]:
    """The first rows of a table, and how many there are more."""
    if len(table.rows) <= most:
        return table, 0
    short = Table(
        table.caption,
        table.columns,
        table.rows[:most],
        table.total,
        table.narrow,
        table.show_caption,
        table.note,
        table.empty,
        table.name,
    )
    return short, len(table.rows) - most


def outside(shelf: Shelf, kinds: Iterable[str] = ("award", "collaboration")) -> int:
    """How many partners are not in this register."""
    every = {p for kind in kinds for t in shelf.of(kind) for p in t.data.get("partner", ())}
    return len([p for p in every if p != shelf.uid and p not in shelf.names])
