"""What a return code of the library means for a call: done, refused, or the end of the session."""

from typing import Final

from kernel.drivers import Indeterminate, Rejected
from kernel.retcodes import NETWORK_PROBLEM, Retcode

_UNLISTED: Final = 151
"""In no header; given for mails and trade records with something missing."""
_KNOWN: Final = frozenset({*Retcode, _UNLISTED})


def fault_of(retcode: int, call: str) -> Rejected | Indeterminate:
    """Give what a code other than 0 is raised as.

    255 is a broken line; a number that no MT4 has given for a reason means that the stream of answers
    is out of step. After both nothing on that session can be believed.
    """
    if retcode == NETWORK_PROBLEM:
        return Indeterminate(f"{call}: the line to the trade server broke", retcode)
    if retcode not in _KNOWN:
        return Indeterminate(f"{call}: MT4 answered {retcode}, which means nothing", retcode)
    return Rejected(retcode)


def ends_session(retcode: int) -> bool:
    """Whether the session is over: the line is gone, or its answers are out of step."""
    return retcode in {Retcode.NO_CONNECT, NETWORK_PROBLEM} or retcode not in _KNOWN
