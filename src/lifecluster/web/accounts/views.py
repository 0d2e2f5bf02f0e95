"""Pages of one's own account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts import actions, taking
from lifecluster.web.accounts.forms import DeleteForm, NameForm
from lifecluster.web.accounts.models import Person, Token
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.rights import held, moment
from lifecluster.web.directory import reads
from lifecluster.web.directory.show.proper import proper


def person_of(request: HttpRequest) -> Person:
    """The person signed in; the door of these addresses lets nobody else in."""
    user: object = request.user
    if not isinstance(user, Person):
        raise TypeError("this view is behind the door of a person")
    return user


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and the way to all that can be changed."""
    person, now = person_of(request), moment()
    belongs = list(person.memberships.at(now).order_by("organisation"))
    context = {
        "person": person,
        "roles": [ROLES[name] for name in ROLES if name in held(person, now)],
        "waiting": person.waiting,
        "memberships": belongs,
        "names": _names([one.organisation for one in belongs], person),
        "steps": Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        "tokens": Token.objects.live(now).filter(person=person).count(),
        "has_password": person.has_usable_password(),
        "openid": settings.OPENID,
        "connected": [connections.called(one) for one in connections.of(person)],
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "may_grant": person.viewer.may("role.grant"),
        "may_read_log": person.viewer.may("log.read"),
    }
    return render(request, "accounts/index.html", context)


def _names(uids: list[str], person: Person) -> dict[str, str]:
    try:
        return {uid: proper(named.name) for uid, named in reads.named(set(uids), person, reads.current()).items()}
    except reads.NoPackageError:
        return {}


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Change the name that others are shown."""
    person = person_of(request)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if form.is_bound and form.is_valid():
        actions.rename(person=person, name=form.cleaned_data["name"], viewer=person.viewer, at=moment())
        messages.success(request, "Your name is saved.")
        return HttpResponseRedirect(reverse("accounts:index"))
    return render(request, "accounts/name.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    found = UserSession.objects.purge_and_list(person_of(request))
    here = request.session.session_key
    rows = sorted(found, key=lambda one: (one.session_key != here, -one.created_at.timestamp()))
    return render(request, "accounts/sessions.html", {"sessions": rows, "here": here})


@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """End a session on another device, or this one."""
    person = person_of(request)
    session = get_object_or_404(UserSession, pk=key, user=person)
    if session.session_key == request.session.session_key:
        session.delete()
        logout(request)
        return HttpResponseRedirect("/")
    actions.end_session(person=person, session=session, viewer=person.viewer, at=moment())
    messages.success(request, "That session has ended.")
    return HttpResponseRedirect(reverse("accounts:sessions"))


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """All that is kept about oneself, as a file."""
    person = person_of(request)
    response = JsonResponse(taking.copy(person=person, at=moment()), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def delete(request: HttpRequest) -> HttpResponse:
    """Delete one's account, after signing in once more and saying that one means it."""
    person = person_of(request)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        viewer, now = person.viewer, moment()
        whose = Person.objects.get(pk=person.pk)
        logout(request)
        actions.delete_person(person=whose, viewer=viewer, at=now)
        messages.success(request, "Your account is deleted, and with it all that was kept about you.")
        return HttpResponseRedirect("/")
    return render(request, "accounts/delete.html", {"form": form}, status=422 if form.is_bound else 200)
