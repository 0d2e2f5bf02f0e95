"""The desk's part: proposed things one by one, their values in fields, decided by keyboard as values are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.register.added import Addition
from lifecluster.register.entry import Json
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory import proposals as spoken
from lifecluster.web.directory import reads
from lifecluster.web.directory.adding import UnfitError, title_of
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, adding, proposals, sheet
from lifecluster.web.members.forms import WORDS, ReasonForm, ThingForm
from lifecluster.web.members.views.deciding import MOST, who_is

HERE = "additions"
LATELY = 20
DONE = {"accept": "accepted, and shown from now on", "refuse": "refused", "retract": "taken back"}


@dataclass(frozen=True, slots=True)
class About:
    """A proposed thing as the desk reads it: what, whose, by whom; `lines` its values in words."""

    thing: Addition
    kind: str
    title: str
    name: str
    url: str
    who: str
    level: str
    lines: list[tuple[str, str]]

    @property
    def since(self) -> Any:
        """The day of the proposal."""
        return proposals.day(self.thing)


@require_safe
@loaded
def queue(request: HttpRequest) -> HttpResponse:
    """All that waits, the oldest first, and what was decided lately."""
    sees = viewer_of(request.user).clearance
    waits = [one for one in proposals.things(MOST) if proposals.level(one) <= sees]
    late = [one for one in spoken.additions(viewer_of(request.user), everybody=True) if one.decided][:LATELY]
    context = {
        "rows": [_about(one, request.user) for one in waits],
        "late": [_about(one, request.user) for one in late],
        "waits": proposals.things_count(),
    }
    return render(request, "members/additions.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def decide(request: HttpRequest, entry: str) -> HttpResponse:
    """One thing: accept it as it is or with other values, refuse it, or take an acceptance back, with a reason."""
    thing = spoken.addition(entry, viewer_of(request.user))
    if thing is None:
        raise Http404
    decision = request.POST.get("decision", "") if request.method == "POST" else ""
    accept = _form(thing, request.POST if decision == "accept" else None, request.user)
    refuse = ReasonForm(request.POST if decision == "refuse" else None, auto_id="refuse_%s")
    retract = ReasonForm(request.POST if decision == "retract" else None, auto_id="retract_%s")
    form: Any = {"refuse": refuse, "retract": retract}.get(decision, accept)
    if form.is_bound and form.is_valid() and _done(request, thing, form, decision):
        return _next(thing)
    waiting = proposals.things(1, after=thing.proposed.seq) or proposals.things(1)
    context = {
        "about": _about(thing, request.user), "accept": accept, "refuse": refuse, "retract": retract, "form": form,
        "next": next((one.proposed.id for one in waiting if one.proposed.id != entry), ""),
    }  # fmt: skip
    return render(request, "members/addition.html", context, here=HERE, status=422 if request.method == "POST" else 200)


def _form(thing: Addition, data: Any, user: object) -> ThingForm:
    said: Mapping[str, Json] = thing.proposed.value if isinstance(thing.proposed.value, Mapping) else {}
    proposed = adding.in_order(thing.kind, said)
    known = vocabulary().properties
    choices = {prop: sheet.choices(prop, known[prop], user, value) for prop, value in proposed.items()}
    return ThingForm(data, kind=thing.kind, proposed=proposed, choices=choices)


def _done(request: HttpRequest, thing: Addition, form: Any, decision: str) -> bool:
    """Whether it was done; else the form says why not."""
    said: dict[str, Any] = {"entry": thing.proposed.id, "viewer": viewer_of(request.user), "at": moment(),
                            "why": form.cleaned_data["why"], "home": request.build_absolute_uri("/")[:-1]}  # fmt: skip
    try:
        if decision == "accept":
            adding.approve(**said, amended=form.cleaned_data["amended"])
        elif decision == "refuse":
            adding.refuse(**said)
        else:
            adding.retract(**said)
    except UnfitError as error:
        for prop, why in error.wrong.items():
            form.add_error(prop if prop in form.fields else None, f"{why[:1].upper()}{why[1:]}.")
        return False
    except LifeclusterError as error:
        form.add_error("why" if "why" in str(error) else None, str(error))
        return False
    messages.success(request, f"{adding.KINDS[thing.kind]}: {DONE[decision]}. Who proposed it hears by mail.")
    return True


def _next(thing: Addition) -> HttpResponse:
    """To the next one that waits; back to the queue where there is none."""
    waiting = proposals.things(1, after=thing.proposed.seq) or proposals.things(1)
    if waiting:
        return HttpResponseRedirect(reverse("members:addition", args=[waiting[0].proposed.id]))
    return HttpResponseRedirect(reverse("members:additions"))


def _about(thing: Addition, user: object) -> About:
    """A thing in words."""
    shown, entry = reads.current(), thing.proposed
    named = reads.named({thing.holder, *_refs(thing.values)}, user, shown)
    reader = Reader(named, today())
    names = actions.names_of([thing.holder], user)
    values = adding.in_order(thing.kind, thing.values)
    lines = [(words.label(prop), sheet.worded(prop, value, reader)) for prop, value in values.items()]
    return About(
        thing, adding.KINDS[thing.kind], title_of(thing.values),
        names.get(thing.holder, "an organisation that is gone"),
        addresses.organisation(thing.holder) if thing.holder in names else "", who_is(entry.actor),
        WORDS.get(entry.visibility, entry.visibility), lines,
    )  # fmt: skip


def _refs(values: Mapping[str, Json]) -> set[str]:
    """Ids that values refer to."""
    found = [value for prop, value in values.items() if vocabulary().properties[prop].type == "ref"]
    return {str(one) for value in found for one in (value if isinstance(value, list | tuple) else [value])}
