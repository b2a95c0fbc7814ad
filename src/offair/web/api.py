"""Operations of the desk for scripts and programs: declared once, answered and documented from it.

An operation says its method and path, who may call it, and the models of its body and its answer;
a page module lists its own in `API`. From the same list come the routes and the OpenAPI document
(`openapi`), so that the document cannot say anything else than the server does. Errors are RFC 9457
problems.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offair.model.errors import BadInput, TooLarge
from offair.model.people import Role
from offair.web.who import actor_of, check_csrf

PREFIX = "/api/v1"
MOST_BYTES = 2_000_000
"""Of a body: ten turns of an hour each, and more than any clip."""
_READING = frozenset({"GET", "HEAD"})
_PARAMETER_RE = re.compile(r"\{(\w+)(?::(\w+))?\}")
_TYPES = {"int": {"type": "integer", "minimum": 0}, None: {"type": "string"}}


class Model(BaseModel):
    """A body or an answer; unknown fields of a body are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


Call = Callable[[Request, str, Any], Model | Response]
"""Answers with the request, the name of who asks (empty where nobody has to), and the body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. path: after `PREFIX`, with `{name:int}` parameters. role: who may call it at
    least, None for everybody. body, answer: models; None for none. status: of success. query:
    names of parameters in the query, with what they are. raises: status → when."""

    method: str
    path: str
    summary: str
    role: Role | None
    call: Call
    body: type[Model] | None = None
    answer: type[Model] | None = None
    status: int = 200
    query: Mapping[str, str] = field(default_factory=dict)
    raises: Mapping[int, str] = field(default_factory=dict)


def routes(operations: Sequence[Operation]) -> list[Route]:
    """The routes of these operations, with the one of the document."""
    document = openapi(operations)
    made = [Route(f"{PREFIX}/openapi.json", lambda _: JSONResponse(document))]
    by_path: dict[str, list[Operation]] = {}
    for one in operations:
        by_path.setdefault(one.path, []).append(one)
    for path, of_path in by_path.items():
        made.append(
            Route(PREFIX + path, _endpoint(of_path), methods=[one.method for one in of_path])
        )
    return made


def _endpoint(operations: Sequence[Operation]) -> Callable[[Request], Any]:
    by_method = {one.method: one for one in operations}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        one = by_method[method]
        actor = "" if one.role is None else actor_of(request, one.role)
        if method not in _READING:
            check_csrf(request, request.headers.get("x-csrf-token"))
        body = None if one.body is None else await read_body(request, one.body)
        found = await run_in_threadpool(one.call, request, actor, body)
        if isinstance(found, Response):
            return found
        return JSONResponse(found.model_dump(mode="json"), one.status)

    return answer


async def read_body(request: Request, model: type[Model]) -> Model:
    """The body of a request. Raises `TooLarge`, `BadInput` which says what does not fit."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadInput("the body of this operation is JSON; send it as application/json")
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            raise TooLarge(f"the body has more than {MOST_BYTES:,} bytes; send less at once")
    try:
        return model.model_validate(json.loads(bytes(raw)))
    except ValidationError as error:
        told = [
            f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()
        ]
        raise BadInput(f"the body does not fit: {'; '.join(told[:8])}") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the body is no JSON ({error}); send an object") from error


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        path = PREFIX + _PARAMETER_RE.sub(r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _described(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "offair", "version": "1", "summary": "What the desk does, for programs."},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "offair-session"},
            },
        },
    }


def _described(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _TYPES[kind or None]}
        for name, kind in _PARAMETER_RE.findall(one.path)
    ]
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "string"}, "description": what}
        for name, what in one.query.items()
    ]
    answers: dict[str, Any] = {str(one.status): {"description": "Done."}}
    if one.answer is not None:
        answers[str(one.status)]["content"] = _content(one.answer, schemas)
    told = dict(one.raises) | {400: "What was sent cannot be used."}
    if parameters:
        told.setdefault(404, "The desk has no such thing.")
    if one.role is not None:
        told |= {401: "Nobody is logged in.", 403: f"This is for a {one.role.value}."}
    if one.body is not None:
        told[413] = "The body is too large."
    for status, when in told.items():
        answers[str(status)] = {
            "description": when,
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": f"{one.method.lower()}{re.sub(r'[^a-z0-9]+', '_', one.path.lower())}",
        "parameters": parameters,
        "responses": answers,
    }
    if one.role is not None:
        described["security"] = [{"token": []}, {"session": []}]
    if one.body is not None:
        described["requestBody"] = {"required": True, "content": _content(one.body, schemas)}
    return described


def _content(model: type[Model], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"application/json": {"schema": _ref(model.__name__)}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
    },
}
