"""The API object: title, errors, and the routers of each part."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from lifecluster import __version__
from lifecluster.errors import ConflictError, LifeclusterError
from lifecluster.register.ids import IdError
from lifecluster.web.api import writing
from lifecluster.web.api.parsing import Strict
from lifecluster.web.api.problem import CONTENT_TYPE, MovedError, ProblemError, problem
from lifecluster.web.api.v1 import about, atlas, claims, evidence, organisations, things
from lifecluster.web.api.v1.asking import Token
from lifecluster.web.directory.reads import NoPackageError, UnknownIdError

log = logging.getLogger(__name__)
DESCRIPTION = (
    "Everything public of the register: organisations, sites, what they hold, and the evidence of every value. "
    "`null` is unknown. Lists are paged by `next`. Answers carry ETag and Last-Modified. Each statement names its "
    "source and licence; `sample` marks invented data. Output is indicative, not advice. With a personal token "
    "(`Authorization: Bearer`) you read what you may see, and act within what you chose for the token."
)
WHEN: dict[int, dict[str, str]] = {
    401: {"description": "No token where one is needed, or one that is not good"},
    403: {"description": "You, or this token, may not do this"},
    409: {"description": "An Idempotency-Key of another request, or somebody was quicker"},
    412: {"description": "Another state than `If-Match` says"},
}


class Api(NinjaAPI):
    """The API; its description says that errors are problem details, which the framework cannot know."""

    _document: OpenAPISchema | None = None

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document, made once: it takes a good part of a second, and nothing in it changes."""
        if self._document is None:
            self._document = self._described(*args, **kwargs)
        return self._document

    def _described(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(*args, **kwargs)
        for path in document["paths"].values():
            for operation in path.values():
                operation.setdefault("security", [{}, {Token.__name__: []}])
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
                        content[CONTENT_TYPE] = content.pop("application/json")
                        response.update(WHEN.get(int(status), {}))
        return document


api = Api(
    title="Lifecluster",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace=writing.NAMESPACE,
    openapi_extra={"info": {"x-software": __version__}},
    parser=Strict(),
)
for router in (about.router, organisations.router, things.router, evidence.router, claims.router, atlas.router):
    api.add_router("", router)
for part in writing.sections():
    api.add_router("", part.router)


@api.exception_handler(ProblemError)
def _said(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return error.response()


@api.exception_handler(MovedError)
def _moved(request: HttpRequest, error: MovedError) -> HttpResponse:
    return HttpResponsePermanentRedirect(error.url)


@api.exception_handler(NoPackageError)
def _empty(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(503, str(error))


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, str(error) or "there is nothing here under this address")


@api.exception_handler(LifeclusterError)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, PermissionDenied):
        return problem(403, str(error))
    if isinstance(error, ConflictError):
        return problem(412 if "If-Match" in request.headers else 409, str(error))
    refused = 400 if request.method == "GET" else 422
    return problem(404 if isinstance(error, (UnknownIdError, IdError, Http404)) else refused, str(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": ".".join(str(p) for p in e["loc"][1:]), "message": str(e["msg"])} for e in error.errors]
    words = "; ".join(f"{e['field']}: {e['message']}" for e in errors)
    return problem(422, words, errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, ProblemError):
        return error.__cause__.response()
    return problem(error.status_code, str(error))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("api: %s", request.path, exc_info=error)
    return problem(500, "we made a mistake; it has been written to the log")
