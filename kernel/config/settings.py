"""All settings of one start of the service."""

from dataclasses import dataclass, field
from pathlib import Path

from kernel.config.problems import Origin, Place
from kernel.config.sections import Auth, Kernel, Mt4, Server, Store
from kernel.config.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The kernel's sections as records; those of plugins and drivers wait in ``tables`` for ``fill``."""

    server: Server
    mt4: Mt4
    auth: Auth
    store: Store
    kernel: Kernel
    tables: Tables = field(repr=False, compare=False)

    def origin(self, section: str | Place, key: str) -> Origin:
        """Tell where a key's value came from; the section is ``"server"`` or ``("plugins", "limits")``."""
        place = tuple(section.split(".")) if isinstance(section, str) else section
        return self.tables.origin((*place, key))

    @property
    def data(self) -> Path:
        """The folder for what the service writes, relative to the working directory."""
        return Path(self.kernel.data)

    @property
    def key_path(self) -> Path:
        """The file of the token keys."""
        return Path(self.auth.key_file) if self.auth.key_file else self.data / "keys.json"

    @property
    def store_path(self) -> Path:
        """The SQLite file of the service's own store."""
        return Path(self.store.path) if self.store.path else self.data / "mt4api.sqlite3"
