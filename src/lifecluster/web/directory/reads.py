"""Reading the register: pages and API call these and nothing else. Each shows what is the reader's to see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404

from lifecluster.errors import LifeclusterError
from lifecluster.register import ids
from lifecluster.web.directory import gathered, packages, prepared
from lifecluster.web.directory.models import (
    Background,
    Change,
    Group,
    Identity,
    Organisation,
    Package,
    Segment,
    Site,
    SourceFile,
    State,
    Thing,
    Tie,
)
from lifecluster.web.directory.models.visible import Visible
from lifecluster.web.directory.packages import NoPackageError, current
from lifecluster.web.directory.values import (
    Said,
    Stated,
    Values,
    files_of,
    made_of,
    stated_of,
    statement,
    values,
)
from lifecluster.web.directory.viewer import ANYBODY, Viewer, viewer_of

__all__ = [
    "NoPackageError",
    "NotHereError",
    "Said",
    "Stated",
    "UnknownIdError",
    "Values",
    "background",
    "changes",
    "current",
    "figures",
    "group",
    "inputs",
    "named",
    "organisation",
    "resolve",
    "site",
    "sources",
    "statement",
    "thing",
    "values",
]


M = TypeVar("M", bound=Visible)


class UnknownIdError(LifeclusterError, Http404):
    """An id that is well formed and was never issued here."""


class NotHereError(LifeclusterError, Http404):
    """Nothing of this id that the reader may know is in the register now."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where an id leads: `uid` to use today; `status` live, redirected or absent; `others` ids split off from it."""

    asked: str
    uid: str
    kind: str
    status: str
    others: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What an id is called."""

    uid: str
    kind: str
    name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation with everything of it that the reader may see; `things` by kind, those not over first."""

    package: Package
    organisation: Organisation
    sites: list[Site]
    things: dict[str, list[Thing]]
    segments: list[Segment]
    parent: Named | None
    values: Values
    names: dict[str, Named]
    ties: dict[str, list[tuple[str, str]]]
    """thing -> (role, party) of everybody who has a part in it."""
    closed: bool = False
    """Its classes are not for the reader: packages of before made them of all values."""


@dataclass(frozen=True, slots=True)
class PartView:
    """A site or a thing, the organisations it belongs to, its values, and the names of what it mentions."""

    package: Package
    row: Any
    holders: list[Organisation]
    values: Values
    names: dict[str, Named]


def resolve(text: str, user: object) -> Resolved:
    """Where an id leads that was ever issued, as a person typed it, as far as `user` may know.

    The ledger knows the ids of organisations and sites, which may be merged or split; those of all else stand in the
    tables of their kind. An id that only an earlier package knows is absent, and so is one that leads to what the
    reader may no longer know of. Raises IdError if it is no id, UnknownIdError if it was never issued here, or never
    for anything that the reader might have known of: the two cannot be told apart.
    """
    uid = ids.normalise(text)
    shown = current()
    rows = list(Identity.objects.issued_to(user).filter(uid=uid).order_by("-package_id"))
    mine = next((row for row in rows if row.package_id == shown.pk), None)
    if mine is not None and Identity.objects.leading(user, shown).filter(pk=mine.pk).exists():
        known = set(Identity.objects.leading(user, shown).filter(uid__in=mine.others).values_list("uid", flat=True))
        others = tuple(other for other in mine.others if other in known)
        return Resolved(uid, mine.target, mine.kind, mine.status, others, mine.name)
    if rows:
        return Resolved(uid, uid, ids.parse(uid).kind, "absent")
    if (found := _unlisted(uid, shown, user)) is not None:
        return found
    raise UnknownIdError(f"{uid} was not issued by this register")


def _unlisted(uid: str, shown: Package, user: object) -> Resolved | None:
    """Where an id leads that no ledger lists, of what the reader may see in any package that is kept."""
    earlier = list(Package.objects.exclude(pk=shown.pk).exclude(state=State.LOADING))
    for model in (Thing, Group, Site, Organisation):
        seen: Any = model.objects.visible_to(user, shown)
        for package in earlier:
            seen = seen | model.objects.visible_to(user, package)
        rows = list(seen.filter(uid=uid).order_by("-package_id").defer("data"))
        if not rows:
            continue
        row = next((row for row in rows if row.package_id == shown.pk), rows[0])
        kind = row.kind if model is Thing else model.__name__.lower()
        if row.package_id != shown.pk:
            return Resolved(uid, uid, kind, "absent")
        return Resolved(uid, uid, kind, "live", name=row.title if model is Thing else row.name)
    return None


