"""Pages that are written from the code are what the code says now."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import typer

from lifecluster.cli import app

from .commands.tiny import run

ROOT = Path(__file__).parents[1]


def load(script: str):
    spec = importlib.util.spec_from_file_location(script, ROOT / "scripts" / f"{script}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("script", ["write_tables_reference"])
def test_generated_pages_are_up_to_date(script):
    module = load(script)
    assert module.PAGE.read_text("utf-8") == module.page(), f"run scripts/{script}.py"


def kept() -> list[Path]:
    """Files of the project: those that git keeps, or all of them where there is no git."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_nothing_names_hosts_of_registries_or_paths_of_a_machine():
    banned = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "/wo" + "rk/",
        "/tm" + "p/lc",
        "/ro" + "ot/",
    ]
    found = [(path.name, word) for path in kept() for word in banned if word in path.read_text("utf-8", "ignore")]
    assert found == []


def test_no_file_of_the_library_is_long():
    sizes = sorted(len(p.read_text("utf-8").splitlines()) for p in (ROOT / "src").rglob("*.py"))
    assert sizes[-1] <= 600
    assert sizes[len(sizes) // 2] <= 100


def test_links_between_pages_lead_somewhere():
    dead = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")
    assert dead == []


def test_the_programs_of_the_tutorial_run(sample_package, capsys, monkeypatch):
    text = (ROOT / "docs" / "tutorial" / "first-hour.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(program.replace('"var/packages"', repr(str(sample_package.path.parent))), {})
    assert "MIA" in capsys.readouterr().out


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"^(?:\$ )?lifecluster +(.+?)(?: {2,}#.*)?$", re.M)


def said_commands(text: str) -> list[str]:
    """What stands after `lifecluster` in the blocks of a page and in its running text, comments left out."""
    blocks = re.findall(r"^```(?:sh|console|bash|text)?\n(.*?)^```", text, flags=re.M | re.S)
    inline = re.findall(r"`(lifecluster [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    joined = [re.sub(r" *\\\n\s*", " ", block) for block in blocks] + [" ".join(one.split()) for one in inline]
    lines = [re.sub(r"[\[\]]", "", line) for one in joined for line in COMMAND.findall(one)]  # [what may be left out]
    return [line for line in lines if not line.startswith("COMMAND")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_is_there_with_its_options(page):
    wrong = []
    for line in said_commands(page.read_text("utf-8")):
        node, name = typer.main.get_command(app), "lifecluster"
        words = shlex.split(line.split(" | ")[0].replace("…", "x"))
        while hasattr(node, "commands") and words and words[0] in node.commands:
            name = words.pop(0)
            node = node.commands[name]
        if words and hasattr(node, "commands") and not words[0].startswith("-"):
            wrong.append(f"lifecluster {line}: no command {words[0]!r}")
            continue
        try:
            if not hasattr(node, "commands"):
                node.make_context(name, words)
        except typer.Exit:
            pass
        except Exception as error:
            told = error.format_message() if hasattr(error, "format_message") else repr(error)
            if "Missing" not in told and "requires an argument" not in told:  # running text may leave something out
                wrong.append(f"lifecluster {line}: {told}")
    assert wrong == []


def test_commands_are_found_in_blocks_and_in_running_text():
    text = "Say `lifecluster find\nx --limit 3`.\n\n```sh\nmake run\nlifecluster show A   # why\nlifecluster a \\\n  b\n```\n"
    assert said_commands(text) == ["show A", "a b", "find x --limit 3"]


LOOK = (
    "find",
    "show",
    "follow",
    "definitions",
    "judge queue",
    "judge list",
    "sources",
    "regions",
    "problems",
    "packages",
)


def test_what_the_readme_and_the_tutorial_look_at_is_there(sample_package, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECLUSTER_HOME", str(tmp_path))
    (tmp_path / "packages").symlink_to(sample_package.path.parent, target_is_directory=True)
    one = sample_package.table("organisations").sort("records", descending=True)["id"][0]
    pages = ("README.md", "docs/tutorial/first-hour.md")
    lines = {
        line for page in pages for line in said_commands((ROOT / page).read_text("utf-8")) if line.startswith(LOOK)
    }
    assert len(lines) >= 9
    for line in sorted(lines):
        ran = run(*shlex.split(line.replace("LCO-…", one)))
        assert (ran.code, ran.err) == (0, ""), line
        assert len(ran.out.splitlines()) > 2, line
