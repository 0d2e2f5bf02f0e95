"""The atlas on the home page: its sentence and the clearest clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lifecluster.web.atlas import reads
from lifecluster.web.atlas.show import tables, words
from lifecluster.web.directory.reads import NoPackageError
from lifecluster.web.shell.panels import Panel

SHOWN = 5


def panel(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """The first line of the atlas and its clearest clusters; None where nothing is computed."""
    try:
        found = reads.overview()
    except NoPackageError:
        return None
    if found is None:
        return None
    return {"opening": words.opening(found.body), "table": tables.clusters(found.body["clusters"][:SHOWN])}


PANEL = Panel(
    "atlas", "home", 25, "Where we cluster", "atlas/panel.html", panel,
    note="Beside what chance would give, computed anew for each package.",
)  # fmt: skip
