"""Writing a prepared package into the tables, in batches that nobody waits for; nothing of it is shown yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.register import assembly, edits
from lifecluster.register.ledger import Resolver
from lifecluster.register.lookup import read_ledger
from lifecluster.register.package import Package as Files
from lifecluster.register.presence import PRESENCE, leads_beyond, unresolved
from lifecluster.register.presence import rank as level_of
from lifecluster.web.directory import bulk
from lifecluster.web.directory.areas import area_names, region_of
from lifecluster.web.directory.loading import prepare as p
from lifecluster.web.directory.loading import texts
from lifecluster.web.directory.loading.additions import identities
from lifecluster.web.directory.loading.labels import labels
from lifecluster.web.directory.loading.lineage import write_lineage
from lifecluster.web.directory.loading.register import OWNER, THINGS, Row, day
from lifecluster.web.directory.loading.sources import FileKey, source_files
from lifecluster.web.directory.loading.write_rows import write_rows
from lifecluster.web.directory.models import (
    Background,
    Document,
    Facet,
    FacetLabel,
    Group,
    Identity,
    Lexicon,
    Lineage,
    Manifest,
    Member,
    Organisation,
    Package,
    Segment,
    Site,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.models.search import document_id

CELL = 1000
"""Metres; the side of a square of the map's ground."""


def write(package: Package, opened: Files, prepared: p.Prepared, progress: p.Progress) -> None:
    """Write every table of `package` but the Package itself."""
    key = package.pk
    Manifest.objects.create(package=package, data=opened.manifest)
    files = source_files(package, opened, prepared.register.statements)
    progress("organisations and what searching needs")
    numbers = numbered(prepared)
    _organisations(key, opened, prepared, numbers)
    progress("sites and what organisations hold")
    register = prepared.register
    segments: list[Row] = []
    write_rows(Site, key, (p.site_row(row, register.level(uid)) for uid, row in register.kinds["site"].items()))
    write_rows(Group, key, (_group(row, register.level(uid)) for uid, row in register.kinds["group"].items()))
    for kind in THINGS:
        things = register.kinds[kind]
        write_rows(Thing, key, (p.thing_row(kind, row, register.level(uid)) for uid, row in things.items()))
        write_rows(Tie, key, p.all_ties(register, kind))
    for uid, rows in register.segments.items():
        level = max(register.segment_levels.get(uid, 0), register.level(uid))
        segments.extend(p.segment_rows(uid, rows, level))
    write_rows(Segment, key, segments)
    progress("identifiers")
    write_rows(Identity, key, _identities(opened, prepared))
    write_lineage(package, opened, register)
    Background.objects.create(package=package, cells=_cells(opened))
    progress("statements")
    write_statements(key, register.statements, files, register.presence, at=day(register.at))
    bulk.analyse((Organisation, Site, Thing, Tie, Segment, Statement, Facet, Document, Identity, Member, Lineage))


def numbered(prepared: p.Prepared) -> dict[str, int]:
    """The place of each organisation among the names, from 0."""
    organisations = prepared.register.kinds["organisation"]
    order = sorted(organisations, key=lambda uid: (texts.fold(organisations[uid].get("name", "")), uid))
    return {uid: number for number, uid in enumerate(order)}


def _organisations(key: int, opened: Files, prepared: p.Prepared, numbers: dict[str, int]) -> None:
    """Organisations with their facets and texts, the labels of the facets, and the lexicon."""
    dates = p.newest(prepared.register.statements)
    organisations: list[Row] = []
    facets: list[Row] = []
    documents: list[tuple[int, int, str]] = []
    lexicons: dict[int, list[str]] = {}
    for family, found in p.searchable(prepared):
        number = numbers[family.uid]
        level = prepared.register.level(family.uid)
        known = p.cleared(prepared.register, family, level)  # a row tells no more than its readers may know
        organisations.append(p.organisation_row(known, number, level, dates.get(family.uid, (None, None))))
        facets.extend(facet_rows(number, found))
        for at, text in found.texts.items():
            documents.append((document_id(key, at, number), key, text))
            lexicons.setdefault(at, []).append(text)
    write_rows(Organisation, key, sorted(organisations, key=lambda row: row["number"]))
    write_rows(Facet, key, facets)
    bulk.insert(Document, ("id", "package", "text"), documents)
    write_rows(Lexicon, key, ({"level": at, "words": texts.lexicon(found)} for at, found in lexicons.items()))
    present = {(row["facet"], row["value"]) for row in facets}
    write_labels(key, present, opened.manifest["definitions"])


def facet_rows(number: int, found: p.Searchable) -> Iterator[Row]:
    """The columns of an organisation's facets."""
    for mark, level, upto in found.marks:
        yield {"level": level, "upto": upto, "number": number, "facet": mark.facet, "value": mark.value[:200],
               "until": mark.until or None}  # fmt: skip


def write_labels(key: int, present: set[tuple[str, str]], definitions: Iterable[dict[str, Any]]) -> None:
    """The labels of values that occur."""
    names = ("facet", "value", "label", "parent", "position")
    made = labels(present, definitions, area_names(), region_of())
    write_rows(FacetLabel, key, (dict(zip(names, label, strict=True)) for label in made))


