"""Nothing reaches a reader that is not theirs to see: looked for in every way of reading there is."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from lifecluster.web.api.reconcile import schema
from lifecluster.web.directory import actions, reads
from lifecluster.web.directory.models import (
    Change,
    Facet,
    FacetLabel,
    Group,
    Organisation,
    Package,
    Segment,
    Site,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.search import Query, place_of, results, search, suggest
from lifecluster.web.directory.search.index import index_of
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said, uid

MEMBER = Viewer(frozenset({"member"}), frozenset({org("epsilon")}))
DESK = Viewer(frozenset({"desk"}))
BROKER = Viewer(frozenset({"broker"}))
GAMMA = Viewer(frozenset({"member"}), frozenset({org("gamma")}))
EVERYBODY = {"visitor": ANYBODY, "member": MEMBER, "desk": DESK, "broker": BROKER, "gamma": GAMMA}
M, D, B, OWN = ({"visibility": level, "source": "bench-member"} for level in ("members", "desk", "broker", "owner"))

SECRETS = {
    "membersonly": {"member", "desk", "broker", "gamma"},
    "deskonly": {"desk", "broker"},
    "brokeronly": {"broker"},
    "ownersalone": {"gamma"},
    "onlytobecounted": set(),
}
"""A word, and who may come across it."""


def rows() -> list[dict[str, Any]]:
    found = said(org("alpha"), {"capability": ["membersonly-moulding"], "description": "We do membersonly work."}, **M)
    found += said(org("beta"), {"employees": 61}, **M)
    found += said(org("beta"), {"capability": ["onlytobecounted-line"]}, aggregate_only=True, source="bench-member")
    found += said(org("gamma"), {"description": "Our ownersalone plan."}, **OWN, owner=org("gamma"))
    found += said(org("secret"), {"name": "Deskonly Start-up", "employees": 3}, **D)
    found += said(uid("site", "alpha-3"), {"holder": org("alpha"), "town": "Deskonlyville", "postcode": "DE1 1AA"}, **D)
    found += said(uid("site", "beta-1"), {"postcode": "NG9 9ZZ", "name": "Membersonly annex"}, **M)
    found += said(uid("need", "n1"), {"holder": org("alpha"), "title": "Needs brokeronly resin", "topic": ["x"]}, **B)
    found += said(uid("offer", "o1"), {"holder": org("alpha"), "title": "onlytobecounted"}, aggregate_only=True)
    return found


@pytest.fixture
def mixed(database: None, tmp_path: Path) -> Package:
    return load(making.small(tmp_path, "mixed", extra=rows()).path)


def called(one: str, viewer: Viewer) -> str:
    try:
        return reads.resolve(one, viewer).name
    except reads.UnknownIdError:
        return ""


def everything(viewer: Viewer) -> str:
    """All that a reader can get out of the register, as one text."""
    found: list[Any] = []
    for model in (Organisation, Site, Group, Thing, Tie, Segment, Statement):
        found += [json.dumps(row, default=str) for row in model.objects.visible_to(viewer).values()]
    found += list(Change.objects.visible_to(viewer).values())
    page = results(Query(ended=True, per_page=200), viewer)
    found += [page.points(), page.uids(), page.facets, page.rows, [r.organisation.summary for r in page.rows]]
    for one in page.uids():
        view = reads.organisation(one, viewer)
        found += [vars(view.values), view.values.subject(one), view.names, view.organisation.data]
        found += [[s.data for s in view.sites], view.things]
    for word in SECRETS:
        found += [search(word, viewer), suggest(word, viewer), results(Query(q=word[:-2]), viewer).corrected]
    found += [reads.figures().organisations, called(org("secret"), viewer)]
    return repr(found).lower()


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_words_reach_only_whom_they_are_for(mixed: Package, who: str) -> None:
    text = everything(EVERYBODY[who])
    # What was typed into the search is said back; it is no finding.
    found = {word for word in SECRETS if word in text.replace(f"'{word}'", "")}
    assert found == {word for word, allowed in SECRETS.items() if who in allowed}


def test_the_public_row_is_made_from_public_statements(mixed: Package) -> None:
    beta = reads.organisation(org("beta"), ANYBODY)
    assert beta.organisation.employees == 4
    assert beta.organisation.size == "0-9"
    stated = beta.values.of(org("beta"), "employees")
    assert stated is not None
    assert stated.text == "4"
    theirs = reads.organisation(org("beta"), MEMBER).values.of(org("beta"), "employees")
    assert theirs is not None
    assert (theirs.text, [s.value for s in theirs.others]) == ("61", ["4"])


def test_shares_of_jobs_do_not_betray_a_site(mixed: Package) -> None:
    """Alpha has thirty people, ten of them stated for a site; a third site is for the desk alone."""
    jobs = dict(Site.objects.filter(organisation=org("alpha")).values_list("uid", "jobs"))
    assert jobs == {uid("site", "alpha-1"): 20, uid("site", "alpha-2"): 10, uid("site", "alpha-3"): None}


def test_coordinates_do_not_betray_a_postcode(database: None, tmp_path: Path) -> None:
    """Packages of before made them of all values, so they go."""
    load(making.small(tmp_path, "before", extra=rows(), earlier=True).path)
    site = Site.objects.visible_to(ANYBODY).get(uid=uid("site", "beta-1"))
    assert (site.easting, site.northing, site.lad) == (None, None, "")
    beta = Organisation.objects.visible_to(ANYBODY).get(uid=org("beta"))
    assert beta.easting is None


def test_a_closed_postcode_takes_no_public_place_away(mixed: Package) -> None:
    """A package makes coordinates of what the readers of a row may know: that they were gone would tell of a list."""
    site = Site.objects.visible_to(ANYBODY).get(uid=uid("site", "beta-1"))
    assert (site.postcode, site.easting, site.northing) == ("NG2 1AA", 458_000, 339_000)
    beta = Organisation.objects.visible_to(ANYBODY).get(uid=org("beta"))
    assert beta.easting == 458_000
    assert place_of("NG9 9ZZ") is None or place_of("NG9 9ZZ").quality == "outward"


def test_facets_and_sizes_follow_the_clearance(mixed: Package) -> None:
    def hits(viewer: Viewer, **query: Any) -> set[str]:
        return set(results(Query.parse(query), viewer).uids())

    assert hits(ANYBODY, capability="membersonly-moulding") == set()
    assert hits(MEMBER, capability="membersonly-moulding") == {org("alpha")}
    assert org("beta") in hits(ANYBODY, size="0-9")
    assert org("beta") not in hits(MEMBER, size="0-9")
    assert hits(MEMBER, size="50-249") == {org("beta")}
    assert org("secret") in hits(DESK, size="0-9")
    for viewer in EVERYBODY.values():
        assert hits(viewer, capability="onlytobecounted-line") == set()


CLASSED: dict[str, Any] = {
    "name": "Hush Club's name for it", "previous_name": ["Hush"], "trading_name": ["Hush"], "description": "Hush work.",
    "sic": ["21100"], "segment": ["biopharma"], "organisation_type": "university", "status": "active",
}  # fmt: skip


def classes_told(key: str, viewer: Viewer = ANYBODY) -> Any:
    """All that is told of an organisation's classes: rows, facets, counts of the list and the line in it."""
    rows = Segment.objects.visible_to(viewer).filter(organisation=org(key)).order_by("pk")
    mine = Organisation.objects.visible_to(viewer).get(uid=org(key))
    facets = Facet.objects.filter(package=mine.package, number=mine.number, level__lte=viewer.clearance,
                                  upto__gte=viewer.clearance)  # fmt: skip
    marks = sorted((f.facet, f.value) for f in facets if f.facet.startswith(("counted", "segment")))
    counted = [(f.name, [(v.value, v.count) for v in f.values]) for f in results(Query(), viewer).facets
               if f.name in {"counted", "segment"}]  # fmt: skip
    of = [(r.definition, r.segment, r.role, r.probability, r.state, r.evidence) for r in rows]
    return of, marks, counted, mine.summary["segments"]


