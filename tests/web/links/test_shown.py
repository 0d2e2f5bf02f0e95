"""What is judged in link reviews shows as a merge does: by the job, or with the next change that shows at once."""

from __future__ import annotations

import pytest

from lifecluster.web.directory import actions as directory
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import PermissionDeniedError
from lifecluster.web.links import actions
from lifecluster.web.links.jobs import judged
from lifecluster.web.links.models import Pair
from lifecluster.web.shell import schedule
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org
from tests.web.links.conftest import pairs
from tests.web.links.test_actions import DESK, judge
from tests.web.merges.conftest import rec
from tests.web.merges.dump import differences, dump


@pytest.fixture
def known(small: Package) -> Pair:
    """A pair of which the register has both rows."""
    (pair,) = pairs(small, ("a", "A"))
    pair.record, pair.target = rec("epsilon", "bench-list"), rec("gamma")
    pair.body["left"]["record"], pair.body["right"]["record"] = pair.record, pair.target
    pair.save()
    return pair


def there() -> int:
    return Organisation.objects.filter(uid__in=[org("epsilon"), org("gamma")]).count()


def test_the_job_shows_what_was_judged_and_its_undo(known: Pair) -> None:
    judged(NOW)
    before = dump()
    entry = judge(known)
    assert differences(before, dump()) == [], "who judges does not wait for it"
    assert judged(NOW) == "shown"
    assert there() == 1
    assert judged(NOW) == "nothing new"
    actions.undo_judgement(entry=entry, viewer=DESK, at=NOW)
    assert judged(NOW) == "shown"
    assert differences(before, dump()) == []


def test_the_next_change_shows_the_same(known: Pair) -> None:
    judge(known)
    said = directory.propose_edit(subject=org("alpha"), property="employees", value=7, viewer=DESK, at=NOW)
    assert there() == 2
    directory.approve_edit(entry=said.id, viewer=DESK, at=NOW)
    assert there() == 1
    now = dump()
    assert judged(NOW) == "nothing new"
    assert differences(now, dump()) == []


def test_what_was_judged_and_taken_back_before_the_job_came_never_shows(known: Pair) -> None:
    before = dump()
    actions.undo_judgement(entry=judge(known), viewer=DESK, at=NOW)
    judged(NOW)
    assert differences(before, dump()) == []


def test_a_judgement_of_rows_that_the_register_does_not_have_waits(three: list[Pair]) -> None:
    before = dump()
    judge(three[0])
    judged(NOW)
    assert differences(before, dump()) == []
    assert Package.objects.get().log_seq == len(log.entries())


def test_it_is_a_job_and_for_the_operator(small: Package) -> None:
    assert [job.every.seconds for job in schedule.jobs() if job.name == "judged-links"] == [300]
    with pytest.raises(PermissionDeniedError):
        actions.show_judged(viewer=DESK, at=NOW)
