"""Operations of the API that ask for a token: each calls the same action as the pages. Rooms add theirs in one file.

`machine.py` of a room is read when the API is put together:

    edits = writing.section("Edits", 20)

    @edits.act("/edits/{entry}/refuse", needs=("edit.review",), gives=EditOut, summary="Refuse a proposal")
    def refuse_edit(request: HttpRequest, entry: str, body: Why) -> Any:
        return shape(actions.refuse_edit(entry=entry, viewer=viewer(request), at=moment(), why=body.why))

What is declared is kept before the view, printed in the reference of permissions, and tried by a test as every role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from lifecluster.policy.roles import OF_A_PERSON, PERMISSIONS
from lifecluster.web.shell.registry import Registry

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import Router

View = TypeVar("View", bound=Callable[..., Any])
First = Callable[["HttpRequest"], None]
NAMESPACE = "api-v1"
LARGEST = 256 * 1024
"""Bytes of a body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: `needs` names permissions (or scopes of a person) of which one is enough, empty for any token;
    `changes` whether it changes something; `largest` the most bytes of its body; `first` what is done before
    its transaction."""

    name: str
    method: str
    path: str
    needs: tuple[str, ...]
    summary: str
    largest: int = LARGEST
    first: First | None = None

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"


@dataclass(slots=True)
class Section:
    """Operations of a room, under one heading of the documentation."""

    name: str
    order: int
    router: Router = field(compare=False)

    def read(self, path: str, *, needs: tuple[str, ...], gives: Any, summary: str) -> Callable[[View], View]:
        """An operation that shows what a token may see."""
        return self._add("GET", path, needs, gives, summary)

    def act(
        self, path: str, *, needs: tuple[str, ...], gives: Any, summary: str, largest: int = LARGEST,
        first: First | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """An operation that changes something: whole or not at all, and once for each Idempotency-Key.

        Parameters: `first` does what takes long: the transaction keeps everybody else from writing, and begins after.
        """
        return self._add("POST", path, needs, gives, summary, largest, first)

    def _add(  # noqa: PLR0917 - what is declared, in its order
        self, method: str, path: str, needs: tuple[str, ...], gives: Any, summary: str, largest: int = LARGEST,
        first: First | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        from ninja.decorators import decorate_view

        from lifecluster.web.api.v1 import asking

        unknown = set(needs) - PERMISSIONS.keys() - OF_A_PERSON.keys()
        if unknown:
            raise ValueError(f"{method} {path}: there is no permission {', '.join(sorted(unknown))}")

        def add(view: View) -> View:
            one = Operation(f"{NAMESPACE}:{view.__name__}", method, path, needs, summary, largest, first)
            if _operations.setdefault(one.name, one) != one:
                raise ValueError(f"there is already an operation {view.__name__!r}")
            made = self.router.api_operation(
                [method], path, response=asking.responses(gives, method), summary=summary, url_name=view.__name__,
                operation_id=view.__name__, auth=asking.Token(), openapi_extra={"x-needs": list(needs)},
            )  # fmt: skip
            return made(decorate_view(asking.guard(one))(view))

        return add


_sections: Registry[Section] = Registry("section of the API")
_operations: dict[str, Operation] = {}


def section(title: str, order: int) -> Section:
    """A new section; raises ValueError where another has its title."""
    from ninja import Router

    if any(one.name == title for one in _sections.all()):
        raise ValueError(f"there is already a section {title!r}")
    return _sections.register(Section(title, order, Router(tags=[title])))


def sections() -> list[Section]:
    """All sections, after every room has added its own."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("machine")
    return _sections.all()


def operations() -> list[Operation]:
    """All operations, in the order of declaration. The API is put together first."""
    from lifecluster.web.api.v1 import service

    return [one for one in _operations.values() if service.api]


def asks_token(name: str) -> bool:
    """Whether a named address asks for a token. Addresses are put in place before any request."""
    return name in _operations