@pytest.mark.parametrize("more", [M, D, OWN | {"owner": org("alpha")}, {"aggregate_only": True}], ids=str)
def test_a_closed_list_changes_nothing_of_the_classes_that_a_visitor_is_told(
    database: None, tmp_path: Path, more: dict[str, Any]
) -> None:
    load(making.small(tmp_path / "a", "without").path)
    without = classes_told("alpha")
    assert without[0] and without[1] and without[3]["ols-segments"] == ["medtech", "respiratory"]
    load(making.small(tmp_path / "b", "with", extra=said(org("alpha"), CLASSED, **more)).path)
    assert classes_told("alpha") == without
    assert classes_told("alpha", MEMBER)[0] == without[0]


@pytest.mark.parametrize("prop", ["description", "previous_name", "organisation_type"])
def test_an_edit_for_members_changes_nothing_of_the_classes(database: None, tmp_path: Path, prop: str) -> None:
    """A build does not classify by edits, so neither do the pages: the package's classes rest on none of them."""
    load(making.small(tmp_path, "edited").path)
    before = classes_told("alpha"), classes_told("alpha", MEMBER)
    told = {"subject": org("alpha"), "property": prop, "value": CLASSED[prop], "visibility": "members"}
    proposed = actions.propose_edit(viewer=OPERATOR, at=NOW, **told)
    actions.approve_edit(entry=proposed.id, viewer=OPERATOR, at=NOW)
    assert (classes_told("alpha"), classes_told("alpha", MEMBER)) == before
    load(making.small(tmp_path / "again", "again").path)
    assert (classes_told("alpha"), classes_told("alpha", MEMBER)) == before, "nor after the next load"


