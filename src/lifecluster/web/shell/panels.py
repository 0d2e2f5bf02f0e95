"""Panels: parts of the home page and of organisation pages that rooms add. A room that is not there shows nothing.

    panels.register(Panel("claims", place="home", order=20, title="What we say about ourselves, checked",
                          note="Recomputed at each refresh.", template="figures/panel.html", context=claims_context))

`context` gets the request and the subject of the page (None on the home page, the organisation on its page) and
returns the template's variables, or None where there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lifecluster.web.shell.registry import Registry

PLACES = ("home", "organisation", "site")
ContextFunction = Callable[[HttpRequest, Any], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: `name` unique and the anchor of its section; `place` one of PLACES; `order` within it; `title` and
    `note` for the left gutter; `template` for the body; `context` as above; `bare` draws the body without the frame of
    a section (the opening of a page).
    """

    name: str
    place: str
    order: int
    title: str
    template: str
    context: ContextFunction
    note: str = ""
    bare: bool = False

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f"{self.place!r} has no panels; these places have: {', '.join(PLACES)}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with something in it."""

    panel: Panel
    variables: Mapping[str, Any]


class _Around:
    """Holds what the panels of a page are made within."""

    function: Callable[[], AbstractContextManager[None]] = nullcontext


def within(function: Callable[[], AbstractContextManager[None]]) -> None:
    """Make the panels of a page within what `function` opens: the room with the register shows one package to all."""
    _Around.function = staticmethod(function)


_panels: Registry[Panel] = Registry("panel")
register = _panels.register
remove = _panels.remove
registered = _panels.all


def shown(place: str, request: HttpRequest, subject: Any = None) -> list[Shown]:
    """Panels of a place that have something to say to this reader, in order."""
    with _Around.function():
        found = [(p, p.context(request, subject)) for p in registered() if p.place == place]
    return [Shown(panel, variables) for panel, variables in found if variables is not None]


def body(item: Shown, request: HttpRequest) -> SafeString:
    """The panel's template with its variables alone; for a panel fetched by itself."""
    return render_to_string(item.panel.template, dict(item.variables), request=request)
