"""The assembled application: what it refuses to serve, and what is gone with a plugin that is off."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec
import pytest
from litestar import Controller, WebSocket, asgi, get, post, route, websocket
from litestar.params import FromPath

from kernel.errors import Refused
from kernel.hooks import hookimpl
from kernel.loader import PluginError
from kernel.testing import bench

Module = Callable[..., ModuleType]
BUILT_IN = ("health", "users", "accounts", "trades", "market", "admin")
FEW = {"mt4.simulator.accounts": 1}
HEALTH = FEW | {"kernel.plugins": ("health",)}


def brings(*routes: Any) -> Any:
    """Make a ``register_routes`` that brings them."""

    @hookimpl
    def register_routes() -> Any:
        return routes

    return register_routes


def scopes(**brought: str) -> Any:
    """Make a ``register_scopes``; two underscores stand for a colon."""

    @hookimpl
    def register_scopes() -> Any:
        return {name.replace("__", ":"): words for name, words in brought.items()}

    return register_scopes


def reply(path: str = "/extra", name: str = "extra", **options: Any) -> Any:
    """Make a route that answers with nothing of note."""

    async def handler() -> dict[str, str]:
        return {"status": "ok"}

    handler.__name__ = name
    return get(path, **options)(handler)


async def problems(*plugins: ModuleType, **settings: Any) -> list[str]:
    with pytest.raises(PluginError) as caught:
        async with bench({**FEW, **settings}, plugins={f"p{n}": plugin for n, plugin in enumerate(plugins, 1)}):
            pass
    return list(caught.value.problems)


@websocket("/live", scope="any")
async def live(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()


@asgi("/raw", scope="any", copy_scope=True)
async def raw(scope: Any, receive: Any, send: Any) -> None: ...


@route("/odd", http_method=["GET", "OPTIONS"], scope="any")
async def odd() -> None: ...


@get("/x/{a:int}", scope="any")
async def by_number(a: FromPath[int]) -> None: ...


@get("/x/{b:str}", scope="any")
async def by_text(b: FromPath[str]) -> None: ...


@post("/auth/login", scope="public")
async def another_login() -> None: ...


@get("/needs", scope="any")
async def needs_what_is_not_there(something: "Unknown") -> None: ...  # noqa: F821 - that is the point


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ((reply(),), "extra names no scope"),
        ((reply(scope="extra:read"),), "extra names the unknown scope 'extra:read'"),
        ((reply(scope=["any"]),), "extra names the unknown scope ['any']"),
        ((reply(scope="any", body="huge"),), "extra names the unknown limit 'huge' of its body"),
        ((live,), "live is not plain HTTP: nothing would ask who comes in"),
        ((raw,), "raw is not plain HTTP: nothing would ask who comes in"),
        ((odd,), "odd answers OPTIONS, which the kernel does for every path"),
        ((reply("/a", scope="any"), reply("/b", scope="any")), "two routes are called extra"),
        ((reply("/a", "get_health", scope="any"),), "two routes are called get_health"),
        ((another_login,), "plugin 'p1' from an unknown distribution ?: POST /api/auth/login is served by the kernel"),
        ((reply("/health", scope="any"),), "GET /api/health is served by plugin 'health' from mt4-manager-api"),
        ((reply("/users/{who:str}", scope="any"),), "GET /api/users/{} is served by plugin 'users'"),
        ((needs_what_is_not_there,), "plugin 'p1' from an unknown distribution ?: its routes cannot be served"),
        (5, "plugin 'p1' from an unknown distribution ?: its routes cannot be served: TypeError"),
        ((5,), "plugin 'p1' from an unknown distribution ?: its routes cannot be served"),
    ],
)
async def test_a_route_that_is_not_safe_to_serve_stops_the_start(routes: Any, said: str, module: Module) -> None:
    @hookimpl
    def register_routes() -> Any:
        return routes

    found = await problems(module("p1", register_routes=register_routes))

    assert any(said in problem for problem in found), found


async def test_two_plugins_with_one_path_are_both_named(module: Module) -> None:
    number, text = brings(by_number), brings(by_text)
    [found] = await problems(module("p1", register_routes=number), module("p2", register_routes=text))

    first, second = (f"plugin 'p{n}' from an unknown distribution ?" for n in (1, 2))
    assert found == f"{second}: GET /api/x/{{}} is served by {first} already"


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        (scopes(money__deposit="mine"), "the scope money:deposit is taken"),
        (scopes(public="all"), "the scope public is taken"),
        (hookimpl(lambda: None, specname="register_scopes"), "register_scopes must return scopes"),
        (hookimpl(lambda: {"A B": "x"}, specname="register_scopes"), "register_scopes must return scopes"),
        (hookimpl(lambda: {"a": 5}, specname="register_scopes"), "register_scopes must return scopes"),
        (hookimpl(lambda: ["a"], specname="register_scopes"), "register_scopes must return scopes"),
    ],
)
async def test_scopes_that_are_taken_or_none_stop_the_start(brought: Any, said: str, module: Module) -> None:
    [found] = await problems(module("p1", register_scopes=brought))

    assert found.startswith("plugin 'p1' from an unknown distribution ?: ")
    assert said in found


async def test_two_plugins_with_one_scope_stop_the_start(module: Module) -> None:
    both = [module(name, register_scopes=scopes(kyc__read="See.")) for name in ("p1", "p2")]

    assert await problems(*both) == ["plugin 'p2' from an unknown distribution ?: the scope kyc:read is taken"]


async def test_a_plugins_routes_are_asked_for_once_and_guarded_by_its_scope(module: Module) -> None:
    asked: list[int] = []

    @hookimpl
    def register_routes() -> Any:
        asked.append(1)
        return (reply(scope="kyc:read"),)

    plugin = module("kyc", register_routes=register_routes, register_scopes=scopes(kyc__read="See who is verified."))
    async with bench(FEW, plugins={"kyc": plugin}) as kernel:
        assert (await kernel.client.get("/api/extra")).json() == {"status": "ok"}
        assert (await kernel.stranger().get("/api/extra")).status_code == 401
        assert "/api/extra" in msgspec.json.decode(kernel.app.document)["paths"]
    assert asked == [1]


async def test_a_route_that_exits_is_a_500_and_the_service_goes_on(module: Module) -> None:
    @get("/exit", scope="public")
    async def leave() -> None:
        raise SystemExit(3)

    async with bench(FEW, plugins={"rude": module("rude", register_routes=brings(leave))}) as kernel:
        answer = await kernel.client.get("/api/exit")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert (await kernel.client.get("/api/health")).status_code == 200


def shape(kernel: Any) -> tuple[set[str], set[str], dict[str, Any]]:
    """What a kernel serves: paths, hooks by plugin, and the paths of its document."""
    paths = {route.path for route in kernel.app.litestar.routes}
    registry = kernel.service.registry
    hooked = {f"{plugin.name}.{hook}" for plugin in registry.plugins for hook in registry.hooks_of(plugin.name)}
    return paths, hooked, msgspec.json.decode(kernel.app.document)["paths"]


@pytest.mark.parametrize("off", BUILT_IN)
async def test_a_plugin_that_is_off_takes_its_routes_hooks_and_descriptions_along_and_nothing_else(off: str) -> None:
    async with bench(FEW) as kernel:
        paths, hooked, described = shape(kernel)
    only = tuple(name for name in BUILT_IN if name != off)
    async with bench(FEW | {"kernel.plugins": only}) as kernel:
        fewer, hooked_less, described_less = shape(kernel)
        gone = sorted(set(described) - set(described_less))
        for path in gone:
            method, address = next(iter(described[path])).upper(), path.translate({ord("{"): None, ord("}"): None})
            answer = await kernel.client.request(method, address)
            assert answer.status_code in {404, 405}

    assert gone
    assert hooked - hooked_less == {f"{off}.register_routes"}
    assert fewer < paths
    assert hooked_less < hooked
    assert described_less == {path: operations for path, operations in described.items() if path in described_less}


async def test_a_veto_of_a_plugin_reaches_the_caller_and_goes_with_it(module: Module) -> None:
    @hookimpl
    async def pre_deposit(deposit: Any) -> None:
        if deposit.amount > 100:
            raise Refused("above the limit")

    rule = module("limit", pre_deposit=pre_deposit)
    async with bench(FEW, plugins={"limit": rule}) as kernel:
        answer = await kernel.client.post("/api/accounts/1001/deposit", json={"amount": "100.01"})
        assert (answer.status_code, answer.json()["code"]) == (409, "operation_rejected")
        assert (answer.json()["plugin"], answer.json()["reason"]) == ("limit", "above the limit")
        assert (await kernel.client.post("/api/accounts/1001/deposit", json={"amount": 100})).status_code == 200
    async with bench(FEW) as kernel:
        assert (await kernel.client.post("/api/accounts/1001/deposit", json={"amount": "100.01"})).status_code == 200


async def test_a_controller_may_serve_several_routes_under_one_scope(module: Module) -> None:
    class Both(Controller):
        path = "/both"
        opt = {"scope": "any"}  # noqa: RUF012 - Litestar's own form

        @get("/one")
        async def read_one(self) -> dict[str, int]:
            return {"n": 1}

        @get("/two")
        async def read_two(self) -> dict[str, int]:
            return {"n": 2}

    async with bench(FEW, plugins={"both": module("both", register_routes=brings(Both))}) as kernel:
        assert (await kernel.client.get("/api/both/two")).json() == {"n": 2}
        assert (await kernel.stranger().get("/api/both/two")).status_code == 401


def says(word: str) -> ModuleType:
    """Make a plugin that says a word; its module is called the same whatever the word."""

    @get("/word", scope="public")
    async def read_word() -> dict[str, str]:
        return {"word": word}

    rule = ModuleType("a_rule_of_the_same_name")
    vars(rule).update(api=1, register_routes=brings(read_word))
    return rule


async def test_modules_of_one_name_in_two_benches_are_not_mixed_up() -> None:
    for word in ("first", "second"):
        async with bench(FEW, plugins={"rule": says(word)}) as kernel:
            assert (await kernel.client.get("/api/word")).json() == {"word": word}
        assert "a_rule_of_the_same_name" not in sys.modules
