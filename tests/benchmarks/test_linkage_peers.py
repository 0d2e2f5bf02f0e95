import polars as pl
import pytest

pytest.importorskip("splink", reason="the peers are an optional extra: install the project with [bench]")
pytest.importorskip("psutil", reason="the peers are an optional extra: install the project with [bench]")

from benchmarks.linkage.peers import PEERS, peer
from benchmarks.linkage.peers.tidy import register_names, tidy_name, tidy_postcode
from benchmarks.linkage.run import command, main, measured, read_links

HEADS = ["ZORVAN", "QUIBBLE", "FLIMBERT", "TRESKIN", "OXMOLE", "HATHERDEN", "BRACKLOW", "JUNDERY", "KESPIT", "WOLDER"]
TRADES = ["CARE", "PLUMBING", "FOODS", "LOGISTICS", "DENTAL", "OPTICS", "STEEL", "MEDIA"]


def small() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Eighty companies; each is asked for without its legal form."""
    names = [f"{head} {trade}" for head in HEADS for trade in TRADES]
    numbers = [f"{n:08d}" for n in range(len(names))]
    register = pl.DataFrame(
        {
            "company_number": numbers,
            "name": [f"{name} LTD" for name in names],
            "postcode": [f"LS{n % 9 + 1} {n % 10}AB" for n in range(len(names))],
            "address": [f"{n + 1} MILL ROAD" for n in range(len(names))],
            "town": ["LEEDS"] * len(names),
            "previous_names": [[f"OLD{n} STORES LTD"] if n == 5 else [] for n in range(len(names))],
            "status": ["Active"] * len(names),
        },
        schema_overrides={"previous_names": pl.List(pl.String)},
    )
    queries = register.select(
        id="company_number", name=pl.lit("x"), postcode="postcode", address="address", town="town"
    )
    queries = queries.with_columns(name=pl.Series([name.title() for name in names]))
    return register, queries, pl.DataFrame({"id": numbers, "company_number": numbers})


@pytest.mark.parametrize("name", ["tfidf", "tfidf_pc", "splink_quick"])
def test_a_peer_finds_what_is_easy(name: str) -> None:
    register, queries, labels = small()
    links = peer(name)(register, queries, labels)
    assert links.columns == ["id", "company_number", "score"]
    assert links["id"].n_unique() == links.height
    right = links.filter(pl.col("id") == pl.col("company_number")).height
    assert right >= 0.9 * queries.height


def test_previous_names_are_used_by_the_better_peer() -> None:
    register, queries, labels = small()
    asked = queries.head(1).with_columns(name=pl.lit("Old5 Stores"))
    assert peer("tfidf_pc")(register, asked, labels)["company_number"].to_list() == ["00000005"]


def test_an_unknown_peer_is_refused() -> None:
    with pytest.raises(KeyError):
        peer("nobody")


def test_names_are_tidied_alike() -> None:
    names = ["The Altra & Bren Co. Ltd", "ALTRA AND BREN LIMITED", "Áltra and Bren", "LIMITED"]
    tidy = pl.DataFrame({"name": names}).select(tidy_name("name"))["name"].to_list()
    assert tidy == ["ALTRA AND BREN", "ALTRA AND BREN", "ALTRA AND BREN", "LIMITED"]


def test_postcodes_are_tidied_and_blanks_are_null() -> None:
    tidy = pl.DataFrame({"p": ["ls1  4ab", "", None, "LS1"]}).select(tidy_postcode("p"))["p"].to_list()
    assert tidy == ["LS14AB", None, None, None]


def test_each_name_of_a_company_is_a_row() -> None:
    register, _, _ = small()
    assert register_names(register).height == register.height + 1


def test_a_command_is_measured_and_its_failure_is_told(tmp_path) -> None:
    import subprocess
    import sys

    seconds, peak = measured([sys.executable, "-c", "import time; time.sleep(0.3); print('hello')"], tmp_path / "log")
    assert seconds > 0
    assert peak > 0
    assert (tmp_path / "log").read_text().strip() == "hello"
    with pytest.raises(subprocess.CalledProcessError):
        measured([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log")


def test_our_own_answers_are_read_with_probability_and_band(tmp_path) -> None:
    file = tmp_path / "links.csv"
    file.write_text(
        "id,organisation_id,company_number,probability,band,reasons\nQ1,GB-COH-01,01,0.9,auto,same name\nQ2,,,,none,\n"
    )
    links = read_links(file)
    assert links.columns == ["id", "company_number", "score", "band"]
    assert links["score"].to_list() == [0.9, None]


def test_commands_name_the_tool(tmp_path) -> None:
    assert "lifecluster.cli" in command("ours", tmp_path, tmp_path / "out.csv")
    assert all(name in command(name, tmp_path, tmp_path / "out.csv") for name in PEERS)


def test_an_unknown_tool_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--tools", "nobody"])
    assert "nobody" in capsys.readouterr().err


def test_the_driver_compares_and_writes(tmp_path, data_dir, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LIFECLUSTER_DATA", str(data_dir))
    arguments = [
        "--sizes=3000",
        "--queries=240",
        "--tools=tfidf_pc",
        f"--work={tmp_path}",
        f"--json={tmp_path / 'r.json'}",
    ]
    assert main(arguments) == 0
    assert "| 3,000 tfidf_pc |" in capsys.readouterr().out
    assert '"r_at_p99"' in (tmp_path / "r.json").read_text()
    before = (tmp_path / "3000-240-7" / "links_tfidf_pc.csv").stat().st_mtime_ns
    assert main([*arguments, "--reuse"]) == 0
    assert (tmp_path / "3000-240-7" / "links_tfidf_pc.csv").stat().st_mtime_ns == before
