"""Writes docs/reference/permissions.md: roles, what they see and may do, and who may go where. From the code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "permissions.md"
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecluster.web.settings.test")

from lifecluster.policy.roles import OF_A_PERSON, PERMISSIONS, ROLES, permissions  # noqa: E402 - the path is set first
from lifecluster.web.api.writing import Operation, operations  # noqa: E402
from lifecluster.web.directory.viewer import Viewer  # noqa: E402
from lifecluster.web.doors import DOORS, MEANINGS, Outcome, outcome  # noqa: E402


@dataclass(frozen=True, slots=True)
class Reader:
    """A column of the matrix: a role in a session, with or without a second step, perhaps of an organisation."""

    key: str
    title: str
    role: str
    second_step: bool = False
    organisation: str | None = None

    @property
    def waiting(self) -> frozenset[str]:
        """Roles that lack their second step."""
        return frozenset({self.role}) if ROLES[self.role].second_step and not self.second_step else frozenset()

    @property
    def viewer(self) -> Viewer:
        """The reader that this role is."""
        return Viewer(frozenset({"visitor"} if self.waiting else {"visitor", self.role}))


def readers() -> tuple[Reader, ...]:
    """All columns: every role; a member of another organisation; roles that ask for a second step without it too."""
    found = []
    for name, role in ROLES.items():
        belongs = {"member": "alpha", "member_administrator": "alpha"}.get(name)
        if role.second_step:
            found.append(Reader(f"{name}.without", f"{role.title} without second step", name))
        found.append(Reader(name, role.title, name, role.second_step, belongs))
        if name == "member":
            found.append(Reader("other", "Member of another organisation", name, organisation="beta"))
    return tuple(found)


READERS = readers()
MARKS = {
    Outcome.ALLOWED: "yes", Outcome.HIDDEN: "–", Outcome.SIGN_IN: "sign in", Outcome.SECOND_STEP: "2nd step",
    Outcome.LED_ON: "led on",
}  # fmt: skip


def row(name: str) -> tuple[str, ...]:
    """What becomes of each reader at an address."""
    return tuple(
        MARKS[outcome(DOORS[name], one.viewer, signed_in=one.role != "visitor", waiting=one.waiting)] for one in READERS
    )


HEAD = """# Who may see and do what

Written by `scripts/write_permissions_reference.py` from the code (`lifecluster.policy.roles` and
`lifecluster.web.doors`); a test tries every address as every role and compares.

## Roles

*Sees* is the most restricted level that a role sees; what belongs to one's own organisation is seen besides. A role
that needs a second step counts for nothing in a session that was begun without one: the person then sees and does
what the other roles they hold allow.

| role | for | sees | second step | may |
|---|---|---|---|---|"""
OPERATIONS = """
## Operations of the API that ask for a token

A token may what was chosen for it, and no more than its owner may at that moment. *yes*: where it was chosen; *own*:
for one's own organisation; *–*: refused (403). Each answers 401 without a token.
"""
ADDRESSES = """
## Addresses

What is shown behind an open door depends on who looks: each row of the register has a level of visibility. Addresses
for machines (`api`, `exports`, `feeds`) look at no session; those of `api-v1` show what the owner of a token may see,
where one is sent, and all else as a visitor sees it. An address with a closing slash leads for good to the one without
it, whoever asks and whatever stands there, unless it is an address itself (`/api/`, `/api/v1/`).
"""


def operation(one: Operation, reader: Reader) -> str:
    """What becomes of a reader who sends a token with everything that they can choose for one."""
    if reader.role == "visitor":
        return "–"
    found = [need for need in one.needs if need in OF_A_PERSON or need in reader.viewer.permissions]
    if one.needs and not found:
        return "–"
    return "own" if one.needs and all(need.endswith(":own") for need in found) else "yes"


def operation_rows() -> list[str]:
    """Lines of the table of operations, those that are open to the same readers together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in operations():
        marks = tuple(operation(one, reader) for reader in READERS)
        groups.setdefault(marks, []).append(f"`{one.method} {one.path}`")
    return [f"| {', '.join(names)} | {' | '.join(marks)} |" for marks, names in groups.items()]


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for role in ROLES.values():
        may = "; ".join(text for name, text in PERMISSIONS.items() if name in permissions([role.name]))
        step = "needed" if role.second_step else ""
        lines.append(f"| {role.title} | {role.description} | {role.clearance.label} | {step} | {may} |")
    lines += [ADDRESSES, *(f"- *{MARKS[one]}*: {text}." for one, text in MEANINGS.items()), ""]
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in DOORS:
        groups.setdefault(row(name), []).append(name)
    lines += [f"| address | {' | '.join(one.title for one in READERS)} |", f"|---|{'---|' * len(READERS)}"]
    lines += [f"| {', '.join(f'`{n}`' for n in names)} | {' | '.join(marks)} |" for marks, names in groups.items()]
    lines += [
        OPERATIONS,
        f"| operation | {' | '.join(one.title for one in READERS)} |",
        f"|---|{'---|' * len(READERS)}",
    ]
    return "\n".join([*lines, *operation_rows(), ""])


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.write_text(page(), "utf-8")
