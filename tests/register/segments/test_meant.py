"""A word for a segment: whose it is, and who else knows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register.definition import load_definitions
from lifecluster.register.segments.meant import meant

SHIPPED = [d.model_dump(mode="json") for d in load_definitions()]
IDS = sorted({segment.id for d in load_definitions() for segment, _ in d.walk()})


def node(name: str, label: str = "", *codes: str, below: tuple = ()) -> dict:
    return {"id": name, "label": label or name.title(), "codes": list(codes), "segments": list(below)}


TWO = [{"name": "first", "segments": [node("devices", "Things", "MTZ", below=(node("device-repair"),))]},
       {"name": "second", "segments": [node("repair", "Repair of devices")]}]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "definition", "segments", "also"),
    [("devices", "first", ("devices",), ("second",)),
     ("repair", "second", ("repair",), ("first",)),  # known by its name goes before known in part
     ("mtz", "first", ("devices",), ()), (" Device ", "first", ("devices", "device-repair"), ("second",))],
)  # fmt: skip
def test_who_knows_it_by_name_goes_first(word, definition, segments, also):
    found = meant(word, TWO)
    assert (found.definition, found.segments, found.also) == (definition, segments, also)
    assert definition in found.said()
    assert all(name in found.said() for name in also)


def test_a_definition_that_is_named_is_used():
    assert meant("repair", TWO, definition="first").segments == ("device-repair",)
    assert meant("repair", TWO, definition="first").also == ("second",)


@pytest.mark.parametrize(
    ("word", "definition", "told"),
    [("zzz", None, "second has repair"), ("mtz", "second", "first would"), ("repair", "third", "no definition of"),
     ("", None, "no definition knows")],
)  # fmt: skip
def test_what_nobody_knows_is_refused(word, definition, told):
    with pytest.raises(LifeclusterError, match=told):
        meant(word, TWO, definition=definition)


@given(word=st.sampled_from(IDS) | st.text("abcdeimnot-", min_size=2, max_size=5))
def test_a_slow_twin_over_the_shipped_definitions(word):
    knows = {}
    for one in load_definitions():
        own = [s for s, _ in one.walk()]
        exact = [s.id for s in own if word in (s.id, *(c.casefold() for c in s.codes))]
        part = [s.id for s in own if word in s.id or word in s.label.casefold()]
        if exact or part:
            knows[one.name] = exact or part
    if not knows:
        with pytest.raises(LifeclusterError):
            meant(word, SHIPPED)
        return
    found = meant(word, SHIPPED)
    assert {found.definition, *found.also} == set(knows)
    assert list(found.segments) == knows[found.definition]
    for name, segments in knows.items():
        assert list(meant(word, SHIPPED, definition=name).segments) == segments
