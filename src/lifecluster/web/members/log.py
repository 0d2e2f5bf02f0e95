"""The register's log in words: what was judged, proposed and decided, by whom, of which organisation.

Only a page of it is read at a time. What the reader may not know of the register keeps its row and loses its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.query import QuerySet

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import edits
from lifecluster.register.entry import Entry, from_json
from lifecluster.web.accounts import acts
from lifecluster.web.desk import whose
from lifecluster.web.desk.whose import Whose
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import LogRow
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.rendering import EMPTY, format_html
from lifecluster.web.kit.tables import Column, Row, Table
from lifecluster.web.links.models import Pair
from lifecluster.web.members import sheet

KINDS: Mapping[str, str] = {
    "judgement.same": "judged: the same",
    "judgement.different": "judged: different",
    "judgement.unsure": "judged: unsure",
    "judgement.retract": "a judgement was taken back",
    "edit.propose": "a value was proposed",
    "edit.approve": "a proposed value was accepted",
    "edit.refuse": "a proposed value was refused",
    "edit.confirm": "“still right” was said",
    "edit.withdraw": "a proposal was taken back by who made it",
    "edit.retract": "an accepted value was taken back",
    "thing.add": "a new thing was proposed",
    "thing.approve": "a proposed thing was accepted",
    "thing.refuse": "a proposed thing was refused",
    "thing.withdraw": "a proposed thing was taken back by who proposed it",
    "thing.retract": "an accepted thing was taken back",
    "statement.redact": "a statement was taken out of what is kept",
    "package.load": "a package was accepted",
    "package.roll_back": "a package was rolled back",
    "claim.compute": "the claims were computed",
    "claim.publish": "a claim was published",
    "atlas.compute": "the atlas was computed",
    "atlas.publish": "a part of the atlas was published",
}
"""Every kind of entry, in words."""
CLOSED = "Not for your eyes"
COLUMNS = (
    Column("at", "When (UTC)", kind="date"), Column("what", "What", head=True), Column("whose", "Organisation"),
    Column("value", "Value"), Column("who", "Who"), Column("why", "Why"),
)  # fmt: skip


def rows(viewer: Viewer, *, person: str = "", kind: str = "", organisation: str = "") -> QuerySet[LogRow]:
    """Entries, the latest first. Raises PermissionDeniedError (`log.read`).

    Parameters: `person` an opaque name that acted; `kind` one of KINDS; `organisation` an id of today: what names it,
    under any id that leads to it, and what refers to that.
    """
    viewer.require("log.read")
    found = LogRow.objects.order_by("-seq")
    if person:
        found = found.filter(body__contains=f'"actor":"{person}"')
    if kind:
        found = found.filter(action=kind)
    if organisation:
        named = Q()
        for uid in whose.behind(organisation):
            named |= Q(body__contains=f'"{uid}"')
        begun = LogRow.objects.filter(named).values("entry")
        found = found.filter(named | Q(refers_to__in=begun))
    return found


def table(shown: Iterable[LogRow], viewer: Viewer) -> Table:
    """Entries as a table."""
    entries = [from_json(row.body) for row in shown]
    begun = _begun(entries)
    about = {entry.id: begun.get(entry.refers_to or "", entry) for entry in entries}
    pairs = _pairs(about.values())
    of = {entry.id: _organisations(entry, pairs) for entry in about.values()}
    names = whose.today((uid for uids in of.values() for uid in uids), viewer)
    people = acts.who(entry.actor for entry in entries)
    reader = _reader(about.values(), viewer)
    lines = []
    gone = _taken_out()
    for entry in entries:
        root = about[entry.id]
        cells: dict[str, Any] = {
            "at": entry.at[:16].replace("T", " "),
            "what": _what(entry),
            "who": people[entry.actor],
        }
        if _closed(entry, root, pairs, viewer):
            lines.append(Row({**cells, "whose": CLOSED, "value": "", "why": ""}))
            continue
        pair = pairs.get(_key(root))
        cells |= {
            "whose": _links(of[root.id], names, pair),
            "value": "" if root.id[: edits.SHORT] in gone else _value(entry, root, reader),
            "why": entry.why or "",
        }
        lines.append(Row(cells, {"what": words.label(root.property) if root.property else ""}))
    return Table("Entries, the latest first", COLUMNS, lines, empty="Nothing of the kind is in the log.")


def _what(entry: Entry) -> str:
    said = KINDS.get(entry.action, entry.action)
    return said[:1].upper() + said[1:]


def _begun(entries: Iterable[Entry]) -> dict[str, Entry]:
    """What entries refer to: the proposals that were decided, the judgements that were taken back."""
    asked = {entry.refers_to for entry in entries if entry.refers_to}
    bodies = LogRow.objects.filter(entry__in=asked).values_list("body", flat=True)
    return {one.id: one for one in map(from_json, bodies)}


def _taken_out() -> set[str]:
    """Beginnings of the ids of proposals of which no word is to be kept in the clear."""
    objects = LogRow.objects.filter(action="statement.redact").values_list("body", flat=True)
    return {(from_json(body).object or "").rpartition(":")[2] for body in objects}


def _key(entry: Entry) -> tuple[str, str]:
    return entry.subject or "", entry.object or ""


def _pairs(entries: Iterable[Entry]) -> dict[tuple[str, str], Pair]:
    """Pairs of the reviews on which somebody judged, by their two records in the order of the entry."""
    judged = {_key(entry) for entry in entries if entry.action.startswith("judgement.")}
    records = {record for key in judged for record in key}
    found = {}
    for pair in Pair.objects.filter(record__in=records, target__in=records).order_by("pk"):
        found[pair.record, pair.target] = found[pair.target, pair.record] = pair
    return found


def _organisations(entry: Entry, pairs: Mapping[tuple[str, str], Pair]) -> list[str]:
    """Ids of the organisations that an entry is about, as it has them."""
    many = entry.evidence.get("organisations")
    if isinstance(many, list | tuple):
        return [str(one) for one in many]
    if entry.evidence.get("owner"):
        return [str(entry.evidence["owner"])]
    if pair := pairs.get(_key(entry)):
        return [str(uid) for uid in (pair.body[side].get("organisation") for side in ("left", "right")) if uid]
    return [entry.subject] if entry.action.startswith(("edit.", "thing.", "statement.")) and entry.subject else []


def _closed(entry: Entry, root: Entry, pairs: Mapping[tuple[str, str], Pair], viewer: Viewer) -> bool:
    """Whether what an entry says is for others alone."""
    pair = pairs.get(_key(root))
    level = max(Visibility.parse(one.visibility) for one in (entry, root))
    return level > viewer.clearance or (pair is not None and pair.level > viewer.clearance)


def _links(uids: Iterable[str], names: Mapping[str, Whose], pair: Pair | None) -> Any:
    """The organisations by name, with links; the two rows of a pair where neither is in the register."""
    found = list(dict.fromkeys(names[uid] for uid in uids if uid in names))
    if not found and pair is not None:
        return proper(pair.label)
    said: Any = EMPTY
    for one in found:
        link = addresses.link(addresses.organisation(one.uid) if one.here else "", one.name)
        said = format_html("{} and {}", said, link) if said else link
    return said


def _reader(entries: Iterable[Entry], viewer: Viewer) -> Reader:
    try:
        package = reads.current()
    except reads.NoPackageError:
        return Reader({}, today())
    refs = {one.value for one in entries if isinstance(one.value, str) and one.property in vocabulary().properties}
    return Reader(reads.named(refs, viewer, package), today())


def _value(entry: Entry, root: Entry, reader: Reader) -> str:
    """What was proposed, decided on or confirmed; of a thing, all that was said of it."""
    said = entry.value if entry.value is not None else root.value
    if isinstance(said, Mapping):
        parts = [f"{words.label(prop)}: {sheet.worded(prop, value, reader)}" for prop, value in said.items()]
        return "; ".join(parts)
    return sheet.worded(root.property, said, reader) if root.property else ""
