"""The OpenAPI document tells the truth: valid, complete, stable, and readable for generated clients."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

pytestmark = pytest.mark.asyncio(loop_scope="module")
CASES = Path(__file__).parent / "cases"
TOKEN = {"not_authenticated", "invalid_token", "token_expired"}
SCOPED = TOKEN | {"forbidden"}
BODY = {"malformed_request", "payload_too_large", "unsupported_media_type", "validation_error"}
MT4 = {
    "mt4_error",
    "mt4_not_connected",
    "mt4_service_unavailable",
    "mt4_timeout",
    "mt4_not_enough_rights",
    "mt4_too_frequent",
}
WRITE = {"operation_rejected", "check_failed", "shutting_down", "outcome_unknown"}
READ = SCOPED | MT4
MONEY = SCOPED | MT4 | BODY | WRITE | {"account_not_found", "account_disabled", "mt4_rejected", "mt4_invalid_data"}
LATER = {
    "rate_limited",
    "idempotency_key_reused",
    "idempotency_in_progress",
    "operation_not_found",
    "external_id_exists",
}
"""Codes of parts that are not built yet; a document that has one promises too much."""

DOCUMENTED = {
    "get_health": set[str](),
    "login": {"invalid_credentials", "validation_error", "malformed_request", "unsupported_media_type"},
    "get_service_health": {"mt4_service_unavailable"},
    "connect": SCOPED
    | BODY
    | {
        "mt4_login_failed",
        "mt4_connect_failed",
        "mt4_version_mismatch",
        "mt4_error",
        "mt4_timeout",
        "mt4_too_frequent",
    },
    "disconnect": SCOPED | {"mt4_service_unavailable"},
    "get_status": SCOPED,
    "ping": READ,
    "get_server_time": READ,
    "list_users": READ | {"validation_error"},
    "get_user": READ | {"validation_error", "account_not_found"},
    "create_user": READ | BODY | WRITE | {"login_exists", "weak_password", "read_only_field", "mt4_invalid_data"},
    "update_user": READ | BODY | WRITE | {"account_not_found", "read_only_field", "precondition_failed"},
    "change_password": READ | BODY | WRITE | {"account_not_found", "weak_password"},
    "check_password": READ | BODY | {"account_not_found"},
    "deposit": MONEY,
    "withdraw": MONEY | {"not_enough_money"},
    "change_credit": MONEY | {"not_enough_money"},
    "get_margin": READ | {"validation_error", "account_not_found"},
    "list_margins": READ | {"validation_error", "pump_not_ready"},
    "list_open_trades": READ | {"validation_error"},
    "list_open_trades_of_login": READ | {"validation_error", "account_not_found"},
    "list_history": READ | BODY | {"account_not_found"},
    "list_groups": READ | {"validation_error"},
    "list_online": READ | {"validation_error"},
    "get_group": READ | {"validation_error", "group_not_found"},
    "list_symbols": READ | {"validation_error"},
    "get_symbol": READ | {"validation_error", "symbol_not_found"},
    "get_price": READ | {"validation_error", "symbol_not_found", "price_unavailable", "pump_not_ready"},
    "lookup_trades": READ | BODY,
    "list_trades_by_group": READ | BODY,
    "modify_trade": READ | BODY | WRITE | {"trade_not_found", "order_locked", "mt4_rejected", "read_only_field"},
    "delete_trades": READ | BODY | WRITE | {"trade_not_found"},
    "send_mail": READ | BODY | WRITE,
    "run_group_operation": READ | BODY | WRITE | {"account_not_found"},
    "get_server_config": READ,
    "get_readiness": TOKEN,
}
"""What the contract has for each endpoint, without what comes with later parts."""


@pytest.fixture
def document(shared: Any) -> dict[str, Any]:
    return json.loads(shared.bench.app.document)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def codes(operation: dict[str, Any]) -> set[str]:
    return {
        code
        for status, answer in operation["responses"].items()
        if not status.startswith("2")
        for code in answer["content"]["application/json"].get("examples", {})
    }


async def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document)


async def test_operation_ids_are_unique_and_stay_as_they_were(document: dict[str, Any]) -> None:
    named = [f"{operation['operationId']}: {method.upper()} {path}" for path, method, operation in operations(document)]
    assert sorted(named) == (CASES / "operations.txt").read_text("utf-8").splitlines()
    assert len({line.split(":")[0] for line in named}) == len(named)


async def test_every_documented_failure_is_there(document: dict[str, Any]) -> None:
    found = {operation["operationId"]: codes(operation) for _, _, operation in operations(document)}
    missing = {name: DOCUMENTED[name] - found[name] for name in DOCUMENTED}
    assert {name: which for name, which in missing.items() if which} == {}
    assert found.keys() == DOCUMENTED.keys()


async def test_no_failure_of_a_part_that_is_not_built_is_promised(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        assert codes(operation).isdisjoint(LATER)


async def test_failures_stand_under_their_status_with_the_whole_body(document: dict[str, Any]) -> None:
    schema = Draft202012Validator({"$ref": "#/components/schemas/Error", "components": document["components"]})
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            for code, example in content.get("examples", {}).items():
                schema.validate(example["value"])
                assert (int(status) >= 400, example["value"]["code"]) == (True, code)
            assert "X-Request-ID" in answer["headers"]
        assert "401" in operation["responses"] or operation["security"] == []


async def test_examples_are_valid_against_their_schemas(document: dict[str, Any]) -> None:
    checked = 0
    for _, _, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (kind for body in bodies for kind in body.get("content", {}).values()):
            if "example" in content:
                Draft202012Validator({**content["schema"], "components": document["components"]}).validate(
                    content["example"]
                )
                checked += 1
    assert checked >= 50


async def test_every_answer_and_body_has_an_example(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert "example" in success["content"]["application/json"], (method, path)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in content, (method, path)


async def test_members_of_requests_have_one_plain_type(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        for parameter in operation["parameters"]:
            assert isinstance(parameter["schema"]["type"], str)
        for content in operation.get("requestBody", {}).get("content", {}).values():
            record = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            for name, member in record["properties"].items():
                assert isinstance(member.get("type"), str), name
                assert {"oneOf", "anyOf", "allOf"}.isdisjoint(member), name


async def test_bounds_of_parameters_are_in_the_document(document: dict[str, Any]) -> None:
    bounds = {
        "limit": (1, 5000),
        "enable": (0, 1),
        "level_type": (0, 2),
        "cmd": (0, 7),
        "type": (0, 31),
        "login": (0, 2147483647),
        "order": (0, 2147483647),
    }
    for _, _, operation in operations(document):
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            if parameter["name"] in bounds:
                least = schema.get("minimum", schema.get("exclusiveMinimum"))
                assert (least, schema["maximum"]) == bounds[parameter["name"]], parameter["name"]


async def test_bearer_and_request_id_are_declared(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"] == {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    public = {"get_health", "login", "get_service_health"}
    for _, _, operation in operations(document):
        name = operation["operationId"]
        expected = [] if name in public else [{}, {"bearer": []}] if name == "get_readiness" else [{"bearer": []}]
        assert operation["security"] == expected
        assert "X-Request-ID" in {parameter["name"] for parameter in operation["parameters"]}


async def test_the_served_bytes_are_the_document_for_anyone(shared: Any) -> None:
    for path in ("/api/openapi.json", "/api/openapi.json/"):
        answer = await shared.stranger().get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert answer.content == shared.bench.app.document


async def test_the_page_loads_only_what_is_served_here(shared: Any) -> None:
    client = shared.stranger()
    page = await client.get("/api/docs")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    references = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(references) == 4
    for reference in references:
        assert reference.startswith("/api/docs/")
        found = await client.get(reference)
        assert (found.status_code, len(found.content) > 100) == (200, True)
    assert "//" not in page.text
    assert '"/api/openapi.json"' in (await client.get("/api/docs/start.js")).text
    assert (await client.get("/api/docs/swagger-ui/index.html")).status_code == 404


async def test_the_page_and_the_document_may_ask_for_a_token(serving: Any) -> None:
    async with serving(settings={"server.public_docs": False}) as service:
        for path in ("/api/docs", "/api/openapi.json", "/api/docs/start.js", "/api/docs/swagger-ui/swagger-ui.css"):
            assert (await service.stranger().get(path)).status_code == 401
            assert (await (await service.client_with("market:read")).get(path)).status_code == 200
