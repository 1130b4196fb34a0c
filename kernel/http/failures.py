"""Turns everything that can be raised into the one error shape of the contract."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)

from kernel.errors import (
    UNFORESEEN,
    BadInput,
    Failure,
    FieldError,
    MalformedRequest,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    PayloadTooLarge,
)
from kernel.http.methods import allow_of

_log = structlog.stdlib.get_logger("mt4api.http")
_SOURCES: Final = {"path": "path", "query": "query", "header": "header", "cookie": "cookie", "body": "body"}
_TOO_LARGE: Final = 413


def body_of(failure: Failure, request_id: str) -> dict[str, Any]:
    """Give an error body: ``detail`` repeats ``message`` for clients that look there."""
    body: dict[str, Any] = {
        "status": "error",
        "code": failure.code,
        "message": failure.message,
        "detail": failure.message,
        "retryable": failure.retryable,
        "request_id": request_id,
    }
    if failure.outcome is not None:
        body["outcome"] = failure.outcome
    if failure.mt4 is not None:
        body["mt4"] = failure.mt4
    return body | failure.details


def headers_of(failure: Failure) -> dict[str, str]:
    """Give the headers that go with a status."""
    headers: dict[str, str] = {}
    if isinstance(failure, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    if isinstance(failure, MethodNotAllowed) and failure.allow:
        headers["Allow"] = failure.allow
    return headers


def answer_failure(request: Request[Any, Any, Any], failure: Failure) -> Response[dict[str, Any]]:
    """Answer what our own code raised."""
    request_id = str(request.state.get("request_id", ""))
    return Response(body_of(failure, request_id), status_code=failure.status, headers=headers_of(failure))


def answer_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """Answer what Litestar raised: routing, parameters, reading the body."""
    scope: Any = request.scope
    return answer_failure(request, _translated(error, scope.get("route_handler")))


def answer_bug(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answer what nobody foresaw; the log has the traceback, the caller has the request id."""
    _log.error("unforeseen", exc_info=error, path=request.url.path)
    return answer_failure(request, Failure(UNFORESEEN))


HANDLERS: Final[Any] = {
    Failure: answer_failure,
    HTTPException: answer_framework,
    Exception: answer_bug,
}


def _translated(error: HTTPException, handler: Any) -> Failure:
    if isinstance(error, ValidationException):
        return BadInput([_field_error(found, handler) for found in _found_in(error) if not _excused(found, handler)])
    if isinstance(error, NotFoundException):
        return NotFound("There is no such path")
    if isinstance(error, MethodNotAllowedException):
        return MethodNotAllowed("The path does not know this method", allow=allow_of(error))
    if error.status_code == _TOO_LARGE:
        return PayloadTooLarge("The body is over the limit of this route")
    if isinstance(error, SerializationException | ClientException):
        return MalformedRequest(str(error.detail))
    return Failure(UNFORESEEN)


def _found_in(error: ValidationException) -> list[Mapping[str, Any]]:
    extra = error.extra
    return (
        [found for found in extra if isinstance(found, Mapping)]
        if isinstance(extra, list)
        else [{"message": error.detail}]
    )


def _excused(found: Mapping[str, Any], handler: Any) -> bool:
    """Whether it is the missing of a body that need not be there: Litestar lists it beside other mistakes."""
    data = handler.parsed_data_field if handler else None
    return found.get("key") == "data" and data is not None and data.is_optional


def _field_error(found: Mapping[str, Any], handler: Any) -> FieldError:
    key = str(found.get("key", "")).split(".")[0]
    if key == "data":
        return FieldError(("body",), "is required", "missing")
    source = str(getattr(found.get("source"), "value", found.get("source") or "query"))
    words = str(found.get("message", "is not valid"))
    return FieldError((_SOURCES.get(source, "query"), _sent_as(key, handler)), words[:1].lower() + words[1:])


def _sent_as(key: str, handler: Any) -> str:
    """Name a parameter as the caller writes it, where the handler calls it something else."""
    field = handler.parsed_fn_signature.parameters.get(key) if handler else None
    known = field.kwarg_definition if field else None
    return getattr(known, "name", None) or key
