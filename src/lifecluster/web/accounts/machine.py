"""What programs do with one's own account, and who answers for the platform with people and roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest
from ninja import Query
from ninja.params import functions

from lifecluster.web.accounts import actions, audit, choosing, people, taking, telling
from lifecluster.web.accounts import machine_schemas as schemas
from lifecluster.web.accounts.models import AuditRow, Grant, Membership, Person
from lifecluster.web.accounts.rights import held_by, moment
from lifecluster.web.accounts.tokens import actions as tokens
from lifecluster.web.api import writing
from lifecluster.web.api.bodies import WIDEST
from lifecluster.web.api.v1.asking import asker, viewer

account = writing.section("Your account", 910)
everybody = writing.section("People", 920)


@account.read("/token", needs=(), gives=schemas.TokenOut, summary="The token itself")
def token(request: HttpRequest) -> Any:
    """What the token that was sent is called, until when it is good, and what may be done with it now."""
    who = asker(request)
    may = who.viewer.permissions | {one for one in who.token.scopes if who.viewer.within(one) and "account." in one}
    return {"name": who.token.name, "prefix": who.token.prefix, "person": who.person.uid,
            "expires_at": who.token.expires_at, "scopes": who.token.scopes, "may": sorted(may),
            "sees": who.viewer.clearance.label, "organisations": sorted(who.viewer.organisations)}  # fmt: skip


@account.act("/token/revoke", needs=(), gives=schemas.Done, summary="Revoke the token itself")
def revoke_token(request: HttpRequest) -> Any:
    """It opens nothing from the next request on."""
    who = asker(request)
    tokens.revoke_token(token=who.token, viewer=who.viewer, at=moment())
    return {"done": "the token is revoked"}


@account.read("/account", needs=("account.read",), gives=schemas.AccountOut, summary="Who you are")
def account_itself(request: HttpRequest) -> Any:
    """Name, address, roles given and organisations."""
    return _person(asker(request).person)


@account.act("/account/name", needs=("account.edit",), gives=schemas.AccountOut, summary="Change your name")
def rename(request: HttpRequest, body: schemas.NameIn) -> Any:
    """What others are shown."""
    who = asker(request)
    actions.rename(person=who.person, name=body.name, viewer=who.viewer, at=moment())
    return _person(who.person)


@account.read("/account/data", needs=("account.read",), gives=dict[str, Any], summary="All that is kept about you")
def account_data(request: HttpRequest) -> Any:
    """The same copy as on the page of your account; that it was taken is written to the audit."""
    return taking.copy(person=asker(request).person, at=moment())


@account.read("/account/sessions", needs=("account.read",), gives=list[schemas.SessionOut], summary="Your sessions")
def account_sessions(request: HttpRequest) -> Any:
    """Where you are signed in."""
    return [{"key": one.pk, "began_at": one.created_at, "address": one.ip or "", "browser": one.user_agent}
            for one in UserSession.objects.purge_and_list(asker(request).person)]  # fmt: skip


@account.act("/account/sessions/{key}/end", needs=("account.edit",), gives=schemas.Done, summary="End a session")
def end_session(request: HttpRequest, key: int) -> Any:
    """On whatever device it is."""
    who = asker(request)
    session = UserSession.objects.filter(pk=_key(key), user=who.person).first()
    if session is None:
        raise Http404("you have no such session")
    actions.end_session(person=who.person, session=session, viewer=who.viewer, at=moment())
    return {"done": "the session has ended"}


@account.read("/account/messages", needs=("account.read",), gives=list[schemas.MessageOut],
              summary="How you are told")  # fmt: skip
def account_messages(request: HttpRequest) -> Any:
    """Of each kind of message: at once, in a digest, or not at all."""
    person = asker(request).person
    return [{"kind": one.name, "title": one.title, "how": telling.how(person, one), "always": one.always}
            for one in telling.kinds()]  # fmt: skip


@account.act("/account/messages", needs=("account.edit",), gives=schemas.MessageOut, summary="Choose how you are told")
def choose_message(request: HttpRequest, body: schemas.HowIn) -> Any:
    """Of one kind of message."""
    who = asker(request)
    choosing.choose(person=who.person, kind=body.kind, how=body.how, viewer=who.viewer, at=moment())
    kind = telling.kind_of(body.kind)
    return {"kind": kind.name, "title": kind.title, "how": telling.how(who.person, kind), "always": kind.always}


@account.act("/account/memberships/{organisation}/leave", needs=("account.edit",), gives=schemas.Done,
             summary="Leave an organisation")  # fmt: skip
def leave_own(request: HttpRequest, organisation: str, body: schemas.WhyIn) -> Any:
    """You no longer belong to it."""
    who = asker(request)
    actions.leave(person=who.person, organisation=organisation, viewer=who.viewer, at=moment(), why=body.why)
    return {"done": f"you left {organisation}"}


@everybody.read("/people", needs=("role.grant",), gives=schemas.PersonList, summary="People")
def people_list(
    request: HttpRequest,
    after: int = functions.Query(0, ge=0, le=WIDEST, description="`cursor` of the page before"),
    limit: int = functions.Query(100, ge=1, le=500, description="how many"),
) -> Any:
    """Everybody with an account, with roles and organisations."""
    found = list(people.everybody(viewer(request)).filter(pk__gt=after)[: limit + 1])
    kept = found[:limit]
    return {"items": [_person(one) for one in kept], "cursor": kept[-1].pk if len(found) > limit else None}


@everybody.read("/people/{uid}", needs=("role.grant",), gives=schemas.AccountOut, summary="One person")
def person(request: HttpRequest, uid: str) -> Any:
    """Roles and organisations."""
    return _person(_whose(request, uid))


@everybody.act("/people/{uid}/roles", needs=("role.grant",), gives=schemas.AccountOut, summary="Give a role")
def grant_role(request: HttpRequest, uid: str, body: schemas.GrantIn) -> Any:
    """To somebody else; where it is held already, nothing changes."""
    return _acted(request, uid, actions.grant_role, body, role=body.role, ends_at=body.ends_at)


@everybody.act("/people/{uid}/roles/{role}/revoke", needs=("role.grant",), gives=schemas.AccountOut,
               summary="Take a role")  # fmt: skip
def revoke_role(request: HttpRequest, uid: str, role: str, body: schemas.WhyIn) -> Any:
    """From somebody else, from their next request on."""
    return _acted(request, uid, actions.revoke_role, body, role=role)


@everybody.act("/people/{uid}/memberships", needs=("role.grant",), gives=schemas.AccountOut,
               summary="Let a person belong to an organisation")  # fmt: skip
def join(request: HttpRequest, uid: str, body: schemas.JoinIn) -> Any:
    """As somebody who works there, or speaks for it."""
    return _acted(request, uid, actions.join, body, organisation=body.organisation, administrator=body.administrator)


@everybody.act("/people/{uid}/memberships/{organisation}/leave", needs=("role.grant",), gives=schemas.AccountOut,
               summary="End a membership")  # fmt: skip
def leave(request: HttpRequest, uid: str, organisation: str, body: schemas.WhyIn) -> Any:
    """The person no longer belongs to the organisation."""
    return _acted(request, uid, actions.leave, body, organisation=organisation)


@everybody.read("/audit", needs=("log.read",), gives=schemas.ActList, summary="The audit")
def audit_list(request: HttpRequest, query: Query[schemas.ActFilter]) -> Any:
    """What was done to accounts, rights, cases and tokens, the latest first."""
    rows = people.acts(viewer(request), person=query.person, action=query.action, since=query.since, until=query.until)
    if query.before is not None:
        rows = rows.filter(pk__lt=query.before)
    found = list(rows[: query.limit + 1])
    kept = found[: query.limit]
    names = audit.tokens(kept)
    return {"items": [_act(row, names) for row in kept], "cursor": kept[-1].pk if len(found) > query.limit else None}


def _key(key: int) -> int:
    return key if 0 < key <= WIDEST else 0


def _whose(request: HttpRequest, uid: str) -> Person:
    found = people.everybody(viewer(request)).filter(uid=uid).first() if "\x00" not in uid else None
    if found is None:
        raise Http404("nobody here has this id")
    person: Person = found
    return person


def _acted(request: HttpRequest, uid: str, act: Callable[..., object], body: schemas.WhyIn,
           **said: Any) -> dict[str, Any]:  # fmt: skip
    """Do something about a person, with the reason that was given; what they have then."""
    whose = _whose(request, uid)
    act(person=whose, viewer=viewer(request), at=moment(), why=body.why, **said)
    return _person(whose)


def _person(person: Person) -> dict[str, Any]:
    now = moment()
    grants: list[Grant] = list(person.grants.at(now).order_by("pk"))
    belongs: list[Membership] = list(person.memberships.at(now).order_by("pk"))
    return {
        "id": person.uid, "actor": person.actor, "email": person.email, "name": person.name,
        "roles": sorted(held_by([person], now)[person.pk]),
        "grants": [_span(row, role=row.role) for row in grants],
        "memberships": [_span(row, organisation=row.organisation, administrator=row.administrator) for row in belongs],
    }  # fmt: skip


def _span(row: Grant | Membership, **more: Any) -> dict[str, Any]:
    return {**more, "begins_at": row.begins_at, "ends_at": row.ends_at, "given_by": row.given_by, "why": row.why}


def _act(row: AuditRow, names: Mapping[str, str]) -> dict[str, Any]:
    content = row.content
    return {"id": row.pk, "at": row.at, "actor": row.actor, "action": row.action, "subject": row.subject,
            **{name: content[name] for name in ("before", "after", "why")},
            "token": (prefix := content.get("token")), "token_name": names.get(prefix or "")}  # fmt: skip