def test_classes_that_an_earlier_package_made_of_all_values_stay_closed(database: None, tmp_path: Path) -> None:
    load(making.small(tmp_path, "earlier", extra=rows(), earlier=True).path)
    assert not Segment.objects.visible_to(ANYBODY).filter(organisation=org("alpha")).exists()
    assert Segment.objects.visible_to(MEMBER).filter(organisation=org("alpha")).exists()
    assert Segment.objects.visible_to(ANYBODY).filter(organisation=org("beta")).exists()


LABELLED = {"capability": "hushwell-casting", "place": "E07000138", "type": "hush-body", "licence": "HUSH-1",
            "mission": "hush-care", "size": "250+"}  # fmt: skip
"""Values that in `labelled` only rows for members have."""
UNUSED = {"capability": "hushwell-casts", "place": "E07000139", "type": "hush-bodice", "licence": "HUSH-2",
          "mission": "hush-cart", "size": "50-249"}  # fmt: skip
"""Others that nothing has, which sort where those do."""


@pytest.fixture
def labelled(database: None, tmp_path: Path) -> Package:
    """The small register, smaller: beta, and a hidden organisation with a value of every facet that nobody else has."""
    hidden, site = org("hushed"), uid("site", "hushed-1")
    extra = said(hidden, {"name": "Hushwell Ltd", "employees": 300, "organisation_type": "hush-body",
                          "capability": ["hushwell-casting"], "mission": ["hush-care"]})  # fmt: skip
    extra += said(site, {"holder": hidden, "town": "Hushwellton", "postcode": "LN1 1AA"})
    extra += said(uid("licence", "hushed"), {"holder": hidden, "licence_type": "HUSH-1", "state": "active"})
    closed = dict.fromkeys([hidden, site, uid("licence", "hushed")], "members")
    return load(making.small(tmp_path, "labelled", without=org("gamma"), extra=extra, presence=closed,
                             spots={site: (497_000, 371_000, "E07000138")}).path)  # fmt: skip


def plain(text: str, value: str) -> str:
    """A page without the value that was asked for, however it is written."""
    for form in (quote(quote(value)), quote(value), value):
        text = text.replace(form, "VALUE")
    return text


def label(facet: str, value: str, viewer: Viewer) -> str:
    (mine,) = [f for f in results(Query.parse({facet: value}), viewer).facets if f.name == facet]
    (chosen,) = [v for v in mine.values if v.value == value]
    return chosen.label


