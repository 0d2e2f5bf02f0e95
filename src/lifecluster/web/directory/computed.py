"""What rooms that compute for a package share: finding its files, and saying that its pages are to be made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import F

from lifecluster.errors import LifeclusterError
from lifecluster.web.directory.models import Package


def files_of(path: Path, name: str) -> Any:
    """The package of this name as files: at `path`, or in the folder of packages that it is.

    Raises LifeclusterError if they are not there.
    """
    from lifecluster.register.package import Package as Files

    for place in (path / name, path):
        try:
            files = Files(place)
        except LifeclusterError:
            continue
        if files.name == name:
            return files
    raise LifeclusterError(f"the files of {name} are not in {path.name or path}; name the folder that has them")


def touched(package: Package) -> None:
    """Say that what is shown of a package changed: pages and answers that were kept are made anew."""
    Package.objects.filter(pk=package.pk).update(revision=F("revision") + 1)
    package.refresh_from_db(fields=["revision"])
