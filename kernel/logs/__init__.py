"""The service's log: structured lines on standard error, without secrets."""

from kernel.logs.lines import FORMS, LEVELS, configure, request
from kernel.logs.redaction import redacted, redacted_text

__all__ = ["FORMS", "LEVELS", "configure", "redacted", "redacted_text", "request"]
