"""What the API answers with. `null` is unknown; dates are ISO; places are metres of EPSG:27700."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """An error, in words (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class SourceOut(Schema):
    """A file that statements come from, with its publisher's words."""

    source: str
    title: str
    publisher: str
    rank: str = Field(description="member, official or other: which kind of source is shown first")
    licence: str
    licence_title: str
    licence_url: str
    attribution: str
    url: str
    file: str
    sha256: str
    observed_on: date | None
    sample: bool
    read: int | None
    accepted: int | None
    rejected: int | None


class PackageOut(Schema):
    """The package that is shown now."""

    name: str
    title: str
    at: date = Field(description="the date that counts as today for the build")
    loaded_at: datetime | None
    revision: int = Field(description="grows with every approved edit and every computation of claims")
    sample: bool
    log_head: str = Field(description="id of the last entry of the log that the package was built with")
    counts: dict[str, Any]


class FreshnessOut(Schema):
    """How old a value is by the rules of its property."""

    state: str = Field(description="fresh, ageing, stale, ageless or undated")
    since: date | None
    stale_on: date | None


class StatementOut(Schema):
    """One value of one property from one row of one source."""

    id: str = Field(description="content hash")
    subject: str
    property: str
    value: str = Field(description="empty: the source says that it is not known")
    original: str | None = Field(description="the text as it stood, where reading changed it")
    source: str
    record: str
    locator: str = Field(description="file and row")
    licence: str
    observed_on: date | None
    verified_on: date | None
    valid_from: date | None
    valid_to: date | None
    shown: bool
    sample: bool
    freshness: FreshnessOut


class ValueOut(Schema):
    """A property with what is shown, why, and what other sources say."""

    property: str
    type: str
    text: str
    why: str
    shown: list[StatementOut]
    others: list[StatementOut]


class SegmentOut(Schema):
    """An organisation under a definition; `segment` empty: the definition as a whole."""

    organisation: str
    definition: str
    segment: str
    role: str
    state: str = Field(description="yes, no or unknown")
    probability: float | None
    evidence: Any


class OrganisationRow(Schema):
    """An organisation in a list."""

    id: str
    url: str = Field(description="the address that stands for it")
    page: str | None = Field(description="the page for people")
    name: str
    live: bool
    ended_on: date | None
    company_number: str
    town: str
    postcode: str
    lad: str
    easting: float | None
    northing: float | None
    place_quality: str
    employees: int | None
    size: str
    sites: int
    records: int
    observed_on: date | None
    verified_on: date | None
    sample: bool


class LicenceAsked(Schema):
    """A licence that was asked for: of several of a type the one that was checked last."""

    licence_type: str
    last_checked: date | None = Field(description="the day on which it was last seen or verified")
    stale: bool = Field(description="whether that is too long ago: then it is held only if nothing changed")


class OriginOut(Schema):
    """A source that speaks of a row, under which licence, and what that asks to be said."""

    source: str
    licence: str
    attribution: str


class FoundRow(OrganisationRow):
    """An organisation that a query found."""

    km: float | None = Field(description="kilometres from the place asked about, to its nearest site")
    summary: dict[str, Any] = Field(description="what a line of the directory shows of it")
    licences_asked: list[LicenceAsked] = Field(description="the licences that the query asks for")
    origins: list[OriginOut] = Field(description="the sources that the row comes from, each with its licence")


class SiteOut(Schema):
    """A place where an organisation works."""

    id: str
    url: str
    organisation: str
    name: str
    town: str
    postcode: str
    lad: str
    easting: float | None
    northing: float | None
    place_quality: str
    jobs: float | None
    jobs_low: float | None
    jobs_high: float | None
    jobs_method: str
    live: bool
    sample: bool


class ThingOut(Schema):
    """A licence, award, contract, trial, collaboration, product, vacancy, need or offer."""

    id: str
    url: str
    kind: str
    title: str
    state: str
    starts_on: date | None
    ends_on: date | None
    live: bool
    sample: bool
    data: dict[str, Any] = Field(description="shown values; names of reference/properties.yml")


class GroupOut(Schema):
    """An owner of several organisations."""

    id: str
    url: str
    name: str
    sample: bool
    data: dict[str, Any]


class NamedOut(Schema):
    """What an id is called."""

    id: str
    url: str
    kind: str
    name: str
    sample: bool


class OrganisationOut(OrganisationRow):
    """An organisation with all its values and their evidence."""

    values: list[ValueOut]
    site_list: list[SiteOut]
    things: list[ThingOut]
    segments: list[SegmentOut]
    parent: NamedOut | None = Field(description="the group or organisation that owns it")


class SiteFull(SiteOut):
    """A site with its values and their evidence."""

    values: list[ValueOut]


class ThingFull(ThingOut):
    """A thing with its values and their evidence."""

    values: list[ValueOut]


class GroupFull(GroupOut):
    """A group with its values and their evidence."""

    values: list[ValueOut]


class Listing(Schema):
    """What all lists have: `next` is the address of the next page, null at the end."""

    next: str | None


class OrganisationList(Listing):
    """Organisations that fit the query."""

    total: int
    corrected: str = Field(description="the text that was searched instead of a misspelt one, or empty")
    notes: list[str] = Field(description="what was not understood, in sentences")
    items: list[FoundRow]


class SiteList(Listing):
    """Sites, by id."""

    items: list[SiteOut]


class ThingList(Listing):
    """Things, by id."""

    items: list[ThingOut]


class GroupList(Listing):
    """Groups, by id."""

    items: list[GroupOut]


class SegmentList(Listing):
    """Segments."""

    items: list[SegmentOut]


class StatementList(Listing):
    """Statements."""

    items: list[StatementOut]


class ChangeOut(Schema):
    """What became of an organisation."""

    cursor: int
    at: datetime
    package: str
    id: str
    url: str
    name: str
    what: str = Field(
        description="new, changed, gone, redirected, edited, merged (into `target`) or split (off `target`)"
    )
    target: str = Field(description="where a redirected id leads, else empty")
    fields: dict[str, list[Any]] = Field(description="property: before and after")
    undone: bool = Field(description="taken back by a return to the package before")


class ChangeList(Listing):
    """Changes after `since`, oldest first; ask again with `cursor` as `since`."""

    cursor: int
    items: list[ChangeOut]


class FacetValueOut(Schema):
    """How many organisations would be left with this value chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    parent: str


class FacetOut(Schema):
    """A facet with its counts under all other filters."""

    name: str
    title: str
    values: list[FacetValueOut]


class DefinitionOut(Schema):
    """A definition of which organisations count, and how many do."""

    name: str
    title: str
    organisations: int
    unknown: int
    expected: float | None
    effect: str


class HitOut(Schema):
    """Something that a text found."""

    id: str
    url: str
    name: str
    score: float
    note: str


class SuggestionOut(Schema):
    """A suggestion while somebody types."""

    kind: str
    id: str
    label: str
    note: str
    query: str


class ResolvedOut(Schema):
    """Where an id leads today."""

    asked: str
    id: str
    kind: str
    status: str = Field(description="live, redirected or absent")
    others: list[str] = Field(description="ids that parts of it were split off to")
    url: str


class RootOut(Schema):
    """Where things are."""

    title: str
    package: PackageOut
    links: dict[str, str]
