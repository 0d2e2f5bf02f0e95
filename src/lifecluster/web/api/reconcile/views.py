"""The endpoints of the service. All answer with JSON, or JSONP where `callback` is given; preview is a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.api.middleware import spend
from lifecluster.web.api.problem import ProblemError, problem
from lifecluster.web.api.reconcile import answers, reading
from lifecluster.web.api.reconcile.manifest import manifest
from lifecluster.web.directory import reads
from lifecluster.web.directory.reads import NoPackageError
from lifecluster.web.directory.search import unknown_parameters
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.shell.headers import embeddable

P = ParamSpec("P")
CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*){0,3}", re.ASCII)
LONGEST_CALLBACK = 80
SENT = ("queries", "extend", "callback")
FRESH = "_"
"""Added by clients that call functions (JSONP), so that nothing on the way keeps the answer."""
SUGGESTED = ("entity", "property", "type")
FACTS = ("description", "registered_address", "website", "employees", "company_number", "status")


def _json(request: HttpRequest, value: Any) -> HttpResponse:
    """JSON, or a call of the function named by `callback` (JSONP, for older clients)."""
    body = json.dumps(value, ensure_ascii=False, default=str)
    callback = request.GET.get("callback")
    if not callback:
        return HttpResponse(body, content_type="application/json")
    if len(callback) > LONGEST_CALLBACK or not CALLBACK.fullmatch(callback):
        return problem(400, "callback must be the name of a function")
    # The two separators are line ends in older JavaScript; the comment keeps the body from being read as another type.
    safe = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<", "\\u003c")
    return HttpResponse(f"/**/{callback}({safe});", content_type="application/javascript; charset=utf-8")


def _answering(view: Callable[Concatenate[HttpRequest, P], Any]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Turn what a view returns into JSON, and its refusals into problems."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            found = view(request, *args, **kwargs)
        except ProblemError as error:
            return error.response()
        except NoPackageError as error:
            return problem(503, str(error))
        except LifeclusterError as error:
            return problem(400, str(error))
        return found if isinstance(found, HttpResponse) else _json(request, found)

    return wrapped


@csrf_exempt  # changes nothing and looks at no cookie
@require_http_methods(["GET", "HEAD", "POST"])
@_answering
def endpoint(request: HttpRequest) -> Any:
    """The manifest; with `queries` a result batch; with `extend` values. Form fields or parameters, as specified."""
    sent = request.POST if request.method == "POST" else request.GET
    if wrong := unknown_parameters((name for name in (*request.GET, *request.POST) if name != FRESH), SENT):
        raise ProblemError(400, wrong)
    if "queries" in sent:
        batch = reading.queries(sent["queries"])
        return spend(request, "reconcile", max(len(batch), 1)) or answers.reconcile(batch)
    if "extend" in sent:
        wish = reading.wish(sent["extend"])
        return spend(request, "reconcile", max(len(wish.ids), 1)) or answers.extend(wish)
    if request.method == "POST":
        raise ProblemError(400, "a POST needs the form field `queries` or `extend`")
    return manifest(request)


def _known(what: str) -> str:
    if what not in SUGGESTED:
        raise ProblemError(404, f"there are suggestions of {', '.join(SUGGESTED)}")
    return what


def _whole(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ProblemError(400, f"{name} is a whole number")
    return int(text) if text else None


@require_safe
@_answering
def suggest(request: HttpRequest, what: str) -> Any:
    """Auto-completion for entities, properties and types."""
    return answers.suggest(_known(what), request.GET.get("prefix", "")[:200], _whole(request, "cursor") or 0)


@require_safe
@_answering
def flyout(request: HttpRequest, what: str) -> Any:
    """A small preview of a suggestion."""
    key = request.GET.get("id", "")
    return answers.flyout(_known(what), key) or problem(404, f"{key!r} is not known here")


@require_safe
@_answering
def properties(request: HttpRequest) -> Any:
    """Properties that can be fetched."""
    return answers.propose(request.GET.get("type", "organisation"), _whole(request, "limit"))


@require_safe
@embeddable
def preview(request: HttpRequest) -> HttpResponse:
    """An organisation in a small frame, without script."""
    try:
        uid = reads.resolve(request.GET.get("id", ""), ANYBODY).uid
    except LifeclusterError as error:
        raise Http404(str(error)) from error
    view = reads.organisation(uid, ANYBODY)
    stated = [(name.replace("_", " "), one.text) for name in FACTS if (one := view.values.of(uid, name)) and one.text]
    context = {
        "heading": view.organisation.name, "organisation": view.organisation, "facts": stated,
        "description": answers.describe(view.organisation),
    }  # fmt: skip
    return render(request, "api/preview.html", context)
