"""My organisation: what the register says of it, and what its people may do about that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.register.ids import IdError, parse
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Site
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.reads import Stated
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.evidence import Reader, age
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, proposals, sheet, typed
from lifecluster.web.members.forms import ValueForm, level_of

OWN = "Kept: it is shown to your organisation alone."
WAITS = "Your proposal waits for the cluster team; you will hear by mail. Until then the value shown stays."


@require_safe
@loaded
def index(request: HttpRequest) -> HttpResponse:
    """The organisations one belongs to; the page itself where there is one."""
    viewer = viewer_of(request.user)
    mine = sorted(viewer.organisations)
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("members:organisation", args=mine))
    named = reads.named(mine, viewer, reads.current())
    found = sorted((proper(one.name), uid) for uid, one in named.items())
    return render(request, "members/index.html", {"organisations": found})


def belongs(viewer: Viewer, uid: str, permission: str = "organisation.edit") -> None:
    """Raise Http404 for who does not belong there: the answer is that of an id that was never issued."""
    if uid not in viewer.organisations or not viewer.may(permission, uid):
        raise Http404


@require_safe
@loaded
def organisation(request: HttpRequest, uid: str) -> HttpResponse:
    """Everything the register says of it, value by value, with what one may do."""
    viewer = viewer_of(request.user)
    belongs(viewer, uid)
    found = sheet.sheet(uid, viewer, actor=viewer.actor, at=today())
    context = {"o": found.view.organisation, "name": proper(found.view.organisation.name), "sheet": found,
               "invites": viewer.may("organisation.invite", uid)}  # fmt: skip
    return render(request, "members/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def value(request: HttpRequest, uid: str, subject: str, prop: str) -> HttpResponse:
    """One value of one property: a form, and beside it what is shown now and what waits."""
    person_of(request)
    viewer = viewer_of(request.user)
    if request.method == "POST" and not viewer.may("organisation.edit", uid):
        return _lost(request)
    belongs(viewer, uid)
    stated = _value_of(viewer, uid, subject, prop)
    known = vocabulary().properties[prop]
    now = [said.value for said in stated.shown] if stated else []
    how: dict[str, Any] = {"prop": prop, "subject": subject, "choices": sheet.choices(prop, known, viewer, now)}
    newest = proposals.newest(subject, prop)
    if request.method != "POST":
        first = stated.shown[0] if stated and stated.shown else None
        initial = {
            "value": typed.shown(prop, known, now),
            "visibility": level_of(first.visibility) if first else "public",
            "seen": newest,
        }
        return _value(request, uid, stated, ValueForm(initial=initial, **how), newest)
    form = ValueForm(request.POST, **how)
    refused = _proposed(request, form, subject) if form.is_valid() else None
    if isinstance(refused, register.MeanwhileError):
        return _meanwhile(request, uid, stated, how)
    if refused is None and form.is_valid():
        messages.success(request, OWN if form.cleaned_data["visibility"] == "owner" else WAITS)
        return _back(uid, subject, prop)
    return _value(request, uid, stated, form, newest, status=422)


def _proposed(request: HttpRequest, form: ValueForm, subject: str) -> LifeclusterError | None:
    """Why it could not be proposed, which the form then says; None if it was."""
    said = form.cleaned_data
    try:
        actions.propose(subject=subject, property=form.prop, value=said["said"], viewer=viewer_of(request.user),
                        at=moment(), why=said["why"], visibility=said["visibility"], seen=said["seen"])  # fmt: skip
    except register.MeanwhileError as error:
        return error
    except LifeclusterError as error:
        form.add_error("why" if "why" in str(error) else None, str(error))
        return error
    return None


def _meanwhile(request: HttpRequest, uid: str, stated: Stated | None, how: dict[str, Any]) -> HttpResponse:
    """Somebody else was at it: both are shown, and what was typed stays, ready to be sent once more."""
    newest = proposals.newest(how["subject"], how["prop"])
    data = request.POST.copy()
    data["seen"] = newest
    form = ValueForm(data, **how)
    form.is_valid()
    return _value(request, uid, stated, form, newest, status=409, meanwhile=True)


def _value(request: HttpRequest, uid: str, stated: Stated | None, form: ValueForm, newest: str, *, status: int = 200,
           meanwhile: bool = False) -> HttpResponse:  # fmt: skip
    """The page of the form."""
    subject, viewer = form_subject(request), viewer_of(request.user)
    reader = Reader(reads.named([uid, subject], viewer, reads.current()), today())
    spoken = [
        sheet.spoken(edit, reader, viewer.actor)
        for edit in proposals.of([subject])
        if edit.proposed.property == form.prop and edit.state != "withdrawn"
    ]
    named = reads.named([uid], viewer, reads.current()).get(uid)
    context = {
        "uid": uid, "form": form, "label": words.label(form.prop), "meanwhile": meanwhile,
        "name": proper(named.name) if named else "", "spoken": spoken[:5],
        "site": proper(_site_name(subject)) if subject != uid else "",
        "mark": reader.mark(stated) if stated and stated.shown else None,
        "age": age(stated.shown[0]) if stated and stated.shown else "", "newest": newest,
    }  # fmt: skip
    return render(request, "members/value.html", context, status=status)


def form_subject(request: HttpRequest) -> str:
    """The subject that the address names."""
    return str(request.resolver_match.kwargs["subject"]) if request.resolver_match else ""


def _site_name(subject: str) -> str:
    row = Site.objects.filter(package=reads.current(), uid=subject).values_list("name", "town").first()
    return (row[0] or row[1] or subject) if row else subject


def _value_of(viewer: Viewer, uid: str, subject: str, prop: str) -> Stated | None:
    """The value as it is shown. Raises Http404 for what is not the organisation's, or not its to change."""
    try:
        kind = parse(subject).kind
    except IdError:
        raise Http404 from None
    sites = Site.objects.visible_to(viewer, reads.current()).filter(organisation=uid)
    if subject != uid and not sites.filter(uid=subject).exists():
        raise Http404
    stated = (
        reads.values([subject], viewer, property=prop).of(subject, prop) if prop in vocabulary().properties else None
    )
    if not sheet.editable(subject, prop, kind, stated):
        raise Http404
    return stated


