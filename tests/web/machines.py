"""A small register for the tests of interfaces: invented, with values that mean harm, ids that were merged, secrets."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import polars as pl

from benchmarks.web import package as maker
from lifecluster.register.ids import mint

AT = "2026-11-22"
HOSTILE = {
    "markup": '<script>alert(1)</script> & "Sons" Ltd',
    "formula": "=cmd|' /C calc'!A0 Limited",
    "plus": "+44 Diagnostics Ltd",
    "minus": "-Omega Pharma Ltd",
    "at": "@home Care Ltd",
    "tab": "\tTabbed Medical Ltd",
    "quoted": "'=1+1 Surgical Ltd",
    "rtl": "\u202eدواء Pharma Ltd",
    "emoji": "🧬🧪 Genomics Ltd",
    "long": "Verylongname " * 40 + "Ltd",
    "control": "Bell\x07 Implants Ltd",
    "separators": "Semi; Colon, \\Back\\ \u2028Line Ltd",
}
SECRET = "turnover only for members 987654321"
MEMBERS_ONLY_CAPABILITY = "secret-fill-finish"
TOWNS = (("Leicester", "LE1 7ZZ", 458500, 304500, "E06000016"), ("Nottingham", "NG1 5ZZ", 457200, 340000, "E06000018"))


@dataclass(frozen=True, slots=True)
class World:
    """Ids of what the tests speak of."""

    plain: tuple[str, ...]
    hostile: dict[str, str]
    merged: str
    survivor: str
    group: str
    site: str
    licence: str
    collaboration: str
    ended: str


def uid(kind: str, key: str) -> str:
    return mint(kind, key, "machines", set())


def _organisation(key: str, name: str, number: int, **more: Any) -> list[dict[str, Any]]:
    own = uid("organisation", key)
    town, postcode, *_ = TOWNS[number % 2]
    said = {"name": name, "company_number": f"99{number:06}", "status": "active", "employees": 5 + number * 3,
            "registered_town": town, "registered_postcode": postcode, "registered_address": f"{number + 1} High Street",
            "organisation_type": "company", "incorporated_on": date(2001, 2, 3), "description": f"{name} makes things",
            "website": f"https://firm{number}.example/", **more}  # fmt: skip
    rows = [maker.statement(own, prop, value) for prop, value in said.items()]
    rows.append(maker.statement(own, "employees", 6 + number * 3, source="bench-list"))
    rows.append(
        maker.statement(own, "capability", "bioanalysis" if number % 2 else "fill-finish", source="bench-member")
    )
    return rows


@cache
def world() -> World:
    """The ids."""
    return World(
        plain=tuple(uid("organisation", f"plain-{n}") for n in range(30)),
        hostile={key: uid("organisation", key) for key in HOSTILE},
        merged=uid("organisation", "merged"),
        survivor=uid("organisation", "plain-0"),
        group=uid("group", "owner"),
        site=uid("site", "plain-0"),
        licence=uid("licence", "one"),
        collaboration=uid("collaboration", "one"),
        ended=uid("organisation", "ended"),
    )


NAMES = ("Abbeymere", "Brackenfold", "Coldharbour", "Dunsmoor", "Elmsgate", "Fernhollow", "Goosewell", "Harrowby",
         "Inglethorpe", "Jessamine", "Kestrelby", "Larchmont", "Marlpit", "Netherfold", "Oakhanger", "Pilgrimage",
         "Quarrendon", "Rookhope", "Saltersgate", "Thistlewood", "Underbarrow", "Violetbank", "Wharfside", "Yarrowdale",
         "Zealmonk", "Ashcombe", "Birchover", "Clovelly", "Dovecliff", "Eastnor")  # fmt: skip


def statements() -> list[dict[str, Any]]:
    """All statements of the register."""
    known = world()
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(NAMES):
        rows += _organisation(f"plain-{number}", f"{name} Therapeutics Limited", number)
    for number, (key, name) in enumerate(HOSTILE.items(), start=len(NAMES)):
        rows += _organisation(key, name, number, description=f"{name} {HOSTILE['markup']}")
    rows += _organisation("ended", "Formerly There Limited", 90, status="dissolved", dissolved_on=date(2020, 5, 6))
    rows.append(maker.statement(known.plain[1], "turnover", SECRET, visibility="members"))
    rows.append(maker.statement(known.plain[1], "capability", MEMBERS_ONLY_CAPABILITY, visibility="members"))
    rows.append(maker.statement(known.plain[2], "employees", "777", visibility="members", source="bench-member"))
    rows.append(maker.statement(known.plain[3], "parent", known.group))
    rows += [maker.statement(known.group, "name", "Owner Holdings")]
    for number in (0, 1, 2):
        site = uid("site", f"plain-{number}")
        town, postcode, *_ = TOWNS[number % 2]
        said = {"holder": known.plain[number], "name": f"{town} works", "town": town, "postcode": postcode}
        rows += [maker.statement(site, prop, value) for prop, value in said.items()]
    rows += _held()
    return rows


def _held() -> list[dict[str, Any]]:
    known = world()
    held: list[tuple[str, list[tuple[str, Any]]]] = [
        (known.licence, [("holder", known.plain[0]), ("licence_type", "ISO 13485"), ("reference", "L;1,2"),
                         ("starts_on", date(2025, 1, 2)), ("ends_on", date(2027, 3, 4)), ("state", "active")]),
        (uid("licence", "two"), [("holder", known.hostile["formula"]), ("licence_type", "MIA"),
                                 ("ends_on", date(2026, 12, 1)), ("state", "active")]),
        (known.collaboration, [("holder", known.plain[0]), ("partner", known.plain[1]), ("partner", known.plain[2]),
                               ("title", "A <b>joint</b> project"), ("starts_on", date(2025, 5, 5))]),
        (uid("award", "one"), [("holder", known.plain[1]), ("partner", known.plain[4]), ("title", "=A grant"),
                               ("amount", 120000), ("currency", "GBP"), ("ends_on", date(2027, 1, 1))]),
        (uid("trial", "one"), [("holder", known.plain[2]), ("title", "Trial\nof two lines"),
                               ("ends_on", date(2027, 2, 2)), ("phase", "2")]),
        (uid("vacancy", "one"), [("holder", known.plain[3]), ("title", "Quality engineer, " + "very " * 40 + "senior"),
                                 ("ends_on", date(2026, 12, 24))]),
        (uid("need", "one"), [("holder", known.plain[3]), ("title", "Sterile packaging")]),
    ]  # fmt: skip
    return [maker.statement(own, prop, value) for own, said in held for prop, value in said]


def write(out: Path, *, name: str = "machines-1", extra: tuple[dict[str, Any], ...] = ()) -> Path:
    """Write the package below `out`."""
    known = world()
    places = [(uid("site", f"plain-{n}"), *TOWNS[n % 2][2:]) for n in (0, 1, 2)]
    segments = [(own, "ols-segments", part, "core", 0.9 if n % 3 else None, "yes" if n % 3 else "unknown", "[]", "2026")
                for n, own in enumerate(known.plain) for part in (None, "antibodies")]  # fmt: skip
    events = [("merge", known.survivor, known.merged), ("redirect", known.merged, known.survivor)]
    maker.write(
        out, maker.frame([*statements(), *extra]), name=name, events=events,
        segments=pl.DataFrame(segments, schema=maker.SEGMENTS, orient="row"),
        places=pl.DataFrame(places, schema={"id": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String},
                            orient="row"),
    )  # fmt: skip
    return out / name


@cache
def _path() -> Path:
    return write(_home() / "packages")


@cache
def database_url(key: str) -> str:
    """The address of a PostgreSQL database of its own for `key`, dropped when this process ends; empty on SQLite."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        return ""
    import psycopg

    name = f"lifecluster_machines_{os.getpid()}_{hashlib.sha256(key.encode()).hexdigest()[:10]}"

    def run(statement: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement)

    run(f"CREATE DATABASE {name}")
    atexit.register(run, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def database() -> Iterator[None]:
    """Let this process look at a database of its own for the length of a block, whatever it looks at otherwise."""
    from django.db import connection, connections

    from lifecluster.web.directory import logbook, values
    from lifecluster.web.directory.search import index
    from lifecluster.web.settings import environment

    url = database_url("of this process")
    own = environment.database(url or None, _home())
    settings = connections.settings["default"]
    before = dict(settings)

    def turn_to(found: dict[str, Any]) -> None:
        connection.close()
        for held in (settings, connection.settings_dict):
            held.clear()
            held.update(found)
        index._kept.clear()
        values._Files.key = ()
        logbook.log._known = []

    turn_to({**before, **own})
    try:
        yield
    finally:
        turn_to(before)


@cache
def _home() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lifecluster-machines-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def load() -> World:
    """Let the small register be the one that is shown, on the database of the block."""
    from django.core.management import call_command

    from lifecluster.web.directory import actions
    from lifecluster.web.directory.models import Package
    from lifecluster.web.directory.viewer import OPERATOR

    if not _loaded():
        call_command("migrate", interactive=False, verbosity=0)
        actions.load_package(path=_path(), viewer=OPERATOR, at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert Package.objects.get(state="current").name == "machines-1"
    return world()


def _loaded() -> bool:
    from django.db import DatabaseError

    from lifecluster.web.directory.models import Package

    try:
        return Package.objects.filter(state="current").exists()
    except DatabaseError:
        return False


SCRIPT = """
import sys, django
django.setup()
from pathlib import Path
from datetime import datetime, UTC
from django.core.management import call_command
call_command("migrate", verbosity=0)
from lifecluster.web.directory import actions
from lifecluster.web.directory.viewer import OPERATOR
actions.load_package(path=Path(sys.argv[1]), viewer=OPERATOR, at=datetime(2026, 11, 22, 9, tzinfo=UTC))
"""


def load_elsewhere(path: Path, environment: Mapping[str, str]) -> None:
    """Load a package into the workspace of another process, whose environment is given."""
    there = {**environment, "DJANGO_SETTINGS_MODULE": "lifecluster.web.settings.test"}
    subprocess.run([sys.executable, "-c", SCRIPT, str(path)], env=there, check=True)
