"""Bodies as they are read: JSON by the letter of its standard, of text that can be kept."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from lifecluster.web.api.problem import ProblemError

DEEPEST = 20
"""Lists and objects within one another."""


class Strict(Parser):
    """See the module."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body. Raises ProblemError (400, 422) for what is no JSON, or text that no database keeps."""
        try:
            found = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ProblemError(400, f"the body is no JSON: {str(error)[:200]}") from None
        _check(found, 0)
        return found  # type: ignore[no-any-return]  # what the schema then checks


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ProblemError(422, f"the body has more than {DEEPEST} lists or objects within one another")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise ProblemError(422, "the body holds a NUL character or half a character")
    elif isinstance(value, dict):
        for key, one in value.items():
            _check(key, depth)
            _check(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, depth + 1)
