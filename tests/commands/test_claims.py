"""`claims` beside the web app: what is computed and published from the command line stands on its pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifecluster.figures.claim import claims
from lifecluster.region import load_region
from lifecluster.register.package import DESCRIPTOR

from .test_web import Shop, shop  # noqa: F401 - a fixture
from .tiny import conforms, refused, run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("compute", "no-such"), ("no-such", "businesses")), (("compute", "jobs", "--year", "1066"), ("1066",)),
     (("explain", "no-such"), ("no-such",))],
)  # fmt: skip
def test_what_is_not_there_is_named(arguments, words):
    ran = run("claims", *arguments)
    if ran.code == 0:  # a year that no source has is an answer: cannot tell, and why
        assert "cannot tell" in ran.out and all(word in ran.out for word in words)
    else:
        refused(ran, words[0])


def test_the_list_says_what_each_rests_on():
    told = run("claims", "list", "--json").json
    conforms(told, "claims list")
    for claim, row in zip(claims(), told, strict=True):
        assert row["name"] == claim.name
        assert row["bases"], f"{claim.name} rests on nothing"


def test_refresh_and_publish_need_a_package_that_is_shown(shop: Shop):  # noqa: F811
    for arguments in (("refresh",), ("publish", "jobs")):
        ran = shop.run("claims", *arguments)
        assert ran.returncode == 1
        assert "no web app in the workspace" in ran.stderr
        assert "Traceback" not in ran.stderr


def test_what_is_published_has_an_address_and_outlives_the_next_computation(shop: Shop, tmp_path: Path):  # noqa: F811
    descriptor = shop.home / "packages" / "small-1" / DESCRIPTOR
    said = json.loads(descriptor.read_text("utf-8"))
    said["lifecluster"]["region"] = load_region("midlands").model_dump(mode="json")  # claims are about whole regions
    descriptor.chmod(0o644)
    descriptor.write_text(json.dumps(said), "utf-8")
    assert shop.run("load", "--yes").returncode == 0
    first = shop.run("claims", "publish", "jobs", "--note", "for the annual report")
    assert first.returncode == 0, first.stderr
    address = first.stdout.strip()
    assert address.startswith("/claims/jobs/")
    again = shop.run("claims", "refresh")
    assert again.returncode == 0, again.stderr
    assert again.stdout.split()[0] == str(len(claims()))
    out = tmp_path / "log.jsonl"
    assert shop.run("export", out).returncode == 0
    published = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [e["subject"] for e in published if e["action"] == "claim.publish"] == ["jobs"]
    unknown = shop.run("claims", "publish", "no-such")
    assert (unknown.returncode, "no-such" in unknown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("claim", "region"), [("largest-medtech", "west-midlands"), ("two-largest-employers", "midlands")]
)
def test_a_stated_rank_that_the_sentence_says_anyway_is_said_to_change_nothing(claim: str, region: str):
    """Of a rank that the publisher states, and of one that is computed."""
    own = {"largest-medtech": 1, "two-largest-employers": 2}[claim]
    ask = ("claims", "compute", claim, "-r", region)
    plain, same, other = (run(*ask, *more).out for more in ((), ("--stated", own), ("--stated", own + 2)))
    said = f"--stated {own} changes nothing: rank {own} is what the sentence of this claim says by itself\n"
    assert same == plain + said
    assert "changes nothing" not in plain + other and other.splitlines()[0] != plain.splitlines()[0]
