"""The one place where a driver's fault becomes an answer's failure.

For a read the return code says what went wrong. For a write it must also say whether something
happened: only the codes of ``kernel.retcodes`` prove that nothing did, all else is unknown.
"""

from collections.abc import Set as AbstractSet
from typing import Final

from kernel.drivers import DriverFault, Indeterminate, NotSent, Rejected
from kernel.errors import (
    AccountDisabled,
    Failure,
    Mt4Failed,
    Mt4InvalidData,
    Mt4Rejected,
    Mt4Timeout,
    NotConnected,
    NotEnoughMoney,
    NotEnoughRights,
    OrderLocked,
    OutcomeUnknown,
    TooFrequent,
    VersionMismatch,
)
from kernel.retcodes import describe

_OF_CODE: Final[dict[int, type[Failure]]] = {
    3: Mt4InvalidData,
    5: VersionMismatch,
    6: NotConnected,
    7: NotEnoughRights,
    8: TooFrequent,
    64: AccountDisabled,
    128: Mt4Timeout,
    134: NotEnoughMoney,
    139: OrderLocked,
    141: TooFrequent,
    255: Mt4Timeout,
    **dict.fromkeys((65, 66, *range(129, 134), 140, 145, *range(147, 151)), Mt4Rejected),
}


def failure_of_read(fault: DriverFault | TimeoutError) -> Failure:
    """Say why a read has no answer; asking again is safe."""
    if isinstance(fault, Rejected):
        failure = _of_code(fault.retcode)
        failure.retryable = failure.retryable or isinstance(failure, TooFrequent)
        return failure
    if isinstance(fault, NotSent):
        return NotConnected("Not connected to MT4 server")
    mt4 = describe(fault.retcode) if isinstance(fault, Indeterminate) and fault.retcode is not None else None
    return Mt4Timeout("The MT4 server gave no answer", mt4=mt4)


def failure_of_write(
    fault: Exception,
    *,
    what: str,
    operation_id: str,
    refusals: AbstractSet[int],
) -> Failure:
    """Say how a write ended; ``what`` names it in the sentence for the caller.

    What a driver should never raise proves nothing either.
    """
    if isinstance(fault, NotSent):
        return NotConnected("Not connected to MT4 server", outcome="not_applied", operation_id=operation_id)
    if isinstance(fault, Rejected) and fault.retcode in refusals:
        failure = _of_code(fault.retcode)
        failure.outcome = "not_applied"
        failure.details["operation_id"] = operation_id
        return failure
    retcode = fault.retcode if isinstance(fault, Rejected | Indeterminate) else None
    return OutcomeUnknown(
        f"MT4 did not confirm the {what}; it may have been applied",
        outcome="unknown",
        operation_id=operation_id,
        mt4=None if retcode is None else describe(retcode),
    )


def _of_code(retcode: int) -> Failure:
    mt4 = describe(retcode)
    return _OF_CODE.get(retcode, Mt4Failed)(f"MT4 answered {retcode}: {mt4.description}", mt4=mt4)
