"""Whatever is asked of the API: no server error, and answers as the OpenAPI document says. Bounded."""

from __future__ import annotations

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

CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
)


BOUNDS = settings(
    max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_every_operation(register: machines.World) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @BOUNDS
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        check()
        tried += 1
    assert tried == sum(len(methods) for methods in schema.raw_schema["paths"].values())


SHUT = {("POST", "/api/v1/confirmations")}
"""What a steward may not: speak for an organisation."""


def test_every_operation_with_a_token(register: machines.World) -> None:
    """As a steward, who may all that asks for a token; each operation with a token of its own, as one revokes itself."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    reached, shut = set(), set()
    who = person("fuzzing@example.org", "steward")
    with override_settings(RATE_LIMITS=None):
        for found in schema.get_all_operations():
            operation = found.ok()
            headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {token(who, second_step=True)}"}

            @BOUNDS
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
