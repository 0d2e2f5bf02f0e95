"""Addresses by their names, found once: a page has dozens, and Django works each out anew."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import StaticNode
from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from django.urls.resolvers import URLResolver
from django.utils.functional import empty
from django.utils.html import escape


class _Paths(dict[str, str]):
    """Addresses without arguments, each found when it is first asked for."""

    def __missing__(self, name: str) -> str:
        found = self[name] = reverse(name)
        return found


class _Files(dict[str, str]):
    """Addresses of static files as they stand in a page."""

    def __missing__(self, name: str) -> str:
        found = self[name] = escape(StaticNode.handle_simple(name))
        return found


_known: WeakKeyDictionary[URLResolver, dict[tuple[str, ...], str]] = WeakKeyDictionary()
_finders: WeakKeyDictionary[URLResolver, dict[str, _Paths]] = WeakKeyDictionary()
_files: WeakKeyDictionary[object, _Files] = WeakKeyDictionary()


def path_of(name: str, *arguments: str) -> str:
    """The address called `name`, kept as long as the addresses of the web app are the same.

    For few and always the same arguments. Raises NoReverseMatch, and asks again the next time.
    """
    if not arguments:
        return finder()[name]
    known = _known.setdefault(get_resolver(get_urlconf()), {})
    key = (get_script_prefix(), name, *arguments)
    found = known.get(key)
    if found is None:
        found = known[key] = reverse(name, args=arguments)
    return found


def finder() -> Mapping[str, str]:
    """Addresses by their names, for the web app as it is now: who needs several asks once for this."""
    known = _finders.setdefault(get_resolver(get_urlconf()), {})
    prefix = get_script_prefix()
    found = known.get(prefix)
    if found is None:
        found = known[prefix] = _Paths()
    return found


def static_files() -> Mapping[str, str]:
    """Addresses of static files by their names, for the storage as it is now."""
    storage = static_storage()
    found = _files.get(storage)
    if found is None:
        found = _files[storage] = _Files()
    return found


def static_storage() -> object:
    """The storage of static files itself, which another stands in for once settings change."""
    lazy: Any = staticfiles_storage
    found: object = object.__getattribute__(lazy, "_wrapped")
    if found is empty:
        lazy._setup()
        found = object.__getattribute__(lazy, "_wrapped")
    return found


@cache
def parts_of(name: str, count: int) -> tuple[str, ...]:
    """An address with `count` arguments, cut where they stand: a list has hundreds, and no id needs quoting."""
    marks = [f"x{i}x" for i in range(count)]
    rest = reverse(name, args=marks)
    parts = []
    for mark in marks:
        before, _, rest = rest.partition(mark)
        parts.append(before)
    return (*parts, rest)
