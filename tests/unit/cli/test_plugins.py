"""``mt4api plugin list``: what is installed, and what of it runs."""

import json
import sys
from pathlib import Path
from typing import Any, Protocol

from click.testing import Result

from kernel import VERSION

RULE = """
from kernel.api import get, hookimpl

api = 1


@hookimpl
async def pre_deposit(deposit):
    pass


@get("/rule", scope="money:deposit")
async def rule() -> str:
    return ""


@hookimpl
def register_routes():
    return [rule]
"""


class Run(Protocol):
    def __call__(self, *arguments: str) -> Result: ...


def _listed(run: Run) -> dict[str, Any]:
    listed = run("plugin", "list", "--json")
    assert listed.exit_code == 0, listed.output
    plugins = json.loads(listed.stdout)
    return {plugin["name"]: plugin for plugin in plugins}


def test_out_of_the_box_the_built_ins_are_enabled(run: Run) -> None:
    plugins = _listed(run)

    assert list(plugins) == ["health", "users", "accounts", "trades", "market", "admin"]
    assert {(one["state"], one["version"], one["distribution"]) for one in plugins.values()} == {
        ("enabled", VERSION, "mt4-manager-api")
    }
    assert {"method": "POST", "path": "/api/accounts/{login}/deposit", "scope": "money:deposit"} in plugins["accounts"][
        "routes"
    ]
    assert {"method": "GET", "path": "/api/users/", "scope": "users:read"} in plugins["users"]["routes"]


def test_hooks_come_with_their_place_and_their_limit(run: Run, stranger: Any) -> None:
    stranger("first", "first_rule", RULE.replace("/rule", "/first").replace("def rule", "def first_rule"))
    stranger("second", "second_rule", RULE)
    Path("mt4api.toml").write_text('[kernel]\nplugins = ["second", "first"]\nhook_seconds = 1.5\n')

    plugins = _listed(run)

    assert plugins["second"]["hooks"] == [
        {"name": "pre_deposit", "order": 1, "seconds": 1.5},
        {"name": "register_routes", "order": 1, "seconds": None},
    ]
    assert plugins["first"]["hooks"][0] == {"name": "pre_deposit", "order": 2, "seconds": 1.5}
    assert plugins["second"]["routes"] == [{"method": "GET", "path": "/api/rule", "scope": "money:deposit"}]


def test_what_is_off_is_listed_and_not_imported(run: Run, stranger: Any) -> None:
    stranger("idle", "idle_rule", RULE)

    plugins = _listed(run)

    assert plugins["idle"] == {
        "name": "idle",
        "state": "off",
        "version": "1.2",
        "distribution": "idle_rule",
        "reasons": [],
        "hooks": None,
        "routes": None,
    }
    assert "idle_rule" not in sys.modules


def test_broken_plugins_hide_no_other(run: Run, stranger: Any) -> None:
    stranger("crash", "crash_rule", "raise RuntimeError('no licence')\n")
    stranger("old", "old_rule", RULE.replace("api = 1", "api = 0"))
    stranger("misspelt", "misspelt_rule", RULE.replace("pre_deposit", "pre_deposti"))
    stranger("strict", "strict_rule", RULE)
    stranger("routes", "routes_rule", RULE.replace("return [rule]", "return [1]"))
    names = ["crash", "health", "old", "misspelt", "strict", "routes", "missing"]
    Path("mt4api.toml").write_text(f"[kernel]\nplugins = {names}\n[plugins.strict]\nx = 1\n")

    plugins = _listed(run)

    assert [name for name in names if plugins[name]["state"] == "broken"] == [n for n in names if n != "health"]
    reasons = {name: " ".join(plugin["reasons"]) for name, plugin in plugins.items()}
    assert "RuntimeError: no licence" in reasons["crash"]
    assert "plugin 'old' from old_rule 1.2 is written for 0 of the plugin interface" in reasons["old"]
    assert "did you mean pre_deposit?" in reasons["misspelt"]
    assert "[plugins.strict] x: unknown key" in reasons["strict"]
    assert "its routes are refused" in reasons["routes"]
    assert plugins["missing"]["version"] is None


def test_a_doubled_name_shows_both_claims(run: Run, stranger: Any) -> None:
    stranger("health", "false_health", RULE)

    claims = [one for one in json.loads(run("plugin", "list", "--json").stdout) if one["name"] == "health"]

    assert sorted(claim["distribution"] for claim in claims) == ["false_health", "mt4-manager-api"]
    assert {claim["state"] for claim in claims} == {"broken"}
    assert "false_health" not in sys.modules


def test_the_text_says_the_same(run: Run, stranger: Any) -> None:
    stranger("rule", "text_rule", RULE)
    Path("mt4api.toml").write_text('[kernel]\nplugins = ["rule", "gone"]\n')

    assert run("plugin", "list").stdout.splitlines()[:6] == [
        "rule 1.2 from text_rule: enabled",
        "  hook    pre_deposit, number 1, at most 2 s",
        "  hook    register_routes, number 1, asked once at the start",
        "  route   GET    /api/rule  scope money:deposit",
        "gone not installed: broken",
        "  reason  plugin 'gone' is not installed; is its distribution installed?",
    ]


def test_listing_makes_no_file(run: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))

    _listed(run)

    assert sorted(tmp_path.rglob("*")) == before
