"""Visibility, roles and the disclosure registry hold what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.policy.disclosure import registry
from lifecluster.policy.roles import PERMISSIONS, ROLES, Role, _checked, clearance, permissions
from lifecluster.policy.visibility import Visibility, labels_within, may_see, strictest

levels = st.sampled_from(list(Visibility))


@given(levels, levels, levels)
def test_a_wider_clearance_never_sees_less(low, high, level):
    low, high = sorted((low, high))
    assert not may_see(low, level) or may_see(high, level)


@given(levels, levels)
def test_owner_values_are_for_the_owner_alone(clear, level):
    assert may_see(clear, level, owns=True)
    assert not may_see(clear, Visibility.OWNER)
    assert not may_see(clear, level, aggregate_only=True)
    assert may_see(clear, level, owns=True, aggregate_only=True)


@given(st.lists(levels), levels)
def test_what_is_derived_is_as_strict_as_its_strictest_part(parts, clear):
    if not may_see(clear, strictest(*parts)):
        assert any(not may_see(clear, part) for part in parts)
    else:
        assert all(may_see(clear, part) for part in parts)


def test_labels_round_trip_and_a_wrong_one_lists_the_right_ones():
    assert [Visibility.parse(level.label) for level in Visibility] == list(Visibility)
    with pytest.raises(LifeclusterError, match="public, members, desk, broker, owner"):
        Visibility.parse("secret")


def test_the_ten_roles_of_the_design():
    assert list(ROLES) == ["visitor", "member", "member_administrator", "provider", "adopter", "policy_reader",
                           "analyst", "desk", "broker", "steward"]  # fmt: skip
    assert all(role.description.endswith(".") for role in ROLES.values())


def test_every_permission_is_held_by_some_role():
    assert permissions(ROLES) == frozenset(PERMISSIONS)


@pytest.mark.parametrize("name", ROLES)
def test_everybody_reads_the_public_register_and_only_desk_roles_judge(name):
    assert "register.read" in permissions([name])
    assert ("link.judge" in permissions([name])) == (name in {"desk", "broker", "steward"})
    assert ROLES[name].second_step == ("link.judge" in permissions([name]))


def test_stewards_see_no_broker_answers():
    assert clearance(["steward"]) < Visibility.BROKER <= clearance(["broker"])
    assert clearance([]) is Visibility.PUBLIC


@pytest.mark.parametrize("bad", [{"grants": frozenset({"fly"})}, {"includes": ("nobody",)}])
def test_a_role_that_names_what_does_not_exist_is_refused(bad):
    role = {"name": "x", "title": "X", "description": "X.", "clearance": Visibility.PUBLIC, "grants": frozenset()}
    with pytest.raises(ValueError, match=r"nobody|fly"):
        _checked([Role(**{**role, **bad})])


amounts = st.lists(st.floats(0, 1e9), min_size=1, max_size=30)


@given(amounts, st.sampled_from([*registry().measures, "other"]))
def test_a_shown_cell_satisfies_every_condition(contributions, measure):
    rule = registry().rule(measure)
    if rule.allows(contributions):
        total, top = sum(contributions), sorted(contributions)[-2:]
        assert len(contributions) >= max(rule.contributors, rule.minimum)
        assert total == 0 or (max(top) <= rule.dominance * total and sum(top) <= rule.top_two * total)


def test_counts_dominance_and_zero():
    rule = registry().rule("something public")
    assert rule == registry().default
    assert rule.allows([])
    assert not rule.allows([1, 1, 1])
    assert rule.allows([1, 1, 1], count=9)
    assert not rule.allows([100, 1, 1, 1, 1, 1])
    assert not rule.allows([50, 50, 1, 1, 1, 1])
    with pytest.raises(ValueError, match="negative"):
        rule.allows([1, -1, 4])


@given(st.floats(-1e9, 1e9))
def test_rounding_is_to_the_nearest_multiple(value):
    rule = registry().rule("member_employees")
    assert rule.rounded(value) % rule.rounding == 0
    assert abs(rule.rounded(value) - value) <= rule.rounding / 2 + 1e-6


@given(levels, levels)
def test_labels_within_are_those_that_may_be_seen(clear, level):
    assert (level.label in labels_within(clear)) == (level <= clear)
    assert labels_within(clear)[0] == "public"
