"""Making tokens and taking them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit, outbox
from lifecluster.web.accounts.models import Person, Token
from lifecluster.web.accounts.names import plain
from lifecluster.web.accounts.tokens import scopes as known
from lifecluster.web.accounts.tokens import secrets
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer

LONGEST = timedelta(days=366)
"""How long a token lasts at most."""
MOST = 20
"""Tokens that a person has at one time."""


def make_token(
    *, person: Person, name: str, scopes: Iterable[str], expires_at: datetime, second_step: bool, viewer: Viewer,
    at: datetime,
) -> tuple[Token, str]:  # fmt: skip
    """Make a token for a program of one's own; the second value is the token itself, which is kept nowhere.

    Parameters: `scopes` names of permissions that the person holds now (`scopes.offered`); `expires_at` at most a year
    from `at`; `second_step` whether this session was begun with one. Raises PermissionDeniedError for another person's,
    by a token, or for a scope that one does not hold; LifeclusterError for no name, no scope, a day that is past or too
    far, or too many tokens.
    """
    _own(person, viewer)
    called, chosen = plain(name), sorted(set(scopes))
    if not called:
        raise LifeclusterError("give the token a name, so that you know it again")
    if not chosen:
        raise LifeclusterError("choose what the token may do")
    refused = [one for one in chosen if one not in known.offered(viewer)]
    if refused:
        words = "; ".join(known.WORDS.get(one, one) for one in refused)
        raise PermissionDeniedError(f"you may not give a token what you may not do: {words}")
    if not at < expires_at <= at + LONGEST:
        raise LifeclusterError("a token ends within a year, and not before it begins")
    prefix, text = secrets.draw()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # so that two at once are counted one after the other
        if Token.objects.live(at).filter(person=person).count() >= MOST:
            raise LifeclusterError(f"there are {MOST} tokens already: revoke one that you no longer use")
        if Token.objects.live(at).filter(person=person, name=called).exists():
            raise LifeclusterError(f"there is a token called {called!r} already: give this one another name")
        token: Token = Token.objects.create(
            person=person, name=called, prefix=prefix, digest=secrets.digest(text), scopes=chosen,
            second_step=second_step, made_at=at, expires_at=expires_at,
        )  # fmt: skip
        audit.write("token.make", actor=viewer.actor, subject=person.actor, at=at,
                    after={"token": prefix, "scopes": chosen, "expires_at": expires_at.isoformat()})  # fmt: skip
        _tell(person, token)
    return token, text


def revoke_token(*, token: Token, viewer: Viewer, at: datetime) -> None:
    """Take a token back: it opens nothing from the next request on. A token may take back itself and no other.

    Raises PermissionDeniedError for one of another person, LifeclusterError if it was taken back already.
    """
    person = token.person
    if viewer.actor != person.actor or (viewer.limits is not None and viewer.token != token.prefix):
        raise PermissionDeniedError("you may not revoke a token of somebody else")
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            raise LifeclusterError("this token was revoked already")
        audit.write("token.revoke", actor=viewer.actor, subject=person.actor, at=at, before={"token": token.prefix})


def revoke_all(*, person: Person, actor: str, at: datetime, why: str) -> int:
    """Take all tokens of a person back, as their sessions end; returns how many. Within the caller's transaction."""
    prefixes = list(Token.objects.live(at).filter(person=person).values_list("prefix", flat=True))
    Token.objects.filter(prefix__in=prefixes).update(revoked_at=at)
    for prefix in prefixes:
        audit.write("token.revoke", actor=actor, subject=person.actor, at=at, before={"token": prefix}, why=why)
    return len(prefixes)


def _own(person: Person, viewer: Viewer) -> None:
    if viewer.actor != person.actor or viewer.limits is not None:
        raise PermissionDeniedError("only a person makes tokens, in a session of their own and for themselves")


def _tell(person: Person, token: Token) -> None:
    subject = "A token was made for your account"
    text = (
        f"The token {token.name!r} (lct_{token.prefix}…) was made. A program that has it may, until "
        f"{token.expires_at:%-d %B %Y}:\n\n"
        + "".join(f"- {known.WORDS[one]}\n" for one in token.scopes)
        + "\nIf it was not you, revoke it on the page of your tokens, choose a new password (all tokens end with the "
        "old one), and write to the cluster team.\n"
    )
    outbox.write(to=person.email, subject=subject, text=text, person=person)
