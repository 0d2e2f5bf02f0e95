"""The summary of a build: names are whole, and what it prints can be added up by whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.commands import counted

from .tiny import MEMBERS, TRUSTS, run

NAMES = ("companies-house-south-yorkshire", "nhs-trusts", "tiny-members")
COUNTS = st.integers(0, 2_000_000)


@dataclass
class Written:
    """What is printed, in place of the terminal."""

    lines: list[str]
    is_terminal = False

    def print(self, text: object = "", **_style: object) -> None:
        self.lines += str(text).splitlines() or [""]

    def table(self, table: object) -> None:
        raise AssertionError("not of this test")


def table(told: str, title: str) -> dict[str, list[int]]:
    """The numbers of a table of the summary, by the name of its line."""
    lines = told.split(f"{title} ", 1)[1].splitlines()[3:]
    found = {}
    for line in lines:
        if "=" in line or (not line.strip() and "all" in found):
            break
        if line.strip():
            name, *numbers = line.split()
            found[name] = [int(n.replace(",", "")) for n in numbers]
    return found


def adds_up(rows: dict[str, list[int]], whole: int, parts: Sequence[int]) -> None:
    for name, numbers in rows.items():
        assert numbers[whole] == sum(numbers[i] for i in parts), name
    per_source = [numbers for name, numbers in rows.items() if name != "all"]
    assert rows["all"] == [sum(column) for column in zip(*per_source, strict=True)]


@pytest.mark.parametrize("width", ["80", "200", None])
def test_a_reader_can_add_what_a_build_prints(tiny_inputs, tmp_path, monkeypatch, width):
    if width is None:
        monkeypatch.delenv("COLUMNS")  # a pipe: no width is set
    else:
        monkeypatch.setenv("COLUMNS", width)
    told = run("build", "--from", tiny_inputs, "--out", tmp_path / "p").out
    assert "…" not in told
    rows = table(told, "Rows")
    assert {"companies-house", "nhs-trusts", "tiny-members", "all"} == set(rows)
    adds_up(rows, 0, (1, 2))
    names = table(told, "Organisations that the rows name")
    adds_up(names, 0, (1, 2, 3, 4))
    assert names["nhs-trusts"][:2] == [len(TRUSTS)] * 2
    assert names["tiny-members"][:2] == [len(MEMBERS) - 1, 0]
    if width:
        beside = ("warning", "not read", "package")
        wide = [line for line in told.splitlines() if len(line) > int(width) and not line.startswith(beside)]
        assert all("=" in line for line in wide)  # prose is broken by the terminal


@settings(max_examples=25)
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=3), st.integers(92, 240))
def test_names_and_sums_are_whole_at_any_width(sources, width):
    told = {
        name: {"read": a + b, "accepted": a, "rejected": b, "problems": b, "named": a, "registered": 0, "asked": a,
               "linked": {"auto": min(a, c), "review": min(a - min(a, c), d), "none": 0}, "warnings": []}
        for name, (a, b, c, d) in zip(NAMES, sources, strict=False)
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        out = counted.out.__class__(width=width, highlight=False)
        patch.setattr(counted, "out", out)
        with out.capture() as captured:
            counted._rows(told)
            counted._names(told)
    text = captured.get()
    adds_up(table(text, "Rows"), 0, (1, 2))
    if any(row["named"] for row in told.values()):
        adds_up(table(text, "Organisations that the rows name"), 0, (1, 2, 3, 4))
    assert all(name in text for name in told)


def test_files_that_were_not_read_are_told_by_their_reason(monkeypatch):
    written = Written([])
    monkeypatch.setattr(counted, "out", written)
    alike = [(f"{n}.txt", "no source recognises it") for n in range(40)]
    others = [(f"copy-{n}.csv", f"the same file as {n}.csv") for n in range(12)]
    counted.unread([*others, *alike], package="p")
    first, *rest = written.lines
    assert first == "not read: 40 files: no source recognises it (0.txt, 1.txt, 2.txt, …)"
    told = sum(int(re.findall(r"not read: (\d+) ", line)[0]) if re.match(r"not read: \d+ ", line) else 1
               for line in written.lines if line.startswith("not read"))  # fmt: skip
    assert told == 52
    assert len(written.lines) <= counted.LINES + 2
    assert rest[-1] == "each of them: lifecluster problems p --of files"


def test_few_files_are_named_without_more_words(monkeypatch):
    written = Written([])
    monkeypatch.setattr(counted, "out", written)
    counted.unread([("notes.txt", "nothing in it")], package="p")
    assert written.lines == ["not read: notes.txt: nothing in it"]


def test_what_a_reader_noticed_is_said(tiny_inputs, tmp_path):
    told = run("build", "--from", tiny_inputs, "--out", tmp_path / "p").out
    assert f"warning: companies-house: {7} companies, where the whole register has over" in told


def test_in_a_pipe_no_line_is_broken(monkeypatch):
    monkeypatch.delenv("COLUMNS")
    told = run("sources").out.splitlines()
    assert all(line.startswith("  ") or "  " in line for line in told)  # name and title, or indented
    assert max(map(len, told)) > 100
