"""Pages of memberships of the cluster."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.web.desk.actions import memberships as actions
from lifecluster.web.desk.forms.contacts import MembershipChangeForm, MembershipForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import ClusterMembership
from lifecluster.web.desk.views.common import Page, handled, now, one, organisation, reader, sent
from lifecluster.web.desk.when import when
from lifecluster.web.desk.whose import today
from lifecluster.web.desk.words import LEVELS, STANDINGS
from lifecluster.web.directory.freshness import today as day


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All memberships, those to be renewed first."""
    viewer = reader(request)
    found = list(ClusterMembership.objects.visible_to(viewer).order_by("state", "renews_on", "pk"))
    names = today([one.organisation for one in found], viewer)
    rows = [
        (row, names[row.organisation], LEVELS[row.level], STANDINGS[row.state],
         when(row.renews_on, day()) if row.state == "active" else None)
        for row in found
    ]  # fmt: skip
    return render(request, "desk/memberships.html", {"rows": rows}, here="memberships")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uid: str) -> HttpResponse:
    """A new membership."""
    found, viewer = organisation(uid, request), reader(request)
    back = reverse("desk:organisation", args=[found.uid])

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        actions.add_membership(organisation_uid=found.uid, viewer=viewer, at=now(), **given)
        return back

    form = MembershipForm(sent(request), initial={"begins_on": day()})
    return handled(request, form, Page(f"{found.name} joins the cluster", "Save", back), act)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Renew, change or end a membership."""
    row, viewer = one(ClusterMembership, key, request), reader(request)
    found = today([row.organisation], viewer)[row.organisation]
    back = reverse("desk:organisation", args=[found.uid])

    def act(given: dict[str, Any]) -> str:
        actions.change_membership(membership=key, viewer=viewer, at=now(), **given)
        return back

    initial = MembershipChangeForm.values(row) | {"version": row.version}
    page = Page(f"Membership of {found.name}", "Save", back, here="memberships")
    return handled(request, MembershipChangeForm(sent(request), initial=initial), page, act)
