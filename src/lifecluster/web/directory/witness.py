"""Who is told when somebody who is signed in reads what an organisation shares with few. Visitors cost nothing.

A room registers a witness while Django starts; the pages of the directory say what they showed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lifecluster.web.directory.values import Values
from lifecluster.web.directory.viewer import Viewer, viewer_of

Shared: TypeAlias = dict[str, set[tuple[str, str]]]
"""Owner -> the subjects and properties of its values that are not public."""
Witness: TypeAlias = Callable[[Viewer, Shared], None]
_witnesses: list[Witness] = []


def register(witness: Witness) -> None:
    """Add a witness; once."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def saw(user: object, values: Values) -> None:
    """Tell the witnesses what a page shows that is not public, and not of the reader's own organisation."""
    viewer = viewer_of(user)
    if viewer.roles == {"visitor"} or not _witnesses:
        return
    found = {owner: seen for owner, seen in values.shared().items() if owner not in viewer.organisations}
    if found:
        for witness in _witnesses:
            witness(viewer, found)
