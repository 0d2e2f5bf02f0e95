"""What can go wrong on the way through the other service."""

from __future__ import annotations


class OpenIDError(Exception):
    """The service did not answer as it must. Its text is for the log: it holds no secret and nothing about a person."""


class UnreachableError(OpenIDError):
    """The service did not answer at all."""
