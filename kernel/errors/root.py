"""The root of every failure, and what a plugin raises to refuse."""

from typing import Any, ClassVar, Final, Literal

from msgspec import Struct

from kernel.retcodes import Mt4Error

Outcome = Literal["not_applied", "unknown"]
UNFORESEEN: Final = "Something went wrong here; it is in the log under the request id"


class Refused(Exception):
    """Raised by a plugin's ``pre_`` hook to stop an operation; the text reaches the caller."""


class FieldError(Struct, frozen=True):
    """One thing wrong with the input: where, in words, and the kind of mistake."""

    loc: tuple[str | int, ...]
    message: str
    type: str = "value_error"


class Failure(Exception):
    """The root: an answer with an HTTP status and a code that programs branch on.

    ``details`` become further members of the error body.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    retryable: bool = False
    retry_after: ClassVar[int | None] = None

    def __init__(
        self,
        message: str,
        *,
        mt4: Mt4Error | None = None,
        outcome: Outcome | None = None,
        **details: Any,
    ) -> None:
        """Keep the text for the caller and what else the body says."""
        super().__init__(message)
        self.message = message
        self.mt4 = mt4
        self.outcome = outcome
        self.details = details
