"""Public contracts as JSON lines of the Open Contracting Data Standard, suppliers' names as typed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from lifecluster.sample.model import Organisation, World
from lifecluster.sample.noise import stranger, written
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import titled
from lifecluster.sample.theme import File, Output, Truth
from lifecluster.sample.words import phrases

RELEASES = 160
CONTRACTS_ON = date(2026, 9, 20)
MEDICAL = 0.8
NUMBERED = 0.4
"""Share of the suppliers that bring their company number."""
FILE = "contracts-sample.jsonl"


def contracts(world: World, stream: Stream) -> Output:
    """Releases of awards by trusts and boards; one supplier in five is no firm of the register."""
    firms, buyers = world.operating(), world.of("nhs-trust", "icb")
    result, lines = Output(), []
    for i in range(RELEASES):
        supplier = stream.one(firms) if stream.chance(MEDICAL) else None
        name, way = written(stream, supplier) if supplier else (stranger(stream), "stranger")
        result.truth.append(Truth(FILE, i + 1, name, way, supplier.key if supplier else None))
        party = _supplier(stream, i, supplier, name)
        lines.append(json.dumps(_release(stream, i, stream.one(buyers), party), ensure_ascii=False))
    content = ("\n".join(lines) + "\n").encode()
    result.files.append(File(FILE, content, "contracts-ocds", CONTRACTS_ON, len(lines)))
    return result


def _supplier(stream: Stream, i: int, supplier: Organisation | None, name: str) -> dict[str, Any]:
    party: dict[str, Any] = {"id": f"GB-SAMPLE-{i + 1:05d}", "name": name, "identifier": {"legalName": name}}
    if supplier is not None and stream.chance(NUMBERED):
        party["id"] = f"GB-COH-{supplier.key}"
        party["identifier"] |= {"scheme": "GB-COH", "id": supplier.key}
    party["address"] = {"streetAddress": _address(stream, supplier)}
    party["details"] = {"scale": "large" if supplier is not None and supplier.jobs >= 250 else "sme"}
    return {**party, "roles": ["supplier"]}


def _address(stream: Stream, supplier: Organisation | None) -> str:
    """An address in one line as suppliers type it; one in four forgets the postcode, strangers always do."""
    if supplier is None:
        return "Office 4, Unknown Street"
    line = f"{supplier.line.title()}, {titled(supplier.place.town)}"
    return line if stream.chance(0.25) else f"{line} {supplier.place.postcode}"


def _buyer(body: Organisation) -> dict[str, Any]:
    name = body.name.title().replace("Nhs", "NHS")
    address = {"streetAddress": f"{body.line.title()}, {titled(body.place.town)} {body.place.postcode}"}
    identifier = {"legalName": name, "scheme": "GB-NHS", "id": body.key}
    return {"id": f"GB-NHS-{body.key}", "name": name, "identifier": identifier, "address": address, "roles": ["buyer"]}


def _release(stream: Stream, i: int, buyer: Organisation, supplier: dict[str, Any]) -> dict[str, Any]:
    ours = supplier["address"]["streetAddress"] != _address(stream, None)
    code = stream.one(list(phrases()["cpv"])) if ours else "79000000"
    label, title = phrases()["cpv"].get(code, ["Business services", stream.one(phrases()["ordinary_contracts"])])
    day = stream.day(date(2023, 1, 10), date(2026, 8, 31))
    value = {"amount": round(float(stream.rng.lognormal(11.6, 1.1))), "currency": "GBP"}
    period = {"startDate": f"{day + timedelta(days=30)}T00:00:00Z", "endDate": f"{day + timedelta(days=760)}T23:59:59Z"}
    ocid, buys = f"ocds-sample-{i + 1:05d}", _buyer(buyer)
    return {
        "ocid": ocid,
        "id": f"{ocid}-1",
        "language": "en",
        "date": f"{day}T10:00:00Z",
        "tag": ["award"],
        "initiationType": "tender",
        "tender": {
            "id": f"T{i + 1:05d}",
            "title": title,
            "description": f"{title} for {buys['name']}.",
            "status": "complete",
            "classification": {"scheme": "CPV", "id": code, "description": label},
            "value": value,
            "contractPeriod": period,
        },
        "parties": [buys, supplier],
        "buyer": {"id": buys["id"], "name": buys["name"]},
        "awards": [
            {
                "id": f"{ocid}-a1",
                "status": "active",
                "date": f"{day}T00:00:00Z",
                "value": value,
                "suppliers": [{"id": supplier["id"], "name": supplier["name"]}],
                "contractPeriod": period,
            }
        ],
    }
