"""The manual connect reaches only the servers that the settings name."""

import pytest

from kernel.config import Mt4
from kernel.errors import BadInput, Forbidden
from kernel.gateway.targets import refuse_other_targets

LISTED = ("*.broker.example:443", "10.0.0.7:*", "[fe80::1]:443", "mt4")


@pytest.mark.parametrize(
    "server", ["live.broker.example", "LIVE.broker.example:443", "10.0.0.7:1", "10.0.0.7", "[fe80::1]", "mt4:443"]
)
def test_a_listed_server_is_let_through(server: str) -> None:
    assert refuse_other_targets(server, Mt4(driver="native", connect_targets=LISTED)) is None


@pytest.mark.parametrize(
    "server",
    ["live.broker.example:444", "broker.example", "x.broker.example.evil.example", "10.0.0.70", "mt4:80", "127.0.0.1"],
)
def test_any_other_server_is_refused(server: str) -> None:
    with pytest.raises(Forbidden):
        refuse_other_targets(server, Mt4(driver="native", connect_targets=LISTED))


@pytest.mark.parametrize("server", ["host:", "host:http", "host:\uff14", ":443"])
def test_what_is_no_address_is_named(server: str) -> None:
    with pytest.raises(BadInput, match="HOST"):
        refuse_other_targets(server, Mt4(driver="native", connect_targets=("*:*",)))


def test_without_a_list_only_the_configured_server_is_let_through() -> None:
    settings = Mt4(driver="native", server="203.0.113.10:443")

    assert refuse_other_targets("203.0.113.10", settings) is None
    with pytest.raises(Forbidden):
        refuse_other_targets("203.0.113.11", settings)


def test_over_the_simulator_every_address_will_do() -> None:
    assert refuse_other_targets("anything at all", Mt4(driver="simulator", connect_targets=("mt4",))) is None
