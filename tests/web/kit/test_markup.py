"""Tables and lists of facts are written without a template: what they give is what these templates give."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, engines
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.kit import markup
from lifecluster.web.kit.evidence import Evidence, RemoteEvidence, Tray
from lifecluster.web.kit.marks import cell
from lifecluster.web.kit.rendering import soft
from lifecluster.web.kit.states import Answer, Badge, State, Unrecorded, Withheld
from lifecluster.web.kit.tables import CLASSES, NARROW, Column, Fact, Row, Table

pytestmark = pytest.mark.one_database

CELLS = """{% for c in line %}{% if c.head %}<th scope="row"{% if c.classes %} class="{{ c.classes }}"{% endif %}>{{ c.value }}{% if c.sub %} <span class="sub">{{ c.sub_value }}</span>{% endif %}</th>{% else %}<td{% if c.classes %} class="{{ c.classes }}"{% endif %} data-l="{{ c.title }}">{{ c.value }}{% if c.sub %} <span class="sub">{{ c.sub_value }}</span>{% endif %}</td>{% endif %}{% endfor %}
"""
TABLE = f"""{{% if table.narrow == "scroll" %}}<div class="scroll" role="region" tabindex="0" aria-label="{{{{ table.caption }}}}">{{% endif %}}<table class="t{{% if table.narrow == "blocks" %}} blocks{{% endif %}}{{% if table.name %}} t-{{{{ table.name }}}}{{% endif %}}"><caption{{% if not table.show_caption %}} class="vh"{{% endif %}}>{{% if table.show_caption %}}<b>{{{{ table.caption }}}}</b>{{{{ table.note }}}}{{% else %}}{{{{ table.caption }}}}{{% endif %}}</caption>
<thead><tr>{{% for c in columns %}}<th scope="col"{{% if c.classes %}} class="{{{{ c.classes }}}}"{{% endif %}}>{{{{ c.title }}}}</th>{{% endfor %}}</tr></thead>
<tbody>{{% for mark, line in lines %}}<tr{{% if mark %}} class="{{{{ mark }}}}"{{% endif %}}>{CELLS}</tr>
{{% empty %}}<tr><td class="none" colspan="{{{{ columns|length }}}}">{{{{ table.empty }}}}</td></tr>{{% endfor %}}</tbody>{{% if total %}}<tfoot>{{% for line in total %}}<tr>{CELLS}</tr>{{% endfor %}}</tfoot>{{% endif %}}</table>{{% if table.narrow == "scroll" %}}</div>{{% endif %}}
"""
FACTS = """<dl class="facts">{% for fact, value in facts %}<div><dt>{{ fact.label }}</dt><dd class="fact-value">{{ value }}{% if fact.badge %} {{ fact.badge }}{% endif %}</dd>{% if fact.age %}<dd class="age">{{ fact.age }}</dd>{% endif %}</div>
{% endfor %}</dl>
"""
HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "\"' onload='x",
        "{{ a }}",
        "&lt;b&gt;",
        "\u202eevil\u202c שלום",
        "x" * 500,
        "👩🏽‍🔬",
        "",
    ]
)
TEXTS = st.one_of(HOSTILE, st.text(max_size=40))
VALUES: st.SearchStrategy[Any] = st.one_of(
    TEXTS, HOSTILE.map(mark_safe), st.none(), st.integers(0, 999), st.just(Withheld()), st.just(Unrecorded()),
    st.builds(State, st.sampled_from(list(Answer)), TEXTS), st.builds(Badge, st.just("stale"), TEXTS),
    st.builds(RemoteEvidence, TEXTS, TEXTS, TEXTS),
)  # fmt: skip
COLUMNS = st.builds(
    Column, st.sampled_from("bcd"), TEXTS, st.sampled_from(["text", *CLASSES]), wide=st.sampled_from(["", "l"])
)
ROWS = st.builds(
    Row, st.dictionaries(st.sampled_from("abcd"), VALUES), st.dictionaries(st.sampled_from("abcd"), VALUES),
    st.sampled_from(["", "hi", "in"]),
)  # fmt: skip


def said(value: Any) -> Any:
    """A value as Django is given it: evidence that lies elsewhere by its own mark, everything else as it is."""
    if isinstance(value, RemoteEvidence):
        mark = '<a class="ev" href="{{ e.url }}" data-remote>{{ e.value|soft }}{% if e.title %}<span class="vh"> ({{ e.title }}: how do we know?)</span>{% endif %}</a>'
        return mark_safe(engines["django"].from_string(mark).render({"e": value}))
    return mark_safe('<span class="quiet">unknown</span>') if value is None else soft(value)


def line(columns: list[Column], row: Row) -> list[dict[str, Any]]:
    return [
        {**heading(c), "head": c.head, "value": said(row.cells.get(c.key, "")), "sub": row.sub.get(c.key, ""),
         "sub_value": said(row.sub.get(c.key, ""))}
        for c in columns
    ]  # fmt: skip


def heading(column: Column) -> dict[str, str]:
    names = (CLASSES.get(column.kind, ""), f"w-{column.wide}" if column.wide else "")
    return {"title": column.title, "classes": " ".join(filter(None, names))}


@given(
    columns=st.lists(COLUMNS, max_size=3, unique_by=lambda c: c.key), rows=st.lists(ROWS, max_size=3),
    total=st.none() | ROWS, texts=st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["", "wide"])),
    narrow=st.sampled_from(NARROW), seen=st.booleans(),
)  # fmt: skip
def test_a_table_is_what_the_template_gives(
    *, columns: list[Column], rows: list[Row], total: Row | None, texts: tuple[str, ...], narrow: str, seen: bool
) -> None:
    columns = [Column("a", "Name", head=True), *columns]
    known = {c.key for c in columns}
    for row in (*rows, *filter(None, [total])):
        row.cells = {key: value for key, value in row.cells.items() if key in known}
    caption, note, empty, name = texts
    table = Table(caption, columns, rows, total, narrow, seen, note, empty, name)
    plain = engines["django"].from_string(TABLE)
    lines = [(row.mark, line(columns, row)) for row in rows]
    given_ = {"table": table, "columns": [heading(c) for c in columns], "lines": lines,
              "total": [line(columns, total)] if total else []}  # fmt: skip
    assert markup.table(table, Tray) == plain.render(given_)


@given(st.lists(st.builds(Fact, TEXTS, VALUES, TEXTS, TEXTS | st.builds(Badge, st.just("stale"), TEXTS)), max_size=4))
def test_facts_are_what_the_template_gives(facts: list[Fact]) -> None:
    plain = engines["django"].from_string(FACTS)
    assert markup.facts(facts, Tray, str) == plain.render({"facts": [(fact, said(fact.value)) for fact in facts]})


def test_evidence_of_the_page_is_put_on_its_tray_and_marked_once() -> None:
    tray, evidence = Tray(), Evidence(key="k", title="Jobs", value="<12>", source="S")
    first, again = (cell(evidence, lambda: tray) for _ in range(2))
    assert ('id="m-e-k"' in first, 'id="m-e-k"' in again) == (True, False)
    assert first.endswith(">&lt;12&gt;</a>")
    assert tray.empty() == [evidence]


def test_facts_with_evidence_of_the_page_open_in_place() -> None:
    evidence = Evidence(key="k", title="Jobs", value="12", source="Somebody & sons")
    page = engines["django"].from_string("{% facts f %}{% evidence_panels %}").template
    made = page.render(Context({"f": [Fact("Jobs", evidence)], "mode": "popover"}))
    assert made.count('id="e-k"') == 1
    assert 'role="group"' in made
    assert "popover" not in made
    assert "Somebody &amp; sons" in made
