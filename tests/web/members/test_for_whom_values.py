"""Who sees more than everybody sees which values are not for everybody: on pages, in the panel and on /my alike."""

from __future__ import annotations

import pytest

from lifecluster.web.directory.models import Package
from tests.web.accounts.conftest import window
from tests.web.directory.making import org, uid
from tests.web.members.conftest import ALPHA, desk, member, tree
from tests.web.members.test_seen_and_stale import PUBLIC, share

SITE = uid("site", "alpha-1")
LEVELS = {"members": "For members", "desk": "For the desk"}


def marks(client: object, path: str, within: str = "main") -> list[str]:
    """Words of the badges that say for whom something is."""
    page = tree(client.get(path, follow=True))  # type: ignore[attr-defined]  # a window
    return [badge.text_content().strip() for badge in page.cssselect(f"{within} .badge-locked")]


@pytest.mark.parametrize("level", LEVELS)
def test_a_value_for_few_says_so_wherever_it_is_shown(small: Package, level: str) -> None:
    share("employees", 7, level)
    share("jobs", 3, level, SITE)
    office, word = desk(), LEVELS[level]
    page = tree(office.get(PUBLIC))
    fact = next(one for one in page.cssselect(".facts > div") if one.cssselect("dt")[0].text_content() == "Employees")
    assert "7" in fact.text_content() and word in fact.text_content()
    assert marks(office, PUBLIC).count(word) == 2, "its employees, and the jobs of its site"
    assert marks(office, f"/sites/{SITE}") == [word]
    panel = office.get(f"/evidence/{ALPHA}/employees", headers={"X-Fragment": "panel"})
    assert [one.text_content() for one in tree(panel).cssselect(".badges .badge-locked")] == [word]
    whole = tree(office.get(f"/evidence/{ALPHA}/employees"))
    rows = [row.text_content() for row in whole.cssselect("table.values tbody tr")]
    assert [word in row for row in rows] == ["7" in row for row in rows] and any(word not in row for row in rows)


def test_members_see_the_same_tag_on_my_organisation_and_visitors_none(small: Package) -> None:
    share("employees", 7, "members")
    mine = window(member())
    assert marks(mine, f"/my/{ALPHA}", f"#{ALPHA}-employees") == ["For members"]
    assert marks(mine, PUBLIC) == ["For members"]
    assert marks(window(None), PUBLIC) == marks(window(None), f"/evidence/{ALPHA}/employees") == []
    assert marks(desk(), f"/organisations/{org('beta')}") == []
