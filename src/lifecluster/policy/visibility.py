"""One lattice of visibility for every value, document and remark: public, members, desk, broker, owner.

Each level is seen by fewer people than the one before. "Aggregate only" is not a level but a flag: such a value may be
counted under the disclosure registry and is shown to nobody but its owner.
"""

from __future__ import annotations

from enum import IntEnum

from lifecluster.errors import LifeclusterError


class Visibility(IntEnum):
    """From everybody to the owner alone; a larger number is seen by fewer."""

    PUBLIC = 0
    MEMBERS = 1
    DESK = 2
    BROKER = 3
    OWNER = 4

    @classmethod
    def parse(cls, text: str) -> Visibility:
        """The level called `text`; raises LifeclusterError listing the levels there are."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            known = ", ".join(level.name.lower() for level in cls)
            raise LifeclusterError(f"{text!r} is no visibility; there are: {known}") from None

    @property
    def label(self) -> str:
        """Lower-case name, as stored in statements."""
        return self.name.lower()


def labels_within(clearance: Visibility) -> tuple[str, ...]:
    """The labels of the levels up to `clearance`, public first."""
    return tuple(level.label for level in Visibility if level <= clearance)


def strictest(*levels: Visibility) -> Visibility:
    """What is derived from several values is seen only by those who may see each of them."""
    return max(levels, default=Visibility.PUBLIC)


def may_see(clearance: Visibility, level: Visibility, *, owns: bool = False, aggregate_only: bool = False) -> bool:
    """Whether a viewer may see a value.

    Parameters: `clearance` the most restricted level the viewer's role sees; `level` of the value; `owns` whether the
    viewer belongs to the value's owner; `aggregate_only` flag of the value. OWNER values need ownership.
    """
    if owns:
        return True
    if aggregate_only or level is Visibility.OWNER:
        return False
    return level <= clearance
