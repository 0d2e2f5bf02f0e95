"""What `check` says about this instance before anybody sees a page without its fonts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's name for it

from lifecluster.web.shell import npm


@register(Tags.staticfiles)
def npm_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning if a front-end file is not installed: pages work without them, in another face and without script."""
    missing = npm.missing()
    if not missing:
        return []
    hint = f"Run `make front` (npm ci). Looked in {settings.NODE_MODULES}."
    return [Warning(f"{len(missing)} front-end files are missing, first {missing[0]}", hint=hint, id="shell.W001")]
