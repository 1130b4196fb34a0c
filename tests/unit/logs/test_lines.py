"""The lines that reach standard error."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog

from kernel.logs import configure, request


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the root logger back as it was: other tests have their own wishes."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_line_is_json_with_time_level_logger_and_event_first(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")

    structlog.get_logger("kernel.gateway").info("sent", login=7, password="x")

    (line,) = lines(capsys)
    assert list(line)[:4] == ["timestamp", "level", "logger", "event"]
    assert datetime.fromisoformat(line.pop("timestamp")).utcoffset() == timedelta(0)
    assert line == {"level": "info", "logger": "kernel.gateway", "event": "sent", "login": 7, "password": "***"}


def test_lines_of_other_libraries_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn.access").addHandler(logging.StreamHandler())
    logging.getLogger("uvicorn.access").propagate = False
    configure("info", "json")

    logging.getLogger("uvicorn.access").info('%s "%s"', "1.2.3.4", "GET /x?token=abc")
    logging.getLogger("litestar").warning("slow")

    assert [(line["logger"], line["level"], line["event"]) for line in lines(capsys)] == [
        ("uvicorn.access", "info", '1.2.3.4 "GET /x?token=***"'),
        ("litestar", "warning", "slow"),
    ]


def test_configuring_again_changes_level_and_form_and_doubles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger("kernel")
    configure("debug", "json")
    log.debug("one")
    configure("error", "json")
    log.warning("two")
    logging.getLogger("litestar").warning("three")
    configure("error", "console")
    log.error("four")

    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["event"] == "one"
    assert "[error    ] four [kernel]" in second
    assert [handler.get_name() for handler in logging.getLogger().handlers].count("mt4api") == 1


def test_handlers_of_others_on_the_root_stay(capsys: pytest.CaptureFixture[str]) -> None:
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)

    configure("info", "json")

    assert other in logging.getLogger().handlers
    assert capsys.readouterr().err == ""


def test_every_line_of_a_request_has_its_id_and_the_next_one_has_not(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    log = structlog.get_logger("kernel")

    with request("req-1"):
        log.info("inside")
        logging.getLogger("litestar").info("foreign")
    log.info("outside")

    assert [(line["event"], line.get("request_id")) for line in lines(capsys)] == [
        ("inside", "req-1"),
        ("foreign", "req-1"),
        ("outside", None),
    ]


def fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_keeps_its_traceback_and_loses_its_secrets(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure("info", form)

    for log in (structlog.get_logger("kernel"), logging.getLogger("litestar")):
        planted = "hunter2"
        try:
            fail(f"no login with password={planted}")
        except ValueError:
            log.exception("failed")

    text = capsys.readouterr().err
    assert text.count("ValueError: no login with password=***") == 2
    assert text.count("Traceback (most recent call last)") == 2
    assert "hunter2" not in text


def test_handlers_of_others_get_no_secret_of_ours_either(caplog: pytest.LogCaptureFixture) -> None:
    configure("info", "json")

    structlog.get_logger("kernel").info("sent", password="hunter2", nested={"token": "hunter2"})

    assert "sent" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_callers_text_can_neither_forge_a_line_nor_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "console")
    log = structlog.get_logger("kernel")

    log.info("event\nforged \x1b[2J", name="a\r\nb", other="\x9b1m\u202e")
    try:
        fail("\x1b]0;title\x07")
    except ValueError:
        log.exception("bad")

    text = capsys.readouterr().err
    assert text.splitlines()[0].endswith(r"event\nforged \x1b[2J [kernel] name=a\r\nb other=\x9b1m\u202e")
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\r", "\u202e"}


def test_nothing_that_is_logged_can_stop_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    class Silent:
        def __repr__(self) -> str:
            raise RuntimeError

    configure("info", "json")
    structlog.get_logger("kernel").info("odd", a=Silent(), b=float("nan"), c="\udcff ž", d={1: {2}}, e=10**5000)

    (line,) = lines(capsys)
    assert [line[name] for name in "abcde"] == [
        "<Silent: RuntimeError>",
        "nan",
        "\\udcff ž",
        {"1": [2]},
        "<int: ValueError>",
    ]


def test_a_pipe_gets_json_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "auto")
    structlog.get_logger("kernel").info("hello")

    assert lines(capsys)[0]["event"] == "hello"


@pytest.mark.parametrize(
    ("level", "form", "message"), [("loud", "json", "no log level 'loud'"), ("info", "xml", "no log format 'xml'")]
)
def test_a_level_or_form_that_does_not_exist_is_refused(level: str, form: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        configure(level, form)
