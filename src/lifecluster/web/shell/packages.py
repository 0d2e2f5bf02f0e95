"""What the frame tells about the register at hand: region, package, whether it is a sample, credits.

The room that loads packages registers a function here; until then the frame says that no package is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """The loaded package in the words of the footer: `version` and `built_on` None where none is loaded; `credits`
    lines that licences ask for."""

    region: str = ""
    version: str | None = None
    built_on: date | None = None
    sample: bool = False
    credits: tuple[str, ...] = ()


class _Source:
    """Holds the one function that knows."""

    function: Callable[[], PackageInfo] = PackageInfo


def provide(function: Callable[[], PackageInfo]) -> None:
    """Let `function` answer `current()`. It is called once a page, so it must be quick (one query or a cache)."""
    _Source.function = staticmethod(function)


def current() -> PackageInfo:
    """The package at hand."""
    return _Source.function()
