"""An ordered register of things that rooms add when they start."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """Something with a name and a place in the order."""

    @property
    def name(self) -> str:
        """Unique within its register."""
        ...

    @property
    def order(self) -> int:
        """Smaller comes first."""
        ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """Things by name, given back in their order. Filled while Django starts, only read afterwards."""

    def __init__(self, what: str) -> None:
        """`what` is registered here, in words, for messages."""
        self._what = what
        self._things: dict[str, T] = {}
        self._ordered: tuple[T, ...] | None = None

    def register(self, thing: T) -> T:
        """Add a thing. Raises ValueError if another has its name."""
        if self._things.get(thing.name, thing) != thing:
            raise ValueError(f"there is already a {self._what} called {thing.name!r}")
        self._things[thing.name] = thing
        self._ordered = None
        return thing

    def remove(self, name: str) -> None:
        """Take a thing out; for tests."""
        self._things.pop(name, None)
        self._ordered = None

    def all(self) -> list[T]:
        """All things, by order and then by name."""
        found = self._ordered
        if found is None:
            found = tuple(sorted(self._things.values(), key=lambda thing: (thing.order, thing.name)))
            self._ordered = found
        return list(found)
