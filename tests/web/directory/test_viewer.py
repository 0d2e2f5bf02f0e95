import pytest
from django.core.exceptions import PermissionDenied

from lifecluster.policy.roles import PERMISSIONS, ROLES
from lifecluster.policy.visibility import Visibility
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer, viewer_of


class User:
    def __init__(self, viewer: object) -> None:
        self.viewer = viewer


def test_who_is_looking() -> None:
    member = Viewer(frozenset({"member"}), actor="user:1")
    assert viewer_of(None) is ANYBODY
    assert viewer_of(member) is member
    assert viewer_of(User(member)) is member
    assert viewer_of(User("member")) is ANYBODY
    assert viewer_of(object()) is ANYBODY


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_sees_what_is_the_owners_alone(role: str) -> None:
    assert Viewer(frozenset({role})).clearance < Visibility.OWNER


def test_permissions_of_ones_own_organisation() -> None:
    member = Viewer(frozenset({"member"}), frozenset({"LCO-A"}))
    assert member.may("organisation.edit", "LCO-A")
    assert not member.may("organisation.edit", "LCO-B")
    assert not member.may("organisation.edit")
    assert not ANYBODY.may("organisation.edit", "LCO-A")


def test_a_refusal_says_what_one_may_not_do() -> None:
    with pytest.raises(PermissionDeniedError, match="you may not accept or roll back a package") as refused:
        ANYBODY.require("package.load")
    assert isinstance(refused.value, PermissionDenied)
    OPERATOR.require("package.load")


def test_a_typing_error_is_no_refusal() -> None:
    with pytest.raises(ValueError, match="no permission"):
        OPERATOR.may("package.laod")
    for permission in PERMISSIONS:
        OPERATOR.may(permission.removesuffix(":own"))
