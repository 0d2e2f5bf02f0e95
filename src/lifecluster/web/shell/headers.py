"""Headers that keep a page from doing what it was not built to do.

The content security policy allows nothing but this host's own files: no inline script, no inline style, no frame. A
view that needs more says so with `allow`, and a page that other hosts may frame with `embeddable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

POLICY: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'",),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "manifest-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "object-src": ("'none'",),
    "frame-ancestors": ("'none'",),
}
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
"""Browser features that no page uses, refused to frames as well."""
EXTRA = "_policy_extra"


def policy_text(extra: Mapping[str, tuple[str, ...]] | None = None, *, https: bool = False) -> str:
    """The value of Content-Security-Policy.

    Parameters: `extra` directives that replace (where the standing value is 'none') or widen the standing ones;
    `https` adds the upgrade of plain http addresses.
    """
    merged = dict(POLICY)
    for directive, sources in (extra or {}).items():
        standing = merged.get(directive, ())
        merged[directive] = sources if standing in ((), ("'none'",)) else (*standing, *sources)
    parts = [f"{directive} {' '.join(sources)}" for directive, sources in merged.items()]
    return "; ".join([*parts, "upgrade-insecure-requests"] if https else parts)


class HeadersMiddleware:
    """Puts the policy on every response, errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers that the view has not set itself."""
        response = self._get_response(request)
        if settings.DEBUG and response.status_code in {404, 500}:
            return response  # Django's debug pages carry their own style; dev mode only
        extra = getattr(response, EXTRA, None)
        text = policy_text(extra, https=bool(settings.SECURE_SSL_REDIRECT))
        response.headers.setdefault("Content-Security-Policy", text)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def _widen(response: HttpResponse, extra: Mapping[str, tuple[str, ...]]) -> None:
    setattr(response, EXTRA, {**getattr(response, EXTRA, {}), **extra})


def allow(**directives: tuple[str, ...]) -> Callable[[View[P]], View[P]]:
    """Widen the policy for one view: `@allow(worker_src=("'self'", "blob:"))`. Underscores stand for hyphens."""
    extra = {name.replace("_", "-"): sources for name, sources in directives.items()}
    unsafe = [s for sources in extra.values() for s in sources if s.startswith("'unsafe-inline")]
    if unsafe:
        raise ValueError("no view may allow inline script or style")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            _widen(response, extra)
            return response

        return wrapped

    return decorate


def embeddable(view: View[P]) -> View[P]:
    """Let the hosts of `settings.EMBED_ANCESTORS` frame this page. It gets no script: the policy refuses all of it."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        text = policy_text({"frame-ancestors": tuple(settings.EMBED_ANCESTORS)})
        response.headers["Content-Security-Policy"] = text.replace("script-src 'self'", "script-src 'none'")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.xframe_options_exempt = True  # how Django's middleware is told
        return response

    return wrapped
