"""Region profiles."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.places.areas import authorities
from lifecluster.region import Region, load_region, profiles

SHIPPED = ("east-midlands", "midlands", "south-yorkshire", "west-midlands")


def test_shipped_profiles() -> None:
    assert profiles() == SHIPPED
    for name in SHIPPED:
        region = load_region(name)
        assert region.name == name
        assert region.definitions
        assert region.map is not None


def test_the_midlands_are_east_and_west_together() -> None:
    east, west, both = (load_region(n).codes for n in ("east-midlands", "west-midlands", "midlands"))
    assert both == east | west
    assert not east & west
    assert (len(east), len(west)) == (35, 30)


def test_south_yorkshire_by_its_active_codes() -> None:
    region = load_region("south-yorkshire")
    assert region.codes == {"E08000017", "E08000018", "E08000038", "E08000039"}
    assert region.authorities()["name"].to_list() == ["Barnsley", "Doncaster", "Rotherham", "Sheffield"]
    assert region.described() == "South Yorkshire: South Yorkshire (4 local authorities)"


def test_contains_takes_past_codes_and_nulls() -> None:
    frame = pl.DataFrame({"lad": ["E08000016", "E08000038", "E08000025", None, "rubbish"]})
    assert load_region("south-yorkshire").contains(frame).to_list() == [True, True, False, False, False]


@pytest.mark.parametrize(
    "areas",
    [{"lads": ["E08000016", "E08000017", "E08000018", "E08000019"]}, {"itl": ["TLE3"]}, {"itl": ["UKE3"]},
     {"combined_authorities": ["E47000002"]}, {"itl": ["TLE31", "TLE32"]}],
)  # fmt: skip
def test_many_ways_to_name_one_region(areas: dict[str, list[str]]) -> None:
    assert Region(name="x", title="X", **areas).codes == load_region("south-yorkshire").codes


def test_a_whole_country_and_a_mixture() -> None:
    wales = Region(name="wales", title="Wales", countries=("W92000004",)).codes
    assert wales == set(authorities().filter(pl.col("country") == "W92000004")["lad"])
    mixed = Region(name="x", title="X", itl=("TLL",), lads=("E08000025",)).codes
    assert mixed == wales | {"E08000025"}


def test_an_unknown_profile_lists_what_there_is() -> None:
    with pytest.raises(
        LifeclusterError, match="no profile 'atlantis'; there are east-midlands, midlands, south-yorkshire"
    ):
        load_region("atlantis")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(
        "name: mine\ntitle: Mine\nlads: [E08000016]\nmap: {centre: [434000, 406000], span: 20000}\n", "utf-8"
    )
    assert load_region(str(path)).codes == load_region(path).codes == {"E08000038"}


@pytest.mark.parametrize(
    ("text", "message"),
    [("name: mine\ntitle: Mine\n", "names no authority"), ("name: Mine Own\ntitle: x\n", "name"),
     ("name: mine\ntitle: x\nlads: [E0]\n", "'E0' is no code of a local authority"),
     ("name: mine\ntitle: x\nregions: [E12]\n", "no authority has region 'E12'"),
     ("name: mine\ntitle: x\nitl: [DE21]\n", "neither an ITL nor a NUTS code"),
     ("name: mine\ntitle: x\ncolour: red\n", "colour"), ("a: [", "not valid YAML"), ("", "valid dictionary"),
     ("name: m\ntitle: x\nlads: [E08000016]\nmap: {centre: [-1.4, 53.3], span: 9}\n", "not in metres"),
     ("name: m\ntitle: x\nlads: [E08000016]\ndefinitions: [bahtss, nonsense]\n",
      "column 'definitions': there is no definition 'nonsense'; there are bahtss, broad"),
     ("name: m\ntitle: x\nlads: [2026-02-30]\n", "line 3, column 8: '2026-02-30' cannot be read as date"),
     ("name: m\ntitle: x\nlads: [null]\n", "lads.0"), ("name: m\nname: n\ntitle: x\n", "'name' stands there twice"),
     ("[" * 4000, "levels deep"), (b"name: m\ntitle: caf\xe9\n", "line 2: not UTF-8"),
     ("name: m\ntitle: x\nitl: [T]\n", "'T'"), ("name: m\ntitle: x\nitl: ['']\n", "neither an ITL nor a NUTS code"),
     ("name: midlands\ntitle: Not the Midlands\nlads: [E08000003]\n", "'midlands' is a profile of the library")],
)  # fmt: skip
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "mine.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        load_region(path)
    assert "mine.yml" in str(caught.value)


def test_a_shipped_profile_may_be_given_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "copy.yml"
    path.write_bytes(resources.files("lifecluster").joinpath("profiles", "midlands.yml").read_bytes())
    assert load_region(path) == load_region("midlands")


def test_a_missing_file() -> None:
    with pytest.raises(InputError, match="no such profile file; shipped profiles"):
        load_region("nowhere.yml")
