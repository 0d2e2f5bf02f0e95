"""Sites, groups, and what organisations hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query

from lifecluster.web.api.problem import ProblemError
from lifecluster.web.api.v1 import schemas, shapes
from lifecluster.web.api.v1.common import answers, one, reader, section, unchanged
from lifecluster.web.api.v1.filters import SiteFilter, ThingFilter
from lifecluster.web.api.v1.organisations import here
from lifecluster.web.api.v1.paging import Slice, listed
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Group, Site, Thing, Tie

router = section("Sites and holdings")


@router.get("/sites", response=answers(schemas.SiteList), summary="Sites")
@unchanged
def sites(request: HttpRequest, query: Query[SiteFilter]) -> Any:
    """Sites by id."""
    rows = Site.objects.visible_to(reader(request))
    if query.organisation:
        rows = rows.filter(organisation__in=query.organisation)
    if query.postcode:
        rows = rows.filter(postcode__startswith=query.postcode.upper())
    if query.lad:
        rows = rows.filter(lad__in=query.lad)
    return listed(request, rows, query, key="uid", shape=lambda row: shapes.site(row, request))


@router.get("/sites/{uid}", response=one(schemas.SiteFull), summary="One site, with evidence")
@unchanged
def site(request: HttpRequest, uid: str) -> Any:
    """A site and all its values."""
    resolved = here(request, "site", uid)
    view = reads.site(resolved.uid, reader(request))
    return {**shapes.site(view.row, request), "values": shapes.stated(view.values, resolved.uid)}


@router.get("/things", response=answers(schemas.ThingList), summary="What organisations hold, win and run")
@unchanged
def things(request: HttpRequest, query: Query[ThingFilter]) -> Any:
    """Licences, awards, contracts, trials, collaborations, products, vacancies, needs and offers, by id."""
    rows = Thing.objects.visible_to(reader(request))
    if query.kind:
        rows = rows.filter(kind__in=query.kind)
    if query.holder:
        ties = Tie.objects.visible_to(reader(request)).filter(party__in=query.holder)
        rows = rows.filter(uid__in=ties.values("thing"))
    if query.live is not None:
        rows = rows.filter(live=query.live)
    if query.ends_before:
        rows = rows.filter(ends_on__lt=_day(query.ends_before))
    return listed(request, rows, query, key="uid", shape=lambda row: shapes.thing(row, request))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProblemError(422, f"{text!r} is no day") from None


@router.get("/things/{uid}", response=one(schemas.ThingFull), summary="One licence, award, …, with evidence")
@unchanged
def thing(request: HttpRequest, uid: str) -> Any:
    """A thing and all its values."""
    resolved = here(request, "thing", uid)
    view = reads.thing(resolved.uid, reader(request))
    return {**shapes.thing(view.row, request), "values": shapes.stated(view.values, resolved.uid)}


@router.get("/groups", response=answers(schemas.GroupList), summary="Groups")
@unchanged
def groups(request: HttpRequest, query: Query[Slice]) -> Any:
    """Owners of several organisations, by id."""
    rows = Group.objects.visible_to(reader(request))
    return listed(request, rows, query, key="uid", shape=lambda row: shapes.group(row, request))


@router.get("/groups/{uid}", response=one(schemas.GroupFull), summary="One group, with evidence")
@unchanged
def group(request: HttpRequest, uid: str) -> Any:
    """A group and all its values."""
    view = reads.group(here(request, "group", uid).uid, reader(request))
    return {**shapes.group(view.row, request), "values": shapes.stated(view.values, view.row.uid)}
