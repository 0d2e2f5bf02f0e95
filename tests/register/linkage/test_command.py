"""The commands' functions: against a file and a package, and evaluation from files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lifecluster.errors import InputError
from lifecluster.register.linkage.command import (
    LinkSummary,
    _with_ids,
    evaluate_files,
    link_frame,
    organisations_of,
    run_link,
)
from lifecluster.register.linkage.link import LINKS
from lifecluster.register.package import Package
from tests.register.linkage.conftest import ROWS, frame


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a register, queries and labels."""
    frame(ROWS).write_parquet(tmp_path / "register.parquet")
    (tmp_path / "queries.csv").write_text(
        "id,name,postcode,address\na,Quendale Pharma Ltd,LS1 4AP,9 Mill Lane\n"
        "b,Nothing Like It,,\nc,Hexafoil,CV1 1AA,\n",
        encoding="utf-8",
    )
    (tmp_path / "labels.csv").write_text("id,company_number\na,01000003\nb,\nc,01000009\n", encoding="utf-8")
    (tmp_path / "meta.csv").write_text(
        "id,noise_class,kind\na,abbreviation,match\nb,clean,absent\nc,clean,match\n", encoding="utf-8"
    )
    return tmp_path


def test_linking_files_and_evaluating_the_answer(files: Path) -> None:
    out = files / "links.csv"
    summary = run_link(files / "queries.csv", files / "register.parquet", out)
    assert isinstance(summary, LinkSummary)
    assert summary.as_dict()["register"] == len(ROWS)
    assert (summary.queries, summary.auto + summary.review, summary.none) == (3, 2, 1)
    from_links = evaluate_files(files / "labels.csv", links=out, meta=files / "meta.csv")
    from_queries = evaluate_files(
        files / "labels.csv",
        queries=files / "queries.csv",
        register=files / "register.parquet",
        meta=files / "meta.csv",
    )
    assert from_links == from_queries
    assert (from_links.precision, from_links.recall, from_links.absent_false_links) == (1.0, 1.0, 0.0)


def test_zeros_are_put_back_only_where_it_is_said_that_they_were_lost(files: Path) -> None:
    (files / "short.csv").write_text("id,name,company_number\na,Hexafoil,1000009\n", encoding="utf-8")
    for marked, auto in ((False, 0), (True, 1)):
        summary = run_link(files / "short.csv", files / "register.parquet", files / "out.csv", lost_zeros=marked)
        assert (summary.auto, summary.auto + summary.review) == (auto, 1)


def test_a_stated_country_is_read(files: Path) -> None:
    (files / "abroad.csv").write_text(
        "id,name,country\na,Quendale Pharma Ltd,Germany\nb,Quendale Pharma Ltd,UK\n", encoding="utf-8"
    )
    run_link(files / "abroad.csv", files / "register.parquet", files / "out.csv")
    answers = pl.read_csv(files / "out.csv")
    assert answers["reasons"].str.contains("of another country").to_list() == [True, False]


def test_no_part_of_an_answer_is_left(files: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        run_link(files / "queries.csv", files / "gone.csv", files / "links.csv")
    with pytest.raises(InputError, match="no such file"):
        run_link(files / "gone.csv", files / "register.parquet", files / "links.csv")
    assert not list(files.glob("*links*"))


def test_evaluation_says_what_is_missing(files: Path) -> None:
    with pytest.raises(InputError, match="neither links nor queries"):
        evaluate_files(files / "labels.csv", queries=files / "queries.csv")
    with pytest.raises(InputError, match="no such file"):
        evaluate_files(files / "gone.csv", links=files / "labels.csv")
    with pytest.raises(InputError, match="lacks the column 'organisation_id'"):
        evaluate_files(files / "labels.csv", links=files / "labels.csv")


def test_progress_names_its_stages(files: Path) -> None:
    seen: list[str] = []
    asked = pl.read_csv(files / "queries.csv", infer_schema=False)
    answer, rows = link_frame(asked, files / "register.parquet", progress=lambda stage, _d, _t: seen.append(stage))
    assert rows == len(ROWS)
    assert answer.columns == list(LINKS)
    assert set(seen) == {"names", "trigrams", "link"}


def test_answers_take_the_ids_of_a_package() -> None:
    known = pl.DataFrame({"company_number": ["01", "K2"], "id": ["org-1", "org-2"], "own_number": ["01", None]})
    answer = pl.DataFrame(
        {
            "id": ["a", "b", "c"], "organisation_id": ["GB-COH-01", "GB-COH-K2", ""],
            "company_number": ["01", "K2", ""], "probability": [0.9, 0.9, 0.1], "band": ["auto", "auto", "none"],
            "reasons": ["", "", ""],
        }
    )  # fmt: skip
    got = _with_ids(answer, known)
    assert got.columns == answer.columns
    assert got["organisation_id"].to_list() == ["org-1", "org-2", ""]
    assert got["company_number"].to_list() == ["01", "", ""]


def test_organisations_of_the_sample_link_to_themselves(sample_package: Package) -> None:
    known = organisations_of(sample_package)
    some = known.filter(pl.col("name").str.len_chars() > 12).head(20)
    asked = some.select("name", "postcode", "address", id=pl.col("id"))
    answer, rows = link_frame(asked, sample_package.path)
    assert rows == known.height
    linked = answer.filter(pl.col("organisation_id") != "")
    assert linked.height >= 18
    assert (linked["organisation_id"] == linked["id"]).mean() >= 0.9
