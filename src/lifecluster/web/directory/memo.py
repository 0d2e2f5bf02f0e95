"""What is the same for every reader of a package, worked out once in each process and renewed when it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, TypeVar

from django.db.models import F

from lifecluster.web.directory.models import Identity, Organisation, Package
from lifecluster.web.directory.show import ground
from lifecluster.web.directory.viewer import ANYBODY

T = TypeVar("T")
_kept: dict[tuple[str, Any], tuple[tuple[int, int, int, str], Any]] = {}
_lock = Lock()
MOST = 256


def kept(name: str, package: Package, make: Callable[[], T], key: Any = None, *, told: int = 0) -> T:
    """What `make` gives for this state of a package; made again when a package is loaded or an edit is approved.

    Parameters: `told` the package's count of what rooms have changed beside it, for what depends on that.
    """
    state = (package.pk, package.revision, told, str(package.loaded_at))
    found = _kept.get((name, key))
    if found is None or found[0] != state:
        found = (state, make())
        with _lock:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[name, key] = found
    value: T = found[1]
    return value


def forget() -> None:
    """Let go of everything."""
    with _lock:
        _kept.clear()


def bearers(name: str, package: Package, make: Callable[[], Iterable[str]]) -> frozenset[str]:
    """Organisations that a panel may have something to say of, whoever may know it: the pages of others need not ask.

    `make` gives the ids in the room's tables; those that they lead to today count too. What is not in the package must
    tell of each change by `packages.changed`.
    """

    def found() -> frozenset[str]:
        stated = frozenset(make())
        leading = Identity.objects.filter(package=package, kind="organisation").exclude(uid=F("target"))
        return stated | {target for uid, target in leading.values_list("uid", "target") if uid in stated}

    return kept(f"bearers of {name}", package, found, told=package.told)


def manifest(package: Package) -> Mapping[str, Any]:
    """The manifest of a package."""
    found: Mapping[str, Any] = kept("manifest", package, lambda: package.manifest.data)
    return found


def codes(package: Package) -> frozenset[str]:
    """Authorities of a package's region; where its profile names none, those in which its organisations are."""

    def make() -> frozenset[str]:
        rows = Organisation.objects.visible_to(ANYBODY, package).order_by().values_list("lad", flat=True).distinct()
        return ground.codes_of(package.region) or frozenset(lad for lad in rows if lad)

    return kept("codes", package, make)


def definitions(package: Package) -> dict[str, Mapping[str, Any]]:
    """Definitions of a package by name: those of its region first, in their order, then the others."""
    known = {d["name"]: d for d in manifest(package)["definitions"]}
    first = [name for name in package.region.get("definitions", ()) if name in known]
    return {name: known[name] for name in dict.fromkeys([*first, *known])}
