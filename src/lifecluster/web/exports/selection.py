"""What is exported: the organisations of a query as one reader sees them, and where each row comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lifecluster.web.directory import search as finding
from lifecluster.web.directory.freshness import freshness, today
from lifecluster.web.directory.models import Organisation, Package, Site, SourceFile, Statement, Thing, Tie
from lifecluster.web.directory.search.index import index_of
from lifecluster.web.directory.search.licensed import Checked, checked
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.exports.columns import ORGANISATIONS
from lifecluster.web.exports.origins import SHIPPED, Origins, shipped

Row = dict[str, Any]
PORTION = 400
ROLES = ("holder", "partner", "buyer")


@dataclass(frozen=True)
class Selection:
    """The organisations that `query` finds in `package` for the reader `user`; `base` is the host, for addresses."""

    query: finding.Query
    package: Package
    user: object
    base: str

    @cached_property
    def uids(self) -> list[str]:
        """All organisations, in the order of the list that people see."""
        return finding.results(self.query, self.user, package=self.package).uids()

    @cached_property
    def files(self) -> dict[int, SourceFile]:
        """Sources of the package by key, of which the reader may know; last the tables of areas."""
        found = {file.pk: file for file in self._seen(SourceFile).order_by("source", "file", "pk")}
        return {**found, SHIPPED: shipped()}

    @property
    def sample(self) -> bool:
        """Whether invented data may be among the rows."""
        return bool(self.package.sample)

    @property
    def name(self) -> str:
        """A file name without its ending; says if the data is a sample."""
        asked = self.query.with_(per_page=finding.Query().per_page).encode()
        part = f"-{hashlib.sha256(asked.encode()).hexdigest()[:8]}" if asked else ""
        known = self.package.name if self.package.revision == 0 else f"{self.package.name}-r{self.package.revision}"
        return f"{known}{part}{'-sample' if self.sample and 'sample' not in known else ''}"

    def address(self, uid: str) -> str:
        """The address that stands for a thing."""
        return f"{self.base}id/{uid}"

    def rows(self, table: str) -> Iterator[Row]:
        """Rows of one of columns.TABLES; columns that are missing in a row are unknown."""
        makers = {"organisations": self.organisations, "sites": self.sites, "things": self.things,
                  "statements": self.statements, "sources": self.sources}  # fmt: skip
        return makers[table]()

    def portions(self) -> Iterator[list[str]]:
        """The ids in portions."""
        for start in range(0, len(self.uids), PORTION):
            yield self.uids[start : start + PORTION]

    def organisations(self) -> Iterator[Row]:
        """Organisations, in the order of the list."""
        for portion in self.portions():
            found = {row.uid: row for row in self._seen(Organisation).filter(uid__in=portion)}
            origins = self.origins(portion)
            there = [found[uid] for uid in portion if uid in found]
            stale = self._stale(portion)
            for row, place in zip(there, self._degrees(there), strict=True):
                yield {
                    **row.data, **_taken(row, ("name", "live", "ended_on", "company_number", "town", "postcode", "lad",
                    "easting", "northing", "place_quality", "employees", "size", "records", "observed_on",
                    "verified_on", "sample")), "id": row.uid, "url": self.address(row.uid), "sites": row.sites_count,
                    **place, **self._held(row), "stale": stale.get(row.uid, []),
                    **origins.of(row.uid, _quality(row)),
                }  # fmt: skip

    @cached_property
    def _checked(self) -> Mapping[str, Mapping[int, Checked]]:
        """When licences that hold today were last checked, by type and number of the organisation."""
        return checked(index_of(self.package, viewer_of(self.user)), self.package)

    def _held(self, row: Organisation) -> Row:
        """Types of licence that hold today, and segments as codes and in words."""
        at = today().isoformat()
        known = row.summary or {}
        inside = [(name, code) for name, codes in sorted(known.get("segments", {}).items()) for code in codes]
        labels = index_of(self.package, viewer_of(self.user)).labels
        names = [label.label if (label := labels.get((f"segment:{name}", code))) else code for name, code in inside]
        held = [kind for kind, until in known.get("licences", ()) if not until or until >= at]
        checked_on = self._checked
        age = {kind: checked_on.get(kind, {}).get(row.number) for kind in held}
        return {
            "licences_held": held,
            "licences_stale": [kind for kind, one in age.items() if one is not None and one.stale],
            "segments": [f"{name}:{code}" for name, code in inside],
            "segment_names": names,
        }

    def _stale(self, uids: list[str]) -> dict[str, list[str]]:
        """The exported properties of organisations whose shown value is past the day of its next check."""
        exported = {column.name for column in ORGANISATIONS}
        at = today()
        found: dict[str, list[str]] = {}
        rows = self._seen(Statement).filter(subject__in=uids, property__in=exported).exclude(value="")
        told: set[tuple[str, str]] = set()
        columns = ("subject", "property", "observed_on", "verified_on")
        for subject, prop, observed, verified in rows.order_by("subject", "property", "place").values_list(*columns):
            if (subject, prop) not in told and freshness(prop, observed_on=observed, verified_on=verified, at=at).stale:
                found.setdefault(subject, []).append(prop)
            told.add((subject, prop))
        return found

    def sites(self) -> Iterator[Row]:
        """Their sites."""
        for portion in self.portions():
            rows = list(self._seen(Site).filter(organisation__in=portion).order_by("organisation", "uid"))
            origins = self.origins(row.uid for row in rows)
            for row, place in zip(rows, self._degrees(rows), strict=True):
                names = ("organisation", "name", "town", "postcode", "lad", "easting", "northing", "place_quality",
                         "jobs", "jobs_low", "jobs_high", "jobs_method", "live", "sample")  # fmt: skip
                yield {
                    "id": row.uid,
                    "url": self.address(row.uid),
                    **_taken(row, names),
                    **place,
                    **origins.of(row.uid, _quality(row)),
                }

    def things(self) -> Iterator[Row]:
        """What they hold, win and run; each once, though several of them may have a part in it."""
        told: set[str] = set()
        for portion in self.portions():
            parts = self._seen(Tie).filter(party__in=portion, role__in=ROLES).values_list("thing", flat=True)
            fresh = sorted(set(parts) - told)
            told.update(fresh)
            for some in (fresh[i : i + PORTION] for i in range(0, len(fresh), PORTION)):
                yield from self._things(some)

    def _things(self, uids: list[str]) -> Iterator[Row]:
        rows = self._seen(Thing).filter(uid__in=uids).order_by("kind", "uid")
        parties = self.parties(uids)
        origins = self.origins(uids)
        names = ("kind", "title", "state", "starts_on", "ends_on", "live", "sample")
        types = values(uids, self.user, package=self.package, files=self.files, property="licence_type")
        for row in rows:
            stated = types.of(row.uid, "licence_type")
            age = stated.shown[0].freshness if stated and stated.shown else None
            aged = {"last_checked": age.since, "stale": age.state == "stale"} if age else {}
            roles = {role: [p for r, p in parties.get(row.uid, ()) if r == role] for role in ROLES}
            yield {**row.data, **_taken(row, names), "id": row.uid, "url": self.address(row.uid), **roles, **aged,
                   **origins.of(row.uid)}  # fmt: skip

    def parties(self, things: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """Who has which part in each of some things: role and id."""
        found: dict[str, list[tuple[str, str]]] = {}
        ties = self._seen(Tie).filter(thing__in=list(things), role__in=ROLES).order_by("thing", "role", "party")
        for thing, role, party in ties.values_list("thing", "role", "party"):
            found.setdefault(thing, []).append((role, party))
        return found

    def statements(self) -> Iterator[Row]:
        """Every value of these organisations and their sites that any source states, each with its own source."""
        names = ("subject", "kind", "property", "value", "original", "place", "record", "locator", "observed_on",
                 "verified_on", "valid_from", "valid_to", "sample")  # fmt: skip
        for portion in self.portions():
            own = self._seen(Site).filter(organisation__in=portion).values_list("uid", flat=True)
            rows = (
                self._seen(Statement)
                .filter(subject__in=[*portion, *own])
                .order_by("subject", "property", "place", "sid")
            )
            for row in rows.iterator(2000):
                file = self.files[row.file_id]
                yield {
                    **_taken(row, names), "id": row.sid, "snapshot": file.sha256, "package": self.package.name,
                    "source": [file.source], "source_licence": [file.licence],
                    "attribution": [file.attribution],
                }  # fmt: skip

    def sources(self) -> Iterator[Row]:
        """All sources of the package with their licences: the attribution sheet."""
        names = ("source", "title", "publisher", "licence_title", "licence_url", "attribution", "url", "file", "sha256",
                 "observed_on", "sample")  # fmt: skip
        for file in self.files.values():
            yield {**_taken(file, names), "source_licence": file.licence, "package": self.package.name}

    def _seen(self, model: Any) -> Any:
        return model.objects.visible_to(self.user, self.package)

    def origins(self, uids: Iterable[str]) -> Origins:
        """Which sources speak of some rows. One query."""
        said = self._seen(Statement).filter(subject__in=list(uids)).order_by()
        files: dict[str, set[int]] = {}
        for subject, file in said.values_list("subject", "file").distinct():
            files.setdefault(subject, set()).add(file)
        return Origins(self.package.name, self.files, files)

    @staticmethod
    def _degrees(rows: list[Any]) -> list[Row]:
        """Longitude and latitude of rows that have a place."""
        from lifecluster.places.grid import to_wgs84

        known = [row for row in rows if row.easting is not None and row.northing is not None]
        if not known:
            return [{} for _ in rows]
        lon, lat = to_wgs84([r.easting for r in known], [r.northing for r in known])
        found = {
            id(r): {"longitude": round(float(x), 6), "latitude": round(float(y), 6)}
            for r, x, y in zip(known, lon, lat, strict=True)
        }
        return [found.get(id(row), {}) for row in rows]


def _quality(row: Organisation | Site) -> str | None:
    """How exact the coordinates of a row are; None for a row that has none."""
    return None if row.easting is None else row.place_quality


def _taken(row: object, names: Iterable[str]) -> Row:
    return {name: getattr(row, name) for name in names}
