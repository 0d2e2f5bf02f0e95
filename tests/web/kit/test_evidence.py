"""The mark is only on what has evidence; the panel shows everything in its order, once."""

from __future__ import annotations

from datetime import date

import lxml.html
import pytest
from django.template import Context, engines
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.kit.evidence import Evidence, Link, RemoteEvidence, Tray, Value, safe_id
from lifecluster.web.kit.tables import Fact
from tests.web.conftest import Render

pytestmark = pytest.mark.one_database

AT = date(2026, 11, 20)
FULL = Evidence(
    key="employees", title="Employees", value="142", source="Member confirmation", interval="138 to 146",
    definition="Head count", source_url="/source", locator="row 118", snapshot="9f2c", licence="OGL v3",
    licence_url="/ogl", observed=date(2026, 3, 31), verified=date(2026, 11, 17), why="Newest.",
    stale_after=date(2027, 3, 31), at=AT, links=(Link("Rows", "/rows"),),
    others=(Value("142", "Member", shown=True), Value("137", "Accounts", "OGL", "2025", None, stale=True)),
)  # fmt: skip
PAGE = "{% ev e %}{% ev e 'about 140' %}{% evidence_panels %}"


def test_what_has_no_source_has_no_mark() -> None:
    with pytest.raises(ValueError, match="no source"):
        Evidence(key="x", title="X", value="1", source="  ")


def test_a_mark_leads_to_its_panel_which_stands_once(render: Render) -> None:
    page = render(PAGE, e=FULL)
    first, second = page.xpath(".//a[@class='ev']")
    assert (first.text, first.get("href"), first.get("id")) == ("142", "#e-employees", "m-e-employees")
    assert (second.text, second.get("id")) == ("about 140", None)
    panels = page.xpath(".//div[@id='e-employees']")
    assert len(panels) == 1
    assert panels[0].get("popover") is not None
    assert panels[0].xpath(".//a[@data-close]/@href") == ["#m-e-employees"]


def test_a_panel_shows_all_in_order(render: Render) -> None:
    panel = render(PAGE, e=FULL).get_element_by_id("e-employees")
    terms = [dt.text for dt in panel.xpath(".//dt")]
    assert terms == ["Definition", "Source", "Licence", "Observed", "Verified"]
    text = panel.text_content().replace("\u00a0", " ")
    words = ("Employees", "142", "138 to 146", "Head count", "Member confirmation", "row 118", "9f2c", "OGL v3",
             "31 March 2026", "17 November 2026", "Newest.", "142, shown", "137", "Rows")  # fmt: skip
    assert [w for w in words if w not in text] == []
    places = [text.index(w) for w in ("Head count", "Member confirmation", "OGL v3", "31 March", "Newest.", "137")]
    assert places == sorted(places)
    assert len(panel.xpath(".//svg[contains(@class, 'fresh')]")) == 1


def test_missing_parts_are_said(render: Render) -> None:
    panel = render(PAGE, e=Evidence(key="k", title="T", value="1", source="S")).get_element_by_id("e-k")
    text = " ".join(panel.text_content().split())
    assert text.count("not known") == 3
    assert "Other values None" in " ".join(t.strip() for t in panel.xpath(".//dl[last()]//text()") if t.strip())
    assert panel.xpath(".//svg") == []


def test_stale_and_sample_values_say_so(render: Render) -> None:
    old = Evidence(key="k", title="T", value="1", source="S", at=AT, stale_after=date(2026, 1, 1), sample=True)
    assert old.stale
    badges = render(PAGE, e=old).xpath(".//div[@id='e-k']//*[contains(@class, 'badge ')]")
    assert [b.text_content() for b in badges] == ["Stale", "Sample"]


def test_two_values_cannot_share_a_key() -> None:
    tray = Tray()
    tray.add(FULL)
    tray.add(FULL)
    with pytest.raises(ValueError, match="two different values"):
        tray.add(Evidence(key="employees", title="Other", value="1", source="S"))
    assert tray.empty() == [FULL]
    assert tray.empty() == []


def test_marks_of_included_templates_reach_the_end_of_the_page() -> None:
    engine = engines["django"].engine  # type: ignore[attr-defined]  # Django's own engine
    inner = engine.from_string("{% ev e %}")
    outer = engine.from_string("{% include inner %}{% include inner with e=e only %}{% evidence_panels %}")
    html = outer.render(Context({"inner": inner, "e": FULL}))
    assert html.count('id="e-employees"') == 1
    assert html.count('id="m-e-employees"') == 1
    assert engine.from_string("{% evidence_panels %}").render(Context({})) == ""


def test_in_a_list_of_facts_the_panel_opens_in_place(render: Render) -> None:
    page = render(
        "{% facts facts %}{% evidence_panels %}", facts=[Fact("Employees", FULL, "verified"), Fact("X", None)]
    )
    panel = page.xpath(".//dl[@class='facts']//dd[@class='inset']/div")[0]
    assert panel.get("id") == "e-employees"
    assert panel.get("popover") is None
    assert len(page.xpath("//*[@id='e-employees']")) == 1
    assert page.xpath(".//dd[@class='fact-value']")[1].text_content() == "unknown"


def test_a_remote_mark_is_a_plain_link_that_names_its_value(render: Render) -> None:
    page = render("{% ev e %}{% evidence_panels %}", e=RemoteEvidence("431", "/evidence/431", "Sites"))
    link = page.find("a")
    assert link.get("href") == "/evidence/431"
    assert link.text_content() == "431 (Sites: how do we know?)"
    assert page.xpath(".//div[@popover]") == []


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_no_value_becomes_markup(key: str, value: str) -> None:
    html = str(value) + "<script>\"'&"
    e = Evidence(key=key, title=html, value=html, source=html, interval=html, definition=html, locator=html, why=html)
    text = engines["django"].engine.from_string(PAGE).render(Context({"e": e}))  # type: ignore[attr-defined]  # as above
    assert "<script>" not in text


@given(st.text(max_size=60))
def test_any_key_makes_a_usable_id(key: str) -> None:
    made = safe_id(key)
    assert made
    assert lxml.html.fragment_fromstring(f'<a id="e-{made}" href="#e-{made}">x</a>').get("id") == f"e-{made}"
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
