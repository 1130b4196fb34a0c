"""The supervised link to the trade server.

``IsConnected`` is not believed: a link counts as alive while its pings and its canary read answer. The
canary is the list of groups, which no working session sees empty; it is what tells an account that does
not exist from a session that has silently been logged out.
"""

from kernel.connection.lines import Call
from kernel.connection.supervised import Connection

__all__ = ("Call", "Connection")
