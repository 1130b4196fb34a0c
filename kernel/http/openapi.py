"""The OpenAPI document: Litestar's paths and parameters, msgspec's schemas, and every error there is.

A route says in its options which failures it can answer besides the common ones (``errors``), whether
it talks to MT4 (``mt4``, by default yes), whether it writes (``write``), and gives its examples.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg

from kernel.errors import (
    BadInput,
    CheckFailed,
    Failure,
    Forbidden,
    InvalidToken,
    MalformedRequest,
    Mt4Failed,
    Mt4Timeout,
    NotAuthenticated,
    NotConnected,
    NotEnoughRights,
    OperationRejected,
    OutcomeUnknown,
    PayloadTooLarge,
    ServiceUnavailable,
    ShuttingDown,
    TokenExpired,
    TooFrequent,
    Unavailable,
    UnsupportedMediaType,
)
from kernel.http.access import ANY, NEW_TOKEN, NEW_TOKEN_EXPIRES, OPTIONAL, PUBLIC
from kernel.http.edge import REQUEST_ID
from kernel.http.failures import body_of, headers_of
from kernel.records.scalars import Amount, Flag
from kernel.retcodes import Mt4Error

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_REFERENCE: Final = "#/components/schemas/{name}"
_TOKEN: Final = (NotAuthenticated, InvalidToken, TokenExpired)
_BODY: Final = (MalformedRequest, PayloadTooLarge, UnsupportedMediaType, BadInput)
_MT4: Final = (NotEnoughRights, TooFrequent, Mt4Failed, NotConnected, ServiceUnavailable, Unavailable, Mt4Timeout)
_WRITE: Final = (OperationRejected, CheckFailed, ShuttingDown, OutcomeUnknown)


class ErrorDetail(msgspec.Struct):
    """One thing wrong with the input; ``loc`` leads there: ``body``, then names of members and places in lists."""

    loc: list[Any]  # str or int: a choice of types would become a class without members in generated clients
    message: str
    type: str


class Error(msgspec.Struct):
    """What every failure looks like; ``code`` is for programs, ``message`` for people."""

    status: str
    code: str
    message: str
    detail: str
    retryable: bool
    request_id: str
    outcome: str | msgspec.UnsetType = msgspec.UNSET
    operation_id: str | msgspec.UnsetType = msgspec.UNSET
    plugin: str | msgspec.UnsetType = msgspec.UNSET
    reason: str | msgspec.UnsetType = msgspec.UNSET
    available: float | msgspec.UnsetType = msgspec.UNSET
    not_found: list[int] | msgspec.UnsetType = msgspec.UNSET
    mt4: Mt4Error | msgspec.UnsetType = msgspec.UNSET
    errors: list[ErrorDetail] | msgspec.UnsetType = msgspec.UNSET


def document(app: Litestar) -> dict[str, Any]:
    """Make the whole document of an application."""
    paths: dict[str, Any] = {}
    described: dict[str, Any] = app.openapi_schema.to_schema()
    handlers = _handlers(app)
    schemas, components = _schemas(handlers.values())
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if (handler := handlers.get((path, method.upper()))) is None:
                continue
            paths.setdefault(_path_of(path, handler), {})[method] = _operation(operation, handler, schemas)
    described["paths"] = paths
    described["components"] = {
        "schemas": components,
        "headers": _HEADERS,
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    }
    return described


def operation_id(handler: HTTPRouteHandler, *_: Any) -> str:
    """Name an operation after its handler, so that a moved path keeps its name."""
    return handler.handler_name


def _handlers(app: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    found: dict[tuple[str, str], HTTPRouteHandler] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in getattr(handler, "http_methods", ()):
                found[getattr(route, "path_format", route.path), method] = handler
    return found


def _path_of(path: str, handler: HTTPRouteHandler) -> str:
    """Write the slash behind a collection, as the quick reference does; both forms are served."""
    return f"{path}/" if handler.opt.get("collection") else path


def _operation(operation: dict[str, Any], handler: HTTPRouteHandler, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    options = handler.opt
    access = options["scope"]
    operation["security"] = _SECURITY.get(access, [{"bearer": []}])
    summary, _, rest = (handler.fn.__doc__ or "").partition("\n")
    scope = "" if access in {PUBLIC, OPTIONAL, ANY} else f"Scope: `{access}`."
    operation["summary"] = summary.strip().removesuffix(".")
    operation["description"] = "\n\n".join(filter(None, (inspect.cleandoc(rest).strip(), scope)))
    declared = operation.get("parameters", [])
    operation["parameters"] = [_parameter(each, handler) for each in declared] + [_REQUEST_ID_PARAMETER]
    if (body := _body_of(handler)) is not None:
        operation["requestBody"] = _request_body(handler, schemas[body])
    responses = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    for answer in list(responses.values()):
        answer["headers"] = _answer_headers(access)
        if (shown := _answer_of(handler)) is not None:
            content = {"schema": schemas[shown]}
            if "example" in options:
                content["example"] = options["example"]
            answer["content"] = {_JSON: content}
        for status, words in options.get("also", {}).items():
            responses |= {str(status): {**answer, "description": words}}
    operation["responses"] = _failures(operation, handler) | responses
    return operation


def _parameter(parameter: dict[str, Any], handler: HTTPRouteHandler) -> dict[str, Any]:
    """Give a parameter one plain type and all of its bounds: Litestar drops a bound of 0."""
    schema: dict[str, Any] = parameter["schema"]
    if "oneOf" in schema:
        plain = next(kind for kind in schema.pop("oneOf") if kind != {"type": "null"})
        schema |= plain
    for field in handler.parsed_fn_signature.parameters.values():
        known = field.kwarg_definition
        if isinstance(known, ParameterKwarg) and parameter["name"] == (known.name or field.name):
            bounds = {"minimum": known.ge, "exclusiveMinimum": known.gt}
            schema |= {name: bound for name, bound in bounds.items() if bound is not None}
    return parameter


def _body_of(handler: HTTPRouteHandler) -> Any:
    """Give the record that a route reads: its ``data``, also where it may be missing, or the form that it names."""
    data = handler.parsed_data_field
    if data is None:
        return handler.opt.get("form")
    kinds = [inner.annotation for inner in data.inner_types] if data.is_optional else [data.annotation]
    return next(kind for kind in kinds if kind is not type(None))


def _answer_of(handler: HTTPRouteHandler) -> Any:
    """Give the record that a route answers, bare or in a ``Response``."""
    returned = handler.parsed_fn_signature.return_type
    kind = returned.inner_types[0].annotation if returned.inner_types else returned.annotation
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _request_body(handler: HTTPRouteHandler, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": schema}
    if "request_example" in handler.opt:
        content["example"] = handler.opt["request_example"]
    data = handler.parsed_data_field
    # A form is described as a form only: given a choice, generated clients send half of each.
    kind = _FORM if "form" in handler.opt else _JSON
    return {"required": data is None or not data.is_optional, "content": {kind: content}}


def _failures(operation: dict[str, Any], handler: HTTPRouteHandler) -> dict[str, Any]:
    """Describe every failure of a route, one response a status with an example for each code."""
    by_status: dict[int, list[type[Failure]]] = {}
    for failure in dict.fromkeys(_possible(operation, handler)):
        by_status.setdefault(failure.status, []).append(failure)
    return {str(status): _response(kinds) for status, kinds in sorted(by_status.items())}


def _possible(operation: dict[str, Any], handler: HTTPRouteHandler) -> Iterable[type[Failure]]:
    options = handler.opt
    yield Failure
    if options["scope"] != PUBLIC:
        yield from _TOKEN
    if options["scope"] not in {PUBLIC, OPTIONAL, ANY}:
        yield Forbidden
    if len(operation["parameters"]) > 1:
        yield BadInput
    if "requestBody" in operation:
        yield from _BODY
    if options.get("mt4", True):
        yield from _MT4
    if options.get("write"):
        yield from _WRITE
    yield from options.get("errors", ())


def _response(kinds: list[type[Failure]]) -> dict[str, Any]:
    lines = [f"`{kind.code}`: {(kind.__doc__ or '').strip().splitlines()[0]}" for kind in kinds]
    headers = {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}}
    sample = _sample(kinds[0])
    headers |= {name: {"schema": {"type": "string"}} for name in headers_of(sample)}
    examples = {kind.code: {"value": body_of(_sample(kind), "01JGZ6S0Q4X5T7")} for kind in kinds}
    content = {"schema": {"$ref": _REFERENCE.format(name="Error")}, "examples": msgspec.to_builtins(examples)}
    return {"description": "\n\n".join(lines), "headers": headers, "content": {_JSON: content}}


def _sample(kind: type[Failure]) -> Failure:
    words = (kind.__doc__ or "").strip().splitlines()[0]
    return kind.at("body", "field", message=words) if issubclass(kind, BadInput) else kind(words)


def _schemas(handlers: Iterable[HTTPRouteHandler]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Describe every body and answer; Litestar's own rendering knows neither tags nor our scalars."""
    wanted: list[Any] = [Error]
    for handler in handlers:
        wanted += [kind for kind in (_body_of(handler), _answer_of(handler)) if kind is not None]
    wanted = list(dict.fromkeys(wanted))
    found, components = msgspec.json.schema_components(wanted, schema_hook=_scalar, ref_template=_REFERENCE)
    for component in components.values():
        for member in component.get("properties", {}).values():
            if "enum" in member and all(isinstance(value, str) for value in member["enum"]):
                member["type"] = "string"
    return dict(zip(wanted, found, strict=True)), components


