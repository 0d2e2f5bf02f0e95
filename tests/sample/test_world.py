"""The spine: how many, how large, of what kind, where."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.sample.firms import ANCHORS, FAMILIES, FIRMS
from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.names import squeeze
from lifecluster.sample.words import segments
from lifecluster.sample.world import BLOCK, PREFIX, build_world


def test_about_1200_organisations_in_the_region(world: World) -> None:
    kinds = Counter(body.kind for body in world.organisations)
    assert kinds["company"] == FIRMS == 1150
    inside = sum(kinds.values()) - kinds["outside"]
    assert 1150 <= inside <= 1250
    assert {"university", "rto", "nhs-trust", "icb", "charity", "outside"} < set(kinds)


def test_shares_of_the_segments(world: World) -> None:
    groups = Counter(segments()[body.segment or ""].group for body in world.of("company"))
    expected = {"medtech-core": 0.45, "biopharma-core": 0.20, "service-supply": 0.30, "digital-and-other": 0.05}
    wanted = sum(words.share for words in segments().values())
    assert wanted == pytest.approx(100)
    for group, share in expected.items():
        assert groups[group] / FIRMS == pytest.approx(share, abs=0.035), group
    assert len({body.segment for body in world.of("company")}) == len(segments())


def test_sizes_are_skewed_as_in_life(world: World) -> None:
    jobs = np.array([body.jobs for body in world.firms()])
    assert 0.5 < np.mean(jobs < 10) < 0.75
    assert 0.75 < np.mean(jobs < 50) < 0.95
    assert ANCHORS - 2 <= np.sum(jobs >= 500) <= ANCHORS
    assert jobs.max() <= 2500
    assert 20_000 < jobs.sum() < 50_000
    assert jobs[np.argsort(jobs)[-20:]].sum() > 0.35 * jobs.sum()
    assert np.std(np.log(jobs[jobs > 0])) > 1.2


def test_sites_per_organisation(world: World) -> None:
    per = Counter(site.holder for site in world.sites)
    assert 1300 <= len(world.sites) <= 1500
    firms = [per[body.key] for body in world.of("company")]
    assert 0.78 < np.mean(np.array(firms) == 1) < 0.97
    assert 0 in firms
    assert max(firms) >= 3
    assert all(2 <= per[body.key] <= 5 for body in world.of("nhs-trust"))


def test_jobs_of_sites_sum_to_those_of_the_organisation(world: World) -> None:
    total: Counter[str] = Counter()
    for site in world.sites:
        assert site.jobs >= 0
        total[site.holder] += site.jobs
    for body in world.of("company"):
        if body.key in total:
            assert total[body.key] == body.jobs


def test_sites_are_keyed_once_and_dated_in_order(world: World) -> None:
    assert [site.key for site in world.sites] == [f"S{i + 1:05d}" for i in range(len(world.sites))]
    for site in world.sites:
        assert site.holder in world.index
        assert site.closed_on is None or site.opened_on <= site.closed_on <= AS_OF
        assert site.activities


def test_company_numbers_are_of_the_reserved_block(world: World) -> None:
    numbers = [body.key for body in world.of("company")]
    assert len(set(numbers)) == len(numbers)
    assert all(number[:2] == PREFIX and 1 <= int(number[2:]) <= BLOCK for number in numbers)
    assert not set(numbers) & set(world.spare_numbers)
    # numbers say nothing about the order in which firms were invented
    assert numbers != sorted(numbers)


def test_families_have_a_holding_company_and_one_group(world: World) -> None:
    assert len(world.groups) == FAMILIES
    for group in world.groups:
        members = [world.index[key] for key in group.members]
        assert 2 <= len(members) <= 4
        assert sum(member.holding for member in members) == 1
        assert {member.group for member in members} == {group.key}
        assert len({member.head for member in members}) == 1
    assert all(body.jobs <= 6 for body in world.of("company") if body.holding)


def test_some_names_occur_twice_and_only_on_purpose(world: World) -> None:
    twice = [name for name, n in Counter(squeeze(body.name) for body in world.organisations).items() if n > 1]
    assert len(twice) == 4


def test_histories(world: World) -> None:
    companies = [body.company for body in world.of("company") if body.company]
    status = Counter(company.status for company in companies)
    assert 10 <= status["Dissolved"] <= 45
    assert 5 <= status["Liquidation"] <= 35
    assert all((company.dissolved is not None) == (company.status == "Dissolved") for company in companies)
    assert all(company.incorporated <= (company.dissolved or AS_OF) for company in companies)
    assert 0.08 < np.mean([bool(company.previous) for company in companies]) < 0.18
    assert 0.01 < np.mean([company.sic == ("",) for company in companies]) < 0.06
    assert 0.25 < np.mean([company.postal != body.postal for body in world.of("company")
                           for company in [body.company] if company]) < 0.5  # fmt: skip


def test_seeds_give_different_regions_of_the_same_shape(world: World) -> None:
    other = build_world(7)
    assert len(other.organisations) == len(world.organisations)
    assert len({o.name for o in other.organisations} & {o.name for o in world.organisations}) < 12


def test_only_bodies_of_the_region_have_a_place(world: World) -> None:
    for body in world.organisations:
        assert (body.postal is None) == (body.kind == "outside")
    with pytest.raises(LifeclusterError, match="no place"):
        _ = world.of("outside")[0].place
    assert not any(firm.holding for firm in world.operating())
    assert set(world.first_sites()) == {site.holder for site in world.sites}
