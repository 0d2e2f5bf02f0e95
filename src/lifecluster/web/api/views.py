"""Pages of the interfaces: the description of the API, and the address that stands for a thing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from lifecluster.register.ids import IdError
from lifecluster.web.api import documentation as describing
from lifecluster.web.api import links
from lifecluster.web.api.v1.service import api
from lifecluster.web.directory import reads
from lifecluster.web.directory.viewer import ANYBODY

ADDRESSES = {"organisation": "organisation", "site": "site", "group": "group"}


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The API in words: every operation, parameter and answer, from the OpenAPI document itself."""
    document = api.get_openapi_schema()
    context = {
        "info": document["info"],
        "sections": describing.sections(document),
        "answers": list(describing.answers(document)),
        "base": links.base(request).rstrip("/"),
        "reconcile": request.build_absolute_uri(reverse("api:reconcile")),
        "openapi": reverse("api-v1:openapi-json"),
    }
    return render(request, "api/documentation.html", context)


@require_safe
def identifier(request: HttpRequest, uid: str) -> HttpResponse:
    """Send a client to what tells about a thing: 303 to its page for people, to the API for who asks for JSON."""
    try:
        found = reads.resolve(uid, ANYBODY)
    except (IdError, reads.UnknownIdError) as error:
        raise Http404(str(error)) from error
    if found.uid != uid:
        return HttpResponseRedirect(reverse("api:identifier", args=[found.uid]), status=301)
    kind = ADDRESSES.get(found.kind, "thing")
    page = links.page(kind, found.uid)
    wants_json = request.get_preferred_type(["text/html", "application/json", "application/ld+json"]) != "text/html"
    if wants_json or page is None:
        page = reverse(f"api-v1:{kind}", args=[found.uid])
    response = HttpResponseRedirect(page, status=303)
    patch_vary_headers(response, ["Accept"])
    return response
