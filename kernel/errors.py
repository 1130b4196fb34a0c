"""Every failure that an answer can carry: its HTTP status, its code, and whether to try again.

::

    Failure
    ├── MalformedRequest · BadInput (ReadOnlyField, WeakPassword, Mt4InvalidData)
    ├── NotAuthenticated (InvalidToken, TokenExpired, InvalidCredentials) · Forbidden
    ├── NotFound (AccountNotFound, GroupNotFound, SymbolNotFound, TradeNotFound)
    ├── Conflict (LoginExists, NotEnoughMoney, AccountDisabled, OrderLocked, Mt4Rejected, OperationRejected)
    ├── Mt4LoginFailed · NotEnoughRights · TooFrequent
    ├── Mt4Failed (ConnectFailed, VersionMismatch)
    ├── Unavailable (NotConnected, ServiceUnavailable, PumpNotReady, PriceUnavailable, CheckFailed, ShuttingDown)
    └── Mt4Timeout · OutcomeUnknown

The codes and their meaning are ``spec/contract.md`` §1.4. ``Refused`` is not among them: it is what
a plugin's check raises, and becomes ``OperationRejected`` with the plugin's name.
"""

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


class MalformedRequest(Failure):
    """The body is not JSON that we read: broken, not UTF-8, too deep, or with a key twice."""

    status = 400
    code = "malformed_request"


class BadInput(Failure):
    """Well-formed, but not valid; ``errors`` names each field."""

    status = 422
    code = "validation_error"

    def __init__(self, errors: list[FieldError], message: str | None = None) -> None:
        """Sum the field errors up in one sentence."""
        parts = [f"{'.'.join(map(str, error.loc[1:])) or error.loc[0]}: {error.message}" for error in errors]
        super().__init__(message or "; ".join(parts), errors=errors)

    @classmethod
    def at(cls, *loc: str | int, message: str) -> "BadInput":
        """Make one for a single field."""
        return cls([FieldError(loc=loc, message=message, type="value_error" if cls is BadInput else cls.code)])


class ReadOnlyField(BadInput):
    """A member that only MT4 writes."""

    code = "read_only_field"


class WeakPassword(BadInput):
    """A password that MT4's rules refuse."""

    code = "weak_password"


class Mt4InvalidData(Failure):
    """MT4 answered 3 without saying which field it means."""

    status = 422
    code = "mt4_invalid_data"


class NotAuthenticated(Failure):
    """No token."""

    status = 401
    code = "not_authenticated"


class InvalidToken(NotAuthenticated):
    """A token that is not ours, not intact, or whose user is gone."""

    code = "invalid_token"


class TokenExpired(NotAuthenticated):
    """A token past its time."""

    code = "token_expired"


class InvalidCredentials(NotAuthenticated):
    """A wrong user name or password."""

    code = "invalid_credentials"


class Forbidden(Failure):
    """The caller lacks the route's scope."""

    status = 403
    code = "forbidden"


class NotEnoughRights(Failure):
    """Our manager login lacks a right on the MT4 server."""

    status = 403
    code = "mt4_not_enough_rights"


class NotFound(Failure):
    """No such path."""

    status = 404
    code = "not_found"


class AccountNotFound(NotFound):
    """No such account, or none that our manager sees."""

    code = "account_not_found"


class GroupNotFound(NotFound):
    """No such group."""

    code = "group_not_found"


class SymbolNotFound(NotFound):
    """No such symbol."""

    code = "symbol_not_found"


class TradeNotFound(NotFound):
    """No such ticket."""

    code = "trade_not_found"


class MethodNotAllowed(Failure):
    """The path exists, the method does not."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, message: str, *, allow: str = "") -> None:
        """Keep the methods that the path does know, for the header ``Allow``."""
        super().__init__(message)
        self.allow = allow


class Conflict(Failure):
    """The request was understood and the state of things forbids it."""

    status = 409
    code = "mt4_rejected"


class LoginExists(Conflict):
    """The asked-for account number is taken."""

    code = "login_exists"


class NotEnoughMoney(Conflict):
    """The account cannot spare the amount."""

    code = "not_enough_money"


class AccountDisabled(Conflict):
    """MT4 says that the account is disabled."""

    code = "account_disabled"


class OrderLocked(Conflict):
    """A dealer is working on the order."""

    code = "order_locked"


class Mt4Rejected(Conflict):
    """MT4 refused, and says so for certain."""


class OperationRejected(Conflict):
    """A plugin's check refused; carries ``plugin`` and ``reason``."""

    code = "operation_rejected"


class PreconditionFailed(Failure):
    """``If-Match`` names another version than the record has now."""

    status = 412
    code = "precondition_failed"


class PayloadTooLarge(Failure):
    """The body is over the route's limit."""

    status = 413
    code = "payload_too_large"


class UnsupportedMediaType(Failure):
    """The body is not of the type that the route reads."""

    status = 415
    code = "unsupported_media_type"


class TooFrequent(Failure):
    """MT4 asks us to slow down."""

    status = 429
    code = "mt4_too_frequent"


class Mt4LoginFailed(Failure):
    """The trade server refused the manager's login or password."""

    status = 400
    code = "mt4_login_failed"


class Mt4Failed(Failure):
    """MT4 answered with an error that says no more."""

    status = 502
    code = "mt4_error"


class ConnectFailed(Failure):
    """No trade server answered at the address."""

    status = 502
    code = "mt4_connect_failed"


class VersionMismatch(Failure):
    """The trade server wants another version of the Manager API."""

    status = 502
    code = "mt4_version_mismatch"


class Unavailable(Failure):
    """Not now; nothing was sent."""

    status = 503
    code = "overloaded"
    retryable = True
    retry_after = 1


class NotConnected(Unavailable):
    """There is no session with the trade server."""

    code = "mt4_not_connected"
    retry_after = 2


class ServiceUnavailable(Unavailable):
    """The internal MT4 service does not answer."""

    code = "mt4_service_unavailable"
    retry_after = 2


class PumpNotReady(Unavailable):
    """The server's tables are not loaded yet."""

    code = "pump_not_ready"


class PriceUnavailable(Unavailable):
    """The symbol has no quote yet."""

    code = "price_unavailable"


class CheckFailed(Unavailable):
    """A plugin's check could not be made; carries ``plugin``."""

    code = "check_failed"


class ShuttingDown(Unavailable):
    """The service is stopping and takes no new work."""

    code = "shutting_down"


class Mt4Timeout(Failure):
    """A read got no answer in time."""

    status = 504
    code = "mt4_timeout"
    retryable = True


class OutcomeUnknown(Failure):
    """A write was sent and no verdict came back: it may have been applied."""

    status = 504
    code = "outcome_unknown"
