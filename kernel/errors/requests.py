"""Failures that the caller can mend: the request itself, who sends it, or what it asks for."""

from kernel.errors.root import Failure, FieldError


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