def organisation(uid: str, user: object) -> OrganisationView:
    """An organisation; at most eight queries, whatever its size. Raises NotHereError."""
    shown, viewer = current(), viewer_of(user)

    def of(model: type[M], **named: str) -> list[M]:
        ((column, value),) = named.items()
        key = (model, column, viewer.sees, shown.pk)
        objects: Any = model._default_manager
        return prepared.records(
            model,
            key,
            lambda given: objects.visible_to(viewer, shown).filter(**{column: given[0]}),
            [value],
        )

    row = next(iter(of(Organisation, uid=uid)), None)
    if row is None:
        raise NotHereError(f"{uid} is no organisation of the register")
    sites = sorted(of(Site, organisation=uid), key=lambda s: (not s.live, s.name, s.uid))
    segments = sorted(of(Segment, organisation=uid), key=lambda s: (s.definition, s.pk))
    parts = gathered.rows(("parts", viewer.sees, shown.pk), lambda one: _parts(one, viewer, shown), uid)
    ties: dict[str, list[tuple[str, str]]] = {}
    for of_thing, role, party in parts["ties"].raw:
        ties.setdefault(of_thing, []).append((role, party))
    things: dict[str, list[Thing]] = {}
    for columns in parts["things"].rows:
        thing = prepared.made(Thing, zip(THING, columns, strict=True))
        things.setdefault(thing.kind, []).append(thing)
    for rows in things.values():
        rows.sort(key=_newest_first)
    said = (parts[name] for name in ("said of it", "said of its sites", "said of its things"))
    found = made_of([row for answer in said for row in answer.raw], parts["said of it"].read, shown)
    names = {columns[0]: Named(*columns) for columns in parts["names"].rows}
    parent = row.data.get("parent", "")
    if parent and parent not in names:
        names |= named({parent}, user, shown)
    closed = not segments and Segment.objects.filter(package=shown, organisation=uid).exists()
    return OrganisationView(shown, row, sites, things, segments, names.get(parent), found, names, ties, closed)


THING = tuple(column.attname for column in Thing._meta.concrete_fields)


def _parts(uid: str, viewer: Viewer, package: Package) -> dict[str, QuerySet[Any, Any]]:
    """Everything that an organisation has a part in, who else has, what that is called, and all that is stated of it,
    of its sites and of those things."""
    ties = Tie.objects.visible_to(viewer, package)
    all_of = ties.filter(thing__in=ties.filter(party=uid).values("thing"))
    things = Thing.objects.visible_to(viewer, package).filter(uid__in=ties.filter(party=uid).values("thing"))
    sites = Site.objects.visible_to(viewer, package).filter(organisation=uid)
    said = stated_of(viewer, package)
    return {
        "ties": all_of.values_list("thing", "role", "party"),
        "things": things.values_list(*THING),
        "said of it": said.filter(subject=uid),
        "said of its sites": said.filter(subject__in=sites.values("uid")),
        "said of its things": said.filter(subject__in=things.values("uid")),
        "names": _names(viewer, package).filter(uid__in=all_of.values("party")),
    }


def _newest_first(thing: Thing) -> tuple[bool, str, str]:
    """Those that are not over first, then by date, newest first, then by id."""
    day = thing.starts_on or thing.ends_on
    return (not thing.live, "" if day is None else f"{99999999 - int(day.strftime('%Y%m%d')):08}", thing.uid)


def named(uids: Collection[str], user: object, package: Package) -> dict[str, Named]:
    """Names of ids that the reader may know."""
    if not uids:
        return {}

    viewer = viewer_of(user)

    def make(given: Sequence[str]) -> QuerySet[Identity, tuple[str, str, str, bool]]:
        return _names(viewer, package).filter(uid__in=given)

    return {row[0]: Named(*row) for row in prepared.rows(("names", viewer.sees, package.pk), make, sorted(uids))}


def _names(viewer: Viewer, package: Package) -> QuerySet[Identity, tuple[str, str, str, bool]]:
    """What ids are called that a reader may know, in the order of `Named`."""
    live = Identity.objects.leading(viewer, package).filter(status="live")
    return live.values_list("uid", "kind", "name", "sample")


