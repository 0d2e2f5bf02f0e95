"""Whatever is asked of the API: no server error, and answers as the OpenAPI document says. Bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

schemathesis = pytest.importorskip("schemathesis")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - only where schemathesis is there
from django.test import override_settings  # noqa: E402 - as above
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402 - as above

from lifecluster.web.accounts import actions  # noqa: E402 - as above
from lifecluster.web.accounts.models import Token  # noqa: E402 - as above
from lifecluster.web.directory.viewer import OPERATOR  # noqa: E402 - as above
from tests.web import machines  # noqa: E402 - as above
from tests.web.accounts.conftest import AT, person  # noqa: E402 - as above
from tests.web.tokens import token  # noqa: E402 - as above

pytestmark = pytest.mark.one_database

CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
)


def bounds(examples: int) -> settings:
    """So many examples besides those of the description."""
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None,
                    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip


MANY, SOME, ONE = bounds(12), bounds(5), bounds(1)


@pytest.fixture
def schema(register: machines.World) -> Iterator[Any]:
    """The description as the API gives it; nothing is limited, or many requests would be answered alike."""
    with override_settings(RATE_LIMITS=None):
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def asks_token(operation: Any) -> bool:
    return "x-needs" in operation.definition.raw


def test_every_operation(schema: Any) -> None:
    """As a visitor, whom what asks for a token refuses whatever is sent."""
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @(ONE if asks_token(operation) else MANY)
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        check()
        tried += 1
    assert tried == sum(len(methods) for methods in schema.raw_schema["paths"].values())


SHUT = {
    ("POST", "/api/v1/confirmations"),
    ("POST", "/api/v1/confirmations/{entry}/undo"),
    ("GET", "/api/v1/organisations/{uid}/colleagues"),
    ("POST", "/api/v1/organisations/{uid}/invitations"),
    ("POST", "/api/v1/organisations/{uid}/invitations/{key}/take-back"),
    ("POST", "/api/v1/organisations/{uid}/colleagues/{person}/end"),
}
"""What a steward may not: speak for an organisation."""


def test_every_operation_with_a_token(schema: Any) -> None:
    """As a steward, who may all that asks for a token; each operation with a token of its own, as one revokes itself."""
    reached, shut = set(), set()
    who = person("fuzzing@example.org", "steward")
    for found in schema.get_all_operations():
        operation = found.ok()
        headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {token(who, second_step=True)}"}

        @(SOME if asks_token(operation) else ONE)
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            if case.path.endswith("/statements") and "limit" not in (case.query or {}):
                return  # thousands of rows an answer, and the same as without a token
            answer = case.call_and_validate(checks=CHECKS, headers=headers)  # noqa: B023 - called in this turn
            assert answer.status_code >= 400 or "private" in answer.headers["cache-control"][0]
            reached.add((answer.status_code, case.method))
            if answer.status_code == 403:
                shut.add((case.method, operation.path))  # noqa: B023 - as above

        check()
        Token.objects.all().delete()
    actions.delete_person(person=who, viewer=OPERATOR, at=AT)  # this database is not rolled back
    assert {(200, "GET"), (200, "POST"), (422, "POST"), (404, "POST")} <= reached
    assert 429 not in {status for status, _ in reached}
    assert shut == SHUT
