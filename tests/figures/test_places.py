"""Places of claims: profiles, regions, codes, and the leagues they are ranked in."""

from __future__ import annotations

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.figures.places import competitors, of_region, place, regions, related
from lifecluster.region import Region, load_region, profiles, slug


def test_a_profile_of_two_regions_is_these_two():
    midlands = place("midlands")
    assert midlands.areas == ("TLF", "TLG")
    assert midlands.members("gb-regions") == ("TLF", "TLG")
    assert midlands.lads == load_region("midlands").codes
    assert midlands.whole


def test_a_smaller_place_is_made_of_smaller_areas_and_has_no_rank():
    south = place("south-yorkshire")
    assert south.areas == ("TLE3",)
    assert south.members("gb-regions") is None
    assert related(south, "gb-regions") == ()


@pytest.mark.parametrize("name", ["north-west", "TLD", "UKD"])
def test_one_region_by_name_and_code(name):
    found = place(name)
    assert (found.title, found.areas) == ("North West", ("TLD",))


def test_every_peer_of_every_profile_is_a_place():
    for profile in profiles():
        for peer in load_region(profile).peers:
            assert place(peer).lads
    assert place("west-yorkshire").areas == ("TLE4",)


def test_leagues_of_eleven_and_twelve():
    assert len(regions("gb-regions")) == 11
    assert set(regions("uk-regions")) - set(regions("gb-regions")) == {"TLN"}
    assert regions("gb-regions")["TLH"] == "East of England"
    assert len(competitors(place("midlands"), "gb-regions")) == 9
    assert len(competitors(place("midlands"), "uk-regions")) == 10
    assert place("united-kingdom").members("gb-regions") is None


def test_what_to_look_at_beside():
    assert [p.name for p in related(place("midlands"), "gb-regions")] == ["east-midlands", "west-midlands"]
    assert [p.name for p in related(place("east-midlands"), "gb-regions")] == ["midlands"]
    assert related(place("london"), "gb-regions") == ()
    assert related(place("great-britain"), "gb-regions") == ()


def test_a_place_holds_its_areas():
    assert place("midlands").holds("TLF1")
    assert not place("midlands").holds("TLE3")


def test_an_unknown_place_lists_what_there_is():
    with pytest.raises(LifeclusterError, match=r"north-west.*TLF1"):
        place("atlantis")
    with pytest.raises(LifeclusterError, match="no such profile file"):
        place("nowhere.yml")


def test_a_profile_of_a_persons_own(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("name: mine\ntitle: Mine\nitl: [TLF1, TLF2]\n", "utf-8")
    assert place(str(path)).areas == ("TLF1", "TLF2")
    odd = of_region(Region(name="odd", title="Odd", lads=("E06000018",)))
    assert not odd.whole
    assert odd.areas == ()


def test_slug():
    assert slug("Yorkshire and The Humber") == "yorkshire-and-the-humber"
