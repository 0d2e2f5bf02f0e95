"""Every command and option has help and stands in the reference; what prints JSON has a schema."""

from __future__ import annotations

import re

import pytest

from lifecluster import schemas
from tests.test_docs import ROOT, load

from .tiny import run

CLI = load("write_cli_reference")
JSON = load("write_json_reference")
COMMANDS = [(path, command) for path, command in CLI.commands() if not hasattr(command, "commands")]
PAGE = (ROOT / "docs/reference/cli.md").read_text("utf-8")


@pytest.mark.parametrize(("path", "command"), list(CLI.commands()), ids=[" ".join(p) for p, _ in CLI.commands()])
def test_it_has_help_and_stands_in_the_reference(path, command):
    assert command.help
    assert len(command.help) > 15
    part = re.search(rf"^##+ lifecluster {re.escape(' '.join(path))}\n(.*?)(?=^## |\Z|^### )", PAGE, re.M | re.S)
    assert part is not None
    assert command.help.split("\n", maxsplit=1)[0] in part[1]
    for parameter in command.params:
        if parameter.name == "help":
            continue
        assert getattr(parameter, "help", None), f"{path}: {parameter.name}"
        wanted = parameter.opts[-1] if parameter.param_type_name == "option" else parameter.name.upper()
        assert f"`{wanted}`" in part[1], f"{path}: {wanted}"


def test_no_part_of_the_page_is_of_a_command_that_is_gone():
    written = re.findall(r"^##+ lifecluster (.+)$", PAGE, re.M)
    assert written == [" ".join(path) for path, _ in CLI.commands()]


def test_every_command_that_prints_json_has_a_schema_and_no_other():
    prints = {" ".join(path) for path, command in COMMANDS if any("--json" in p.opts for p in command.params)}
    assert set(schemas.COMMANDS) == prints


@pytest.mark.parametrize("module", [CLI, JSON], ids=["cli", "json"])
def test_the_pages_are_up_to_date(module):
    assert module.PAGE.read_text("utf-8") == module.page(), f"run scripts/{module.__name__}.py"


def test_schemas_that_follow_a_model_are_up_to_date():
    for name, text in JSON.modelled().items():
        assert schemas.text(name) == text, "run scripts/write_json_reference.py"


@pytest.mark.parametrize("path", [path for path, _ in COMMANDS], ids=" ".join)
def test_help_is_printed(path):
    ran = run(*path, "--help")
    assert ran.code == 0
    assert "Usage" in ran.out


def test_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").out)
