"""What views share: who is looking, what is answered where nothing is loaded or an id leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.context import make_context
from django.template.loader import get_template

from lifecluster.register.ids import IdError
from lifecluster.web.directory import reads
from lifecluster.web.directory.show import addresses

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reader(request: HttpRequest) -> object:
    """Who is looking: the person who is signed in, else nobody in particular."""
    return getattr(request, "user", None)


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of a page that it replaces (and not for the page, as on going back)."""
    return request.headers.get("HX-Request-Type") == "partial"


def loaded(view: View[P]) -> View[P]:
    """Say what to do where no package is loaded yet; and lead ids that mean something else today to what they mean."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except reads.NoPackageError:
            return answer(request, "directory/nothing.html", {}, status=503)
        except reads.NotHereError:
            return elsewhere(request, str(kwargs.get("uid", "")))

    return wrapped


def elsewhere(request: HttpRequest, uid: str) -> HttpResponse:
    """For an id without a page today: a redirect for good (301), or a page that says what became of it (410, 404)."""
    try:
        found = reads.resolve(uid, reader(request))
    except (IdError, reads.UnknownIdError):
        return answer(request, "directory/unknown.html", {"asked": uid[:60]}, status=404)
    url = addresses.address(found.uid, found.kind)
    if found.status != "absent" and url and url != request.path and found.uid != uid:
        return HttpResponsePermanentRedirect(url)
    others = [addresses.link(addresses.address(other, found.kind), other) for other in found.others]
    return answer(request, "directory/gone.html", {"found": found, "others": others}, status=410)


def answer(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A rendered page.

    Layers of a context name the context itself: emptied, all that the page was made of goes at once, and nothing of it
    waits for the collector.
    """
    made = make_context(dict(context), request)
    content = get_template(template).template.render(made)  # type: ignore[attr-defined]  # of Django's templates
    made.dicts.clear()
    return HttpResponse(content, status=status)


def names_of(uids: Iterable[str], user: object) -> dict[str, reads.Named]:
    """What ids are called, of those that a reader may know."""
    return reads.named(set(uids), user, reads.current())
