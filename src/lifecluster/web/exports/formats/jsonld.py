"""JSON-LD in the words of schema.org. The context is in the file, so that nothing has to be fetched to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifecluster.web.exports.formats.geojson import dumped
from lifecluster.web.exports.selection import Row, Selection

CONTEXT = {
    "@vocab": "https://schema.org/",
    "url": {"@id": "https://schema.org/url", "@type": "@id"},
    "license": {"@id": "https://schema.org/license"},
    "sample": "https://schema.org/creativeWorkStatus",
}
PLAIN = {
    "name": "name", "description": "description", "website": "url", "incorporated_on": "foundingDate",
    "ended_on": "dissolutionDate", "legal_form": "legalName",
}  # fmt: skip


def stream(selection: Selection, table: str) -> Iterator[bytes]:
    """A graph of organisations."""
    yield (dumped({"@context": CONTEXT})[:-1] + ', "@graph": [').encode()
    first = True
    for row in selection.organisations():
        yield (("\n" if first else ",\n") + dumped(organisation(row))).encode()
        first = False
    yield b"\n]}\n"


def organisation(row: Row) -> dict[str, Any]:
    """An organisation; `row` as an export has it (columns.ORGANISATIONS)."""
    found: dict[str, Any] = {"@type": "Organization", "@id": row["url"], "identifier": _identifiers(row)}
    for ours, theirs in PLAIN.items():
        if ours != "legal_form" and row.get(ours) not in (None, ""):
            found[theirs] = str(row[ours])
    names = [*(row.get("previous_name") or ()), *(row.get("trading_name") or ())]
    if names:
        found["alternateName"] = names
    if row.get("employees") is not None:
        found["numberOfEmployees"] = {"@type": "QuantitativeValue", "value": row["employees"]}
    address = {"streetAddress": row.get("address") or row.get("registered_address"), "addressLocality": row.get("town"),
               "postalCode": row.get("postcode")}  # fmt: skip
    if any(address.values()):
        found["address"] = {"@type": "PostalAddress", **{k: v for k, v in address.items() if v}}
    if row.get("longitude") is not None:
        geo = {"@type": "GeoCoordinates", "latitude": row["latitude"], "longitude": row["longitude"]}
        found["location"] = {"@type": "Place", "geo": geo}
    found["subjectOf"] = _dataset(row)
    return found


def _identifiers(row: Row) -> list[dict[str, str]]:
    stated = {"lifecluster": row["id"], "GB-COH": row.get("company_number"), "ODS": row.get("ods_code"),
              "UKPRN": row.get("ukprn")}  # fmt: skip
    return [{"@type": "PropertyValue", "propertyID": k, "value": str(v)} for k, v in stated.items() if v]


def _dataset(row: Row) -> dict[str, Any]:
    """Where it comes from, each source with its licence, and whether it is invented."""
    each = zip(row["source"], row["source_licence"], row["attribution"], strict=True)
    based = [{"@type": "Dataset", "name": source, "license": licence, **({"creditText": asked} if asked else {})}
             for source, licence, asked in each]  # fmt: skip
    found: dict[str, Any] = {"@type": "Dataset", "name": row.get("package"), "isBasedOn": based}
    return {**found, "sample": "sample"} if row.get("sample") else found
