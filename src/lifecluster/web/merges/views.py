"""Pages of merges and splits: begin, preview, done, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as plainly
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.acts import who
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Identity, Organisation, State
from lifecluster.web.directory.packages import NoPackageError
from lifecluster.web.directory.search import search
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.merges import actions, drafts, duplicates, tables
from lifecluster.web.merges.forms import SearchForm, WhyForm
from lifecluster.web.merges.preview import Preview

HERE = "merges"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Find two organisations, or begin from one: what may be the same."""
    form = SearchForm(request.GET)
    form.is_valid()
    viewer = viewer_of(request.user)
    one, other = ((form.cleaned_data.get(name) or "").strip() for name in ("one", "other"))
    chosen = _named(one, viewer)
    found = [] if chosen or not one else search(one, viewer, limit=10)
    alike = []
    if chosen and not other:
        postcode = chosen.postcode
        alike = [a for a in duplicates.likely(chosen.name, postcode, viewer) if a.uid != chosen.uid]
    others = (
        [hit for hit in search(other, viewer, limit=10) if chosen is None or hit.uid != chosen.uid] if other else []
    )
    context = {"form": SearchForm(initial={"one": one, "other": other}), "one": one, "other": other, "chosen": chosen,
               "found": found, "alike": alike, "others": others,
               "name": proper(chosen.name) if chosen else ""}  # fmt: skip
    return render(request, "merges/index.html", context, here=HERE)


def _named(text: str, viewer: Viewer) -> Organisation | None:
    """The organisation of which `text` is the id."""
    if not text:
        return None
    try:
        uid = reads.resolve(text, viewer).uid
    except LifeclusterError:
        return None
    return Organisation.objects.visible_to(viewer).filter(uid=uid).first()


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """The warning of forms: organisations that a name may mean already (a fragment)."""
    viewer = viewer_of(request.user)
    found = duplicates.likely(request.GET.get("name", ""), request.GET.get("postcode", ""), viewer)
    return plainly(request, "merges/alike.html", {"alike": found})


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every merge and split."""
    acts = drafts.acts(log.entries())
    names = _names({uid for act in acts for uid in act.organisations}, viewer_of(request.user))
    return render(request, "merges/history.html", {"table": tables.history(acts, names)}, here=HERE)


def _names(uids: set[str], viewer: Viewer) -> dict[str, str]:
    rows = Identity.objects.issued_to(viewer).filter(package__state=State.CURRENT, uid__in=uids)
    return dict(rows.exclude(name="").values_list("uid", "name"))


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """What it would change if two were one; and, sent, that they are."""
    viewer = viewer_of(request.user)
    one, other = request.GET.get("one", ""), request.GET.get("other", "")

    def look() -> Preview:
        return actions.preview_merge(one=one, other=other, viewer=viewer, at=moment())

    def do(why: str, expect: str) -> str:
        return actions.merge(one=one, other=other, viewer=viewer, at=moment(), why=why, expect=expect)

    words = {"title": "Merge two organisations", "button": "Merge them", "back": f"{reverse('merges:index')}?one={one}"}
    return _page(request, look, do, words)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, uid: str) -> HttpResponse:
    """Which records are another organisation; what it would change; and, sent, that they are."""
    viewer = viewer_of(request.user)
    found = _named(uid, viewer)
    if found is None:
        raise Http404
    chosen = request.GET.getlist("record")
    if not chosen:
        told = tables.records(found.uid, viewer)
        context = {"records": told, "name": proper(found.name), "uid": found.uid, "sent": "choose" in request.GET}
        return render(request, "merges/split.html", context, here=HERE)

    def look() -> Preview:
        return actions.preview_split(organisation=found.uid, records=chosen, viewer=viewer, at=moment())

    def do(why: str, expect: str) -> str:
        return actions.split(organisation=found.uid, records=chosen, viewer=viewer, at=moment(), why=why, expect=expect)

    words = {"title": f"Split {proper(found.name)}", "button": "Split it", "back": reverse("merges:split", args=[uid])}
    return _page(request, look, do, words)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, act: str) -> HttpResponse:
    """What it would change if a merge or split were taken back; and, sent, that it is."""
    viewer = viewer_of(request.user)
    found = _act(act)

    def look() -> Preview:
        return actions.preview_undo(act=act, viewer=viewer, at=moment())

    def do(why: str, expect: str) -> str:
        actions.undo(act=act, viewer=viewer, at=moment(), why=why, expect=expect)
        return act

    words = {"title": f"Take the {found.kind} back", "done": f"The {found.kind} is taken back.",
             "button": "Take it back", "back": reverse("merges:act", args=[act])}  # fmt: skip
    return _page(request, look, do, words)


@require_safe
def act(request: HttpRequest, act: str) -> HttpResponse:
    """What was done, and the way back."""
    found = _act(act)
    viewer = viewer_of(request.user)
    names = _names(set(found.organisations), viewer)
    today = [one for one in (_named(uid, viewer) for uid in found.organisations) if one is not None]
    first = found.entries[0]
    verb = tables.VERBS[found.kind]
    context = {
        "act": found, "verb": verb if found.live else f"{verb}, and taken back", "state": tables.state(found),
        "first": first, "names": tables.called(found, names), "who": who([first.actor], linked=False)[first.actor],
        "today": list({one.uid: one for one in today}.values()),
    }  # fmt: skip
    return render(request, "merges/act.html", context, here=HERE)


def _act(name: str) -> drafts.Act:
    try:
        return actions.act_of(name)
    except actions.RefusedError:
        raise Http404 from None


def _page(request: HttpRequest, look: Callable[[], Preview], do: Callable[[str, str], str],
          words: Mapping[str, str]) -> HttpResponse:  # fmt: skip
    """A preview with the form that does it."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                name = do(form.cleaned_data["why"], form.cleaned_data["expect"])
            except LifeclusterError as error:
                form.add_error(None, f"{error}.")
            else:
                messages.success(request, words.get("done", f"Done: {words['title'].lower()}."))
                return HttpResponseRedirect(reverse("merges:act", args=[name]))
    return _preview(request, look, form, words, status)


def _preview(request: HttpRequest, look: Callable[[], Preview], form: WhyForm, words: Mapping[str, str],
             status: int) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {**words, "form": form, "preview": None, "problem": ""}
    try:
        preview = look()
    except NoPackageError:
        raise
    except LifeclusterError as error:
        context["problem"] = str(error)
        return render(request, "merges/preview.html", context, here=HERE, status=status if status != 200 else 409)
    form.data = {**form.data.dict(), "expect": preview.digest} if form.is_bound else form.data  # type: ignore[attr-defined]
    form.initial = {"expect": preview.digest}
    context |= {"preview": preview, "sides": tables.sides(preview), "values": tables.values(preview),
                "ids": tables.ids(preview)}  # fmt: skip
    return render(request, "merges/preview.html", context, here=HERE, status=status)
