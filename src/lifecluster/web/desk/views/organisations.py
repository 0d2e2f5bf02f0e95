"""The page of the desk on one organisation: contacts, cases, tasks, and everything that happened."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import reads, whose
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Contact, Interaction
from lifecluster.web.desk.views.common import organisation, reader
from lifecluster.web.desk.views.first import Thing
from lifecluster.web.desk.waiting import Item
from lifecluster.web.desk.when import when
from lifecluster.web.desk.words import LEVELS, PURPOSES, STANDINGS, STATES
from lifecluster.web.directory.freshness import today

LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Find an organisation; those talked with lately."""
    viewer, typed, problem = reader(request), "", ""
    if request.method == "POST":
        typed = request.POST.get("organisation", "")
        try:
            uid = whose.organisation_of(typed, viewer)
            if uid:
                return HttpResponseRedirect(reverse("desk:organisation", args=[uid]))
            problem = "Write a name or an id."
        except LifeclusterError as error:
            problem = str(error)
    rows = Interaction.objects.visible_to(viewer).exclude(organisation="").order_by("-on", "-pk")[: 3 * LATEST]
    names = whose.today([row.organisation for row in rows], viewer)
    seen = {names[row.organisation].uid: (names[row.organisation], row) for row in reversed(rows)}
    latest = list(reversed(seen.values()))[:LATEST]
    context = {"latest": latest, "typed": typed, "problem": problem}
    return render(request, "desk/organisations.html", context, status=422 if problem else 200)


@require_safe
def show(request: HttpRequest, uid: str) -> HttpResponse:
    """Everything that the desk keeps of an organisation; an id that was merged leads on."""
    found = organisation(uid, request)
    if found.uid != uid:
        return HttpResponseRedirect(reverse("desk:organisation", args=[found.uid]))
    kept, day = reads.of_organisation(found, reader(request)), today()
    context = {
        "whose": found,
        "kept": kept,
        "contacts": [(one, _may(one)) for one in kept.contacts],
        "todo": todo(kept, day),
        "member": any(one.state == "active" for one in kept.memberships),
        "memberships": [(one, LEVELS[one.level], STANDINGS[one.state]) for one in kept.memberships],
    }
    return render(request, "desk/organisation.html", context)


def todo(kept: reads.Kept, day: date) -> list[Thing]:
    """Open cases and tasks, by their day."""
    items = [
        Item(
            one.title,
            f"/desk/cases/{one.pk}",
            _note(f"Case {one.pk}, {STATES[one.state].lower()}", one.owner),
            one.due_on,
        )
        for one in kept.cases
        if one.state != "closed"
    ]
    for task in kept.tasks:
        items.append(Item(task.title, f"/desk/tasks/{task.pk}/edit", _note("Task", task.owner), task.due_on))
    items.sort(key=lambda item: (item.due is None, item.due or day, item.title))
    return [Thing("", item, when(item.due, day)) for item in items]


def _note(words: str, owner: Person | None) -> str:
    return f"{words}, {owner.shown_name}" if owner else words


def _may(contact: Contact) -> str:
    """What a contact may be used for, in words."""
    agreed = set(contact.consents.on(today()).values_list("purpose", flat=True))
    return "; ".join(words for name, words in PURPOSES.items() if name in agreed)
