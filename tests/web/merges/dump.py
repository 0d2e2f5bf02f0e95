"""All rows of the register's tables, to be compared: what an undo must leave as it was."""

from __future__ import annotations

import json

from lifecluster.web.directory.models import ROWS, Manifest, Package, Regrouped, Statement

ASIDE = {"id", "package", "revision", "file"}
"""Columns without meaning of their own: keys of the database, and the number of a row's change."""


def dump(package: Package | None = None) -> dict[str, list[str]]:
    """Rows of every table of a package (the one shown), as text, sorted; and the package itself."""
    package = package or Package.objects.get(state="current")
    found = {}
    for model in ROWS:
        if model in {Manifest, Regrouped}:
            continue
        names = [f.name for f in model._meta.concrete_fields if f.name not in ASIDE]
        rows = model._default_manager.filter(package=package).values(*names)
        found[model.__name__] = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    sources = Statement.objects.filter(package=package).values_list("sid", "subject", "file__source", "file__sha256")
    found["files"] = sorted(map(str, sources))
    found["counts"] = [json.dumps(package.counts, sort_keys=True)]
    return found


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Rows that are in one of two dumps alone, with the table and a sign."""
    found = []
    for name, rows in before.items():
        was, now = set(rows), set(after[name])
        found += [f"- {name} {row}" for row in sorted(was - now)] + [f"+ {name} {row}" for row in sorted(now - was)]
        if len(rows) != len(after[name]):
            found.append(f"{name}: {len(rows)} rows, then {len(after[name])}")
    return found
