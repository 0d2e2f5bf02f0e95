"""Static files under names that carry the hash of their content, compressed; browsers keep them for good."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEETS = tuple(
    (files, tuple(found for found in patterns if "sourceMappingURL" not in str(found)))
    for files, patterns in HashedFilesMixin.patterns
    if files == "*.css"
)


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's storage; our ES modules import each other by hashed names too.

    Source maps are left out: those of npm packages are named in their files and not served.
    """

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file, found once: a page names twenty of them."""
        known: dict[str, str] = self.__dict__.setdefault("_addresses", {})
        if name not in known or settings.DEBUG:
            known[name] = super().url(name, force)
        return known[name]

    patterns = STYLESHEETS
    support_js_module_import_aggregation = True
