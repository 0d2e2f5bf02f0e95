"""Parameters of feeds: one that there is not is refused, as a slip of the pen would else give another feed."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse

from lifecluster.web.api.problem import problem
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.search.query import NAMES

QUERY = NAMES
"""Those of a saved search: the directory's own."""


def refused(request: HttpRequest, known: Collection[str], *, quiet: Collection[str] = ()) -> HttpResponse | None:
    """A problem (400) that names parameters which are not among `known`; None where all are, or are let pass (`quiet`).

    A feed of values that nobody has any more is an empty feed: it was subscribed to when somebody had them.
    """
    wrong = finding.unknown_parameters((name for name in request.GET if name not in quiet), known)
    return problem(400, wrong) if wrong else None
