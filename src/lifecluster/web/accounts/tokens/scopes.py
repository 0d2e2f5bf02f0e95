"""What may be chosen for a token, in words."""

from __future__ import annotations

from collections.abc import Mapping

from lifecluster.policy.roles import OF_A_PERSON, PERMISSIONS, permissions
from lifecluster.web.directory.viewer import Viewer

WORDS: Mapping[str, str] = PERMISSIONS | OF_A_PERSON
"""Every scope there is, in words."""


def offered(viewer: Viewer) -> dict[str, str]:
    """Scopes that a person can give to a token now, in words: what they hold, apart from what everybody may, and what
    they may do with their own account."""
    everybody = permissions(["visitor"])
    return {name: words for name, words in WORDS.items()
            if name in OF_A_PERSON or (name in viewer.permissions and name not in everybody)}  # fmt: skip
