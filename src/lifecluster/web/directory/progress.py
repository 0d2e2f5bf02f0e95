"""Telling how far long work is, without Django."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """Progress that nobody wants to hear."""
