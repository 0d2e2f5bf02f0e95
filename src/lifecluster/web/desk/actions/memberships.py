"""Memberships of the cluster."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk.actions.common import heard, line, lines, one_of, organisation
from lifecluster.web.desk.models import ClusterMembership
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import LEVELS, STANDINGS
from lifecluster.web.directory import packages
from lifecluster.web.directory.viewer import Viewer


def add_membership(
    *, organisation_uid: str, level: str, begins_on: date, viewer: Viewer, at: datetime,
    renews_on: date | None = None, public: bool = False, public_by: str = "", note: str = "",
) -> ClusterMembership:  # fmt: skip
    """An organisation becomes a member of the cluster. `public` only if somebody there (`public_by`) agreed.

    Raises PermissionDeniedError (`case.edit`), LifeclusterError if it is one already, or for days in the wrong order.
    """
    viewer.require(WORKS)
    values = _values(level=level, begins_on=begins_on, ends_on=None, renews_on=renews_on, state="active", public=public,
                     public_by=public_by, note=note)  # fmt: skip
    with transaction.atomic():
        uid = organisation(organisation_uid, viewer)
        if ClusterMembership.objects.select_for_update().filter(organisation=uid, state="active").exists():
            raise LifeclusterError("This organisation is an active member already: change that membership.")
        made: ClusterMembership = ClusterMembership.objects.create(organisation=uid, **values)
        heard("cluster.join", uid, viewer, at, after=_said(made))
        if made.public:
            packages.changed()
    return made


def change_membership(
    *, membership: int, level: str, begins_on: date, state: str, viewer: Viewer, at: datetime,
    version: int | None = None, ends_on: date | None = None, renews_on: date | None = None, public: bool = False,
    public_by: str = "", note: str = "",
) -> ClusterMembership:  # fmt: skip
    """Change a membership: renew it, let it lapse, end it. Raises as `add_membership`, and ChangedError."""
    viewer.require(WORKS)
    values = _values(level=level, begins_on=begins_on, ends_on=ends_on, renews_on=renews_on, state=state, public=public,
                     public_by=public_by, note=note)  # fmt: skip
    with transaction.atomic():
        row: ClusterMembership = hold(ClusterMembership, membership, version)
        others = ClusterMembership.objects.filter(organisation=row.organisation, state="active").exclude(pk=row.pk)
        if state == "active" and others.exists():
            raise LifeclusterError("This organisation has another active membership.")
        before, told = _said(row), row.public
        if put(row, **values):
            heard("cluster.change", row.organisation, viewer, at, before=before, after=_said(row))
            if told or row.public:
                packages.changed()
    return row


def _values(
    *, level: str, begins_on: date, ends_on: date | None, renews_on: date | None, state: str, public: bool,
    public_by: str, note: str,
) -> dict[str, object]:  # fmt: skip
    one_of(level, LEVELS, "Level")
    one_of(state, STANDINGS, "State")
    if any(day is not None and day < begins_on for day in (ends_on, renews_on)):
        raise LifeclusterError("A membership ends and is renewed after it begins.")
    if state == "ended" and ends_on is None:
        raise LifeclusterError("Say on which day the membership ended.")
    who = line(public_by, "Who agreed", most=120)
    if public and not who:
        raise LifeclusterError("A membership is shown to everybody only if the organisation agreed: say who agreed.")
    return {
        "level": level, "begins_on": begins_on, "ends_on": ends_on, "renews_on": renews_on, "state": state,
        "public": public, "public_by": who if public else "", "note": lines(note, "The note"),
    }  # fmt: skip


def _said(row: ClusterMembership) -> dict[str, object]:
    return {"level": row.level, "state": row.state, "public": row.public,
            "renews_on": row.renews_on.isoformat() if row.renews_on else None}  # fmt: skip