def _lost(request: HttpRequest) -> HttpResponse:
    """Who may no longer do this gets back what they typed, and learns nothing else."""
    typed_ = [(name, text) for name, text in request.POST.items() if name in {"value", "why"} and str(text).strip()]
    return render(request, "members/lost.html", {"typed": typed_}, status=403)


@require_POST
@loaded
def confirm(request: HttpRequest, uid: str, subject: str, prop: str) -> HttpResponse:
    """Still right."""
    viewer = viewer_of(request.user)
    belongs(viewer, uid, "organisation.confirm")
    _value_of(viewer, uid, subject, prop)
    try:
        actions.confirm(subject=subject, property=prop, viewer=viewer, at=moment(),
                        expected=request.POST.getlist("shown"))  # fmt: skip
    except LifeclusterError as error:
        messages.error(request, f"{words.label(prop)}: {error}.")
    else:
        messages.success(request, f"{words.label(prop)}: verified today. Thank you.")
    return _back(uid, subject, prop)


@require_POST
@loaded
def withdraw(request: HttpRequest, uid: str, entry: str) -> HttpResponse:
    """Take a proposal back."""
    return _take_back(request, uid, entry, actions.withdraw, "Your proposal is taken back.")


@require_POST
@loaded
def undo(request: HttpRequest, uid: str, entry: str) -> HttpResponse:
    """Take a confirmation back."""
    return _take_back(request, uid, entry, register.take_back_confirmation, "It counts as unconfirmed again.")


def _take_back(request: HttpRequest, uid: str, entry: str, act: Any, done: str) -> HttpResponse:
    viewer = viewer_of(request.user)
    belongs(viewer, uid)
    edit = proposals.one(entry)
    if edit is None or leads()(proposals.owner(edit)) != uid:
        raise Http404
    try:
        act(entry=entry, viewer=viewer, at=moment())
    except LifeclusterError as error:
        messages.error(request, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    else:
        messages.success(request, done)
    return _back(uid, edit.proposed.subject or uid, edit.proposed.property or "")


def _back(uid: str, subject: str, prop: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('members:organisation', args=[uid])}#{subject}-{prop}")
