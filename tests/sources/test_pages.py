"""The how-to pages are programs: what they show is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from lifecluster.register.package import Package
from lifecluster.register.statement import from_extract
from lifecluster.sources.extract import Extract
from lifecluster.sources.mapping import load_mapping, mapping_path
from lifecluster.sources.registry import describe, gather, sources
from tests.commands.tiny import run
from tests.sources.kit import everything, read_as, reasons, write

PAGES = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(page: str) -> list[tuple[str, str]]:
    """Language and text of each code block of a page."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", (PAGES / page).read_text("utf-8"), flags=re.M | re.S)


def block(page: str, language: str) -> str:
    return next(text for lang, text in blocks(page) if lang == language)


def test_the_source_on_the_page_is_complete_and_under_sixty_lines(tmp_path):
    settings, program = block("add-a-source.md", "yaml"), block("add-a-source.md", "python")
    assert len((settings + program).splitlines()) < 60
    home, inbox = tmp_path / "sources", tmp_path / "inbox"
    folder = home / "laboratories"
    folder.mkdir(parents=True)
    inbox.mkdir()
    (folder / "source.yml").write_text(settings, "utf-8")
    (folder / "reader.py").write_text(program, "utf-8")
    example = block("add-a-source.md", "text")
    more = ["L-8;South Laboratory;ACME SENSORS LTD;04142000;DN1 3BU;;;", "L-9;;Bolt Ltd;;;;;Bo", "L-9;Short;row"]
    write(inbox / "any-name-2026-03.csv", *example.splitlines(), *more)
    inputs = gather(inbox, extra=home)
    assert inputs.left == {}
    (file,) = inputs.files["laboratories"]
    assert file.snapshot.observed_on.isoformat() == "2026-03-01"
    extract = sources(home)["laboratories"].read([file])
    assert isinstance(extract, Extract)
    assert (extract.read, extract.accepted) == (4, 2)
    site = extract.records["site"].row(0, named=True)
    assert (site["key"], site["activity"], site["holder"]) == ("L-7", ["Blood", "Tissue"], ["organisation:04142000"])
    assert extract.records["organisation"]["company_number"].to_list() == ["04142000"]
    assert [r[0] for r in reasons(extract.rejected)] == [5, 4]
    assert "Ada Example" not in everything(extract)
    described = describe(home).row(by_predicate=__import__("polars").col("name") == "laboratories", named=True)
    assert described["own"] and described["fetch"]


def test_every_key_of_a_column_is_explained_on_the_page():
    from lifecluster.sources.spec import Column, SourceSpec

    text = (PAGES / "add-a-source.md").read_text("utf-8")
    for key in [*Column.model_fields, *SourceSpec.model_fields]:
        if key not in {"field", "notes", "header", "delimiter"}:
            assert f"{key}" in text, key


def test_the_commands_on_the_page_lead_from_a_list_to_a_package(tmp_path, monkeypatch):
    """The list, the commands and the mapping of the page as they stand there, one after the other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFECLUSTER_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("LIFECLUSTER_AT", "2026-04-30")
    guess, confirm, build = (shlex.split(line)[1:] for line in block("your-own-list.md", "sh").splitlines())
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "members.csv").write_text(block("your-own-list.md", "text"), "utf-8")
    told = run(*guess)
    assert told.code == 0 and "looks like names" in told.out
    kept, page = mapping_path(Path("inputs/members.csv")), block("your-own-list.md", "yaml")
    refused = run(*confirm)
    assert refused.code == 1 and "it cannot be confirmed yet: publisher" in refused.err
    guessed = load_mapping(kept)
    kept.write_text(page, "utf-8")
    filled = load_mapping(kept)
    said = {"publisher", "licence", "rank", "observed_on"}
    assert filled.model_dump(exclude=said) == guessed.model_dump(exclude=said)
    assert not any(getattr(filled, key) == getattr(guessed, key) for key in said)
    assert run(*confirm).code == 0
    assert load_mapping(kept) == filled.model_copy(update={"confirmed": True, "columns": load_mapping(kept).columns})
    assert "seen" not in kept.read_text("utf-8")
    built = run(*build, "--json").json
    counts = built["sources"]["list-members"]
    assert (counts["read"], counts["accepted"], counts["rejected"], counts["problems"]) == (3, 3, 0, 1)
    package = Package(tmp_path / "var" / "packages" / "current")
    assert package.whole.table("problems").select("row", "reason").rows() == [(5, "is below zero")]
    assert package.table("problems").is_empty()
    assert set(package.table("statements")["visibility"]) == {"members"}
    everything_in_it = " ".join(str(package.table(name).to_dicts()) for name in package.tables)
    assert not any(word in everything_in_it for word in ("Alice", "sample.example", "K. Sample"))


def test_the_program_on_the_page_writes_a_mapping(tmp_path, monkeypatch):
    write(tmp_path / "members.csv", "Organisation,Post code", "Acme Sensors Ltd,LS1 1AA", "Bolt Biotech Ltd,DN1 3BU")
    monkeypatch.chdir(tmp_path)
    exec(compile(block("your-own-list.md", "python"), "page", "exec"), {})
    assert load_mapping(tmp_path / "members.csv.mapping.yml").columns["Organisation"].property == "name"


def test_the_exchange_file_on_the_page_is_read(tmp_path):
    path = tmp_path / "values.csv"
    path.write_text(block("your-own-list.md", "csv"), "utf-8")
    extract = read_as("exchange", path)
    assert extract.rejected.height == 0
    assert extract.records["site"]["holder"].to_list() == [["organisation:acme"]]
    assert from_extract(extract, "organisation").filter(property="employees").select("value", "visibility").rows() == [
        ("100", "public"),
        ("120", "members"),
    ]


def test_messages_in_the_table_are_those_of_the_program():
    text = (PAGES / "your-own-list.md").read_text("utf-8")
    source = "".join(p.read_text("utf-8") for p in (PAGES.parents[1] / "src/lifecluster/sources").rglob("*.py"))
    table = re.findall(r"^\| ([^|]+) \|", text[text.index("| message") :], flags=re.M)[1:]
    for message in table:
        start = re.sub(r" of row \d+$", "", message).strip()
        assert start in source, message
