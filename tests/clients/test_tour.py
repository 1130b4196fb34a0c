"""The README's tour with curl runs as printed."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


class Service(Protocol):
    address: str
    user: str
    password: str


def tour(service: Service) -> str:
    """Take the commands out of the README, with this service's address and user."""
    text = README.read_text(encoding="utf-8").partition("## A tour with curl")[2]
    block = re.search(r"```bash\n(.*?)```", text, re.DOTALL)
    assert block is not None
    script = block[1]
    for printed, ours in (
        ("http://127.0.0.1:8000", service.address),
        ("'what the first start has shown'", f"'{service.password}'"),
        ("username=admin", f"username={service.user}"),
    ):
        assert script.count(printed) == 1
        script = script.replace(printed, ours)
    return script


@pytest.fixture(scope="module")
def answers(service: Service) -> list[dict[str, Any]]:
    """Everything that the tour's calls print."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    done = subprocess.run(["bash", "-euc", tour(service)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_step_but_the_refused_one_succeeds(answers: list[dict[str, Any]]) -> None:
    assert [answer["status"] for answer in answers] == ["ok"] * 4 + ["error"] + ["ok"] * 4


def test_the_money_adds_up(answers: list[dict[str, Any]]) -> None:
    _, created, deposited, withdrawn, refused, margin, history, *_ = answers

    assert (created["login"], created["user"]["balance"]) == (700001, 0)
    assert (deposited["balance"], withdrawn["balance"]) == (500, 379.5)
    assert (refused["code"], refused["available"], refused["outcome"]) == ("not_enough_money", 379.5, "not_applied")
    assert margin["margin"]["equity"] == 379.5
    assert [row["profit"] for row in history["trades"]] == [500, -120.5]


def test_lists_and_prices_are_as_the_tour_says(answers: list[dict[str, Any]]) -> None:
    *_, users, price = answers

    assert [sorted(user) for user in users["users"]] == [["balance", "group", "login", "name"]] * 3
    assert users["next_cursor"]
    assert 0 < price["price"]["bid"] < price["price"]["ask"]
