"""A short name for a record's content, for ``ETag`` and ``If-Match``."""

from hashlib import blake2b

import msgspec


def version_of(record: msgspec.Struct) -> str:
    """Give 16 hexadecimal digits that change when any member does."""
    return blake2b(msgspec.msgpack.encode(record), digest_size=8).hexdigest()
