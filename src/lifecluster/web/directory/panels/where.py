"""Where the sites are: dots for the map, and the equal list by area."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db.models import Count
from django.utils.html import format_html

from lifecluster.web.directory import areas, memo
from lifecluster.web.directory.models import Package, Site
from lifecluster.web.directory.panels.figures import Facts
from lifecluster.web.directory.search import Query
from lifecluster.web.directory.show import listing
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.kit import formats
from lifecluster.web.kit.tables import Column, Row, Table


def dots(package: Package) -> list[tuple[float, float]]:
    """Places of all sites that are open and have one, in metres."""
    rows = Site.objects.visible_to(ANYBODY, package).filter(live=True, easting__isnull=False)
    return [(float(e), float(n)) for e, n in rows.values_list("easting", "northing") if e is not None and n is not None]


def sites_by_area(package: Package, facts: Facts) -> Table:
    """Sites in each ITL 2 area, with its region; those outside the region or without a place are named too."""
    rows = Site.objects.visible_to(ANYBODY, package).filter(live=True).order_by().values("lad").annotate(n=Count("pk"))
    counts = {row["lad"]: row["n"] for row in rows}
    codes = memo.codes(package)
    members: dict[str, list[str]] = defaultdict(list)
    region: dict[str, str] = {}
    for row in areas.authorities():
        if row["lad"] in codes:
            area = row["itl2"] or row["region"] or row["lad"]
            members[area].append(row["lad"])
            region[area] = row["region"]
    names = areas.area_names()
    sums = Counter({area: sum(counts.get(lad, 0) for lad in lads) for area, lads in members.items()})
    lines = [
        Row(
            {"area": _link(names.get(area, area), members[area], counts), "sites": formats.number(n)},
            sub={"area": names.get(region[area], "")},
        )
        for area, n in sorted(sums.items(), key=lambda pair: (region[pair[0]], names.get(pair[0], "")))
    ]
    rest = sum(counts.values()) - sums.total()
    if rest:
        lines.append(Row({"area": "Outside the region, or place not known", "sites": formats.number(rest)}))
    columns = (Column("area", "Area (ITL 2)", head=True), Column("sites", "Sites", "number"))
    last = Row({"area": "All sites of the register", "sites": facts.sites(sum(counts.values()))})
    return Table(
        "Sites by area",
        columns,
        lines,
        last,
        narrow="as it is",
        show_caption=True,
        note="Places of work of all organisations of the register, not registered offices",
    )


def _link(name: str, lads: list[str], counts: dict[str, int]) -> object:
    chosen = tuple(sorted(lad for lad in lads if counts.get(lad)))
    return format_html('<a href="{}">{}</a>', listing.url(Query(place=chosen)), name) if chosen else name
