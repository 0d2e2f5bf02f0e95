"""The mark on a value that has evidence, and any value of a table or a list as markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString

from lifecluster.web.kit.evidence import Evidence, RemoteEvidence, Tray
from lifecluster.web.kit.rendering import format_html, quoted, soft, softened, when
from lifecluster.web.kit.states import Unrecorded

UNKNOWN = Unrecorded("unknown").render()


def mark(tray: Tray, evidence: Evidence, text: Any = None, popup: str = "dialog") -> SafeString:
    """The mark on a value whose panel stands in the same page; `popup` empty where it opens in place."""
    first = tray.first_mark(evidence.anchor)
    return format_html(
        '<a class="ev" {}href="#{}"{}>{}</a>',
        when(first, 'id="m-{}" ', evidence.anchor),
        evidence.anchor,
        when(popup, ' aria-haspopup="{}"', popup),
        soft(evidence.value if text is None else text),
    )


def remote(evidence: RemoteEvidence, text: Any = None) -> SafeString:
    """The mark on a value whose panel is a page of its own."""
    title = evidence.title
    asked = f'<span class="vh"> ({quoted(title)}: how do we know?)</span>' if title else ""
    whom = f" {quoted(evidence.level)}" if evidence.level else ""
    return SafeString(
        f'<a class="ev" href="{quoted(evidence.url)}" data-remote>{softened(text or evidence.value)}{asked}</a>{whom}'
    )


def cell(value: Any, tray: Callable[[], Tray]) -> str:
    """Any value of a table or a list as markup: evidence with its mark, components as they are, None as `unknown`;
    everything else escaped. `tray` is asked only where a panel is to stand in the page."""
    kind = type(value)
    if kind is SafeString:
        return str.__str__(value)
    if kind is str:
        return softened(value)
    if kind is RemoteEvidence:
        return remote(value)
    if value is None:
        return UNKNOWN
    if isinstance(value, Evidence):
        held = tray()
        held.add(value)
        return mark(held, value)
    return softened(value)
