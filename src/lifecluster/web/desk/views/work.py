"""Pages of tasks, notes and interactions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.desk import whose
from lifecluster.web.desk.actions import cases, interactions, tasks
from lifecluster.web.desk.forms.cases import InteractionForm, NoteForm, TaskForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Case, Contact, Interaction, Task
from lifecluster.web.desk.views.common import Page, acted, handled, now, one, organisation, reader, sent
from lifecluster.web.desk.when import when
from lifecluster.web.directory.freshness import today


def _of(case: Case | None, uid: str) -> str:
    """The page that a row belongs to."""
    if case is not None:
        return reverse("desk:case", args=[case.pk])
    return reverse("desk:organisation", args=[uid]) if uid else reverse("desk:index")


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """All tasks that are to be done, by their day."""
    viewer, day = reader(request), today()
    found = list(Task.objects.visible_to(viewer).filter(done_at=None).select_related("owner", "case").order_by("pk"))
    found.sort(key=lambda task: (task.due_on is None, task.due_on or day))
    names = whose.today([t.organisation or (t.case.organisation if t.case else "") for t in found], viewer)
    rows = [
        (t, names.get(t.organisation or (t.case.organisation if t.case else "")), when(t.due_on, day)) for t in found
    ]
    return render(request, "desk/tasks.html", {"rows": rows}, here="tasks")


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest, key: int | None = None, uid: str = "") -> HttpResponse:
    """Set a task, for a case or for an organisation."""
    viewer, at = reader(request), now()
    case = one(Case, key, request) if key is not None else None
    found = organisation(uid, request) if case is None else None
    back = _of(case, found.uid if found else "")

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        tasks.add_task(case=key, organisation_uid=found.uid if found else "", viewer=viewer, at=at, **given)
        return back

    form = TaskForm(sent(request), people=whose.workers(at), initial={"owner": viewer.actor.partition(":")[2]})
    title = f"A task for case {key}" if case else f"A task for {found.name if found else ''}"
    return handled(request, form, Page(title, "Set it", back), act)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_task(request: HttpRequest, key: int) -> HttpResponse:
    """Change a task."""
    row, viewer, at = one(Task, key, request, "owner", "case"), reader(request), now()
    back = _of(row.case, row.organisation)

    def act(given: dict[str, Any]) -> str:
        tasks.change_task(task=key, viewer=viewer, at=at, **given)
        return back

    people = whose.workers(at)
    if row.owner and row.owner not in people:
        people.append(row.owner)
    form = TaskForm(sent(request), people=people, initial=TaskForm.values(row) | {"version": row.version})
    page = Page("Change a task", "Save", back, here="tasks", template="desk/task.html", extra={"task": row})
    return handled(request, form, page, act)


@require_POST
def finish_task(request: HttpRequest, key: int) -> HttpResponse:
    """A task is done, or not after all."""
    row, viewer, at = one(Task, key, request, "case"), reader(request), now()
    back = _of(row.case, row.organisation)
    if row.done_at is None:
        return acted(request, lambda: tasks.finish_task(task=key, viewer=viewer, at=at), back,
                     f"Done: {row.title}.")  # fmt: skip
    return acted(request, lambda: tasks.reopen_task(task=key, viewer=viewer, at=at), back, "It is to be done again.")


@require_http_methods(["GET", "HEAD", "POST"])
def add_interaction(request: HttpRequest, key: int | None = None, uid: str = "") -> HttpResponse:
    """Record an interaction, in a case or with an organisation."""
    viewer = reader(request)
    case = one(Case, key, request) if key is not None else None
    asked = case.organisation if case is not None else uid
    found = organisation(asked, request) if asked else None
    back = _of(case, found.uid if found else "")

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        interactions.record_interaction(
            case=key, organisation_uid=found.uid if found else "", viewer=viewer, at=now(), **given
        )
        return back

    people = contacts_of(found.uid) if found else []
    form = InteractionForm(sent(request), people=people, initial={"on": today()})
    title = f"Talked with {found.name}" if found else f"Talked about case {key}"
    return handled(request, form, Page(title, "Record it", back, "Recorded."), act)


def contacts_of(uid: str) -> list[Contact]:
    """Contacts of an organisation, by name."""
    return list(Contact.objects.filter(organisation__in=whose.behind(uid), erased_at=None).order_by("name", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_interaction(request: HttpRequest, key: int) -> HttpResponse:
    """Change what was recorded."""
    row, viewer = one(Interaction, key, request, "case"), reader(request)
    found = whose.today([row.organisation], viewer).get(row.organisation)
    back = _of(row.case, found.uid if found else "")

    def act(given: dict[str, Any]) -> str:
        interactions.change_interaction(interaction=key, viewer=viewer, at=now(), **given)
        return back

    initial = InteractionForm.values(row) | {"version": row.version, "policy": "yes" if row.policy else "no"}
    form = InteractionForm(sent(request), people=contacts_of(found.uid) if found else [], initial=initial)
    return handled(request, form, Page("Change what was recorded", "Save", back), act)


@require_http_methods(["GET", "HEAD", "POST"])
def add_note(request: HttpRequest, uid: str) -> HttpResponse:
    """Write a note on an organisation."""
    found, viewer = organisation(uid, request), reader(request)
    back = reverse("desk:organisation", args=[found.uid])

    def act(given: dict[str, Any]) -> str:
        cases.add_note(text=given["text"], organisation_uid=found.uid, viewer=viewer, at=now())
        return back

    return handled(request, NoteForm(sent(request)), Page(f"A note on {found.name}", "Save", back, "Noted."), act)
