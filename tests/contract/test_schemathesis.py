"""Schemathesis over the served document: thousands of good and bad requests, every check, no finding."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from queue import SimpleQueue
from typing import Any

import pytest
import schemathesis
import uvicorn
from jsonschema import Draft202012Validator
from schemathesis import engine
from schemathesis.engine import events

APART = ("/api/test/connect", "/api/test/disconnect")
SEED = 20260304
ANSWERS_TO_VALID = ["2xx", "401", "403", "404", "409", "412", "422", "502", "503", "504"]
"""422 is one: a schema cannot say that a group is unknown. 502 to 504 are MT4's."""
REFUSALS_OF_INVALID = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "429", "5xx"]
FLAGS = {"enable", "enable_change_password", "enable_read_only", "enable_otp", "send_reports"}
"""Integers in the document; true and false are tolerated."""
DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?\Z")
"""What is tolerated as text for ``amount``, a number in the document."""

Served = tuple[str, str]


@pytest.fixture(scope="module")
def address(serving: Callable[..., AbstractAsyncContextManager[Any]]) -> Iterator[Served]:
    """Serve on a free port of this machine, in a thread; gives the address and a token for everything."""
    started: SimpleQueue[tuple[uvicorn.Server, str] | None] = SimpleQueue()
    # Named as TCP, or the event loop would not turn Nagle's delay off: 40 ms for every request.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    async def serve() -> None:
        async with serving() as service:
            server = uvicorn.Server(uvicorn.Config(service.bench.app, lifespan="off", log_config=None))
            started.put((server, service.client.headers["Authorization"]))
            await server.serve(sockets=[listening])

    def host() -> None:
        try:
            asyncio.run(serve())
        finally:
            started.put(None)

    thread = threading.Thread(target=host)
    thread.start()
    running = started.get()
    assert running is not None
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", running[1]
    finally:
        running[0].should_exit = True
        thread.join()
        listening.close()


def schema_at(address: Served, examples: int, *, also: Sequence[str] = ()) -> Any:
    """Load the document as schemathesis reads it; ``also`` are further answers to valid requests."""
    base, token = address
    config = schemathesis.Config.from_dict(
        {
            "seed": SEED,
            "workers": 1,
            "continue-on-failure": True,
            "headers": {"Authorization": token},
            "generation": {"max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [*ANSWERS_TO_VALID, *also]},
                "negative_data_rejection": {"expected-statuses": REFUSALS_OF_INVALID},
            },
        }
    )
    return schemathesis.openapi.from_url(f"{base}/api/openapi.json", config=config)


def run(schema: Any) -> tuple[dict[str, int], list[str]]:
    """Run everything; gives the number of cases by operation, and the findings."""
    cases: dict[str, int] = {}
    findings: list[str] = []
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            findings.append(f"schemathesis itself: {event!r}")
        if not isinstance(event, events.ScenarioFinished):
            continue
        for each in event.recorder.cases.values():
            cases[each.value.operation.label] = cases.get(each.value.operation.label, 0) + 1
        for identity, checks in event.recorder.checks.items():
            case = event.recorder.cases[identity].value
            findings += [
                f"{case.as_curl_command()}\n{check.name}: {check.failure_info.failure.message}"
                for check in checks
                if check.failure_info is not None and not (check.name == "negative_data_rejection" and tolerated(case))
            ]
    return cases, findings


def tolerated(case: Any) -> bool:
    """Whether a body is only unlike the document in what clients may write otherwise: flags and amounts."""
    if not isinstance(case.body, dict):
        return False
    mended = {name: mend(name, value) for name, value in case.body.items()}
    if repr(mended) == repr(case.body):
        return False
    document = case.operation.schema.raw_schema
    content = document["paths"][case.path][case.method.lower()]["requestBody"]["content"]["application/json"]
    whole = {**content["schema"], "components": document["components"]}
    return Draft202012Validator(whole).is_valid(json.loads(json.dumps(mended)))


def mend(name: str, value: Any) -> Any:
    """Write a flag and an amount as the document has them."""
    if name in FLAGS and isinstance(value, bool):
        return int(value)
    if name == "amount" and isinstance(value, str) and DECIMAL.match(value):
        return float(value)
    return value


@pytest.mark.timeout(600)
def test_thousands_of_requests_have_no_finding(address: Served) -> None:
    schema = schema_at(address, 25)
    every = {operation.ok().label for operation in schema.get_all_operations()}
    cases, findings = run(schema.exclude(path=list(APART)))
    assert findings == []
    assert every - cases.keys() == {f"POST {path}" for path in APART}
    assert sum(cases.values()) >= 2000


@pytest.mark.timeout(600)
def test_connect_and_disconnect_apart_have_no_finding(address: Served) -> None:
    cases, findings = run(schema_at(address, 50, also=["400"]).include(path=list(APART)))  # 400: a refused login
    assert findings == []
    assert cases.keys() == {f"POST {path}" for path in APART}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"amount": "12.50"}, True),
        ({"amount": "1e5"}, False),
        ({"amount": 5}, False),
        ({"amount": "12.50", "comment": 5}, False),
        ([], False),
    ],
)
def test_only_the_named_liberties_are_tolerated(address: Served, body: Any, expected: bool) -> None:  # noqa: FBT001 - a value of the table
    operation = schema_at(address, 1)["/api/accounts/{login}/deposit"]["POST"]
    assert tolerated(operation.Case(body=body)) is expected
