"""iCalendar (RFC 5545): the days on which licences, trials, vacancies and the like end, of a query's organisations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.web.api import links
from lifecluster.web.api.conditional import conditional
from lifecluster.web.api.problem import problem
from lifecluster.web.directory import reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Organisation, Thing, Tie
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.exports.guard import xml_text
from lifecluster.web.feeds.asked import QUERY, refused

ENDS = {
    "licence": "Licence ends", "trial": "Trial ends", "vacancy": "Vacancy closes", "award": "Award ends",
    "contract": "Contract ends", "collaboration": "Collaboration ends",
}  # fmt: skip
PAST = timedelta(days=90)
MOST = 2_000
OCTETS = 75


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, as the format asks; no character is cut in two."""
    pieces, piece, room = [], "", OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", OCTETS - 1
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])


def escaped(text: str) -> str:
    """A text value: backslash, semicolon, comma and line ends escaped, control characters replaced."""
    plain = xml_text(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


@require_safe
@conditional
def dates(request: HttpRequest) -> HttpResponse:
    """A calendar of what ends, from 90 days ago on; `kind` restricts it, the rest is the directory's query."""
    if wrong := refused(request, (*QUERY, "kind")):
        return wrong
    if other := sorted(set(request.GET.getlist("kind")) - ENDS.keys() - {""}):
        return problem(400, f"there is no kind “{other[0][:40]}”; there are {', '.join(ENDS)}")
    package = reads.current()
    kinds = [kind for kind in request.GET.getlist("kind") if kind in ENDS] or list(ENDS)
    query = finding.Query.parse(request.GET)
    things = Thing.objects.visible_to(ANYBODY, package).filter(kind__in=kinds, ends_on__gte=today() - PAST)
    ties = Tie.objects.visible_to(ANYBODY, package).filter(role="holder", kind__in=kinds)
    wanted = None if query.empty else set(finding.results(query, ANYBODY, package=package).uids())
    holders: dict[str, list[str]] = {}
    for thing, party in ties.filter(thing__in=things.values("uid")).values_list("thing", "party"):
        if wanted is None or party in wanted:
            holders.setdefault(thing, []).append(party)
    rows = [row for row in things.order_by("ends_on", "uid") if wanted is None or row.uid in holders][:MOST]
    parties = {party for row in rows for party in holders.get(row.uid, ())}
    names = dict(Organisation.objects.visible_to(ANYBODY, package).filter(uid__in=parties).values_list("uid", "name"))
    stamp = f"{package.loaded_at:%Y%m%dT%H%M%SZ}" if package.loaded_at else "19700101T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lifecluster//register//EN", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{escaped('What ends' + (' (sample data)' if package.sample else ''))}"]  # fmt: skip
    for row in rows:
        lines += _event(request, row, [names[p] for p in holders.get(row.uid, ()) if p in names], stamp)
    body = "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="what-ends{"-sample" if package.sample else ""}.ics"'
    return response


def _event(request: HttpRequest, row: Thing, names: list[str], stamp: str) -> Iterator[str]:
    day: date | None = row.ends_on
    if day is None:
        return
    title = row.title or str(row.data.get("licence_type") or row.data.get("reference") or row.uid)
    who = f" ({', '.join(names[:3])}{' and others' if len(names) > 3 else ''})" if names else ""
    sample = "Sample data. " if row.sample else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{row.uid}-ends@{request.get_host()}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(f'{ENDS[row.kind]}: {title}{who}')}"
    yield f"DESCRIPTION:{escaped(f'{sample}As the register has it; indicative, not advice.')}"
    yield f"CATEGORIES:{row.kind.upper()}"
    yield "TRANSP:TRANSPARENT"
    yield f"URL:{links.identifier(request, row.uid)}"
    yield "END:VEVENT"
