"""Everything that changes accounts and rights: one function each, used alike by pages and command line.

Each checks the permission and writes the audit in the same transaction. What sign-in itself changes (passwords, second
steps, confirmed addresses) is heard and written by `hearing`.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.register.ids import IdError, parse
from lifecluster.web.accounts import audit, kept
from lifecluster.web.accounts.addresses import canonical
from lifecluster.web.accounts.models import Grant, Mail, Membership, Person
from lifecluster.web.accounts.names import plain
from lifecluster.web.accounts.rights import GIVEN
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer


def add_person(*, email: str, viewer: Viewer, at: datetime, name: str = "", password: str | None = None) -> Person:
    """Make an account whose address counts as confirmed; without a password the person asks for one as forgotten.

    Raises PermissionDeniedError (`role.grant`), LifeclusterError for an address that is none or has an account.
    """
    viewer.require("role.grant")
    try:
        email = canonical(email)
    except ValidationError:
        raise LifeclusterError(f"{email!r} is no e-mail address") from None
    with transaction.atomic():
        if Person.objects.filter(email=email).exists():
            raise LifeclusterError(f"{email} has an account already")
        person = Person.objects.create_user(email, password, name=plain(name), joined_at=at)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        audit.write("person.add", actor=viewer.actor, subject=person.actor, at=at, after={"password": bool(password)})
    return person


def grant_role(
    *, person: Person, role: str, viewer: Viewer, at: datetime, why: str, ends_at: datetime | None = None
) -> Grant:
    """Give a role to somebody else; where it is held already, nothing changes.

    Raises PermissionDeniedError (`role.grant`, and nobody gives a role to themselves), LifeclusterError for a role
    that is none or cannot be given, that would have ended, or without a reason.
    """
    viewer.require("role.grant")
    if role not in GIVEN:
        raise LifeclusterError(f"{role!r} is no role that is given; there are: {', '.join(GIVEN)}")
    if viewer.actor == person.actor:
        raise PermissionDeniedError("you may not give a role to yourself")
    reason = _reason(why)
    if ends_at is not None and ends_at <= at:
        raise LifeclusterError("a role that is given must end after it begins")
    with transaction.atomic():
        found = Person.objects.select_for_update().get(pk=person.pk).grants.at(at).filter(role=role).first()
        if found is not None:
            kept: Grant = found
            return kept
        given: Grant = Grant.objects.create(
            person=person, role=role, begins_at=at, ends_at=ends_at, given_by=viewer.actor, why=reason
        )
        audit.write("role.grant", actor=viewer.actor, subject=person.actor, at=at, why=reason,
                    after={"role": role, "ends_at": ends_at.isoformat() if ends_at else None})  # fmt: skip
    return given


def revoke_role(*, person: Person, role: str, viewer: Viewer, at: datetime, why: str) -> int:
    """Take a role from somebody else, from the next request on; returns how many grants of it ended.

    Raises PermissionDeniedError (`role.grant`, and nobody takes their own: the last steward would lock everybody out),
    LifeclusterError if the person does not hold it, or without a reason.
    """
    viewer.require("role.grant")
    if viewer.actor == person.actor:
        raise PermissionDeniedError("you may not take a role from yourself")
    reason = _reason(why)
    with transaction.atomic():
        ended: int = person.grants.at(at).filter(role=role).update(ends_at=at)
        if not ended:
            raise LifeclusterError(f"{person.shown_name} does not hold the role {role!r}")
        audit.write("role.revoke", actor=viewer.actor, subject=person.actor, at=at, before={"role": role}, why=reason)
    return ended


def join(
    *, person: Person, organisation: str, viewer: Viewer, at: datetime, why: str, administrator: bool = False
) -> Membership:
    """Let a person belong to an organisation of the register (by its id), perhaps as its administrator.

    Raises PermissionDeniedError (`role.grant`, and nobody joins by themselves: members see what is their organisation's
    alone), LifeclusterError for an id that is none of an organisation.
    """
    viewer.require("role.grant")
    if viewer.actor == person.actor:
        raise PermissionDeniedError("you may not join an organisation by yourself")
    try:
        kind = parse(organisation).kind
    except IdError as error:
        raise LifeclusterError(str(error)) from error
    if kind != "organisation":
        raise LifeclusterError(f"{organisation} is the id of a {kind}: people belong to organisations")
    reason = _reason(why)
    with transaction.atomic():
        before = list(
            person.memberships.at(at).filter(organisation=organisation).values_list("administrator", flat=True)
        )
        person.memberships.at(at).filter(organisation=organisation).update(ends_at=at)
        made: Membership = Membership.objects.create(
            person=person, organisation=organisation, administrator=administrator, begins_at=at, given_by=viewer.actor,
            why=reason,
        )  # fmt: skip
        audit.write("member.join", actor=viewer.actor, subject=person.actor, at=at, why=reason,
                    before={"administrator": before[0]} if before else None,
                    after={"organisation": organisation, "administrator": administrator})  # fmt: skip
    return made


def leave(*, person: Person, organisation: str, viewer: Viewer, at: datetime, why: str) -> None:
    """End a membership; a person may end their own.

    Raises PermissionDeniedError (`role.grant`), LifeclusterError if the person does not belong there.
    """
    if viewer.actor == person.actor:
        require_self(person, viewer)
    else:
        viewer.require("role.grant")
    reason = _reason(why)
    with transaction.atomic():
        if not person.memberships.at(at).filter(organisation=organisation).update(ends_at=at):
            raise LifeclusterError(f"{person.shown_name} does not belong to {organisation}")
        audit.write("member.leave", actor=viewer.actor, subject=person.actor, at=at, why=reason,
                    before={"organisation": organisation})  # fmt: skip


def rename(*, person: Person, name: str, viewer: Viewer, at: datetime) -> None:
    """Change what others are shown. Raises PermissionDeniedError for another person's."""
    require_self(person, viewer)
    with transaction.atomic():
        person.name = plain(name)
        person.save(update_fields=["name"])
        audit.write("person.change", actor=viewer.actor, subject=person.actor, at=at, after={"changed": ["name"]})


