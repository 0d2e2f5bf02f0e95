import pytest

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import place_of


@pytest.mark.parametrize(
    ("text", "label", "quality", "east", "north"),
    [
        ("LE1 1AA", "LE1 1AA", "postcode", 458_000, 304_000),
        ("le11aa", "LE1 1AA", "postcode", 458_000, 304_000),
        ("Nottingham", "Nottingham", "town", 457_500, 339_500),
        ("  nottingham ", "Nottingham", "town", 457_500, 339_500),
    ],
)
def test_places_of_the_register(small: Package, text: str, label: str, quality: str, *, east: int, north: int) -> None:
    found = place_of(text)
    assert found is not None
    assert (found.label, found.quality) == (label, quality)
    assert found.easting == pytest.approx(east, abs=600)
    assert found.northing == pytest.approx(north, abs=600)


def test_a_district_is_where_its_sites_are(small: Package) -> None:
    found = place_of("E08000025")
    assert found is not None
    assert (found.label, found.quality, found.easting) == ("Birmingham", "district", 406_000)


@pytest.mark.parametrize("text", ["LE11", "LE11 9ZZ", "le119zz"])
def test_outward_codes_of_the_whole_country(small: Package, text: str) -> None:
    found = place_of(text)
    assert found is not None
    assert (found.label, found.quality) == ("LE11", "outward")
    assert 440_000 < found.easting < 465_000


@pytest.mark.parametrize("text", ["", " ", "Atlantis", "ZZ99 9ZZ", "123", "<b>", "Aberdeen City", "l" * 300])
def test_what_is_no_place(small: Package, text: str) -> None:
    assert place_of(text) is None
