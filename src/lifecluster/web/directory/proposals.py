"""Reading proposals of values and of things, and what became of them: one's own, or all that a reviewer may see."""

from __future__ import annotations

from lifecluster.policy.visibility import Visibility
from lifecluster.register import added, edits
from lifecluster.register.added import Addition
from lifecluster.register.edits import Edit
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.viewer import Viewer


def proposals(viewer: Viewer, *, everybody: bool = False, state: str = "") -> list[Edit]:
    """Proposals, the latest first: one's own, or (`everybody`) all whose level the reader may see.

    Raises PermissionDeniedError (`edit.review`) for those of others.
    """
    if everybody:
        viewer.require("edit.review")
    found = [one for one in edits.fold(log.entries()).values() if _shown(one, viewer, everybody)]
    return [one for one in reversed(found) if not state or one.state == state]


def proposal(entry: str, viewer: Viewer) -> Edit | None:
    """One proposal by the id of its entry, if it is the reader's own or the reader decides on such; else None."""
    found = edits.fold(log.entries()).get(entry)
    return found if found is not None and _shown(found, viewer, viewer.may("edit.review")) else None


def additions(viewer: Viewer, *, everybody: bool = False, state: str = "") -> list[Addition]:
    """Proposed things, as `proposals`."""
    if everybody:
        viewer.require("edit.review")
    found = [one for one in added.fold(log.entries()).values() if _shown(one, viewer, everybody)]
    return [one for one in reversed(found) if not state or one.state == state]


def addition(entry: str, viewer: Viewer) -> Addition | None:
    """One proposed thing, as `proposal`."""
    found = added.fold(log.entries()).get(entry)
    return found if found is not None and _shown(found, viewer, viewer.may("edit.review")) else None


def _shown(one: Edit | Addition, viewer: Viewer, everybody: bool) -> bool:
    own = one.proposed.actor == viewer.actor
    return own or (everybody and Visibility.parse(one.proposed.visibility) <= viewer.clearance)
