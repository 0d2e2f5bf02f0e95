"""One build, from a folder of inputs to a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lifecluster import __version__
from lifecluster.build import finish, identify, linking, place, presence, report, scope
from lifecluster.build import records as record_frames
from lifecluster.build.added import Added, added
from lifecluster.build.edited import edited
from lifecluster.build.empty import why_empty
from lifecluster.build.holdings import holdings, licence_types
from lifecluster.build.public import public
from lifecluster.build.read import Reading, read_inputs
from lifecluster.build.redact import redact
from lifecluster.build.sites import same_site
from lifecluster.errors import InputError, LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.region import Region
from lifecluster.register import assembly, edits, merging, statement, succession
from lifecluster.register.definition import Definition, load_definitions
from lifecluster.register.entry import Entry
from lifecluster.register.judgement import Judgements
from lifecluster.register.ledger import Ledger
from lifecluster.register.linkage.layer import Layer
from lifecluster.register.log import Log
from lifecluster.register.lookup import LEDGER_TABLES, read_ledger
from lifecluster.register.package import Package, Table, version_of, write
from lifecluster.register.presence import PRESENCE
from lifecluster.scratch import sweep_packages

Progress = Callable[[str], None]
STATEMENTS = "statements.parquet"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a build needs.

    `region` profile; `inputs` folder of files; `out` folder of packages; `at` as-of date; `previous` package whose
    ledger of identifiers goes on; `log` of judgements and edits, `logs` more of them, which are merged with it;
    `namespace` which the ids of a new ledger are minted in: a build with a `previous` package goes on in that
    package's, so that no id dies; `layer` what linkage learnt from judgements: an input like others, in the manifest.
    """

    region: Region
    inputs: Path
    out: Path
    at: date
    previous: Package | None = None
    log: Log | None = None
    logs: tuple[Log, ...] = ()
    namespace: str = "lifecluster"
    layer: Layer | None = None


@dataclass(frozen=True)
class Result:
    """The package, and its counts as printed by `--json` (schema: schemas/build.schema.json)."""

    package: Package
    counts: Mapping[str, Any]


def build(request: Request, *, progress: Progress = lambda _message: None) -> Result:
    """Build a package.

    Raises LifeclusterError where nothing can be built: no file recognised, row counts out of bounds, a damaged log, no
    organisation of the region in the files.
    The packages that are there already stay as they are whatever happens.
    """
    request = _going_on(request)
    sweep_packages(request.out)
    progress("reading")
    reading = read_inputs(request.inputs, region=request.region, progress=progress, at=request.at)
    if not reading.extracts:
        raise LifeclusterError(f"{request.inputs.name}: no file in this folder is of a source that names organisations")
    definitions = load_definitions()
    logs = [log.entries() for log in (request.log, *request.logs) if log is not None]
    entries = logs[0] if len(logs) == 1 else merging.merge(logs)
    if request.previous is not None:
        _check_ledger(request.previous)
        before = request.previous.manifest
        merging.require_heads(entries, before.get("log_heads", [before["log_head"]]))
    manifest = _manifest(request, reading, definitions, entries) | _heads(logs)
    reading, tombstones = redact(reading, entries)
    made = _Build(request, reading, definitions, entries, tombstones, progress)
    contents = made.tables()
    title = f"{request.region.title}: register of life sciences, {request.at.isoformat()}"
    name = f"{request.region.name}-{request.at.isoformat()}-{version_of(manifest)}"
    counts = report.counts(name, request.region.name, request.at, reading, {k: t.frame for k, t in contents.items()})
    progress("writing")
    licences = report.licences(reading, edited=edits.SOURCE in counts["sources"])
    package = write(request.out, name=name, title=title, tables=contents, licences=licences,
                    manifest={**manifest, "counts": counts})  # fmt: skip
    return Result(package, counts)


def _going_on(request: Request) -> Request:
    """The request in the namespace of the package before: ids are a function of namespace and record."""
    if request.previous is None:
        return request
    return replace(request, namespace=request.previous.manifest.get("namespace", request.namespace))


def _check_ledger(package: Package) -> None:
    """Raise InputError if a table of the ledger that is to go on, or what records said, is not as it was written."""
    wrong = package.verify(f"{name}.parquet" for name in (*LEDGER_TABLES, "statements"))
    if wrong:
        what = "what records said" if wrong[0] == STATEMENTS else "the ledger of ids"
        raise InputError(f"{what} is damaged; restore the package, or build with --fresh", file=wrong[0])


def _heads(logs: Sequence[Sequence[Entry]]) -> dict[str, Any]:
    """Where each log ended, if there are several; of one alone `log_head` says it."""
    found = merging.heads(logs)
    return {"log_heads": list(found)} if len(found) > 1 else {}


def _manifest(
    request: Request, reading: Reading, definitions: tuple[Definition, ...], entries: Sequence[Entry]
) -> dict[str, Any]:
    previous = request.previous
    return {
        "software": f"lifecluster {__version__}",
        "region": request.region.model_dump(mode="json"),
        "at": request.at.isoformat(),
        "namespace": request.namespace,
        "inputs": report.inputs(reading),
        "specifications": report.specifications(reading),
        "left": dict(sorted(reading.left.items())),
        "definitions": [d.model_dump(mode="json") for d in definitions],
        "log_head": entries[-1].id if entries else None,
        **({"layer": asdict(request.layer)} if request.layer else {}),
        "previous": previous.manifest["files"]["identities.parquet"] if previous is not None else None,
        "previous_statements": previous.manifest["files"][STATEMENTS] if previous is not None else None,
    }


