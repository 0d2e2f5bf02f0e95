"""Which tags a template may have that is rendered by a function.

A function keeps the names of a loop or a `with` in variables of its own, and makes the state of a loop anew at each
turn. A tag that writes a name into the context (`{% url … as x %}`), or keeps something in the state of the loop
(`ifchanged`), would be read wrongly there without a word: it is refused when the template is first asked for.
"""

from __future__ import annotations

from django.template import Template, TemplateSyntaxError
from django.template.base import Node
from django.template.defaulttags import (
    AutoEscapeControlNode,
    CsrfTokenNode,
    CycleNode,
    FilterNode,
    FirstOfNode,
    SpacelessNode,
    TemplateTagNode,
    VerbatimNode,
)
from django.template.library import InclusionNode
from django.template.loader_tags import ExtendsNode

from lifecluster.web.kit.quick.writing import WRITERS

LEFT = (AutoEscapeControlNode, CsrfTokenNode, CycleNode, ExtendsNode, FilterNode, FirstOfNode, InclusionNode,
        SpacelessNode, TemplateTagNode, VerbatimNode)  # fmt: skip
"""Tags that are rendered by Django's own code, and write no name that others read."""
SUPPORTED = frozenset((*WRITERS, *LEFT))
WRITTEN = ("asvar", "target_var", "varname", "variable_name")
"""Attributes in which Django's nodes keep the name after `as`."""


def check(template: Template) -> None:
    """Raise TemplateSyntaxError, naming template, line and tag, for a tag that a function would read wrongly."""
    for node in template.nodelist.get_nodes_by_type(Node):
        name = next((said for attribute in WRITTEN if (said := getattr(node, attribute, None))), None)
        if type(node) in SUPPORTED and name is None:
            continue
        token = getattr(node, "token", None)
        tag = token.split_contents()[0] if token is not None else type(node).__name__
        line = f", line {token.lineno}" if token is not None else ""
        what = f"{{% {tag} … as {name} %}}" if name is not None else f"{{% {tag} %}}"
        raise TemplateSyntaxError(
            f"{template.name}{line}: {what} cannot be rendered by a function (lifecluster.web.kit.quick); "
            "work the value out in the view, or in a tag of the kit"
        )
