from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.web.directory import actions, reads
from lifecluster.web.directory.exclusive import BusyError, exclusive
from lifecluster.web.directory.models import (
    ROWS,
    Change,
    Document,
    Identity,
    LogRow,
    Organisation,
    Package,
    Site,
    State,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, uid


def test_rows_are_those_of_the_package(small: Package) -> None:
    alpha = Organisation.objects.get(uid=org("alpha"))
    assert alpha.name == "ALPHA MEDICAL LIMITED"
    assert (alpha.town, alpha.lad, alpha.size, alpha.live) == ("Leicester", making.LEICESTER, "10-49", True)
    assert alpha.data["capability"] == ["injection-moulding"]
    assert alpha.summary["capabilities"] == ["clean-room-iso-7", "injection-moulding"]
    assert alpha.summary["licences"] == [["ISO 13485", "2027-06-30"]]
    assert not Organisation.objects.get(uid=org("delta")).live
    assert Site.objects.filter(organisation=org("alpha")).count() == 2
    assert Site.objects.get(uid=uid("site", "alpha-2")).jobs == 10
    assert Site.objects.get(uid=uid("site", "alpha-1")).jobs == 20
    assert set(Tie.objects.filter(thing=uid("award", "a1")).values_list("role", "party")) == {
        ("holder", org("alpha")),
        ("partner", org("gamma")),
    }
    assert Thing.objects.get(uid=uid("licence", "l2")).live is False
    assert [o.uid for o in Organisation.objects.order_by("number")] == [
        org(key) for key in ("alpha", "beta", "delta", "epsilon", "gamma")
    ]


def test_every_statement_is_there_with_its_place(small: Package, tmp_path: Path) -> None:
    table = making.small(tmp_path / "again").table("statements")
    rows = Statement.objects.filter(package=small).values_list("sid", "place", "value")
    assert sorted(rows) == sorted(table.select("id", "place", "value").iter_rows())
    kept = Statement.objects.filter(subject=org("alpha"), property="employees").order_by("place")
    assert [(s.value, s.place) for s in kept] == [("30", 0), ("34", 1)]


def test_loading_twice_changes_nothing(small: Package, tmp_path: Path) -> None:
    before = LogRow.objects.count()
    again = load(making.small(tmp_path).path)
    assert again.pk == small.pk
    assert LogRow.objects.count() == before


def test_the_log_says_who_loaded_what(small: Package) -> None:
    entries = actions.log.entries()
    assert [(e.action, e.subject, e.object, e.actor) for e in entries] == [
        ("package.load", "small-1", None, "role:operator")
    ]


def test_only_a_steward_may_load(database: None, tmp_path: Path) -> None:
    path = making.small(tmp_path).path
    for act in (
        lambda: actions.load_package(path=path, viewer=ANYBODY, at=NOW),
        lambda: actions.preview_package(path=path, viewer=ANYBODY),
        lambda: actions.roll_back(viewer=ANYBODY, at=NOW),
    ):
        with pytest.raises(PermissionDeniedError, match="accept or roll back a package"):
            act()
    assert not Package.objects.exists()


def test_what_is_damaged_is_refused(database: None, tmp_path: Path) -> None:
    path = making.small(tmp_path).path
    with (path / "sites.parquet").open("ab") as file:
        file.write(b"x")
    assert actions.preview_package(path=path, viewer=OPERATOR).problems == (
        "sites.parquet is missing or not as it was written",
    )
    with pytest.raises(LifeclusterError, match=r"sites\.parquet is missing or not as it was written"):
        load(path)
    with pytest.raises(InputError, match="no package"):
        load(tmp_path / "nowhere")
    assert not Package.objects.exists()


def second(tmp_path: Path) -> Path:
    """Beta is gone, alpha has grown, zeta is new, epsilon leads to alpha."""
    extra = making.said(org("zeta"), {"name": "Zeta Biotech"})
    extra += making.said(org("alpha"), {"employees": 77}, observed_on=pl.Series(["2026-09-01"]).str.to_date()[0])
    rows = making.small(tmp_path / "base", "base", without=org("beta"), extra=extra)
    statements = rows.table("statements").drop("place", "shown").filter(pl.col("subject") != org("epsilon"))
    return making.package(
        tmp_path / "second",
        "small-2",
        statements.to_dicts(),
        events=[("redirect", org("epsilon"), org("alpha"))],
    ).path


def test_a_preview_says_what_would_change_and_changes_nothing(small: Package, tmp_path: Path) -> None:
    path = second(tmp_path)
    before = {model: model._base_manager.count() for model in ROWS}
    preview = actions.preview_package(path=path, viewer=OPERATOR)
    assert {model: model._base_manager.count() for model in ROWS} == before
    assert (preview.package, preview.replaces, preview.same) == ("small-2", "small-1", False)
    found = {(row.what, row.name): row for row in preview.organisations}
    assert set(found) >= {
        ("new", "Zeta Biotech"),
        ("gone", "Bêta Diagnostics Ltd"),
        ("redirected", "Epsilon Therapeutics"),
        ("changed", "ALPHA MEDICAL LIMITED"),
    }
    assert found["redirected", "Epsilon Therapeutics"].target == org("alpha")
    assert found["changed", "ALPHA MEDICAL LIMITED"].fields["employees"] == (30, 77)
    counts = preview.kinds["organisation"]
    assert (counts.new, counts.gone, counts.redirected) == (1, 1, 1)
    assert counts.changed + counts.kept == 3


def test_accepting_does_what_the_preview_said(small: Package, tmp_path: Path) -> None:
    path = second(tmp_path)
    preview = actions.preview_package(path=path, viewer=OPERATOR)
    loaded = actions.load_package(path=path, viewer=OPERATOR, at=NOW, expect=preview.replaces)
    assert Package.objects.get(state=State.CURRENT).pk == loaded.pk
    feed = Change.objects.order_by("id")
    assert {(c.what, c.uid) for c in feed} == {(row.what, row.uid) for row in preview.organisations}
    assert reads.resolve(org("epsilon"), None).uid == org("alpha")
    assert reads.resolve(org("beta"), None).status == "absent"
    assert reads.organisation(org("alpha"), None).organisation.employees == 77


def test_a_stale_preview_is_refused(small: Package, tmp_path: Path) -> None:
    with pytest.raises(actions.StaleError, match="small-1 is shown now, not nothing"):
        actions.load_package(path=second(tmp_path), viewer=OPERATOR, at=NOW, expect="")


def test_rolling_back_and_forth(small: Package, tmp_path: Path) -> None:
    path = second(tmp_path)
    load(path)
    back = actions.roll_back(viewer=OPERATOR, at=NOW)
    assert back.name == "small-1"
    assert reads.organisation(org("beta"), None).organisation.name == "Bêta Diagnostics Ltd"
    assert reads.resolve(org("epsilon"), None).status == "live"
    what = {(c.what, c.uid) for c in Change.objects.filter(undone=False)}
    assert ("new", org("beta")) in what
    assert ("gone", org("zeta")) in what
    with pytest.raises(LifeclusterError, match="no earlier package"):
        actions.roll_back(viewer=OPERATOR, at=NOW)
    again = load(path)
    assert again.name == "small-2"
    assert again.before is not None
    assert again.before.name == "small-1"
    actions.roll_back(viewer=OPERATOR, at=NOW)
    assert [e.action for e in actions.log.entries()] == [
        "package.load",
        "package.load",
        "package.roll_back",
        "package.load",
        "package.roll_back",
    ]


def test_one_earlier_package_is_kept_and_no_more(small: Package, tmp_path: Path) -> None:
    load(second(tmp_path))
    load(making.small(tmp_path / "third", "small-3").path)
    assert set(Package.objects.values_list("name", flat=True)) == {"small-2", "small-3"}
    keys = set(Package.objects.values_list("pk", flat=True))
    for model in ROWS:
        assert set(model._base_manager.values_list("package_id", flat=True)) <= keys, model
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO directory_text(directory_text) VALUES ('integrity-check')")
            cursor.execute("SELECT count(*) FROM directory_text")
            assert cursor.fetchone()[0] == Document.objects.count()


def test_what_a_killed_load_left_is_cleared_away(small: Package, tmp_path: Path) -> None:
    torn = Package.objects.create(name="torn", title="", at="2026-01-01", state=State.LOADING)
    Statement.objects.create(
        package=torn, sid="x", subject="s", kind="site", property="name", value="", file_id=1, record=""
    )
    Identity.objects.create(package=torn, uid="u", kind="site", status="live", target="u")
    assert actions.clean_up() == 1
    assert not Package.objects.filter(name="torn").exists()
    assert not Statement.objects.filter(package_id=torn.pk).exists()
    assert actions.clean_up() == 0
    assert Package.objects.get(state=State.CURRENT).pk == small.pk


def test_the_database_itself_allows_one_current_package(small: Package) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.create(name="two", title="", at="2026-01-01", state=State.CURRENT)


@pytest.mark.skipif(
    "connection.vendor == 'postgresql'", reason="an advisory lock of PostgreSQL lets its own session pass"
)
def test_two_loads_at_once_are_refused(database: None, tmp_path: Path) -> None:
    path = making.small(tmp_path).path
    with exclusive("load", "busy"), pytest.raises(BusyError, match="by somebody else"):
        load(path)
    load(path)
