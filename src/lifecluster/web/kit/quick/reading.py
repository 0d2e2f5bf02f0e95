"""Values in a template, as Django finds them: the usual ways at once, everything unusual by Django's own code."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from django.template import Variable, VariableDoesNotExist
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.functional import SimpleLazyObject, empty
from django.utils.safestring import SafeString

from lifecluster.web.kit.rendering import MARKUP, quoted

NONE: Any = object()
RAISE: Any = object()
"""What is to become of a variable that is not there: an argument of a filter has to be."""
_fields: dict[type, bool] = {}
"""Whether values of a type have attributes alone, and nothing is got from them by brackets."""


class _Here(dict[str, Any]):
    """A context of one value, for Django's own look-up."""

    def __init__(self, value: object, context: Context) -> None:
        super().__init__(it=value)
        self.template = context.template


def name(context: Context, first: str, missing: Any) -> Any:
    """The variable called `first`; `missing` (or VariableDoesNotExist, for RAISE) where there is none."""
    for layer in reversed(context.dicts):
        if first in layer:
            value = layer[first]
            return slowly(value, (), missing, context) if callable(value) else value
    return _nothing(first, missing)


def look(context: Context, first: str, names: tuple[str, ...], missing: Any) -> Any:
    """The variable `first.second.third`."""
    value = name(context, first, NONE)
    return _nothing(first, missing) if value is NONE else walk(value, names, missing, context)


def step(value: Any, asked: str, missing: Any, context: Context) -> Any:
    """`walk` of one name: what most variables are."""
    if _fields.get(type(value)):
        now = _field(value, asked)
        if now is not NONE and not callable(now) and not callable(value):
            return now
    return walk(value, (asked,), missing, context)


def walk(value: Any, names: tuple[str, ...], missing: Any, context: Context) -> Any:
    """What lies at `names` below a value, methods called."""
    if callable(value):
        return slowly(value, names, missing, context)
    now = value
    for step in names:
        kind = type(now)
        if kind is SimpleLazyObject:
            now = unwrapped(now)
            kind = type(now)
        plain = _fields.get(kind)
        if plain is None:
            plain = _fields[kind] = not hasattr(kind, "__getitem__")
        if plain:
            now = _field(now, step)
        elif kind is dict:
            now = now.get(step, NONE)
        elif kind is not str and kind is not SafeString:
            return slowly(value, names, missing, context)
        else:
            now = NONE
        if now is NONE:
            known = hasattr(kind, step) or hasattr(kind, "__getattr__") or step.isdigit()
            return slowly(value, names, missing, context) if known else _nothing(step, missing)
        if callable(now):
            return slowly(value, names, missing, context)
    return now


def _field(value: Any, asked: str) -> Any:
    """An attribute; NONE where it is not there or fails: then Django's own code says what is to be done."""
    try:
        return getattr(value, asked)
    except Exception:
        return NONE


def unwrapped(value: Any) -> Any:
    """What a lazy object stands for."""
    found = _own(value, "_wrapped")
    if found is empty:
        value._setup()
        found = _own(value, "_wrapped")
    return found


_own = object.__getattribute__
"""An attribute of a lazy object itself, past its way of asking what it stands for."""


def slowly(value: Any, names: tuple[str, ...], missing: Any, context: Context) -> Any:
    """The same by Django's own code."""
    variable: Any = Variable(".".join(("it", *names)))
    try:
        return variable.resolve(_Here(value, context))
    except VariableDoesNotExist:
        return _nothing(".".join(names), missing)


def _nothing(asked: str, missing: Any) -> Any:
    if missing is RAISE:
        raise VariableDoesNotExist("Failed lookup for key [%s]", (asked,))
    return missing


def many(values: Any) -> Any:
    """What a loop goes through."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def shown(value: Any, context: Context) -> str:
    """A value as it stands in a page."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]  # what `kind` says
    if kind is str:
        return escape(value) if MARKUP(value) else value
    return str(render_value_in_context(value, context))


def tagged(value: Any) -> str:
    """What a tag gave, as it stands in a page."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]  # what `kind` says
    return quoted(value)


def compared(test: Callable[[Any, Any], Any], first: Any, second: Any) -> Any:
    """A comparison; false where the values cannot be compared."""
    try:
        return test(first, second)
    except Exception:
        return False


def mismatch(names: int, item: Any) -> ValueError:
    """What is raised where a loop cannot take a value apart."""
    return ValueError(f"Need {names} values to unpack in for loop; got {item!r:.80}. ")
