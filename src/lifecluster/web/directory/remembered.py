"""Pages that are the same for every visitor are made once, until the register, the day or an edit changes them.

Each process keeps those asked for lately; where `LIFECLUSTER_PAGES` names a folder, all processes share in files those
that were asked for again: a crawler asks for everything once, and nobody need wait until that is written.
Nothing is remembered for anybody who is signed in.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, wraps
from threading import Lock, RLock
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from lifecluster.web.directory import packages, reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.pages_kept import Body, Files
from lifecluster.web.directory.viewer import ANYBODY, viewer_of
from lifecluster.web.directory.zipped import PIECES, zipped
from lifecluster.web.shell import theme
from lifecluster.web.shell.encoding import reads_gzip

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MOST_BYTES = 48 * 2**20
"""Of compressed pages kept in a process; the one not asked for the longest goes first."""
PARTS = ("HX-Request-Type", "X-Fragment")
"""Headers that ask for a part of a page."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page: its body compressed, its type, a tag of its content, the state of the register it shows; whether all
    processes have it."""

    state: tuple[object, ...]
    body: bytes
    kind: str
    tag: str
    shared: bool = False


class Shelf:
    """Pages by what was asked for."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[object, ...], state: tuple[object, ...]) -> Kept | None:
        """The page, if it shows this state."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.state != state:
                return None
            self._pages.move_to_end(key)
            return found

    def put(self, key: tuple[object, ...], page: Kept) -> None:
        """Keep a page, and let go of the oldest if there are too many."""
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(old.body) if old else 0)
            self._pages[key] = page
            while self._bytes > self._most and self._pages:
                _, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.body)

    def empty(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0


shelf = Shelf()
_turn = RLock()
"""A process that does its database's work itself makes one page at a time: side by side all would end with the last."""


def remembered(view: View[P]) -> View[P]:
    """Remember the pages of a view that depends on the address, the theme and the register alone."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _same_for_all(request):
            return view(request, *args, **kwargs)
        package = reads.current()  # raises where nothing is loaded: `loaded` answers that
        state = (settings.DATABASES["default"]["NAME"], package.pk, package.revision, package.told, package.loaded_at,
                 today())  # fmt: skip
        parts = tuple(request.headers.get(name, "") for name in PARTS)
        key = (request.scheme, request.get_host(), request.get_full_path(), theme.chosen(request), parts)
        found = shelf.get(key, state) or _fetched(key, state)
        if found is not None:
            _share(key, found)
        else:
            with _turn if connection.vendor == "sqlite" else nullcontext(), packages.held(package):
                response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.cookies:
                return response
            found = _kept(response, state)
            shelf.put(key, found)
        return _answer(request, found)

    return wrapped


@cache
def _files() -> Files | None:
    """Where all processes share pages, if anywhere."""
    folder = getattr(settings, "LIFECLUSTER_PAGES", None)
    return Files(folder) if folder else None


def _fetched(key: tuple[object, ...], state: tuple[object, ...]) -> Kept | None:
    """A page that another process made."""
    files = _files()
    found = files.get(key, state) if files is not None else None
    if found is None:
        return None
    kept = Kept(state, found.body, found.kind, found.tag, shared=True)
    shelf.put(key, kept)
    return kept


def _share(key: tuple[object, ...], page: Kept) -> None:
    """Give a page to all processes, if they do not have it."""
    files = _files()
    if files is not None and not page.shared:
        files.put(key, page.state, Body(page.kind, page.tag, page.body))
        shelf.put(key, replace(page, shared=True))


def _same_for_all(request: HttpRequest) -> bool:
    """Whether the reader is a visitor without a message waiting."""
    user = getattr(request, "user", None)
    return viewer_of(user) == ANYBODY and CookieStorage.cookie_name not in request.COOKIES


def _kept(response: HttpResponse, state: tuple[object, ...]) -> Kept:
    body = zipped(response.content, getattr(response, PIECES, ()))
    tag = hashlib.sha256(body).hexdigest()[:24]
    return Kept(state, body, response.headers["Content-Type"], tag)


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """The page, compressed for those who read that; 304 for those who have it."""
    zipped = reads_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f'W/"{page.tag}"'
    if _has(request.headers.get("If-None-Match", ""), page.tag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(page.body if zipped else gzip.decompress(page.body), content_type=page.kind)
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie", *PARTS])
    return response


def _has(header: str, tag: str) -> bool:
    """Whether a reader with this `If-None-Match` has the page: any (`*`), or this one by weak comparison (RFC 9110,
    sections 13.1.2 and 8.8.3.2)."""
    held = parse_etags(header)
    return held == ["*"] or any(one.removeprefix("W/") == f'"{tag}"' for one in held)
