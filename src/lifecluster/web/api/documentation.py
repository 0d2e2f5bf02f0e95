"""The description of the API, read from its own OpenAPI document, as plain rows for a page without script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lifecluster.web.accounts.tokens.scopes import WORDS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a member of an answer."""

    name: str
    type: str
    words: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it gives, what it takes, what an answer holds; `body` the schema of what is sent, `asks` what
    a token needs (empty where none is asked for)."""

    key: str
    method: str
    path: str
    title: str
    words: str
    parameters: tuple[Field, ...]
    answer: str
    statuses: tuple[str, ...]
    body: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Operations under one heading."""

    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A schema of what is sent or answered; `example` of what is sent, as JSON."""

    name: str
    words: str
    fields: tuple[Field, ...]
    example: str = ""


def type_of(schema: Json) -> str:
    """The type of a value in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(type_of(part) for part in schema[key])
    if "enum" in schema:
        return ", ".join(repr(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def sections(document: Json) -> list[Section]:
    """All operations by heading, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return [Section(title, tuple(operations)) for title, operations in found.items()]


def _asks(operation: Json) -> str:
    """What a token needs, in words."""
    if "x-needs" not in operation:
        return ""
    words = [
        WORDS[name] + (" (of one's own organisation)" if name.endswith(":own") else "") for name in operation["x-needs"]
    ]
    return " or ".join(words) or "nothing but a token"


def _operation(path: str, method: str, operation: Json) -> Operation:
    responses = {str(code): answer for code, answer in operation["responses"].items()}
    content = responses["200"].get("content", {})
    schema = next(iter(content.values()))["schema"] if content else {}
    parameters = tuple(
        Field(p["name"], type_of(p["schema"]), p["schema"].get("description", ""), p.get("required", False))
        for p in operation.get("parameters", ())
    )
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        words=operation.get("description", ""),
        parameters=parameters,
        answer=type_of(schema),
        statuses=tuple(sorted(responses)),
        body=type_of(taken["schema"]) if (taken := _taken(operation)) else "",
        asks=_asks(operation),
    )


def _taken(operation: Json) -> Json:
    """The body that an operation takes."""
    content: Json = operation.get("requestBody", {}).get("content", {})
    return next(iter(content.values()), {})


def answers(document: Json) -> Iterator[Answer]:
    """The schemas of answers, by name."""
    for name, schema in sorted(document["components"]["schemas"].items()):
        required = set(schema.get("required", ()))
        fields = tuple(
            Field(key, type_of(value), value.get("description", ""), key in required)
            for key, value in schema.get("properties", {}).items()
        )
        example = json.dumps(schema["examples"][0], ensure_ascii=False) if "examples" in schema else ""
        yield Answer(name, schema.get("description", ""), fields, example)
