"""Approved edits shown at once: the families they speak of are assembled anew from the rows of the database.

The assembly is the library's own and the rows are made by the same functions as when a package is loaded, so that an
edit looks the same now and after the next load.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import added, edits
from lifecluster.register.entry import Entry, Json
from lifecluster.register.presence import references
from lifecluster.register.statement import SCHEMA
from lifecluster.web.directory.computed import touched
from lifecluster.web.directory.loading import prepare as p
from lifecluster.web.directory.loading import texts
from lifecluster.web.directory.loading import write as w
from lifecluster.web.directory.loading.additions import New, built, settle, subjects_of, take_in, with_waiting
from lifecluster.web.directory.loading.compare import differences, name_of
from lifecluster.web.directory.loading.register import THINGS, Register, Row, day
from lifecluster.web.directory.loading.sources import FileKey, edit_source, settle_edits
from lifecluster.web.directory.loading.write_rows import write_rows
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import (
    Change,
    Document,
    Facet,
    FacetLabel,
    Group,
    Identity,
    Lexicon,
    Organisation,
    Package,
    Segment,
    Site,
    SourceFile,
    State,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.models.search import document_id

LABELS = {int(level): level.label for level in Visibility}


def owner_of(subject: str) -> str:
    """The organisation that a subject of the shown package is or belongs to.

    Raises LifeclusterError if there is none.
    """
    shown = {"package__state": State.CURRENT}
    if Organisation.objects.filter(uid=subject, **shown).exists():
        return subject
    site = Site.objects.filter(uid=subject, **shown).values_list("organisation", flat=True).first()
    tie = Tie.objects.filter(thing=subject, role="holder", **shown).values_list("party", flat=True).first()
    if site or tie:
        return str(site or tie)
    raise LifeclusterError(f"{subject} is nothing that the register shows")


def catch_up(package: Package, *, at: datetime) -> int:
    """Show in the rows of `package` every edit approved or retracted, every merge and split since. Within a transaction
    of the caller.

    Returns how many values it changed. Edits of what the package does not know wait in the log.
    """
    from lifecluster.web.directory.loading.regroup.settle import settle as regroup

    entries = log.entries()
    regroup(package, entries, at=at)
    today = _today(package, entries)
    new = New.of(entries, package.log_seq, today)
    changed = _changes(package, entries, new.changes, today)
    if changed or new.changes:
        _take_in(package, changed, new, at)
    if entries and entries[-1].seq != package.log_seq:
        package.log_seq = entries[-1].seq
        Package.objects.filter(pk=package.pk).update(log_seq=package.log_seq)
    return len(changed) + len(new.changes)


def _speaks(package: Package, entries: Sequence[Entry]) -> bool:
    """Whether anything since the rows of `package` were written speaks of what the register says."""
    return any(entry.action.startswith(("edit.", "thing.", "statement.")) for entry in entries[package.log_seq :])


def _today(package: Package, entries: Sequence[Entry]) -> edits.Where:
    """What ids that entries speak of are called in `package`."""
    if not _speaks(package, entries):
        return edits.as_said
    spoken = {uid for entry in entries if entry.action in {edits.PROPOSE, edits.CONFIRM, added.ADD}
              for uid in (entry.subject, entry.object, *_named(entry.value),
                          *_listed(entry.evidence.get("of")))}  # fmt: skip
    known = Identity.objects.filter(package=package, status="redirected", uid__in=spoken - {None})
    today = dict(known.values_list("uid", "target"))
    return lambda subject: today.get(subject, subject)


def _named(value: Json) -> Iterator[str]:
    """Texts among the first values of a thing: some may be ids of other things."""
    for one in value.values() if isinstance(value, Mapping) else ():
        yield from _listed(one)


def _listed(value: Json) -> Iterator[str]:
    """Texts of a list, or the one text that a value is."""
    yield from (text for text in (value if isinstance(value, list | tuple) else (value,)) if isinstance(text, str))


def _changes(package: Package, entries: Sequence[Entry], new: Sequence[added.Change],
             today: edits.Where) -> list[edits.Change]:  # fmt: skip
    """What edits changed since the rows of `package` were written, under the ids of today."""
    if not _speaks(package, entries):
        return []
    found = edits.changes(entries, after=package.log_seq, where=today)
    return with_waiting(found, new, entries, today)


def _take_in(package: Package, changed: list[edits.Change], new: New, at: datetime) -> None:
    subjects = {change.subject for change in changed} | {change.uid for change in new.changes}
    base, numbers = _families(package, _heads(package, subjects) | new.heads())
    before, there = dict(base.kinds["organisation"]), subjects_of(base)
    prepared = p.apply_edits(base, changed, log_seq=0, taken=take_in(base, new))
    touched(package)
    write_back(package, prepared, numbers)
    settle(package, prepared.register, there, ledger=new.known_to(built(package, log.entries())))
    Change.objects.bulk_create(
        Change(
            package=package.name,
            at=at,
            uid=uid,
            name=name_of(row),
            what="edited",
            level=prepared.register.level(uid),
            fields={name: list(pair) for name, pair in differences(before[uid], row).items()},
        )
        for uid, row in prepared.register.kinds["organisation"].items()
        if differences(before[uid], row)
    )


def _heads(package: Package, subjects: set[str]) -> set[str]:
    """The organisations that subjects are, or belong to."""
    heads = set(Organisation.objects.filter(package=package, uid__in=subjects).values_list("uid", flat=True))
    heads |= set(Site.objects.filter(package=package, uid__in=subjects).values_list("organisation", flat=True))
    holders = Tie.objects.filter(package=package, thing__in=subjects, role="holder")
    return heads | set(holders.values_list("party", flat=True))


def _families(package: Package, heads: set[str]) -> tuple[Register, dict[str, int]]:
    """The register of some organisations, read from the database, and their numbers."""
    organisations = list(Organisation.objects.filter(package=package, uid__in=heads))
    sites = list(Site.objects.filter(package=package, organisation__in=heads))
    held = Tie.objects.filter(package=package, party__in=heads, role="holder").values("thing")
    things = list(Thing.objects.filter(package=package, uid__in=held))
    kinds: dict[str, dict[str, Row]] = {kind: {} for kind in vocabulary().kinds}
    kinds["organisation"] = {o.uid: o.data for o in organisations}
    kinds["site"] = {s.uid: s.data for s in sites}
    for thing in things:
        kinds[thing.kind][thing.uid] = thing.data
    segments: dict[str, list[Row]] = {}
    segment_levels: dict[str, int] = {}
    for segment in Segment.objects.filter(package=package, organisation__in=heads).order_by("pk"):
        row = {"definition": segment.definition, "state": segment.state, "probability": segment.probability,
               "evidence": segment.evidence}  # fmt: skip
        row |= {"segment": segment.segment} if segment.segment else {}
        segments.setdefault(segment.organisation, []).append(row)
        segment_levels[segment.organisation] = segment.level
    levels = (
        {o.uid: o.level for o in organisations} | {s.uid: s.level for s in sites} | {t.uid: t.level for t in things}
    )
    statements = statements_of(package, {uid for rows in kinds.values() for uid in rows})
    presence = _closed(package, statements, {uid: level for uid, level in levels.items() if level})
    register = Register(
        kinds,
        segments,
        statements,
        levels,
        segment_levels,
        at=str(package.at),
        presence=presence,
        settled=True,
    )
    return register, {o.uid: o.number for o in organisations}


def _closed(package: Package, statements: pl.DataFrame, own: dict[str, int]) -> dict[str, int]:
    """Levels of what is not public among `own` (rows that edits may speak of) and what the statements lead to."""
    return closed_among(package, statements, own, ())


def closed_among(package: Package, statements: pl.DataFrame, own: Mapping[str, int],
                 instead: Collection[str]) -> dict[str, int]:  # fmt: skip
    """The same; what the database says of `instead` does not count."""
    named = statements.filter(pl.col("property").is_in(references()))["value"].unique()
    spoken = [one for one in named if one not in instead]
    found = dict(own)
    for model in (Organisation, Site, Group, Thing):
        rows = model._default_manager.filter(package=package, uid__in=spoken, level__gt=0)
        found |= dict(rows.values_list("uid", "level"))
    return found


def statements_of(package: Package, subjects: Iterable[str]) -> pl.DataFrame:
    """Statements of subjects as the library's frame (`SCHEMA`)."""
    files = {f.pk: f for f in SourceFile.objects.filter(package=package)}
    rows = []
    for s in Statement.objects.filter(package=package, subject__in=list(subjects), upto=w.TOP):
        file = files[s.file_id]
        snapshot = s.locator if s.edit else file.sha256
        rows.append(
            (
                s.sid,
                s.subject,
                s.kind,
                s.property,
                s.value,
                s.original,
                file.source,
                file.rank,
                s.record,
                s.locator,
                snapshot or None,
                file.licence,
                s.observed_on,
                s.valid_from,
                s.valid_to,
                s.verified_on,
                LABELS[s.level],
                s.aggregate_only,
                s.owner or None,
                s.consent or None,
                "none",
                s.sample,
            )
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def write_back(package: Package, prepared: p.Prepared, numbers: dict[str, int]) -> None:
    """Replace the rows of the families."""
    key, register = package.pk, prepared.register
    _write_searchable(package, prepared, numbers)
    sites = register.kinds["site"]
    _clear(Site.objects.filter(package=package, organisation__in=numbers))
    write_rows(Site, key, (p.site_row(row, register.level(uid)) for uid, row in sites.items()))
    for kind in THINGS:
        things = register.kinds[kind]
        _clear(Thing.objects.filter(package=package, uid__in=things))
        _clear(Tie.objects.filter(package=package, thing__in=things))
        write_rows(Thing, key, (p.thing_row(kind, row, register.level(uid)) for uid, row in things.items()))
        write_rows(Tie, key, p.all_ties(register, kind))
    for uid, row in ((uid, row) for rows in register.kinds.values() for uid, row in rows.items()):
        Identity.objects.filter(package=package, target=uid).exclude(name=name_of(row)).update(name=name_of(row))
    _clear(Statement.objects.filter(package=package, subject__in=register.statements["subject"].unique().to_list()))
    files: dict[FileKey, int] = {
        (f.source, f.sha256 or None, f.licence, f.rank): f.pk for f in SourceFile.objects.filter(package=package)
    }
    source = edit_source(package)
    files[source.source, None, source.licence, source.rank] = source.pk
    w.write_statements(key, register.statements, files, register.presence, at=day(register.at))
    settle_edits(source)


def _write_searchable(package: Package, prepared: p.Prepared, numbers: dict[str, int]) -> None:
    """Organisations, their facets and texts; labels and words that are new."""
    key, register = package.pk, prepared.register
    dates = p.newest(register.statements)
    rows: list[Row] = []
    facets: list[Row] = []
    documents: list[Document] = []
    words: dict[int, str] = {}
    for family, found in p.searchable(prepared):
        level, number = register.level(family.uid), numbers[family.uid]
        row = p.organisation_row(p.cleared(register, family, level), number, level, dates.get(family.uid, (None, None)))
        rows.append(row | {"revision": package.revision})
        facets.extend(w.facet_rows(number, found))
        for at, text in found.texts.items():
            documents.append(Document(id=document_id(key, at, number), package=package, text=text))
            words[at] = f"{words.get(at, '')} {text}"
    _clear(Organisation.objects.filter(package=package, uid__in=numbers))
    _clear(Facet.objects.filter(package=package, number__in=numbers.values()))
    write_rows(Organisation, key, rows)
    write_rows(Facet, key, facets)
    ids = [document_id(key, at, number) for at in range(4) for number in numbers.values()]
    _clear(Document.objects.filter(pk__in=ids))
    Document.objects.bulk_create(documents)
    known = set(FacetLabel.objects.filter(package=package).values_list("facet", "value"))
    w.write_labels(key, {(row["facet"], row["value"]) for row in facets} - known, ())
    for at, text in words.items():
        lexicon, _ = Lexicon.objects.get_or_create(package=package, level=at, defaults={"words": ""})
        have = set(lexicon.words.split("\n"))
        if more := [word for word in texts.lexicon([text]).split("\n") if word not in have]:
            Lexicon.objects.filter(pk=lexicon.pk).update(words="\n".join([lexicon.words, *more]))


def _clear(rows: object) -> None:
    """Delete rows without looking for what hangs on them: nothing does."""
    rows._raw_delete(rows.db)  # type: ignore[attr-defined]  # any query set
