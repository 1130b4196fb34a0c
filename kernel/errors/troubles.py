"""Failures of the way to MT4: no answer, no service, or no verdict."""

from kernel.errors.root import Failure


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
