"""What `lifecluster show` prints for people: a summary of an organisation, or everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.text import Text

from lifecluster.commands.common import out, plain
from lifecluster.reference.properties import vocabulary
from lifecluster.register.licensed import Held
from lifecluster.register.segments.reasons import COUNTED

IN_SHORT = ("description", "company_number", "status", "dissolved_on", "closed_on", "employees", "website", "ownership",
            "address", "town", "postcode", "registered_address", "registered_town", "registered_postcode",
            "capability")  # fmt: skip
"""Properties that the summary tells, in this order."""
FEW = 6
"""Licences that the summary names."""


def _head(answer: dict[str, Any]) -> None:
    badge = "  [reverse] SAMPLE [/reverse]" if answer["sample"] else ""
    out.print(f"[bold]{escape(answer['name'] or '')}[/bold]  {answer['id']}{badge}", soft_wrap=True)


def print_summary(answer: dict[str, Any], held: Sequence[Held]) -> None:
    """The shown values that tell most, what it has and counts as, its links; and how to read the rest.

    Parameters: `held` the licences that still hold, one of each type.
    """
    _head(answer)
    out.print(f"in the register by: {', '.join(answer['scope_by'])}; in the region by: {answer['region_by']}")
    told = {entry["property"]: entry["statements"] for entry in answer["values"]}
    for name in IN_SHORT:
        shown = [said for said in told.get(name, ()) if said["shown"] and said["value"]]
        if shown:
            _print_short(name, shown, more=len(told[name]) - len(shown))
    counted = sorted({r["definition"] for r in answer["segments"] if (r["probability"] or 0) >= COUNTED})
    out.print(f"counted by: {', '.join(counted) or 'no definition'}", markup=False, soft_wrap=True)
    if has := holdings(answer["things"], answer["works_with"]):
        out.print(f"has: {', '.join(has)}", markup=False, soft_wrap=True)
    if answer["things"].get("licence"):
        out.print(f"licences held: {named(held)}", markup=False, soft_wrap=True)
    for link in answer["links"]:
        out.print(f"{_LINKED[link['band']]}: {link['record']}  {link['probability']:.3f}", markup=False, soft_wrap=True)
    _print_judgements(answer["judgements"])
    statements = [said for entry in answer["values"] for said in entry["statements"]]
    told_by = f"{many(len(statements), 'statement')} from {many(len({s['source'] for s in statements}), 'source')}"
    out.print(f"{told_by}: lifecluster show {answer['id']} --all",
              style="dim", markup=False, soft_wrap=True)  # fmt: skip


def many(number: int, one: str, several: str = "") -> str:
    """A number with its word: `1 licence`, `2 licences`."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def holdings(things: Mapping[str, Sequence[object]], parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What an organisation has and takes part in, in words with their numbers, then how many it works with.

    Parameters: `things` by kind, those it holds; `parts` as `show.works_with` gives them.
    """
    told = []
    for kind, entry in vocabulary().kinds.items():
        own = len(things.get(kind, ()))
        of_others = [part["roles"] for part in parts if part["kind"] == kind and "holder" not in part["roles"]]
        if own or of_others:
            roles = Counter(roles[0] for roles in of_others)
            beside = ", ".join(f"{number:,} as a {role}" for role, number in roles.items())
            told.append(many(own + len(of_others), kind, entry.table) + (f" ({beside})" if beside else ""))
    others = {other["id"] for part in parts for other in part["others"]}
    return [*told, *([many(len(others), "partner")] if others else [])]


def named(held: Sequence[Held]) -> str:
    """A few licences by name, the stale ones with the day on which they were last checked."""
    if not held:
        return "none any more"
    more = f"; {len(held) - FEW:,} more with --all" if len(held) > FEW else ""
    return ", ".join(one.said() for one in held[:FEW]) + more


_LINKED = {"auto": "linked", "review": "waits for review", "none": "no link"}


def _print_short(name: str, shown: list[dict[str, Any]], *, more: int) -> None:
    """One line: the shown values of a property, the first one's source and date, and how many others there are."""
    first = shown[0]
    others = f"; {more:,} other{'s' if more > 1 else ''}" if more else ""
    old = "; stale" if first["stale"] else ""
    line = Text(f"{name}: ")
    line.append(plain("; ".join(said["value"] for said in shown)), style="bold")
    line.append(f"  ({first['source']}, {dated(first)}{old}{others})", style="dim")
    out.print(line, soft_wrap=True)


