"""The API page: the OpenAPI document and Swagger UI over it, served from here, also without the internet."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from litestar import Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kernel.errors import NotFound
from kernel.http.access import ANY, PUBLIC

DOCUMENT: Final = "/api/openapi.json"
PAGE: Final = "/api/docs"
_FILES: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_HTML: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>mt4-manager-api</title>
<link rel="icon" href="/api/docs/swagger-ui/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/api/docs/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
_START: Final = b"""SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#page",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def routes(*, public: bool) -> Sequence[HTTPRouteHandler]:
    """Give the page's routes, open to all or to any token."""
    scope = PUBLIC if public else ANY

    @get(PAGE, scope=scope, include_in_schema=False)
    async def api_page() -> Response[bytes]:
        """Show the page."""
        return _file(_HTML, "text/html")

    @get(f"{PAGE}/start.js", scope=scope, include_in_schema=False)
    async def api_page_start() -> Response[bytes]:
        """Start Swagger UI, from a file of its own so that the page needs no inline script."""
        return _file(_START, "text/javascript")

    @get(f"{PAGE}/swagger-ui/{{name:str}}", scope=scope, include_in_schema=False)
    async def api_page_file(name: FromPath[str]) -> Response[bytes]:
        """Give one of Swagger UI's own files."""
        if name not in _FILES:
            raise NotFound("There is no such file")
        return _file(files("swagger_ui").joinpath("static", name).read_bytes(), _FILES[name])

    @get(DOCUMENT, scope=scope, include_in_schema=False)
    async def api_document(state: State) -> Response[bytes]:
        """Give the OpenAPI document, which the assembled application has put there."""
        return _file(state.document, "application/json")

    return [api_page, api_page_start, api_page_file, api_document]


def _file(content: bytes, media_type: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers=_HEADERS)
