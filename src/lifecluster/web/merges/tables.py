"""Previews, records and acts as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString

from lifecluster.web.accounts.acts import who
from lifecluster.web.directory.models import Package, State, Statement
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.paths import parts_of
from lifecluster.web.kit.rendering import format_html
from lifecluster.web.kit.tables import Column, Row, Table
from lifecluster.web.merges.drafts import Act
from lifecluster.web.merges.preview import Preview, Side

VERBS = {"merge": "Merged", "split": "Split"}
SAYS = (
    "name",
    "company_number",
    "postcode",
    "registered_postcode",
    "town",
    "website",
    "employees",
    "organisation_type",
)
"""What of each record is told to whoever splits, first things first."""
MOST, TOLD = 3, 6


def sides(preview: Preview) -> Table:
    """The organisations before and after: what each has."""
    columns = [Column("when", "When"), Column("name", "Organisation", head=True),
               Column("records", "Records", "number"),
               Column("sites", "Sites", "number"), Column("held", "Things it holds", "number")]  # fmt: skip
    rows = [_side(side, "Now") for side in preview.before]
    rows += [Row(_side(side, "Then").cells, _side(side, "Then").sub, mark="hi") for side in preview.after]
    return Table("The organisations now and then", columns, rows)


def _side(side: Side, when: str) -> Row:
    return Row({"when": when, "name": proper(side.name), "records": str(len(side.records)), "sites": str(side.sites),
                "held": str(side.held)}, {"name": format_html('<span class="mono">{}</span>', side.uid)})  # fmt: skip


def values(preview: Preview) -> Table:
    """Values that differ: what each says now, and what is shown then."""
    columns = [Column("what", "What", head=True)]
    columns += [Column(f"b{i}", f"Now: {proper(s.name)}") for i, s in enumerate(preview.before)]
    columns += [Column(f"a{i}", f"Then: {proper(s.name)}") for i, s in enumerate(preview.after)]
    rows = []
    for value in preview.values:
        cells = {"what": value.label}
        cells |= {f"b{i}": text or "Not recorded" for i, text in enumerate(value.before)}
        cells |= {f"a{i}": text or "Not recorded" for i, text in enumerate(value.after)}
        rows.append(Row(cells))
    return Table("Values that differ", columns, rows, empty="No shown value differs.")


def ids(preview: Preview) -> list[str]:
    """What becomes of each id, in sentences."""
    before = {side.uid for side in preview.before}
    found = []
    for uid, target in preview.ids.items():
        if uid == target:
            found.append(f"{uid} {'stays' if uid in before else 'is new, and is what the next build gives it'}.")
        else:
            found.append(f"{uid} will lead to {target}." if target else f"{uid} will lead nowhere: nothing has it.")
    return found


def records(uid: str, viewer: Viewer) -> list[tuple[str, str, str]]:
    """The records of an organisation that a viewer may know of: id, source in words, what each says."""
    shown = Package.objects.get(state=State.CURRENT)
    said = Statement.objects.visible_to(viewer, shown).filter(subject=uid, kind="organisation", edit=False)
    told: dict[str, dict[str, list[str]]] = {}
    titles: dict[str, str] = {}
    for row in said.select_related("file").order_by("record", "pk"):
        told.setdefault(row.record, {}).setdefault(row.property, []).append(row.value)
        titles[row.record] = f"{row.file.title}, {row.locator.replace('#', ', row ')}"
    return [(record, titles[record], _says(of)) for record, of in sorted(told.items())]


def _says(told: Mapping[str, Sequence[str]]) -> str:
    first = [*(name for name in SAYS if name in told), *(name for name in sorted(told) if name not in SAYS)][:TOLD]
    said = [f"{words.label(name)}: {'; '.join(list(dict.fromkeys(told[name]))[:MOST])}" for name in first]
    rest = len(told) - len(first)
    return ". ".join([*said, f"{rest} more values"] if rest else said)


def history(acts: Iterable[Act], names: Mapping[str, str]) -> Table:
    """Merges and splits, the latest first."""
    columns = [Column("at", "When", kind="date"), Column("what", "What", head=True), Column("why", "Why"),
               Column("who", "Who"), Column("state", "State")]  # fmt: skip
    acts = list(acts)
    people = who((act.entries[0].actor for act in acts), linked=False)
    rows = [
        Row({"at": act.entries[0].at[:10], "what": _what(act, names), "why": act.entries[0].why or "",
             "who": people[act.entries[0].actor], "state": _state(act)})
        for act in acts
    ]  # fmt: skip
    return Table("Merges and splits, the latest first", columns, rows, empty="Nothing was merged or split yet.")


def called(act: Act, names: Mapping[str, str]) -> list[str]:
    """The organisations of an act by name; by name and id where two are called alike today."""
    found = [(proper(names.get(uid, uid)), uid) for uid in act.organisations]
    alike = len({name for name, _ in found}) < len(found)
    return [f"{name} ({uid})" if alike and name != uid else name for name, uid in found]


def _what(act: Act, names: Mapping[str, str]) -> SafeString:
    before, after = parts_of("merges:act", 1)
    return addresses.link(f"{before}{act.group}{after}", f"{VERBS[act.kind]}: {' and '.join(called(act, names))}")


def _state(act: Act) -> SafeString:
    """Whether an act holds, and the way back if it does."""
    before, after = parts_of("merges:undo", 1)
    back = addresses.link(f"{before}{act.group}{after}", "Undo") if act.live else ""
    return format_html("{} {}", state(act), back)


def state(act: Act) -> str:
    """Whether an act holds, in words."""
    if act.live:
        return "Holds"
    last = act.retracted[-1]
    return f"Taken back on {last.at[:10]}: {last.why}"
