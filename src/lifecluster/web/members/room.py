"""What members add to the frame: a link to one's organisation, lines of work for the desk, messages, what is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lifecluster.web.accounts import audit, kept, telling
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk import waiting
from lifecluster.web.directory import witness
from lifecluster.web.directory.adding import title_of
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.kit.paths import path_of
from lifecluster.web.members import actions, adding, belonging, jobs, proposals, sightings, stale
from lifecluster.web.members.models import ClaimState, Invitation, OrganisationClaim
from lifecluster.web.shell import rooms


def belongs(request: HttpRequest) -> bool:
    """Whether the reader belongs to an organisation, or is somebody without any role, who may look for theirs."""
    user = getattr(request, "user", None)
    viewer = viewer_of(user)
    return bool(viewer.organisations) or (isinstance(user, Person) and viewer.roles == {"visitor"})


def link(request: HttpRequest) -> tuple[str, str]:
    """Words and address of the link."""
    many = len(viewer_of(getattr(request, "user", None)).organisations) > 1
    return "My organisations" if many else "My organisation", path_of("members:index")


def _edits(viewer: Viewer, limit: int) -> list[waiting.Item]:
    found = proposals.waiting(limit)
    names = actions.names_of([proposals.owner(edit) for edit in found], viewer)
    return [
        waiting.Item(
            f"{words.label(edit.proposed.property or '')} of {names.get(proposals.owner(edit), 'one that is gone')}",
            reverse("members:decide", args=[edit.proposed.id]),
            since=proposals.day(edit),
        )
        for edit in found
    ]


def _things(viewer: Viewer, limit: int) -> list[waiting.Item]:
    found = [one for one in proposals.things(limit) if proposals.level(one) <= viewer.clearance]
    names = actions.names_of([one.holder for one in found], viewer)
    return [
        waiting.Item(
            f"{adding.KINDS[one.kind]} of {names.get(one.holder, 'one that is gone')}",
            reverse("members:addition", args=[one.proposed.id]),
            title_of(one.values),
            since=proposals.day(one),
        )
        for one in found
    ]


def _claims(viewer: Viewer, limit: int) -> list[waiting.Item]:
    rows = OrganisationClaim.objects.filter(state=ClaimState.PENDING).select_related("person").order_by("pk")[:limit]
    found = list(rows)
    names = actions.names_of([row.organisation for row in found], viewer)
    return [
        waiting.Item(f"{row.person.shown_name}: {names.get(row.organisation, 'an organisation that is gone')}",
                     reverse("members:admit", args=[row.pk]), since=row.made_at.date())
        for row in found
    ]  # fmt: skip


def _claims_of(person: Person) -> list[dict[str, Any]]:
    rows = OrganisationClaim.objects.filter(person=person).order_by("pk")
    return [
        {"organisation": row.organisation, "proof": row.proof, "words": row.words, "state": row.state, "why": row.why,
         "made_at": row.made_at.isoformat(), "decided_at": row.decided_at.isoformat() if row.decided_at else None}
        for row in rows
    ]  # fmt: skip


def _invitations_of(person: Person) -> list[dict[str, Any]]:
    rows = Invitation.objects.filter(used_by=person) | Invitation.objects.filter(invited_by=person)
    rows |= Invitation.objects.filter(email__in=belonging.confirmed(person))
    return [
        {"organisation": row.organisation, "by_me": row.invited_by_id == person.pk,
         "email": row.email if row.email in belonging.confirmed(person) else None,
         "made_at": row.made_at.isoformat(), "used_at": row.used_at.isoformat() if row.used_at else None}
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _forget_invitations(person: Person, at: Any) -> None:
    """Invitations to a person who goes hold the address."""
    Invitation.objects.filter(email__in={*belonging.confirmed(person), person.email}).delete()


def _stale(viewer: Viewer, limit: int) -> list[waiting.Item]:
    return [
        waiting.Item(
            proper(one.name), reverse("members:stale"), ", ".join(words.label(prop) for prop in one.properties)
        )
        for one in stale.waiting(moment())[:limit]
    ]


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.accounts import sample
    from lifecluster.web.members.furniture import FURNITURE

    sample.rooms.register(FURNITURE)
    rooms.register(
        rooms.Room("members", "My organisation", 890, "lifecluster.web.members.urls", "", aside=True, visible=belongs,
                   told=link, covers="/my/")
    )  # fmt: skip
    for kind in (actions.DECIDED, stale.STALE, belonging.CLAIMED, belonging.ANSWERED):
        telling.register(kind)
    audit.declare(belonging.AUDITED)
    jobs.add()
    witness.register(sightings.write)
    kept.register(kept.Kept("claims_to_organisations", 20, _claims_of))
    kept.register(kept.Kept("invitations", 21, _invitations_of, _forget_invitations))
    waiting.register(
        waiting.Line("edits", 20, "Member edits", "members:queue", "edit.review",
                     lambda viewer: proposals.waiting_count(), _edits)
    )  # fmt: skip
    waiting.register(
        waiting.Line("additions", 25, "Things to add", "members:additions", "edit.review",
                     lambda viewer: proposals.things_count(), _things)
    )  # fmt: skip
    waiting.register(
        waiting.Line("claims", 30, "Claims to organisations", "members:claims", "organisation.admit",
                     lambda viewer: int(OrganisationClaim.objects.filter(state=ClaimState.PENDING).count()), _claims)
    )  # fmt: skip
    waiting.register(
        waiting.Line("stale", 60, "Stale values", "members:stale", "edit.review",
                     lambda viewer: len(stale.waiting(moment())), _stale)
    )  # fmt: skip
