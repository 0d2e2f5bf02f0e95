"""Acts of the audit in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts import audit
from lifecluster.web.accounts.audit import ACTIONS
from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.accounts.tokens.scopes import WORDS
from lifecluster.web.kit.tables import Column, Row, Table

PERSON = "person:"
KINDS = {"totp": "an app for codes", "webauthn": "a passkey", "recovery_codes": "recovery codes"}
OTHERS = {"role:operator": "the operator of this machine", "role:visitor": "nobody in particular"}


def who(actors: Iterable[str], *, linked: bool = True) -> dict[str, Any]:
    """What opaque names stand for: the name of a person who is still here, else words. One query. `linked`: names lead
    to the pages of people, which only who gives roles may open."""
    asked = set(actors)
    uids = [one.removeprefix(PERSON) for one in asked if one.startswith(PERSON)]
    here = {one.actor: one for one in Person.objects.filter(uid__in=uids)}
    return {name: _called(name, here.get(name), linked=linked) for name in asked}


def _called(name: str, person: Person | None, *, linked: bool) -> Any:
    if person is not None and not linked:
        return person.shown_name
    if person is not None:
        return format_html('<a href="{}">{}</a>', reverse("accounts:person", args=[person.uid]), person.shown_name)
    return "somebody who is gone" if name.startswith(PERSON) else OTHERS.get(name, name)


def _by(called: Any, prefix: str | None, tokens: Mapping[str, str]) -> Any:
    """Who acted, and by which token of theirs, if by one."""
    if prefix is None:
        return called
    name = tokens.get(prefix)
    by = f"by the token “{name}”" if name else "by a token whose owner is gone"
    return format_html('{}, {} <span class="mono">lct_{}…</span>', called, by, prefix)


def change(content: Mapping[str, Any]) -> str:
    """What was before and after, in words."""
    before, after = (content.get(part) or {} for part in ("before", "after"))
    said = [_words(name, after[name]) for name in after]
    gone = [_words(name, before[name]) for name in before if name not in after]
    changed = [
        f"before: {_words(name, before[name])}" for name in before if name in after and before[name] != after[name]
    ]
    return "; ".join(part for part in (*said, *gone, *changed) if part)


def _words(name: str, value: Any) -> str:  # noqa: PLR0911 - one line for each kind of detail
    """One detail in words; empty for one that says nothing."""
    if value is None or value == "":
        return ""
    match name:
        case "role":
            return ROLES[value].title if value in ROLES else str(value)
        case "ends_at" | "expires_at":
            return f"until {str(value)[:10]}"
        case "administrator":
            return "speaks for it" if value else "works there"
        case "password":
            return "with a password" if value else "without a password"
        case "kind":
            return KINDS.get(str(value), str(value))
        case "token":
            return f"lct_{value}…"
        case "scopes":
            return "may " + "; ".join(WORDS.get(str(one), str(one)) for one in value)
        case "organisation":
            return str(value)
        case "changed":
            return ", ".join(str(one) for one in value)
    plain = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')}: {plain}"


def table(rows: Iterable[AuditRow]) -> Table:
    """Acts as a table."""
    found = list(rows)
    names = who(name for row in found for name in (row.actor, row.subject))
    tokens = audit.tokens(found)
    columns = [
        Column("at", "When (UTC)", kind="date"), Column("act", "What", head=True), Column("who", "Who"),
        Column("whose", "About"), Column("change", "Details"), Column("why", "Why"),
    ]  # fmt: skip
    lines = [
        Row(
            {"at": row.at.strftime("%Y-%m-%d %H:%M"), "act": ACTIONS.get(row.action, row.action),
             "who": _by(names[row.actor], row.content.get("token"), tokens), "whose": names[row.subject],
             "change": change(row.content),
             "why": row.content.get("why", "")},
            sub={"who": row.actor, "whose": row.subject if row.subject != row.actor else ""},
        )
        for row in found
    ]  # fmt: skip
    return Table("Acts, the latest first", columns, lines, empty="Nothing of the kind was done.")
