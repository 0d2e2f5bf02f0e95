"""Settings by mode. `LIFECLUSTER_MODE` names one of MODES; the default is `local`."""

from __future__ import annotations

import os

MODES = {
    "local": "this machine only, over plain http: what `make run` serves",
    "dev": "as local, with Django's debug pages and the style guide",
    "test": "for the test suite: as local, with the style guide",
    "production": "behind https, for named hosts",
}
VARIABLE = "LIFECLUSTER_MODE"


def module() -> str:
    """Dotted name of the settings module of this process. Raises SystemExit, with the modes there are, for another."""
    mode = os.environ.get(VARIABLE) or "local"
    if mode not in MODES:
        known = "\n".join(f"  {name}: {text}" for name, text in MODES.items())
        raise SystemExit(f"{VARIABLE}={mode!r} is no mode. There are:\n{known}")
    return f"{__name__}.{mode}"
