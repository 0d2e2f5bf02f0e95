"""The desk's pages of the bulletin: gathered, edited, looked at, sent."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.desk import frame
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import markdown
from lifecluster.web.news.actions import ConflictError
from lifecluster.web.news.bulletin import actions, compose
from lifecluster.web.news.draft import TEXT, TITLE
from lifecluster.web.news.forms import READERS, WORDS_HELP
from lifecluster.web.news.models import Bulletin, Section, Stage, Subscriber

METHODS = ["GET", "HEAD", "POST"]
PLACE = re.compile(r"[0-9]{1,6}")


class WordsForm(forms.Form):
    """Words of a bulletin."""

    title = forms.CharField(label="Title", max_length=TITLE, help_text="The subject of the mail.")
    opening = forms.CharField(
        label="Introductory words", required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"Everybody who gets the bulletin reads them. {WORDS_HELP}",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(METHODS)
@loaded
def bulletins(request: HttpRequest) -> HttpResponse:
    """All bulletins; a new one is gathered here."""
    if request.method == "POST":
        try:
            made = actions.make(viewer=person_of(request).viewer, at=moment())
        except LifeclusterError as error:
            messages.error(request, str(error).capitalize() + ".")
            return HttpResponseRedirect(path_of("news:desk_bulletins"))
        return HttpResponseRedirect(_address(made))
    rows = [
        {"title": one.title, "url": _address(one), "stage": Stage(one.stage).label,
         "sent": one.sendings.filter(written=True).count(), "day": (one.send_at or one.made_at).date()}
        for one in Bulletin.objects.order_by("-made_at")[:100]
    ]  # fmt: skip
    context = {"rows": rows, "wants": Subscriber.objects.count(),
               "open": Bulletin.objects.exclude(stage=Stage.SENT).exists()}  # fmt: skip
    return frame.render(request, "news/desk/bulletins.html", context, here="news")


@require_http_methods(METHODS)
@loaded
def bulletin(request: HttpRequest, key: int) -> HttpResponse:
    """Edit a bulletin and see it as its readers will; one that was sent is only shown."""
    row = _row(key)
    if request.method != "POST":
        form = WordsForm(initial={"title": row.title, "opening": row.opening, "seen": row.number})
        return _page(request, row, form)
    try:
        return _edit(request, row)
    except LifeclusterError as error:
        form = WordsForm(request.POST)
        form.add_error(None, str(error))
        row.refresh_from_db()
        form.data = {**request.POST.dict(), "seen": str(row.number)}
        return _page(request, row, form, status=409 if isinstance(error, ConflictError) else 422)


def _edit(request: HttpRequest, row: Bulletin) -> HttpResponse:
    viewer, at = person_of(request).viewer, moment()
    if "discard" in request.POST:
        actions.discard(bulletin=row.pk, viewer=viewer, at=at)
        messages.success(request, "The bulletin is removed. What is new will be in the next.")
        return HttpResponseRedirect(path_of("news:desk_bulletins"))
    if "hold" in request.POST:
        actions.hold(bulletin=row.pk, viewer=viewer, at=at)
        messages.success(request, "The bulletin is held back: nobody has got it.")
        return HttpResponseRedirect(_address(row))
    if "again" in request.POST:
        count = actions.look_again(bulletin=row.pk, viewer=viewer, at=at)
        messages.success(request, f"{count or 'Nothing'} new came in.")
        return HttpResponseRedirect(_address(row))
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    said = form.cleaned_data
    actions.change(bulletin=row.pk, title=said["title"], opening=said["opening"], seen=said["seen"], viewer=viewer,
                   parts=_parts(request, row), at=at)  # fmt: skip
    messages.success(request, "Saved. Below is what readers get.")
    return HttpResponseRedirect(_address(row))


def _parts(request: HttpRequest, row: Bulletin) -> dict[int, tuple[int, bool]]:
    """Places and what is left out, of a form that was sent; a place that is no number stays as it was."""
    found = {}
    for part in row.parts.all():
        place = request.POST.get(f"place-{part.pk}", "").strip()
        number = int(place) if PLACE.fullmatch(place) else part.place
        found[part.pk] = (number, f"out-{part.pk}" in request.POST)
    return found


def _page(request: HttpRequest, row: Bulletin, form: WordsForm, *, status: int = 200) -> HttpResponse:
    parts = [{"pk": part.pk, "title": part.title, "note": part.note, "place": part.place, "out": part.left_out,
              "section": Section(part.section).label, "reader": READERS[Visibility(part.level)], "url": part.url}
             for part in row.parts.order_by("place", "pk")]  # fmt: skip
    context = {
        "bulletin": row,
        "form": form,
        "parts": parts,
        "stage": Stage(row.stage).label,
        "draft": row.stage == Stage.DRAFT,
        "holdable": row.stage == Stage.SENDING and not row.sendings.exists(),
        "opening": markdown.html(row.opening),
        "groups": compose.groups(compose.parts(row, int(Visibility.MEMBERS)), today()),
        "wants": Subscriber.objects.count(),
        "sent": row.sendings.filter(written=True).count(),
    }
    return frame.render(request, "news/desk/bulletin.html", context, here="news", status=status)


@require_http_methods(METHODS)
@loaded
def send(request: HttpRequest, key: int) -> HttpResponse:
    """Say what goes out to how many, and let it go."""
    row = _row(key)
    if row.stage != Stage.DRAFT:
        return HttpResponseRedirect(_address(row))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        number = int(seen) if PLACE.fullmatch(seen) else 0
        try:
            actions.send(bulletin=row.pk, seen=number, viewer=person_of(request).viewer, at=moment())
        except LifeclusterError as error:
            messages.error(request, str(error).capitalize() + ".")
        else:
            messages.success(request, "It goes out in five minutes; until then it can be held back.")
        return HttpResponseRedirect(_address(row))
    plain = compose.mail(row, int(Visibility.MEMBERS), stop="https://…", why="…", day=today())
    context = {
        "bulletin": row,
        "people": Subscriber.objects.filter(person__isnull=False).count(),
        "visitors": Subscriber.objects.filter(person__isnull=True).count(),
        "all": len(compose.parts(row, int(Visibility.MEMBERS))),
        "public": len(compose.parts(row, int(Visibility.PUBLIC))),
        "plain": plain.text() if plain else "",
    }
    return frame.render(request, "news/desk/send.html", context, here="news")


def _row(key: int) -> Bulletin:
    row = Bulletin.objects.filter(pk=key).first() if key < 2**31 else None
    if row is None:
        raise Http404
    return row


def _address(row: Bulletin) -> str:
    return f"{path_of('news:desk_bulletins')}/{row.pk}"
