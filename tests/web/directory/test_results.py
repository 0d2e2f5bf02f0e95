"""Results held against a slow twin that goes through every organisation anew."""

from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.web.region import write_region
from lifecluster.web.directory.loading.facets import COUNTED, FACETS, SEGMENT
from lifecluster.web.directory.models import Document, Facet, Organisation, Package, Site
from lifecluster.web.directory.search import Query, place_of, results
from lifecluster.web.directory.search.text import fold
from tests.web.directory import making
from tests.web.directory.conftest import TODAY, load
from tests.web.directory.making import org, said


@pytest.fixture
def region(database: None, tmp_path: Path) -> Package:
    """120 organisations."""
    return load(write_region(tmp_path, organisations=120, seed=5).path)


class Twin:
    """The register as plain mappings, and the answer to a query by going through all of it."""

    def __init__(self, package: Package) -> None:
        self.rows = {o.number: o for o in Organisation.objects.filter(package=package)}
        self.marks: dict[int, set[tuple[str, str]]] = {number: set() for number in self.rows}
        for f in Facet.objects.filter(package=package, level=0):
            if f.until is None or f.until >= TODAY:
                self.marks[f.number].add((f.facet, f.value))
        self.texts = {d.pk & 0xFFFFFF: d.text for d in Document.objects.filter(package=package)}
        self.spots: dict[str, list[tuple[int, int]]] = {}
        for site in Site.objects.filter(package=package, easting__isnull=False, live=True):
            self.spots.setdefault(site.organisation, []).append((site.easting or 0, site.northing or 0))

    def km(self, number: int, place: Any) -> float | None:
        row = self.rows[number]
        spots = self.spots.get(row.uid) or ([(row.easting, row.northing)] if row.easting is not None else [])
        return min((hypot(e - place.easting, n - place.northing) / 1000 for e, n in spots), default=None)

    def chosen(self, number: int, facet: str, value: str, definition: str) -> bool:
        key = f"{facet}:{definition}" if facet in {COUNTED, SEGMENT} else facet
        if facet == COUNTED and value == "no":
            return not {(key, "yes"), (key, "unknown")} & self.marks[number]
        return (key, value) in self.marks[number]

    def fits(self, query: Query, definition: str, place: Any, but: str = "") -> set[int]:
        found = set()
        for number, row in self.rows.items():
            picked = {f: getattr(query, f) for f in FACETS}
            picked[COUNTED] = (picked[COUNTED] or ("yes",)) if query.definition else ()
            away = self.km(number, place) if place else None
            if (
                (query.ended or row.live)
                and all(has(self.texts[number], word) for word in fold(query.q).split())
                and (place is None or (away is not None and away <= query.within))
                and all(
                    any(self.chosen(number, f, v, definition) for v in values)
                    for f, values in picked.items()
                    if values and f != but
                )
            ):
                found.add(number)
        return found


def has(text: str, word: str) -> bool:
    return word in text if len(word) >= 3 else f" {word}" in f" {text}"


VALUES = {
    "size": ["0-9", "10-49", "50-249", "250+", "unknown"],
    "capability": ["injection-moulding", "clean-room-iso-7", "fill-finish", "none-such"],
    "licence": ["ISO 13485", "UKCA", "MIA"],
    "ownership": ["family-owned", "uk-group"],
    "activity": ["manufacture", "office"],
    "segment": ["medtech", "biopharma", "dental"],
    "counted": ["yes", "unknown", "no"],
    "place": ["E12000004", "E12000005"],
}
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        **{facet: st.lists(st.sampled_from(values), min_size=1, max_size=2) for facet, values in VALUES.items()},
        "q": st.sampled_from(["medical", "limited vara", "mould", "ltd iso 7"]),
        "definition": st.sampled_from(["ols-segments", "dbt-sic"]),
        "near": st.sampled_from(["LE1", "Nottingham", "B1 1AA"]),
        "within": st.sampled_from(["10", "40"]),
        "sort": st.sampled_from(["name", "size", "recent", "distance"]),
        "ended": st.just("1"),
        "per_page": st.sampled_from(["5", "50"]),
        "page": st.sampled_from(["1", "2", "99"]),
    },
)


def test_hits_and_every_count_are_those_of_the_twin(region: Package) -> None:
    twin = Twin(region)

    @settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(params=QUERIES)
    def check(params: dict[str, Any]) -> None:
        query = Query.parse(params)
        page = results(query, None)
        definition = query.definition or "ols-segments"
        place = place_of(query.near) if query.near else None
        fits = twin.fits(query, definition, place)
        assert set(page.uids()) == {twin.rows[n].uid for n in fits}
        assert page.total == len(fits) == len(page.uids())
        assert len(page.rows) == len(page.uids()[(page.page - 1) * query.per_page :][: query.per_page])
        for facet in page.facets:
            others = twin.fits(query, definition, place, but=facet.name)
            for value in facet.values:
                expected = sum(twin.chosen(n, facet.name, value.value, definition) for n in others)
                assert value.count == expected, (facet.name, value.value)
        in_order(query, page, twin)

    check()


def in_order(query: Query, page: Any, twin: Twin) -> None:
    """Rows stand in the order that was asked for."""
    rows = [row.organisation for row in page.rows]
    if query.order == "name":
        assert [fold(r.name) for r in rows] == sorted(fold(r.name) for r in rows)
    elif query.order == "size":
        assert all((a.employees or -1) >= (b.employees or -1) for a, b in pairwise(rows))
    elif query.order == "distance" and page.found:
        assert [row.km for row in page.rows] == sorted(row.km for row in page.rows)
        for row in page.rows:
            assert row.km == pytest.approx(twin.km(row.organisation.number, page.found))


