"""News as Atom (RFC 4287), and its days as a calendar (RFC 5545). Both read as a visitor whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from lifecluster.web.api.problem import problem
from lifecluster.web.directory import reads as register
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.feeds.asked import refused
from lifecluster.web.feeds.calendar import escaped, folded
from lifecluster.web.feeds.xml import HEAD, element, wrap
from lifecluster.web.news import markdown, reads, words
from lifecluster.web.news.models import Item, Kind

ENTRIES = 100
SUMMARY = 1_000
CACHING = "public, max-age=0, must-revalidate"


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """What is told now, the newest first; `kind` restricts it."""
    package = _package(request)
    if isinstance(package, HttpResponse):
        return package
    kind = request.GET.get("kind", "")
    rows = list(reads.listed(ANYBODY, today(), kind).order_by("-shown_from", "-pk")[:ENTRIES])
    own = request.build_absolute_uri()
    begun = package.loaded_at or datetime.fromtimestamp(0, UTC)
    parts = [
        element("id", own),
        element("title", f"{Kind(kind).label if kind else 'News and opportunities'}"
                f"{' (sample data)' if package.sample else ''}"),
        element("updated", max((row.changed_at for row in rows), default=begun).isoformat()),
        element("link", rel="self", href=own, type_="application/atom+xml"),
        element("link", rel="alternate", href=request.build_absolute_uri("/news"), type_="text/html"),
        wrap("author", element("name", f"Lifecluster {package.region.get('title', '')}".strip())),
        *(_entry(request, row) for row in rows),
    ]  # fmt: skip
    body = HEAD + wrap("feed", "\n".join(parts), xmlns="http://www.w3.org/2005/Atom") + "\n"
    return _conditional(request, HttpResponse(body, content_type="application/atom+xml; charset=utf-8"))


def _entry(request: HttpRequest, row: Item) -> str:
    url = request.build_absolute_uri(words.address(row))
    said = words.days(row, today())
    summary = markdown.words(row.text, SUMMARY)
    parts = [
        element("id", url),
        element("title", row.title + (" (sample)" if row.sample else "")),
        element("published", datetime.combine(row.shown_from, time(), UTC).isoformat()),
        element("updated", row.changed_at.isoformat()),
        element("link", rel="alternate", href=url),
        element("category", term=row.kind, label=Kind(row.kind).label),
        element("summary", f"{said}. {summary}" if said else summary),
        element("content", str(markdown.html(row.text)), type_="html"),
    ]
    return wrap("entry", "\n".join(parts))


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """The days on which opportunities close and events are; `kind` restricts it."""
    package = _package(request)
    if isinstance(package, HttpResponse):
        return package
    kind = request.GET.get("kind", "")
    rows = reads.listed(ANYBODY, today(), kind).exclude(closes_on=None, begins_on=None)[: ENTRIES * 10]
    name = "Opportunities and events" + (" (sample data)" if package.sample else "")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lifecluster//news//EN", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{escaped(name)}"]  # fmt: skip
    for row in rows:
        lines += _event(request, row)
    body = "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="news{"-sample" if package.sample else ""}.ics"'
    return _conditional(request, response)


def _event(request: HttpRequest, row: Item) -> Iterator[str]:
    begins = row.begins_on or row.closes_on
    if begins is None:
        return
    ends = (row.ends_on or begins) + timedelta(days=1)
    title = row.title if row.begins_on else f"Closes: {row.title}"
    yield "BEGIN:VEVENT"
    yield f"UID:news-{row.pk}@{request.get_host()}"
    yield f"DTSTAMP:{row.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{begins:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{ends:%Y%m%d}"
    yield f"SEQUENCE:{row.number}"
    yield f"SUMMARY:{escaped(title)}"
    if row.place:
        yield f"LOCATION:{escaped(row.place)}"
    yield f"DESCRIPTION:{escaped(('Sample data. ' if row.sample else '') + markdown.words(row.text, SUMMARY))}"
    yield f"CATEGORIES:{row.kind.upper()}"
    yield "TRANSP:TRANSPARENT"
    yield f"URL:{request.build_absolute_uri(words.address(row))}"
    yield "END:VEVENT"


def _package(request: HttpRequest) -> Package | HttpResponse:
    """The package that is shown; else the refusal of a parameter, of a kind, or because nothing is loaded."""
    wrong = refused(request, ("kind",))
    if wrong:
        return wrong
    kind = request.GET.get("kind", "")
    if kind and kind not in Kind.values:
        return problem(400, f"there is no kind “{kind[:40]}”; there are {', '.join(Kind.values)}")
    try:
        return register.current()
    except register.NoPackageError as error:
        return problem(503, str(error))


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, or that it is the one that the reader has."""
    tag = f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    found = get_conditional_response(request, tag, None, response)
    answer = found if isinstance(found, HttpResponse) else response
    answer["ETag"] = tag
    answer["Cache-Control"] = CACHING
    return answer
