"""A closed list answers as one that was never there: nothing public tells its name, licence, date or row counts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from lifecluster.policy.visibility import Visibility
from lifecluster.register.package import Package as Files
from lifecluster.web.directory import memo, reads, remembered
from lifecluster.web.directory.models import Organisation, SourceFile
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from lifecluster.web.exports.formats import FORMATS
from tests.build.test_presence import LIST, built
from tests.web.directory.conftest import at, load
from tests.web.test_doors import VIEWERS, Doorman

__all__ = ["at"]

pytestmark = pytest.mark.one_database
TOLD = (LIST, "Hushwell", "HUSH-1", "tiny-members", "members.csv")
"""Words of the list, its publisher, its licence, its name and its file."""
EXPORTS = [f"/export/{name}?rows={rows}" for name, form in FORMATS.items() for rows in form.tables]
PATHS = (
    "/", "/sources", "/package", "/about", "/privacy", "/definitions", "/claims", "/directory", "/directory/embed",
    "/directory/points.json", "/sitemap.xml", "/sitemap-1.xml", "/feeds/changes.atom", "/feeds/search.atom",
    "/feeds/dates.ics", "/api/", "/api/v1/", "/api/v1/package", "/api/v1/sources", "/api/v1/definitions",
    "/api/v1/organisations", "/api/v1/facets", "/api/v1/sites", "/api/v1/things", "/api/v1/groups",
    "/api/v1/segments", "/api/v1/statements?limit=500", "/api/v1/statements?source=tiny-members", "/api/v1/changes",
    "/reconcile", "/reconcile/properties", "/reconcile/suggest/type?prefix=", *EXPORTS,
)  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, Files]:
    """A region built with its list closed, and without the list."""
    return {level: built(tmp_path_factory.mktemp("closed"), level) for level in ("members", None)}


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    remembered.shelf.empty()
    memo.forget()
    Doorman.viewer = ANYBODY


def told(path: str, who: Viewer = ANYBODY) -> str:
    """Status and text of an answer, that of archives and tables unpacked."""
    from django.conf import settings

    Doorman.viewer = who
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "tests.web.test_doors.Doorman"]):
        response: Any = Client().get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = re.sub(r"\bmidlands-2026-10-01-[0-9a-f]{8}\b", "the package", unpacked(body))
    names = response.headers.get("Content-Disposition", "")
    return f"{response.status_code} {re.sub('2026-10-01-[0-9a-f]{8}', '', names)} {text}"


def unpacked(body: bytes) -> str:
    """What a reader of the file sees."""
    if body.startswith(b"PAR1"):
        import pyarrow.parquet as pq

        table = pq.read_table(io.BytesIO(body))
        return f"{table.schema.metadata} {table.to_pylist()}"
    if not body.startswith(b"PK"):
        return re.sub(r"\b[0-9a-f]{32}\b", "a hash", body.decode())  # of statements, and of a build
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name != "docProps/core.xml")


def of_each() -> list[str]:
    """What is answered about each public organisation."""
    rows = Organisation.objects.visible_to(ANYBODY).order_by("uid").values_list("uid", "slug")
    return [path for uid, slug in rows for path in (
        f"/organisations/{uid}/{slug}", f"/api/v1/organisations/{uid}", f"/evidence/{uid}/name",
        f"/evidence/{uid}/registered_postcode", f"/reconcile/preview?id={uid}", f"/feeds/organisations/{uid}.atom",
    )]  # fmt: skip


def test_every_public_answer_is_the_same_with_a_closed_list_and_without(
    database: None, pair: dict[str | None, Files]
) -> None:
    from django.db import transaction

    found: list[dict[str, str]] = []
    for files in pair.values():
        with transaction.atomic():
            load(files.path)
            remembered.shelf.empty()
            memo.forget()
            found.append({path: told(path) for path in (*PATHS, *of_each())})
            transaction.set_rollback(True)
    assert list(found[0]) == list(found[1])
    assert len(found[0]) > len(PATHS)
    for path in found[0]:
        one, other = (answers[path] for answers in found)
        assert one == other, (path, _differ(one, other))
        assert one.startswith("200") or "postcode" in path, (path, one[:200])
        assert not [word for word in TOLD if word in one.replace(path, "")], path


def test_those_it_is_for_are_told_of_it(database: None, pair: dict[str | None, Files]) -> None:
    """The test above could not fail if sources were shown to nobody."""
    load(pair["members"].path)
    assert SourceFile.objects.get(source="tiny-members").level == Visibility.MEMBERS
    for who in ("member", "desk"):
        for word in (LIST, "The Hushwell Circle", "Hushwell terms", "By leave of the Hushwell Circle."):
            assert word in told("/sources", VIEWERS[who]), (who, word)
        assert "members.csv" in told("/package", VIEWERS[who])
    assert "linked records" in told("/package", VIEWERS["desk"]).lower()
    assert "linked records" not in told("/package", VIEWERS["member"]).lower()
    assert len(reads.sources(VIEWERS["member"])) == len(reads.sources(ANYBODY)) + 1


def test_the_command_line_and_claims_read_it_so(pair: dict[str | None, Files]) -> None:
    closed, without = pair["members"], pair[None]
    names = {level: set(closed.cleared(level).table("sources")["source"]) for level in Visibility}
    assert names[Visibility.PUBLIC] == set(without.table("sources")["source"])
    assert names[Visibility.MEMBERS] - names[Visibility.PUBLIC] == {"tiny-members"}


@pytest.mark.parametrize("column", [True, False])
def test_packages_of_before_say_it_by_their_statements(
    database: None, pair: dict[str | None, Files], column: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package without the column: a source is as closed as the most public of what it states."""
    table = Files.table

    def older(self: Files, name: str) -> Any:
        frame = table(self, name)
        return frame.drop("presence") if name == "sources" and not column else frame

    monkeypatch.setattr(Files, "table", older)
    package = load(pair["members"].path)
    levels = dict(SourceFile.objects.filter(package=package).values_list("source", "level"))
    assert levels.pop("tiny-members") == Visibility.MEMBERS
    assert set(levels.values()) == {0}
    assert not any("Hushwell" in text for text in package.credits)


def _differ(one: str, other: str) -> tuple[str, str]:
    """The two texts from where they part."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[at : at + 500], other[at : at + 500]
