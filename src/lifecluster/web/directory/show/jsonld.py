"""An organisation as linked data (schema.org), for machines that read pages; only what is public and shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from lifecluster.web.directory.show.evidence import safe_url

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Site
    from lifecluster.web.directory.reads import OrganisationView

ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def organisation(view: OrganisationView, address: str) -> dict[str, Any]:
    """The organisation; `address` is the whole address of its page."""
    o = view.organisation
    data = o.data
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": address,
        "identifier": [_identifier("Lifecluster id", o.uid), *_identifiers(data)],
        "name": o.name,
        "alternateName": [*data.get("trading_name", ()), *data.get("previous_name", ())],
        "description": data.get("description"),
        "sameAs": safe_url(str(data.get("website", ""))),
        "numberOfEmployees": {"@type": "QuantitativeValue", "value": o.employees} if o.employees is not None else None,
        "foundingDate": data.get("incorporated_on") or data.get("opened_on"),
        "dissolutionDate": o.ended_on.isoformat() if o.ended_on else None,
        "location": [_place(site) for site in view.sites if site.live],
        "memberOf": [{"@type": "Organization", "name": name} for name in data.get("member_of", ())],
        "parentOrganization": {"@type": "Organization", "name": view.parent.name} if view.parent else None,
        "disambiguatingDescription": "Invented: part of a sample region" if o.sample else None,
    }
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


def _identifier(name: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _identifiers(data: dict[str, Any]) -> list[dict[str, str]]:
    named = (("GB-COH", "company_number"), ("GB-NHS", "ods_code"), ("GB-UKPRN", "ukprn"))
    return [_identifier(name, str(data[prop])) for name, prop in named if data.get(prop)]


def _place(site: Site) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": site.data.get("address"),
        "addressLocality": site.town or None,
        "postalCode": site.postcode or None,
        "addressCountry": "GB",
    }
    found = {"@type": "Place", "name": site.name or None, "address": {k: v for k, v in address.items() if v}}
    return {key: value for key, value in found.items() if value}


def block(data: dict[str, Any]) -> SafeString:
    """The data as text of a `script` of type `application/ld+json`: nothing in it can end that element or be markup."""
    return SafeString(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED))
