"""The desk's part: proposals one by one, the old value beside the new, decided by keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import ROLES
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register.edits import Edit
from lifecluster.web.accounts.rights import held, moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Identity
from lifecluster.web.directory.reads import Stated
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.evidence import Reader, age
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import reader_of, viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, proposals, sheet, typed
from lifecluster.web.members.forms import WORDS, AmendForm, ReasonForm

HERE = "edits"
LATELY = 20
MOST = 200
"""Proposals on the page of the queue."""


@dataclass(frozen=True, slots=True)
class About:
    """A proposal as the desk reads it: whose, of what, by whom; `shown` what readers of its level are shown now."""

    edit: Edit
    label: str
    name: str
    url: str
    site: str
    who: str
    text: str
    amended: str
    level: str
    shown: Stated | None
    reader: Reader

    @property
    def since(self) -> Any:
        """The day of the proposal."""
        return proposals.day(self.edit)

    @property
    def mark(self) -> Any:
        """The value shown, with its evidence."""
        return self.reader.mark(self.shown) if self.shown and self.shown.shown else None

    @property
    def age(self) -> str:
        """When that was verified or observed."""
        return age(self.shown.shown[0]) if self.shown and self.shown.shown else ""


@require_safe
@loaded
def queue(request: HttpRequest) -> HttpResponse:
    """All that waits, the oldest first, and what was decided lately."""
    names = _Names(request.user)
    sees = viewer_of(request.user).clearance
    rows = [names.about(edit) for edit in proposals.waiting(MOST) if proposals.level(edit) <= sees]
    late = [names.about(edit) for edit in proposals.decided(LATELY, sees=sees)]
    context = {"rows": rows, "late": late, "total": proposals.waiting_count()}
    return render(request, "members/queue.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def decide(request: HttpRequest, entry: str) -> HttpResponse:
    """One proposal: accept it as it is or with another value, or refuse it with a reason; then the next one."""
    edit = _edit(entry, request.user)
    prop, subject = edit.proposed.property or "", edit.proposed.subject or ""
    known = vocabulary().properties[prop]
    how: dict[str, Any] = {"prop": prop, "subject": subject, "proposed": edit.proposed.value,
                           "choices": sheet.choices(prop, known, request.user, edit.proposed.value)}  # fmt: skip
    posted = request.method == "POST"
    refusing = posted and request.POST.get("decision") == "refuse"
    initial = {"value": typed.of_json(prop, known, edit.proposed.value)}
    accept = AmendForm(request.POST if posted and not refusing else None, initial=initial, **how)
    refuse = ReasonForm(request.POST if refusing else None, auto_id="refuse_%s")
    form = refuse if refusing else accept
    if posted and edit.state != "pending":
        messages.error(request, f"Somebody else decided this one meanwhile: it is {edit.state}.")
        return _next(edit)
    if posted and form.is_valid():
        done = _done(request, edit, form, refusing=refusing)
        if done is not None:
            return done
    waiting = proposals.waiting(1, after=edit.proposed.seq) or proposals.waiting(1)
    context = {
        "about": _Names(request.user).about(edit), "accept": accept, "refuse": refuse, "form": form,
        "unknown": edit.proposed.value is None, "others": _others(edit, request.user),
        "next": next((one.proposed.id for one in waiting if one.proposed.id != entry), ""),
    }  # fmt: skip
    return render(request, "members/decide.html", context, here=HERE, status=422 if posted else 200)


def _others(edit: Edit, user: object) -> list[About]:
    """Other proposals for the same value that wait too, of those that the reader may know."""
    sees, names, said = viewer_of(user).clearance, _Names(user), edit.proposed
    found = (one for one in proposals.of([said.subject or ""]) if one.state == "pending" and not one.confirms)
    return [names.about(one) for one in found if one.proposed.id != said.id
            and one.proposed.property == said.property and proposals.level(one) <= sees]  # fmt: skip


def _done(request: HttpRequest, edit: Edit, form: Any, *, refusing: bool) -> HttpResponse | None:
    """The decision; None where it was not taken, with the reason in the form."""
    viewer, home = viewer_of(request.user), request.build_absolute_uri("/")[:-1]
    entry, why = edit.proposed.id, form.cleaned_data["why"]
    label = words.label(edit.proposed.property or "")
    try:
        if refusing:
            actions.refuse(entry=entry, viewer=viewer, at=moment(), why=why, home=home)
            messages.success(request, f"{label}: refused. The member hears why.")
        else:
            actions.approve(entry=entry, viewer=viewer, at=moment(), amended=form.cleaned_data.get("value"), why=why,
                            home=home)  # fmt: skip
            messages.success(request, f"{label}: accepted, and shown from now on. The member hears by mail.")
    except LifeclusterError as error:
        form.add_error("why" if "why" in str(error) else None, str(error))
        return None
    return _next(edit)


def _next(edit: Edit) -> HttpResponse:
    """To the next one that waits; back to the queue where there is none."""
    waiting = proposals.waiting(1, after=edit.proposed.seq) or proposals.waiting(1)
    if waiting:
        return HttpResponseRedirect(reverse("members:decide", args=[waiting[0].proposed.id]))
    return HttpResponseRedirect(reverse("members:queue"))


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def retract(request: HttpRequest, entry: str) -> HttpResponse:
    """Take an acceptance back, after seeing what will be shown instead."""
    edit = _edit(entry, request.user)
    if edit.state != "approved" or edit.confirms:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.retract(entry=entry, viewer=viewer_of(request.user), at=moment(), why=form.cleaned_data["why"],
                            home=request.build_absolute_uri("/")[:-1])  # fmt: skip
        except LifeclusterError as error:
            form.add_error("why" if "why" in str(error) else None, str(error))
        else:
            messages.success(request, "Taken back: what stood before is shown again.")
            return HttpResponseRedirect(reverse("members:queue"))
    about = _Names(request.user).about(edit)
    rest = (
        [said for said in (*about.shown.shown, *about.shown.others) if said.record != edit.record]
        if about.shown
        else []
    )
    prop = edit.proposed.property or ""
    then = about.reader.word(prop, vocabulary().properties[prop].type, rest[0].value) if rest else "nothing"
    source = (rest[0].source.title or rest[0].source.source) if rest else ""
    context = {"about": about, "form": form, "then": then, "source": source}
    return render(request, "members/retract.html", context, here=HERE, status=422 if form.is_bound else 200)


def _edit(entry: str, user: object) -> Edit:
    """A proposal that the reader may know of: what an organisation keeps for its own eyes is nothing here."""
    edit = proposals.one(entry)
    if edit is None or edit.confirms or proposals.level(edit) > viewer_of(user).clearance:
        raise Http404
    return edit


class _Names:
    """Words about proposals for one reader; asks for each name once."""

    def __init__(self, user: object) -> None:
        self._user, self._shown, self._at = user, reads.current(), today()
        self._people: dict[str, str] = {}

    def about(self, edit: Edit) -> About:
        """A proposal in words."""
        entry, owner = edit.proposed, proposals.owner(edit)
        subject, prop = self._today(entry.subject or ""), entry.property or ""
        owner = self._today(owner)
        level = min(int(Visibility.parse(entry.visibility)), int(viewer_of(self._user).clearance))
        values = reads.values([subject], reader_of(level), package=self._shown, property=prop)
        named = reads.named({owner, subject, *_refs(values.of(subject, prop))}, self._user, self._shown)
        reader = Reader(named, self._at)
        amended = sheet.worded(prop, edit.value, reader) if edit.value != entry.value else ""
        return About(
            edit, words.label(prop), proper(named[owner].name) if owner in named else "an organisation that is gone",
            addresses.organisation(owner) if owner in named else "",
            proper(named[subject].name) or subject if subject != owner and subject in named else "",
            self._who(entry.actor), sheet.worded(prop, entry.value, reader), amended,
            WORDS.get(entry.visibility, entry.visibility), values.of(subject, prop), reader,
        )  # fmt: skip

    def _today(self, uid: str) -> str:
        leads = Identity.objects.filter(package=self._shown, uid=uid, status="redirected").values_list(
            "target", flat=True
        )
        return next(iter(leads), uid)

    def _who(self, actor: str) -> str:
        if actor not in self._people:
            self._people[actor] = who_is(actor)
        return self._people[actor]


def who_is(actor: str) -> str:
    """Who proposed something, in words: from the table of people, never from the log."""
    person = actions.person_of(actor)
    if person is None:
        return "Somebody whose account is gone" if actor.startswith("person:") else "The cluster team"
    titles = ", ".join(ROLES[name].title for name in sorted(held(person, moment())) if name in ROLES)
    return f"{person.shown_name} ({person.email}){f', {titles}' if titles else ''}"


def _refs(stated: Stated | None) -> set[str]:
    """Ids that a value refers to."""
    return {said.value for said in stated.shown if said.value} if stated is not None and stated.type == "ref" else set()
