"""Every page of the desk has the lines of work at its side; rooms render theirs with this instead of Django's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as plainly

from lifecluster.web.desk import waiting
from lifecluster.web.directory.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Side:
    """What stands at the side: the lines of work, and how much waits in all of them."""

    lines: list[waiting.Counted]
    total: int


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, here: str = "", status: int = 200,
    counted: list[waiting.Counted] | None = None,
) -> HttpResponse:  # fmt: skip
    """A page that extends `desk/base.html`; `here` the name of its line of work; `counted` the lines, where the view
    has counted them already. The page's own names stay as they are: all that is added is called `side`."""
    lines = waiting.counted(viewer_of(request.user), here) if counted is None else counted
    side = Side(lines, sum(one.waits for one in lines))
    return plainly(request, template, {**context, "side": side}, status=status)
