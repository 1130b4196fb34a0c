"""The docs say what the code does: generated pages are fresh, links lead somewhere, printed code runs."""

import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kernel import hooks
from kernel.drivers.simulator import faults
from kernel.testing import bench

LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#]*)(#[^)]*)?\)")


def pages(root: Path) -> Iterator[Path]:
    yield from (root / "README.md", root / "CHANGELOG.md", *(root / "docs").glob("*.md"))
    yield from (root / "examples").glob("*/README.md")


def block(page: Path, number: int, language: str = "python") -> str:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[number]


def module(name: str, source: str) -> ModuleType:
    made = ModuleType(name)
    exec(compile(source, name, "exec"), vars(made))  # noqa: S102 - it is the docs' own code, which readers will copy
    return made


@pytest.fixture
def generated(root: Path) -> dict[str, Callable[[], str]]:
    return runpy.run_path(str(root / "docs" / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", ["hooks.md", "settings.md", "codes.md"])
def test_a_generated_page_is_fresh(root: Path, generated: dict[str, Callable[[], str]], name: str) -> None:
    written = (root / "docs" / name).read_text(encoding="utf-8")

    assert written == generated[name](), "run python docs/generate.py"


def test_every_generated_page_is_compared(generated: dict[str, Callable[[], str]]) -> None:
    assert sorted(generated) == ["codes.md", "hooks.md", "settings.md"]


def test_every_hook_has_its_place_in_the_docs(root: Path) -> None:
    known = [name for name, found in vars(hooks).items() if hasattr(found, f"{hooks.PROJECT}_spec")]

    text = (root / "docs" / "hooks.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == sorted(known)


def test_every_link_leads_to_a_file_and_a_heading(root: Path) -> None:
    broken: list[str] = []
    for page in pages(root):
        for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
            place = page.parent / target if target else page
            if not place.exists() or (anchor and anchor[1:] not in anchors(place)):
                broken.append(f"{page.name}: {target}{anchor}")

    assert broken == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_page_is_reached_from_the_index(root: Path) -> None:
    index = (root / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {target for target, _ in LINK.findall(index)}

    assert {page.name for page in (root / "docs").glob("*.md")} - {"index.md"} == linked


async def test_the_rule_of_the_readme_refuses(root: Path) -> None:
    rule = module("readme_rule", block(root / "README.md", 0))
    async with bench(plugins={"readme_rule": rule}) as kernel:
        answers = [await deposit(kernel, amount) for amount in ("10000", "10000.01")]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["reason"] == "above the limit for one deposit"


async def test_the_rule_and_the_test_of_the_plugin_page_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = root / "docs" / "plugins.md"
    monkeypatch.setitem(sys.modules, "my_limit", module("my_limit", block(page, 0)))

    await vars(module("my_limit_test", block(page, 2)))["test_a_large_deposit_is_refused"]()


async def test_the_route_of_the_plugin_page_answers_with_its_own_scope(root: Path) -> None:
    source = "api = 1\n" + block(root / "docs" / "plugins.md", 1)
    async with bench(plugins={"free": module("free", source)}) as kernel:
        login = await first(kernel)
        client = await kernel.client_with("*")
        answer = await client.get(f"/api/free/{login}")
        margin = (await kernel.client.get(f"/api/accounts/{login}/margin")).json()["margin"]

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "login": login, "free": margin["margin_free"]},
    )


async def test_the_plan_of_faults_of_the_simulator_page_is_read(root: Path, tmp_path: Path) -> None:
    plan = tmp_path / "faults.toml"
    plan.write_text(block(root / "docs" / "simulator.md", 0, "toml"), encoding="utf-8")

    assert [(fault.call, fault.kind) for fault in faults.read(plan).faults] == [
        ("trade_transaction", "lost_after"),
        ("users", "latency"),
    ]


def test_the_simulator_page_names_every_kind_of_fault(root: Path) -> None:

    table = (root / "docs" / "simulator.md").read_text(encoding="utf-8").partition("| kind |")[2]
    rows = "\n".join(line for line in table.splitlines() if line.startswith("| `"))

    assert set(re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in rows.splitlines()))) == set(faults.KINDS)


async def first(kernel: Any) -> int:
    return (await kernel.client.get("/api/users/?limit=1")).json()["users"][0]["login"]


async def deposit(kernel: Any, amount: str) -> Any:
    return await kernel.client.post(f"/api/accounts/{await first(kernel)}/deposit", json={"amount": amount})
