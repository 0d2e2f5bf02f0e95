"""The home page, and the pages that say what the register is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from lifecluster.web.directory import actions, memo, reads
from lifecluster.web.directory.models import Organisation, Package, Segment, Site
from lifecluster.web.directory.panels import home, news, where
from lifecluster.web.directory.panels.figures import Facts
from lifecluster.web.directory.panels.headline import headline
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.directory.views import about
from lifecluster.web.shell import footer, panels
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database

ABOUT = ("/definitions", "/sources", "/package", "/about", "/accessibility", "/privacy")


def test_the_region_in_a_sentence_with_evidence(small: Package, look: Look) -> None:
    page = look("/")
    heading = page.cssselect("h1")[0]
    marks = heading.cssselect("a.ev")
    assert len(marks) >= 2
    for mark in marks:
        panel = page.get_element_by_id(mark.get("href")[1:])
        text = words(panel)
        for part in ("Definition", "Source", "Licence", "Observed"):
            assert part in text
        assert panel.cssselect(".panel-links a")


def test_rows_behind_a_figure_are_as_many_as_the_figure(small: Package, look: Look) -> None:
    figures = reads.figures()
    for figure in figures.definitions:
        found = look(f"/directory?definition={figure.name}")
        assert words(found.cssselect(".hits-sentence")[0]).startswith(f"{figure.organisations} organisation")
    everything = look("/directory")
    assert words(everything.cssselect(".hits-sentence")[0]).startswith(f"{figures.organisations} organisation")


def test_the_map_stands_beside_its_equal_list(small: Package, look: Look) -> None:
    page = look("/")
    label = page.cssselect("svg.map")[0].get("aria-label")
    rows = page.cssselect("#where table tbody tr")
    total = sum(int(words(row.cssselect(".n")[0])) for row in rows)
    assert total == reads.figures().sites == 4
    assert f"Map of {total} places" in label
    assert words(page.cssselect("#where tfoot .n")[0]) == "4"


def test_an_area_leads_to_its_organisations(small: Package, look: Look) -> None:
    links = {words(a): a.get("href") for a in look("/").cssselect("#where tbody th a")}
    assert links
    for address in links.values():
        assert look(address).cssselect("table.hits tbody tr")


def test_what_is_new_follows_the_packages(small: Package, tmp_path: Path, look: Look) -> None:
    assert "small-1" in words(look("/").get_element_by_id("where"))
    more = said(org("zeta"), {"name": "Zeta Imaging"})
    load(making.small(tmp_path, "small-2", extra=more).path)
    text = words(look("/").get_element_by_id("where"))
    assert "Package small-2: 1 organisation new." in text
    assert "Zeta Imaging is new." in text


def test_where_little_changed_the_dates_of_the_register_are_news(small: Package, look: Look) -> None:
    text = words(look("/").get_element_by_id("where"))
    assert "1 MarDelta Surgical Limited closed." in text
    items = news.news(small, None)
    assert len(items) <= news.ENOUGH
    assert [item.day for item in items] == sorted((item.day for item in items), reverse=True)
    assert all(item.day <= small.at for item in news.dated(small))


def test_the_first_sentence_counts_under_one_definition(small: Package, look: Look) -> None:
    rows = Segment.objects.filter(about.COUNTED, package=small, segment="")
    first = next(name for name in memo.definitions(small) if rows.filter(definition=name).exists())
    inside = set(
        Segment.objects.filter(about.COUNTED, package=small, definition=first, segment="").values_list(
            "organisation", flat=True
        )
    )
    live = set(Organisation.objects.filter(package=small, live=True).values_list("uid", flat=True))
    codes = memo.codes(small)
    sites = [
        s for s in Site.objects.filter(package=small) if s.live and s.lad in codes and s.organisation in inside & live
    ]
    stated = [s for s in sites if s.jobs is not None]
    found = headline(small, first, codes)
    assert found.sites == len(sites) > 0
    assert found.jobs == round(sum(s.jobs if s.jobs_low is None else s.jobs_low for s in stated)) > 0
    assert found.silent == len(sites) - len(stated)
    facts = Facts(reads.figures())
    assert facts.sites_counted(found).value == str(found.sites)
    jobs = facts.jobs(found)
    assert jobs is not None
    assert jobs.value == f"{found.jobs:,}"
    assert facts.jobs(replace(found, jobs=0)) is None


def test_the_frame_is_the_same_on_every_page(small: Package, look: Look) -> None:
    for path in ("/", "/directory", *ABOUT, "/api/", f"/organisations/{org('alpha')}/alpha-medical-limited"):
        page = look(path)
        assert words(page.cssselect(".wordmark")[0]) == "Lifecluster Bench"
        assert "Bench" in words(page.cssselect("footer h2")[0])
        assert small.name in words(page.cssselect("footer .package")[0])
        assert "{'" not in words(page)


def test_ways_to_the_data_stand_in_the_footer(small: Package, look: Look) -> None:
    links = {words(a): a.get("href") for a in look("/").cssselect("footer nav a")}
    for title, start in (("API documentation", "/api/"), ("Changes by Atom", "/feeds/"), ("Downloads", "/directory#")):
        assert links[title].startswith(start)
        path, _, anchor = links[title].partition("#")
        if path.startswith("/feeds"):
            continue
        page = look(path)
        assert not anchor or page.get_element_by_id(anchor) is not None


def test_an_edit_shows_at_once(small: Package, look: Look) -> None:
    path = f"/organisations/{org('alpha')}/alpha-medical-limited"
    assert "34" in words(look(path).get_element_by_id("facts")) or "30" in words(look(path).get_element_by_id("facts"))
    entry = actions.propose_edit(subject=org("alpha"), property="employees", value=77, viewer=OPERATOR, at=NOW)
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=NOW)
    assert "77" in words(look(path).get_element_by_id("facts"))
    assert "Alpha Medical Limited changed: employees" in words(look("/").get_element_by_id("where"))


def test_nothing_loaded_says_what_to_do(database: None, web: Client) -> None:
    answer = web.get("/")
    assert answer.status_code == 200
    assert "Nothing is loaded yet" in answer.content.decode()
    for path in ("/directory", "/definitions", "/sources", "/package", f"/organisations/{org('alpha')}/x"):
        missing = web.get(path)
        assert missing.status_code == 503
        assert "lifecluster load" in missing.content.decode()
    for path in ("/about", "/accessibility", "/privacy"):
        assert web.get(path).status_code == 200


@pytest.mark.parametrize("path", ABOUT)
def test_pages_about_the_register(path: str, small: Package, look: Look) -> None:
    page = look(path)
    assert page.cssselect("h1")
    assert page.cssselect("section h2")


def test_sources_with_licences_and_counts(small: Package, look: Look) -> None:
    rows = look("/sources").cssselect("table tbody tr")
    assert len(rows) == len(reads.sources(None))
    for row, file in zip(rows, reads.sources(None), strict=True):
        assert file.title in words(row)
        assert (file.licence_title or file.licence) in words(row)
        assert row.cssselect(f"#{file.source}")


def test_the_package_with_hashes(small: Package, look: Look) -> None:
    text = words(look("/package"))
    assert small.name in text
    for file in small.manifest.data["inputs"]:
        assert file["sha256"] in text


def test_definitions_and_what_two_share(small: Package, look: Look) -> None:
    page = look("/definitions")
    known = small.manifest.data["definitions"]
    for definition in known:
        section = page.get_element_by_id(definition["name"])
        assert definition["effect"] in words(section)
    for row in page.cssselect("#differ tbody tr"):
        both, first, second = (int(words(cell)) for cell in row.cssselect("td.n"))
        assert both + first + second > 0


def test_rooms_and_pages_that_exist_are_linked_and_no_others(small: Package, look: Look) -> None:
    page = look("/")
    navigation = [words(a) for a in page.cssselect(".nav a")]
    assert "Directory" in navigation
    assert not {"Supply", "Pathways", "Funding", "Skills", "Voice", "Partnering"} & set(navigation)
    for link in page.cssselect("footer nav a"):
        assert link.get("href")
    for path in ABOUT:
        assert page.cssselect(f"footer a[href='{path}']")


def test_a_footer_link_to_nothing_is_left_out() -> None:
    footer.register(footer.FooterLink("nowhere", "Nowhere", 1, "use", "nowhere:index"))
    try:
        assert "Nowhere" not in [link.title for column in footer.columns() for link in column.links]
    finally:
        footer.remove("nowhere")
    with pytest.raises(ValueError, match="no column"):
        footer.FooterLink("x", "X", 1, "middle", "/x")


def test_panels_of_other_rooms_stand_between(small: Package, look: Look) -> None:
    added = panels.Panel("further", "home", 20, "Claims", "directory/panels/where.html", home.where)
    panels.register(added)
    try:
        order = [section.get("id") for section in look("/").cssselect("main section")]
        assert order == ["further", "where"]
    finally:
        panels.remove("further")


def test_dots_are_the_sites(small: Package) -> None:
    assert len(where.dots(small)) == 4
