"""oEmbed 1.0: other web pages show an organisation, or a list of the directory, by its address alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.api import links
from lifecluster.web.api.problem import ProblemError, problem
from lifecluster.web.directory import memo, reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.show.sentence import sentence
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.feeds.asked import refused
from lifecluster.web.feeds.xml import HEAD, element, wrap

WIDTH, HEIGHT = 640, 480
SMALLEST = 200
KNOWN = ("url", "maxwidth", "maxheight", "format")
QUIET = ("dnt",)
"""Sent by systems that embed what they are given; asks not to follow the reader, which we never do."""


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """A frame for `url`, no larger than `maxwidth` by `maxheight`; `format` json or xml."""
    if wrong := refused(request, KNOWN, quiet=QUIET):
        return wrong
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return problem(501, "there are the formats json and xml")
    try:
        answer = _answer(request)
    except ProblemError as error:
        return error.response()
    except LifeclusterError as error:
        return problem(404, str(error))
    if form == "json":
        return JsonResponse(answer)
    inner = "\n".join(element(name, str(value)) for name, value in answer.items())
    body = HEAD.replace("?>", ' standalone="yes"?>') + wrap("oembed", inner)
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


def _answer(request: HttpRequest) -> dict[str, str | int]:
    title, source = _subject(request)
    width, height = (_size(request, name, most) for name, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
    html = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe><p><a href="{}">{}</a></p>',
        source, width, height, title, request.GET["url"], title,
    )  # fmt: skip
    package = reads.current()
    return {
        "version": "1.0", "type": "rich", "title": title + (" (sample data)" if package.sample else ""),
        "provider_name": f"Lifecluster {package.region.get('title', '')}".strip(), "provider_url": links.base(request),
        "cache_age": 3600, "html": str(html), "width": width, "height": height,
    }  # fmt: skip


def _size(request: HttpRequest, name: str, most: int) -> int:
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise ProblemError(400, f"{name} is a number of pixels")
    return max(SMALLEST, min(int(text), most)) if text else most


def _subject(request: HttpRequest) -> tuple[str, str]:
    """Title, and address of the page to frame. Raises ProblemError: 404 for an address that is not one of ours."""
    url = urlsplit(request.GET.get("url", ""))
    if url.scheme not in {"http", "https"} or url.netloc != request.get_host():
        raise ProblemError(404, "this address is not of this instance")
    try:
        match = resolve(url.path)
    except Resolver404:
        raise ProblemError(404, "there is no such page here") from None
    uid = match.kwargs.get("uid") or (match.args[0] if match.args else "")
    if uid:
        view = reads.organisation(reads.resolve(str(uid), ANYBODY).uid, ANYBODY).organisation
        return view.name, _absolute(request, links.frame(view.uid))
    if links.page("directory") == url.path or links.page("embed") == url.path:
        query = finding.Query.parse(QueryDict(url.query))
        found = finding.results(query, ANYBODY)
        titles = {name: str(d["title"]) for name, d in memo.definitions(found.package).items()}
        page = links.page("embed")
        return sentence(found, titles).rstrip("."), _absolute(request, page and links.with_query(page, query.encode()))
    raise ProblemError(404, "this page cannot be embedded")


def _absolute(request: HttpRequest, path: str | None) -> str:
    if path is None:
        raise ProblemError(404, "this page cannot be embedded")
    return request.build_absolute_uri(path)
