"""How a log line comes about: one way out for all libraries, to standard error.

Our own lines come from structlog, those of uvicorn, Litestar and others from the standard library; both
take the same way out.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any, Final, TextIO, cast

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.types import Processor

from kernel.logs.redaction import redacted

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
FORMS: Final = ("auto", "console", "json")
_HANDLER: Final = "mt4api"
_OTHERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "litestar")
_FIRST: Final = ("timestamp", "level", "logger", "event", "request_id")
_LAYOUT_KEYS: Final = frozenset({"exception", "stack"})
"""Texts of several lines, written by us and not by a caller."""


def configure(level: str, form: str) -> None:
    """Send all logs of the process to standard error; called again, it changes level and form.

    ``form`` ``auto`` is ``console`` on a terminal and ``json`` (a line each) otherwise. Raises
    ``ValueError`` for a level or form that does not exist.
    """
    if level not in LEVELS:
        raise ValueError(f"no log level {level!r}; there are {', '.join(LEVELS)}")
    if form not in FORMS:
        raise ValueError(f"no log format {form!r}; there are {', '.join(FORMS)}")
    terminal = sys.stderr is not None and sys.stderr.isatty()
    console = form == "console" or (form == "auto" and terminal)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_context(), _clean, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if handler.get_name() == _HANDLER]:
        root.removeHandler(old)
    root.addHandler(_handler(_console(colors=terminal) if console else _json))
    root.setLevel(level.upper())
    for name in _OTHERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


def request(request_id: str) -> AbstractContextManager[None]:
    """Mark every line that is logged inside with the request's id."""
    return bound_contextvars(request_id=request_id)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stderr`` is at that moment, so that a replaced stream is never a closed one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; without a standard error, as in a windowless process, there is nothing to do."""
        if sys.stderr is not None:
            self.stream = sys.stderr
            super().emit(record)


def _handler(renderer: Processor) -> logging.Handler:
    handler = _StandardError()
    handler.set_name(_HANDLER)
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=_context(), processors=[_foreign_too, renderer]))
    return handler


def _context() -> list[Processor]:
    return [
        merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _clean(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Star secrets, turn values into plain ones, and put what every line has in front.

    Our own lines are cleaned before they become log records, so that a handler of someone else's, say an
    error tracker's, gets no secret either.
    """
    plain = cast("dict[str, Any]", redacted(dict(event)))
    return {key: plain.pop(key) for key in _FIRST if key in plain} | plain


def _foreign_too(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean the lines of other libraries, too, and drop what structlog passes along for its own use."""
    own = event.pop("_from_structlog")
    del event["_record"]
    return event if own else _clean(logger, method, event)


def _json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Write one line of ASCII: no encoding of the stream can refuse it."""
    return json.dumps(event, separators=(",", ":"))


def _console(*, colors: bool) -> Processor:
    plain = structlog.dev.plain_traceback  # the rich one prints local variables, secrets among them
    renderer = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain, pad_event_to=0)

    def render(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        shown = {key: _printable(value, lines=key in _LAYOUT_KEYS) for key, value in event.items()}
        return renderer(logger, method, shown)

    return render


def _printable(value: object, *, lines: bool) -> object:
    """Escape what could steer a terminal and, except in tracebacks, what could forge a line."""
    if not isinstance(value, str) or value.isprintable():
        return value
    kept = "\n" if lines else ""
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode() for char in value
    )
