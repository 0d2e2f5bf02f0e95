"""What the Reconciliation Service API 0.2 asks of answers, said again in our own JSON Schema from its text.

Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}
TEMPLATE = {"type": "string", "pattern": r"\{\{id\}\}"}
SERVICE = {
    "type": "object",
    "required": ["service_url", "service_path"],
    "properties": {
        "service_url": {"type": "string", "pattern": "^https?://[^/]+$"},
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    },
}
SETTING = {
    "type": "object",
    "required": ["name", "label", "type"],
    "properties": {"type": {"enum": ["number", "text", "checkbox", "select"]}},
    "if": {"properties": {"type": {"const": "select"}}},
    "then": {
        "required": ["choices"],
        "properties": {"choices": {"items": {"required": ["value", "name"]}}},
    },
}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": {"type": "array", "items": NAMED, "uniqueItems": True},
        "documentation": {"type": "string", "pattern": "^https?://"},
        "view": {"required": ["url"], "properties": {"url": TEMPLATE}},
        "preview": {
            "required": ["url", "width", "height"],
            "properties": {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}},
        },
        "suggest": {"type": "object", "additionalProperties": SERVICE},
        "extend": {
            "type": "object",
            "properties": {"propose_properties": SERVICE, "property_settings": {"type": "array", "items": SETTING}},
        },
        "batchSize": {"type": "integer", "minimum": 1},
    },
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "type", "score", "match"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "description": {"type": "string"},
        "type": {"type": "array", "items": NAMED},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "value"],
                "properties": {"id": TEXT, "value": {"type": ["number", "boolean"]}},
            },
        },
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
VALUE = {
    "type": "object",
    "oneOf": [
        {"maxProperties": 0},
        {"required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT, "description": {"type": "string"}},
         "additionalProperties": False},
        {"required": ["str"], "properties": {"str": {"type": "string"}}, "additionalProperties": False},
        {"required": ["int"], "properties": {"int": {"type": "integer"}}, "additionalProperties": False},
        {"required": ["float"], "properties": {"float": {"type": "number"}}, "additionalProperties": False},
        {"required": ["date"], "additionalProperties": False, "properties": {
            "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$"}}},
    ],
}  # fmt: skip
EXTENSION = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": NAMED},
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "array", "items": VALUE}},
        },
    },
}
SUGGESTIONS = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": {**NAMED, "properties": {**NAMED["properties"], "notable": {"type": "array", "items": NAMED}}},
        }
    },
}
FLYOUT = {"type": "object", "required": ["id", "html"], "properties": {"id": TEXT, "html": {"type": "string"}}}
PROPOSAL = {
    "type": "object",
    "required": ["properties", "type"],
    "properties": {"properties": {"type": "array", "items": NAMED}, "type": TEXT, "limit": {"type": "integer"}},
}


def fits(answer: Any, schema: dict[str, Any]) -> Any:
    """The answer, once it fits the schema."""
    Draft202012Validator(schema).validate(answer)
    return answer


def features_are_told_apart(results: dict[str, Any]) -> None:
    """The id of a feature is unique within a candidate, and candidates come by falling score."""
    for answer in results.values():
        scores = [c["score"] for c in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        for candidate in answer["result"]:
            names = [f["id"] for f in candidate["features"]]
            assert len(names) == len(set(names))
