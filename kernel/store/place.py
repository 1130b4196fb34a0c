"""Where a store's file may lie: private to its owner, on a disk of this machine."""

import os
import re
from pathlib import Path, PureWindowsPath
from typing import Final

from kernel.store import StoreUnusable

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
OTHERS: Final = 0o077
"""The permission bits that group and world have; Windows reports them without meaning them."""

_NETWORK: Final = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "coda", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"ocfs2", "orangefs", "smb2", "smb3", "smbfs"}
    | {f"fuse.{name}" for name in ("ceph", "ceph-fuse", "davfs", "gcsfuse", "glusterfs", "rclone", "s3fs", "sshfs")}
)
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


def prepare(path: Path, mounts: Path) -> None:
    """Make the folder and the empty file, for their owner only; raises ``StoreUnusable``.

    An existing file is closed to others; an existing folder stays as it is. ``mounts`` is the
    system's table of mounted file systems, where it has one.
    """
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _refuse_network(path, mounts)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
        for suffix in ("", "-wal", "-shm"):
            file = path.with_name(path.name + suffix)
            if file.exists() and file.stat().st_mode & OTHERS:
                file.chmod(PRIVATE_FILE)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreUnusable(f"The store {path} cannot be made or opened: {error.strerror or error}") from error


def sync_folder(folder: Path) -> None:
    """Make a new name in the folder survive a power cut; Windows needs and has no such call."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_system(path: Path, table: str) -> str | None:
    """Name the file system that holds the absolute path, by a table in the form of ``/proc/mounts``."""
    best, kind = -1, None
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004 - device, mount point and kind are the first three
            continue
        point = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[1]))
        # A later mount on the same point covers the earlier one, so equal depth wins too.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def _refuse_network(path: Path, mounts: Path) -> None:
    if is_share(str(path)):
        kind = "a Windows share"
    else:
        found = file_system(path, mounts.read_text(encoding="utf-8", errors="replace")) if mounts.exists() else None
        kind = found if found in _NETWORK else None
    if kind:
        raise StoreUnusable(
            f"The store {path} lies on a network file system ({kind}), where locks and syncs cannot be trusted. "
            "Put it on a disk of this machine"
        )


def is_share(path: str) -> bool:
    r"""Whether a resolved Windows path leads to another machine; ``\\?\C:`` and the like do not."""
    drive = PureWindowsPath(path).drive.upper()
    return drive.startswith("\\\\?\\UNC") or (drive.startswith("\\\\") and drive[2:4] not in {"?\\", ".\\"})
