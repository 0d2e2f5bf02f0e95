"""Who judges is a role, never a person."""

from __future__ import annotations

import pytest

from lifecluster.commands.common import acting
from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import PERMISSIONS, ROLES, permissions
from lifecluster.register.package import Package
from lifecluster.workspace import Workspace

from .tiny import pair, refused, run

MAY = "desk, broker, steward"


@pytest.mark.parametrize("who", ["jane.doe", "Jane", "member", "", "DESK", "role:desk"])
def test_a_name_or_a_role_that_may_not_judge_is_refused(tiny_packages, who):
    two = pair(tiny_packages)
    for kind in ("same", "different", "unsure"):
        refused(run("judge", kind, *two, "--why", "x", "--as", who, "--package", tiny_packages), "--as", MAY)
    refused(run("judge", "retract", "abcdef", "--why", "x", "--as", who), MAY)
    statement = Package(tiny_packages).table("statements")["id"][0]
    refused(run("redact", statement, "--why", "x", "--as", who, "--package", tiny_packages), MAY)
    assert not Workspace.current().log.exists(), "nothing was written"


@pytest.mark.parametrize("who", MAY.split(", "))
def test_who_may_judge_does(tiny_packages, who):
    two = pair(tiny_packages)
    assert run("judge", "unsure", *two, "--why", "x", "--as", who, "--package", tiny_packages).code == 0
    assert [row["actor"] for row in run("judge", "list", "--json").json] == [who]


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_it_is_the_roles_module_that_decides(permission):
    for role in ROLES:
        if permission in permissions([role]):
            assert acting(role, permission) == role
        else:
            with pytest.raises(LifeclusterError, match="never a name"):
                acting(role, permission)


def test_the_help_names_the_roles_that_there_are():
    for command in (("judge", "same"), ("judge", "retract"), ("redact",)):
        assert "desk, broker or steward" in " ".join(run(*command, "--help").out.split())
    assert [name for name in ROLES if "link.judge" in permissions([name])] == MAY.split(", ")
