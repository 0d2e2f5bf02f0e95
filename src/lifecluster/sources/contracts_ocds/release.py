"""One OCDS release or record taken apart; contact points are not looked at.

Source: Open Contracting Data Standard 1.1, https://standard.open-contracting.org/1.1/en/schema/reference/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lifecluster.sources.persons import mask_text, mask_value
from lifecluster.sources.tabular import fingerprint

Json = Mapping[str, Any]
SCHEMED = r"[A-Z]{2}-[A-Z0-9]{2,}-\S"
"""How an identifier begins that names its scheme (country, register, number). Source: https://org-id.guide/about"""


@dataclass
class Found:
    """What all releases gave so far, as plain texts: one mapping a party or contract, with file, row and date."""

    parties: list[dict[str, Any]] = field(default_factory=list)
    contracts: list[dict[str, Any]] = field(default_factory=list)


def read_release(item: object, file: str, row: int, found: Found) -> str | None:
    """Add the parties and contracts of one release or record to `found`; returns the reason where it is neither."""
    if not isinstance(item, dict):
        return "is no JSON object"
    release = _compiled(item)
    if release is None:
        return "a record without a compiled release or releases"
    ocid = release.get("ocid")
    if not isinstance(ocid, str) or not ocid:
        return "has no ocid"
    place = {"file": file, "row": row, "_date": str(release.get("date") or "")}
    parties = list(_dicts(release.get("parties")))
    keys = {str(p["id"]): _key(p, ocid) for p in parties if p.get("id")}
    mentioned = [*_dicts([release.get("buyer")]), *(s for a in _awards(release) for s in _dicts(a.get("suppliers")))]
    parties += [m for m in mentioned if str(m.get("id") or "") not in keys and (m.get("id") or m.get("name"))]
    found.parties += [{**place, "key": _key(p, ocid), **_party(p)} for p in parties]
    buyers = list(_dicts([release.get("buyer")])) or [p for p in parties if "buyer" in (p.get("roles") or [])]
    common = {**place, "_ocid": ocid, "reference": ocid, "buyer": _refs(buyers, keys, ocid), **_tender(release)}
    found.contracts += [{**common, **part} for part in _contracts(release, ocid, keys)]
    return None


def _compiled(item: Json) -> Json | None:
    if "compiledRelease" not in item and "releases" not in item:
        return item
    if isinstance(item.get("compiledRelease"), dict):
        return {"ocid": item.get("ocid"), **item["compiledRelease"]}
    releases = [r for r in _dicts(item.get("releases")) if "ocid" in r]
    return max(releases, key=lambda r: str(r.get("date") or ""), default=None)


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    return (v for v in value if isinstance(v, dict)) if isinstance(value, list) else iter(())


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _awards(release: Json) -> list[dict[str, Any]]:
    return list(_dicts(release.get("awards")))