def _present(named: pl.DataFrame, members: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The presence of each organisation under its id: columns `id`, `presence`."""
    of = members.join(chosen.select(PRESENCE, cluster="organisation_id"), on="cluster")
    return named.filter(pl.col("kind") == "organisation").join(of, on="record").select("id", PRESENCE).unique()


@dataclass(frozen=True)
class _Build:
    """The stages between reading and writing; each is a pure function of those before."""

    request: Request
    reading: Reading
    definitions: tuple[Definition, ...]
    entries: Sequence[Entry]
    tombstones: pl.DataFrame
    progress: Progress

    def tables(self) -> dict[str, Table]:
        """All tables of the package."""
        progress, reading, region, at = self.progress, self.reading, self.request.region, self.request.at
        records = place.locate(record_frames.organisations(reading.extracts), reading.places)
        sites = place.sites(reading.extracts, reading.places)
        held = holdings(reading.extracts)
        links = linking.link_records(records, sites, progress=progress, layer=self.request.layer)
        linked = linking.unite(records, links, Judgements(self.entries), at=at)
        progress("classifying")
        everything = presence.View(Visibility.PUBLIC, records, sites, held, licence_types(reading.extracts, held), None)
        views = presence.views(reading.extracts, reading.places, everything)
        chosen, classified = presence.choose(views, linked.clusters, region.codes, self.definitions, at=at)
        if chosen.is_empty():
            inside = scope.placed(records, linked.clusters, sites, region.codes).height
            raise LifeclusterError(why_empty(reading, region, records, sites, inside=inside))
        progress(f"naming {chosen.height:,} organisations")
        members = linked.clusters.filter(pl.col("cluster").is_in(chosen["organisation_id"].implode()))
        organisations, ledger = self._organisations(members, records)
        new = added(self.entries, organisations, ledger, views, reading.places)
        views = new.seen(views)
        named, ledger = self._things(organisations, views[-1], new, ledger)
        now = presence.of_things(views, named, _present(named, members, chosen))
        said = edited(self.entries, named, ledger).with_added(new, new.statements(named, ledger))
        ordered = assembly.order(pl.concat([self._statements(named), said.statements]), at=at)
        seen = public(reading.extracts)  # what computed columns may be made of: everybody gets them
        same = seen is reading.extracts
        shown = records if same else place.locate(record_frames.organisations(seen), reading.places)
        located = sites if same else place.sites(seen, reading.places)
        located = pl.concat([located, new.sites_at(Visibility.PUBLIC)])
        ever = presence.ever(now, self.request.previous)
        made = finish.Finished(region, reading, shown, located, linked, chosen, classified, named, ordered, ledger,
                               self.tombstones, said, now, ever, views[1:], self.definitions, at)  # fmt: skip
        return finish.all_tables(made)

    def _organisations(self, members: pl.DataFrame, records: pl.DataFrame) -> tuple[pl.DataFrame, Ledger]:
        """Ids of organisations: `identify.RECORDS`, and the ledger."""
        at, namespace = self.request.at, self.request.namespace
        ledger = read_ledger(self.request.previous)
        if self.request.previous is not None:
            now = records.select(succession.SAID.names())
            ledger = succession.succeed(ledger, succession.said_before(self.request.previous), now)
        return identify.organisations(members, records, ledger, namespace=namespace, at=at)

    def _things(self, organisations: pl.DataFrame, everything: presence.View, new: Added,
                ledger: Ledger) -> tuple[pl.DataFrame, Ledger]:  # fmt: skip
        """Ids of organisations, of their sites, and of what they hold: `identify.RECORDS`, and the ledger."""
        at, namespace = self.request.at, self.request.namespace
        owner = organisations.select(organisation_record="record", organisation="id")
        owned = everything.sites.join(owner, on="organisation_record", how="inner")
        site_ids, ledger = identify.sites(same_site(owned), new.seeded(ledger), namespace=namespace, at=at)
        theirs = everything.held.join(owner, on="organisation_record", how="semi")
        theirs = theirs.join(new.held, on="record", how="anti")
        others = identify.others(theirs.filter(pl.col("kind").is_in(identify.kinds())), namespace=namespace)
        return pl.concat([organisations, site_ids, others, new.named()]), ledger

    def _statements(self, named: pl.DataFrame) -> pl.DataFrame:
        """Statements of every record that has an id, with subjects and references resolved."""
        frames = []
        ids = named.select("record", "id")
        for extract in self.reading.extracts:
            for kind, frame in extract.records.items():
                record = statement.record_id(extract.spec.name, kind, pl.col("key"))
                wanted = frame.select("key", record=record).join(ids, on="record", how="semi")["key"]
                if len(wanted):
                    frames.append(statement.from_extract(extract, kind, keep=wanted))
        everything = statement.gather(frames).join(ids, on="record", how="left", maintain_order="left")
        refs = [name for name, prop in vocabulary().properties.items() if prop.type == "ref"]
        target = ids.rename({"record": "value", "id": "_target"})
        resolved = everything.with_columns(subject=pl.coalesce("id_right", "subject")).drop("id_right")
        resolved = resolved.join(target, on="value", how="left", maintain_order="left")
        is_ref = pl.col("property").is_in(refs) & pl.col("_target").is_not_null()
        return resolved.with_columns(
            original=pl.when(is_ref).then(pl.coalesce("original", "value")).otherwise("original"),
            value=pl.when(is_ref).then("_target").otherwise("value"),
        ).select(list(statement.SCHEMA))
