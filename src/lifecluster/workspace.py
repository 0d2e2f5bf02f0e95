"""Where an instance keeps its things: `LIFECLUSTER_HOME`, else `./var`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "LIFECLUSTER_HOME"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders below one home. Whoever writes into one makes it: to look at a workspace makes nothing."""

    home: Path

    @classmethod
    def current(cls) -> Workspace:
        """The workspace of this process."""
        return cls(Path(os.environ.get(VARIABLE) or "var"))

    def lacks(self, what: str, remedy: str) -> str:
        """That it has no `what`, in words: where it was looked for and why there, and what to do (`remedy`)."""
        stated = os.environ.get(VARIABLE)
        why = f"as {VARIABLE} says" if stated else f"the folder this is run in, as {VARIABLE} is not set"
        where = f"{self.home.resolve()} ({why})"
        return f"no {what} in the workspace {where}: {remedy}, go to the project's folder, or set {VARIABLE}"

    def folder(self, name: str) -> Path:
        """A folder below the home, made if need be."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def packages(self) -> Path:
        """Packages that were built here."""
        return self.home / "packages"

    @property
    def inputs(self) -> Path:
        """Files fetched from publishers."""
        return self.home / "inputs"

    @property
    def cache(self) -> Path:
        """What can be thrown away: unpacked archives, search indexes."""
        return self.home / "cache"

    @property
    def sources(self) -> Path:
        """Sources added by the owner of this instance, in the same form as the shipped ones."""
        return self.home / "sources"

    @property
    def log(self) -> Path:
        """The append-only log of judgements and edits made from the command line."""
        return self.home / "log.jsonl"

    @property
    def learnt(self) -> Path:
        """What linkage learnt from judgements: the layer of the next builds, and what the last training came to."""
        return self.home / "linkage" / "model"

    @property
    def database(self) -> Path:
        """The web app's database, unless it is on a server."""
        return self.home / "web.sqlite3"
