"""The steps of loading a package: checking, comparing, turning to it, clearing away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.register.ledger import Resolver
from lifecluster.register.lookup import read_ledger
from lifecluster.register.package import Package as Files
from lifecluster.web.directory import bulk
from lifecluster.web.directory.loading.compare import Changed, Counts, compare, stored
from lifecluster.web.directory.loading.prepare import Prepared, Progress
from lifecluster.web.directory.loading.sources import source_levels
from lifecluster.web.directory.models import ROWS, Change, Package, State, Statement
from lifecluster.web.directory.show.ground import codes_of

NEEDED = (
    "organisations",
    "sites",
    "statements",
    "segments",
    "identities",
    "identity_members",
    "identity_shapes",
    "sources",
    "universe",
)


def problems(files: Files) -> list[str]:
    """What is wrong with the files of a package, in words; empty if they are whole."""
    missing = [name for name in NEEDED if name not in files.tables]
    found = [f"it has no table {name!r}" for name in missing]
    try:
        damaged = files.verify()
    except KeyError:
        return [*found, "its manifest does not say which bytes its files have"]
    return found + [f"{name} is missing or not as it was written" for name in damaged]


def compared(files: Files, prepared: Prepared, shown: Package | None) -> tuple[dict[str, Counts], list[Changed]]:
    """What differs from the package that is shown."""
    there = {uid for rows in prepared.register.kinds.values() for uid in rows}
    redirects = {uid: target for uid, target in _redirects(files).items() if target in there}
    before = stored(shown) if shown else ()
    return compare(before, prepared.register.kinds, prepared.register.levels, redirects)


def with_evidence(
    counts: Mapping[str, Counts], rows: Iterable[Changed], prepared: Prepared, shown: Package | None
) -> dict[str, Counts]:
    """The counts with how many of the rows that are as they were rest on other statements than before.

    Their values are the same; sources, dates or values that are not shown (those for members alone, say) are not.
    """
    others = restated(prepared, shown) - {row.uid for row in rows} if shown is not None else set()
    kinds = prepared.register.kinds
    return {kind: replace(n, evidence=len(others & kinds[kind].keys())) for kind, n in counts.items()}


def restated(prepared: Prepared, shown: Package) -> set[str]:
    """Subjects that other statements speak of than in the package that is shown."""
    schema = {"subject": pl.String, "sid": pl.String}
    held = Statement._base_manager.filter(package=shown).values_list("subject", "sid").distinct()
    before = pl.DataFrame(list(held.iterator(5000)), schema=schema, orient="row")
    after = prepared.register.statements.select("subject", sid="id").unique()
    pairs = [before.join(after, on=list(schema), how="anti"), after.join(before, on=list(schema), how="anti")]
    return set(pl.concat(pairs)["subject"])


def _redirects(files: Files) -> dict[str, str]:
    """Ids of the package's ledger that lead to another."""
    ledger = read_ledger(files)
    resolver, states = Resolver(ledger), ledger.states()
    redirected = states.filter(states["event"] == "redirect")["id"].to_list()
    return {uid: resolver.current(uid).id for uid in redirected}


def begin(files: Files, prepared: Prepared) -> Package:
    """The row of a package that is being loaded."""
    manifest = files.manifest
    counts = _counts(files, prepared)
    sources = _public_sources(files, prepared)
    return Package.objects.create(
        name=files.name, title=files.descriptor.get("title", files.name),
        region=_region(manifest["region"]), at=manifest["at"],
        state=State.LOADING, log_head=manifest.get("log_head") or "", log_seq=prepared.log_seq,
        sample=bool(sources["sample"].any()), counts=counts,
        credits=sorted(set(sources["attribution"].drop_nulls().to_list())),
    )  # fmt: skip


def _public_sources(files: Files, prepared: Prepared) -> pl.DataFrame:
    """The sources that everybody may know of: pages name what these ask to be said, and whether any is a sample."""
    levels = source_levels(files, prepared.register.statements)
    return files.whole.table("sources").filter(pl.col("source").is_in([name for name, at in levels.items() if not at]))


