"""For whom a page is: what not everybody may know of is marked, and what may be taken away is told apart from it."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString

from lifecluster.policy.visibility import Visibility, strictest
from lifecluster.web.directory.models.visible import Visible
from lifecluster.web.directory.viewer import ANYBODY, viewer_of
from lifecluster.web.kit.rendering import EMPTY
from lifecluster.web.kit.states import Badge

WORDS = {
    Visibility.MEMBERS: "For members", Visibility.DESK: "For the desk", Visibility.BROKER: "For brokers",
    Visibility.OWNER: "Only your own organisation",
}  # fmt: skip


def is_public(row: Visible) -> bool:
    """Whether everybody may know that this is in the register: addresses for machines answer for nothing else."""
    return Visibility(row.level) is Visibility.PUBLIC


@cache
def badge(*levels: str) -> SafeString:
    """A badge that says for whom values of these levels are: by the strictest of them. Nothing for everybody."""
    level = strictest(*map(Visibility.parse, levels))
    return EMPTY if level is Visibility.PUBLIC else Badge("locked", WORDS[level]).render()


def mark(row: Visible) -> SafeString:
    """A badge that says for whom a row of the register is; nothing where it is for everybody."""
    return badge(Visibility(row.level).label)


def sees_more(user: object) -> bool:
    """Whether a reader may know more than everybody: pages then show more than what can be taken away from them."""
    return viewer_of(user).sees != ANYBODY.sees
