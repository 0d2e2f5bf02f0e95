"""Pages that all processes share: what was put is found, whole or not at all; old states go; a full disk harms nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory import pages_kept, remembered
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.pages_kept import Body, Files
from tests.web.directory.making import org

pytestmark = pytest.mark.one_database

PAGE = f"/organisations/{org('alpha')}/alpha-medical-limited"
KEY, STATE = ("https", "host", "/directory?q=a"), ("db", 1, 2)


@given(body=st.binary(max_size=300), kind=st.text(max_size=20), tag=st.text(max_size=20))
def test_what_was_put_is_found(tmp_path_factory: pytest.TempPathFactory, body: bytes, kind: str, tag: str) -> None:
    folder = tmp_path_factory.mktemp("pages")
    Files(folder).put(KEY, STATE, Body(kind, tag, body))
    assert Files(folder).get(KEY, STATE) == Body(kind, tag, body)
    assert Files(folder).get((*KEY, "dark"), STATE) is None
    assert Files(folder).get(KEY, (*STATE, "tomorrow")) is None


def test_a_file_that_is_not_whole_counts_as_none(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(KEY, STATE, Body("text/html", "t", b"0123456789"))
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        assert files.get(KEY, STATE) is None
    path.write_bytes(b'["no"]\n')
    assert files.get(KEY, STATE) is None


def test_a_new_state_clears_the_old_one_away(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(KEY, STATE, Body("text/html", "t", b"old"))
    files.put(KEY, ("db", 1, 3), Body("text/html", "t", b"new"))
    assert files.get(KEY, STATE) is None
    assert files.get(KEY, ("db", 1, 3)) is not None
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_somebody_cleared_away_is_made_again(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.put(KEY, STATE, Body("text/html", "t", b"old"))
    shutil.rmtree(next(tmp_path.iterdir()))
    files.put(KEY, STATE, Body("text/html", "t", b"new"))
    found = files.get(KEY, STATE)
    assert found is not None
    assert found.body == b"new"
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())  # and nothing half made beside it
    assert path.stat().st_mode & 0o077 == 0


def test_no_more_than_so_many(tmp_path: Path) -> None:
    files = Files(tmp_path, most=3)
    for number in range(6):
        files.put((number,), STATE, Body("", "", b"x"))
    assert [files.get((number,), STATE) is not None for number in range(6)] == [True] * 3 + [False] * 3


def test_a_disk_that_refuses_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    files = Files(tmp_path / "file")
    files.put(KEY, STATE, Body("", "", b"x"))
    assert files.get(KEY, STATE) is None


def test_another_state_of_the_code_has_other_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path)
    files.put(KEY, STATE, Body("", "", b"x"))
    monkeypatch.setattr(pages_kept, "code", lambda: "another")
    assert files.get(KEY, STATE) is None


def test_another_process_finds_the_page_that_was_asked_for_again(small: Package, web: Client, tmp_path: Path) -> None:
    pages = tmp_path / "kept"
    with override_settings(LIFECLUSTER_PAGES=pages):
        remembered._files.cache_clear()
        first = web.get(PAGE)
        assert not pages.exists()  # who asks for everything once fills no disk
        for _ in range(3):
            assert web.get(PAGE).content == first.content
        remembered.shelf.empty()  # as in a process that has just begun
        with CaptureQueriesContext(connection) as asked:
            again = web.get(PAGE)
    remembered._files.cache_clear()
    assert len(asked) == 1  # which package is shown; making the page takes several
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]
    assert len([p for p in pages.rglob("*") if p.is_file()]) == 1
