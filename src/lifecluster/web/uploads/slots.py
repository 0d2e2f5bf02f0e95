"""How many lists of one person may be read at once: reading takes a process each, and others want to be read too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from typing import Final

from lifecluster.web.directory.exclusive import BusyError, exclusive
from lifecluster.web.uploads.reading import UnreadableError

AT_ONCE: Final = 2
"""Lists of one person that are read at once."""
FULL: Final = (
    f"{AT_ONCE} of your lists are just being read, which are the most at once: send this one when they are done"
)


@contextmanager
def slot(actor: str) -> Iterator[None]:
    """Within this, one list of `actor` is being read, in whatever process. Raises UnreadableError if too many are."""
    name = f"upload-{sha256(actor.encode()).hexdigest()[:16]}"
    with ExitStack() as held:
        for number in range(AT_ONCE):
            try:
                held.enter_context(exclusive(f"{name}-{number}", FULL))
            except BusyError:
                continue
            break
        else:
            raise UnreadableError(FULL)
        yield
