"""The desk of the sample region: a dozen cases, contacts by their roles, talks, renewals, referrals, an enquiry."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.accounts.rights import SAMPLE_DOMAIN
from lifecluster.web.accounts.sample import Furniture
from lifecluster.web.desk import letters
from lifecluster.web.desk.actions import cases, contacts, enquiries, interactions, memberships, referrals, tasks
from lifecluster.web.desk.actions.common import day_of
from lifecluster.web.desk.models import Case, ClusterMembership, Contact, Interaction
from lifecluster.web.directory import packages
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY, Viewer

DESK, ENQUIRER = f"desk@{SAMPLE_DOMAIN}", f"founder@{SAMPLE_DOMAIN}"
NOTE = "Part of the sample."
ROLES = ("Site manager", "Head of quality", "Finance director", "Operations lead", "Head of regulatory affairs")
CASES = (
    # title, kind, priority, days from today until it is due (None: no day), state, what came of it, whose
    ("Needs 300 m² of ISO 7 cleanroom by spring", "premises", 1, -2, "opened", "", True),
    ("Which MIA does filling of trial material need?", "regulation", 2, 1, "opened", "", True),
    ("Looks for a partner for inhaler moulding", "partner", 2, 3, "opened", "", False),
    ("Bid for a national grant: letter of support", "funding", 1, 5, "opened", "", True),
    ("Two technicians with aseptic experience", "skills", 2, 9, "opened", "", False),
    ("Power for a second freeze dryer", "premises", 2, 21, "waiting", "", True),
    ("First meeting with an NHS trust", "partner", 3, 30, "opened", "", False),
    ("UK responsible person for an overseas maker", "regulation", 2, None, "waiting", "", False),
    ("Export of samples: which papers?", "support", 2, -40, "closed", "helped", True),
    ("Loan for a packaging line", "funding", 2, -60, "closed", "referred", True),
    ("Shared use of a mass spectrometer", "other", 3, -75, "closed", "not-taken-up", False),
)
TASKS = ("Ask the landlord for a plan of the second floor", "Draft the letter of support", "Ring the agency back")
TALKS = (
    ("visit", "Walk through the new building", "They would take more if power were there.", True, "premises"),
    ("call", "Where the bid stands", "Wants the letter by Friday.", False, ""),
    (
        "meeting",
        "What the new device rules mean here",
        "Worried about the change of timetable.",
        True,
        "regulation",
    ),
    ("event", "Spoke at the supply chain morning", "", False, ""),
    ("e-mail", "Asked for two names in quality", "", False, ""),
    ("video", "How long orders from the NHS take", "Nine months from trial to order.", True, "procurement"),
)


def make(package: Package, at: datetime) -> None:
    """Write the sample of the desk, as its sample person; does nothing where it is there already."""
    person = Person.objects.filter(email=DESK).first()
    if person is None:
        return
    viewer = Viewer(frozenset({"visitor", "desk"}), actor=person.actor)
    if Case.objects.filter(enquiry__email=ENQUIRER).exists():
        return
    rows = Organisation.objects.visible_to(ANYBODY, package).order_by("number").values_list("uid", flat=True)
    uids = list(rows[: len(CASES)])
    if uids:
        people = _contacts(uids, viewer, at)
        made = _cases(uids, viewer, at)
        _give(person, viewer, at)
        _work(uids, people, viewer, at)
        _referrals(made, person, viewer, at)
        _enquiry(at)
    Mail.objects.filter(to__endswith=f"@{SAMPLE_DOMAIN}", sent_at=None).exclude(to=DESK).delete()


def _give(person: Person, viewer: Viewer, at: datetime) -> None:
    """Some of the open cases are the sample person's."""
    theirs = {title for title, *_, mine in CASES if mine}
    for row in Case.objects.filter(title__in=theirs, owner=None).exclude(state="closed"):
        cases.change_case(case=row.pk, title=row.title, kind=row.kind, organisation_uid=row.organisation,
                          priority=row.priority, owner=person.uid, due_on=row.due_on, viewer=viewer, at=at)  # fmt: skip


def clear(person: Person, at: datetime) -> None:
    """The sample of the desk goes with its sample person, so that it is in no other region. Within a transaction."""
    if person.email != DESK:
        return
    theirs = {"added_by": person.actor}
    Case.objects.filter(opened_by=person.actor, title__in=[title for title, *_ in CASES]).delete()
    Interaction.objects.filter(subject__in=[subject for _, subject, *_ in TALKS], **theirs).delete()
    Contact.objects.filter(name__in=[_called(role) for role in ROLES], **theirs).delete()
    if ClusterMembership.objects.filter(note=NOTE).delete()[0]:
        packages.changed()
    Case.objects.filter(enquiry__email=ENQUIRER).delete()


