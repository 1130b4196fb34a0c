"""What of the settings is read here; the settings' own record fits by having these members."""

from pathlib import Path
from typing import Protocol


class AuthSettings(Protocol):
    """All times in seconds."""

    @property
    def token_seconds(self) -> int:
        """How long a token is good."""
        ...

    @property
    def session_seconds(self) -> int:
        """How long after the login the last token ends, however often it was refreshed."""
        ...

    @property
    def issuer(self) -> str:
        """Who makes the tokens."""
        ...

    @property
    def audience(self) -> str:
        """Whom they are for."""
        ...

    @property
    def key_file(self) -> Path:
        """Where the key ring lies; made at the first start."""
        ...

    @property
    def leeway(self) -> int:
        """How far two clocks may differ."""
        ...
