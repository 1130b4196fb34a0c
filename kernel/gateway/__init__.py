"""The one door to MT4: each operation as one method, with its checks, its hooks and its verdict.

Routes and plugins alike come through here, so a plugin that writes cannot go round another plugin's
check.
"""

from kernel.gateway.money import MoneyWrites
from kernel.gateway.repairs import RepairWrites

__all__ = ("Gateway",)


class Gateway(RepairWrites, MoneyWrites):
    """All that the service can do on the trade server; every method raises ``kernel.errors.Failure``."""
