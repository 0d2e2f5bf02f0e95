"""Other people's lists: a member body's spreadsheet and a list of named sites, messy as such lists are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

import yaml

from lifecluster.sample.model import Organisation, Site, World
from lifecluster.sample.noise import stranger, typo, written
from lifecluster.sample.spreadsheet import xlsx
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import titled
from lifecluster.sample.theme import File, Output, Truth
from lifecluster.sample.themes.profile import stated, web_name
from lifecluster.sample.words import segments
from lifecluster.sources.mapping import SUFFIX

MEMBERS, NAMED = 420, 540
MEMBERS_ON, NAMED_ON = date(2026, 3, 31), date(2024, 12, 31)
MEMBERS_FILE, NAMED_FILE = "members-sample.xlsx", "named-sites-sample.csv"
MEMBER_BODY, MEMBER_HEADER = "Sample Midlands Life Sciences Network", 4
MEMBER_COLUMNS = {
    "Company": {"property": "name"},
    "Member no.": {"ignore": "the body's own number"},
    "Town": {"property": "town"},
    "Post code": {"property": "postcode"},
    "No. of staff (approx)": {"property": "employees"},
    "Web": {"property": "website"},
    "Sector": {"ignore": "free words; segments are computed"},
    "Contact": {"ignore": "contact details are dropped at the reader"},
    "Level": {"ignore": "kind of membership"},
}
NAMED_COLUMNS = {
    "Business name": {"property": "holder"},
    "Site postcode": {"property": "postcode"},
    "Town": {"property": "town"},
    "Segment": {"property": "segment"},
    "Employment": {"property": "jobs"},
    "Employment of the business": {"property": "employees"},
    "Year": {"ignore": "year of the count: the same throughout"},
}
_ROLES = ("Managing Director", "Office Manager", "Head of Quality", "Commercial Director", "Secretary")


def members(world: World, stream: Stream) -> Output:
    """The spreadsheet of an invented member body: lines above the header, empty rows, a total, staff in words."""
    out = Output()
    known = stream.some(world.firms(), MEMBERS - 30) + stream.some(world.of("university", "rto", "charity"), 12)
    drawn: list[Organisation | None] = [*known, *[None] * (MEMBERS - len(known))]
    rows: list[list[object]] = [[MEMBER_BODY], ["Members as at 31 March 2026 (sample data)"], [], list(MEMBER_COLUMNS)]
    for number, i in enumerate(stream.rng.permutation(len(drawn)).tolist(), 1):
        if stream.chance(0.012):
            rows.append([])
        body = drawn[i]
        name, way = written(stream, body) if body else (stranger(stream), "stranger")
        rows.append(_member(stream, body, name, number))
        out.truth.append(Truth(MEMBERS_FILE, len(rows), name, way, body.key if body else None))
    rows.append(["", f"Total: {MEMBERS}"])
    mapping = _mapping(MEMBERS_FILE, "sample-members", MEMBER_BODY, rank="member", observed_on=MEMBERS_ON,
                       header_row=MEMBER_HEADER, sheet="Members", columns=MEMBER_COLUMNS)  # fmt: skip
    return _with_mapping(out, File(MEMBERS_FILE, xlsx("Members", rows), None, MEMBERS_ON, None), mapping)


def _with_mapping(out: Output, file: File, mapping: bytes) -> Output:
    note = f"column mapping of {file.name}"
    out.files += [file, File(f"{file.name}{SUFFIX}", mapping, None, file.observed_on, None, note)]
    return out


def _member(stream: Stream, body: Organisation | None, name: str, number: int) -> list[object]:
    ident, level = f"SMN{number:04d}", stream.one(["Full", "Full", "Associate", "Start-up"])
    if body is None or body.postal is None:
        return [name, ident, "Unknown", "", "", "", "", stream.one(_ROLES), level]
    postcode = body.place.postcode.replace(" ", "") if stream.chance(0.2) else body.place.postcode
    postcode = "" if stream.chance(0.12) else postcode.lower() if stream.chance(0.05) else postcode
    web = f"www.{web_name(body)}.example" if stream.chance(0.7) else ""
    sector = segments()[body.segment].words[0] if body.segment else body.kind
    return [
        name,
        ident,
        titled(body.place.town),
        postcode,
        _staff(stream, body),
        web,
        sector,
        stream.one(_ROLES),
        level,
    ]


def _staff(stream: Stream, body: Organisation) -> object:
    """A head count as typed: mostly a number, at times with a thousands comma, `c.`, a range, or nothing."""
    said = stated(stream, body.jobs, 0.25)
    draw = stream.rng.random()
    if body.kind != "company" or draw < 0.14:
        return ""
    if draw < 0.86:
        return said
    if draw < 0.92:
        return f"{said:,}"
    if draw < 0.95:
        return f"c. {said}"
    return "10-49" if said >= 10 else "under 10"


def named_sites(world: World, stream: Stream) -> Output:
    """A list of named sites as sector statistics publish: `;` between the cells, Windows-1252, older jobs."""
    out, text, first = Output(), io.StringIO(newline=""), world.first_sites()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(NAMED_COLUMNS)
    picked: list[Organisation | None] = [*stream.some(world.firms(), NAMED - 20), *[None] * 20]
    for row, body in enumerate(picked, 2):  # below the header
        name, way = written(stream, body) if body else (stranger(stream), "stranger")
        out.truth.append(Truth(NAMED_FILE, row, name, way, body.key if body else None))
        writer.writerow(_named(stream, body, first.get(body.key) if body else None, name))
    mapping = _mapping(NAMED_FILE, "sample-named-sites", "Sample Statistics Office", rank="other", observed_on=NAMED_ON,
                       header_row=1, sheet=None, columns=NAMED_COLUMNS)  # fmt: skip
    return _with_mapping(out, File(NAMED_FILE, text.getvalue().encode("cp1252"), None, NAMED_ON, None), mapping)


def _named(stream: Stream, body: Organisation | None, at: Site | None, name: str) -> list[object]:
    if body is None or body.postal is None or body.segment is None:
        return [name, "", "", "MTZ", "", "", 2024]
    postcode = body.place.postcode if stream.chance(0.93) else typo(stream, body.place.postcode)
    total = stated(stream, body.jobs, 0.35) if stream.chance(0.85) else ""
    here = min(total, stated(stream, at.jobs, 0.35)) if isinstance(total, int) and at is not None else ""
    return [name, postcode, titled(body.place.town), segments()[body.segment].ols, here, total, 2024]


def _mapping(file: str, name: str, publisher: str, *, rank: str, observed_on: date, header_row: int, sheet: str | None,
             columns: Mapping[str, dict[str, str]]) -> bytes:  # fmt: skip
    """The confirmed mapping of a list, as a person would have saved it."""
    kind = "site" if "holder" in {column.get("property") for column in columns.values()} else "organisation"
    stated = {
        "confirmed": True, "list": file, "name": name, "title": f"{publisher}: list (invented)", "publisher": publisher,
        "licence": {"id": "CC0-1.0", "title": "Creative Commons Zero"}, "rank": rank, "observed_on": observed_on,
        "visibility": "public",
        "header_row": header_row, "kind": kind, "columns": dict(columns),
    }  # fmt: skip
    if sheet is not None:
        stated["sheet"] = sheet
    return yaml.safe_dump(stated, sort_keys=False, allow_unicode=True).encode()
