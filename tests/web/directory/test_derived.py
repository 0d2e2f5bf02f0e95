"""What is worked out from rows: sizes, facets, labels, lines of the list."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.definition import load_definitions
from lifecluster.web.directory.areas import area_names, district_names, outward_codes, region_of
from lifecluster.web.directory.loading.compare import compare, differences
from lifecluster.web.directory.loading.facets import Mark, facets, is_live, size_of, summary
from lifecluster.web.directory.loading.labels import in_words, labels
from lifecluster.web.directory.loading.register import Family
from lifecluster.web.directory.loading.texts import text_of
from lifecluster.web.directory.models.search import LEVEL_BITS, NUMBER_BITS, document_id
from lifecluster.web.directory.search import bits

REGIONS = {"E06000016": "E12000004"}


def family(organisation: dict[str, Any], sites: Any = (), things: Any = (), segments: Any = ()) -> Family:
    return Family({"id": "LCO-X", **organisation}, list(sites), list(things), list(segments))


@pytest.mark.parametrize(
    ("employees", "size"),
    [(0, "0-9"), (9, "0-9"), (10, "10-49"), (49, "10-49"), (50, "50-249"), (249, "50-249"), (250, "250+"), (10**7, "250+"),
     (None, "unknown")],
)  # fmt: skip
def test_bands(employees: int | None, size: str) -> None:
    assert size_of(employees) == size


@given(st.integers(0, 10**9))
def test_every_head_count_has_one_band(employees: int) -> None:
    assert size_of(employees) != "unknown"


def test_facets_of_open_sites_and_current_licences() -> None:
    sites = [
        {"lad": "E06000016", "capability": ["a"]},
        {"lad": "E06000018", "capability": ["b"], "closed_on": "2020-01-01"},
    ]
    things = [
        ("licence", {"licence_type": "MIA", "ends_on": "2027-01-01"}),
        ("licence", {"licence_type": "MIA", "ends_on": "2028-01-01"}),
        ("licence", {"licence_type": "HTA", "ends_on": "2027-01-01"}),
        ("licence", {"licence_type": "HTA"}),
        ("licence", {"licence_type": "UKCA", "state": "surrendered"}),
        ("product", {"name": "x"}),
    ]
    found = facets(family({}, sites, things), REGIONS)
    assert {m.value for m in found if m.facet == "place"} == {"E06000016", "E12000004"}
    assert {m.value for m in found if m.facet == "capability"} == {"a"}
    assert {m for m in found if m.facet == "licence"} == {
        Mark("licence", "MIA", "2028-01-01"),
        Mark("licence", "HTA", ""),
    }


def test_an_organisation_without_open_sites_is_where_it_is_placed() -> None:
    row = {"lad": "E06000016"}
    assert Mark("place", "E06000016") in facets(family(row, [{"lad": "X", "closed_on": "2020-01-01"}]), REGIONS)


def test_classes_say_yes_and_unknown_and_leave_no_out() -> None:
    segments = [
        {"definition": "d", "state": "yes"},
        {"definition": "d", "state": "yes", "segment": "s"},
        {"definition": "d", "state": "no", "segment": "t"},
        {"definition": "e", "state": "unknown"},
        {"definition": "f", "state": "no"},
    ]
    found = {m for m in facets(family({}, segments=segments), {}) if ":" in m.facet}
    assert found == {Mark("counted:d", "yes"), Mark("segment:d", "s"), Mark("counted:e", "unknown")}


def test_what_is_over() -> None:
    assert not is_live("licence", {"state": "expired"})
    assert is_live("licence", {"state": "active"})
    assert is_live("licence", {})
    assert not is_live("site", {"closed_on": "2020-01-01"})


@pytest.mark.parametrize(
    ("code", "words"),
    [("clean-room-iso-8", "Clean room ISO 8"), ("nhs-trust", "NHS trust"), ("ISO 13485", "ISO 13485"), ("MIA(IMP)", "MIA(IMP)"),
     ("", ""), ("ageing", "Ageing"), ("software-iec-62304", "Software to IEC 62304"), ("mrna-process", "mRNA process"),
     ("cold-chain-2-8", "Cold chain, 2 to 8 °C")],
)  # fmt: skip
def test_codes_in_words(code: str, words: str) -> None:
    assert in_words(code) == words


def test_labels_know_the_tree_of_a_definition() -> None:
    definitions = [d.model_dump(mode="json") for d in load_definitions(("ols-segments",))]
    present = {("segment:ols-segments", "vaccines"), ("place", "E06000016"), ("capability", "x-ray"), ("size", "0-9")}
    found = {
        (f, v): (label, parent) for f, v, label, parent, _ in labels(present, definitions, area_names(), region_of())
    }
    assert found["segment:ols-segments", "vaccines"] == ("Vaccines", "biopharma-core")
    assert found["place", "E06000016"] == ("Leicester", "E12000004")
    assert found["counted:ols-segments", "no"] == ("Not counted, certain", "")
    assert found["size", "0-9"][0] == "Micro, 0 to 9"


def test_areas_are_those_of_the_library() -> None:
    from lifecluster.places import areas

    assert district_names() == dict(areas.authorities().select("lad", "name").iter_rows())
    assert outward_codes().keys() == set(areas.outwards()["outward"])
    assert area_names()["E12000004"] == areas.area_name("E12000004")


def test_the_line_of_a_list() -> None:
    row = {"description": "d" * 900, "capability": ["b"]}
    found = summary(
        family(row, [{"capability": ["a"]}], segments=[{"definition": "d", "state": "yes", "segment": "s"}])
    )
    assert len(str(found["description"])) == 400
    assert found["capabilities"] == ["a", "b"]
    assert found["segments"] == {"d": ["s"]}


def test_texts_hold_what_people_look_for_once() -> None:
    text = text_of(
        family({"name": "A & B", "capability": ["x-ray"]}, [{"town": "Derby", "lad": "E06000015"}, {"town": "Derby"}]),
        {"E06000015": "Derby"},
    )
    assert text.split(" | ") == ["a b", "lco x", "x ray", "derby"]


ROWS = st.dictionaries(st.sampled_from("abcdef"), st.fixed_dictionaries({"v": st.integers(0, 2)}), max_size=6)


@given(
    before=ROWS, after=ROWS, redirects=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), max_size=3)
)
def test_comparing_leaves_nothing_out(before: Any, after: Any, redirects: dict[str, str]) -> None:
    stored = [("organisation", uid, 0, row) for uid, row in before.items()]
    counts, found = compare(stored, {"organisation": after}, {}, redirects)
    n = counts["organisation"]
    assert n.new + n.changed + n.kept == len(after)
    assert n.gone + n.redirected + n.changed + n.kept == len(before)
    what = {row.uid: row.what for row in found}
    for uid in before.keys() | after.keys():
        expected = (
            "new" if uid not in before
            else ("redirected" if uid in redirects else "gone") if uid not in after
            else "changed" if before[uid] != after[uid] else None
        )  # fmt: skip
        assert what.get(uid) == expected


def test_how_a_row_was_made_is_no_difference() -> None:
    assert differences({"anchor": "a", "records": 1, "v": 1}, {"anchor": "b", "records": 2, "v": 2}) == {"v": (1, 2)}


@given(st.sets(st.integers(0, 300)))
def test_sets_as_numbers(numbers: set[int]) -> None:
    made = bits.of(numbers, 301)
    assert set(bits.members(made)) == numbers
    assert made.bit_count() == len(numbers)
    assert list(bits.members(made)) == sorted(numbers)


@given(st.integers(1, 10**6), st.integers(0, 3), st.integers(0, 2**NUMBER_BITS - 1))
def test_ids_of_texts_are_ranges(package: int, level: int, number: int) -> None:
    made = document_id(package, level, number)
    assert made < 2**63
    assert made >> NUMBER_BITS >> LEVEL_BITS == package
    assert document_id(package, level, 0) <= made <= document_id(package, level, 2**NUMBER_BITS - 1)
