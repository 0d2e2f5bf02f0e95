"""What could not be taken in is told to whoever listens, so that a person hears of it who was not at the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from lifecluster.errors import LifeclusterError
from lifecluster.web.directory.exclusive import BusyError


@dataclass(frozen=True, slots=True)
class Failure:
    """`what` (package, upload) failed, `file` its name without folders, `row` and `field` where they are known, in
    `words`."""

    what: str
    file: str
    words: str
    row: str = ""
    field: str = ""


Listener = Callable[[Failure, datetime], None]
_listeners: dict[str, Listener] = {}


def register(name: str, listener: Listener) -> None:
    """Add a listener. Raises ValueError if another has its name."""
    if _listeners.get(name, listener) is not listener:
        raise ValueError(f"there is already a listener called {name!r}")
    _listeners[name] = listener


def tell(failure: Failure, *, at: datetime) -> None:
    """Tell of one failure."""
    for name in sorted(_listeners):
        _listeners[name](failure, at)


def tell_all(what: str, file: str, words: Iterable[str], *, at: datetime) -> None:
    """Tell of several failures of one file."""
    for one in words:
        tell(Failure(what, file, one), at=at)


@contextmanager
def telling(what: str, file: str, now: Callable[[], datetime]) -> Iterator[None]:
    """Tell of an error that ends what is done within, and let it go on. Another load at work is no failure."""
    try:
        yield
    except BusyError:
        raise
    except LifeclusterError as error:
        tell(Failure(what, file, str(error)), at=now())
        raise
