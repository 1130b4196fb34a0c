"""What the loader refuses, and how it names it."""

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from kernel.config import ConfigError, load
from kernel.enabled import enabled_plugins
from kernel.hooks import hookimpl
from kernel.loader import GROUP, PluginError, discover
from kernel.loader import load as load_plugins

Entry = Callable[..., EntryPoint]
KERNEL = "from an unknown distribution ?"


def enabled(*entries: EntryPoint, **overrides: Any) -> list[Any]:
    """Enable all of the entries, in their order."""
    names = tuple(dict.fromkeys(entry.name for entry in entries))
    given = {"kernel.plugins": names, **{name.replace("__", "."): value for name, value in overrides.items()}}
    return enabled_plugins(load(None, {}, given), entries)


def problems(*entries: EntryPoint, **overrides: Any) -> list[str]:
    with pytest.raises(PluginError) as caught:
        enabled(*entries, **overrides)
    return list(caught.value.problems)


def test_a_missing_plugin_is_named_with_the_nearest_one_that_is_there(entry: Entry) -> None:
    _, found = load_plugins(["acounts", "zzz"], [entry("accounts")])

    assert found == [
        "plugin 'acounts' is not installed; did you mean 'accounts'?",
        "plugin 'zzz' is not installed; is its distribution installed?",
    ]


def test_a_plugin_listed_twice_is_loaded_once_and_named(entry: Entry) -> None:
    plugins, found = load_plugins(["one", "one"], [entry("one")])

    assert [plugin.name for plugin in plugins] == ["one"]
    assert found == ["plugin 'one' is listed twice in the settings"]


def test_settings_that_list_a_plugin_twice_stop_the_start(entry: Entry) -> None:
    with pytest.raises(ConfigError, match="one is listed twice"):
        enabled(entry("one"), kernel__plugins=("one", "one"))


