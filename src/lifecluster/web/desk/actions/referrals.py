"""Referrals: a case is passed on to another body, with consent to exactly what is passed on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import outbox
from lifecluster.web.desk import letters, whose
from lifecluster.web.desk.actions.common import address, day_of, heard, line, lines, one_of, organisation
from lifecluster.web.desk.actions.contacts import usable
from lifecluster.web.desk.models import Case, ChangedError, Contact, Referral
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import WAYS
from lifecluster.web.directory.viewer import Viewer

NO_CONSENT: dict[str, Any] = {
    "consent_by": "", "consent_how": "", "consent_on": None, "consent_recorded_by": "", "consent_recorded_at": None,
    "consent_covers": "",
}  # fmt: skip
ANSWERS = {"accepted": "Taken on", "declined": "Declined"}


def draft_referral(
    *, case: int, email: str, about: str, viewer: Viewer, at: datetime, body: str = "", organisation_uid: str = "",
    contact: int | None = None, enquirer: bool = False,
) -> Referral:  # fmt: skip
    """Write a referral that is not sent yet, to an organisation of the register or to a body by its name.

    `contact` and `enquirer` say whose name and address go with it. Raises PermissionDeniedError (`case.edit`),
    LifeclusterError.
    """
    viewer.require(WORKS)
    with transaction.atomic():
        row: Case = hold(Case, case)
        if row.state == "closed":
            raise LifeclusterError("The case is closed: open it again first.")
        values = _values(row, email, about, body, organisation_uid, contact, enquirer, viewer)
        made: Referral = Referral.objects.create(case=row, added_by=viewer.actor, added_at=at, **values)
        heard("referral.draft", f"case:{case}", viewer, at, after={"referral": made.pk})
    return made


def change_referral(
    *, referral: int, email: str, about: str, viewer: Viewer, at: datetime, version: int | None = None, body: str = "",
    organisation_uid: str = "", contact: int | None = None, enquirer: bool = False,
) -> Referral:  # fmt: skip
    """Change a referral that is not sent; consent to what it was before counts no longer. Raises as `draft_referral`,
    and ChangedError."""
    viewer.require(WORKS)
    with transaction.atomic():
        row = _drafted(referral, version)
        values = _values(row.case, email, about, body, organisation_uid, contact, enquirer, viewer)
        if differs := put(row, **values):
            if row.consent_covers and row.consent_covers != letters.referral(row).digest:
                put(row, **NO_CONSENT)
            heard("referral.change", f"case:{row.case_id}", viewer, at, after={"referral": row.pk, "changed": differs})
    return row


def _values(  # noqa: PLR0917 - the columns of a referral, in their order
    case: Case, email: str, about: str, body: str, organisation_uid: str, contact: int | None, enquirer: bool,
    viewer: Viewer,
) -> dict[str, Any]:  # fmt: skip
    uid = organisation(organisation_uid, viewer, needed=False)
    name = line(body, "The name of the body", most=150) or (whose.today([uid], viewer)[uid].name if uid else "")
    if not name:
        raise LifeclusterError("Say to whom: an organisation of the register, or the name of a body.")
    who = Contact.objects.filter(pk=contact, erased_at=None).first() if contact is not None else None
    ours = whose.today([case.organisation], viewer).get(case.organisation)
    if contact is not None and (who is None or ours is None or who.organisation not in whose.behind(ours.uid)):
        raise LifeclusterError("This is no contact of the organisation of the case.")
    if enquirer and not hasattr(case, "enquiry"):
        raise LifeclusterError("The case has no enquirer.")
    return {
        "organisation": uid, "body": name, "email": address(email, needed=True),
        "about": lines(about, "What is passed on", needed=True), "contact": who, "enquirer": enquirer,
    }  # fmt: skip


def _drafted(key: int, version: int | None = None) -> Referral:
    row: Referral = hold(Referral, key, version)
    if row.state != "drafted":
        raise LifeclusterError("This referral was sent or withdrawn already.")
    return row


def record_referral_consent(
    *, referral: int, given_by: str, how: str, given_on: date, covers: str, viewer: Viewer, at: datetime
) -> Referral:
    """Record who agreed to exactly the letter called `covers` (`Letter.digest`), how and when.

    Raises PermissionDeniedError (`case.edit`), LifeclusterError, ChangedError if the letter is another by now.
    """
    viewer.require(WORKS)
    who = line(given_by, "Who agreed", most=120, needed=True)
    one_of(how, WAYS, "How")
    if given_on > day_of(at):
        raise LifeclusterError("Consent cannot be recorded before it is given.")
    with transaction.atomic():
        row = _drafted(referral)
        if covers != letters.referral(row).digest:
            raise ChangedError(row)
        put(row, consent_by=who, consent_how=how, consent_on=given_on, consent_recorded_by=viewer.actor,
            consent_recorded_at=at, consent_covers=covers)  # fmt: skip
        heard("referral.consent", f"case:{row.case_id}", viewer, at, after={
            "referral": row.pk, "how": how, "given_on": given_on.isoformat()})  # fmt: skip
    return row


def hindered(row: Referral, on: date) -> str:
    """Why a referral cannot be sent on a day, in words; empty if it can."""
    if row.state != "drafted":
        return "It was sent or withdrawn already."
    if row.contact is not None and not usable(row.contact, "referral", on):
        return f"{row.contact.shown_name} has not agreed that name and address are passed on to another body."
    if not row.consent_by:
        return "Nobody’s consent to this referral is recorded."
    if row.consent_covers != letters.referral(row).digest:
        return "What would be sent is no longer what was agreed to: record consent again."
    return ""


def send_referral(*, referral: int, covers: str, viewer: Viewer, at: datetime) -> Referral:
    """Send exactly the letter called `covers`, by mail. Raises PermissionDeniedError (`case.edit`), LifeclusterError
    without consent, or if the letter is another by now."""
    viewer.require(WORKS)
    with transaction.atomic():
        row = _drafted(referral)
        letter = letters.referral(row)
        if why := hindered(row, day_of(at)):
            raise LifeclusterError(why)
        if covers != letter.digest:
            raise LifeclusterError("What would be sent has changed since: read it again before you send it.")
        outbox.write(to=letter.to, subject=letter.subject, text=letter.text)
        put(row, state="sent", text=letter.text, sent_at=at, sent_by=viewer.actor)
        heard("referral.send", f"case:{row.case_id}", viewer, at, after={"referral": row.pk, "letter": letter.digest})
    return row


def answer_referral(
    *, referral: int, state: str, answered_on: date, viewer: Viewer, at: datetime, answer: str = ""
) -> Referral:
    """Record what the other body answered: accepted or declined. Raises PermissionDeniedError, LifeclusterError."""
    viewer.require(WORKS)
    one_of(state, ANSWERS, "Answer")
    words = lines(answer, "The answer")
    with transaction.atomic():
        row: Referral = hold(Referral, referral)
        if row.sent_at is None or row.state == "withdrawn":
            raise LifeclusterError("This referral was not sent.")
        if not day_of(row.sent_at) <= answered_on <= day_of(at):
            raise LifeclusterError("An answer comes after the referral was sent, and not after today.")
        put(row, state=state, answer=words, answered_on=answered_on)
        heard("referral.answer", f"case:{row.case_id}", viewer, at, after={"referral": row.pk, "state": state})
    return row


def withdraw_referral(*, referral: int, viewer: Viewer, at: datetime) -> Referral:
    """Give up a referral that was not sent. Raises PermissionDeniedError, LifeclusterError."""
    viewer.require(WORKS)
    with transaction.atomic():
        row = _drafted(referral)
        put(row, state="withdrawn")
        heard("referral.withdraw", f"case:{row.case_id}", viewer, at, after={"referral": row.pk})
    return row
