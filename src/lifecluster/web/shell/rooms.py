"""Rooms: the parts of the web app that a person can go to. The navigation shows those that exist and no others.

A room registers itself in `ready()` of its AppConfig:

    rooms.register(Room("directory", "Directory", order=10, urls="lifecluster.web.directory.urls", prefix="directory/"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from lifecluster.web.kit.paths import path_of
from lifecluster.web.shell.registry import Registry


def everybody(request: HttpRequest) -> bool:
    """Shown to every visitor."""
    return True


@dataclass(frozen=True, slots=True)
class Room:
    """One room.

    `name` is also the namespace of its addresses (`app_name` in its urls module); `urls` that module, put below
    `prefix` (may be empty); `entry` the address name its navigation link leads to, None for a room that is in no
    navigation; `aside` puts the link behind the rule at the end (sign in, desk); `visible` may hide the link; `told`
    gives words and address of the link where they depend on the reader; its link is the current one on all pages whose
    address begins with `covers`, whichever room they are of.
    """

    name: str
    title: str
    order: int
    urls: str
    prefix: str
    entry: str | None = "index"
    aside: bool = False
    visible: Callable[[HttpRequest], bool] = everybody
    told: Callable[[HttpRequest], tuple[str, str]] | None = None
    covers: str = ""


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link of the navigation, with whether the reader is in that room."""

    title: str
    url: str
    current: bool
    aside: bool


_rooms: Registry[Room] = Registry("room")
register = _rooms.register
remove = _rooms.remove
registered = _rooms.all


def patterns() -> list[URLPattern | URLResolver]:
    """Addresses of all rooms."""
    return [path(room.prefix, include(room.urls)) for room in registered()]


def navigation(request: HttpRequest) -> list[NavigationLink]:
    """Links that this reader gets, in order."""
    match = request.resolver_match
    app = match.app_names[0] if match and match.app_names else ""
    here = next((room.name for room in registered() if room.covers and request.path.startswith(room.covers)), app)
    name = match.url_name if match else ""
    return [
        NavigationLink(*_words(room, request), _inside(room, here, name), room.aside)
        for room in registered()
        if room.entry and room.visible(request)
    ]


def _words(room: Room, request: HttpRequest) -> tuple[str, str]:
    """Words and address of a room's link."""
    return room.told(request) if room.told else (room.title, path_of(f"{room.name}:{room.entry}"))


def _inside(room: Room, here: str, name: str | None) -> bool:
    """Whether the reader is in a room; one that is entered by a page of its own is only that page."""
    return here == room.name and room.entry in {"index", name}
