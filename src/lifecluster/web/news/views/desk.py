"""The desk's pages of news: what waits, and what to do with one item."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.desk import frame
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.news import actions, panels, queue, reads
from lifecluster.web.news.forms import READERS
from lifecluster.web.news.models import Item, State
from lifecluster.web.news.views.public import shown
from lifecluster.web.news.views.writing import TOLD

LATEST = 50


class Decision(forms.Form):
    """What to do with an item, of which version, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label="Reason", required=False, help_text="Who wrote it reads this. Needed to refuse or withdraw.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """What waits for the desk, and what was decided last."""
    waits = list(reads.waiting())
    others = Item.objects.exclude(state=State.WAITING).order_by("-changed_at", "-pk")[:LATEST]
    context = {"waits": [_line(one) for one in waits], "others": [_line(one) for one in others]}
    return frame.render(request, "news/desk/queue.html", context, here="news")


def _line(item: Item) -> dict[str, object]:
    return {**panels.line(item), "url": queue.address(item), "state": TOLD[State(item.state)],
            "reader": READERS[Visibility(item.level)]}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """One item as its readers will see it: approve, refuse, withdraw or change it."""
    rows = Item.objects.filter(pk=key).select_related("author").prefetch_related("abouts")
    item = rows.first() if key < 2**31 else None
    if item is None:
        raise Http404
    form = Decision(request.POST if request.method == "POST" else None, initial={"seen": item.number})
    status = 200
    if request.method == "POST":
        done = _done(request, item, form)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(queue.address(item))
        status = 422
        item.refresh_from_db()
        form.data = {**request.POST.dict(), "seen": str(item.number)}
    context = {
        **shown(request, item),
        "form": form,
        "state": TOLD[State(item.state)],
        "reader": READERS[Visibility(item.level)],
        "is_waiting": item.state == State.WAITING,
        "is_shown": item.state == State.SHOWN,
        "author": item.author.shown_name if item.author else "",
        "versions": item.versions.order_by("-number"),
        "begun": item.shown_from <= today(),
    }
    return frame.render(request, "news/desk/item.html", context, here="news", status=status)


def _done(request: HttpRequest, item: Item, form: Decision) -> str:
    """Do what was asked; what was done, in words, or nothing with the reason in the form."""
    if not form.is_valid():
        return ""
    viewer, at = person_of(request).viewer, moment()
    seen, why = form.cleaned_data["seen"], form.cleaned_data["why"]
    try:
        if "approve" in request.POST:
            actions.approve(item=item.pk, seen=seen, viewer=viewer, at=at)
            return f"“{item.title}” is approved."
        if "refuse" in request.POST:
            actions.refuse(item=item.pk, seen=seen, viewer=viewer, at=at, why=why)
            return f"“{item.title}” is refused; who wrote it is told why."
        actions.withdraw(item=item.pk, seen=seen, viewer=viewer, at=at, why=why)
    except LifeclusterError as error:
        form.add_error("why" if not why.strip() and "approve" not in request.POST else None, str(error))
        return ""
    return f"“{item.title}” is withdrawn. Approving it puts it back."
