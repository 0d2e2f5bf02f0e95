"""Who belongs to an organisation: claims, colleagues, invitations; and asking its people whether values hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from lifecluster.web.accounts.models import Membership, Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies, writing
from lifecluster.web.api.bodies import After, Done, Limit, Page, Row, Sent, WhyIn, example
from lifecluster.web.api.middleware import spend
from lifecluster.web.api.v1.asking import asker, viewer
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members import belonging, stale
from lifecluster.web.members.models import Invitation, OrganisationClaim

belongs = writing.section("Who belongs where", 28)
ADMIT, INVITE = ("organisation.admit",), ("organisation.invite:own",)


class OfOrganisationIn(Sent):
    """What speaks for belonging to an organisation."""

    model_config = example(words="I keep the records of our site up to date")
    words: str = Field("", max_length=2000, description="for the cluster team")
    code: str = Field("", max_length=60, description="of the cluster team, if you were given one")


class AdmitIn(WhyIn):
    """How it was made sure."""

    model_config = example(why="they rang from the number of the firm", administrator=False)
    administrator: bool = Field(False, description="whether they invite colleagues")


class DeclineIn(Sent):
    """Why not."""

    model_config = example(why="nobody there knows you")
    why: str = Field(min_length=1, max_length=500, description="they read it")


class InviteIn(Sent):
    """Whom to invite."""

    model_config = example(email="colleague@example.org")
    email: str = Field(min_length=3, max_length=254)


class OrganisationClaimOut(Row):
    """Somebody asks to belong to an organisation; `proof` is what speaks for it: domain, code or nothing."""

    person: str
    organisation: str
    proof: str
    words: str
    state: str
    made_at: datetime
    decided_at: datetime | None
    why: str

    @staticmethod
    def resolve_person(row: OrganisationClaim) -> str:
        """The opaque id."""
        return row.person.uid


class OrganisationClaimList(Page[OrganisationClaimOut]):
    """Claims to organisations."""


class ColleagueOut(Schema):
    """Somebody who belongs to an organisation."""

    person: str
    name: str
    administrator: bool
    begins_at: datetime


class InvitationOut(Row):
    """An invitation: open, used, taken back or expired."""

    email: str
    made_at: datetime
    expires_at: datetime
    status: str

    @staticmethod
    def resolve_status(row: Invitation) -> str:
        """What became of it."""
        return row.state(moment())


class Colleagues(Schema):
    """Who belongs to an organisation, and who is invited."""

    colleagues: list[ColleagueOut]
    invitations: list[InvitationOut]


class StaleOut(Schema):
    """An organisation with values past their date."""

    organisation: str
    name: str
    properties: list[str]


@belongs.read("/account/claims", needs=("account.read",), gives=OrganisationClaimList, summary="What you asked for")
def own_claims(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """Organisations that you asked to belong to."""
    return bodies.page(_claims().filter(person=asker(request).person), after, limit)


@belongs.act("/organisations/{uid}/claim", needs=("account.edit",), gives=OrganisationClaimOut,
             summary="Ask to belong to an organisation")  # fmt: skip
def claim_organisation(request: HttpRequest, uid: str, body: OfOrganisationIn) -> Any:
    """Proven by the domain of your address or a code; else the cluster team decides. Ten within ten minutes."""
    who = asker(request)
    organisation = bodies.live(uid, who.viewer)
    if (refusal := spend(request, "mail", who=who.person.uid)) is not None:
        return refusal
    return belonging.claim(organisation=organisation, person=who.person, viewer=who.viewer, at=moment(),
                           words=body.words, code=body.code, home=bodies.home(request))  # fmt: skip


@belongs.act("/account/claims/{key}/give-up", needs=("account.edit",), gives=OrganisationClaimOut,
             summary="Take your asking back")  # fmt: skip
def give_up_claim(request: HttpRequest, key: int) -> Any:
    """One that nobody decided yet."""
    who = asker(request)
    row = bodies.one(_claims().filter(person=who.person), key, "claim of yours")
    belonging.give_up(entry=row, viewer=who.viewer, at=moment())
    return row


@belongs.read("/organisation-claims", needs=ADMIT, gives=OrganisationClaimList, summary="Claims to organisations")
def claim_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """By number, those that are decided included."""
    return bodies.page(_claims(), after, limit)


@belongs.act("/organisation-claims/{key}/admit", needs=ADMIT, gives=OrganisationClaimOut, summary="Accept a claim")
def admit_claim(request: HttpRequest, key: int, body: AdmitIn) -> Any:
    """The person belongs there from now on, and hears."""
    row = bodies.one(_claims(), key, "claim")
    belonging.admit(entry=row, viewer=viewer(request), at=moment(), why=body.why, administrator=body.administrator,
                    home=bodies.home(request))  # fmt: skip
    return row


@belongs.act("/organisation-claims/{key}/decline", needs=ADMIT, gives=OrganisationClaimOut, summary="Refuse a claim")
def decline_claim(request: HttpRequest, key: int, body: DeclineIn) -> Any:
    """With the reason, which the person hears."""
    row = bodies.one(_claims(), key, "claim")
    belonging.decline(entry=row, viewer=viewer(request), at=moment(), why=body.why, home=bodies.home(request))
    return row


@belongs.read("/organisations/{uid}/colleagues", needs=INVITE, gives=Colleagues, summary="Colleagues")
def colleague_list(request: HttpRequest, uid: str) -> Any:
    """Who belongs to your organisation, and who is invited."""
    _own(uid, viewer(request))
    rows = Membership.objects.at(moment()).filter(organisation=uid).select_related("person").order_by("begins_at", "pk")
    return {
        "colleagues": [{"person": row.person.uid, "name": row.person.shown_name, "begins_at": row.begins_at,
                        "administrator": row.administrator} for row in rows],
        "invitations": list(Invitation.objects.filter(organisation=uid).order_by("-pk")[:100]),
    }  # fmt: skip


@belongs.act("/organisations/{uid}/invitations", needs=INVITE, gives=InvitationOut, summary="Invite a colleague")
def invite_colleague(request: HttpRequest, uid: str, body: InviteIn) -> Any:
    """By mail. Thirty an hour."""
    who = asker(request)
    _own(uid, who.viewer)
    if (refusal := spend(request, "invitation", who=who.viewer.actor)) is not None:
        return refusal
    return belonging.invite(organisation=uid, email=body.email, person=who.person, viewer=who.viewer, at=moment(),
                            home=bodies.home(request))  # fmt: skip


@belongs.act("/organisations/{uid}/invitations/{key}/take-back", needs=INVITE, gives=InvitationOut,
             summary="Take an invitation back")  # fmt: skip
def take_back_invitation(request: HttpRequest, uid: str, key: int) -> Any:
    """One that was not used."""
    _own(uid, viewer(request))
    row = bodies.one(Invitation.objects.filter(organisation=uid), key, "invitation")
    belonging.take_back(invitation=row, viewer=viewer(request), at=moment())
    row.refresh_from_db()
    return row


@belongs.act("/organisations/{uid}/colleagues/{person}/end", needs=INVITE, gives=Done,
             summary="End a colleague's membership")  # fmt: skip
def end_colleague(request: HttpRequest, uid: str, person: str, body: WhyIn) -> Any:
    """Of one who is no administrator."""
    _own(uid, viewer(request))
    mine = Membership.objects.at(moment()).filter(organisation=uid, person__uid=person)
    colleague = Person.objects.filter(pk__in=mine.values("person")).first()
    if colleague is None:
        raise Http404("you have no such colleague")
    belonging.dismiss(organisation=uid, colleague=colleague, viewer=viewer(request), at=moment(), why=body.why)
    return {"done": "the membership has ended"}


@belongs.read("/stale", needs=("edit.review",), gives=list[StaleOut], summary="Organisations with stale values")
def stale_list(request: HttpRequest, limit: Limit = 100) -> Any:
    """Those that were not asked lately, the most important first."""
    return [{"organisation": one.uid, "name": one.name, "properties": one.properties}
            for one in stale.waiting(moment())[:limit]]  # fmt: skip


@belongs.act("/organisations/{uid}/ask", needs=("edit.review",), gives=Done, summary="Ask whether it is still right")
def ask_organisation(request: HttpRequest, uid: str) -> Any:
    """An organisation's people, by mail; once in thirty days."""
    who = viewer(request)
    people = stale.ask(organisation=bodies.live(uid, who), viewer=who, at=moment(), home=bodies.home(request))
    return {"done": f"{people} asked"}


def _claims() -> Any:
    return OrganisationClaim.objects.select_related("person")


def _own(uid: str, who: Viewer) -> None:
    """Raise Http404 for who does not speak for it: the answer is that of an id that was never issued."""
    if uid not in who.organisations or not who.may("organisation.invite", uid):
        raise Http404("this is no organisation of yours")
