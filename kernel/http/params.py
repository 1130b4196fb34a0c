"""Path values as every route takes them: Litestar keeps bounds only where the parameter itself names them."""

from typing import Annotated

from litestar.params import PathParameter

from kernel.records.scalars import INT32_MAX

LoginPath = Annotated[int, PathParameter(gt=0, le=INT32_MAX, description="Number of the account.")]
TicketPath = Annotated[int, PathParameter(gt=0, le=INT32_MAX, description="Ticket of the trade.")]
