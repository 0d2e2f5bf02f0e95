"""The pages of the atlas: a first line in words, a list equal to each picture, few queries, never two packages mixed."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import lxml.etree
import pytest
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.web.atlas import actions, reads, taking
from lifecluster.web.atlas.computing import Computed
from lifecluster.web.atlas.models import AtlasPublication, AtlasResult, entry_of
from lifecluster.web.atlas.show import drawings
from lifecluster.web.directory import actions as directory
from lifecluster.web.directory.computed import touched
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError
from tests.web.atlas.conftest import part, register
from tests.web.directory.conftest import NOW, load
from tests.web.pages.conftest import Look, words
from tests.web.pages.test_hostile import HOSTILE

pytestmark = pytest.mark.one_database

PATHS = ("/atlas", "/atlas/segments/all", "/atlas/segments/biopharma", "/atlas/clusters/1", "/atlas/areas",
         "/atlas/benchmark", "/atlas/network")  # fmt: skip


def test_before_anything_is_computed_pages_say_what_to_do(towns: Package, look: Look) -> None:
    for path in PATHS:
        assert "lifecluster atlas refresh" in words(look(path))
    assert not look("/").cssselect("#atlas")


def test_without_a_package_it_says_so(database: None, web: Client) -> None:
    assert web.get("/atlas").status_code == 503
    assert web.get("/atlas/take/overview/data.json").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_each_page_begins_with_a_sentence_and_ends_with_what_it_rests_on(
    path: str, mapped: Package, look: Look
) -> None:
    page = look(path)
    lead = words(page.cssselect(".lead")[0])
    assert lead.endswith(".")
    assert len(lead) > 40
    assert "p =" not in lead
    rests = words(page.cssselect("#how")[0])
    for told in ("all live companies of the region", "towns-1", "Seed", "100 m", "Suppression"):
        assert told in rests
    for drawing in page.cssselect("svg[role=img]"):
        assert drawing.get("aria-label")
    assert page.cssselect('nav a[aria-current="page"]')[0].get("href") == "/atlas"


def test_the_overview_says_who_entered(mapped: Package, computed: list[Computed], look: Look) -> None:
    said = words(look("/atlas").cssselect("#how")[0])
    assert part(computed, "overview")["entered"] in said
    assert f"{part(computed, 'overview')['n']} of " in said


@pytest.mark.parametrize("key", ["all", "biopharma"])
def test_a_segment_says_its_definition_and_who_entered(
    key: str, mapped: Package, computed: list[Computed], look: Look
) -> None:
    body = part(computed, "segment", key)
    page = look(f"/atlas/segments/{key}")
    head = words(page.cssselect(".pagehead")[0])
    assert body["entered"] in head
    told = re.search(r"([0-9,]+) of ([0-9,]+) organisations of", head)
    assert told and 0 < int(told[1]) <= int(told[2])
    assert body["definition_title"] in head
    assert " sites" not in words(page.cssselect("main")[0])


def test_an_atlas_of_before_says_the_definition_alone(mapped: Package, look: Look) -> None:
    found = AtlasResult.objects.get(kind="segment", key="all")
    found.body = {name: value for name, value in found.body.items() if name != "entered"}
    found.save()
    touched(mapped)
    said = words(look("/atlas/segments/all").cssselect(".atlas-entered")[0])
    assert said == f"Who counts: {found.body['definition_title']}."


def test_the_list_is_equal_to_the_map(mapped: Package, computed: list[Computed], look: Look) -> None:
    clusters = part(computed, "overview")["clusters"]
    page = look("/atlas")
    assert len(page.cssselect("svg.map .ring")) == len(clusters)
    assert len(page.cssselect("#clusters tbody tr")) == len(clusters)
    areas = look("/atlas/areas")
    shaded = [one for one in areas.cssselect("#map svg.map[role=img] path") if (one.get("class") or "")[:6] == "area-q"]
    known = [one for one in shaded if one.get("class") != "area-q0"]
    rows = part(computed, "areas")["geographies"][0]["areas"]
    assert len(known) == len([row for row in rows if row["value"] is not None]) == 3


def test_areas_beyond_chance_have_a_border_that_nothing_covers(
    mapped: Package, computed: list[Computed], look: Look, web: Client
) -> None:
    result = AtlasResult.objects.get(kind="areas")
    body = copy.deepcopy(result.body)
    for row, q in zip(body["geographies"][0]["areas"], (0.9, 0.05, 0.06), strict=False):
        row["q"] = q
    result.body = body
    result.save()
    touched(mapped)
    sure = [row["name"] for row in body["geographies"][0]["areas"] if row["q"] is not None and row["q"] <= 0.05]
    page = look("/atlas/areas")
    drawn = [one.get("class") for one in page.cssselect("#map svg.map[role=img] path[class^='area-q']")]
    assert len(sure) >= 1
    assert all("is-sure" in one for one in drawn[-len(sure) :])
    assert not any("is-sure" in one for one in drawn[: -len(sure)])
    assert drawings.SURE_WORDS in words(page.cssselect(".shades")[0])
    assert len(page.cssselect(".shades .swatch")) == len(drawings.SHADE_WORDS) + 1
    svg = web.get("/atlas/take/areas/map.svg").content.decode()
    assert drawings.SURE_WORDS in svg
    assert svg.count('class="swatch area-q') == len(drawings.SHADE_WORDS) + 1


def test_curves_say_in_words_what_they_draw(mapped: Package, computed: list[Computed], look: Look) -> None:
    body = part(computed, "segment", "all")
    page = look("/atlas/segments/all")
    for which in ("kd", "m"):
        found = body["curves"][which]
        (section,) = page.cssselect(f"#{which}")
        sentence = found["sentence"].replace("sites", "companies")
        assert sentence in words(section)
        (drawn,) = section.cssselect("svg.curve")
        assert sentence in drawn.get("aria-label", "")
        assert len(drawn.cssselect("path.found")[0].get("d", "").split("L")) == len(found["curve"])
    assert len(page.cssselect("#nulls tbody tr")) == 3


def test_a_cluster_names_members_and_hides_the_jobs_of_few(
    mapped: Package, computed: list[Computed], look: Look
) -> None:
    body = part(computed, "cluster", "1")
    page = look("/atlas/clusters/1")
    assert len(page.cssselect("#members details tbody tr")) == len(body["members"])
    assert "university of Derby" in words(page.cssselect("#where")[0])
    found = AtlasResult.objects.get(kind="cluster", key="1")
    found.body = {**body, "jobs": {**body["jobs"], "value": None, "suppression": "too few"}}
    found.save()
    touched(mapped)
    assert "[c]" in words(look("/atlas/clusters/1").cssselect("#what")[0])


def test_the_home_page_has_the_first_line(mapped: Package, look: Look) -> None:
    (panel,) = look("/").cssselect("#atlas")
    assert "life-science companies" in words(panel)


def test_what_is_not_there_is_not_found(mapped: Package, web: Client) -> None:
    for path in ("/atlas/clusters/99", "/atlas/segments/nonsense", "/atlas/take/overview/nothing.svg",
                 "/atlas/take/segment/all/map.svg", "/atlas/published/000000000000"):  # fmt: skip
        assert web.get(path).status_code == 404, path


def test_packages_are_never_mixed(mapped: Package, tmp_path: Path, look: Look) -> None:
    load(register(tmp_path / "next", "towns-2").path)
    assert "lifecluster atlas refresh" in words(look("/atlas"))
    assert not look("/").cssselect("#atlas")
    directory.roll_back(viewer=OPERATOR, at=NOW)
    assert "towns-1" in words(look("/atlas"))


def test_words_that_mean_harm_stay_words(mapped: Package, look: Look) -> None:
    for found in AtlasResult.objects.all():
        body = copy.deepcopy(found.body)
        text = (
            HOSTILE
            if isinstance(HOSTILE, str)
            else next(iter(HOSTILE.values() if isinstance(HOSTILE, dict) else HOSTILE))
        )
        body["title"] = body["place"] = body["name"] = body["region"] = str(text)
        found.body = body
        found.save()
    touched(mapped)
    for path in PATHS:
        look(path)  # looked over by `assert_harmless`


def test_pictures_data_and_recipe_can_be_taken(mapped: Package, computed: list[Computed], web: Client) -> None:
    for path in PATHS:
        kind, key = [*path.split("/")[2:], ""][:2] if path.count("/") > 1 else ("overview", "")
        found = reads.part(kind.removesuffix("s") if kind in {"segments", "clusters"} else kind, key)
        for one in taking.links(found):
            answer = web.get(one.url)
            assert answer.status_code == 200, one.url
            assert "attachment" in answer["Content-Disposition"]
            if one.url.endswith(".svg"):
                root = lxml.etree.fromstring(answer.content)
                inner = root.find("{http://www.w3.org/2000/svg}svg")  # the drawing, cut off at its own box
                below = float(inner.get("y", "")) + float(inner.get("height", ""))
                said = root.findall("{http://www.w3.org/2000/svg}text")
                heads = [line for line in said if line.get("class") == "heading"]
                title = " ".join(line.text for line in heads)
                assert heads and all(0 < float(line.get("y", "")) < float(inner.get("y", "")) for line in heads)
                assert (found.body["definition_title"] in title) == (found.kind != "network")
                said = [line for line in said if line not in heads]
                assert all(below + 14 < float(line.get("y", "")) < float(root.get("height", "")) for line in said)
                assert all(
                    float(line.get("x", "")) + 6 * len(line.text) < float(root.get("width", "")) for line in said
                )
                shown = " ".join(line.text for line in said)
                assert all(word in shown for word in drawings.SHADE_WORDS) == (found.kind == "areas")
                assert ("Office for National Statistics" in shown) == (b'class="land"' in answer.content)
                assert float(root.get("width", "")) > float(inner.get("width", ""))
                assert b"towns-1 (sample data)" in answer.content
                assert b"var(--" not in answer.content
            if one.url.endswith("recipe.json"):
                assert json.loads(answer.content) == found.body["recipe"]
            if one.url.endswith("data.json"):
                assert json.loads(answer.content) == found.body
            if one.url.endswith(".csv"):
                assert answer.content.count(b"\r\n") > 1


def test_png_is_offered_only_where_it_can_be_made(
    mapped: Package, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "has_png", lambda: False)
    assert "PNG" not in web.get("/atlas").content.decode()
    assert web.get("/atlas/take/overview/map.png").status_code == 404
    monkeypatch.setattr(taking, "has_png", lambda: True)
    monkeypatch.setattr(taking, "_png", lambda svg: b"\x89PNG" + str(len(svg)).encode())
    answer = web.get("/atlas/take/overview/map.png")
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"


def test_png_is_what_the_library_draws(mapped: Package, web: Client) -> None:
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    found = web.get("/atlas/take/overview/map.png").content
    svg = lxml.etree.fromstring(web.get("/atlas/take/overview/map.svg").content)
    assert found.startswith(b"\x89PNG\r\n")
    wide, high = int.from_bytes(found[16:20], "big"), int.from_bytes(found[20:24], "big")
    assert (wide, high) == (2 * round(float(svg.get("width", ""))), 2 * round(float(svg.get("height", ""))))


def test_a_published_part_stays_as_it_was(mapped: Package, look: Look) -> None:
    with pytest.raises(PermissionDeniedError):
        actions.publish_part(kind="cluster", key="1", viewer=ANYBODY, at=NOW)
    made = actions.publish_part(kind="cluster", key="1", viewer=OPERATOR, at=NOW, note="for the board")
    again = actions.publish_part(kind="cluster", key="1", viewer=OPERATOR, at=NOW)
    assert made.entry == again.entry == entry_of(made.content)
    found = AtlasResult.objects.get(kind="cluster", key="1")
    found.body = {**found.body, "observed": 7}
    found.save()
    touched(mapped)
    address = f"/atlas/published/{made.entry[:12]}"
    frozen = look(address)
    assert "for the board" in words(frozen)
    assert words(frozen.cssselect(".lead")[0]) != words(look("/atlas/clusters/1").cssselect(".lead")[0])
    assert look("/atlas/clusters/1").cssselect(f'#cite a[href="{address}"]')
    assert LogRow.objects.filter(action="atlas.publish").count() == 1
    with pytest.raises(LifeclusterError, match="only added to"):
        AtlasPublication.objects.all().delete()
    with pytest.raises(LifeclusterError, match="only added to"):
        AtlasPublication.objects.update(note="other")
    made.note = "other"
    with pytest.raises(LifeclusterError, match="only added to"):
        made.save()


@pytest.mark.parametrize(("kind", "title"), [("network", "Collaboration"), ("areas", "Areas"), ("benchmark", "Ranks")])
def test_a_page_that_a_region_cannot_have_says_why(
    kind: str, title: str, mapped: Package, look: Look, web: Client
) -> None:
    AtlasResult.objects.filter(kind=kind).delete()
    overview = AtlasResult.objects.get(kind="overview")
    overview.body["parts"].remove(kind)
    overview.body["why"][kind] = f"nobody has any {kind}"
    AtlasResult.objects.filter(pk=overview.pk).update(body=overview.body)
    touched(mapped)
    page = look(f"/atlas/{kind}")
    assert words(page.cssselect("h1")[0]) == f"{title}: cannot tell"
    assert f"Nobody has any {kind}." in words(page)
    answer = web.get(f"/api/v1/atlas/{kind}")
    assert answer.status_code == 404 and f"nobody has any {kind}" in answer.json()["detail"]


def test_an_overview_of_before_says_that_something_is_missing(mapped: Package, look: Look) -> None:
    overview = AtlasResult.objects.get(kind="overview")
    body = {**overview.body, "parts": ["cluster", "segment"]}
    AtlasResult.objects.filter(pk=overview.pk).update(body={k: v for k, v in body.items() if k != "why"})
    touched(mapped)
    assert "What it is computed from is not in the register" in words(look("/atlas/network"))