def dated(said: Mapping[str, Any]) -> str:
    """When somebody or a register confirmed a value, and when its source saw it: never when anything was built."""
    days = [f"{how} {day}" for how in ("verified", "observed") if (day := said[f"{how}_on"])]
    return ", ".join(days) or "undated"


def _print_judgements(judgements: list[dict[str, Any]]) -> None:
    for one in judgements:
        who = f"judged {one['judged']} by {one['by']}, {one['at'][:10]}"
        out.print(f"{who}: {one['left']} and {one['right']}: {one['why']}", markup=False, soft_wrap=True)


def print_all(answer: dict[str, Any]) -> None:
    """Everything that a package says of an organisation."""
    _head(answer)
    out.print(f"in the register by: {', '.join(answer['scope_by'])}; in the region by: {answer['region_by']}")
    _print_values(answer["values"], "")
    if answer["segments"]:
        out.print("\n[bold]segments[/bold]")
    for row in answer["segments"]:
        probability = "unknown" if row["probability"] is None else f"{row['probability']:.2f}"
        out.print(
            f"  {row['definition']}: {row['segment'] or 'as a whole'}, {row['role'] or ''} {probability}", markup=False
        )
        out.print(f"      {_because(row['evidence'])}", style="dim", markup=False, soft_wrap=True)
    for kind, things in answer["things"].items():
        out.print(f"\n[bold]{vocabulary().kinds[kind].table}[/bold]")
        for thing in things:
            title = thing.get("name") or thing.get("title") or thing.get("licence_type") or ""
            out.print(f"  {title}  {thing['id']}", markup=False, soft_wrap=True)
            _print_values(thing["values"], "    ")
    if answer["links"]:
        out.print("\n[bold]links[/bold]")
    for link in answer["links"]:
        line = f"  {link['record']}: {link['band']}, {link['probability']:.3f}; {link['reasons']}"
        out.print(line, markup=False, soft_wrap=True)
    _print_judgements(answer["judgements"])


def print_part(parts: list[dict[str, Any]]) -> None:
    """Where an organisation takes part, and who else does."""
    if parts:
        out.print("\n[bold]works with[/bold]")
    for part in parts:
        roles = ", ".join(part["roles"])
        out.print(f"  {part['kind']}, as {roles}: {part['title'] or ''}  {part['id']}", markup=False, soft_wrap=True)
        for other in part["others"]:
            name = other["name"] or "not in this register"
            out.print(f"      {other['role']}: {name}  {other['id']}", markup=False, soft_wrap=True)


def _because(evidence: list[dict[str, Any]]) -> str:
    """Evidence for a segment in one line."""
    return "; ".join(f"{e['kind']} {e['value']}" + (f" ({e['detail']})" if e["detail"] else "") for e in evidence)


def _print_values(entries: list[dict[str, Any]], indent: str) -> None:
    """Each value on a line of its own and its evidence under it; values that are not shown say so."""
    for entry in entries:
        for said in entry["statements"]:
            label = entry["property"] if said["shown"] else f"{entry['property']}, also"
            seen = dated(said)
            written = f" · as written: {said['original']}" if said["original"] else ""
            value = Text(f"{indent}{label}: ", style="" if said["shown"] else "dim")
            value.append(plain(said["value"]), style="bold" if said["shown"] else "dim")
            out.print(value, soft_wrap=True)
            closed = "" if said["visibility"] == "public" else f" · for {said['visibility']} alone"
            old = " · stale" if said["stale"] else ""
            where = (
                f"{indent}    {said['source']} · {said['locator']} · {seen}{old} · {said['licence']}{closed}{written}"
            )
            out.print(where, style="dim", markup=False, soft_wrap=True)
