"""Reading news: pages, feeds and panels call these and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from lifecluster.web.directory import prepared, reads
from lifecluster.web.directory.memo import bearers
from lifecluster.web.directory.models import Identity, Package
from lifecluster.web.directory.models import State as Shown
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.news.models import About, Item, Kind, State

SHOWN = 4
"""Items of a panel."""


def listed(user: object, day: date, kind: str = "") -> QuerySet[Item]:
    """Items that lists show on a day; what closes or happens first stands first, then what is newest."""
    rows = Item.objects.listed(user, day)
    if kind:
        rows = rows.filter(kind=kind)
    if kind == Kind.OPPORTUNITY:
        return rows.order_by("closes_on", "-shown_from", "-pk")
    if kind == Kind.EVENT:
        return rows.order_by("begins_on", "-pk")
    return rows.order_by("-shown_from", "-pk")


def item(key: int, user: object, day: date) -> Item | None:
    """One that the reader may read, also if it is over."""
    return Item.objects.visible_to(user, day).filter(pk=key).prefetch_related(_abouts()).first()


def _abouts() -> Prefetch[str, QuerySet[About], str]:
    return Prefetch("abouts", About.objects.order_by("pk"))


def newest(user: object, day: date) -> list[Item]:
    """The items of the panel of the home page: one question whose SQL is kept."""
    viewer = viewer_of(user)

    def make(given: Sequence[str]) -> QuerySet[Item]:
        return Item.objects.listed(viewer, day).order_by("-shown_from", "-pk")[:SHOWN]

    return prepared.records(Item, ("news newest", viewer.sees, day), make, [])


def about(uid: str, user: object, package: Package, day: date) -> list[Item]:
    """The items of the panel of an organisation: about it, or about one whose id leads to it today."""
    viewer = viewer_of(user)
    if uid not in bearers("news", package, lambda: About.objects.values_list("organisation", flat=True)):
        return []

    def make(given: Sequence[str]) -> QuerySet[Item]:
        leads = Identity.objects.leading(viewer, package).filter(target__in=given, kind="organisation")
        of = About.objects.filter(Q(organisation__in=given) | Q(organisation__in=leads.values("uid")))
        rows = Item.objects.listed(viewer, day).filter(pk__in=of.values("item"))
        return rows.order_by("-shown_from", "-pk")[:SHOWN]

    return prepared.records(Item, ("news about", viewer.sees, package.pk, day), make, [uid])


def names(items: Iterable[Item], user: object, package: Package) -> Mapping[str, reads.Named]:
    """What the organisations that items are about are called today, by the ids that the items have for them; those that
    the reader may not know of are left out. Two questions."""
    asked = {row.organisation for one in items for row in one.abouts.all()}
    if not asked:
        return {}
    leading = Identity.objects.leading(user, package).filter(uid__in=asked).exclude(status="absent")
    today = dict(leading.values_list("uid", "target"))
    known = reads.named(set(today.values()), user, package)
    return {uid: known[target] for uid, target in today.items() if target in known}


def issued(uids: Collection[str], user: object) -> set[str]:
    """Those of ids of which the reader may know that they were issued; none where no package is shown."""
    found = Identity.objects.issued_to(user).filter(package__state=Shown.CURRENT, uid__in=uids)
    return set(found.values_list("uid", flat=True))


def waiting() -> QuerySet[Item]:
    """What waits for the desk, the longest first."""
    return Item.objects.filter(state=State.WAITING).order_by("changed_at", "pk")