def end_session(*, person: Person, session: UserSession, viewer: Viewer, at: datetime) -> None:
    """End a session of one's own, on whatever device it is. Raises PermissionDeniedError for another person's."""
    require_self(person, viewer)
    if session.user_id != person.pk:
        raise PermissionDeniedError("you may not end a session of somebody else")
    with transaction.atomic():
        session.end()
        audit.write("session.end", actor=viewer.actor, subject=person.actor, at=at)


def delete_person(*, person: Person, viewer: Viewer, at: datetime, why: str = "") -> None:
    """Delete an account and all that hangs on it; the audit keeps the opaque name of a person who is gone.

    Raises PermissionDeniedError for another person's, unless one may give roles.
    """
    if viewer.limits is not None:
        raise PermissionDeniedError("an account is deleted by a person, not by a token")
    if viewer.actor != person.actor:
        viewer.require("role.grant")
    with transaction.atomic():
        for session in UserSession.objects.filter(user=person):
            session.end()
        Mail.objects.filter(to=person.email).delete()
        kept.forget(person, at)
        audit.write("person.delete", actor=viewer.actor, subject=person.actor, at=at, why=why)
        person.delete()


def require_self(person: Person, viewer: Viewer) -> None:
    """Raise PermissionDeniedError unless this is one's own account."""
    if viewer.actor != person.actor:
        raise PermissionDeniedError("you may not change the account of somebody else")
    if not viewer.within("account.edit"):
        raise PermissionDeniedError("this token may not change the account")


def _reason(why: str) -> str:
    """The reason given. Raises LifeclusterError if there is none."""
    if not why.strip():
        raise LifeclusterError("say why: the reason is kept with the act")
    return why.strip()