def _region(profile: dict[str, Any]) -> dict[str, Any]:
    """A region's profile with the codes of its authorities, which pages need and which take the library to work out."""
    codes = codes_of(profile)
    return {**profile, "codes": sorted(codes)} if codes else profile


def _counts(files: Files, prepared: Prepared) -> dict[str, Any]:
    """How many rows of each kind everybody may see, organisations that exist still, public statements."""
    register = prepared.register
    public = {
        kind: [row for uid, row in rows.items() if not register.level(uid)] for kind, rows in register.kinds.items()
    }
    shown = (pl.col("visibility") == "public") & ~pl.col("aggregate_only")
    return {
        **{kind: len(rows) for kind, rows in public.items()},
        "live": sum(1 for row in public["organisation"] if row.get("live", True)),
        "statements": prepared.register.statements.filter(shown).height,
        "definitions": files.manifest["counts"].get("definitions", {}),
    }


def turn_to(package: Package, shown: Package | None, rows: Iterable[Changed], *, at: datetime) -> None:
    """Show `package` instead of `shown`, and note what changed. Within a transaction of the caller."""
    now = Package.objects.select_for_update().filter(state=State.CURRENT).first()
    if (now.pk if now else None) != (shown.pk if shown else None):
        raise LifeclusterError("another package was accepted meanwhile")
    if shown is not None:
        Package.objects.filter(pk=shown.pk).update(state=State.SUPERSEDED)
    Package.objects.filter(pk=package.pk).update(state=State.CURRENT, before=shown, loaded_at=at)
    package.refresh_from_db()
    Change.objects.bulk_create(_changes(package.name, rows, at), batch_size=500)


def turn_back(before: Package, shown: Package, *, at: datetime) -> None:
    """Show `before` again instead of `shown`, and note the changes the other way round."""
    Package.objects.filter(pk=shown.pk).update(state=State.SUPERSEDED, before=None)
    Package.objects.filter(pk=before.pk).update(state=State.CURRENT, before=None, loaded_at=at)
    before.refresh_from_db()
    notes = Change.objects.filter(package=shown.name, undone=False, what__in=["new", "changed", "gone", "redirected"])
    turned = {"new": "gone", "gone": "new", "redirected": "new", "changed": "changed"}
    back = [
        Change(package=before.name, at=at, uid=note.uid, name=note.name, what=turned[note.what], level=note.level,
               fields={name: [after, old] for name, (old, after) in note.fields.items()})
        for note in notes
    ]  # fmt: skip
    notes.update(undone=True)
    Change.objects.bulk_create(back, batch_size=500)


def _changes(package: str, rows: Iterable[Changed], at: datetime) -> Iterable[Change]:
    return [
        Change(package=package, at=at, uid=row.uid, name=row.name, what=row.what, target=row.target, level=row.level,
               fields={name: list(pair) for name, pair in row.fields.items()})
        for row in rows if row.kind == "organisation"
    ]  # fmt: skip


def clean_up(progress: Progress) -> int:
    """Remove packages that were never wholly loaded. The caller holds the lock of loading."""
    torn = list(Package.objects.filter(state=State.LOADING))
    for package in torn:
        drop(package, progress)
    return len(torn)


def forget(package: Package, progress: Progress) -> None:
    """Remove packages that can no longer be gone back to."""
    for old in Package.objects.filter(state=State.SUPERSEDED).exclude(pk=package.before_id or 0):
        drop(old, progress)


def drop(package: Package, progress: Progress) -> None:
    """Remove a package and all its rows, those of the package itself last."""
    progress(f"clearing away {package.name}")
    for model in ROWS:
        bulk.remove(model, package_id=package.pk)
    Package.objects.filter(before=package).update(before=None)
    Package.objects.filter(pk=package.pk)._raw_delete("default")
