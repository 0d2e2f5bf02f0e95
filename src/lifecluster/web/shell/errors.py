"""Error pages: what happened, that nothing was lost, what to do next. They need neither database nor session."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lifecluster.web.shell import theme

log = logging.getLogger(__name__)
LAST_RESORT = "<!doctype html><html lang=en-GB><title>{title}</title><h1>{title}</h1><p>{text}</p>"


@dataclass(frozen=True, slots=True)
class Message:
    """Words of an error page."""

    title: str
    text: str
    next_step: str


MESSAGES = {
    400: Message(
        "This request could not be read",
        "Something in the address or the form was not in a form we understand.",
        "Go back and try again, or start from the home page.",
    ),
    403: Message(
        "This page is not open to you",
        "It exists, but your role does not include it, or the form was open for too long.",
        "Go back, load the page again and repeat the step. If you should have access, ask the cluster team.",
    ),
    404: Message(
        "There is no page here",
        "The address may be mistyped, or what it named has been merged into something else.",
        "Identifiers never change their meaning: if you have one, search for it.",
    ),
    429: Message(
        "That was often",
        "The same was asked for many times within a short while. It may be somebody who guesses, so we wait.",
        "Wait a few minutes and try again.",
    ),
    500: Message(
        "We made a mistake",
        "The page could not be made. It has been written to the log; nothing you entered before was lost.",
        "Try again in a moment.",
    ),
}


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status; falls back to bare HTML if even the template fails."""
    message = MESSAGES[status]
    try:
        context = {"status": status, "message": message, "theme": theme.chosen(request)}
        body = str(render_to_string("errors/error.html", context))
    except Exception:  # the page for a failure must not fail
        log.exception("error page %s", status)
        body = LAST_RESORT.format(title=message.title, text=message.text)
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form whose token is missing or old."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    return page(request, 429)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, 500)