def site(uid: str, user: object) -> PartView:
    """A site. Raises NotHereError."""
    shown = current()
    row = Site.objects.visible_to(user, shown).filter(uid=uid).first()
    if row is None:
        raise NotHereError(f"{uid} is no site of the register")
    holders = list(Organisation.objects.visible_to(user, shown).filter(uid=row.organisation))
    return PartView(shown, row, holders, values([uid], user, package=shown), {})


def thing(uid: str, user: object) -> PartView:
    """A licence, award, contract or another thing. Raises NotHereError."""
    shown = current()
    row = Thing.objects.visible_to(user, shown).filter(uid=uid).first()
    if row is None:
        raise NotHereError(f"{uid} is nothing that the register holds")
    ties = list(Tie.objects.visible_to(user, shown).filter(thing=uid).values_list("role", "party"))
    held = [party for role, party in ties if role == "holder"]
    holders = list(Organisation.objects.visible_to(user, shown).filter(uid__in=held).order_by("number"))
    return PartView(shown, row, holders, values([uid], user, package=shown),
                    named({p for _, p in ties}, user, shown))  # fmt: skip


def group(uid: str, user: object) -> PartView:
    """A group with the organisations it owns. Raises NotHereError."""
    shown = current()
    row = Group.objects.visible_to(user, shown).filter(uid=uid).first()
    if row is None:
        raise NotHereError(f"{uid} is no group of the register")
    owned = list(Organisation.objects.visible_to(user, shown).filter(data__parent=uid).order_by("number"))
    return PartView(shown, row, owned, values([uid], user, package=shown), {})


def sources(user: object) -> list[SourceFile]:
    """The files that the shown package was made from, of which `user` may know."""
    shown, clearance = current(), viewer_of(user).clearance
    known = (file for file in files_of(shown).values() if file.level <= clearance)
    return sorted(known, key=lambda file: (file.source, file.file))


def inputs(user: object) -> list[dict[str, Any]]:
    """The files that the build of the shown package read, as its manifest names them, of which `user` may know."""
    known = {(file.source, file.sha256) for file in sources(user)}
    return [one for one in current().manifest.data["inputs"] if (one.get("source"), one["sha256"]) in known]


@dataclass(frozen=True, slots=True)
class DefinitionFigure:
    """How many organisations a definition counts, of how many it cannot tell, and the expected number."""

    name: str
    title: str
    organisations: int
    unknown: int
    expected: float
    effect: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The register in numbers; all are counts of public rows."""

    package: Package
    organisations: int
    ended: int
    sites: int
    statements: int
    sources: int
    things: dict[str, int]
    definitions: list[DefinitionFigure]


def figures() -> Figures:
    """Numbers of the shown package. Two queries: they were counted when it was loaded."""
    shown = current()
    counts = shown.counts
    manifest = shown.manifest.data
    titles = {d["name"]: d for d in manifest["definitions"]}
    wanted = [name for name in shown.region.get("definitions", []) or titles if name in titles]
    definitions = [
        DefinitionFigure(
            name,
            titles[name]["title"],
            found["organisations"],
            found["unknown"],
            found["expected"],
            titles[name]["effect"],
        )
        for name in wanted
        if (found := counts.get("definitions", {}).get(name))
    ]
    things = {
        kind: n
        for kind, n in counts.items()
        if kind not in {"organisation", "site", "group", "live", "statements", "definitions"}
    }
    return Figures(shown, counts["live"], counts["organisation"] - counts["live"], counts["site"], counts["statements"],
                   len(inputs(ANYBODY)), things, definitions)  # fmt: skip


def changes(user: object, *, since: int = 0, limit: int = 100, newest: bool = False) -> list[Change]:
    """What became of organisations, in order from after the cursor `since` (an id), or the newest first."""
    rows = Change.objects.visible_to(user).filter(id__gt=since)
    return list(rows.order_by("-id" if newest else "id")[:limit])


def background() -> list[list[int]]:
    """All companies of the region by squares: easting and northing of the lower left corner in metres, companies."""
    found = Background.objects.filter(package=packages.current()).values_list("cells", flat=True).first()
    return list(found or [])
