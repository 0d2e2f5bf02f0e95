"""Addresses that interfaces hand out. Pages of rooms that are not built are left out; `/id/…` always works."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

PAGES = {
    "organisation": ("directory:organisation",),
    "site": ("directory:site",),
    "directory": ("directory:index", "directory:list"),
    "embed": ("directory:embed",),
    "group": ("directory:group",),
    "thing": ("directory:thing",),
}
"""What a page is, and the names of addresses under which a room may offer it; the first that exists is taken."""


def page(what: str, *arguments: str) -> str | None:
    """Path of a page for people, or None if no room offers it."""
    for name in PAGES[what]:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


def frame(uid: str) -> str:
    """Path of the small page of an organisation that others may frame."""
    return f"{reverse('api:preview')}?{urlencode({'id': uid})}"


def identifier(request: HttpRequest, uid: str) -> str:
    """The address that stands for a thing itself, whatever happens to pages and versions of the API."""
    return request.build_absolute_uri(reverse("api:identifier", args=[uid]))


def base(request: HttpRequest) -> str:
    """Scheme and host of this instance, with a slash."""
    return request.build_absolute_uri("/")


def with_query(path: str, query: str) -> str:
    """`path?query`, or `path` where there is no query."""
    return f"{path}?{query}" if query else path
