"""From the nodes of a template to the source of a function that renders them.

Text, variables, filters, `if`, `for`, `with`, `include`, blocks of parents that are named in plain text, `static` and
simple tags become Python; whatever else there is stays a node and is rendered by Django, with the context that it
would have. Names of loops are variables of the function, and stand in the context only where such a node may ask.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Template
from django.template.base import FilterExpression, Node, TextNode, Variable, VariableNode
from django.template.context import Context
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, URLNode, WithNode
from django.template.library import SimpleBlockNode, SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeData, SafeString, mark_safe

from lifecluster.web.kit.paths import finder, static_files
from lifecluster.web.kit.quick import reading

Scope = Mapping[str, str]
"""Names of the template -> variables of the function."""
COMPARED = {
    "==": operator.eq, "!=": operator.ne, "is": operator.is_, "is not": operator.is_not, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}  # fmt: skip
READING = ("name", "look", "step", "walk", "many", "shown", "tagged", "compared", "mismatch", "RAISE")
"""What the functions take from `reading`."""
LOOP = (
    '{{"parentloop": {outer}, "counter0": {i}, "counter": {i} + 1, "revcounter": {n} - {i}, '
    '"revcounter0": {n} - {i} - 1, "first": {i} == 0, "last": {i} == {n} - 1}}'
)


class OtherwiseError(Exception):
    """A node that is left to Django."""


class Text(str):
    """A line that only adds a text."""

    __slots__ = ()


@dataclass(slots=True)
class Part:
    """Lines of the function; `asks`: whether something in them may ask the context for names of the scope."""

    lines: list[str] = field(default_factory=list)
    asks: bool = False

    def take(self, other: Part, indent: str = "") -> None:
        """Put the lines of another part after these."""
        self.asks |= other.asks
        for line in _joined(other.lines):
            self.lines.append(f"{indent}{line}" if indent else line)


def _joined(lines: list[str]) -> Iterable[str]:
    """Lines in which texts that follow each other are one."""
    text = ""
    for line in lines:
        if isinstance(line, Text):
            text += line
            continue
        if text:
            yield f"add({text!r})"
            text = ""
        yield line
    if text:
        yield f"add({text!r})"


def fixed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a tag whose markup follows from its arguments alone: with constants it is made once."""
    function.fixed = True  # type: ignore[attr-defined]  # how the tag is told from others
    return function


