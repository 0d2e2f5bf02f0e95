"""The sample region has work for the desk."""

from __future__ import annotations

from lifecluster.web.accounts import sample
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.models import Package
from lifecluster.web.members import proposals
from lifecluster.web.members.models import OrganisationClaim
from tests.web.directory.conftest import NOW
from tests.web.members.conftest import desk, said, shown


def test_after_the_start_there_is_something_to_do(small: Package) -> None:
    Package.objects.update(sample=True)
    small.refresh_from_db()
    before = shown("employees")
    sample.make(small, at=NOW)
    assert proposals.waiting_count() >= 4 and OrganisationClaim.objects.count() == 2
    assert shown("employees") == before, "nothing shows that the desk has not approved"
    office = desk()
    assert "as of the end of last month" not in said(office.get("/desk/"))
    assert office.get("/desk/edits").status_code == office.get("/desk/claims-to-organisations").status_code == 200


def test_made_anew_it_is_not_twice_there(small: Package) -> None:
    Package.objects.update(sample=True)
    small.refresh_from_db()
    sample.make(small, at=NOW)
    count = proposals.waiting_count()
    sample.make(small, at=NOW)
    assert proposals.waiting_count() == count and OrganisationClaim.objects.count() == 2
    sample.remove(at=NOW)
    assert not Person.objects.exists() and not OrganisationClaim.objects.exists()


def test_another_region_has_none(small: Package) -> None:
    Package.objects.update(sample=False)
    small.refresh_from_db()
    sample.make(small, at=NOW)
    assert proposals.waiting_count() == 0 and not OrganisationClaim.objects.exists()
