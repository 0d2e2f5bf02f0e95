"""Pages put together quickly are, letter for letter, those of Django's own rendering of every row and part."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.template.base import NodeList
from django.test import Client

from lifecluster.web.directory import actions, memo, remembered
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.search import FACETS, Query, results
from lifecluster.web.directory.search import index as indexes
from lifecluster.web.directory.show import listing, rows
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.kit.quick.loader import Quick
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said
from tests.web.pages.test_hostile import rows as hostile_rows

pytestmark = pytest.mark.one_database


@pytest.fixture
def everything(database: None, tmp_path: Path) -> Package:
    return load(making.small(tmp_path, "quick-1", extra=hostile_rows()).path)


def queries(count: int) -> list[str]:
    """Random addresses of the list: filters that exist and that do not, words, places, pages, sorts."""
    rng = random.Random(7)
    index = results(Query(), None).hits.index
    found = []
    for _ in range(count):
        params: list[tuple[str, str]] = []
        for facet in rng.sample(FACETS, rng.choice([0, 1, 1, 2, 3])):
            known = sorted(index.values.get(facet, {})) or ["none"]
            params += [(facet, value) for value in rng.sample([*known, "no such & <value>"], rng.choice([1, 1, 2]))]
        params += rng.choice([[], [], [("q", rng.choice(["alpha", "script", "🧬", "diagnostcs", "שלום", "a b"]))]])
        params += rng.choice([[], [], [("near", rng.choice(["Nottingham", "NG1 1AA", "<nowhere>"])), ("within", "80")]])
        params += rng.choice([[], [("sort", rng.choice(["name", "size", "recent", "distance", "best"]))]])
        params += rng.choice([[], [("ended", "1")], [("per_page", "3"), ("page", str(rng.randint(1, 5)))]])
        params += rng.choice([[], [("definition", rng.choice(["ols-segments", "dbt-sic", "none"]))]])
        found.append(f"/directory?{urlencode(params)}")
    return found


def forget() -> None:
    """Let go of every page, row and part that was made."""
    remembered.shelf.empty()
    memo.forget()
    for index in indexes._kept.values():
        index.made.clear()


def both(web: Client, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    forget()
    quick = [web.get(path).content for path in paths]
    monkeypatch.setattr(Quick, "render", NodeList.render)
    plain = []
    for path in paths:
        forget()  # so that each row is made for this page
        plain.append(web.get(path).content)
    monkeypatch.undo()
    return list(zip(quick, plain, strict=True))


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day stays when other things that were set are taken back."""
    settings.LIFECLUSTER_AT = date(2026, 11, 22)


def test_lists_of_any_filters_are_those_of_plain_templates(
    everything: Package, web: Client, monkeypatch: pytest.MonkeyPatch, still: None
) -> None:
    paths = ["/directory", *queries(60)]
    for path, (quick, plain) in zip(paths, both(web, paths, monkeypatch), strict=True):
        assert quick == plain, path


def test_pages_of_organisations_are_those_of_plain_templates(
    everything: Package, web: Client, monkeypatch: pytest.MonkeyPatch, still: None
) -> None:
    paths = [f"/organisations/{o.uid}/{o.slug or 'page'}" for o in Organisation.objects.all()]
    assert len(paths) > 12
    for path, (quick, plain) in zip(paths, both(web, paths, monkeypatch), strict=True):
        assert quick == plain, path


def test_rows_that_are_kept_are_those_of_the_organisations_in_order(everything: Package) -> None:
    for query in (Query(), Query(sort="size", per_page=4, page=2), Query(ended=True, definition="dbt-sic")):
        page = results(query, None)
        made = rows.rows(page)
        assert made.count("<tr ") == len(page.numbers) == len(page.rows)
        at = [made.index(f'data-uid="{row.organisation.uid}"') for row in page.rows]
        assert at == sorted(at)


def test_a_row_for_those_who_may_see_more_is_never_shown_to_a_visitor(database: None, tmp_path: Path) -> None:
    secret = said(org("hidden"), {"name": "Quiet Biologics"}, visibility="desk", source="bench-member")
    load(making.small(tmp_path, "levels-1", extra=secret).path)
    everybody = Query(ended=True, per_page=200)
    for reader, seen in ((OPERATOR, True), (None, False), (OPERATOR, True), (None, False)):
        assert ("Quiet Biologics" in rows.rows(results(everybody, reader))) is seen


def test_a_new_package_and_an_edited_one_have_new_rows(database: None, tmp_path: Path) -> None:
    load(making.small(tmp_path, "first").path)
    before = rows.rows(results(Query(), None))
    load(making.small(tmp_path, "second", extra=said(org("newcomer"), {"name": "Newcomer Ltd"})).path)
    after = rows.rows(results(Query(ended=True), None))
    assert "Newcomer Ltd" in after
    assert "Newcomer Ltd" not in before
    entry = actions.propose_edit(subject=org("alpha"), property="employees", value=7411, viewer=OPERATOR, at=NOW)
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=NOW)
    edited = rows.rows(results(Query(ended=True), None))
    assert "7,411" in edited
    assert "7,411" not in after
    assert edited.count("<tr ") == after.count("<tr ")


def test_large_registers_make_their_rows_as_they_are_asked_for(
    everything: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = results(Query(per_page=3), None)
    whole = rows.rows(page)
    page.hits.index.made.clear()
    monkeypatch.setattr(rows, "AT_ONCE", 0)
    assert rows.rows(page) == whole
    assert len(page.hits.index.made["rows", page.definition]) == 3


def test_dots_are_those_of_the_places_of_all_hits(everything: Package) -> None:
    from lifecluster.web.directory.show import ground
    from lifecluster.web.kit.maps import specks

    codes = memo.codes(everything)
    frame = ground.ground(codes, 420.0).frame
    for query in (Query(), Query(ended=True), Query(size=("10-49",))):
        page = results(query, None)
        inside = [at for at in listing.places(page).values() if frame.has(*at)]
        assert listing._drawn(page, codes).pieces[1] == specks(ground.thinned(inside, frame), frame)
        assert listing.placed_hits(page) == len(listing.places(page))
