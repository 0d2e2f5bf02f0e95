"""How somebody comes to belong to an organisation: finding and asking, invitations, and what administrators do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import mailserver
from lifecluster.web.accounts.models import Membership, Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.api.middleware import spend
from lifecluster.web.directory import reads
from lifecluster.web.directory.search import search
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, belonging
from lifecluster.web.members.forms import ClaimForm, EndForm, InviteForm
from lifecluster.web.members.models import ClaimState, Invitation, OrganisationClaim
from lifecluster.web.members.views.own import belongs
from lifecluster.web.shell import errors

FOUND = 12
"""Organisations that a search shows."""
SAID = {
    "used": "This invitation was used already.",
    "taken back": "This invitation was taken back.",
    "expired": "This invitation is older than fourteen days.",
}


@require_safe
@loaded
def join(request: HttpRequest) -> HttpResponse:
    """Find the organisation that one works for, by the directory's own search."""
    text = " ".join(request.GET.get("q", "").split())[:200]
    hits = search(text, request.user, limit=FOUND, ended=False) if text else []
    context = {"text": text, "hits": [(proper(hit.name), hit.uid, hit.note) for hit in hits]}
    return render(request, "members/join.html", {**context, "claims": claims_of(request)})


def claims_of(request: HttpRequest) -> list[tuple[OrganisationClaim, str]]:
    """What one asked for and has no answer to, or was refused, with the names of the organisations."""
    rows = list(OrganisationClaim.objects.filter(person=person_of(request)).order_by("-pk")[:20])
    shown = [row for row in rows if row.state in {ClaimState.PENDING, ClaimState.REFUSED}]
    names = actions.names_of([row.organisation for row in shown], request.user)
    return [(row, names.get(row.organisation, "An organisation")) for row in shown]


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, uid: str) -> HttpResponse:
    """Say that one works there; with a code, if the cluster team gave one."""
    person, viewer = person_of(request), viewer_of(request.user)
    try:
        organisation = belonging.known(uid, viewer)
    except (reads.NotHereError, reads.NoPackageError):
        raise Http404 from None
    name = actions.names_of([organisation], viewer).get(organisation, organisation)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if spend(request, "mail", who=person.uid) is not None:
            return errors.too_many(request)
        try:
            made = belonging.claim(
                organisation=organisation, person=person, viewer=viewer, at=moment(), home=home(request),
                words=form.cleaned_data["words"], code=form.cleaned_data["code"],
            )  # fmt: skip
        except LifeclusterError as error:
            form.add_error("code" if "code" in str(error) else None, sentence(error))
        else:
            if made.state == ClaimState.GRANTED:
                messages.success(request, f"You belong to {name} from now on.")
                return HttpResponseRedirect(reverse("members:organisation", args=[organisation]))
            messages.success(request, "The cluster team looks at it. You will hear by mail.")
            return HttpResponseRedirect(reverse("members:join"))
    context = {"form": form, "name": name, "uid": organisation, "email": person.email}
    return render(request, "members/claim.html", context, status=422 if form.is_bound else 200)


