"""Sites: where organisations work, how many people, what they do there."""

from __future__ import annotations

from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import titled
from lifecluster.sample.theme import FIRST_SEEN, Output, organisation

KNOWN_JOBS = 0.86
"""Share of the sites of firms whose jobs are stated; the others are left to the allocation of the register."""


def sites(world: World, stream: Stream) -> Output:
    """All sites; jobs only of firms and institutes, since an NHS trust's staff are no life-science jobs."""
    out = Output()
    for site in world.sites:
        holder = world.index[site.holder]
        when = site.closed_on or stream.day(FIRST_SEEN, AS_OF)
        stated = holder.kind == "company" and site.closed_on is None and stream.chance(KNOWN_JOBS)
        address = site.line.title() if site.line.isupper() else site.line
        out.sheet.add("site", site.key, when, holder=organisation(site.holder), name=site.name, address=address,
                      town=titled(site.postal.town), postcode=site.postal.postcode, activity=site.activities,
                      jobs=site.jobs if stated else None, opened_on=site.opened_on if stream.chance(0.6) else None,
                      closed_on=site.closed_on)  # fmt: skip
    return out
