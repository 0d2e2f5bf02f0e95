"""The sources that Lifecluster brings: their folders, and the names that nothing else may take."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from lifecluster.sources.spec import SourceSpec, load_spec


@cache
def shipped() -> Mapping[str, SourceSpec]:
    """Folder name -> specification, in the order of the folders."""
    root = resources.files("lifecluster.sources")
    paths = {folder.name: Path(str(folder)) / "source.yml" for folder in root.iterdir()}
    return {name: load_spec(paths[name]) for name in sorted(paths) if paths[name].is_file()}


@cache
def shipped_names() -> frozenset[str]:
    """Names of these sources."""
    return frozenset(spec.name for spec in shipped().values())