def test_pages_together_are_all_hits_once(region: Package) -> None:
    seen: list[str] = []
    query = Query(per_page=7)
    pages = results(query, None).pages
    for number in range(1, pages + 1):
        seen += [row.organisation.uid for row in results(query.with_(page=number), None).rows]
    assert seen == results(query, None).uids()
    assert len(set(seen)) == 120


def test_pages_that_do_not_exist_give_the_last(small: Package) -> None:
    page = results(Query(page=40), None)
    assert (page.page, page.pages, page.total) == (1, 1, 4)


def test_the_definition_counts(small: Package) -> None:
    def hits(**params: Any) -> set[str]:
        return set(results(Query.parse(params), None).uids())

    assert hits(definition="ols-segments") == {org("alpha"), org("beta")}
    assert hits(definition="ols-segments", ended="1") == {org("alpha"), org("beta"), org("delta")}
    assert hits(definition="ols-segments", counted="unknown") == {org("epsilon")}
    assert hits(definition="ols-segments", counted=["no", "unknown"]) == {org("epsilon"), org("gamma")}
    assert hits(segment="respiratory") == {org("alpha")}
    assert hits(definition="dbt-sic", segment="medical-technology") == {org("alpha")}
    assert results(Query(definition="made-up"), None).notes == ("There is no definition “made-up”.",)


def test_a_licence_that_ran_out_no_longer_counts(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from django.conf import settings as django_settings

    assert results(Query(licence=("ISO 13485",)), None).uids() == [org("alpha")]
    assert results(Query(licence=("UKCA",)), None).uids() == [org("beta")]
    monkeypatch.setattr(django_settings, "LIFECLUSTER_AT", date(2026, 12, 2))
    assert results(Query(licence=("UKCA",)), None).uids() == []


def test_points_and_dots_are_of_all_hits(small: Package) -> None:
    page = results(Query(per_page=1), None)
    assert {p.uid for p in page.points()} == {org("alpha"), org("beta"), org("gamma")}
    assert sorted(page.dots()) == sorted((p.easting, p.northing) for p in page.points())
    near = results(Query(near="NG1 1AA", within=5), None)
    assert [(p.uid, p.easting, round(p.km or 0, 1)) for p in near.points()] == [
        (org("alpha"), 457_000, 0.0),
        (org("beta"), 458_000, 1.4),
    ]
    assert near.rows[0].site == making.uid("site", "alpha-2")


def test_a_licence_near_a_place_is_measured_to_where_it_is_held(database: None, tmp_path: Path) -> None:
    held = {"holder": org("alpha"), "licence_type": "MIA", "state": "active", "reference": "m1"}
    at_leicester = said(making.uid("licence", "m1"), {**held, "held_at": making.uid("site", "alpha-1")})
    load(making.small(tmp_path, extra=at_leicester).path)
    assert org("alpha") in results(Query(near="NG1 1AA", within=5), None).uids()
    assert results(Query(near="NG1 1AA", within=5, licence=("MIA",)), None).uids() == []
    offered = {f.name: [v.value for v in f.values] for f in results(Query(near="NG1 1AA", within=5), None).facets}
    assert "MIA" not in offered["licence"]
    assert "ISO 13485" in offered["licence"]  # names no site, so any of its sites will do
    there = results(Query(near="LE1 1AA", within=5, licence=("MIA",)), None)
    assert (there.rows[0].site, there.rows[0].km) == (making.uid("site", "alpha-1"), 0.0)
    wide = results(Query(near="NG1 1AA", within=50, licence=("MIA",)), None)
    assert round(wide.rows[0].km or 0) == 36
    assert wide.points()[0].easting == 458_000


def test_a_place_that_nobody_knows_is_said_and_not_used(small: Package) -> None:
    page = results(Query(near="Atlantis"), None)
    assert page.total == 4
    assert "“Atlantis” is no postcode" in page.notes[0]


@pytest.mark.parametrize(
    ("params", "most"),
    [
        ({}, 2),
        ({"size": "0-9", "capability": "fill-finish"}, 2),
        ({"q": "medical"}, 3),
        ({"q": "medicl plastix"}, 4),
        ({"near": "LE1 1AA", "q": "medical"}, 5),
        ({"near": "LE1 1AA", "q": "medical", "licence": "MIA"}, 5),
    ],
)
def test_queries_do_not_grow_with_the_register(region: Package, params: dict[str, Any], most: int) -> None:
    query = Query.parse({**params, "per_page": "200"})
    results(query, None)
    with CaptureQueriesContext(connection) as asked:
        page = results(query, None)
        for row in page.rows:
            _ = (row.organisation.name, row.organisation.summary, row.organisation.town)
        page.points()
        _ = [value.url for facet in page.facets for value in facet.values]
    assert len(asked) <= most


def test_links_of_facets_lead_where_they_say(region: Package) -> None:
    page = results(Query(size=("0-9",)), None)
    for facet in page.facets:
        for value in facet.values[:4]:
            there = results(Query.parse(dict(_pairs(value.url))), None)
            if not value.chosen and facet.name != "size":
                assert there.total == value.count


def _pairs(url: str) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    return parse_qs(url)
