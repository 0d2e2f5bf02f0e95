"""A person's connections with another service: listed, taken away, copied for the person. They go with the person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit
from lifecluster.web.accounts.actions import require_self
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer

BEGUN = "openid_begun"
"""In a session: the person who signed up through the service in this browser."""
LAST = "nothing else would let you in: choose a password or add a passkey first"


def of(person: Person) -> Any:
    """All connections of a person, with whatever service, the oldest first."""
    return SocialAccount.objects.filter(user=person).order_by("pk")


def working(person: Person) -> Any:
    """Those that let the person in today: with the service that the settings name."""
    return of(person).filter(provider=settings.OPENID.issuer) if settings.OPENID else of(person).none()


def works(connection: SocialAccount) -> bool:
    """Whether it is with the service that the settings name."""
    return settings.OPENID is not None and connection.provider == settings.OPENID.issuer


def called(connection: SocialAccount) -> str:
    """What people call the service; one that the settings do not name any more, its address."""
    return settings.OPENID.name if settings.OPENID and works(connection) else str(connection.provider)


def needed(person: Person, connection: SocialAccount) -> bool:
    """Whether nothing but this connection lets the person in: no password, no passkey, no other connection."""
    passkeys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    others = working(person).exclude(pk=connection.pk)
    return not (person.has_usable_password() or passkeys.exists() or others.exists())


def disconnect(*, person: Person, connection: SocialAccount, viewer: Viewer, at: datetime) -> None:
    """Take a connection away: sessions elsewhere and tokens end, as they may have been begun through it.

    Raises PermissionDeniedError for another person's or with a token, LifeclusterError for the last way in.
    """
    from lifecluster.web.accounts.hearing import end_other_sessions, end_tokens, tell

    require_self(person, viewer)
    if viewer.limits is not None or connection.user_id != person.pk:
        raise PermissionDeniedError("a connection is ended by its person, not by a token")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if needed(person, connection):
            raise LifeclusterError(LAST)
        connection.delete()
        audit.write("connection.remove", actor=viewer.actor, subject=person.actor, at=at,
                    before={"issuer": connection.provider})  # fmt: skip
        end_other_sessions(person)
        end_tokens(person, "another service was disconnected")
        tell(person, "Another service was disconnected from your account")


def keep_proven(person: Person, session: Mapping[str, Any], at: datetime) -> None:
    """An address was just confirmed, in whatever way. What was connected before stays only if it was in this browser:
    anybody can sign up through a service with an address that is somebody else's, and wait for its owner."""
    if session.get(BEGUN) == person.pk:
        return
    for one in of(person):
        one.delete()
        audit.write("connection.remove", actor=person.actor, subject=person.actor, at=at,
                    before={"issuer": one.provider})  # fmt: skip


def copies(person: Person) -> list[dict[str, Any]]:
    """What is kept of them."""
    return [
        {
            "issuer": row.provider, "subject": row.uid, "email": row.extra_data.get("email"),
            "connected_at": row.date_joined.isoformat(), "last_used_at": row.last_login.isoformat(),
        }
        for row in of(person)
    ]  # fmt: skip


def _heard(sender: object, instance: SocialAccount, created: bool, raw: bool, **kwargs: Any) -> None:
    from lifecluster.web.accounts.rights import moment

    if created and not raw:
        who = instance.user.actor
        audit.write("connection.add", actor=who, subject=who, at=moment(), after={"issuer": instance.provider})


def _told(sender: object, sociallogin: Any, **kwargs: Any) -> None:
    from lifecluster.web.accounts.hearing import tell

    what = f"{sociallogin.provider.name} was connected to your account, to sign in through it"
    tell(sociallogin.user, what, "disconnect it on the page of your account")


def listen() -> None:
    """Begin to listen to what allauth connects; once, when Django starts."""
    from allauth.socialaccount.signals import social_account_added
    from django.db.models.signals import post_save

    post_save.connect(_heard, SocialAccount, dispatch_uid="audit connection")
    social_account_added.connect(_told, dispatch_uid="tell connection")