@require_POST
def give_up(request: HttpRequest, key: int) -> HttpResponse:
    """Take one's asking back."""
    row = get_object_or_404(OrganisationClaim, pk=key, person=person_of(request))
    _act(request, "Taken back.", belonging.give_up, entry=row)
    return HttpResponseRedirect(reverse("members:join"))


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What a link from a mail leads to. To another address than the one invited it says no more than that."""
    person, viewer = person_of(request), viewer_of(request.user)
    found = belonging.invitation_of(token)
    if found is None or found.email not in belonging.confirmed(person):
        return render(request, "members/invitation.html", {"other": True, "email": person.email}, status=404)
    if found.used_by_id == person.pk and found.organisation in viewer.organisations:
        messages.info(request, "You took this invitation up already: this is your organisation.")
        return HttpResponseRedirect(reverse("members:organisation", args=[found.organisation]))
    state = found.state(moment())
    if request.method == "POST" and state == "open":
        try:
            belonging.accept(token=token, person=person, viewer=viewer, at=moment())
        except LifeclusterError as error:
            found.refresh_from_db()
            state = found.state(moment())
            if state == "open":
                context = {"name": "an organisation of the cluster", "said": sentence(error)}
                return render(request, "members/invitation.html", context, status=410)
        else:
            messages.success(request, "Welcome: this is what the register says of your organisation.")
            return HttpResponseRedirect(reverse("members:organisation", args=[found.organisation]))
    name = actions.names_of([found.organisation], None).get(found.organisation, "an organisation of the cluster")
    context = {"name": name, "said": SAID.get(state, "")}
    return render(request, "members/invitation.html", context, status=200 if state == "open" else 410)


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def colleagues(request: HttpRequest, uid: str) -> HttpResponse:
    """Who belongs, who is invited, and a form to invite; for administrators."""
    viewer = viewer_of(request.user)
    belongs(viewer, uid, "organisation.invite")
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        if spend(request, "invitation", who=viewer.actor) is not None:
            return errors.too_many(request)
        try:
            belonging.invite(organisation=uid, email=email, person=person_of(request), viewer=viewer, at=moment(),
                             home=home(request))  # fmt: skip
        except LifeclusterError as error:
            form.add_error("email", sentence(error))
        else:
            messages.success(request, f"An invitation to {email} {mailserver.becomes()}.")
            return HttpResponseRedirect(reverse("members:colleagues", args=[uid]))
    at = moment()
    members = Membership.objects.at(at).filter(organisation=uid).select_related("person").order_by("begins_at", "pk")
    invited = Invitation.objects.filter(organisation=uid).select_related("used_by").order_by("-pk")[:100]
    context = {
        "uid": uid, "name": actions.names_of([uid], viewer).get(uid, uid), "form": form, "members": members,
        "me": person_of(request).pk, "invited": [(one, one.state(at)) for one in invited],
    }  # fmt: skip
    return render(request, "members/colleagues.html", context, status=422 if form.is_bound else 200)


@require_POST
def take_back(request: HttpRequest, uid: str, key: int) -> HttpResponse:
    """Take an invitation back."""
    belongs(viewer_of(request.user), uid, "organisation.invite")
    found = get_object_or_404(Invitation, pk=key, organisation=uid)
    _act(request, "The invitation is taken back.", belonging.take_back, invitation=found)
    return HttpResponseRedirect(reverse("members:colleagues", args=[uid]))


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def dismiss(request: HttpRequest, uid: str, who: str) -> HttpResponse:
    """End a colleague's membership, after seeing what that means."""
    viewer = viewer_of(request.user)
    belongs(viewer, uid, "organisation.invite")
    mine = Membership.objects.at(moment()).filter(organisation=uid, administrator=False, person__uid=who)
    colleague = get_object_or_404(Person, pk__in=mine.values("person"))
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            belonging.dismiss(organisation=uid, colleague=colleague, viewer=viewer, at=moment(),
                              why=form.cleaned_data["why"])  # fmt: skip
        except LifeclusterError as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, f"{colleague.shown_name} no longer belongs to your organisation.")
            return HttpResponseRedirect(reverse("members:colleagues", args=[uid]))
    context = {"uid": uid, "colleague": colleague, "form": form}
    return render(request, "members/dismiss.html", context, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, done: str, act: Any, **said: Any) -> None:
    """Do something with one's own, and say what became of it."""
    try:
        act(viewer=viewer_of(request.user), at=moment(), **said)
    except LifeclusterError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, done)


def home(request: HttpRequest) -> str:
    """The address of the web app as it was asked for, for links in mails."""
    return request.build_absolute_uri("/")[:-1]


def sentence(error: Exception) -> str:
    """An error as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
