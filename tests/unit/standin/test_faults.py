"""What a test can make the server do: by functions in the process, by a script from another one."""

import ctypes
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("fly", "there is no command fly"),
        ("fault Deposit refuse", "there is no call Deposit"),
        ("fault Ping explode", "there is no kind of fault explode"),
        ("fault Ping refuse often=1", "a fault has no member often"),
        ("fault Ping refuse nth=x", "nth: x is no number"),
        ("fault Ping latency", "latency needs ms"),
        ("setting idle 1", "there is no setting idle"),
        ("quote NOTHING 1 2", "there is no symbol NOTHING"),
        ("broker 5", "there is a broker already: reset first"),
        ("world /nowhere", "/nowhere cannot be read"),
    ],
)
def test_a_command_that_cannot_be_says_why(standin: Any, command: str, problem: str) -> None:
    assert standin.run(command) == problem


def test_a_refusal_meets_the_calls_it_names_as_often_as_it_says(standin: Any, api: Any) -> None:
    standin.run("fault Ping refuse code=4 every=2 times=2")

    assert [api.ping() for _ in range(6)] == [0, 4, 0, 4, 0, 0]


def test_chances_with_the_same_seed_fall_the_same(standin: Any, api: Any) -> None:
    standin.run("fault Ping refuse probability=0.5")

    def fallen(seed: int) -> list[int]:
        standin.run(f"random {seed}")
        return [api.ping() for _ in range(40)]

    assert fallen(7) == fallen(7)
    assert fallen(7) != fallen(8)


def test_a_call_hangs_until_it_is_released_and_then_nobody_knows(standin: Any, api: Any, raw: Any) -> None:
    standin.run("fault TradeTransaction hang nth=1")
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(api.deposit(1001, 1.0)[0]))
    thread.start()
    raw.until(lambda: standin.count("hanging") == 1)

    standin.run("release")
    thread.join(5)

    assert (codes, api.ping(), standin.ledger()) == ([255], 6, [])


def test_a_call_that_hangs_after_its_effect_is_booked(standin: Any, api: Any) -> None:
    standin.run("fault TradeTransaction hang_after ms=20")

    assert api.deposit(1001, 1.0)[0] == 255
    assert [row[2] for row in standin.ledger()] == [1.0]


def test_a_dropped_line_answers_once_more(standin: Any, api: Any) -> None:
    standin.run("fault TradeTransaction drop nth=1")

    assert (api.deposit(1001, 1.0)[0], api.connected(), api.ping(), api.ping()) == (0, 1, 255, 6)


def test_a_list_that_is_refused_is_empty_without_a_reason(standin: Any, api: Any) -> None:
    standin.run("fault UsersRequest refuse code=4 nth=1")

    assert (len(api.rows(97, 1120)), len(api.rows(97, 1120))) == (0, 50)


def test_overlapping_calls_spoil_both_and_the_session(standin: Any, api: Any, raw: Any) -> None:
    standin.run("fault Ping latency ms=100 nth=1")
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(api.ping()))
    thread.start()
    raw.until(lambda: standin.count("Ping") == 1)

    rows = len(api.rows(97, 1120))
    thread.join(5)

    assert (rows, 14 <= codes[0] <= 252, standin.count("overlaps")) == (0, True, 1)
    assert (api.ping(), api.ping()) == (255, 6)


def test_two_objects_do_not_overlap(standin: Any, make: Any, api: Any, raw: Any) -> None:
    standin.run("fault Ping latency ms=50 nth=1")
    other = make().on_line()
    thread = threading.Thread(target=api.ping)
    thread.start()
    raw.until(lambda: standin.count("Ping") == 1)

    code = other.ping()
    thread.join(5)

    assert (code, api.ping(), standin.count("overlaps")) == (0, 0, 0)


class Program:
    """The stand-in in a process of its own, driven by a script."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self.script, self.report = path, folder / "script", folder / "report"
        self.ledger = folder / "ledger"
        self.script.write_text(f"broker 5\nledger {self.ledger}\n")

    def say(self, *lines: str) -> None:
        with self.script.open("a") as script:
            script.writelines(f"{line}\n" for line in lines)

    def start(self) -> subprocess.Popen[str]:
        command = [str(self._path), "deposit", "1001", "5.5", "token"]
        environment = {**os.environ, "MT4_STANDIN_SCRIPT": str(self.script), "ASAN_OPTIONS": "handle_abort=0"}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def booked(self) -> list[str]:
        return [line.split()[-1] for line in self.ledger.read_text().splitlines()]


@pytest.fixture
def program(raw: Any, tmp_path: Path) -> Program:
    return Program(raw.built("exercise"), tmp_path)


def test_a_script_drives_the_server_of_another_process(program: Program) -> None:
    out, problem = program.start().communicate(timeout=60)

    assert (out.split()[0], problem, program.booked()) == ("0", "", ["x746f6b656e"])


def test_a_bad_line_in_a_script_ends_the_process_with_a_word(program: Program) -> None:
    program.say("fault Nothing refuse")
    process = program.start()
    _, problem = process.communicate(timeout=60)

    assert (process.returncode, problem) == (70, "stand-in: fault Nothing refuse: there is no call Nothing\n")


@pytest.mark.parametrize(("kind", "booked"), [("kill", []), ("kill_after", ["x746f6b656e"])])
def test_a_kill_ends_the_process_before_or_after_the_effect(program: Program, kind: str, booked: list[str]) -> None:
    program.say(f"fault TradeTransaction {kind}")
    process = program.start()
    process.communicate(timeout=60)

    assert (process.returncode, program.booked()) == (-signal.SIGABRT, booked)


def test_a_hanging_process_is_released_and_reports_through_files(program: Program, raw: Any) -> None:
    program.say("fault TradeTransaction hang", f"report {program.report}")
    process = program.start()
    raw.until(lambda: _hangs(program), 30)
    program.say("release")
    out, _ = process.communicate(timeout=60)

    assert (out.split()[0], program.booked()) == ("255", [])


def _hangs(program: Program) -> bool:
    if not program.report.exists():
        return False
    text = program.report.read_text()
    program.report.unlink()
    program.say(f"report {program.report}")
    return "hanging 1\n" in text


def test_records_go_in_as_they_are_and_of_the_right_size_only(standin: Any, api: Any, raw: Any) -> None:
    assert standin.put(b"user", raw.user(login=9000, balance=7.5)) == 0
    assert standin.put(b"user", ctypes.create_string_buffer(1119)) == -1
    assert standin.put(b"thing", ctypes.create_string_buffer(8)) == -1
    assert api.records(9000).read(696, "<d") == [7.5]


def test_a_world_is_loaded_from_a_file_of_records(standin: Any, api: Any, raw: Any, tmp_path: Path) -> None:
    world = tmp_path / "world"
    record = raw.user(login=9000, balance=7.5).raw
    head = b"user".ljust(8, b"\0") + len(record).to_bytes(4, "little") + bytes(4)
    world.write_bytes(head + record)

    assert standin.run(f"world {world}") == ""
    assert api.records(9000).read(696, "<d") == [7.5]
    world.write_bytes(head + record[:-1])
    assert standin.run(f"world {world}") == f"{world} ends in the middle of a record"
