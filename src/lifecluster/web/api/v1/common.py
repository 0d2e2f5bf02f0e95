"""Shared by the routers: documented errors, and the decorator that makes an operation conditional."""

from __future__ import annotations

from typing import Any

from ninja import Router
from ninja.decorators import decorate_view

from lifecluster.web.api.conditional import conditional
from lifecluster.web.api.v1.schemas import Problem

UNCHANGED = {304: None}
MOVED = {301: None}
ERRORS = {400: Problem, 404: Problem, 410: Problem, 422: Problem, 429: Problem, 503: Problem}


def answers(schema: Any) -> dict[int, Any]:
    """Responses of an operation: `schema`, nothing where nothing changed, or a problem."""
    return {200: schema, **UNCHANGED, **ERRORS}


def one(schema: Any) -> dict[int, Any]:
    """Responses of an operation on one id, which may have been merged into another."""
    return {**answers(schema), **MOVED}


def section(tag: str) -> Router:
    """A router under a heading of the documentation."""
    return Router(tags=[tag])


unchanged = decorate_view(conditional)
"""Answer 304 where the client has this answer already."""
