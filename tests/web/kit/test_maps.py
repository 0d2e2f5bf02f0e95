"""Maps: true to scale, small, and with labels that keep clear of each other."""

from __future__ import annotations

import re

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory.show.ground import _inside
from lifecluster.web.kit import maps
from lifecluster.web.kit.maps import Area, Frame, Pin, RegionMap, RingMark, Town
from lifecluster.web.kit.rendering import short

pytestmark = pytest.mark.one_database

SQUARE = ((0.0, 0.0), (100_000.0, 0.0), (100_000.0, 80_000.0), (0.0, 80_000.0))
FRAME = Frame(0, 0, 100_000, 80_000, width=500)
COORDINATES = st.tuples(st.floats(0, 700_000), st.floats(0, 1_200_000))


def test_metres_become_units_with_y_down() -> None:
    assert FRAME.point(0, 80_000) == (0, 0)
    assert FRAME.point(100_000, 0) == (500, pytest.approx(400))
    assert FRAME.height == pytest.approx(400)


@given(st.lists(COORDINATES, min_size=2, max_size=30, unique=True))
def test_a_box_holds_its_points_and_is_never_taller_than_wide(points: list[tuple[float, float]]) -> None:
    frame = Frame.around(points, least=1000)
    assert frame.height <= frame.width * (1 + 1e-9)
    for x, y in (frame.point(*p) for p in points):
        assert -1e-6 <= x <= frame.width + 1e-6
        assert -1e-6 <= y <= frame.height + 1e-6


@given(COORDINATES, st.lists(st.tuples(st.floats(-40_000, 40_000), st.floats(-40_000, 40_000)), max_size=5))
def test_a_box_in_steps_holds_its_points_well_inside(
    first: tuple[float, float], more: list[tuple[float, float]]
) -> None:
    points = [first, *((first[0] + x, first[1] + y) for x, y in more)]
    frame = Frame.around(points, margin=0.25, least=60_000, step=10_000)
    room = 3_000  # metres that a pin and its letter need
    for x, y in points:
        assert frame.west + room <= x <= frame.east - room
        assert frame.south + room <= y <= frame.north - room


def test_places_of_a_town_share_a_box() -> None:
    boxes = {Frame.around([at], least=60_000, step=10_000) for at in [(435_100, 336_200), (436_900, 339_000)]}
    assert boxes == {Frame(410_000, 316_000, 470_000, 364_000)}
    wide = [(400_000.0, 300_000.0), (480_000.0, 300_000.0)]
    assert Frame.around(wide, least=60_000, step=10_000) == Frame.around(wide, least=60_000)


def test_an_outline_is_closed_and_loses_points_that_do_not_move_it() -> None:
    ring = ((0.0, 80_000.0), (1.0, 80_000.0), (100_000.0, 80_000.0), (100_000.0, 0.0))
    assert maps.outline([ring], FRAME) == "M0 0L500 0L500 400Z"
    assert maps.outline([ring[:2]], FRAME) == ""


def test_thousands_of_dots_are_one_small_path() -> None:
    points = [(i * 10.0, (i * 7919) % 80_000) for i in range(10_000)]
    path = maps.specks(points, FRAME)
    assert path.count("h0") == 10_000
    assert len(path) < 160_000


@pytest.mark.parametrize(
    ("metres", "words"), [(100_000, "20 km"), (30_000, "5 km"), (600_000, "100 km"), (900, "1 km")]
)
def test_the_bar_is_a_round_length(metres: float, words: str) -> None:
    frame = Frame(0, 0, metres, metres, width=500)
    bar = f"<g>{maps.scale_bar(frame)}</g>"
    tree = lxml.etree.fromstring(bar)
    assert tree.findtext("text") == words
    path = tree.find("path").get("d")  # type: ignore[union-attr]  # it is there
    start, end = re.match(r"M([\d.-]+) [\d.]+v4H([\d.]+)", path or "").groups()  # type: ignore[union-attr]  # as above
    kilometres = float(words.removesuffix(" km"))
    assert float(end) - float(start) == pytest.approx(kilometres * 1000 * frame.scale, abs=0.11)


def drawn(**more: object) -> lxml.etree._Element:
    area = Area((SQUARE,), "a", "West <b>", (30_000.0, 70_000.0))
    return lxml.etree.fromstring(str(RegionMap("In words & so on", (area,), frame=FRAME, **more)))  # type: ignore[arg-type]


def test_the_drawing_has_its_words_and_escapes_names() -> None:
    tree = drawn(towns=(Town("<script>", 50_000, 20_000),), pins=(Pin("A", 10_000, 10_000),))
    assert tree.get("aria-label") == "In words & so on"
    assert tree.get("role") == "img"
    assert [t.text for t in tree.iter("text")] == ["<script>", "West <b>", "20 km", "A"]


