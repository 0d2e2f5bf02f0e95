"""A list by licence says how many of those licences were last checked long ago, and which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.show import aged
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from lifecluster.web.exports.selection import Selection
from lifecluster.web.kit import formats
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said, uid
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database

OLD, NEW = date(2024, 5, 2), date(2026, 9, 1)


@pytest.fixture
def aging(database: None, tmp_path: Path) -> Package:
    """Alpha's MIA is old by what everybody may know, and confirmed among members; beta's is new, gamma has both."""
    rows = []
    for key, holder, seen in (("m1", "alpha", OLD), ("m2", "beta", NEW), ("m3", "gamma", OLD), ("m4", "gamma", NEW)):
        values = {"holder": org(holder), "licence_type": "MIA", "state": "active", "reference": key}
        rows += said(uid("licence", key), values, observed_on=seen)
    rows += said(uid("licence", "m1"), {"licence_type": "MIA"}, visibility="members", verified_on=NEW, observed_on=OLD)  # fmt: skip
    rows += said(uid("licence", "w1"), {"holder": org("alpha"), "licence_type": "WDA(H)", "state": "active"},
                 observed_on=OLD)  # fmt: skip
    return load(making.small(tmp_path, extra=rows).path)


def test_the_list_says_how_many_and_marks_them(aging: Package, look: Look) -> None:
    page = look("/directory?licence=MIA")
    assert "1 of these 3 MIA licences was last checked more than 365 days ago" in words(page)
    marked = [row for row in page.cssselect("table.hits tbody tr") if row.cssselect(".badge-stale")]
    assert [row.get("data-uid") for row in marked] == [org("alpha")]
    assert "MIA last checked 2 May 2024" in words(marked[0])
    assert "MIA last checked 2 May 2024" in words(look("/directory/embed?licence=MIA"))


def test_who_may_know_more_reads_of_the_newer_date(aging: Package) -> None:
    asked = Query(licence=("MIA",))
    assert aged.said(results(asked, ANYBODY)) and not aged.said(results(asked, Viewer(frozenset({"member"}))))


@pytest.mark.parametrize("address", ["/directory", "/directory?q=alpha", "/directory?licence=ISO%2013485"])
def test_nothing_is_said_where_nothing_is_stale_or_asked_for(aging: Package, look: Look, address: str) -> None:
    page = look(address)
    assert "last checked" not in words(page) and not page.cssselect(".badge-stale")


def test_one_licence_and_several_kinds(aging: Package) -> None:
    assert aged.said(results(Query(licence=("WDA(H)",)), ANYBODY)).startswith("This WDA(H) licence was last checked")
    both = results(Query(licence=("MIA", "WDA(H)")), ANYBODY)
    assert aged.said(both).startswith("2 of these 4 MIA and WDA(H) licences were last checked")
    (number,) = (n for n in both.numbers if both.hits.index.uids[n] == org("alpha"))
    assert aged.marks(both).keys() == {number}
    assert aged.marks(both)[number].count(f"last checked {formats.day(OLD)}") == 2


def test_a_licence_may_be_asked_for_in_any_case(aging: Package) -> None:
    asked, spelt = (results(Query(licence=(text,)), ANYBODY) for text in ("mia", "MIA"))
    assert asked.uids() == spelt.uids() and len(spelt.uids()) == 3
    assert asked.query == spelt.query


def test_exports_say_it_of_each_licence_and_organisation(aging: Package) -> None:
    export = Selection(Query(licence=("MIA",)), aging, ANYBODY, "http://here/")
    things = {row["id"]: row for row in export.rows("things")}
    told = {key: (things[uid("licence", key)]["last_checked"], things[uid("licence", key)]["stale"])
            for key in ("m1", "m2", "m3", "m4", "w1")}  # fmt: skip
    assert told == {"m1": (OLD, True), "m2": (NEW, False), "m3": (OLD, True), "m4": (NEW, False), "w1": (OLD, True)}
    assert "stale" not in things[uid("award", "a1")], "what does not age has no mark"
    stale = {row["id"]: row["licences_stale"] for row in export.rows("organisations")}
    assert stale == {org("alpha"): ["MIA", "WDA(H)"], org("beta"): [], org("gamma"): []}


def test_machines_are_told_as_well(aging: Package, web: Client) -> None:
    asked = {row["id"]: row["licences_asked"] for row in web.get("/api/v1/organisations?licence=MIA").json()["items"]}
    new = {"licence_type": "MIA", "last_checked": NEW.isoformat(), "stale": False}
    assert asked == {org("alpha"): [new | {"last_checked": OLD.isoformat(), "stale": True}], org("beta"): [new],
                     org("gamma"): [new]}  # fmt: skip
    assert all(row["licences_asked"] == [] for row in web.get("/api/v1/organisations").json()["items"])


def test_a_number_of_staff_that_is_old_is_marked_for_whom_it_is_old(database: None, tmp_path: Path, look: Look) -> None:
    rows = said(org("alpha"), {"employees": "70"}, observed_on=OLD, source="told-long-ago", rank="member")
    rows += said(org("alpha"), {"employees": "71"}, observed_on=NEW, visibility="members", source="told-long-ago",
                 rank="member")  # fmt: skip
    package = load(making.small(tmp_path, extra=rows).path)
    for address in ("/directory", "/directory/embed", "/directory?near=CV4%207AL&within=500"):
        marked = [row for row in look(address).cssselect("tbody tr") if row.cssselect("td.n .badge-stale")]
        assert ["70" in words(row.cssselect("td.n")[0]) for row in marked] == [True], address
    public, members = (results(Query(), who).hits.index for who in (ANYBODY, Viewer(frozenset({"member"}))))
    assert aged.staff(public, package) == {public.numbers[org("alpha")]}
    assert not aged.staff(members, package)