def aloof(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a tag that takes the context and asks it for no variable."""
    function.aloof = True  # type: ignore[attr-defined]  # as above
    return function


def written(template: Template) -> Callable[[Context], SafeString]:
    """The function that renders a template."""
    writer = _Writer(template)
    body = Part()
    body.take(writer.page(), "    ")
    source = "\n".join(
        [
            "def render(context):",
            "    out = []",
            "    add = out.append",
            *(["    paths = finder()"] if writer.finds else []),
            *(["    files = static_files()"] if writer.serves else []),
            *body.lines,
            "    return SafeString(''.join(out))",
        ]
    )
    exec(compile(source, f"<template {template.name}>", "exec"), writer.known)  # noqa: S102 - our own templates
    found: Callable[[Context], SafeString] = writer.known["render"]
    return found


class _Writer:
    """Writes one function. `known`: what its source names; `finds`, `serves`: whether it needs addresses, and those
    of static files."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._blocks: dict[str, BlockNode] = {}
        self._inside: list[str] = []
        self._used: set[str] = set()
        self._count = 0
        self.finds = self.serves = False
        self.known: dict[str, Any] = {name: getattr(reading, name) for name in READING}
        self.known |= {
            "SafeString": SafeString,
            "SafeData": SafeData,
            "mark_safe": mark_safe,
            "finder": finder,
            "static_files": static_files,
        }

    def page(self) -> Part:
        """The template with those it extends, where all of them are known by now; else node by node."""
        chain = [self._template]
        while (parent := self._parent(chain[-1])) is not None:
            chain.append(parent)
        if any(ExtendsNode in map(type, one.nodelist) for one in chain[-1:]) or any(
            "block.super" in t.source for t in chain
        ):
            return self._nodes(self._template.nodelist, {})
        if len(chain) > 1:
            for template in chain:
                blocks: list[Any] = template.nodelist.get_nodes_by_type(BlockNode)
                for node in blocks:
                    self._blocks.setdefault(node.name, node)
        return self._nodes(chain[-1].nodelist, {})

    @staticmethod
    def _parent(template: Template) -> Template | None:
        first = next((node for node in template.nodelist if isinstance(node, ExtendsNode)), None)
        named: Any = first and first.parent_name
        if named is None or not isinstance(named.var, str) or named.filters:
            return None
        return template.engine.get_template(named.var)

    def _new(self, value: Any = None, *, of: str = "v") -> str:
        """A name of the function that nothing else has; for a constant, if there is a value."""
        self._count += 1
        name = f"{of}{self._count}"
        if value is not None:
            self.known[name] = value
        return name

    def _nodes(self, nodes: Iterable[Node], scope: Scope) -> Part:
        part = Part()
        for node in nodes:
            made = self._node(node, scope)
            part.lines += made.lines
            part.asks |= made.asks
        return part

    def _node(self, node: Node, scope: Scope) -> Part:
        write = WRITERS.get(type(node))
        try:
            if write is not None:
                return write(self, node, scope)
        except OtherwiseError:
            pass
        return Part([f"add({self._new(node, of='node')}.render_annotated(context))"], asks=True)

    def _text(self, node: TextNode, scope: Scope) -> Part:
        return Part([Text(node.s)])

    def _nothing(self, node: Node, scope: Scope) -> Part:
        return Part()

    def _variable(self, node: VariableNode, scope: Scope) -> Part:
        return Part([f"add(shown({self._value(node.filter_expression, scope)}, context))"])

    def _value(self, said: FilterExpression, scope: Scope, missing: str = "''") -> str:
        """A variable or constant with its filters, as an expression."""
        found = self._looked_up(said.var, scope, missing) if said.is_var else self._constant(said.var)
        for function, arguments in said.filters:
            if getattr(function, "expects_localtime", False):
                raise OtherwiseError
            given = [self._looked_up(a, scope, "RAISE") if is_var else self._constant(mark_safe(a))  # noqa: S308 - text of a template
                     for is_var, a in arguments]  # fmt: skip
            if getattr(function, "needs_autoescape", False):
                given.append("autoescape=True")
            called = f"{self._new(function, of='filter')}({{}})"
            if getattr(function, "is_safe", False):
                held = self._new()
                new = called.format(", ".join([f"({held} := {found})", *given]))
                safe = self._new()
                found = f"(mark_safe({safe}) if [{safe} := {new}] and isinstance({held}, SafeData) else {safe})"
            else:
                found = called.format(", ".join([found, *given]))
        return found

    def _constant(self, value: Any) -> str:
        return repr(value) if type(value) in {bool, int, type(None)} else self._new(value, of="constant")

    def _looked_up(self, variable: Variable, scope: Scope, missing: str) -> str:
        if variable.translate:
            raise OtherwiseError
        if variable.lookups is None:
            return self._constant(variable.literal)
        first, *rest = variable.lookups
        names = tuple(rest)
        if first not in scope:
            return (
                f"look(context, {first!r}, {names!r}, {missing})" if names else f"name(context, {first!r}, {missing})"
            )
        self._used.add(scope[first])
        if len(names) == 1:
            return f"step({scope[first]}, {names[0]!r}, {missing}, context)"
        return f"walk({scope[first]}, {names!r}, {missing}, context)"

    def _if(self, node: IfNode, scope: Scope) -> Part:
        part, word = Part(), "if"
        for condition, nodes in node.conditions_nodelists:
            part.lines.append(f"{word} {self._condition(condition, scope)}:" if condition is not None else "else:")
            part.take(self._nodes(nodes, scope), "    ")
            part.lines.append("    pass")
            word = "elif"
        return part

    def _condition(self, said: Any, scope: Scope) -> str:
        if said.id == "literal":
            return self._value(said.value, scope, "None")
        first = self._condition(said.first, scope)
        if said.id == "not":
            return f"(not {first})"
        second = self._condition(said.second, scope)
        if said.id in {"and", "or"}:
            return f"({first} {said.id} {second})"
        return f"compared({self._new(COMPARED[said.id], of='test')}, {first}, {second})"

    def _for(self, node: Any, scope: Scope) -> Part:
        values, i, item, loop = (self._new() for _ in range(4))
        own = {name: self._new() for name in node.loopvars}
        inner = self._nodes(node.nodelist_loop, {**scope, "forloop": loop, **own})
        part = Part([f"{values} = many({self._value(node.sequence, scope, 'None')})", f"if len({values}) > 0:"])
        turns = f"reversed({values})" if node.is_reversed else values
        part.lines.append(f"    for {i}, {item} in enumerate({turns}):")
        if inner.asks or loop in self._used:
            outer = scope.get("forloop") or "name(context, 'forloop', {})"
            self._used.add(outer)
            part.lines.append(f"        {loop} = {LOOP.format(outer=outer, i=i, n=f'len({values})')}")
        if len(own) > 1:
            part.lines += [f"        if not hasattr({item}, '__len__') or len({item}) != {len(own)}:",
                           f"            raise mismatch({len(own)}, {item})"]  # fmt: skip
        part.lines.append(f"        {', '.join(own.values())} = {item}")
        part.take(self._held(inner, {"forloop": loop, **own}), "        ")
        part.lines += ["        pass", "else:"]
        part.take(self._nodes(node.nodelist_empty, scope), "    ")
        part.lines.append("    pass")
        return part

    @staticmethod
    def _held(inner: Part, names: Scope) -> Part:
        """A part that is rendered with these names; they are put into the context where something may ask for them."""
        if not inner.asks:
            return inner
        given = ", ".join(f"{name!r}: {variable}" for name, variable in names.items())
        part = Part([f"with context.push({{{given}}}):"])
        part.take(inner, "    ")
        part.lines.append("    pass")
        return part

    def _with(self, node: Any, scope: Scope) -> Part:
        return self._named(node.extra_context, node.nodelist, scope)

    def _named(self, given: Mapping[str, FilterExpression], nodes: Iterable[Node], scope: Scope) -> Part:
        own = {name: self._new() for name in given}
        part = Part([f"{own[name]} = {self._value(said, scope)}" for name, said in given.items()])
        part.take(self._held(self._nodes(nodes, {**scope, **own}), own))
        return part

    def _include(self, node: Any, scope: Scope) -> Part:
        named = node.template
        name = named.var
        if (
            not isinstance(name, str)
            or named.filters
            or name.startswith(".")
            or node.isolated_context
            or name in self._inside
        ):
            raise OtherwiseError
        nodes: Any = self._template.engine.get_template(name).nodelist
        if nodes.get_nodes_by_type((BlockNode, ExtendsNode)):
            raise OtherwiseError
        self._inside.append(name)
        try:
            return self._named(node.extra_context, nodes, scope)
        finally:
            self._inside.pop()

    def _block(self, node: Any, scope: Scope) -> Part:
        chosen = self._blocks.get(node.name)
        if chosen is None:
            raise OtherwiseError
        part = Part()
        part.take(self._held(self._nodes(chosen.nodelist, scope), {}))
        return part

    def _static(self, node: StaticNode, scope: Scope) -> Part:
        if node.varname is not None or node.path.filters or node.path.is_var:
            raise OtherwiseError
        self.serves = True
        return Part([f"add(files[{str(node.path.var)!r}])"])

    def _url(self, node: URLNode, scope: Scope) -> Part:
        name = node.view_name
        if node.asvar or node.args or node.kwargs or name.is_var or name.filters:
            raise OtherwiseError
        self.finds = True
        return Part([f"add(tagged(paths[{str(name.var)!r}]))"])

    def _arguments(self, node: SimpleNode, scope: Scope) -> list[str]:
        given = [self._value(one, scope) for one in node.args]
        return given + [f"{name}={self._value(one, scope)}" for name, one in node.kwargs.items()]

    def _tag(self, node: SimpleNode, scope: Scope) -> Part:
        if node.target_var is not None:
            raise OtherwiseError
        said = [*node.args, *node.kwargs.values()]
        if getattr(node.func, "fixed", False) and not any(one.is_var or one.filters for one in said):
            made = node.func(*(one.var for one in node.args), **{k: one.var for k, one in node.kwargs.items()})
            return Part([Text(reading.tagged(made))])
        given = (["context"] if node.takes_context else []) + self._arguments(node, scope)
        asks = bool(node.takes_context) and not getattr(node.func, "aloof", False)
        return Part([f"add(tagged({self._new(node.func, of='tag')}({', '.join(given)})))"], asks=asks)

    def _block_tag(self, node: SimpleBlockNode, scope: Scope) -> Part:
        if node.target_var is not None:
            raise OtherwiseError
        held, inside = self._new(), self._new()
        part = Part([f"{held}, {inside} = add, []", f"add = {inside}.append"], asks=bool(node.takes_context))
        part.take(self._nodes(node.nodelist, scope))
        given = (["context"] if node.takes_context else []) + [
            f"SafeString(''.join({inside}))",
            *self._arguments(node, scope),
        ]
        part.lines += [f"add = {held}", f"add(tagged({self._new(node.func, of='tag')}({', '.join(given)})))"]
        return part


WRITERS: Mapping[type[Node], Callable[[_Writer, Any, Scope], Part]] = {
    TextNode: _Writer._text,
    VariableNode: _Writer._variable,
    LoadNode: _Writer._nothing,
    CommentNode: _Writer._nothing,
    IfNode: _Writer._if,
    ForNode: _Writer._for,
    WithNode: _Writer._with,
    IncludeNode: _Writer._include,
    BlockNode: _Writer._block,
    StaticNode: _Writer._static,
    URLNode: _Writer._url,
    SimpleNode: _Writer._tag,
    SimpleBlockNode: _Writer._block_tag,
}
