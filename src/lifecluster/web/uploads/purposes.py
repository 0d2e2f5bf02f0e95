"""What lists can be uploaded: of what a row speaks, and by which headings its columns are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifecluster.web.directory.show.words import label

ORGANISATION = "organisation"
"""The column that says whose a row is, where the list is of several organisations."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the property, its `title` as pages say it, a hint how it is written, other words of headings."""

    name: str
    title: str
    hint: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """A kind of list: `name`, `title`, the `kind` of thing that a row adds ("" for values of what is there)."""

    name: str
    title: str
    kind: str
    lead: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> dict[str, list[str]]:
        """Property -> headings by which it is known: its title first, then as pages of the register call it."""
        return {one.name: [one.title, one.name, label(one.name), *one.words] for one in self.columns}

    @property
    def titles(self) -> dict[str, str]:
        """Property -> its title."""
        return {one.name: one.title for one in self.columns}

    def column(self, name: str) -> Column | None:
        """The column of a property."""
        return next((one for one in self.columns if one.name == name), None)


_WHOSE = Column(ORGANISATION, "Organisation", "name, company number or identifier",
                ("company", "company name", "organisation name", "firm", "company number", "member"))  # fmt: skip
_POSTCODE = Column("postcode", "Postcode", "as LE11 3TU", ("post code", "zip", "site postcode", "pcode"))
_CAPABILITY = Column("capability", "Capabilities", "several with ; between",
                     ("capability", "what we can do", "skills", "technologies", "services", "processes"))  # fmt: skip

PURPOSES: Mapping[str, Purpose] = {
    one.name: one
    for one in (
        Purpose("sites", "Sites", "site", "places where you work", (
            _WHOSE,
            Column("name", "Name of the site", "", ("site", "site name", "name", "building", "location name")),
            Column("address", "Address", "", ("street", "street address", "address line 1")),
            Column("town", "Town", "", ("city", "town city", "post town")),
            _POSTCODE,
            Column("jobs", "Jobs", "a whole number", ("staff", "employees", "headcount", "head count", "fte")),
            Column("activity", "Activities", "several with ; between", ("activity", "use", "what is done there")),
            _CAPABILITY,
            Column("website", "Website", "", ("web", "url", "web site", "homepage")),
            Column("opened_on", "Opened on", "as 2024-05-31", ("opened", "open since", "opening date", "start date")),
        )),
        Purpose("capabilities", "Capabilities", "", "what you can do, and at which site", (
            _WHOSE, _POSTCODE, _CAPABILITY,
        )),
        Purpose("facilities", "Premises and facilities", "facility", "laboratories, cleanrooms, space to let", (
            _WHOSE,
            Column("title", "Name of the facility", "", ("facility", "name", "room", "unit", "facility name", "title")),
            Column("facility_type", "Type", "laboratory, cleanroom, office …", ("kind", "use", "facility type")),
            _POSTCODE,
            Column("cleanroom_class", "Cleanroom class", "ISO 7, or GMP grade C",
                   ("class", "iso class", "clean room class", "gmp grade", "grade")),
            Column("containment_level", "Containment level", "1 to 4", ("cl", "acdp", "biosafety level", "bsl")),
            Column("power_kw", "Power, kW", "a number", ("power", "kw", "electricity")),
            Column("space_m2", "Space, m²", "a number", ("space", "area", "m2", "sqm", "floor area", "size")),
            Column("space_available_m2", "Space available, m²", "a number",
                   ("available", "space available", "available m2", "free", "vacant", "free space")),
            Column("available_from", "Available from", "as 2027-01-31", ("from", "date available", "available date")),
            Column("shared", "Shared", "yes or no", ("shared use", "open to others", "shareable")),
            Column("description", "Description", "", ("notes", "about", "details", "comment", "comments")),
            Column("url", "Web page", "", ("web", "link", "website", "web page", "page")),
        )),
    )
}  # fmt: skip
"""Kinds of lists by name."""
