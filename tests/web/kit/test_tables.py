"""Tables, paging, breadcrumbs, forms."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.kit import forms as kit_forms
from lifecluster.web.kit import markup
from lifecluster.web.kit.evidence import Evidence, Tray
from lifecluster.web.kit.paging import Paging
from lifecluster.web.kit.rendering import short, soft
from lifecluster.web.kit.states import Answer, State, Withheld
from lifecluster.web.kit.tables import Column, Row, Table
from tests.web.conftest import Render

pytestmark = pytest.mark.one_database

COLUMNS = (Column("name", "Name", head=True, wide="l"), Column("jobs", "Jobs", "number"), Column("held", "Held?"))


def test_a_table_names_rows_and_columns(render: Render) -> None:
    rows = [Row({"name": "A & B", "jobs": "12", "held": State(Answer.YES)}, sub={"name": "East"}, mark="hi")]
    table = Table("Sites", COLUMNS, rows, Row({"name": "All", "jobs": "12"}))
    page = render("{% table t %}", t=table)
    assert page.xpath(".//caption")[0].get("class") == "vh"
    assert [th.text for th in page.xpath(".//thead//th[@scope='col']")] == ["Name", "Jobs", "Held?"]
    row = page.xpath(".//tbody/tr")[0]
    assert row.get("class") == "hi"
    assert row.xpath("./th[@scope='row']")[0].text_content().split() == ["A", "&", "B", "East"]
    assert [td.get("data-l") for td in row.xpath("./td")] == ["Jobs", "Held?"]
    assert row.xpath("./td/@class") == ["n"]
    assert page.xpath(".//tfoot//th[@scope='row']")[0].text == "All"
    assert "blocks" in page.find("table").get("class")


def test_an_empty_table_says_so(render: Render) -> None:
    page = render("{% table t %}", t=Table("Sites", COLUMNS, [], empty="No sites yet."))
    assert page.xpath(".//tbody//td/@colspan") == ["3"]
    assert "No sites yet." in page.text_content()


def test_a_wide_table_scrolls_in_a_region_that_can_be_focused(render: Render) -> None:
    page = render("{% table t %}", t=Table("Numbers", COLUMNS, [], narrow="scroll", show_caption=True, note="A note"))
    region = page.xpath("./div[@role='region']")[0]
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Numbers")
    assert page.xpath(".//caption/b")[0].text == "Numbers"


def test_cells_take_any_component(render: Render) -> None:
    evidence = Evidence(key="k", title="Jobs", value="12", source="S")
    rows = [Row({"name": "x" * 60, "jobs": evidence, "held": None}), Row({"name": "B", "jobs": Withheld()})]
    page = render("{% table t %}{% evidence_panels %}", t=Table("T", COLUMNS, rows))
    assert page.xpath(".//td/a[@class='ev']")[0].text == "12"
    assert "unknown" in page.text_content()
    assert len(page.xpath(".//th//wbr")) == 2
    assert page.xpath(".//abbr")[0].text == "[c]"


def test_mistakes_in_a_table_are_refused() -> None:
    with pytest.raises(ValueError, match="narrow="):
        Table("T", COLUMNS, [], narrow="fold")
    with pytest.raises(ValueError, match="exactly one column"):
        Table("T", (Column("a", "A"),), [])
    with pytest.raises(ValueError, match=r"no column \['job'\]"):
        markup.table(Table("T", COLUMNS, [Row({"job": "1"})]), Tray)


@given(st.text())
def test_breaking_long_words_changes_no_letter(text: str) -> None:
    import html

    made = str(soft(text))
    assert html.unescape(made.replace("<wbr>", "")) == text or "<wbr>" not in made


@pytest.mark.parametrize(("value", "text"), [(12.0, "12"), (12.34, "12.3"), (-0.01, "0"), (0.05, "0.1"), (100, "100")])
def test_coordinates_are_short(value: float, text: str) -> None:
    assert short(value) == text


@given(st.integers(0, 5000), st.integers(1, 60))
def test_page_numbers(total: int, size: int) -> None:
    last = Paging(1, total, QueryDict(), size).pages
    for page in {1, max(1, last // 2), last}:
        paging = Paging(page, total, QueryDict(), size)
        numbers = [step.number for step in paging.steps]
        shown = [n for n in numbers if n]
        assert shown == sorted(set(shown))
        assert {1, page, last} <= set(shown)
        assert len(numbers) <= 9
        for before, gap, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
            assert gap is not None or (before is not None and after is not None and after - before > 2)
        assert [s.number for s in paging.steps if s.current] == [page]
        assert bool(paging.previous) == (page > 1)
        assert bool(paging.next) == (page < last)


def test_links_of_pages_keep_the_view() -> None:
    paging = Paging(2, 200, QueryDict("q=a%26b&segment=1&segment=2&page=2"), what="organisations")
    assert paging.next == "?q=a%26b&segment=1&segment=2&page=3"
    assert paging.previous == "?q=a%26b&segment=1&segment=2"
    assert paging.sentence == "51 to 100 of 200 organisations"
    assert Paging(1, 0, QueryDict()).sentence == "No results"
    assert Paging(1, 10, QueryDict("page=3")).url(1) == "?"


def test_paging_and_breadcrumbs_are_marked_up(render: Render) -> None:
    page = render("{% paging_links p %}{% crumbs 'Directory' '/d/' 'A & B' %}", p=Paging(7, 1262, QueryDict()))
    assert page.xpath(".//a[@aria-current='page']")[0].text_content() == "Page 7"
    assert page.xpath(".//a[@rel='next']")[0].text_content() == "Next page"
    crumbs = page.xpath(".//nav[@aria-label='Breadcrumb']//li")
    assert [li.text_content() for li in crumbs] == ["Directory", "A & B"]
    assert crumbs[-1].get("aria-current") == "page"
    assert render("{% paging_links p %}", p=Paging(1, 3, QueryDict())).xpath(".//ol") == []


class Form(forms.Form):
    name = forms.CharField(label="Your name?", help_text="As on the <b>list</b>", max_length=5)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A")], required=False)
    sure = forms.BooleanField(label="Sure")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Both together cannot be.")


def test_a_form_says_its_errors_twice_and_keeps_what_was_typed(render: Render) -> None:
    form = Form({"name": "far too long", "token": "t"})
    page = render("{% error_summary form %}{{ form }}", form=form)
    links = page.xpath(".//div[@role='alert']//li/a")
    assert [(a.get("href"), a.text) for a in links] == [("#id_name", "Your name?"), ("#id_sure", "Sure")]
    assert "3 things need another look" in page.text_content()
    field = page.get_element_by_id("id_name")
    assert field.get("value") == "far too long"
    assert field.get("aria-invalid") == "true"
    for part in field.get("aria-describedby").split():
        assert page.get_element_by_id(part) is not None
    assert "Please fill this in." in page.get_element_by_id("id_sure_error").text_content()


def test_a_fresh_form_has_no_summary_and_labels_every_field(render: Render) -> None:
    page = render("{% error_summary form %}{{ form }}", form=Form())
    assert page.xpath(".//div[@role='alert']") == []
    assert page.xpath(".//label[@for='id_name']")[0].text_content().strip() == "Your name?"
    assert "optional" in page.xpath(".//fieldset/legend")[0].text_content()
    assert page.xpath(".//input[@type='hidden']/@name") == ["token"]


def test_an_error_of_a_group_of_choices_leads_to_its_first() -> None:
    class Choose(forms.Form):
        kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A")])

    assert kit_forms.problems(Choose({}))[0].anchor == "id_kind_0"
    assert 'id="id_kind_0"' in str(Choose({}))