def _called(role: str) -> str:
    return f"{role} (sample)"


def _contacts(uids: list[str], viewer: Viewer, at: datetime) -> list[int]:
    """One contact at each of the first organisations, known by a role; some agreed to something."""
    found = []
    for place, role in enumerate(ROLES):
        uid = uids[place % len(uids)]
        row = contacts.add_contact(organisation_uid=uid, name=_called(role), role=role, viewer=viewer, at=at,
                                   email=f"{role.lower().replace(' ', '-')}@{SAMPLE_DOMAIN}")  # fmt: skip
        for purpose in (("case", "referral"), ("case",), ("case", "news", "events"), ("policy",), ())[place]:
            contacts.record_consent(contact=row.pk, purpose=purpose, given_by=role, how="e-mail",
                                    given_on=day_of(at) - timedelta(days=30 + place), viewer=viewer, at=at)  # fmt: skip
        found.append(row.pk)
    return found


def _cases(uids: list[str], viewer: Viewer, at: datetime) -> list[Case]:
    found = []
    for place, (title, kind, priority, days, state, outcome, _) in enumerate(CASES):
        due = None if days is None else day_of(at) + timedelta(days=days)
        opened = at - timedelta(days=14 + 9 * place)
        row = cases.open_case(title=title, kind=kind, priority=priority, due_on=due, viewer=viewer, at=opened,
                              organisation_uid=uids[place % len(uids)])  # fmt: skip
        if state != "opened":
            row = cases.move_case(case=row.pk, state=state, outcome=outcome, viewer=viewer, at=at - timedelta(days=3))
        found.append(row)
    return found


def _work(uids: list[str], people: list[int], viewer: Viewer, at: datetime) -> None:
    """Talks and memberships."""
    day = day_of(at)
    for place, (kind, subject, notes, policy, topic) in enumerate(TALKS):
        where = place % min(len(uids), len(people))
        interactions.record_interaction(
            on=day - timedelta(days=4 * place + 1), kind=kind, subject=subject, notes=notes, policy=policy, topic=topic,
            organisation_uid=uids[where], contacts=[people[where]] if len(uids) >= len(people) else [], viewer=viewer,
            at=at,
        )  # fmt: skip
    for place, uid in enumerate(uids[:6]):
        public = place % 2 == 0
        memberships.add_membership(
            organisation_uid=uid, level=("founding", "full", "associate", "partner")[place % 4], public=public,
            begins_on=day - timedelta(days=300 + 40 * place), renews_on=day + timedelta(days=25 * place - 10),
            public_by=ROLES[place % len(ROLES)] if public else "", note=NOTE, viewer=viewer, at=at,
        )  # fmt: skip


def _referrals(made: list[Case], person: Person, viewer: Viewer, at: datetime) -> None:
    """Tasks, a note, a referral that waits for consent, and one that was sent."""
    day = day_of(at)
    for place, title in enumerate(TASKS):
        due = day + timedelta(days=2 * place - 1)
        tasks.add_task(title=title, case=made[place].pk, owner=person.uid, due_on=due, viewer=viewer, at=at)
    cases.add_note(case=made[0].pk, text="The agent has two floors that fit.", viewer=viewer, at=at)
    referrals.draft_referral(
        case=made[0].pk, body="The property team of the combined authority", email=f"property@{SAMPLE_DOMAIN}",
        about="A firm in the region looks for 300 m² of ISO 7 cleanroom by spring.", viewer=viewer, at=at,
    )  # fmt: skip
    sent = referrals.draft_referral(
        case=made[3].pk, body="A university’s research office", email=f"research@{SAMPLE_DOMAIN}",
        about="A firm bids for a national grant.", viewer=viewer, at=at,
    )  # fmt: skip
    covers = letters.referral(sent).digest
    referrals.record_referral_consent(referral=sent.pk, given_by=ROLES[3], how="telephone", given_on=day,
                                      covers=covers, viewer=viewer, at=at)  # fmt: skip
    referrals.send_referral(referral=sent.pk, covers=covers, viewer=viewer, at=at)


def _enquiry(at: datetime) -> None:
    """Somebody who wants to move in and has no answer yet."""
    enquiries.receive_enquiry(
        name="Founder (sample)", firm="A firm that wants to move in (sample)", email=ENQUIRER,
        looking_for="laboratory", cleanroom="iso-8", space_m2=180, power_kw=60, when="year",
        text="Near a hospital with a trials unit, if there is one.", where="http://localhost/enquiries/",
        viewer=ANYBODY, at=at - timedelta(days=4),
    )  # fmt: skip


FURNITURE = Furniture("desk", 50, make)
