"""Light, dark, or as the system has it: a cookie, set by a plain form so that it works without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = (("", "System"), ("light", "Light"), ("dark", "Dark"))
YEAR = 365 * 24 * 3600


def chosen(request: HttpRequest) -> str:
    """`light`, `dark`, or empty for the system's; anything else in the cookie counts as empty."""
    value = request.COOKIES.get(COOKIE, "")
    return value if value in dict(THEMES) else ""


@csrf_exempt  # nothing is stored on the server; a token would put a cookie on every page for every visitor
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the theme and go back to the page the form stood on."""
    value = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if value in {"light", "dark"}:
        secure = request.is_secure()
        response.set_cookie(COOKIE, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    patch_vary_headers(response, ["Cookie"])
    return response
