"""Opening files: encodings, archives, bombs, delimiters."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.sources import files
from lifecluster.sources.files import decode, head, members, open_bytes, read_text, sniff
from lifecluster.sources.registry import recognise
from tests.sources.kit import input_file


def _zip(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "."), data)
    return path


def test_plain_gzip_and_zip_are_told_by_content(tmp_path):
    text = "name,x\nÄcme,1\n"
    (tmp_path / "a.dat").write_text(text, "utf-8")
    (tmp_path / "b.dat").write_bytes(gzip.compress(text.encode()))
    _zip(tmp_path / "c.dat", a_csv=text.encode())
    for name in ("a.dat", "b.dat", "c.dat"):
        assert read_text(input_file(tmp_path / name)) == (text, "utf-8")
        assert head(tmp_path / name) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b"name,x\n" * 10_000, mtime=0)[:-12], "damaged or cut short"),
        (gzip.compress(b"name,x\n" * 10_000, mtime=0)[:40], "damaged or cut short"),
        (b"\x1f\x8b" + b"rubbish" * 20, "damaged or cut short"),
        (b"PK\x03\x04" + b"rubbish" * 20, "damaged or cut short"),
        (b"n\x00a\x00", "no text file"),
        (b"\xff\xfea\x00b", "UTF-16 text that is damaged"),
        (b"a,b\nc,\x81\xff\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_damage_is_an_input_error_that_names_the_file(tmp_path, data, message):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_text(input_file(path))
    assert "a.csv" in str(caught.value)


def test_an_undecodable_byte_names_its_row():
    with pytest.raises(InputError, match="row 3"):
        decode(b"a,b\nc,d\ne,\x81\x8d\n", name="x.csv")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(InputError, match=r"x\.csv: there is no such file"), open_bytes(tmp_path / "x.csv"):
        pass


def test_bombs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "UNFOLD_FLOOR", 1 << 20)
    monkeypatch.setattr(files, "UNFOLD_RATIO", 10)
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"0" * (4 << 20)))
    _zip(tmp_path / "b.zip", a_csv=b"0" * (4 << 20))
    for name in ("b.gz", "b.zip"):
        with pytest.raises(InputError, match="possible zip bomb"):
            read_text(input_file(tmp_path / name))


def test_archives_of_several_files_and_locked_ones(tmp_path):
    path = _zip(tmp_path / "two.zip", a_csv=b"x", b_csv=b"y")
    assert members(path) == ("a.csv", "b.csv")
    with pytest.raises(InputError, match="holds 2 files; one is expected"):
        read_text(input_file(path))
    locked = bytearray(_zip(tmp_path / "one.zip", a_csv=b"name,x\n").read_bytes())
    locked[6] |= 1  # the flag "encrypted" in the local header and in the directory
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    with pytest.raises(InputError, match=r"locked\.zip"):
        read_text(input_file(tmp_path / "locked.zip"))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2", "\t"),
        ("a|b\n1|2", "|"),
        ("alone\nlines\n", ","),
        ('name;town\n"Acme, Bolt; Co";Leeds\nCog;York, UK\n', ";"),
        ("Members, as of May\n\nname;town;x\nA;B;1,5\nC;D;2,5\n", ";"),
        ("", ","),
    ],
)
def test_sniffing(text, delimiter):
    assert sniff(text) == delimiter


@settings(max_examples=120, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe", b'{"ocid":', b"kind,key,"]),
)
def test_recognising_any_bytes_gives_a_source_or_none_or_an_input_error(data, start):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.bin"
        path.write_bytes(start + data)
        try:
            found = recognise(path)
        except InputError as error:
            assert "a.bin" in str(error)
        else:
            assert found is None or found.spec.name


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=4))
def test_a_zip_with_bytes_changed_gives_an_input_error_at_most(at, change):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "name,x\nAcme,1\n")
    data = bytearray(out.getvalue())
    data[at : at + len(change)] = change
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        try:
            members(path)
            recognise(path)
            read_text(input_file(path))
        except InputError as error:
            assert "a.zip" in str(error)


def test_the_head_of_a_damaged_archive_is_what_comes_before_the_damage(tmp_path):
    lines = "".join(f"{n},{n * n}\n" for n in range(30_000))
    packed = gzip.compress(b"name,number\n" + lines.encode(), mtime=0)
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    assert head(path).startswith("name,number\n0,0\n1,1\n")
    path.write_bytes(packed[:15])
    with pytest.raises(InputError, match="damaged or cut short"):
        head(path)
