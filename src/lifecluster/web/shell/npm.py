"""Static files from node_modules: those listed here, under addresses of our own, and nothing else of that folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

SUBSETS = ("latin", "latin-ext")
WEIGHTS = (300, 400, 600)
FONT = "@fontsource/source-sans-3/files/source-sans-3-{subset}-{weight}-normal.woff2"

FILES: Mapping[str, str] = {
    "npm/htmx.js": "htmx.org/dist/htmx.esm.min.js",
    "npm/maplibre-gl.js": "maplibre-gl/dist/maplibre-gl.mjs",
    "npm/maplibre-gl-worker.js": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    **{
        f"npm/source-sans-3-{subset}-{weight}.woff2": FONT.format(subset=subset, weight=weight)
        for subset in SUBSETS
        for weight in WEIGHTS
    },
}
"""Address below /static/ → path below node_modules."""


class _ListedStorage(FileSystemStorage):
    """Opens a listed file by the address it is served under."""

    def path(self, name: str) -> str:
        """Where the listed file lies."""
        return str(Path(self.location) / FILES[name])


class NpmFinder(BaseFinder):
    """Finds the files of FILES."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._storage = _ListedStorage(location=str(settings.NODE_MODULES))

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing here: `checks.py` says which files are missing and how to get them."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Path of the file served as `path`; an empty list if it is not listed or not installed."""
        found = [self._storage.path(path)] if path in FILES and self._storage.exists(path) else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """All listed files that are installed, for collectstatic."""
        for name in FILES:
            if self._storage.exists(name):
                yield name, self._storage


def missing() -> list[str]:
    """Listed files that are not installed, as paths below node_modules."""
    root = Path(settings.NODE_MODULES)
    return [path for path in FILES.values() if not (root / path).is_file()]
