"""What `show` tells of an organisation that is public, where a closed list speaks of it as well."""

from __future__ import annotations

import json
from datetime import date

import pytest

from lifecluster.build.run import Request, build
from lifecluster.region import load_region

from .test_judge_closed import leveled
from .tiny import STRANGER, conforms, refused, run, write_inputs

COMPANY = "09100003"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A region with a list for members alone."""
    home = tmp_path_factory.mktemp("closed")
    inputs = leveled(write_inputs(home / "in"), "members")
    return build(Request(region=load_region("midlands"), inputs=inputs, out=home / "out", at=date(2026, 11, 1))).package


def shown(package, *more: str) -> dict:
    return json.loads(run("show", COMPANY, "--package", str(package.path), "--json", *more).out)


def levels(told: dict) -> set[str]:
    things = [thing["values"] for rows in told["things"].values() for thing in rows]
    return {s["visibility"] for values in [told["values"], *things] for entry in values for s in entry["statements"]}


def test_without_more_rights_nothing_of_a_closed_list_is_told(package):
    told = shown(package)
    assert levels(told) == {"public"}
    assert not any(link["record"].startswith("tiny-members") for link in told["links"])
    text = run("show", COMPANY, "--package", str(package.path), "--all").out
    assert "tiny-members" not in text and "for members alone" not in text


def test_those_it_is_for_are_told(package):
    told = shown(package, "--for", "members")
    assert levels(told) == {"public", "members"}
    assert any(link["record"].startswith("tiny-members") for link in told["links"])
    everyone = {s["id"] for entry in shown(package)["values"] for s in entry["statements"]}
    assert everyone < {s["id"] for entry in told["values"] for s in entry["statements"]}


def test_an_organisation_that_a_closed_list_alone_names_is_explained_to_those_it_is_for(package):
    ask = ("definitions", "explain", STRANGER, "--package", package.path)
    refused(run(*ask), "is no organisation")
    told = run(*ask, "--for", "members", "--json").json
    conforms(told, "definitions explain")
    assert told["name"] == STRANGER
    assert any("its stated segment MTD" in words for verdict in told["verdicts"] for words in verdict["evidence"])
    assert STRANGER in run(*ask, "--for", "members").out