def test_towns_that_matter_come_first_and_crowded_ones_give_way() -> None:
    crowd = tuple(Town(f"Minorville {i}", 50_000 + i, 40_000, minor=True) for i in range(9))
    names = [t.findtext("text") for t in drawn(towns=(*crowd, Town("Capital", 50_000, 40_000))).iter("g")]
    assert names[0] == "Capital"
    assert 1 < len(names) < 10


@given(st.lists(st.tuples(COORDINATES, st.text("abc ", min_size=1, max_size=14)), max_size=25))
def test_labels_keep_clear_of_each_other_and_inside(places: list[tuple[tuple[float, float], str]]) -> None:
    towns = tuple(Town(name, x % 100_000, y % 80_000) for (x, y), name in places)
    boxes = []
    for group in drawn(towns=towns, rings=(RingMark("1", 50_000, 40_000, 9_000),)).iter("g"):
        text = group.find("text")
        assert text is not None
        width = len(text.text or "") * maps.LETTER
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        left = {"start": x, "end": x - width, "middle": x - width / 2}[text.get("text-anchor", "")]
        boxes.append((left, y - 12, left + width, y + 1))
    for i, a in enumerate(boxes):
        assert a[0] >= -0.2
        assert a[2] <= FRAME.width + 0.2
        for b in boxes[i + 1 :]:
            assert not (a[0] + 0.2 < b[2] and b[0] + 0.2 < a[2] and a[1] + 0.2 < b[3] and b[1] + 0.2 < a[3])


def test_a_label_too_large_for_narrow_screens_is_left_out_there() -> None:
    tree = drawn(towns=(Town("A very long name indeed it is", 60_000, 20_000), Town("Short", 20_000, 50_000)))
    minor = {g.findtext("text"): "minor" in g.get("class", "") for g in tree.iter("g")}
    assert minor == {"A very long name indeed it is": True, "Short": False}


def test_without_a_frame_all_areas_are_shown() -> None:
    box = RegionMap("x", (Area((SQUARE,)),)).box()
    assert (box.west < 0, box.east > 100_000) == (True, True)


COORDINATES = st.integers(-30, 30).map(float)


@given(
    st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=40),
    st.lists(st.tuples(st.floats(0.05, 9.95), st.floats(0.05, 9.95)), min_size=1, max_size=20),
)
def test_what_is_left_out_beyond_the_frame_changes_nothing_inside(
    ring: list[tuple[float, float]], places: list[tuple[float, float]]
) -> None:
    frame = Frame(0.0, 0.0, 10.0, 10.0, width=10.0 * maps.BESIDE)
    kept = maps._near(ring, frame)
    assert set(kept) <= set(ring)
    for x, y in places:
        assert _inside(x, y, kept) == _inside(x, y, ring)


@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=60), st.integers(1, 9))
def test_a_border_that_knows_its_stretches_is_drawn_as_any_ring(ring: list[tuple[float, float]], size: int) -> None:
    frame = Frame(0.0, 0.0, 10.0, 10.0, width=10.0 * maps.BESIDE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maps, "STRETCH", size)
        border = maps.Border.of(ring)
    assert border == tuple(ring)
    assert maps._near(border, frame) == maps._near(ring, frame)
    assert maps.outline([border], frame) == slowly(ring, frame)


def slowly(ring: list[tuple[float, float]], frame: Frame) -> str:
    """The path of a ring, point by point."""
    steps: list[str] = []
    for place in maps._near(ring, frame):
        step = " ".join(map(short, frame.point(*place)))
        steps += [] if steps[-1:] == [step] else [step]
    return f"M{'L'.join(steps)}Z" if len(steps) > 2 else ""


def test_a_border_far_from_the_frame_is_drawn_in_few_steps() -> None:
    far = [(1000.0 + i, 5.0 + 40 * (i % 2)) for i in range(500)]
    ring = [(5.0, 5.0), *far, (5.0, 6.0)]
    assert len(maps._near(ring, Frame(0.0, 0.0, 10.0, 10.0))) == 4


@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=6))
def test_names_of_towns_keep_clear_of_pins_that_are_drawn_on_them(places: list[tuple[float, float]]) -> None:
    frame = Frame(-30.0, -30.0, 30.0, 30.0, width=420.0)
    pins = tuple(Pin("ABCDEF"[i], *place) for i, place in enumerate(places))
    towns = tuple(Town(f"Town {i}", x + 0.2, y) for i, (x, y) in enumerate(places))
    drawn = lxml.etree.fromstring(str(RegionMap("x", (), (), (), towns, frame=frame, clear=pins)))
    letters = [frame.point(pin.easting, pin.northing) for pin in pins]
    assert not drawn.xpath("//*[@class='pin']")  # somebody else draws them
    for group in drawn.iter("g"):
        text = group.find("text")
        width, x, y = len(text.text) * maps.LETTER, float(text.get("x")), float(text.get("y"))
        left = {"start": x, "end": x - width, "middle": x - width / 2}[text.get("text-anchor")]
        for at_x, at_y in letters:
            assert not (left < at_x + 23.8 and at_x - 7.8 < left + width and y - 12 < at_y + 9.8 and at_y - 9.8 < y)
