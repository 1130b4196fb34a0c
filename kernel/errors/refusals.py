"""Failures in which MT4, or a plugin, has said no for certain."""

from kernel.errors.root import Failure


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


class Mt4InvalidData(Failure):
    """MT4 answered 3 without saying which field it means."""

    status = 422
    code = "mt4_invalid_data"


class NotEnoughRights(Failure):
    """Our manager login lacks a right on the MT4 server."""

    status = 403
    code = "mt4_not_enough_rights"


class TooFrequent(Failure):
    """MT4 asks us to slow down."""

    status = 429
    code = "mt4_too_frequent"


class Mt4LoginFailed(Failure):
    """The trade server refused the manager's login or password."""

    status = 400
    code = "mt4_login_failed"
