"""Everything out, and back into an empty instance: the same, row by row, id by id, entry by entry."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from lifecluster.register import edits
from lifecluster.register.log import FileLog
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.workspace import Workspace
from tests.commands.tiny import conforms
from tests.web import conftest as web
from tests.web import machines

SCRIPT = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.apps import apps
from django.core import serializers
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import DatabaseLog
models = sorted((m for m in apps.get_models(include_auto_created=True)), key=lambda m: m._meta.label_lower)
dump = {m._meta.label_lower: json.loads(serializers.serialize("json", m._base_manager.order_by("pk").iterator())) for m in models}
found = {i: [(r := reads.resolve(i, None)).uid, r.status] for i in sys.argv[1:]}
from lifecluster.web.directory import search
hits = search.results(search.Query(q="kestrelby"), None).uids()
print(json.dumps({"dump": dump, "found": found, "log": DatabaseLog().verify(), "head": DatabaseLog().head(), "hits": hits}))
"""


def run(home: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LIFECLUSTER_", "DJANGO_", "DATABASE_URL"))}
    if url := machines.database_url(str(home)):
        environment["DATABASE_URL"] = url
    environment |= {"LIFECLUSTER_HOME": str(home), "LIFECLUSTER_MODE": "test", "LIFECLUSTER_AT": machines.AT,
                    "DJANGO_SETTINGS_MODULE": "lifecluster.web.settings.test"}  # fmt: skip
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr[-3000:]
    return done


def content(home: Path, *ids: str) -> dict:
    return json.loads(run(home, "-c", SCRIPT, *ids).stdout)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two packages, edits, and files of the owner's."""
    if web.NO_SERVER:
        pytest.skip(web.NO_SERVER)
    home = tmp_path_factory.mktemp("filled")
    workspace = Workspace(home)
    extra = (machines.maker.statement(machines.world().plain[9], "trading_name", "Second Package Name"),)
    machines.write(workspace.packages)
    machines.write(workspace.packages, name="machines-2", extra=extra)
    (home / "sources" / "mine").mkdir(parents=True)
    (home / "sources" / "mine" / "source.yml").write_text("name: mine\n")
    (home / "secret-key").write_text("x" * 60)
    (home / "secret-key").chmod(0o600)
    run(home, "-c", FILL, str(workspace.packages))
    return home


FILL = """
import sys
from pathlib import Path
from datetime import datetime, UTC
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from lifecluster.web.directory import actions
from lifecluster.web.directory.viewer import OPERATOR
from tests.web import machines
at = datetime(2026, 11, 22, 9, 30, 1, 123456, tzinfo=UTC)
for name in ("machines-1", "machines-2"):
    actions.load_package(path=Path(sys.argv[1]) / name, viewer=OPERATOR, at=at)
entry = actions.propose_edit(subject=machines.world().plain[5], property="employees", value=41, viewer=OPERATOR, at=at)
actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
actions.propose_edit(subject=machines.world().plain[6], property="employees", value=None, viewer=OPERATOR, at=at)
"""


@pytest.fixture(scope="module")
def archived(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its archive."""
    path = tmp_path_factory.mktemp("archive") / "all.zip"
    told = json.loads(run(filled, "-m", "lifecluster.cli", "export", "--all", str(path), "--json").stdout)
    conforms(told, "export")
    assert told["packages"] == ["machines-1", "machines-2"]
    return path


def test_there_and_back(filled: Path, archived: Path, tmp_path: Path) -> None:
    again, home = tmp_path / "again.zip", tmp_path / "home"
    back = json.loads(run(home, "-m", "lifecluster.cli", "import", str(archived), "--json").stdout)
    conforms(back, "import")
    assert back["log"] == 5
    known = machines.world()
    ids = (known.plain[0], known.merged, known.site, known.licence)
    before, after = content(filled, *ids), content(home, *ids)
    assert before["dump"].keys() == after["dump"].keys()
    for label, rows in before["dump"].items():
        assert rows == after["dump"][label], label
    assert before == after
    assert before["found"][known.merged] == [known.survivor, "redirected"]
    assert before["log"] == 5
    assert before["hits"] == [known.plain[10]]
    run(home, "-m", "lifecluster.cli", "export", "--all", str(again))
    assert archived.read_bytes() == again.read_bytes()
    assert (home / "sources" / "mine" / "source.yml").read_text() == "name: mine\n"
    assert (home / "packages" / "current").resolve().name == "machines-2"
    assert (home / "secret-key").read_text() != "x" * 60
    run(home, "-c", WORK_ON)


def test_a_full_instance_refuses(filled: Path, archived: Path) -> None:
    refused = run(filled, "-m", "lifecluster.cli", "import", str(archived), check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert "Traceback" not in refused.stderr


WORK_ON = """
import django
django.setup()
from datetime import datetime, UTC
from lifecluster.web.directory import actions
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web import machines
at = datetime(2026, 11, 23, tzinfo=UTC)
entry = actions.propose_edit(subject=machines.world().plain[7], property="employees", value=9, viewer=OPERATOR, at=at)
actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
actions.roll_back(viewer=OPERATOR, at=at)
assert Package.objects.get(state="current").name == "machines-1"
from lifecluster.web.directory.logbook import DatabaseLog
assert DatabaseLog().verify() == 8
"""


def test_the_archive_is_open(archived: Path) -> None:
    with zipfile.ZipFile(archived) as opened:
        descriptor = json.loads(opened.read("datapackage.json"))
        for resource in descriptor["resources"]:
            frame = pl.read_parquet(io.BytesIO(opened.read(resource["path"])))
            assert frame.height == resource["rows"]
            assert frame.columns == [f["name"] for f in resource["schema"]["fields"]]
        log = [json.loads(line) for line in opened.read("log.jsonl").decode().splitlines()]
        assert [entry["seq"] for entry in log] == [1, 2, 3, 4, 5]
        assert descriptor["lifecluster"]["log"]["head"] == log[-1]["id"]
        assert not any("secret" in name for name in opened.namelist())


def _changed(archive: Path, out: Path, change: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = change.get(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
        for name in change.keys() - set(old.namelist()):
            if change[name] is not None:
                new.writestr(name, change[name])
    return out


LOAD_ALL = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from lifecluster.errors import LifeclusterError
from lifecluster.web.exports.everything import archive, tables
from lifecluster.workspace import Workspace
told = {}
for name in sys.argv[1:]:
    try:
        archive.load(Path(name), workspace=Workspace.current(), progress=lambda _: None)
    except LifeclusterError as error:
        told[Path(name).stem] = str(error)
    left = [m._meta.label_lower for m in tables.exported() if m._base_manager.exists()]
    assert not left, (name, left)
print(json.dumps(told))
"""


def test_what_is_damaged_is_refused_and_leaves_nothing(archived: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archived) as opened:
        descriptor = json.loads(opened.read("datapackage.json"))
        log = opened.read("log.jsonl")
        site = opened.read("tables/directory.site.parquet")
    newer = {**descriptor, "lifecluster": {**descriptor["lifecluster"], "layout": 99}}
    extra = [*descriptor["resources"], {"path": "tables/later.room.parquet", "rows": 3}]
    changes: dict[str, dict[str, bytes | None]] = {
        "table": {"tables/directory.site.parquet": site[:-9] + b"x" * 9},
        "log": {"log.jsonl": log.replace(b"41", b"42")},
        "evil": {"workspace/../../evil.txt": b"x"},
        "absolute": {"/evil.txt": b"x"},
        "package": {"packages/machines-1/sites.parquet": b"x"},
        "newer": {"datapackage.json": json.dumps(newer).encode()},
        "unknown": {"datapackage.json": json.dumps({**descriptor, "resources": extra}).encode()},
        "nothing": {"datapackage.json": None},
    }
    files = [_changed(archived, tmp_path / f"{what}.zip", change) for what, change in changes.items()]
    files.append(tmp_path / "no-zip.zip")
    files[-1].write_bytes(b"not a zip")
    home = tmp_path / "home"
    told = json.loads(run(home, "-c", LOAD_ALL, *map(str, files)).stdout)
    assert set(told) == {*changes, "no-zip"}
    assert "not as it was written" in told["table"]
    assert "later.room" in told["unknown"]
    assert not list(tmp_path.rglob("evil.txt"))
    assert not (home / "packages" / "machines-1").exists()
    assert not list(home.glob(".import-*"))


def test_a_damaged_log_is_not_passed_on(register: machines.World, tmp_path: Path) -> None:
    from lifecluster.register.entry import LogDamagedError
    from lifecluster.web.directory import actions
    from lifecluster.web.directory.models import LogRow
    from lifecluster.web.exports.everything import archive

    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    actions.propose_edit(subject=register.plain[8], property="employees", value=3, viewer=OPERATOR, at=at)
    row = LogRow.objects.order_by("-seq").first()
    LogRow.objects.filter(pk=row.pk).update(body=row.body.replace(":3,", ":4,"))
    try:
        with pytest.raises(LogDamagedError):
            archive.export(tmp_path / "x.zip", workspace=Workspace(tmp_path), progress=lambda _: None)
        assert not list(tmp_path.glob("*.zip")) and not list(tmp_path.glob(".*"))
    finally:
        LogRow.objects.filter(pk=row.pk).update(body=row.body)


def test_a_wrong_ending_is_a_refusal(filled: Path, tmp_path: Path) -> None:
    refused = run(filled, "-m", "lifecluster.cli", "export", str(tmp_path / "x.docx"), check=False)
    assert (refused.returncode, refused.stderr[:7]) == (1, "error: ")


def test_the_log_leaves_for_the_next_build(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    told = json.loads(run(filled, "-m", "lifecluster.cli", "export", str(out), "--json").stdout)
    conforms(told, "export")
    entries = FileLog(out).entries()
    assert told["log"] == len(entries) == 5
    (edit,) = edits.standing(entries)
    assert (edit.proposed.subject, edit.value) == (machines.world().plain[5], 41)
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]
    assert "lifecluster build --log" in " ".join(
        run(filled, "-m", "lifecluster.cli", "export", str(out)).stdout.split()
    )


def test_a_view_from_the_command_line(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "view.csv"
    told = json.loads(
        run(filled, "-m", "lifecluster.cli", "export", str(out), "--query", "q=kestrelby", "--json").stdout
    )
    conforms(told, "export")
    assert told["organisations"] == 1
    assert told["sample"] is True
    for wrong, words in (("licence=nonsense", "There is no licence “nonsense”; known are"), ("licnce=MIA", "“licnce”"),
                         ("near=Nowhereton", "no postcode, town or district")):  # fmt: skip
        refused = run(filled, "-m", "lifecluster.cli", "export", str(tmp_path / "x.csv"), "--query", wrong, check=False)
        assert refused.returncode == 1 and words in " ".join(refused.stderr.split()), refused.stderr
        assert not (tmp_path / "x.csv").exists()
    assert "Kestrelby" in out.read_text("utf-8-sig")
