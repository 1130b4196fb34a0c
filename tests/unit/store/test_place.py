"""Where a store's file may lie, and who may read it."""

import asyncio
import os
from pathlib import Path

import pytest

from kernel.store import StoreUnusable
from kernel.store.place import file_system, is_share
from kernel.store.sqlite import SqliteStore

posix = pytest.mark.skipif(os.name != "posix", reason="permission bits mean nothing on Windows")

TABLE = r"""/dev/vda / ext4 rw 0 0
host:/export /srv/crm\040data nfs4 rw 0 0
tmpfs /srv/crm\040data/local tmpfs rw 0 0
systemd-1 /auto autofs rw 0 0
//files/share /auto cifs rw 0 0
short
"""


async def open_and_close(store: SqliteStore) -> None:
    await store.open()
    await store.close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@posix
async def test_folder_and_files_are_for_their_owner_only(path: Path, store: SqliteStore) -> None:
    assert mode(path.parent) == 0o700
    assert {file.name: mode(file) for file in path.parent.iterdir()} == {
        "store.sqlite3": 0o600,
        "store.sqlite3-shm": 0o600,
        "store.sqlite3-wal": 0o600,
        "store.sqlite3.lock": 0o600,
    }
    assert store.writable


@posix
def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    asyncio.run(open_and_close(SqliteStore(path)))

    assert mode(path) == 0o600


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/store", "ext4"),
        ("/srv/crm data/store", "nfs4"),
        ("/srv/crm data/local/store", "tmpfs"),
        ("/srv/crm data2/store", "ext4"),
        ("/auto/store", "cifs"),
    ],
)
@posix
def test_the_deepest_and_latest_mount_holds_a_path(path: str, kind: str) -> None:
    assert file_system(Path(path), TABLE) == kind


@posix
async def test_a_network_file_system_is_refused_before_a_file_is_made(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nhost:/x {tmp_path}/far nfs4 rw 0 0\n")
    with pytest.raises(StoreUnusable, match="network file system"):
        await SqliteStore(tmp_path / "far" / "store.sqlite3", mounts=mounts).open()

    assert list((tmp_path / "far").iterdir()) == []
    await open_and_close(SqliteStore(tmp_path / "near" / "store.sqlite3", mounts=mounts))


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\files\crm\store", True),
        (r"\\?\UNC\files\crm\store", True),
        (r"C:\mt4api\store", False),
        (r"\\?\C:\mt4api\store", False),
        ("/var/lib/store", False),
    ],
)
def test_a_windows_share_is_told_from_a_drive(path: str, share: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_share(path) is share


async def test_a_folder_in_the_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="cannot be"):
        await SqliteStore(tmp_path).open()
