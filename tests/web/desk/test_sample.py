"""The desk of the sample region."""

from __future__ import annotations

from lifecluster.web.accounts import operate
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.desk import waiting
from lifecluster.web.desk.models import Case, ClusterMembership, Contact, Enquiry, Interaction, Referral
from lifecluster.web.directory.models import Package
from tests.web.desk.conftest import case, desk_of


def test_there_is_something_on_every_line_and_nobody_is_written_to(small: Package) -> None:
    operate.sample_sign_ins()
    desk = desk_of(Person.objects.get(email="desk@sample.example"))
    assert Case.objects.count() == 12 and Interaction.objects.count() == 6 and ClusterMembership.objects.count() >= 4
    assert {one.state for one in Referral.objects.all()} == {"drafted", "sent"}
    assert Enquiry.objects.count() == 1
    assert all("(sample)" in one.name for one in Contact.objects.all())
    ours = {"enquiries", "cases", "tasks", "memberships"}
    assert all(one.waits for one in waiting.counted(desk) if one.line.name in ours)
    assert (
        not Mail.objects.filter(to__endswith="@sample.example", sent_at=None).exclude(to__startswith="desk@").exists()
    )
    operate.sample_sign_ins(again=True)
    assert Case.objects.count() == 12
    again = Person.objects.get(email="desk@sample.example")
    assert Case.objects.filter(owner=again).exclude(state="closed").count() == 4


def test_another_region_than_the_sample_has_none_of_it(small: Package) -> None:
    operate.sample_sign_ins()
    desk = desk_of(Person.objects.get(email="desk@sample.example"))
    case(desk, title="Tried by hand")
    Package.objects.update(sample=False)
    operate.sample_sign_ins()
    assert [one.title for one in Case.objects.all()] == ["Tried by hand"]
    assert not any(model.objects.exists() for model in (Contact, ClusterMembership, Interaction, Enquiry, Referral))
