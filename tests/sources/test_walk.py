"""What counts as a file of a folder of inputs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lifecluster.sources.mapping import guess_file, mapping_path, save_mapping
from lifecluster.sources.registry import gather
from lifecluster.sources.spec import Licence
from lifecluster.sources.walk import is_package, walk


def put(path, text="x,y\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def names(folder):
    return [name for name, _ in walk(folder).files]


def test_files_come_in_the_order_of_their_names_whatever_the_folder_says(tmp_path):
    for name in ("b.csv", "a/z.csv", "a.csv", "a/b/c.csv"):
        put(tmp_path / name)
    assert names(tmp_path) == ["a/b/c.csv", "a/z.csv", "a.csv", "b.csv"]


def test_hidden_files_and_all_that_lies_in_hidden_folders_are_no_inputs(tmp_path):
    put(tmp_path / ".trash" / "a.csv")
    put(tmp_path / ".a.csv")
    put(tmp_path / "a.csv")
    found = walk(tmp_path)
    assert names(tmp_path) == ["a.csv"]
    assert found.left == dict.fromkeys([".a.csv", ".trash"], "hidden (its name begins with a dot): not read")


def test_links_to_folders_are_followed_but_not_round_in_circles(tmp_path):
    put(tmp_path / "far" / "a.csv")
    inputs = tmp_path / "inputs"
    put(inputs / "sub" / "b.csv")
    (inputs / "linked").symlink_to(tmp_path / "far", target_is_directory=True)
    (inputs / "sub" / "up").symlink_to(inputs, target_is_directory=True)
    found = walk(inputs)
    assert names(inputs) == ["linked/a.csv", "sub/b.csv"]
    assert found.left == {"sub/up": "a link to the folder of inputs itself, which is read there"}


def test_a_folder_is_entered_once_by_its_own_name_however_many_links_lead_to_it(tmp_path):
    for name in "bcdefgh":
        put(tmp_path / name / "x.csv", name)
        for other in "bcdefgh":
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other, target_is_directory=True)
    (tmp_path / "a").symlink_to(tmp_path / "h", target_is_directory=True)
    found = walk(tmp_path)
    assert names(tmp_path) == [f"{name}/x.csv" for name in "bcdefgh"]
    assert len(found.left) == 50 and found.left["a"] == "a link to h, which is read there"


def test_two_folders_elsewhere_that_link_to_each_other_end(tmp_path):
    one, two, inputs = tmp_path / "one", tmp_path / "two", tmp_path / "inputs"
    put(one / "a.csv")
    put(two / "b.csv")
    inputs.mkdir()
    (one / "two").symlink_to(two, target_is_directory=True)
    (two / "one").symlink_to(one, target_is_directory=True)
    (inputs / "l").symlink_to(one, target_is_directory=True)
    found = walk(inputs)
    assert names(inputs) == ["l/a.csv", "l/two/b.csv"]
    assert found.left == {"l/two/one": "a link to l, which is read there"}


def test_what_cannot_be_opened_is_reported(tmp_path, monkeypatch):
    put(tmp_path / "a.csv")
    put(tmp_path / "locked" / "b.csv")
    put(tmp_path / "odd" / "c.csv")
    enter, ask = Path.iterdir, Path.is_file

    def iterdir(self):
        if self.name == "locked":
            raise PermissionError(13, "Permission denied")
        return enter(self)

    def is_file(self):
        if self.name == "c.csv":
            raise OSError(36, "File name too long")
        return ask(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    monkeypatch.setattr(Path, "is_file", is_file)
    assert walk(tmp_path).left == {
        "locked": "the folder cannot be opened (Permission denied)",
        "odd/c.csv": "cannot be opened (File name too long)",
    }


def test_a_file_that_cannot_be_opened_is_left(tmp_path, monkeypatch):
    put(tmp_path / "a.csv")
    monkeypatch.setattr("lifecluster.sources.registry.recognise", lambda *a, **k: Path("/proc/1/nothing").stat())
    assert gather(tmp_path).left == {"a.csv": "cannot be opened (No such file or directory)"}


def test_a_link_to_nothing_and_what_is_no_file_are_reported(tmp_path):
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "self.csv").symlink_to(tmp_path / "self.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert gather(tmp_path).left == {
        "gone.csv": "a link to nothing",
        "pipe.csv": "neither a file nor a folder",
        "self.csv": "a link to nothing",
    }


def test_packages_that_lifecluster_wrote_are_no_inputs(tmp_path):
    put(tmp_path / "packages" / "one" / "datapackage.json", '{"name": "one", "lifecluster": {}}')
    put(tmp_path / "packages" / "one" / "left.parquet")
    (tmp_path / "packages" / "current").symlink_to("one", target_is_directory=True)
    put(tmp_path / "theirs" / "datapackage.json", '{"name": "theirs"}')
    inputs = gather(tmp_path)
    assert inputs.packages == ("packages/current", "packages/one")
    assert list(inputs.left) == ["theirs/datapackage.json"]


@pytest.mark.parametrize("text", ["", "[", "[1]", "[" * 100_000, "\xff"])
def test_what_is_no_descriptor_makes_no_package(tmp_path, text):
    put(tmp_path / "datapackage.json", text)
    assert not is_package(tmp_path)


def test_a_name_that_is_no_text_is_read_under_one_that_is(tmp_path):
    path = put(tmp_path / "v.csv")
    try:
        path.rename(tmp_path / os.fsdecode(b"v\xff.csv"))
    except OSError:
        pytest.skip("this file system has names of text only")
    assert names(tmp_path) == ["v\\xff.csv"]
    try:
        put(tmp_path / os.fsdecode(b"v\xfe.csv"), "Company name,Postcode\nAcme Ltd,LS1 1AA\nBolt Ltd,LS1 1AA\n")
    except OSError:
        return
    odd = tmp_path / os.fsdecode(b"v\xfe.csv")
    mapping = guess_file(odd).model_copy(
        update={"publisher": "A network", "licence": Licence(id="CC0-1.0", title="CC0"), "confirmed": True}
    )
    assert mapping.list == "v\\xfe.csv"
    save_mapping(mapping, mapping_path(odd))
    found = gather(tmp_path)
    assert list(found.left) == ["v\\xff.csv"]
    extract = found.lists["v\\xfe.csv"].read()
    assert extract.snapshots[0].file == "v\\xfe.csv" == extract.records["organisation"]["file"][0]
