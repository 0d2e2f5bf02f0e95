"""The official registers beside the companies: postcodes, trusts, integrated care boards, universities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from lifecluster.sample.background import background
from lifecluster.sample.companies import company_csv
from lifecluster.sample.model import Organisation, World
from lifecluster.sample.names import rooted
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import titled
from lifecluster.sample.theme import File, Output

POSTCODE_HEADER = (
    "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,"
    "Admin_county_code,Admin_district_code,Admin_ward_code"
)
COMPANIES_ON, POSTCODES_ON, NHS_ON, KNOWLEDGE_ON = (
    date(2026, 9, 1), date(2026, 8, 1), date(2026, 9, 15), date(2026, 4, 1),
)  # fmt: skip


def companies(world: World, stream: Stream, *, ordinary: bool = True) -> Output:
    """The company register: the life-science companies and (unless `ordinary` is False) the background."""
    rows = [o.company for o in world.of("company") if o.company is not None]
    if ordinary:
        rows += background(world)
    return Output(
        files=[File("BasicCompanyData-sample.csv", company_csv(rows), "companies-house", COMPANIES_ON, len(rows))]
    )


def postcodes(world: World, stream: Stream) -> Output:
    """All invented postcodes in the layout of Code-Point Open; codes of NHS area and ward are left empty."""
    rows = sorted(world.postals, key=lambda p: p.postcode)
    lines = [f'"{p.postcode}",10,{p.easting},{p.northing},"E92000001","","","","{p.lad}",""' for p in rows]
    content = ("\n".join([POSTCODE_HEADER, *lines]) + "\n").encode()
    return Output(files=[File("code-point-sample.csv", content, "code-point-open", POSTCODES_ON, len(rows))])


def trusts(world: World, stream: Stream) -> Output:
    """NHS trusts, the open ones and three that were merged away, in 27 columns without header."""
    rows = [_ods(o, stream, closed=None) for o in world.of("nhs-trust")]
    for i in range(3):
        name = f"{rooted(stream)} SAMPLE HOSPITALS NHS TRUST".upper()
        like = stream.one(world.of("nhs-trust"))
        closed = stream.day(date(2012, 4, 1), date(2024, 3, 31))
        rows.append(_ods(like, stream, closed=closed, code=f"RZ{i + 1}", name=name))
    return Output(files=[File("nhs-trusts-sample.csv", _quoted(rows), "nhs-trusts", NHS_ON, len(rows))])


def boards(world: World, stream: Stream) -> Output:
    """Integrated care boards and four former commissioning groups, in the same 27 columns."""
    rows = [_ods(o, stream, closed=None) for o in world.of("icb")]
    for i in range(4):
        like = stream.one(world.of("icb"))
        name = f"NHS {rooted(stream)} SAMPLE CCG".upper()
        rows.append(_ods(like, stream, closed=date(2022, 6, 30), code=f"QZ{i + 1}", name=name))
    return Output(files=[File("nhs-icbs-sample.csv", _quoted(rows), "nhs-icbs", NHS_ON, len(rows))])


def _ods(body: Organisation, stream: Stream, *, closed: date | None, code: str | None = None,
         name: str | None = None) -> list[str]:  # fmt: skip
    opened = body.founded if code is None else date(2002, 4, 1)
    dates = [opened.strftime("%Y%m%d"), closed.strftime("%Y%m%d") if closed else ""]
    row = [code or body.key, name or body.name, "Y60", f"QZ{stream.one('ABCDEF')}", body.line, "", "", body.place.town,
           "", body.place.postcode, *dates, *[""] * 15]  # fmt: skip
    row[21] = "1"
    return row


def _quoted(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def universities(world: World, stream: Stream) -> Output:
    """Universities with an invented UKPRN, institutes without a number."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "type", "registration_number", "address_line1", "address_line2", "address_line3", "town",
                     "postcode", "county", "country"])  # fmt: skip
    rows = world.of("university", "rto")
    for body in rows:
        kind = "UNIVERSITY" if body.kind == "university" else "CATAPULT" if "Catapult" in body.name else "RTO"
        number = body.key if kind == "UNIVERSITY" else ""
        at = body.place
        writer.writerow([body.name, kind, number, body.line.title(), "", "", titled(at.town), at.postcode, "",
                         "United Kingdom"])  # fmt: skip
    content = out.getvalue().encode()
    return Output(files=[File("universities-sample.csv", content, "knowledge-organisations", KNOWLEDGE_ON, len(rows))])