def _text(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _key(party: Json, ocid: str) -> str:
    """The first identifier with a scheme; `GB-COH` numbers in eight digits, so that both spellings are one.

    Any other id of a party holds within its release only (the standard: it is for cross-referencing within the
    release), so such a party is known by its name and postcode, or by its release where it has not both.
    """
    for stated in _ids(party):
        if stated.startswith("GB-COH-") and stated[7:].isdigit() and 4 <= len(stated[7:]) <= 8:
            return f"GB-COH-{stated[7:].zfill(8)}"
        return stated
    name, postcode = _text(party.get("name")), _text(_dict(party.get("address")).get("postalCode"))
    local = _text(party.get("id"))
    if local is None or (name is not None and postcode is not None):
        return fingerprint([name, postcode])
    return fingerprint([ocid, local, name])


def _ids(party: Json) -> list[str]:
    """Identifiers of a party that are more than local: its id if that has a scheme, and those stated with one."""
    stated = [_dict(party.get("identifier")), *_dicts(party.get("additionalIdentifiers"))]
    ids = [f"{i['scheme']}-{i['id']}" for i in stated if _text(i.get("scheme")) and _text(i.get("id"))]
    own = _text(party.get("id"))
    first = [own] if own is not None and re.match(SCHEMED, own) else []
    return [i for i in dict.fromkeys([*first, *ids]) if mask_text(i) == i]


def _name(value: object) -> str | None:
    """A name without e-mail addresses and telephone numbers; None where nothing else is in it."""
    text = _text(value)
    return None if text is None else mask_value(text)


def _party(party: Json) -> dict[str, Any]:
    address = _dict(party.get("address"))
    ids = _ids(party)
    company = next((i[7:] for i in ids if i.startswith("GB-COH-")), None)
    legal = _name(_dict(party.get("identifier")).get("legalName"))
    return {
        "name": _name(party.get("name")) or legal, "org_id": ids, "company_number": company,
        "_roles": [str(r) for r in party.get("roles") or []],
        "address": _text(address.get("streetAddress")), "town": _text(address.get("locality")),
        "postcode": _text(address.get("postalCode")), "country": _text(address.get("countryName")),
        "website": _text(_dict(party.get("details")).get("url")),
    }  # fmt: skip


def _tender(release: Json) -> dict[str, Any]:
    tender = _dict(release.get("tender"))
    items = list(_dicts(tender.get("items")))
    codes = [_dict(tender.get("classification")), *_dicts(tender.get("additionalClassifications"))]
    codes += [_dict(i.get("classification")) for i in items]
    places = [p for i in items for p in [*_dicts(i.get("deliveryAddresses")), _dict(i.get("deliveryAddress"))]]
    lines = [", ".join(filter(None, (_text(p.get(n)) for n in
             ("streetAddress", "locality", "postalCode", "region", "countryName")))) for p in places]  # fmt: skip
    stated = (f"{c['scheme']}:{c['id']}" for c in codes if c.get("scheme") and c.get("id"))
    return {
        "title": _text(tender.get("title")) or _text(release.get("title")),
        "classification": list(dict.fromkeys(stated)),
        "address": "; ".join(dict.fromkeys(filter(None, lines))) or None,
    }  # fmt: skip


def _contracts(release: Json, ocid: str, keys: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    tender = _dict(release.get("tender"))
    signed = {str(c.get("awardID")): c for c in _dicts(release.get("contracts"))}
    awards = _awards(release)
    for award in awards:
        contract = signed.get(str(award.get("id")), {})
        number = str(award.get("id") or len(awards))
        period = (
            _dict(contract.get("period")) or _dict(award.get("contractPeriod")) or _dict(tender.get("contractPeriod"))
        )
        title = _text(contract.get("title")) or _text(award.get("title"))
        yield {
            "key": number if number.startswith(ocid) else f"{ocid}-{number}",
            "holder": _refs(list(_dicts(award.get("suppliers"))), keys, ocid),
            "state": _text(contract.get("status")) or _text(award.get("status")),
            "url": _notice(award) or _notice(tender), **_value(contract.get("value") or award.get("value")),
            **_period(period), **({"title": title} if title else {}),
        }  # fmt: skip
    stated = release.get("tag")
    tags: list[Any] = stated if isinstance(stated, list) else []
    if not awards:
        yield {
            "key": ocid, "holder": [], "state": "planning" if "planning" in tags else "tender",
            "url": _notice(tender) or _notice(_dict(release.get("planning"))),
            **_value(tender.get("value")), **_period(_dict(tender.get("contractPeriod"))),
        }  # fmt: skip


def _value(value: object) -> dict[str, str | None]:
    stated = _dict(value)
    amount = _text(stated.get("amount"))
    return {"amount": amount, "currency": _text(stated.get("currency")) if amount is not None else None}


def _period(period: Json) -> dict[str, str | None]:
    """Dates as written, without the time: a contract that ends at 23:59 in summer time ends on that day."""
    dates = {"starts_on": _text(period.get("startDate")), "ends_on": _text(period.get("endDate"))}
    return {name: text and text.partition("T")[0] for name, text in dates.items()}


def _notice(part: Json) -> str | None:
    return next((str(d["url"]) for d in _dicts(part.get("documents")) if _text(d.get("url"))), None)


def _refs(parties: list[dict[str, Any]], keys: Mapping[str, str], ocid: str) -> list[str]:
    found = [keys.get(str(p.get("id") or ""), _key(p, ocid)) for p in parties if p.get("id") or p.get("name")]
    return list(dict.fromkeys(f"organisation:{key}" for key in found))
