"""What good settings become, and which source wins."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kernel.config import Auth, ConfigError, Kernel, Mt4, Server, Store, load

Write = Callable[[str], Path]


def test_without_any_source_everything_has_its_default() -> None:
    settings = load()

    assert settings.server == Server()
    assert settings.mt4 == Mt4()
    assert settings.auth == Auth()
    assert settings.store == Store()
    assert settings.kernel == Kernel()
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert (settings.mt4.driver, settings.mt4.login, settings.mt4.code_page) == ("simulator", 224, "cp1252")
    assert settings.kernel.plugins == ("health", "users", "accounts", "trades", "market", "admin")


def test_the_file_in_the_working_directory_is_read_without_being_named(write: Write) -> None:
    write("[server]\nport = 7000\n")

    assert load().server.port == 7000


def test_a_named_file_that_is_missing_is_an_error() -> None:
    with pytest.raises(ConfigError) as caught:
        load(Path("other.toml"))

    assert str(caught.value) == "the settings file cannot be read: No such file or directory (other.toml)"


def test_the_variable_names_the_file_and_an_explicit_path_wins_over_it(write: Write, folder: Path) -> None:
    write("[server]\nport = 1\n")
    (folder / "a.toml").write_text("[server]\nport = 2\n")
    (folder / "b.toml").write_text("[server]\nport = 3\n")

    assert load(environ={"MT4API_CONFIG": "a.toml"}).server.port == 2
    assert load(Path("b.toml"), {"MT4API_CONFIG": "a.toml"}).server.port == 3
    assert load(environ={"MT4API_CONFIG": ""}).server.port == 1
    with pytest.raises(ConfigError, match=r"cannot be read: .* \(gone.toml\)"):
        load(environ={"MT4API_CONFIG": "gone.toml"})


def test_the_command_line_wins_over_the_environment_over_the_file_over_the_default(write: Write) -> None:
    path = write("[server]\nport = 2\nbody_bytes = 2000\nhost = '0.0.0.0'\n")
    environ = {"MT4API_SERVER__PORT": "3", "MT4API_SERVER__BODY_BYTES": "3000"}

    server = load(path, environ, {"server.port": 4, "server.host": None}).server

    assert (server.port, server.body_bytes, server.host, server.mail_body_bytes) == (4, 3000, "0.0.0.0", 262_144)  # noqa: S104 - a value to read, nothing listens


def test_a_whole_file_of_good_values_is_taken_as_written(write: Write) -> None:
    path = write("""
        [mt4]
        driver = "remote"
        server = "[2001:db8::1]:1950"
        login = 2147483647
        password = "pÄss"
        code_page = "windows-1251"
        largest_amount = 2500.50
        money_digits = { JPY = 0, BTC = 8 }
        connect_targets = ["*.broker.example:443", "10.0.0.*", "mt4:*"]
        [kernel]
        plugins = ["my-rule", "users"]
        on_plugin_error = "skip"
        [auth]
        token_hours = 0.5
        session_days = 1.5
        key_file = "/run/keys.json"
        [store]
        path = "other.sqlite3"
    """)

    settings = load(path)

    assert settings.mt4.password.reveal() == "pÄss"
    assert settings.mt4.largest_amount == Decimal("2500.5")
    assert settings.mt4.money_digits == {"JPY": 0, "BTC": 8}
    assert settings.mt4.connect_targets == ("*.broker.example:443", "10.0.0.*", "mt4:*")
    assert settings.kernel.plugins == ("my-rule", "users")
    assert (settings.auth.token_seconds, settings.auth.session_seconds) == (1800, 129_600)
    assert (settings.key_path, settings.store_path) == (Path("/run/keys.json"), Path("other.sqlite3"))


def test_what_the_service_writes_is_in_the_data_folder_unless_said_otherwise() -> None:
    settings = load(overrides={"kernel.data": "here"})

    assert (settings.data, settings.key_path, settings.store_path) == (
        Path("here"),
        Path("here/keys.json"),
        Path("here/mt4api.sqlite3"),
    )


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder: Path) -> None:
    (folder / "mt4api.toml").write_bytes(b"\xef\xbb\xbf[server]\r\nport = 7000\r\n")

    settings = load()

    assert settings.server.port == 7000
    assert str(settings.origin("server", "port")) == "mt4api.toml:2"


def test_reading_settings_loads_neither_the_web_stack_nor_the_log() -> None:
    code = "import sys, kernel.config; print(sorted({'litestar', 'structlog', 'pluggy', 'rich'} & set(sys.modules)))"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_root())

    assert result.stdout.strip() == "[]"


def _root() -> Path:
    return Path(__file__).parents[3]
