"""Pages of who answers for the platform: people, their roles, and the audit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts import actions
from lifecluster.web.accounts.forms import GrantForm, RevokeForm
from lifecluster.web.accounts.mailed import with_second_step
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import held_by, moment
from lifecluster.web.accounts.views import person_of

MOST = 1000
"""People on the page."""


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and their roles."""
    now = moment()
    found = list(Person.objects.order_by("email")[:MOST])
    roles = held_by(found, now)
    without = {one.pk for one in found} - with_second_step(found)
    rows = [(one, [_title(name, one.pk in without) for name in ROLES if name in roles[one.pk]]) for one in found]
    return render(request, "accounts/people.html", {"rows": rows})


def _title(role: str, without: bool) -> str:
    """What a role is called; whether it waits for the person to set up a second step."""
    waits = without and ROLES[role].second_step
    return f"{ROLES[role].title} (waits for a second step)" if waits else ROLES[role].title


@require_safe
def person(request: HttpRequest, uid: str) -> HttpResponse:
    """One person: roles, memberships, and how to change them."""
    whose = get_object_or_404(Person, uid=uid)
    return _person(request, whose, GrantForm())


@require_http_methods(["POST"])
def grant(request: HttpRequest, uid: str) -> HttpResponse:
    """Give a role."""
    whose = get_object_or_404(Person, uid=uid)
    form = GrantForm(request.POST)
    if form.is_valid():
        role, why = form.cleaned_data["role"], form.cleaned_data["why"]
        try:
            actions.grant_role(person=whose, role=role, viewer=person_of(request).viewer, at=moment(), why=why)
        except LifeclusterError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{whose.shown_name} now holds the role {ROLES[role].title}.")
            return HttpResponseRedirect(reverse("accounts:person", args=[uid]))
    return _person(request, whose, form, status=422)


def _person(request: HttpRequest, whose: Person, form: GrantForm, *, status: int = 200) -> HttpResponse:
    now = moment()
    context = {
        "whose": whose,
        "grants": [(row, ROLES[row.role]) for row in whose.grants.at(now).order_by("pk") if row.role in ROLES],
        "memberships": whose.memberships.at(now).order_by("organisation"),
        "form": form,
        "without": not with_second_step([whose]),
        "self": whose.pk == person_of(request).pk,
    }
    return render(request, "accounts/person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, uid: str, role: str) -> HttpResponse:
    """Take a role, with the reason."""
    whose = get_object_or_404(Person, uid=uid)
    given = whose.grants.at(moment()).filter(role=role).first()
    if given is None or role not in ROLES:
        raise Http404
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        viewer = person_of(request).viewer
        actions.revoke_role(person=whose, role=role, viewer=viewer, at=moment(), why=form.cleaned_data["why"])
        messages.success(request, f"{whose.shown_name} no longer holds the role {ROLES[role].title}.")
        return HttpResponseRedirect(reverse("accounts:person", args=[uid]))
    context = {"whose": whose, "role": ROLES[given.role], "given": given, "form": form}
    return render(request, "accounts/revoke.html", context, status=422 if form.is_bound else 200)
