"""Pages of cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.desk import reads, whose
from lifecluster.web.desk.actions import cases as actions
from lifecluster.web.desk.forms.cases import CaseForm, MoveForm, NoteForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Case
from lifecluster.web.desk.views.common import Page, acted, handled, now, one, organisation, reader, sent
from lifecluster.web.desk.views.enquiries import asked, who
from lifecluster.web.desk.when import when
from lifecluster.web.desk.words import CASE_KINDS, OUTCOMES, PRIORITIES, STATES
from lifecluster.web.directory.freshness import today
from lifecluster.web.kit.formats import plural
from lifecluster.web.kit.paging import Paging

PER_PAGE = 50


def _page(case: Case) -> str:
    return reverse("desk:case", args=[case.pk])


@require_safe
def index(request: HttpRequest, state: str = "open") -> HttpResponse:
    """Cases: those open by their day, or those closed, the latest first."""
    viewer = reader(request)
    rows = Case.objects.visible_to(viewer).select_related("owner")
    if state == "closed":
        rows = rows.filter(state="closed").order_by("-closed_at", "-pk")
    else:
        rows = rows.exclude(state="closed").order_by("due_on", "priority", "pk")
    number = request.GET.get("page", "1")
    total = rows.count()
    page = min(
        max(int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1, 1),
        -(-total // PER_PAGE) or 1,
    )
    found = list(rows[(page - 1) * PER_PAGE : page * PER_PAGE])
    names = whose.today([case.organisation for case in found], viewer)
    day = today()
    lines = [
        (case, names.get(case.organisation), CASE_KINDS[case.kind], STATES[case.state],
         when(case.due_on, day) if case.state != "closed" else None, OUTCOMES.get(case.outcome, ""))
        for case in found
    ]  # fmt: skip
    if state != "closed":
        lines.sort(key=lambda row: (row[0].due_on is None, row[0].due_on or day, row[0].priority, row[0].pk))
    context = {
        "rows": lines,
        "state": state,
        "total_cases": total,
        "paging": Paging(page, total, request.GET, PER_PAGE),
    }
    return render(request, "desk/cases.html", context, here="cases")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uid: str = "") -> HttpResponse:
    """Open a case, for an organisation or without one."""
    viewer, at = reader(request), now()
    found = organisation(uid, request) if uid else None
    back = reverse("desk:organisation", args=[found.uid]) if found else reverse("desk:cases")
    form = CaseForm(sent(request), people=whose.workers(at), viewer=viewer, initial={
        "organisation": found.uid if found else "", "owner": viewer.actor.partition(":")[2]})  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        return _page(actions.open_case(organisation_uid=given.pop("organisation"), viewer=viewer, at=at, **given))

    title = f"A case for {found.name}" if found else "A new case"
    return handled(request, form, Page(title, "Open it", back, "The case is open.", here="cases"), act)


@require_safe
def show(request: HttpRequest, key: int) -> HttpResponse:
    """A case: what it is, what is to be done, what happened."""
    case, viewer = one(Case, key, request, "owner"), reader(request)
    enquiry = getattr(case, "enquiry", None)
    here = "enquiries" if enquiry is not None and enquiry.answered_at is None else "cases"
    return render(request, "desk/case.html", _context(case, viewer, MoveForm(now=case.state), NoteForm()), here=here)


def _context(case: Case, viewer: Any, move_form: MoveForm, note_form: NoteForm) -> dict[str, Any]:
    day, enquiry = today(), getattr(case, "enquiry", None)
    open_tasks = case.tasks.filter(done_at=None).select_related("owner").order_by("due_on", "pk")
    move_form.initial = {"version": case.version} | dict(move_form.initial)
    return {
        "case": case,
        "whose": whose.today([case.organisation], viewer).get(case.organisation),
        "enquiry": enquiry,
        "asked": asked(enquiry) if enquiry else [],
        "who": who(enquiry) if enquiry else [],
        "kind": CASE_KINDS[case.kind],
        "state": STATES[case.state],
        "priority": PRIORITIES[case.priority],
        "outcome": OUTCOMES.get(case.outcome, ""),
        "when": when(case.due_on, day) if case.state != "closed" else None,
        "tasks": [(task, when(task.due_on, day)) for task in open_tasks],
        "referrals": [(one, one.get_state_display()) for one in case.referrals.order_by("pk")],
        "events": reads.of_case(case, viewer),
        "move": move_form,
        "note": note_form,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change a case."""
    case, viewer, at = one(Case, key, request, "owner"), reader(request), now()

    def act(given: dict[str, Any]) -> str:
        return _page(
            actions.change_case(case=key, organisation_uid=given.pop("organisation"), viewer=viewer, at=at, **given)
        )

    people = whose.workers(at)
    if case.owner and case.owner not in people:
        people.append(case.owner)
    form = CaseForm(sent(request), people=people, viewer=viewer,
                    initial=CaseForm.values(case) | {"version": case.version})  # fmt: skip
    return handled(request, form, Page(f"Change case {key}", "Save", _page(case), here="cases"), act)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, key: int) -> HttpResponse:
    """Bring a case into another state, or close it with what came of it."""
    case, viewer = one(Case, key, request), reader(request)

    def act(given: dict[str, Any]) -> str:
        return _page(actions.move_case(case=key, viewer=viewer, at=now(), **given))

    form = MoveForm(sent(request), now=case.state, initial={"version": case.version})
    page = Page(
        f"Case {key}: {case.title}", "Save", _page(case), here="cases",
        lead=f"It is {STATES[case.state].lower()} now.{_unfinished(case)}",
    )  # fmt: skip
    return handled(request, form, page, act)


def _unfinished(case: Case) -> str:
    """What stays open if a case is closed, as a sentence to be added; empty where nothing does."""
    tasks, referrals = case.tasks.filter(done_at=None).count(), case.referrals.filter(state="sent").count()
    parts = [plural(tasks, "task") + " not done"] if tasks else []
    parts += [plural(referrals, "referral") + " without an answer"] if referrals else []
    return f" It has {' and '.join(parts)}: closing it leaves them so." if parts and case.state != "closed" else ""


@require_POST
def note(request: HttpRequest, key: int) -> HttpResponse:
    """Write a note on a case."""
    case, viewer = one(Case, key, request), reader(request)
    text = request.POST.get("text", "")
    return acted(request, lambda: actions.add_note(text=text, case=key, viewer=viewer, at=now()), _page(case), "Noted.")
