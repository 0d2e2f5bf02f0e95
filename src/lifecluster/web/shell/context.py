"""What the frame of a page needs, on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lifecluster import __version__
from lifecluster.web.shell import footer, packages, rooms, theme


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of `shell/base.html`; each is worked out only where it is used."""
    return {
        "theme": theme.chosen(request),
        "themes": theme.THEMES,
        "navigation": SimpleLazyObject(lambda: rooms.navigation(request)),
        "footer": SimpleLazyObject(footer.columns),
        "package": SimpleLazyObject(packages.current),
        "version": __version__,
    }