@pytest.mark.parametrize("facet", sorted(LABELLED))
def test_a_value_that_only_closed_rows_have_has_no_label(labelled: Package, facet: str) -> None:
    hidden, unused = LABELLED[facet], UNUSED[facet]
    assert FacetLabel.objects.filter(facet=facet, value=hidden).exclude(label=hidden).exists() or facet == "licence"
    assert label(facet, hidden, ANYBODY) == hidden
    assert label(facet, unused, ANYBODY) == unused
    assert label(facet, hidden, MEMBER) == FacetLabel.objects.get(facet=facet, value=hidden).label
    for address in ("/directory", "/directory/embed", "/api/v1/facets"):
        pages = [Client().get(f"{address}?{facet}={quote(v)}").content.decode() for v in (hidden, unused)]
        assert plain(pages[0], hidden) == plain(pages[1], unused), address


def test_every_value_that_a_reader_finds_has_a_label(labelled: Package) -> None:
    for viewer in (ANYBODY, MEMBER):
        index = index_of(labelled, viewer)
        found = {(facet, value) for facet, values in index.values.items() for value in values}
        sure = {(facet, value) for facet, value in index.labels if facet.startswith("counted")}
        assert found <= index.labels.keys()
        assert index.labels.keys() - sure <= found
    counted = {value for facet, value in index_of(labelled, ANYBODY).labels if facet == "counted:dbt-sic"}
    assert counted == {"yes", "likely", "unlikely", "unknown", "no"}


def test_a_label_comes_and_goes_with_the_public_row(labelled: Package) -> None:
    told = {"subject": org("beta"), "property": "capability", "value": ["hushwell-casting"], "visibility": "public"}
    proposed = actions.propose_edit(viewer=OPERATOR, at=NOW, **told)
    actions.approve_edit(entry=proposed.id, viewer=OPERATOR, at=NOW)
    assert label("capability", "hushwell-casting", ANYBODY) == "Hushwell casting"
    actions.retract_edit(entry=proposed.id, viewer=OPERATOR, at=NOW, why="a slip")
    assert label("capability", "hushwell-casting", ANYBODY) == "hushwell-casting"


def test_types_of_the_reconciliation_service_are_those_of_public_rows(labelled: Package) -> None:
    assert "hush-body" in FacetLabel.objects.filter(facet="type").values_list("value", flat=True)
    types = {one["id"] for one in schema.types()}
    assert types == {"organisation", "company"}
    for path in ("/reconcile", "/reconcile/suggest/type?prefix=h", "/reconcile/suggest/type?prefix="):
        assert "hush" not in Client().get(path).content.decode().lower(), path
    assert Client().get("/reconcile/flyout/type?id=hush-body").status_code == 404
    assert "company" in Client().get("/reconcile/suggest/type?prefix=c").content.decode()


def test_what_nobody_may_know_is_not_found(mixed: Package) -> None:
    for viewer in (ANYBODY, MEMBER):
        with pytest.raises(reads.NotHereError):
            reads.organisation(org("secret"), viewer)
    assert reads.organisation(org("secret"), DESK).organisation.name == "Deskonly Start-up"
    with pytest.raises(reads.NotHereError):
        reads.thing(uid("offer", "o1"), BROKER)
    with pytest.raises(reads.NotHereError):
        reads.site(uid("site", "alpha-3"), MEMBER)


def test_counts_of_the_home_page_are_of_public_rows(mixed: Package) -> None:
    figures = reads.figures()
    assert (figures.organisations, figures.ended, figures.sites) == (4, 1, 4)
    assert figures.things["need"] == figures.things["offer"] == 0
    public = Statement.objects.filter(level=0, aggregate_only=False).count()
    assert figures.statements == public


def test_every_row_of_the_public_is_in_what_others_see(mixed: Package) -> None:
    for model in (Organisation, Site, Thing, Tie, Segment, Statement):
        seen = [set(model.objects.visible_to(v).values_list("pk", flat=True)) for v in (ANYBODY, MEMBER, DESK, BROKER)]
        assert seen[0] <= seen[1] <= seen[2] <= seen[3]
