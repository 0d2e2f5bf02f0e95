"""YAML that people write, read in one way everywhere: plain values, nothing twice, nothing deep, mistakes named.

Source: YAML 1.1, https://yaml.org/spec/1.1/, as PyYAML's safe loader reads it.
"""

from __future__ import annotations

from collections.abc import Hashable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from lifecluster.errors import InputError

DEPTH = 40
"""Levels of nesting; our deepest file has eight."""
NODES = 200_000
"""Values of one file, those that an alias repeats counted again: a few lines of aliases can stand for billions."""
Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """The safe loader with a limit on depth, and with keys that stand once."""

    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._level += 1
        if self._level > DEPTH:
            where = parent.start_mark if parent is not None else None
            raise yaml.composer.ComposerError(None, None, f"more than {DEPTH} levels deep", where)
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands there twice",
                                                            key.start_mark)  # fmt: skip
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep=deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, KeyError, OverflowError, AttributeError) as error:  # 2026-02-30 only looks like a date
            kind = node.tag.rpartition(":")[2].replace("timestamp", "date")
            told = f"{node.value!r} cannot be read as {kind}"
            raise yaml.constructor.ConstructorError(None, None, told, node.start_mark) from error


def load_yaml(data: bytes | str, *, file: str) -> Any:
    """The content of a YAML text; None of an empty one.

    Parameters: `data` text, or bytes in UTF-8; `file` as the user named it.
    Raises InputError, with line and column where there are, for bytes that are no UTF-8, text that is no YAML, tags of
    programs, a key that stands twice, a date that is none, more than 40 levels, and more than 200,000 values.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1 if isinstance(data, bytes) else 1
        raise InputError(f"line {row}: not UTF-8 text; save it as UTF-8", file=file) from error
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, {})
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise InputError(f"not valid YAML: {_told(error)}", file=file) from error
    finally:
        if loader is not None:
            loader.dispose()


def read_yaml(path: Path | Traversable, *, file: str | None = None) -> Any:
    """The content of a YAML file, as `load_yaml`; `file` is the name to give it in messages (default: its own)."""
    name = file or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=name) from error
    return load_yaml(data, file=name)


def read_model(model: type[Model], path: Path | Traversable, *, file: str | None = None) -> Model:
    """A YAML file as a checked `model`. Raises InputError as `load_yaml`, and naming every key that is wrong."""
    content = read_yaml(path, file=file)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise InputError(explain(error), file=file or path.name) from error


def explain(error: ValidationError) -> str:
    """What is wrong with the content of a file, one key after the other, without the machinery around it."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg'].removeprefix('Value error, ')}"
        for e in error.errors()
    )


def _told(error: yaml.YAMLError) -> str:
    """Place and problem in one line."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    return place + " ".join(filter(None, (error.problem, error.note)))


def _measure(node: yaml.Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Values and levels of a node with its aliases written out. Raises YAMLError where they are too many."""
    if id(node) in known:
        size, levels = known[id(node)]
        if size == 0:
            raise yaml.composer.ComposerError(None, None, "holds itself", node.start_mark)
        return size, levels
    known[id(node)] = 0, 0  # being measured: a node that meets itself is a loop
    children = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else (
        node.value if isinstance(node, yaml.SequenceNode) else [])  # fmt: skip
    size, levels = 1, 1
    for child in children:
        more, below = _measure(child, known)
        size, levels = size + more, max(levels, below + 1)
        if size > NODES or levels > DEPTH:
            told = f"more than {NODES:,} values or {DEPTH} levels, aliases written out"
            raise yaml.composer.ComposerError(None, None, told, node.start_mark)
    known[id(node)] = size, levels
    return size, levels
