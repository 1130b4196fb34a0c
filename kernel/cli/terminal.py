"""What ``serve`` says to the person who started it; none of it goes through the log."""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

import click

from kernel import VERSION
from kernel.auth.service import FirstAdmin
from kernel.cli.listening import url
from kernel.config import Settings
from kernel.http.page import PAGE
from kernel.store.place import PRIVATE_FILE, PRIVATE_FOLDER

FILE: Final = "first-admin.txt"
"""In the data folder: the first admin's password and a line end, where there is no terminal to show it on."""

_LOGIN: Final = "/api/auth/login"


class Terminal:
    """Tells of the start; the first admin's password is shown exactly once."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings, which say where the service will listen."""
        self._settings = settings
        self._url = url(settings.server.host, settings.server.port)
        self._curl = f"curl -s {self._url}{_LOGIN} -d username=NAME --data-urlencode password=PASSWORD"
        self._secret: FirstAdmin | None = None

    def keep(self, first: FirstAdmin | None) -> None:
        """Take the first user of a fresh store; without a terminal the password goes to a file at once."""
        if first is None:
            return
        if sys.stderr.isatty():
            self._secret = first
            return
        path = (self._settings.data / FILE).resolve()
        try:
            _write(path, first.password)
        except OSError as error:
            _say(
                f"mt4api: The password of {first.name} could not be written to {path}: {error.strerror or error}. "
                f"Nobody knows it now; give another one with: mt4api users passwd {first.name}"
            )
            return
        _say(f"The first user {first.name} was made. The password is in {path}: read it, then delete the file.")
        self._curl = f'{self._login(first.name)} --data-urlencode "password=$(cat {shlex.quote(str(path))})"'

    def announce(self) -> None:
        """Say that the service listens, where, and how to log in."""
        mt4 = self._settings.mt4
        simulated = "the embedded simulator: accounts, money and prices are made up"
        real = f"{mt4.server}, manager {mt4.login}, driver {mt4.driver}"
        _say(f"mt4-manager-api {VERSION} is listening on {self._url}")
        _say(f"  API page      {self._url}{PAGE}")
        self.reveal()
        _say(f"  Log in        {self._curl}")
        _say(f"  Trade server  {simulated if mt4.driver == 'simulator' else real}")
        _say("  Stop          Ctrl-C")

    def reveal(self) -> None:
        """Show the first admin's password if it was not shown yet: also when the start failed later on."""
        first, self._secret = self._secret, None
        if first is not None:
            _say(f"  First user    {first.name}, password {first.password}")
            _say(f"                shown only this once; change it with: mt4api users passwd {first.name}")
            self._curl = f"{self._login(first.name)} --data-urlencode password=PASSWORD"

    def _login(self, name: str) -> str:
        return f"curl -s {self._url}{_LOGIN} -d username={name}"


def _write(path: Path, password: str) -> None:
    """Write a file for its owner only; one that is left from before is replaced, not written into."""
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{password}\n")
        file.flush()
        os.fsync(file.fileno())


def _say(line: str) -> None:
    click.echo(line, err=True)
