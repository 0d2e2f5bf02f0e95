"""How do we know? Panels, statements, and which value is shown to whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from lifecluster.places.spoken import listed
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Package, Statement
from lifecluster.web.directory.show import evidence, words
from tests.web.directory.making import org, uid
from tests.web.pages.conftest import Look
from tests.web.pages.conftest import words as text_of

pytestmark = pytest.mark.one_database

EMPLOYEES = f"/evidence/{org('alpha')}/employees"


def test_the_panel_has_source_row_licence_dates_and_other_values(small: Package, look: Look) -> None:
    page = look(EMPLOYEES)
    text = text_of(page.get_element_by_id("main"))
    for said in ("Employees", "Source", "Licence", "Observed", "Verified", "Alpha Medical Limited"):
        assert said in text
    values = page.cssselect("table.values tbody tr")
    assert len(values) == 2
    (shown,) = [row for row in values if "hi" in row.get("class", "")]
    assert "shown" in text_of(shown)


def test_a_script_gets_the_panel_alone(small: Package, web: Client) -> None:
    answer = web.get(EMPLOYEES, headers={"X-Fragment": "panel"})
    assert b"<html" not in answer.content
    assert b"panel-value" in answer.content
    assert "X-Fragment" in answer["Vary"]


def test_every_statement_has_an_address_for_good(small: Package, look: Look) -> None:
    for row in Statement.objects.filter(subject=org("alpha"), property="employees"):
        page = look(f"/statements/{row.sid}")
        text = text_of(page.get_element_by_id("main"))
        assert row.sid in text
        assert row.record in text
        assert ("Shown?Yes" in text) == (row.place == 0)


def test_what_is_not_stated_has_no_page(small: Package, look: Look) -> None:
    look(f"/evidence/{org('alpha')}/turnover", status=404)
    look("/evidence/LCO-0000/employees", status=404)
    look("/statements/0000", status=404)


def test_a_reference_is_shown_by_name(rich: Package, look: Look) -> None:
    page = look(f"/evidence/{org('alpha')}/parent")
    assert "Alpha Group" in text_of(page.get_element_by_id("main"))


def test_sites_things_and_groups_have_pages(rich: Package, look: Look) -> None:
    assert "A site of Alpha Medical Limited in Leicester" in text_of(look(f"/sites/{uid('site', 'alpha-1')}"))
    assert "A licence of Alpha Medical Limited" in text_of(look(f"/things/{uid('licence', 'l1')}"))
    assert "An award of Alpha Medical Limited" in text_of(look(f"/things/{uid('award', 'a1')}"))
    group = text_of(look(f"/groups/{uid('group', 'g1')}"))
    assert "Alpha Group" in group
    assert "owns 1 organisation " in group


def test_values_are_written_for_people() -> None:
    reader = evidence.Reader({}, date(2026, 11, 22))
    assert reader.word("incorporated_on", "date", "2009-08-15") == "15\u00a0August\u00a02009"
    assert reader.word("incorporated_on", "date", "in spring") == "in spring"
    assert reader.word("amount", "money", "18400000") == "£18.4\u00a0m"
    assert reader.word("employees", "int", "1250") == "1,250"
    assert reader.word("capability", "code", "clean-room-iso-8") == "Clean room ISO 8"
    assert reader.word("company_number", "code", "zz000001") == "zz000001"
    assert reader.word("lad", "code", "E06000018") == "Nottingham"
    assert reader.word("employees", "int", "") == evidence.UNKNOWN
    assert reader.word("x", "bool", "true") == "Yes"
    assert reader.word("partner", "ref", "exchange/organisation:X1") == "An organisation outside this register"


def test_only_addresses_that_lead_to_a_page_are_links() -> None:
    for address in ("javascript:alert(1)", "data:text/html,x", "//x", "http:", "ftp://x", "", "http://[", "x y"):
        assert evidence.safe_url(address) == ""
        assert evidence.visit(address) == ""
    assert evidence.safe_url("https://a.example/b?c") == "https://a.example/b?c"


def test_words_for_codes() -> None:
    assert words.in_words("university-spin-out") == "University spin-out"
    assert words.in_words("ISO 13485") == "ISO 13485"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert words.label("employees") == "Employees"
    assert words.label("something_new") == "Something new"
    assert words.kind("vacancy", 2) == "vacancies"


def test_every_property_has_a_word() -> None:
    from lifecluster.reference.properties import vocabulary

    assert set(vocabulary().properties) <= set(words.PROPERTIES)
    assert set(vocabulary().kinds) <= set(words.KINDS)


def test_names_of_are_those_a_reader_may_know(small: Package) -> None:
    from lifecluster.web.directory.views.common import names_of

    assert (
        names_of([org("alpha"), "LCO-X"], None)[org("alpha")]
        == reads.Named(org("alpha"), "organisation", "ALPHA MEDICAL LIMITED", True)
        or names_of([org("alpha")], None)[org("alpha")].name == "ALPHA MEDICAL LIMITED"
    )
