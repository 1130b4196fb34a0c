"""Whether the service finds its place: the data folder, the store, the token keys, the port."""

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kernel.auth.keys import KeysUnusable, open_ring
from kernel.cli.checks import Verdict, fail, ok, warn
from kernel.cli.faults import Fault
from kernel.cli.listening import listening
from kernel.config import Settings
from kernel.store import StoreUnusable
from kernel.store.lock import FileLock
from kernel.store.migrations import pending, shipped
from kernel.store.place import OTHERS

_LITTLE_SPACE: Final = 256 * 2**20


def place(settings: Settings) -> Iterator[Verdict]:
    """Look at everything that the service uses on this machine."""
    yield _folder(settings.data)
    holder = _holder(settings.store_path)
    yield _store(settings.store_path, holder)
    yield _keys(settings.key_path)
    yield _port(settings, running=holder is not None)


def _folder(path: Path) -> Verdict:
    name = "data folder"
    if not path.exists():
        above = next(parent for parent in path.resolve().parents if parent.exists())
        if not os.access(above, os.W_OK | os.X_OK):
            return fail(name, f"{path} is not there and cannot be made in {above}", "give another one with --data")
        return ok(name, f"{path} is not there yet; the first start makes it")
    try:
        with tempfile.TemporaryFile(dir=path):
            free = shutil.disk_usage(path).free
    except OSError as error:
        return fail(name, f"{path} cannot be written to: {error.strerror or error}", "mend its owner and mode")
    mode = path.stat().st_mode
    if os.name == "posix" and mode & OTHERS:
        reason = f"{path} is open to others (mode {stat.S_IMODE(mode):04o})"
        return warn(name, reason, f"chmod 700 {path}")
    if free < _LITTLE_SPACE:
        return warn(name, f"{path} has only {free // 2**20} MiB left on its disk", "make room")
    return ok(name, f"{path} is writable, {free // 2**30} GiB free")


def _holder(path: Path) -> str | None:
    """Name the process that serves from the store, None when there is none."""
    lock_file = path.with_name(f"{path.name}.lock")
    if not lock_file.exists():
        return None
    lock = FileLock(lock_file)
    try:
        if lock.acquire():
            lock.release()
            return None
        return lock.holder()
    except OSError:
        return None  # not ours to touch: the check of the store says so


def _store(path: Path, holder: str | None) -> Verdict:
    name = "store"
    if not path.exists():
        return ok(name, f"{path} is not there yet; the first start makes it")
    if holder is not None:
        return ok(name, f"{path} is in use by the running service, process {holder}")
    # SQLite makes files beside the store even to read it: those of another user would lock the service out.
    if os.name == "posix" and path.stat().st_uid != os.geteuid():
        advice = "run the doctor as the user of the service"
        return warn(name, f"{path} belongs to another user, so it was not opened", advice)
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            waiting = pending(connection, shipped())
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, StoreUnusable) as error:
        return fail(name, f"{path}: {error}", "restore a backup, or name another file in [store] path")
    if sound != "ok":
        return fail(name, f"{path} is damaged: {sound}", "restore a backup")
    news = f"; the next start applies {len(waiting)} migrations" if waiting else ""
    return ok(name, f"{path} opens{news}")


def _keys(path: Path) -> Verdict:
    name = "token keys"
    if not path.exists():
        return ok(name, f"{path} is not there yet; the first start makes it")
    try:
        open_ring(path, int(time.time()))
    except KeysUnusable as error:
        return fail(name, str(error), "see the reason; a new key ends all tokens, users log in again")
    return ok(name, f"{path} is sound and private")


def _port(settings: Settings, *, running: bool) -> Verdict:
    name = "port"
    host, port = settings.server.host, settings.server.port
    try:
        with listening(host, port):
            return ok(name, f"{port} on {host} is free")
    except Fault as fault:
        if running:
            return ok(name, f"{port} on {host} is in use, as the service is running")
        return fail(name, str(fault), "see the reason")