def test_only_listed_plugins_are_imported(entry: Entry) -> None:
    broken = EntryPoint("broken", "there_is_no_such_module", GROUP)

    plugins, found = load_plugins(["one"], [entry("one"), broken])

    assert ([plugin.name for plugin in plugins], found) == (["one"], [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("import not_there_at_all", "ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("def (", "SyntaxError"),
    ],
)
def test_a_plugin_that_breaks_at_import_is_named_and_stops_nothing_else(
    body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Entry
) -> None:
    (tmp_path / "breaks_at_import.py").write_text(body)
    monkeypatch.syspath_prepend(tmp_path)
    entries = [EntryPoint("broken", "breaks_at_import", GROUP), entry("one")]

    plugins, found = load_plugins(["broken", "one"], entries)

    assert [plugin.name for plugin in plugins] == ["one"]
    assert len(found) == 1
    assert found[0].startswith(f"plugin 'broken' {KERNEL} cannot be imported: {said}")


@pytest.mark.parametrize(
    ("api", "said"),
    [
        (2, "is written for 2 of the plugin interface; this kernel has api = 1"),
        ("1", "is written for '1' of the plugin interface; this kernel has api = 1"),
        (None, "does not say which plugin interface; this kernel has api = 1"),
    ],
)
def test_another_api_version_is_refused(api: object, said: str, entry: Entry) -> None:
    assert problems(entry("old", api=api)) == [f"plugin 'old' {KERNEL} {said}"]


@hookimpl
def a_sync_check(deposit: Any) -> None: ...


@hookimpl
async def an_async_register() -> None: ...


@hookimpl
async def an_unknown_argument(deposit: Any, deposits: Any) -> None: ...


@hookimpl
async def a_defaulted_argument(deposit: Any = None) -> None: ...


@hookimpl
async def a_keyword_argument(*, deposit: Any) -> None: ...


@hookimpl
async def rest_arguments(*deposit: Any) -> None: ...


@hookimpl
async def fits(login: Any) -> None: ...


@hookimpl(wrapper=True)
def a_wrapper() -> Any:
    yield


@hookimpl(specname="pre_deposti")
async def misnamed(login: Any) -> None: ...


@pytest.mark.parametrize(
    ("member", "implementation", "said"),
    [
        ("pre_deposit", a_sync_check, "hook pre_deposit must be 'async def'"),
        ("on_price", a_sync_check, "hook on_price must be 'async def'"),
        ("register_routes", an_async_register, "hook register_routes must be a plain 'def'"),
        ("pre_deposit", a_defaulted_argument, "hook pre_deposit must take 'deposit: Any = None' by its plain name"),
        ("pre_deposit", a_keyword_argument, "hook pre_deposit must take 'deposit: Any' by its plain name"),
        ("pre_deposit", rest_arguments, "hook pre_deposit must take '*deposit: Any' by its plain name"),
        ("pre_deposit", an_unknown_argument, "'deposits'"),
        ("pre_deposits", fits, "there is no hook pre_deposits; did you mean pre_deposit?"),
        ("zzz", fits, "there is no hook zzz"),
        ("check", misnamed, "there is no hook pre_deposti; did you mean pre_deposit?"),
        ("pre_deposit", a_wrapper, "hook pre_deposit is a wrapper, which could turn a refusal round"),
    ],
)
def test_a_hook_that_would_not_be_called_as_meant_is_refused(
    member: str, implementation: Any, said: str, entry: Entry
) -> None:
    found = problems(entry("rule", **{member: implementation}))

    assert all(problem.startswith(f"plugin 'rule' {KERNEL}") for problem in found)
    assert any(said in problem for problem in found), found


def test_all_problems_of_all_plugins_are_told_at_once(entry: Entry) -> None:
    found = problems(entry("old", api=0), entry("rule", pre_deposit=a_sync_check), entry("typo", pre_depositt=fits))

    assert [problem.split(" ")[1] for problem in found] == ["'old'", "'rule'", "'typo'"]


def test_broken_plugins_are_left_out_only_by_choice(entry: Entry) -> None:
    def garbage() -> Any:
        return 5

    plugins = enabled(
        entry("old", api=0),
        entry("fine"),
        entry("typo", pre_depositt=fits),
        entry("odd", register_settings=hookimpl(garbage)),
        kernel__on_plugin_error="skip",
    )

    assert [plugin.name for plugin in plugins] == ["fine"]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of a plugin."""

    most: int
    currency: str = "USD"


@hookimpl
def limits() -> Any:
    return Limits


def test_each_plugin_gets_its_own_settings_filled(entry: Entry) -> None:
    one, two = enabled(
        entry("one", register_settings=limits), entry("two", register_settings=limits), plugins__one__most=5,
        plugins__two__most=6,
    )  # fmt: skip

    assert (one.settings, two.settings) == (Limits(5), Limits(6))


@pytest.mark.parametrize("brought", [5, None, "Limits", dict, Limits(1)])
def test_register_settings_must_bring_a_struct(brought: object, entry: Entry) -> None:
    def register_settings() -> Any:
        return brought

    assert problems(entry("odd", register_settings=hookimpl(register_settings))) == [
        f"plugin 'odd' {KERNEL}: register_settings must return a msgspec Struct type"
    ]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit("no")])
def test_register_settings_that_breaks_is_named(error: BaseException, entry: Entry) -> None:
    def register_settings() -> Any:
        raise error

    assert problems(entry("odd", register_settings=hookimpl(register_settings))) == [
        f"plugin 'odd' {KERNEL}: register_settings broke: {type(error).__name__}: no"
    ]


def test_wrong_settings_of_all_plugins_are_told_at_once(entry: Entry) -> None:
    with pytest.raises(ConfigError) as caught:
        enabled(
            entry("one", register_settings=limits),
            entry("two", register_settings=limits),
            entry("bare"),
            plugins__one__moist=5,
            plugins__two__most="many",
            plugins__bare__any=1,
            plugins__tow__most=1,
        )

    text = str(caught.value)
    assert all(name in text for name in ("plugins.one", "most", "plugins.two", "plugins.bare", "plugins.tow"))


def test_two_distributions_that_claim_one_name_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("acme-rules", "zenith-rules"):
        _install(tmp_path, name, "limit = some_module")
    monkeypatch.syspath_prepend(tmp_path)

    plugins, found = load_plugins(["limit"], discover())

    assert plugins == []
    assert found == ["plugin 'limit' is claimed by acme-rules 1.0 and zenith-rules 1.0: uninstall one of them"]


def test_a_stranger_with_the_name_of_a_built_in_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "evil", "accounts = evil_accounts")
    (tmp_path / "evil_accounts.py").write_text("api = 1\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(PluginError, match=r"plugin 'accounts' is claimed by evil 1\.0 and mt4-manager-api"):
        enabled_plugins(load(None, {}))
    assert "evil_accounts" not in sys.modules


def _install(site: Path, distribution: str, entry: str) -> None:
    folder = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(f"[{GROUP}]\n{entry}\n")
