"""Atom (RFC 4287): what changed, in the whole register, in a saved search, or in one organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.api import links
from lifecluster.web.api.conditional import conditional
from lifecluster.web.directory import reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.models import Change, Organisation, Package
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.feeds.asked import QUERY, refused
from lifecluster.web.feeds.xml import HEAD, element, wrap

ENTRIES = 100
RECENT = 5_000
"""How many of the latest changes are looked through for those of a saved search."""
WORDS = {
    "new": "is new in the register",
    "changed": "has changed",
    "gone": "is no longer in any source",
    "redirected": "was merged into another",
    "edited": "was edited",
    "merged": "was merged into another",
    "split": "was set apart from another",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `key` makes its id, which never changes."""

    key: str
    title: str
    at: datetime
    text: str
    url: str
    sample: bool


def _feed(request: HttpRequest, title: str, page: str, package: Package, entries: Iterable[Entry]) -> HttpResponse:
    own = request.build_absolute_uri()
    found = list(entries)
    begun = package.loaded_at or datetime.fromtimestamp(0, UTC)
    updated = max((entry.at for entry in found), default=begun)
    sample = " (sample data)" if package.sample else ""
    rights = "; ".join(package.credits) or "Each value names its source and licence."
    parts = [
        element("id", own),
        element("title", f"{title}{sample}"),
        element("updated", updated.isoformat()),
        element("link", rel="self", href=own, type_="application/atom+xml"),
        element("link", rel="alternate", href=page, type_="text/html"),
        wrap("author", element("name", f"Lifecluster {package.region.get('title', '')}".strip())),
        element("rights", rights),
        *(_entry(entry) for entry in found),
    ]
    body = HEAD + wrap("feed", "\n".join(parts), xmlns="http://www.w3.org/2005/Atom") + "\n"
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _entry(entry: Entry) -> str:
    parts = [
        element("id", entry.key),
        element("title", entry.title + (" (sample)" if entry.sample else "")),
        element("updated", entry.at.isoformat()),
        element("link", rel="alternate", href=entry.url),
        element("summary", entry.text),
    ]
    return wrap("entry", "\n".join(parts))


def _of_change(request: HttpRequest, change: Change, sample: bool) -> Entry:
    fields = ", ".join(name.replace("_", " ") for name in change.fields)
    text = f"{proper(change.name) or change.uid} {WORDS.get(change.what, change.what)}"
    text += f": {change.target}" if change.target else f": {fields}" if fields else ""
    text += ". This was taken back." if change.undone else "."
    url = links.identifier(request, change.uid)
    title = f"{proper(change.name) or change.uid} {WORDS.get(change.what, change.what)}"
    return Entry(f"{url}#change-{change.id}", title, change.at, text, url, sample)


@require_safe
@conditional
def changes(request: HttpRequest) -> HttpResponse:
    """All changes, newest first."""
    if wrong := refused(request, ()):
        return wrong
    package = reads.current()
    rows = reads.changes(ANYBODY, limit=ENTRIES, newest=True)
    page = request.build_absolute_uri(links.page("directory") or "/")
    return _feed(request, "Changes of the register", page, package,
                 (_of_change(request, row, package.sample) for row in rows))  # fmt: skip


@require_safe
@conditional
def search(request: HttpRequest) -> HttpResponse:
    """A saved search: changes of the organisations that it finds, then those in it, the most recently seen first."""
    if wrong := refused(request, QUERY):
        return wrong
    query = finding.Query.parse(request.GET).with_(per_page=ENTRIES)
    found = finding.results(query.with_(sort="recent"), ANYBODY)
    wanted = set(found.uids())
    rows = [row for row in reads.changes(ANYBODY, limit=RECENT, newest=True) if row.uid in wanted][:ENTRIES]
    listed = {row.uid for row in rows}
    members = (
        _member(request, row.organisation, found.package) for row in found.rows if row.organisation.uid not in listed
    )
    entries = [*(_of_change(request, row, found.package.sample) for row in rows), *members][:ENTRIES]
    asked = query.with_(per_page=finding.Query().per_page).encode()
    page = request.build_absolute_uri(links.with_query(links.page("directory") or "/", asked))
    title = f"{found.total:,} organisations" + (f" for {_words(query)}" if asked else "")
    return _feed(request, title, page, found.package, entries)


def _words(query: finding.Query) -> str:
    parts = [
        query.q,
        f"near {query.near}" if query.near else "",
        query.definition,
        *(value for _, value in query.chosen),
    ]
    return ", ".join(part for part in parts if part)


def _member(request: HttpRequest, row: Organisation, package: Package) -> Entry:
    """An organisation that is in the search without a change to tell of: dated by the package it came with."""
    url = links.identifier(request, row.uid)
    seen = f" Last observed {row.observed_on}." if row.observed_on else ""
    at = package.loaded_at or datetime.fromtimestamp(0, UTC)
    text = f"{proper(row.name)}{', ' + row.town if row.town else ''} is in this search.{seen}"
    return Entry(url, proper(row.name), at, text, url, row.sample)


@require_safe
@conditional
def organisation(request: HttpRequest, uid: str) -> HttpResponse:
    """Changes of one organisation."""
    if wrong := refused(request, ()):
        return wrong
    try:
        view = reads.organisation(reads.resolve(uid, ANYBODY).uid, ANYBODY).organisation
    except LifeclusterError as error:
        raise Http404(str(error)) from error
    package = reads.current()
    rows = Change.objects.visible_to(ANYBODY).filter(uid=view.uid).order_by("-id")[:ENTRIES]
    entries: Iterator[Entry] = (_of_change(request, row, view.sample) for row in rows)
    first = _member(request, view, package)
    return _feed(
        request, f"Changes of {proper(view.name)}", links.identifier(request, view.uid), package, [*entries, first]
    )
