"""The desk's part in who belongs where: claims that wait, and codes for organisations."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Membership
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory import reads
from lifecluster.web.directory.search import search
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import ANYBODY, viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, belonging
from lifecluster.web.members.forms import AdmitForm, CodeForm, DeclineForm
from lifecluster.web.members.models import ClaimState, OrganisationClaim
from lifecluster.web.members.views.joining import home, sentence

HERE = "claims"
MOST = 200
PROOFS = {"domain": "The domain of the address is that of its web address.", "code": "With a code of the cluster team.",
          "": "Nothing speaks for it yet."}  # fmt: skip


@require_safe
@loaded
def claims(request: HttpRequest) -> HttpResponse:
    """Claims that wait, the oldest first, and those decided lately."""
    waits = OrganisationClaim.objects.filter(state=ClaimState.PENDING).select_related("person").order_by("pk")
    late = OrganisationClaim.objects.exclude(state=ClaimState.PENDING).select_related("person").order_by("-decided_at")
    rows, done = list(waits[:MOST]), list(late[:20])
    names = actions.names_of({row.organisation for row in rows + done}, request.user)
    context = {
        "rows": [(row, names.get(row.organisation, row.organisation), PROOFS[row.proof]) for row in rows],
        "late": [(row, names.get(row.organisation, row.organisation)) for row in done],
    }
    return render(request, "members/claims.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def claim(request: HttpRequest, key: int) -> HttpResponse:
    """One claim: accept it, or refuse it with a reason; then the next one."""
    row = get_object_or_404(OrganisationClaim.objects.select_related("person"), pk=key)
    refusing = request.POST.get("decision") == "refuse"
    posted = request.method == "POST"
    accept = AdmitForm(request.POST if posted and not refusing else None)
    refuse = DeclineForm(request.POST if refusing else None, auto_id="refuse_%s")
    form = refuse if refusing else accept
    if posted and form.is_valid():
        viewer, said = viewer_of(request.user), form.cleaned_data
        try:
            if refusing:
                belonging.decline(entry=row, viewer=viewer, at=moment(), why=said["why"], home=home(request))
            else:
                belonging.admit(entry=row, viewer=viewer, at=moment(), why=said["why"],
                                administrator=said["administrator"], home=home(request))  # fmt: skip
        except LifeclusterError as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, "Refused; they hear why." if refusing else "Accepted; they hear by mail.")
            return HttpResponseRedirect(_next())
    at = moment()
    there = Membership.objects.at(at).filter(organisation=row.organisation)
    stated = reads.values([row.organisation], ANYBODY, property="website").of(row.organisation, "website")
    context = {
        "row": row, "accept": accept, "refuse": refuse, "form": form, "proof": PROOFS[row.proof],
        "name": actions.names_of([row.organisation], request.user).get(row.organisation, row.organisation),
        "website": stated.text if stated else "", "there": there.count(),
        "administrators": there.filter(administrator=True).count(),
        "addresses": sorted(belonging.confirmed(row.person)),
    }  # fmt: skip
    return render(request, "members/claim_decide.html", context, here=HERE, status=422 if posted else 200)


def _next() -> str:
    waits = (
        OrganisationClaim.objects.filter(state=ClaimState.PENDING).order_by("pk").values_list("pk", flat=True).first()
    )
    return reverse("members:admit", args=[waits]) if waits else reverse("members:claims")


@require_http_methods(["GET", "HEAD", "POST"])
@loaded
def codes(request: HttpRequest) -> HttpResponse:
    """Find an organisation and make a code for it, which is shown this once."""
    if request.method == "POST":
        return _code(request)
    text = " ".join(request.GET.get("q", "").split())[:200]
    hits = search(text, request.user, limit=12, ended=False) if text else []
    context = {"text": text, "hits": [(proper(hit.name), hit.uid, hit.note) for hit in hits], "form": CodeForm()}
    return render(request, "members/codes.html", context, here=HERE)


def _code(request: HttpRequest) -> HttpResponse:
    form, viewer = CodeForm(request.POST), viewer_of(request.user)
    if not form.is_valid():
        raise Http404
    try:
        uid = belonging.known(form.cleaned_data["organisation"], viewer)
    except reads.NotHereError:
        raise Http404 from None
    code = belonging.make_code(organisation=uid, viewer=viewer, at=moment(),
                               administrator=form.cleaned_data["administrator"])  # fmt: skip
    context = {"code": code, "name": actions.names_of([uid], viewer).get(uid, uid)}
    return render(request, "members/code.html", context, here=HERE)
