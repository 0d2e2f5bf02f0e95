import functools
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from benchmarks.linkage.generator import ADDRESS_CLASSES, KINDS, NOISE_CLASSES, Testset, make_testset, write_testset
from benchmarks.linkage.generator.__main__ import main
from benchmarks.linkage.generator.names import plain
from benchmarks.linkage.generator.vocabulary import split_legal_form

SIZE, QUERIES = 4000, 600


@functools.cache
def made(data: Path, seed: int = 7) -> Testset:
    return make_testset(data, size=SIZE, queries=QUERIES, seed=seed)


@pytest.fixture
def testset(data_dir: Path) -> Testset:
    return made(data_dir)


def test_sizes_and_columns_are_as_asked(testset: Testset) -> None:
    assert testset.register.height == SIZE
    assert testset.queries.columns == ["id", "name", "postcode", "address", "town"]
    assert testset.labels.columns == ["id", "company_number"]
    assert testset.meta.columns == ["id", "noise_class", "address_class", "kind"]
    columns = ["company_number", "name", "postcode", "address", "town", "previous_names", "status"]
    assert testset.register.columns == columns
    assert testset.register["previous_names"].dtype == pl.List(pl.String)


def test_every_query_has_an_id_a_name_and_one_truth(testset: Testset) -> None:
    ids = testset.queries["id"]
    assert ids.n_unique() == QUERIES
    assert ids.to_list() == testset.labels["id"].to_list() == testset.meta["id"].to_list()
    assert testset.queries["name"].str.strip_chars().str.len_chars().min() > 0


def test_company_numbers_are_unique_and_true_ones_are_in_the_register(testset: Testset) -> None:
    numbers = testset.register["company_number"]
    assert numbers.n_unique() == SIZE
    assert numbers.str.len_chars().unique().to_list() == [8]
    assert set(testset.labels["company_number"].drop_nulls()) <= set(numbers)


def test_a_match_has_a_number_and_an_absent_company_has_none(testset: Testset) -> None:
    rows = testset.labels.join(testset.meta, on="id")
    assert set(rows["kind"]) == set(KINDS)
    assert rows.filter((pl.col("kind") == "match") != pl.col("company_number").is_not_null()).is_empty()


def test_seventeen_per_cent_have_no_match_half_of_them_with_a_sibling(testset: Testset) -> None:
    assert Counter(testset.meta["kind"]) == {"match": 498, "absent": 51, "absent_sibling": 51}


def test_noise_classes_are_equal_and_address_classes_near_their_shares(testset: Testset) -> None:
    assert Counter(testset.meta["noise_class"]) == dict.fromkeys(NOISE_CLASSES, QUERIES // 12)
    shares = {name: n / QUERIES for name, n in Counter(testset.meta["address_class"]).items()}
    assert set(shares) == set(ADDRESS_CLASSES)
    assert 0.36 < shares["same"] < 0.54
    assert 0.22 < shares["other_site"] < 0.40
    assert 0.12 < shares["town_only"] + shares["none"] < 0.28


def test_an_absent_company_is_not_in_the_register_under_its_name(testset: Testset) -> None:
    truth = testset.details.join(testset.meta, on="id").filter(pl.col("kind") != "match")
    taken = {plain(split_legal_form(name)[0]) for name in testset.register["name"]}
    assert not {plain(split_legal_form(name)[0]) for name in truth["true_name"]} & taken


def test_a_sibling_shares_its_first_word_with_a_company_that_is_there(testset: Testset) -> None:
    truth = testset.details.join(testset.meta, on="id").filter(pl.col("kind") == "absent_sibling")
    first = {name.split()[0] for name in testset.register["name"]}
    shared = [name.split()[0] in first for name in truth["true_name"]]
    assert sum(shared) >= 0.9 * len(shared)


def test_unanswerable_queries_are_rare_and_never_absent_ones(testset: Testset) -> None:
    rows = testset.details.join(testset.meta, on="id").filter(pl.col("fits") > 0)
    assert rows.height <= 0.03 * QUERIES
    assert set(rows["kind"]) <= {"match"}


def test_a_clean_query_is_the_registered_name_in_some_case(testset: Testset) -> None:
    rows = testset.queries.join(testset.meta, on="id").join(testset.details, on="id")
    rows = rows.filter(pl.col("noise_class") == "clean")
    assert rows["name"].str.to_uppercase().to_list() == rows["true_name"].str.to_uppercase().to_list()


def test_other_sites_are_not_at_the_registered_postcode(testset: Testset) -> None:
    rows = testset.queries.join(testset.meta, on="id").join(testset.labels, on="id").drop_nulls("company_number")
    rows = rows.join(testset.register.select("company_number", home="postcode"), on="company_number")
    same = pl.col("postcode").str.replace_all(" ", "") == pl.col("home").str.replace_all(" ", "")
    shares = {
        key[0]: group.select(same.mean()).item()
        for key, group in rows.partition_by("address_class", as_dict=True).items()
    }
    assert shares["same"] == 1.0
    assert shares["other_site"] < 0.05
    assert shares["postcode_typo"] == shares["none"] == shares["town_only"] == 0.0


def test_the_register_is_hard(testset: Testset) -> None:
    register = testset.register
    assert 0.10 < (register["previous_names"].list.len() > 0).mean() < 0.20
    assert 0.03 < (register["status"] == "Dissolved").mean() < 0.10
    assert register["postcode"].value_counts()["count"].max() >= 40
    stems = [plain(split_legal_form(name)[0]) for name in register["name"]]
    assert len(stems) - len(set(stems)) > 5, "some names are used again"
    heads = Counter(name.split()[0] for name in register["name"])
    assert sum(n for n in heads.values() if n > 1) > 0.3 * SIZE


def test_another_seed_gives_another_set(data_dir: Path) -> None:
    assert made(data_dir, 8).queries["name"].to_list() != made(data_dir).queries["name"].to_list()


def test_the_same_seed_gives_the_same_files_whatever_the_hash_seed(data_dir: Path, tmp_path: Path) -> None:
    write_testset(made(data_dir), tmp_path / "here")
    arguments = [f"--size={SIZE}", f"--queries={QUERIES}", "--seed=7", f"--out={tmp_path / 'there'}"]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "LIFECLUSTER_DATA": str(data_dir)}
    command = [sys.executable, "-m", "benchmarks.linkage.generator", *arguments]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], capture_output=True)
    for file in sorted((tmp_path / "here").iterdir()):
        assert file.read_bytes() == (tmp_path / "there" / file.name).read_bytes(), file.name
    assert json.loads((tmp_path / "here" / "stats.json").read_text())["register"] == SIZE


def test_the_command_needs_the_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LIFECLUSTER_DATA", raising=False)
    with pytest.raises(SystemExit):
        main(["--out", "nowhere"])
    assert "LIFECLUSTER_DATA" in capsys.readouterr().err
