"""How forms are drawn: label, hint, error beside the field, a summary on top that leads to each error."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's forms with our templates."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary; `anchor` the id of the field, empty for a problem of the whole form."""

    anchor: str
    label: str
    text: str


def problems(form: BaseForm) -> list[Problem]:
    """What is wrong with a form, in the order of its fields; what concerns the whole form comes first."""
    found = [Problem("", "", str(text)) for text in form.non_field_errors()]
    for field in form:
        anchor = field.id_for_label or f"{field.auto_id}_0"  # a group of choices has no single label: its first one
        found += [Problem(anchor, str(field.label), str(text)) for text in field.errors]
    return found


def kind(field: BoundField) -> str:
    """How a field is laid out: `check` for one box, `choices` for several, else `line`."""
    name = field.widget_type
    if name == "checkbox":
        return "check"
    return "choices" if name in {"radioselect", "checkboxselectmultiple"} else "line"
