"""The routes are the 34 of the introduction's quick reference, plus what is built beside them, and no more."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = tomllib.loads((Path(__file__).parent / "cases/routes.toml").read_text("utf-8"))["route"]
BESIDE_THE_DOCUMENT = {("GET", "/metrics")} | {
    ("GET", f"/api/{path}") for path in ("docs", "docs/start.js", "docs/swagger-ui/{}", "openapi.json")
}


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


async def test_the_table_has_each_number_from_1_to_34_once() -> None:
    assert sorted(route["number"] for route in ROUTES if route["number"]) == list(range(1, 35))


async def test_the_document_lists_exactly_the_routes_of_the_table(shared: Any) -> None:
    listed = [
        (method.upper(), unnamed(path))
        for path, operations in json.loads(shared.bench.app.document)["paths"].items()
        for method in operations
    ]
    assert sorted(listed) == sorted((route["method"], unnamed(route["path"])) for route in ROUTES)


async def test_the_router_serves_the_table_the_page_and_the_metrics_and_nothing_else(shared: Any) -> None:
    served = {
        (method, unnamed(path.path))
        for path in shared.bench.app.litestar.routes
        for handler in path.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    table = {(route["method"], unnamed(route["path"]).rstrip("/")) for route in ROUTES}
    assert served == table | BESIDE_THE_DOCUMENT


@pytest.mark.parametrize("route", [r for r in ROUTES if r["method"] == "GET"], ids=lambda route: route["path"])
async def test_a_slash_behind_the_path_makes_no_difference(shared: Any, settled: Any, route: Mapping[str, Any]) -> None:
    bare = await shared.send(route | {"path": route["path"].rstrip("/")})
    slashed = await shared.send(route | {"path": route["path"].rstrip("/") + "/"})

    assert (bare.status_code, slashed.status_code) == (200, 200)
    assert settled(slashed) | {"latency_ms": 0} == settled(bare) | {"latency_ms": 0}


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if "json" in route and "write" not in route],
    ids=lambda route: route["path"],
)
async def test_a_slash_makes_no_difference_to_a_question_with_a_body(
    shared: Any, settled: Any, route: Mapping[str, Any]
) -> None:
    bare, slashed = await shared.send(route), await shared.send(route | {"path": route["path"] + "/"})
    assert (slashed.status_code, {**settled(slashed), "access_token": ""}) == (
        bare.status_code,
        {**settled(bare), "access_token": ""},
    )


@pytest.mark.parametrize("route", [r for r in ROUTES if r["method"] == "GET"], ids=lambda route: route["path"])
async def test_head_is_get_without_the_body(shared: Any, route: Mapping[str, Any]) -> None:
    got, headed = await shared.send(route), await shared.send({**route, "method": "HEAD"})

    assert headed.status_code == got.status_code
    assert headed.content == b""
    assert headed.headers["Content-Type"] == got.headers["Content-Type"]
    if "latency_ms" not in got.text:
        assert headed.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.parametrize("path", sorted({route["path"] for route in ROUTES}))
async def test_options_and_a_405_name_the_methods_that_the_path_knows(
    shared: Any, settled: Any, failure: Any, path: str
) -> None:
    methods = {route["method"] for route in ROUTES if route["path"] == path} | {"OPTIONS"}
    allow = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))

    options = await shared.send({"method": "OPTIONS", "path": path}, shared.stranger())
    assert (options.status_code, options.headers["Allow"], options.content) == (204, allow, b"")

    unknown = await shared.send({"method": "PATCH", "path": path})
    assert (unknown.status_code, unknown.headers["Allow"]) == (405, allow)
    assert settled(unknown) == failure("method_not_allowed", "The path does not know this method")


@pytest.mark.parametrize("path", ["/", "/api", "/api/nothing", "/api/users/1001/nothing", "/api/symbols/BTC%2FUSD"])
async def test_an_unknown_path_is_not_found(shared: Any, settled: Any, failure: Any, path: str) -> None:
    answer = await shared.client.get(path)
    assert answer.status_code == 404
    assert settled(answer) == failure("not_found", "There is no such path")


async def test_the_metrics_count_requests_by_route_for_this_machine(shared: Any) -> None:
    await shared.client.get("/api/test/server-time")

    page = await shared.stranger().get("/metrics")

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert 'mt4api_requests_total{method="GET",route="/api/test/server-time",status="200"}' in page.text
