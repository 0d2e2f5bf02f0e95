"""Referrals: a case passed on to another body, with consent to exactly what is passed on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import WIDEST, After, Limit, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk import letters
from lifecluster.web.desk.actions import referrals
from lifecluster.web.desk.actions.common import day_of
from lifecluster.web.desk.machine.base import NEEDS, OfCase, desk, found, rows
from lifecluster.web.desk.models import Case, Referral
from lifecluster.web.desk.words import WAYS


class ReferralIn(Sent):
    """To whom a case is passed on, and what."""

    model_config = example(body="The growth hub", email="desk@example.org", about="They look for a cleanroom.")
    body: str = Field("", max_length=150, description="name of the body; empty: that of the organisation")
    organisation: str = Field("", max_length=20, description="id of the body, where the register has it")
    email: str = Field(min_length=3, max_length=254)
    about: str = Field(min_length=1, max_length=5000, description="what is passed on")
    contact: int | None = Field(None, ge=1, le=WIDEST, description="whose name and address go with it")
    enquirer: bool = Field(False, description="whether those of who enquired go with it")


class ReferralConsentIn(Sent):
    """Who agreed to a letter."""

    model_config = example(given_by="A. Person", how="e-mail", given_on="2026-11-02", covers="0" * 32)
    given_by: str = Field(min_length=1, max_length=120)
    how: str = Field(max_length=20, description=", ".join(WAYS))
    given_on: date
    covers: str = Field(max_length=64, description="`covers` of the letter that they read")


class SendIn(Sent):
    """Which letter is sent."""

    model_config = example(covers="0" * 32)
    covers: str = Field(max_length=64, description="`covers` of the letter that you read")


class ReferralAnswerIn(Sent):
    """What the other body answered."""

    model_config = example(state="accepted", answered_on="2026-11-20", answer="We take it on.")
    state: Literal["accepted", "declined"]
    answered_on: date
    answer: str = Field("", max_length=5000)


class ReferralOut(Versioned, OfCase):
    """A referral: `letter` word for word what is or was sent, `covers` its name, `hindered` why it cannot be sent."""

    organisation: str
    body: str
    email: str
    about: str
    contact: int | None
    enquirer: bool
    state: str
    letter: str
    covers: str
    hindered: str
    consent_by: str
    consent_on: date | None
    sent_at: datetime | None
    answer: str
    answered_on: date | None

    @staticmethod
    def resolve_contact(row: Referral) -> int | None:
        """The number of the contact."""
        found: int | None = row.contact_id
        return found

    @staticmethod
    def resolve_letter(row: Referral) -> str:
        """As it would be sent, or was."""
        return letters.referral(row).text if row.state in {"drafted", "withdrawn"} else row.text

    @staticmethod
    def resolve_covers(row: Referral) -> str:
        """The name of the letter."""
        return letters.referral(row).digest

    @staticmethod
    def resolve_hindered(row: Referral) -> str:
        """Empty where it can be sent."""
        return referrals.hindered(row, day_of(moment()))


class ReferralList(Page[ReferralOut]):
    """Referrals."""


@desk.read("/referrals", needs=NEEDS, gives=ReferralList, summary="Referrals")
def referral_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """By number."""
    return bodies.page(rows(Referral, request).select_related("case", "contact"), after, limit)


@desk.read("/referrals/{key}", needs=NEEDS, gives=ReferralOut, summary="One referral")
def referral(request: HttpRequest, key: int) -> Any:
    """With the letter word for word."""
    return found(Referral, request, key, "referral")


@desk.act("/cases/{key}/referrals", needs=NEEDS, gives=ReferralOut, summary="Draft a referral")
def draft_referral(request: HttpRequest, key: int, body: ReferralIn) -> Any:
    """Nothing is sent yet."""
    row = found(Case, request, key, "case")
    return referrals.draft_referral(case=row.pk, viewer=viewer(request), at=moment(), **_values(body))


@desk.act("/referrals/{key}/change", needs=NEEDS, gives=ReferralOut, summary="Change a referral")
def change_referral(request: HttpRequest, key: int, body: ReferralIn) -> Any:
    """One that is not sent; consent to what it was before counts no longer. `If-Match`: the version that you saw."""
    row = found(Referral, request, key, "referral")
    return referrals.change_referral(referral=row.pk, viewer=viewer(request), at=moment(),
                                     version=bodies.version(request), **_values(body))  # fmt: skip


@desk.act("/referrals/{key}/consent", needs=NEEDS, gives=ReferralOut, summary="Record consent to a referral")
def consent_referral(request: HttpRequest, key: int, body: ReferralConsentIn) -> Any:
    """To exactly the letter called `covers`."""
    row = found(Referral, request, key, "referral")
    return referrals.record_referral_consent(referral=row.pk, viewer=viewer(request), at=moment(), **body.model_dump())


@desk.act("/referrals/{key}/send", needs=NEEDS, gives=ReferralOut, summary="Send a referral")
def send_referral(request: HttpRequest, key: int, body: SendIn) -> Any:
    """By mail, exactly the letter called `covers`; not without consent to it."""
    row = found(Referral, request, key, "referral")
    return referrals.send_referral(referral=row.pk, viewer=viewer(request), at=moment(), covers=body.covers)


@desk.act("/referrals/{key}/answer", needs=NEEDS, gives=ReferralOut, summary="Record the answer to a referral")
def answer_referral(request: HttpRequest, key: int, body: ReferralAnswerIn) -> Any:
    """Taken on, or declined."""
    row = found(Referral, request, key, "referral")
    return referrals.answer_referral(referral=row.pk, viewer=viewer(request), at=moment(), **body.model_dump())


@desk.act("/referrals/{key}/withdraw", needs=NEEDS, gives=ReferralOut, summary="Withdraw a referral")
def withdraw_referral(request: HttpRequest, key: int) -> Any:
    """One that was not sent."""
    row = found(Referral, request, key, "referral")
    return referrals.withdraw_referral(referral=row.pk, viewer=viewer(request), at=moment())


def _values(body: ReferralIn) -> dict[str, Any]:
    said = body.model_dump()
    return {"organisation_uid": said.pop("organisation"), **said}
