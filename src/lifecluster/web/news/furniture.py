"""Invented news of the sample region: a few of each kind, one that waits for the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import SAMPLE_DOMAIN
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR
from lifecluster.web.news import actions
from lifecluster.web.news.bulletin import actions as bulletins
from lifecluster.web.news.draft import Draft
from lifecluster.web.news.models import Bulletin, Item, Kind, Section, Stage

SHELVES = """A second bay of shelves is open in the shared cold store, at 2 to 8 °C, with a log of temperatures.

- **Who:** members with samples to keep for up to three months
- **How much:** the first month is free

Write to the cluster team."""
CALL = """Grants for small firms that want to test a device with a hospital in the region.

1. Up to half the costs of a first study
2. A clinician who answers within two weeks
3. Help with the ethics form

Firms of fewer than fifty people come first."""
EVENING = "An evening for people who make things and people who buy them: six short talks, then tables by topic."
RESIN = "We have four pallets of medical-grade resin more than we need this year, and would rather see it used."
OPENING = "What the autumn brought, in a few lines. All of it is **invented**."
ROUND = "What members told us about cold storage in the summer, in two pages, with what we did about it."


def make(package: Package, at: datetime) -> None:
    """Write the items, once for each sample region."""
    Item.objects.filter(sample=True).delete()
    Bulletin.objects.filter(sample=True).delete()
    day = at.date()
    rows = Organisation.objects.visible_to(ANYBODY, package).filter(live=True).order_by("number")
    uids = list(rows.values_list("uid", flat=True)[:2])
    drafts = (
        Draft(Kind.NEWS, "More room in the shared cold store", SHELVES, day - timedelta(days=9),
              organisations=tuple(uids[1:])),
        Draft(Kind.OPPORTUNITY, "First studies with a hospital: a call for small firms", CALL,
              day - timedelta(days=5), closes_on=day + timedelta(days=19), link="https://call.sample.example/studies"),
        Draft(Kind.EVENT, "Makers meet buyers", EVENING, day - timedelta(days=3), begins_on=day + timedelta(days=12),
              place="Sample Hall, Derby"),
        Draft(Kind.NEWS, "What members said about cold storage", ROUND, day - timedelta(days=2),
              level=int(Visibility.MEMBERS)),
    )  # fmt: skip
    for draft in drafts:
        actions.post(draft=draft, viewer=OPERATOR, at=at, sample=True)
    _bulletin(at)
    member = Person.objects.filter(email=f"member@{SAMPLE_DOMAIN}").first()
    if member is None:
        return
    offered = Draft(Kind.OPPORTUNITY, "Four pallets of medical-grade resin", RESIN, day,
                    closes_on=day + timedelta(days=30), organisations=tuple(uids[:1]))  # fmt: skip
    offered = replace(offered, level=int(Visibility.MEMBERS))
    item = actions.propose(draft=offered, viewer=member.viewer, at=at)
    Item.objects.filter(pk=item.pk).update(sample=True)


def _bulletin(at: datetime) -> None:
    """One bulletin in the archive, sent to nobody."""
    if Bulletin.objects.exists():
        return
    made = bulletins.make(viewer=OPERATOR, at=at, sample=True)
    aside = {Section.LICENCE, Section.AWARD}
    parts = {part.pk: (part.place, part.section in aside) for part in made.parts.all()}
    bulletins.change(bulletin=made.pk, title="News of the sample cluster, November", opening=OPENING, parts=parts,
                     seen=made.number, viewer=OPERATOR, at=at)  # fmt: skip
    Bulletin.objects.filter(pk=made.pk).update(stage=Stage.SENT, send_at=at, sent_at=at)
