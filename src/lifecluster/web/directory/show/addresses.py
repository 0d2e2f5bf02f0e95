"""Addresses of pages, from what the register calls things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit.paths import parts_of
from lifecluster.web.kit.rendering import format_html

Names = Mapping[str, Any]
"""uid to what it is called (`Named`)."""


def organisation(uid: str, slug: str = "") -> str:
    """The page of an organisation; without its slug the address leads there by one redirect."""
    if slug:
        first, middle, last = parts_of("directory:organisation_page", 2)
        return f"{first}{uid}{middle}{slug}{last}"
    return _one("organisation", uid)


def _one(name: str, uid: str) -> str:
    first, last = parts_of(f"directory:{name}", 1)
    return f"{first}{uid}{last}"


def evidence(subject: str, prop: str) -> str:
    """The page of the evidence of one value."""
    first, middle, last = parts_of("directory:evidence", 2)
    return f"{first}{subject}{middle}{prop}{last}"


def address(uid: str, kind: str) -> str:
    """The page of a thing of any kind."""
    return _one(kind if kind in {"organisation", "site", "group"} else "thing", uid)


def link(url: str, text: str) -> SafeString:
    """A link, or the text alone where there is no page."""
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def named(uid: str, names: Names) -> SafeString:
    """What has this id, by name, with a link to its page; in words where the register does not have it."""
    found: Any = names.get(uid)
    if found is None or not found.name:
        return format_html('<span class="quiet">{}</span>', "not in this register")
    return link(address(uid, found.kind), proper(found.name))
