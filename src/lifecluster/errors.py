"""The errors a person sees: every one says what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


class LifeclusterError(Exception):
    """A refusal that is meant to be read by a person; the command line prints it without a traceback."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something is wrong; `row` as a spreadsheet program numbers it, the header line counted."""

    file: str
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.field is not None:
            parts.append(f"column {self.field!r}")
        return ", ".join(parts)


class InputError(LifeclusterError):
    """An input that cannot be used.

    Parameters: `message` in words; `file` as the user named it; `row` (as a spreadsheet numbers it) and `field`
    (column) if known.
    """

    def __init__(self, message: str, *, file: str, row: int | None = None, field: str | None = None) -> None:
        self.message = message
        self.place = Place(file, row, field)
        super().__init__(f"{self.place}: {message}")


class ConflictError(LifeclusterError):
    """Somebody else was quicker: what the act rests on is no longer as its writer saw it."""