def _scalar(kind: type[Any]) -> dict[str, Any]:
    if kind is Amount:
        return {"type": "number", "minimum": -999_999_999_999, "maximum": 999_999_999_999}
    if kind is Flag:
        # No enum: clients generated for PHP look for a class that stands for its default.
        return {"type": "integer", "minimum": 0, "maximum": 1}
    raise NotImplementedError(kind.__name__)


def _answer_headers(access: str) -> dict[str, Any]:
    names = (REQUEST_ID,) if access == PUBLIC else (REQUEST_ID, NEW_TOKEN, NEW_TOKEN_EXPIRES)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_SECURITY: Final[Mapping[str, list[dict[str, list[str]]]]] = {PUBLIC: [], OPTIONAL: [{}, {"bearer": []}]}
_HEADERS: Final = {
    REQUEST_ID: {"description": "The request's id, as in the log.", "schema": {"type": "string"}},
    NEW_TOKEN: {"description": "A new token, when the one sent nears its end.", "schema": {"type": "string"}},
    NEW_TOKEN_EXPIRES: {"description": "Unix time of the new token's end.", "schema": {"type": "string"}},
}
_REQUEST_ID_PARAMETER: Final = {
    "name": REQUEST_ID,
    "in": "header",
    "required": False,
    "description": "An id of your own for the request, to find it in the log: up to 128 letters, digits and `._:-`. "
    "Any other is replaced.",
    "schema": {"type": "string"},
}
