"""Who comes to belong to an organisation, and how: claims that are proven or decided, codes, invitations.

One function an act, as in `actions`; that a person joins is written by the act of accounts.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from lifecluster.errors import LifeclusterError
from lifecluster.register.ids import IdError, normalise
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts import audit, outbox, rights, telling
from lifecluster.web.accounts.addresses import canonical
from lifecluster.web.accounts.models import Membership, Person
from lifecluster.web.desk.whose import behind
from lifecluster.web.directory import reads
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer
from lifecluster.web.members import domains
from lifecluster.web.members.actions import names_of
from lifecluster.web.members.models import ClaimState, Code, Invitation, OrganisationClaim

CLAIMED = telling.Kind("organisation.claimed", 20, "Somebody asks to belong to your organisation")
ANSWERED = telling.Kind(
    "organisation.answered", 21, "What became of your asking to belong to an organisation", always=True
)
CODE_LASTS, INVITATION_LASTS = timedelta(days=30), timedelta(days=14)
ADDRESS_KEPT = timedelta(days=30)
"""How long the address of an invitation is kept after it was used or taken back, or ended."""
MOST_WAITING, MOST_INVITED, MOST_WRONG = 5, 50, 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
PROOF = "role:proof"
"""The actor of what nobody decided: a proof did."""
AUDITED = {
    "organisation.claim": "a person asked to belong to an organisation",
    "organisation.decline": "a person's asking to belong to an organisation was refused",
    "organisation.give_up": "a person took back their asking to belong to an organisation",
    "organisation.code": "a code was made with which an organisation's people prove themselves",
    "organisation.ask": "an organisation's people were asked whether its values are still right",
    "invitation.make": "a colleague was invited to an organisation",
    "invitation.take_back": "an invitation was taken back",
    "invitation.forget": "the address of an invitation that is over was deleted",
}


def claim(*, organisation: str, person: Person, viewer: Viewer, at: datetime, words: str = "", code: str = "",
          home: str = "") -> OrganisationClaim:  # fmt: skip
    """Ask to belong to an organisation that one may know of.

    Who proves it by the domain of a confirmed address belongs at once, as a member; who has a code of the cluster team,
    as the code says. Where the organisation has an administrator the cluster team always decides, and the
    administrators hear. Raises PermissionDeniedError for another person or an address that is not confirmed,
    NotHereError, LifeclusterError for one who belongs there, who asked already, who waits for too many, or for a code
    that is none.
    """
    if viewer.actor != person.actor or not confirmed(person):
        raise PermissionDeniedError("you may ask for yourself, with an address that you confirmed")
    name = reads.organisation(organisation, viewer).organisation.name
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        _may_ask(person, organisation, at)
        given = _code(code, organisation, person, at) if code.strip() else None
        proof = "code" if given else ("domain" if _by_domain(person, organisation) else "")
        made: OrganisationClaim = OrganisationClaim.objects.create(
            person=person, organisation=organisation, proof=proof, words=words.strip()[:2000], made_at=at
        )
        audit.write("organisation.claim", actor=viewer.actor, subject=person.actor, at=at,
                    after={"organisation": organisation, "proof": proof})  # fmt: skip
        administrators = _administrators(organisation, at)
        if proof and not administrators:
            _admit(
                made, at=at, actor=PROOF, why=f"proven by {proof}", administrator=bool(given and given.administrator)
            )
        for one in administrators:
            text = (f"Somebody asks to belong to {name} here. The cluster team decides; tell it what you know.\n\n"
                    f"{home}/my/{organisation}\n")  # fmt: skip
            telling.tell(one, kind=CLAIMED.name, subject=f"Somebody asks to belong to {name}", text=text, at=at)
    return made


def give_up(*, entry: OrganisationClaim, viewer: Viewer, at: datetime) -> None:
    """Take one's asking back. Raises PermissionDeniedError for another person's, LifeclusterError if it was decided."""
    if viewer.actor != entry.person.actor:
        raise PermissionDeniedError("you may not take back what somebody else asked for")
    with transaction.atomic():
        _close(entry, ClaimState.WITHDRAWN, at=at, actor=viewer.actor)
        audit.write("organisation.give_up", actor=viewer.actor, subject=entry.person.actor, at=at,
                    after={"organisation": entry.organisation})  # fmt: skip


def admit(*, entry: OrganisationClaim, viewer: Viewer, at: datetime, why: str, administrator: bool = False,
          home: str = "") -> None:  # fmt: skip
    """Accept a claim; the person hears. Raises PermissionDeniedError (`organisation.admit`, and nobody admits
    themselves), LifeclusterError if it is decided, or without a reason."""
    viewer.require("organisation.admit")
    if viewer.actor == entry.person.actor:
        raise PermissionDeniedError("you may not decide on what you asked for yourself")
    with transaction.atomic():
        _admit(entry, at=at, actor=viewer.actor, why=why, administrator=administrator)
        name = names_of([entry.organisation], None).get(entry.organisation, "the organisation")
        text = f"You belong to {name} here from now on.\n\n{home}/my/{entry.organisation}\n"
        telling.tell(entry.person, kind=ANSWERED.name, subject=f"You belong to {name}", text=text, at=at)


def decline(*, entry: OrganisationClaim, viewer: Viewer, at: datetime, why: str, home: str = "") -> None:
    """Refuse a claim with a reason, which the person hears. Raises as `admit`."""
    viewer.require("organisation.admit")
    if not why.strip():
        raise LifeclusterError("say why: the person hears it")
    with transaction.atomic():
        _close(entry, ClaimState.REFUSED, at=at, actor=viewer.actor, why=why.strip())
        audit.write("organisation.decline", actor=viewer.actor, subject=entry.person.actor, at=at,
                    before={"organisation": entry.organisation})  # fmt: skip
        name = names_of([entry.organisation], None).get(entry.organisation, "the organisation")
        text = f"You asked to belong to {name}. The cluster team says no: {why.strip()}\n\n{home}/my/join\n"
        telling.tell(entry.person, kind=ANSWERED.name, subject=f"Your asking to belong to {name}", text=text, at=at)


def make_code(*, organisation: str, viewer: Viewer, at: datetime, administrator: bool = True) -> str:
    """A code with which somebody of an organisation proves that, once and within thirty days; shown this once.

    Raises PermissionDeniedError (`organisation.admit`), NotHereError.
    """
    viewer.require("organisation.admit")
    reads.organisation(organisation, viewer)
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    with transaction.atomic():
        Code.objects.create(organisation=organisation, digest=digest(code), made_at=at, expires_at=at + CODE_LASTS,
                            administrator=administrator, made_by=viewer.actor)  # fmt: skip
        audit.write("organisation.code", actor=viewer.actor, subject=organisation, at=at,
                    after={"administrator": administrator})  # fmt: skip
    return code


def invite(
    *, organisation: str, email: str, person: Person, viewer: Viewer, at: datetime, home: str = ""
) -> Invitation:
    """Invite a colleague by mail; an invitation of before to the same address no longer works.

    Raises PermissionDeniedError (`organisation.invite`, for one's own), LifeclusterError for an address that is none,
    for a colleague who is here already, or for too many open invitations.
    """
    viewer.require("organisation.invite", organisation)
    try:
        address = canonical(email)
    except ValidationError as error:
        raise LifeclusterError("; ".join(error.messages)) from None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if Membership.objects.at(at).filter(organisation=organisation, person__email=address).exists():
            raise LifeclusterError("this colleague belongs to your organisation already")
        mine = Invitation.objects.filter(organisation=organisation, used_at=None, taken_back_at=None)
        mine.filter(email=address).update(taken_back_at=at)
        if mine.filter(expires_at__gt=at).count() >= MOST_INVITED:
            raise LifeclusterError(f"{MOST_INVITED} invitations are open: take some back first")
        made: Invitation = Invitation.objects.create(
            organisation=organisation, email=address, digest=digest(token), made_at=at,
            expires_at=at + INVITATION_LASTS, invited_by=person,
        )  # fmt: skip
        audit.write("invitation.make", actor=viewer.actor, subject=organisation, at=at)
        name = names_of([organisation], None).get(organisation, "an organisation of the cluster")
        outbox.write(
            to=address, subject=f"You are invited to work for {name} here",
            text=f"A colleague invites you to speak for {name} in the register of the cluster.\n\n"
                 f"{home}/my/invitations/{token}\n\nThe link works once, for fourteen days, for an account with this "
                 f"address. You did not expect it? Then do nothing.\n",
        )  # fmt: skip
    return made


def take_back(*, invitation: Invitation, viewer: Viewer, at: datetime) -> None:
    """Take an invitation back. Raises PermissionDeniedError (`organisation.invite`, for one's own), LifeclusterError if
    it was used."""
    viewer.require("organisation.invite", invitation.organisation)
    with transaction.atomic():
        if not Invitation.objects.filter(pk=invitation.pk, used_at=None, taken_back_at=None).update(taken_back_at=at):
            raise LifeclusterError("this invitation was used, or taken back, already")
        audit.write("invitation.take_back", actor=viewer.actor, subject=invitation.organisation, at=at)


def forget_addresses(*, viewer: Viewer, at: datetime) -> int:
    """Forget to whom invitations went that are over for `ADDRESS_KEPT`; returns how many. What stays says that somebody
    was invited, and names who came.

    Raises PermissionDeniedError (`organisation.admit`).
    """
    viewer.require("organisation.admit")
    since = at - ADDRESS_KEPT
    over = Q(used_at__lt=since) | Q(taken_back_at__lt=since) | Q(expires_at__lt=since)
    with transaction.atomic():
        old = list(Invitation.objects.select_for_update().filter(over).exclude(email="").order_by("pk"))
        Invitation.objects.filter(pk__in=[one.pk for one in old]).update(email="")
        for one in old:
            audit.write("invitation.forget", actor=viewer.actor, subject=one.organisation, at=at)
    return len(old)


def accept(*, token: str, person: Person, viewer: Viewer, at: datetime) -> Invitation:
    """Take an invitation up. Raises PermissionDeniedError for an account without the address, LifeclusterError if it
    was used, taken back or is too old, or if who invited may invite no longer: who is put out leaves no door open."""
    found = invitation_of(token)
    if found is None or viewer.actor != person.actor or found.email not in confirmed(person):
        raise PermissionDeniedError("this invitation is for another address than yours")
    with transaction.atomic():
        if found.state(at) != "open" or not Invitation.objects.filter(
            pk=found.pk, used_at=None, taken_back_at=None
        ).update(used_at=at, used_by=person):
            raise LifeclusterError(f"this invitation is {Invitation.objects.get(pk=found.pk).state(at)}")
        if found.organisation not in viewer.organisations:
            by = found.invited_by
            if by is None or not rights.viewer(by, at, second_step=True).may("organisation.invite", found.organisation):
                raise LifeclusterError("who invited you may do so no longer: ask for another invitation")
            accounts.join(person=person, organisation=found.organisation, viewer=_hand(by.actor), at=at,
                          why="was invited")  # fmt: skip
    return found


def dismiss(*, organisation: str, colleague: Person, viewer: Viewer, at: datetime, why: str) -> None:
    """End a colleague's membership, from the next page on; administrators end only with the cluster team.

    Raises PermissionDeniedError (`organisation.invite`, for one's own), LifeclusterError if the person does not belong
    there or is an administrator, or without a reason.
    """
    viewer.require("organisation.invite", organisation)
    mine = colleague.memberships.at(at).filter(organisation=organisation)
    if mine.filter(administrator=True).exists():
        raise LifeclusterError("an administrator is ended by the cluster team alone")
    accounts.leave(person=colleague, organisation=organisation, viewer=_hand(viewer.actor), at=at, why=why)


def confirmed(person: Person) -> frozenset[str]:
    """The addresses of a person that were confirmed."""
    return frozenset(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))


def digest(secret: str) -> str:
    """What is kept of a secret: it is long and drawn by lot, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link leads to."""
    found: Invitation | None = Invitation.objects.filter(digest=digest(token)).first()
    return found


def known(uid: str, viewer: Viewer) -> str:
    """The id as it is written, of an organisation that the reader may know of. Raises NotHereError."""
    try:
        plain = normalise(uid)
    except IdError:
        raise reads.NotHereError(f"{uid[:40]} is no organisation of the register") from None
    return reads.organisation(plain, viewer).organisation.uid


def _hand(actor: str) -> Viewer:
    """Who writes that somebody joined or left, once this room has decided that they may: accounts asks for the right
    to give roles, and the audit says whose act it was."""
    return Viewer(frozenset({"steward"}), actor=actor)


def _may_ask(person: Person, organisation: str, at: datetime) -> None:
    if person.memberships.at(at).filter(organisation=organisation).exists():
        raise LifeclusterError("you belong to this organisation already")
    waits = OrganisationClaim.objects.filter(person=person, state=ClaimState.PENDING)
    if waits.filter(organisation=organisation).exists():
        raise LifeclusterError("you asked for this one already; the cluster team has not decided yet")
    if waits.count() >= MOST_WAITING:
        raise LifeclusterError(f"you wait for {MOST_WAITING} organisations already")


def _by_domain(person: Person, organisation: str) -> bool:
    return any(domains.proves(email, organisation) for email in confirmed(person))


def _code(typed: str, organisation: str, person: Person, at: datetime) -> Code:
    """The code, struck off. Wrong ones are counted, so that nobody tries many."""
    key = f"organisation-code:{person.pk}"
    if int(cache.get(key, 0)) >= MOST_WRONG:
        raise LifeclusterError("there were too many wrong codes; wait an hour")
    plain = "-".join(part for part in typed.upper().replace("-", " ").split())
    found: Code | None = Code.objects.filter(digest=digest(plain), organisation=organisation).first()
    if (
        found is None
        or found.state(at) != "open"
        or not Code.objects.filter(pk=found.pk, used_at=None).update(used_at=at)
    ):
        cache.set(key, int(cache.get(key, 0)) + 1, timeout=3600)
        raise LifeclusterError("this code is not right, was used, or is too old")
    return found


def _administrators(organisation: str, at: datetime) -> list[Person]:
    rows = Membership.objects.at(at).filter(organisation__in=behind(organisation), administrator=True)
    return [row.person for row in rows.select_related("person").order_by("pk") if row.person.is_active]


def _admit(entry: OrganisationClaim, *, at: datetime, actor: str, why: str, administrator: bool) -> None:
    _close(entry, ClaimState.GRANTED, at=at, actor=actor, why=why)
    accounts.join(person=entry.person, organisation=entry.organisation, viewer=_hand(actor), at=at, why=why,
                  administrator=administrator)  # fmt: skip


def _close(entry: OrganisationClaim, state: ClaimState, *, at: datetime, actor: str, why: str = "") -> None:
    """Decide on a claim that waits. Raises LifeclusterError if it waits no longer."""
    waits = OrganisationClaim.objects.filter(pk=entry.pk, state=ClaimState.PENDING)
    if not waits.update(state=state, decided_at=at, decided_by=actor, why=why):
        raise LifeclusterError("this was decided already")
    entry.refresh_from_db()
