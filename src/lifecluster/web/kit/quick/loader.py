"""Where templates come from: Django's loader that keeps them, each with the function that renders it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from django.template import Template
from django.template.base import NodeList
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.template.loaders import cached
from django.utils.safestring import SafeString

from lifecluster.web.kit.quick.supported import check
from lifecluster.web.kit.quick.writing import written


class Quick(NodeList):
    """The nodes of a template, rendered by a function that is made of them when it is first needed.

    Django's own rendering is taken where escaping is off or what is not there is to be shown, and in dev mode, whose
    error pages point at the node.
    """

    def __init__(self, template: Template) -> None:
        super().__init__(template.nodelist)
        self._template = template
        self._function: Callable[[Context], SafeString] | None = None
        self._lock = Lock()

    def render(self, context: Context) -> SafeString:
        """The markup."""
        engine = self._template.engine
        extended = (
            BLOCK_CONTEXT_KEY in context.render_context
        )  # by a template that Django renders, and fills blocks of this
        if engine.debug or engine.string_if_invalid or extended or not context.autoescape:
            return super().render(context)
        if self._function is None:
            with self._lock:
                self._function = self._function or written(self._template)
        return self._function(context)


class Loader(cached.Loader):
    """Keeps templates, and makes them quick."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template of this name. Raises TemplateDoesNotExist, and what `check` raises."""
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, Quick):
            check(template)
            template.nodelist = Quick(template)
        return template
