"""The published schemas of everything that a command prints as JSON; data only, one `<name>.schema.json` each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from lifecluster.errors import LifeclusterError

SUFFIX = ".schema.json"
COMMANDS: Mapping[str, str] = MappingProxyType({
    "build": "build", "sample": "build", "find": "find", "show": "show", "follow": "follow", "packages": "packages",
    "problems": "problems",
    "sources": "sources", "fetch": "fetch",
    "mapping guess": "mapping-guess", "regions": "regions", "link": "link", "judge same": "judge",
    "judge different": "judge", "judge unsure": "judge", "judge retract": "judge-retract", "judge list": "judge-list",
    "judge queue": "judge-queue", "judge train": "judge-train", "evaluate linkage": "evaluate-linkage",
    "definitions list": "definitions-list", "definitions compare": "definitions-compare",
    "definitions explain": "definitions-explain",
    "load": "load", "export": "export", "import": "import",
    "claims list": "claims-list", "claims compute": "claims-compute", "claims explain": "claims-explain",
    "atlas kd": "atlas-curve", "atlas m": "atlas-curve", "atlas lq": "atlas-lq", "atlas hotspots": "atlas-hotspots",
    "atlas network": "atlas-network", "atlas benchmark": "atlas-benchmark",
})  # fmt: skip
"""Command -> name of the schema of its `--json` output."""


@cache
def names() -> tuple[str, ...]:
    """Names of the schemas, sorted."""
    files = resources.files("lifecluster.schemas").iterdir()
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in files if f.name.endswith(SUFFIX)))


def text(name: str) -> str:
    """A schema as it is published, by its name or by the command (`judge same`). Raises LifeclusterError if unknown."""
    found = COMMANDS.get(name, name)
    if found not in names():
        raise LifeclusterError(f"there is no schema {name!r}; there are {', '.join(names())}")
    return resources.files("lifecluster.schemas").joinpath(found + SUFFIX).read_text("utf-8")


def schema(name: str) -> dict[str, Any]:
    """A schema, read; raises LifeclusterError as `text` does."""
    loaded: dict[str, Any] = json.loads(text(name))
    return loaded
