"""The OpenAPI document against the server that publishes it: schemathesis asks every operation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from logged_in import AsAccount
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from web_desk import add_harbour, add_records, make_desk

from offair.desk.accounts import add_account
from offair.desk.index import index
from offair.model.people import Role
from offair.web.api import openapi
from offair.web.application import OPERATIONS, app

DOCUMENT = "/api/v1/openapi.json"
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


SERVED: list[ASGIApp] = []
"""The desk's application, once the first test has made it."""


async def served(scope: Scope, receive: Receive, send: Send) -> None:
    """The desk as an administrator sees it."""
    await SERVED[0](scope, receive, send)


schema = schemathesis.openapi.from_dict(openapi(OPERATIONS))
schema.app, schema.location = served, DOCUMENT


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    add_records(desk, add_harbour(desk))
    index(desk, notice=print)
    add_account(desk, "rana", Role.ADMINISTRATOR, "ferry before the tide", actor="the test")
    SERVED[:] = [AsAccount(app(desk, hosts=("*",)), Role.ADMINISTRATOR)]
    yield
    desk.catalogue.close()


def test_the_document_is_one_of_openapi() -> None:
    document = openapi(OPERATIONS)
    OpenAPIV31SpecValidator(document).validate()
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(OPERATIONS)


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_answers_as_the_document_says(case: Any) -> None:
    case.call_and_validate(checks=list(CHECKS))


def test_the_document_is_published_where_everybody_finds_it(tmp_path: Path) -> None:
    with TestClient(app(make_desk(tmp_path)), base_url="http://localhost") as client:
        assert client.get(DOCUMENT).json() == openapi(OPERATIONS)
