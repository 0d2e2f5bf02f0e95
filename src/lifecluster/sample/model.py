"""What the sample region is made of before it is written as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lifecluster.errors import LifeclusterError

AS_OF = date(2026, 9, 30)
"""The day at which the invented region is looked at; nothing in it is later, but for what is planned."""


@dataclass(frozen=True, slots=True)
class Postal:
    """A postal place: invented `postcode`, post `town`, `street` or park, projected metres (EPSG:27700), `lad` code."""

    postcode: str
    town: str
    street: str
    easting: int
    northing: int
    lad: str
    park: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place where an organisation works: key `S00001`, `line` of its address, jobs at the sample's date."""

    key: str
    holder: str
    name: str
    line: str
    postal: Postal
    jobs: int
    activities: tuple[str, ...]
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A row of the company register; `sic` may hold "" for none supplied; `previous`: (changed on, name)."""

    number: str
    name: str
    line: str
    postal: Postal
    category: str
    status: str
    incorporated: date
    sic: tuple[str, ...]
    dissolved: date | None = None
    previous: tuple[tuple[date, str], ...] = ()
    origin: str = "United Kingdom"
    accounts: str = "MICRO ENTITY"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A life-science organisation of the region or (with `country` or no place) beyond it.

    `key`: company number, else ODS code, else UKPRN, else `X00001`. `kind`: company, university, rto, nhs-trust, icb,
    charity, outside. `head`: the distinctive part of the name. `jobs`: in all its sites.
    """

    key: str
    kind: str
    name: str
    head: str
    jobs: int
    company: Company | None = None
    segment: str | None = None
    postal: Postal | None = None
    line: str = ""
    group: str | None = None
    founded: date = date(2000, 1, 1)
    closed_on: date | None = None
    ownership: str = "private-independent"
    country: str = "United Kingdom"
    trading: str | None = None
    holding: bool = False

    @property
    def place(self) -> Postal:
        """Where the organisation is; raises LifeclusterError for one beyond the region."""
        if self.postal is None:
            raise LifeclusterError(f"{self.key} has no place in the sample region")
        return self.postal


@dataclass(frozen=True, slots=True)
class Group:
    """Owner of several organisations."""

    key: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """The spine that every theme reads and none changes."""

    seed: int
    postals: tuple[Postal, ...]
    by_outward: Mapping[str, tuple[Postal, ...]]
    parks: Mapping[str, tuple[Postal, ...]]
    organisations: tuple[Organisation, ...]
    groups: tuple[Group, ...]
    sites: tuple[Site, ...]
    hubs: tuple[tuple[str, Postal], ...]
    spare_numbers: tuple[str, ...]
    index: Mapping[str, Organisation] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Organisation]:
        """Organisations of these kinds, in order."""
        return [o for o in self.organisations if o.kind in kinds]

    def firms(self) -> list[Organisation]:
        """Life-science companies that are alive at the sample's date."""
        return [o for o in self.organisations if o.kind == "company" and o.closed_on is None]

    def operating(self) -> list[Organisation]:
        """Firms without the holding companies, which make and hold nothing themselves."""
        return [o for o in self.firms() if not o.holding]

    def first_sites(self) -> Mapping[str, Site]:
        """The first site of each organisation that has one."""
        first: dict[str, Site] = {}
        for site in self.sites:
            first.setdefault(site.holder, site)
        return first
