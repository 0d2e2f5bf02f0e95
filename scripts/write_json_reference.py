"""Writes docs/reference/json.md from the published schemas, and those schemas that follow a model of the library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from lifecluster import schemas
from lifecluster.register.definition import Definition
from lifecluster.sources.mapping import Mapping

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "json.md"
FOLDER = ROOT / "src" / "lifecluster" / "schemas"
HEAD = """Every command that takes `--json` prints one JSON value to standard output and nothing else; messages go to
standard error. Its shape is published as a JSON Schema (draft 2020-12): `lifecluster schema NAME` prints it. `null` is
unknown or not applicable; every key is always there. Dates are `YYYY-MM-DD`."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def modelled() -> dict[str, str]:
    """The schemas that follow a model, as text, by name."""
    definitions = _whole(TypeAdapter(list[Definition]).json_schema(mode="serialization"))
    mapping = _whole(Mapping.model_json_schema(mode="serialization"))
    mapping["properties"] = {"mapping": {"type": "string", "description": "file it was written to"},
                             **mapping["properties"]}  # fmt: skip
    mapping["required"] = list(mapping["properties"])
    heads = {
        "definitions-list": ("lifecluster definitions list", "The definitions in full.", definitions),
        "mapping-guess": ("lifecluster mapping guess", "What each column of a list is thought to mean.", mapping),
    }
    found = {}
    for name, (title, text, body) in heads.items():
        head = {"$schema": DRAFT, "$id": name + schemas.SUFFIX, "title": title, "description": text}
        found[name] = json.dumps({**body, **head}, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
    return found


def _whole(node: Any) -> Any:
    """A printed model has all of its keys; titles that only repeat them are left out."""
    if isinstance(node, list):
        return [_whole(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _whole(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if node.get("type") == "object" and "properties" in node:
        kept["required"] = list(node["properties"])
    return kept


def page() -> str:
    """The page as Markdown."""
    lines = ["# What `--json` prints", "", "Written by `scripts/write_json_reference.py`; do not edit.", "", HEAD, ""]
    lines += ["| command | schema | what it is |", "|---|---|---|"]
    for command, name in schemas.COMMANDS.items():
        lines.append(f"| `lifecluster {command}` | `{name}` | {schemas.schema(name)['description']} |")
    for name in schemas.names():
        lines += ["", f"## {name}", "", *_described(schemas.schema(name))]
    return "\n".join([*lines, ""])


def _described(schema: dict[str, Any]) -> list[str]:
    lines = [schema["description"]]
    if schema.get("type") == "array":
        lines[0] += " A list; each entry:"
        schema = {**_resolved(schema["items"], schema), "$defs": schema.get("$defs", {})}
    for option in schema.get("oneOf", [schema]):
        found = _resolved(option, schema)
        lines += ["", "| key | type | meaning |", "|---|---|---|"]
        lines += [f"| `{key}` | {_type(value)} | {_meaning(value)} |" for key, value in found["properties"].items()]
    return lines


def _meaning(node: dict[str, Any]) -> str:
    """The description on one line of a table."""
    return " ".join(str(node.get("description", "")).split()).replace("|", "\\|")


def _resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: dict[str, Any] = root["$defs"][node["$ref"].rpartition("/")[2]]
    return found


def _type(node: dict[str, Any]) -> str:
    if "enum" in node:
        return ", ".join(f"`{json.dumps(one)}`" for one in node["enum"])
    if "anyOf" in node:
        return " or ".join(_type(one) for one in node["anyOf"])
    if "$ref" in node:
        return str(node["$ref"].rpartition("/")[2])
    stated = node.get("type", "anything")
    return " or ".join(stated) if isinstance(stated, list) else str(stated)


if __name__ == "__main__":
    for name, text in modelled().items():
        (FOLDER / (name + schemas.SUFFIX)).write_text(text, "utf-8")
    schemas.names.cache_clear()
    PAGE.write_text(page(), "utf-8")