def _group(row: Row, level: int) -> Row:
    return {
        "level": level,
        "uid": row["id"],
        "name": row.get("name", ""),
        "sample": row.get("sample", False),
        "data": row,
    }


def _identities(opened: Files, prepared: p.Prepared) -> Iterator[Row]:
    """Every id of the ledger, with where it leads and what is there."""
    ledger = read_ledger(opened)
    resolver = Resolver(ledger)
    register = prepared.register
    there = {uid: (kind, row) for kind, rows in register.kinds.items() for uid, row in rows.items()}
    ever = _ever(opened)
    kinds = {uid[2]: kind for uid, (kind, _) in there.items()}
    issued = ledger.states()["id"].to_list()
    yield from identities(register, sorted(set(prepared.added) - set(issued)))
    for uid in issued:
        found = resolver.current(uid)
        kind, row = there.get(found.id, (kinds.get(uid[2], ""), {}))
        status = found.status if found.id in there or found.status == "absent" else "absent"
        name = (
            row.get("name")
            or row.get("title")
            or row.get("licence_type")
            or row.get("reference")
            or row.get("town")
            or ""
        )
        yield {
            "uid": uid,
            "kind": kind,
            "status": status,
            "target": found.id,
            "others": list(found.others),
            "name": name,
            "sample": row.get("sample", False),
            "level": register.level(found.id),
            "known": min(ever.get(uid, register.level(uid)), register.level(uid) if uid in there else OWNER),
        }


def _ever(opened: Files) -> dict[str, int]:
    """The most public level at which each id ever was present; of a package that does not say, none."""
    if PRESENCE not in opened.tables:
        return {}
    return dict(opened.whole.table(PRESENCE).select("id", level_of()).iter_rows())


def _cells(opened: Files) -> list[list[int]]:
    """Companies of the region by squares of a kilometre."""
    companies = opened.scan("universe").filter("live").drop_nulls(["easting", "northing"])
    grid = (
        companies.group_by((pl.col("easting", "northing") // CELL) * CELL).len().sort("easting", "northing").collect()
    )
    return [[int(e), int(n), int(c)] for e, n, c in grid.iter_rows()]


COLUMNS = (
    "package",
    "level",
    "upto",
    "sid",
    "subject",
    "kind",
    "property",
    "value",
    "original",
    "file",
    "record",
    "locator",
    "observed_on",
    "valid_from",
    "valid_to",
    "verified_on",
    "aggregate_only",
    "owner",
    "consent",
    "sample",
    "place",
    "edit",
)


TOP = int(Visibility.BROKER)
"""The strictest level that a role may see."""


def _twice(ordered: pl.DataFrame, presence: Mapping[str, int]) -> pl.DataFrame:
    """Statements (columns `level`, `upto`) with those that lead to something less public once for each reading."""
    if not presence:
        return ordered
    beyond = leads_beyond(presence, pl.col("level"))
    target = pl.col("value").replace_strict(presence, default=0, return_dtype=pl.Int8)
    above = ordered.filter(beyond).with_columns(level=target)
    upto = pl.when(beyond).then(target - 1).otherwise("upto")
    below = unresolved(ordered.with_columns(upto=upto), presence, pl.col("level"))  # in its place: order tells, too
    return pl.concat([below, above])


def write_statements(key: int, statements: pl.DataFrame, files: dict[FileKey, int], presence: Mapping[str, int], *,
                     at: date | None) -> int:  # fmt: skip
    """Write statements in the order of precedence that the library gives them on the day `at` of the package.

    One that leads to something which is less public than itself (`presence`) is written twice: up to that level as the
    source has it, above it with what it leads to.
    """
    snapshot = pl.when(pl.col("source") == edits.SOURCE).then(None).otherwise("snapshot")
    known = pl.DataFrame(
        [(*k, pk) for k, pk in files.items()],
        schema=["source", "snapshot", "licence", "rank", "file"],
        orient="row",
        infer_schema_length=None,
    ).with_columns(pl.col("snapshot").cast(pl.String))
    ordered = assembly.order(statements, at=at).with_columns(snapshot=snapshot, edit=pl.col("source") == edits.SOURCE)
    ordered = _twice(ordered.with_columns(level=p.levels_of(ordered), upto=pl.lit(TOP, pl.Int8)), presence)
    frame = ordered.join(
        known, on=["source", "snapshot", "licence", "rank"], how="left", nulls_equal=True, maintain_order="left"
    ).select(
        pl.lit(key).alias("package"),
        level="level",
        upto="upto",
        sid="id",
        subject="subject",
        kind="kind",
        property="property",
        value="value",
        original="original",
        file="file",
        record="record",
        locator=pl.col("locator").fill_null(""),
        observed_on="observed_on",
        valid_from="valid_from",
        valid_to="valid_to",
        verified_on="verified_on",
        aggregate_only="aggregate_only",
        owner=pl.col("owner").fill_null(""),
        consent=pl.col("consent").fill_null(""),
        sample="sample",
        place="place",
        edit="edit",
    )
    dated = frame.with_columns(pl.col(pl.Date).cast(pl.String)).select(COLUMNS)
    return bulk.insert(Statement, COLUMNS, dated.iter_rows(), batch=20_000)
