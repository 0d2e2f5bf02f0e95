"""Pages of sites, groups, and of what organisations hold: a licence, an award, a contract and so on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.web.directory import memo, reads, witness
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Site
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.show import addresses, ground, presence, words
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.views.common import answer, loaded, reader
from lifecluster.web.kit.maps import Frame, Pin
from lifecluster.web.kit.rendering import EMPTY
from lifecluster.web.shell import panels

LEFT_OUT = frozenset({"easting", "northing", "lad"})


@require_safe
@loaded
@remembered
def site(request: HttpRequest, uid: str) -> HttpResponse:
    """A place where an organisation works."""
    view = reads.site(uid, reader(request))
    witness.saw(reader(request), view.values)
    row = view.row
    names = view.names | {o.uid: reads.Named(o.uid, "organisation", o.name, o.sample) for o in view.holders}
    drawn = None
    if row.easting is not None and row.northing is not None:
        base = ground.ground(memo.codes(view.package))
        frame = Frame.around([(row.easting, row.northing)], least=50_000, width=420)
        place = (
            f"Map: {row.town or row.postcode or 'the site'}, placed {words.PLACES.get(row.place_quality, 'roughly')}"
        )
        drawn = base.drawing(place, frame=frame, pins=(Pin("", row.easting, row.northing),))
    words_of = Reader(names, today())
    context = {
        "view": view,
        "row": row,
        "presence": presence.mark(row),
        "holders": view.holders,
        "map": drawn,
        "facts": [
            words_of.fact(s) for s in view.values.subject(uid) if s.property not in LEFT_OUT | {"holder"} and s.shown
        ],
        "holder": proper(view.holders[0].name) if view.holders else "",
        "quality_note": f"Placed {words.PLACES.get(row.place_quality, 'roughly')}.",
        "holder_url": addresses.organisation(view.holders[0].uid, view.holders[0].slug) if view.holders else "",
        "jobs_method": words.JOBS_METHODS.get(row.jobs_method, ""),
        "panels": panels.shown("site", request, row),
    }
    return answer(request, "directory/site.html", context)


@require_safe
@loaded
@remembered
def thing(request: HttpRequest, uid: str) -> HttpResponse:
    """Something an organisation holds, wins or runs."""
    view = reads.thing(uid, reader(request))
    witness.saw(reader(request), view.values)
    words_of = Reader(view.names, today())
    row = view.row
    kind = words.kind(row.kind)
    context = {
        "view": view,
        "row": row,
        "presence": presence.mark(row),
        "kind": kind,
        "heading": row.title or str(row.data.get("reference", "")) or kind.capitalize(),
        "holders": [addresses.link(addresses.organisation(o.uid, o.slug), proper(o.name)) for o in view.holders],
        "facts": [words_of.fact(s) for s in view.values.subject(uid) if s.shown],
        "first": proper(view.holders[0].name) if view.holders else "",
        "means": words.LICENCES.get(row.title, "") if row.kind == "licence" else "",
        "first_url": addresses.organisation(view.holders[0].uid, view.holders[0].slug) if view.holders else "",
        "kind_title": kind.capitalize(),
        "article": "An" if kind[0] in "aeiou" else "A",
        "places": _places(view, request) if row.kind == "facility" else [],
    }
    return answer(request, "directory/thing.html", context)


def _places(view: reads.PartView, request: HttpRequest) -> list[tuple[str, str]]:
    """Where a facility is: the address of each site that has it, in words, and the page of the site."""
    uids = [uid for uid, one in view.names.items() if one.kind == "site"]
    found = []
    for row in Site.objects.visible_to(reader(request), view.package).filter(uid__in=uids).order_by("uid"):
        street = row.data.get("address", "")
        parts = [proper(row.name), proper(street), proper(row.town), row.postcode]
        where = ", ".join(dict.fromkeys(part for part in parts if part))
        found.append((where or "a site", addresses.address(row.uid, "site")))
    return found


@require_safe
@loaded
@remembered
def group(request: HttpRequest, uid: str) -> HttpResponse:
    """An owner of several organisations."""
    view = reads.group(uid, reader(request))
    words_of = Reader(view.names, today())
    context = {
        "view": view,
        "row": view.row,
        "presence": presence.mark(view.row),
        "owned": [(addresses.organisation(o.uid, o.slug), proper(o.name), o) for o in view.holders],
        "facts": [words_of.fact(s) for s in view.values.subject(uid) if s.shown],
        "nothing": EMPTY,
    }
    return answer(request, "directory/group.html", context)
