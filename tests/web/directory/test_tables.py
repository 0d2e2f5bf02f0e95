"""The tables themselves: migrations, many rows at once, what a process that answers pages brings along."""

import subprocess
import sys
from datetime import date

import pytest
from django.core.management import call_command

from lifecluster.web.directory import bulk
from lifecluster.web.directory.models import Change, Document, Facet, Organisation, Package, Site, State
from tests.web.directory.conftest import NOW


def test_migrations_are_complete(database: None) -> None:
    call_command("makemigrations", "directory", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def package(database: None) -> Package:
    return Package.objects.create(name="p", title="", at=date(2026, 1, 1), state=State.LOADING)


def test_values_come_back_as_they_went(package: Package) -> None:
    name = "é\u2028\r\n\t\\N \\. '\";--\x00😀"
    rows = [[package.pk, i, "f", name[:20], 0, 3, "2026-02-28" if i % 2 else None] for i in range(25)]
    columns = ("package", "number", "facet", "value", "level", "upto", "until")
    assert bulk.insert(Facet, columns, rows, batch=10) == 25
    found = Facet.objects.order_by("number")
    assert [f.until for f in found[:2]] == [None, date(2026, 2, 28)]
    assert found[0].value.replace("\x00", "") == name[:20].replace("\x00", "")


def test_json_comes_back_as_it_went(package: Package) -> None:
    data = {
        "name": "\\u0000 and \\N",
        "nul": "a\x00b",
        "list": [1, 2.5, None, True, "é\u2028"],
        "deep": {"x": ["\x00"]},
    }
    columns = ("package", "uid", "organisation", "data", "level", "name", "town", "postcode", "lad", "place_quality",
               "jobs_method", "live", "sample")  # fmt: skip
    bulk.insert(Site, columns, [[package.pk, "u", "o", data, 0, "", "", "", "", "", "", True, False]])
    found = Site.objects.get().data
    assert found["name"] == data["name"]
    assert found["list"] == data["list"]
    assert found["nul"] == "ab"


def test_removing_in_batches_leaves_the_rest(package: Package) -> None:
    other = Package.objects.create(name="q", title="", at=date(2026, 1, 1), state=State.LOADING)
    for owner in (package, other):
        rows = [[owner.pk, i, "f", "v", 0, 3, None] for i in range(30)]
        bulk.insert(Facet, ("package", "number", "facet", "value", "level", "upto", "until"), rows)
    assert bulk.remove(Facet, batch=7, package_id=package.pk) == 30
    assert Facet.objects.filter(package=other).count() == 30
    assert bulk.remove(Facet, package_id=package.pk) == 0


def test_texts_are_found_and_forgotten(package: Package) -> None:
    from lifecluster.web.directory.models.search import document_id

    Document.objects.create(id=document_id(package.pk, 0, 5), package=package, text="abc def")
    Document.objects.filter(package=package).update(text="xyz")
    assert bulk.remove(Document, package_id=package.pk) == 1


def test_names_of_rows(small: Package) -> None:
    assert str(small) == "small-1"
    assert str(Organisation.objects.order_by("number")[0]) == "ALPHA MEDICAL LIMITED"
    assert "Leicester" in {str(site) for site in Site.objects.all()}
    assert set(Change.KINDS) == {"new", "changed", "gone", "redirected", "edited", "merged", "split"}
    assert small.loaded_at == NOW


def test_answering_pages_needs_no_polars() -> None:
    code = (
        "import django, sys; django.setup();"
        "from lifecluster.web.directory import actions, reads, search;"
        "heavy = {'polars', 'pyarrow', 'sklearn', 'lightgbm', 'scipy', 'numba', 'altair'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
