"""What properties, kinds and codes are called on pages. Codes stay codes in data; people read words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEPT = {
    "nhs": "NHS",
    "icb": "ICB",
    "ccg": "CCG",
    "rto": "RTO",
    "iso": "ISO",
    "iec": "IEC",
    "cnc": "CNC",
    "gmp": "GMP",
    "gdp": "GDP",
    "uk": "UK",
    "pcr": "PCR",
    "dna": "DNA",
    "rna": "RNA",
    "mri": "MRI",
    "ct": "CT",
    "3d": "3D",
    "cad": "CAD",
    "cam": "CAM",
    "ivd": "IVD",
    "iia": "IIa",
    "iib": "IIb",
    "iii": "III",
    "i": "I",
    "b": "B",
    "mrna": "mRNA",
    "dtac": "DTAC",
    "emc": "EMC",
    "hta": "HTA",
    "ukca": "UKCA",
    "ai": "AI",
}
"""Words of codes that are written in another way than lower case."""

PHRASES: Mapping[str, str] = {
    "cad-cam-milling": "CAD/CAM milling",
    "calibration-ukas": "Calibration (UKAS)",
    "coating-lamination": "Coating and lamination",
    "cold-chain-2-8": "Cold chain, 2 to 8 °C",
    "employee-owned": "Employee-owned",
    "family-owned": "Family-owned",
    "interoperability-fhir": "Interoperability (FHIR)",
    "investor-backed": "Investor-backed",
    "non-commercial": "Non-commercial",
    "oral-solid-dose": "Oral solid dose forms",
    "private-independent": "Private, independent",
    "software-iec-62304": "Software to IEC 62304",
    "sterile-fill-finish": "Sterile fill and finish",
    "university-spin-out": "University spin-out",
}
"""Codes whose words are more than their parts."""

PROPERTIES: Mapping[str, str] = {
    "name": "Name",
    "previous_name": "Earlier names",
    "trading_name": "Trading names",
    "company_number": "Company number",
    "ods_code": "NHS organisation code",
    "ukprn": "Provider number (UKPRN)",
    "org_id": "Other identifiers",
    "parent": "Group",
    "status": "Status at Companies House",
    "legal_form": "Legal form",
    "organisation_type": "Kind of organisation",
    "country_of_origin": "Country of origin",
    "incorporated_on": "Incorporated",
    "dissolved_on": "Dissolved",
    "opened_on": "Opened",
    "closed_on": "Closed",
    "sic": "Industry codes (SIC 2007)",
    "description": "What it does",
    "website": "Web address",
    "employees": "Employees",
    "turnover": "Turnover",
    "accounts_category": "Kind of accounts",
    "accounts_made_up_to": "Accounts made up to",
    "registered_address": "Registered address",
    "registered_town": "Registered in",
    "registered_postcode": "Postcode of the registered office",
    "nhs_region": "NHS region",
    "icb": "Integrated care board",
    "segment": "Segments stated",
    "capability": "Capabilities",
    "ownership": "Ownership",
    "mission": "Healthcare missions",
    "member_of": "Member of",
    "address": "Address",
    "town": "Town",
    "postcode": "Postcode",
    "country": "Country",
    "easting": "Easting",
    "northing": "Northing",
    "lad": "Local authority",
    "activity": "What happens there",
    "jobs": "Jobs",
    "holder": "Held by",
    "held_at": "Held at",
    "partner": "Partners",
    "buyer": "Buyer",
    "title": "Title",
    "reference": "Reference",
    "licence_type": "Licence",
    "scope": "Scope",
    "programme": "Programme",
    "funder": "Funder",
    "amount": "Amount",
    "currency": "Currency",
    "starts_on": "Starts",
    "ends_on": "Ends",
    "state": "State",
    "phase": "Phase",
    "classification": "Classification",
    "topic": "Topics",
    "url": "Published at",
    "facility_type": "Type",
    "cleanroom_class": "Cleanroom class",
    "containment_level": "Containment level",
    "power_kw": "Power, kW",
    "space_m2": "Space, m²",
    "space_available_m2": "Space available, m²",
    "available_from": "Available from",
    "shared": "Shared with others",
}

KINDS: Mapping[str, tuple[str, str]] = {
    "organisation": ("organisation", "organisations"),
    "site": ("site", "sites"),
    "group": ("group", "groups"),
    "licence": ("licence", "licences"),
    "award": ("award", "awards"),
    "contract": ("contract", "contracts"),
    "trial": ("trial", "trials"),
    "collaboration": ("collaboration", "collaborations"),
    "product": ("product", "products"),
    "vacancy": ("vacancy", "vacancies"),
    "need": ("need", "needs"),
    "offer": ("offer", "offers"),
    "facility": ("facility", "facilities"),
}
"""One and many."""

UNITS = {"organisation": "organisations", "group": "groups of organisations", "site": "sites"}
LOCATIONS = {
    "working_site": "where they work",
    "registered_office": "where they are registered",
    "jobs_allocated": "where their jobs are",
}
METHODS = {
    "listed": "listed: an organisation with one of the codes counts, one without does not",
    "weighed": "weighed: what speaks for and against is added up to a probability; at least a half counts",
}
JOBS_METHODS = {
    "stated": "stated for this site",
    "stated, total differs": "stated for this site; the sites do not add up to the total",
    "remainder": "allocated from the total of the organisation: what its other sites leave",
    "equal share": "allocated from the total of the organisation in equal shares",
    "unknown": "nobody has said",
}
PLACES = {
    "unit": "to the postcode",
    "sector": "to the postcode sector",
    "outward": "to the postcode district",
    "lad": "to the local authority",
}
LICENCES = {
    "MIA": "to manufacture or import medicines",
    "MIA(IMP)": "to manufacture or import medicines for trials",
    "WDA(H)": "to deal wholesale in medicines for people",
    "MS": "to manufacture unlicensed medicines (specials)",
    "HTA": "Human Tissue Authority",
    "UKCA": "mark of conformity for Great Britain",
    "DTAC": "assessment criteria for digital health",
    "ISO 13485": "quality management of medical devices",
    "ISO 9001": "quality management",
    "ISO 17025": "competence of laboratories",
    "ISO 27001": "security of information",
    "ISO 15189": "quality of medical laboratories",
}
"""What the common ones are for."""
REGION_BY = {
    "site": "it works at a site here",
    "working": "its working address is here",
    "contact": "its contact address is here",
    "registered": "it is registered here; no site is known",
}


def in_words(code: str) -> str:
    """A code such as `clean-room-iso-8` as people write it: `Clean room ISO 8`; what is no such code stays."""
    if code != code.lower() or " " in code or not code:
        return code
    if code in PHRASES:
        return PHRASES[code]
    first, *rest = code.replace("_", "-").split("-")
    return " ".join([KEPT.get(first, first[:1].upper() + first[1:]), *(KEPT.get(word, word) for word in rest)])


def label(prop: str) -> str:
    """What a property is called."""
    return PROPERTIES.get(prop) or in_words(prop)


def kind(name: str, count: int = 1) -> str:
    """What a kind of thing is called, one or many."""
    one, many = KINDS.get(name, (name, name + "s"))
    return one if count == 1 else many


def unit(definition: Mapping[str, Any]) -> str:
    """What a definition counts, and where: `organisations, where they work`."""
    what, where = str(definition["unit"]), str(definition["location"])
    return f"{UNITS.get(what, what)}, placed {LOCATIONS.get(where, where)}"


def unit_note(definition: Mapping[str, Any]) -> str:
    """A sentence where a definition has another unit than the organisations that pages count, or nothing."""
    name = str(definition["unit"])
    if name == "organisation":
        return ""
    many = UNITS.get(name, name)
    return f"The unit of this definition is {many}; the number here counts organisations, so it may be higher."


def jobs(low: str, high: str, shown: str, method: str) -> str:
    """`11 jobs, range 11 to 15: an equal share of the total`; what is not known is left out."""
    said = f"{shown} job{'' if shown == '1' else 's'}"
    if low and high and low != high:
        said += f", range {low} to {high}"
    how = JOBS_METHODS.get(method, "")
    return f"{said}: {how}" if how else said
