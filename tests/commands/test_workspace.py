"""Commands that only look make no workspace; where they need one they name the one that they looked in."""

from __future__ import annotations

import pytest

from lifecluster.workspace import Workspace

from .test_reference import COMMANDS
from .tiny import run, write_inputs

LOOK = (
    "show x", "find x", "find", "follow tiny-members", "problems", "definitions compare", "definitions explain x",
    "judge queue", "judge same a b --why w", "judge different a b --why w", "judge unsure a b --why w",
    "redact x --why w", "atlas kd", "atlas m", "atlas lq", "atlas hotspots", "atlas network", "atlas benchmark",
    "load", "problems --of files",
)  # fmt: skip
"""Refused for want of a package."""
ASK = ("rollback", "export view.csv", "export log.jsonl", "export all.zip --all", "claims refresh",
       "claims publish rank-med-tech", "atlas refresh", "atlas publish overview",
       "people list", "people add a@example.org", "people sample", "people remove a@example.org --why w",
       "people grant a@example.org desk --why w", "people revoke a@example.org desk --why w",
       "people join a@example.org x --why w", "people leave a@example.org x --why w", "mail",
       "jobs list", "jobs run", "judge train")  # fmt: skip
"""Refused for want of a web app."""
REFUSE = (
    "judge retract abc --why w", "import nowhere.zip", "build --from nowhere", "fetch the-moon",
    "mapping guess nowhere.csv", "mapping confirm nowhere.csv", "evaluate linkage --labels nowhere.csv",
    "link nowhere.csv --register nowhere --out links.csv", "claims compute no-such-claim", "claims explain no-such-claim",
)  # fmt: skip
"""Refused for want of something else."""
ANSWER = ("sources", "regions", "packages", "schema", "judge list", "definitions list", "claims list")
"""Need none."""
MAKE = {"sample", "serve"}
"""Make a workspace whatever is there."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder that is nobody's workspace."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LIFECLUSTER_HOME")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


def test_all_commands_are_looked_at():
    tried = {line.split(" ")[0] for line in (*LOOK, *ASK, *REFUSE, *ANSWER)}
    tried |= {" ".join(line.split(" ")[:2]) for line in (*LOOK, *ASK, *REFUSE, *ANSWER)}
    assert {" ".join(path) for path, _ in COMMANDS} - tried == MAKE


@pytest.mark.parametrize("line", [*LOOK, *ASK])
def test_the_workspace_that_is_not_there_is_named_and_not_made(elsewhere, line):
    ran = run(*line.split(" "))
    assert ran.code == 1, ran.out
    assert ran.out == ""
    said = " ".join(ran.err.split())
    assert said.startswith(
        f"error: no {'package' if line in LOOK else 'web app'} in the workspace {elsewhere / 'var'} ("
    )
    assert "LIFECLUSTER_HOME is not set" in said
    assert "set LIFECLUSTER_HOME" in said
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("line", [*REFUSE, *ANSWER])
def test_what_needs_none_or_cannot_be_done_makes_none(elsewhere, line):
    ran = run(*line.split(" "))
    assert ran.code == (1 if line in REFUSE else 0), ran.err
    assert list(elsewhere.iterdir()) == []


def test_what_is_refused_late_makes_none_either(elsewhere):
    useless = elsewhere / "in"
    write_inputs(useless)
    (useless / "members.csv").unlink()
    for file in ("BasicCompanyData-2026-10-01.csv", "trusts.csv"):
        (useless / file).unlink()
    assert run("build", "--from", useless).code == 1
    assert [path.name for path in elsewhere.iterdir()] == ["in"]


def test_a_workspace_says_why_it_is_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECLUSTER_HOME", str(tmp_path / "mine"))
    said = Workspace.current().lacks("thing", "make one")
    assert said.startswith(f"no thing in the workspace {tmp_path / 'mine'} (as LIFECLUSTER_HOME says): make one, ")
    assert "mine (as LIFECLUSTER_HOME says)" in run("show", "x").err
