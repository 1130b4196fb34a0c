"""Which methods a path knows, for ``OPTIONS`` and for the header of a 405."""

from typing import Any, Final

from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.types import Scope, Send

_NO_METHOD: Final = "NONE"


def allow_of(error: HTTPException) -> str:
    """List the methods of a path, from what the router says of one that it does not know."""
    known = {name.strip() for name in (error.headers or {}).get("allow", "").split(",")}
    return ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))


async def answer_options(scope: Scope, send: Send) -> None:
    """Answer with all methods of the path; Litestar's own answer knows those of one handler only."""
    headers = [(b"allow", _methods_at(scope).encode("ascii"))]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _methods_at(scope: Scope) -> str:
    router: Any = scope["litestar_app"].asgi_router
    try:
        router.handle_routing(path=scope["path"], method=_NO_METHOD)
    except MethodNotAllowedException as error:
        return allow_of(error)
    return "OPTIONS"
