"""Tags and filters of the component library; they are built in, so templates need no load tag."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from lifecluster.web.kit import formats, forms, icons, marks, markup, paging, states, tables
from lifecluster.web.kit.evidence import Evidence, RemoteEvidence, Tray
from lifecluster.web.kit.quick.writing import aloof, fixed
from lifecluster.web.kit.rendering import code_words, format_html, soft, when

register = template.Library()
TRAY = "evidence_tray"

register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("ordinal", formats.ordinal)
register.filter("soft", soft)
register.filter("code_words", code_words)
register.simple_tag(fixed(icons.icon), name="icon")
register.simple_tag(fixed(icons.sprite), name="sprite")


@register.filter
def day(value: date | str | None) -> str:
    """`17 Nov 2026`."""
    return formats.day(value)


@register.filter
def long_day(value: date | str | None) -> str:
    """`17 November 2026`."""
    return formats.day(value, long=True)


def tray(context: Context) -> Tray:
    """The evidence panels this page has asked for so far. The lowest layer of the render context is shared by every
    template of one rendering, included ones too."""
    lowest: dict[Any, Any] = context.render_context.dicts[0]
    found: Tray = lowest.setdefault(TRAY, Tray())
    return found


@register.simple_tag(takes_context=True)
@aloof
def ev(context: Context, evidence: Evidence | RemoteEvidence, text: Any = None) -> SafeString:
    """The mark on a value: `{% ev evidence %}`, or with other words `{% ev evidence "1.3 thousand" %}`."""
    if isinstance(evidence, RemoteEvidence):
        return marks.remote(evidence, text)
    tray(context).add(evidence)
    return marks.mark(tray(context), evidence, text)


@register.simple_tag(takes_context=True)
@aloof
def evidence_panels(context: Context) -> SafeString:
    """The panels that the marks of this page asked for; stands once, at the end of the page."""
    panels = (render_to_string("kit/evidence_panel.html", {"e": e, "mode": "popover"}) for e in tray(context).empty())
    return mark_safe("".join(panels))  # noqa: S308 - rendered templates, escaped there


@register.simple_tag
def state(
    value: states.Answer | str | bool | None, word: str = "", pill: bool = False, stale: bool = False
) -> SafeString:
    """`{% state True "In" pill=True %}`."""
    return states.State(states.answer(value), word, pill, stale).render()


@register.simple_tag
@fixed
def badge(kind: str, word: str = "") -> SafeString:
    """`{% badge "stale" "Stale since June 2026" %}`."""
    return states.Badge(kind, word).render()


@register.simple_block_tag
def section(content: str, title: str, name: str, note: Any = "", level: int = 2) -> SafeString:
    """`{% section "Facts" name="facts" note="..." %} ... {% endsection %}`: title and note in the left gutter."""
    return format_html(
        '<section class="section" id="{0}" aria-labelledby="{0}-h"><header><h{1} id="{0}-h">{2}</h{1}>{3}</header>'
        '<div class="section-body">{4}</div></section>',
        name, level, title, when(note, "<p>{}</p>", note), content,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
@aloof
def table(context: Context, table: tables.Table) -> SafeString:
    """`{% table t %}`."""
    return markup.table(table, lambda: tray(context))


@register.simple_tag(takes_context=True)
@aloof
def facts(context: Context, facts: list[tables.Fact]) -> SafeString:
    """`{% facts list_of_facts %}`: evidence opens in place."""

    def panel(evidence: Evidence) -> SafeString:
        return _include(context.new({"e": evidence, "mode": "inline"}), "kit/evidence_panel.html")

    return markup.facts(facts, lambda: tray(context), panel)


@register.simple_tag(takes_context=True)
def panels(context: Context, shown: list[Any]) -> SafeString:
    """The panels that rooms put on this page, each in its section (or bare)."""
    parts = []
    for item in shown:
        with context.push(**dict(item.variables)):
            body = _include(context, item.panel.template)
        p = item.panel
        parts.append(body if p.bare else section(body, p.title, p.name, p.note))
    return mark_safe("".join(parts))  # noqa: S308 - rendered templates, escaped there


def _include(context: Context, name: str) -> SafeString:
    """A template with this context, sharing the tray."""
    if context.template is None:
        raise RuntimeError("this tag is rendered outside a template")
    return context.template.engine.get_template(name).render(context)


@register.inclusion_tag("kit/paging.html")
def paging_links(pages: paging.Paging) -> dict[str, Any]:
    """`{% paging_links paging %}`."""
    return {"paging": pages}


@register.inclusion_tag("kit/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """`{% crumbs "Directory" "/directory/" "Thornwick Ltd" %}`: title and address by turns; the last is this page."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"links": pairs, "here": parts[-1]}


@register.inclusion_tag("kit/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """`{% error_summary form %}`: what is wrong, with links to the fields; nothing if nothing is."""
    return {"problems": forms.problems(form) if form.is_bound else []}


@register.filter
def layout(field: BoundField) -> str:
    """How a field is laid out."""
    return forms.kind(field)
