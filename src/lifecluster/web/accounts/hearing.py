"""Writes down what sign-in changes: it listens to the tables, so that each row of the audit is in the same transaction.

A mail tells the person whenever a way into the account changed: who did not do it hears of it.
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save, pre_save

from lifecluster.web.accounts import audit, outbox
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.tokens import actions as tokens

KINDS = {
    "totp": "An app for codes",
    "webauthn": "A passkey",
    "recovery_codes": "Recovery codes",
}


def listen() -> None:
    """Begin to listen; once, when Django starts."""
    pre_save.connect(_before_person, Person, dispatch_uid="audit person before")
    post_save.connect(_person, Person, dispatch_uid="audit person")
    pre_save.connect(_before_address, EmailAddress, dispatch_uid="audit address before")
    post_save.connect(_address, EmailAddress, dispatch_uid="audit address")
    post_save.connect(_step, Authenticator, dispatch_uid="audit step")
    post_delete.connect(_step_gone, Authenticator, dispatch_uid="audit step gone")
    user_logged_in.connect(_begun, dispatch_uid="audit session")
    user_logged_out.connect(_ended, dispatch_uid="audit session end")


def _actor(person: Person) -> str:
    """Who acts: the person signed in, else the one whose account it is (a link from a mail, a command)."""
    request = context.request
    user: Any = getattr(request, "user", None)
    return str(user.actor) if getattr(user, "is_authenticated", False) else person.actor


def _heard(action: str, person: Person, **said: Any) -> None:
    audit.write(action, actor=_actor(person), subject=person.actor, at=moment(), **said)


def _before_person(sender: object, instance: Person, **kwargs: Any) -> None:
    if instance.pk and kwargs.get("update_fields") != frozenset({"last_login"}):
        before = Person.objects.filter(pk=instance.pk).values_list("password", flat=True).first()
        instance.__dict__["_was"] = before


def _person(sender: object, instance: Person, created: bool, raw: bool, **kwargs: Any) -> None:
    if raw:
        return
    if created and context.request is not None:  # else a command makes it, and says so itself
        _heard("person.add", instance)
    elif not created and instance.__dict__.pop("_was", instance.password) != instance.password:
        _heard("person.password", instance)
        end_tokens(instance, "the password was changed")
        tell(instance, "The password of your account was changed")


def _before_address(sender: object, instance: EmailAddress, **kwargs: Any) -> None:
    was = (
        EmailAddress.objects.filter(pk=instance.pk).values_list("verified", flat=True).first() if instance.pk else None
    )
    instance.__dict__["_was"] = was


def _address(sender: object, instance: EmailAddress, created: bool, raw: bool, **kwargs: Any) -> None:
    if not raw and not created and instance.verified and instance.__dict__.pop("_was", True) is False:
        _heard("person.confirm", instance.user)
        connections.keep_proven(instance.user, getattr(context.request, "session", {}), moment())


def _step(sender: object, instance: Authenticator, created: bool, raw: bool, **kwargs: Any) -> None:
    used = kwargs.get("update_fields") is not None  # its last use, or a recovery code that is spent
    if raw or (used and not created):
        return
    _heard("step.add" if created else "step.change", instance.user, after={"kind": instance.type})
    if created and instance.type != Authenticator.Type.RECOVERY_CODES:
        tell(instance.user, f"{KINDS[instance.type]} was added to your account as a second step")
        if _steps(instance.user).count() == 1:
            end_other_sessions(instance.user)  # they were begun with a password alone, perhaps by who found it out
            end_tokens(instance.user, "the first second step was set up")
    _count_for_this_session(instance)


def _count_for_this_session(step: Authenticator) -> None:
    """Who sets a second step up has just given it: this session counts as begun with one."""
    from allauth.account.internal.flows.login import record_authentication

    request = context.request
    user: Any = getattr(request, "user", None)
    if getattr(user, "pk", None) == step.user_id and step.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, step.user, "mfa", type=step.type)


def _step_gone(sender: object, instance: Authenticator, **kwargs: Any) -> None:
    person = Person.objects.filter(pk=instance.user_id).first()
    origin = kwargs.get("origin")
    if person is None or isinstance(origin, Person):
        return  # it goes with the account
    _heard("step.remove", person, before={"kind": instance.type})
    if instance.type != Authenticator.Type.RECOVERY_CODES:
        tell(person, f"{KINDS[instance.type]} was removed from your account")
        if not _steps(person).exists():
            _forget_second_step(person)


def _steps(person: Person) -> Any:
    """Second steps of a person, apart from recovery codes."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)


def end_other_sessions(person: Person) -> None:
    """End all sessions of a person but the one that asks."""
    here = getattr(getattr(context.request, "session", None), "session_key", None)
    for session in UserSession.objects.filter(user=person).exclude(session_key=here or ""):
        session.end()
        _heard("session.end", person)


def end_tokens(person: Person, why: str) -> None:
    """What ends other sessions ends tokens too: they may have been made by who found the password out."""
    tokens.revoke_all(person=person, actor=_actor(person), at=moment(), why=why)


def _forget_second_step(person: Person) -> None:
    """The last second step is gone: no session has one any longer, and what asks for one waits again."""
    end_other_sessions(person)
    end_tokens(person, "the last second step was removed")
    request = context.request
    if getattr(getattr(request, "user", None), "pk", None) == person.pk:
        records = get_authentication_records(request, person)
        left = [record for record in records if record.get("method") != "mfa"]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = left


def _begun(sender: object, user: Person, **kwargs: Any) -> None:
    audit.write("session.begin", actor=user.actor, subject=user.actor, at=moment())


def _ended(sender: object, user: Person | None, **kwargs: Any) -> None:
    if isinstance(user, Person):
        audit.write("session.end", actor=user.actor, subject=user.actor, at=moment())


def tell(person: Person, what: str, undo: str = "end the sessions you do not know") -> None:
    """Write a mail that something about a way into the account changed; `undo` what else to do if it was not you."""
    text = (
        f"{what}.\n\nIf this was you, there is nothing to do. If it was not, choose a new password at once "
        f'("forgotten password" on the page to sign in), {undo}, and write to the cluster team.\n'
    )
    outbox.write(to=person.email, subject=what, text=text, person=person)
