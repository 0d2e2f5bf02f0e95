"""Proposing, posting and changing items."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.directory import reads as register
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import actions, markdown, panels, queue, words
from lifecluster.web.news.draft import Draft
from lifecluster.web.news.forms import ItemForm, lines
from lifecluster.web.news.models import Item, State

METHODS = ["GET", "HEAD", "POST"]
TOLD = {State.WAITING: "Waits for the desk", State.SHOWN: "Is shown", State.REFUSED: "Was refused",
        State.WITHDRAWN: "Was withdrawn"}  # fmt: skip


@require_http_methods(METHODS)
@loaded
def propose(request: HttpRequest) -> HttpResponse:
    """A member proposes something."""
    viewer = person_of(request).viewer
    form = _form(request, viewer.organisations)
    if (draft := _sent(request, form)) is not None:
        actions.propose(draft=draft, viewer=viewer, at=moment())
        messages.success(request, "Thank you. It waits for the cluster team; you hear by mail what becomes of it.")
        return HttpResponseRedirect(path_of("news:mine"))
    return _page(request, form, "Propose news or an opportunity", path_of("news:mine"))


@require_http_methods(METHODS)
@loaded
def post(request: HttpRequest) -> HttpResponse:
    """The desk posts something."""
    viewer = person_of(request).viewer
    form = _form(request, frozenset())
    if (draft := _sent(request, form)) is not None:
        item = actions.post(draft=draft, viewer=viewer, at=moment())
        messages.success(request, f"“{item.title}” is posted.")
        return HttpResponseRedirect(queue.address(item))
    return _page(request, form, "Post news or an opportunity", path_of("news:desk"))


@require_http_methods(METHODS)
@loaded
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Who wrote it, or the desk, changes an item; if somebody else has meanwhile, both versions are shown."""
    viewer = person_of(request).viewer
    item = Item.objects.filter(pk=key).prefetch_related("abouts").first() if key < 2**31 else None
    if item is None or not (viewer.may(actions.DECIDE) or actions.writes(viewer, item)):
        raise Http404
    back = queue.address(item) if viewer.may(actions.DECIDE) else path_of("news:mine")
    if request.method != "POST":
        form = ItemForm.over(Draft.of(item), item.number, viewer)
        return _page(request, form, "Change it", back, item=item)
    form = ItemForm(request.POST, viewer=viewer)
    if (draft := _sent(request, form)) is not None:
        seen = form.cleaned_data["seen"] or 0
        try:
            actions.change(item=item.pk, draft=draft, seen=seen, viewer=viewer, at=moment())
        except actions.ConflictError as error:
            form.add_error(None, str(error))
            form.data = {
                **request.POST.dict(),
                "seen": str(item.number),
            }  # what was typed may now be sent over what was shown
            return _page(request, form, "Change it", back, item=item, other=item, status=409)
        messages.success(request, "It is changed. The earlier version is kept.")
        return HttpResponseRedirect(back)
    return _page(request, form, "Change it", back, item=item)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one has proposed, and what became of it."""
    rows = Item.objects.filter(author=person_of(request)).order_by("-changed_at", "-pk")[:200]
    lines = [{**panels.line(row), "state": TOLD[State(row.state)], "open": row.state in {State.WAITING, State.REFUSED},
              "shown": row.state == State.SHOWN, "removable": row.approved_at is None} for row in rows]  # fmt: skip
    return render(request, "news/mine.html", {"lines": lines})


@require_http_methods(METHODS)
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Take back what one has proposed; asked first."""
    person = person_of(request)
    item = Item.objects.filter(pk=key, author=person, approved_at__isnull=True).first() if key < 2**31 else None
    if item is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.remove(item=item.pk, viewer=person.viewer, at=moment())
        except LifeclusterError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"“{item.title}” is taken back; nothing of it is kept.")
        return HttpResponseRedirect(path_of("news:mine"))
    return render(request, "news/remove.html", {"item": item})


def _form(request: HttpRequest, organisations: frozenset[str]) -> ItemForm:
    viewer = person_of(request).viewer
    if request.method == "POST":
        return ItemForm(request.POST, viewer=viewer)
    initial: dict[str, str | date] = {"organisations": lines(organisations, viewer), "shown_from": today()}
    return ItemForm(initial=initial, viewer=viewer)


def _sent(request: HttpRequest, form: ItemForm) -> Draft | None:
    """The draft of a form that was sent to be kept, and is right."""
    if not form.is_bound or not form.is_valid() or "preview" in request.POST:
        return None
    return form.draft


def _page(
    request: HttpRequest, form: ItemForm, heading: str, back: str, *, item: Item | None = None,
    other: Item | None = None, status: int = 0,
) -> HttpResponse:  # fmt: skip
    register.current()
    right = form.is_bound and form.is_valid() and form.draft is not None
    shown = form.draft.tidy() if right and form.draft is not None and "preview" in request.POST else None
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "item": item,
        "preview": {"title": shown.title, "body": markdown.html(shown.text)} if shown else None,
        "other": {"item": other, "body": markdown.html(other.text), "url": words.address(other)} if other else None,
    }
    code = status or (422 if form.is_bound and not right else 200)
    return render(request, "news/write.html", context, status=code)
