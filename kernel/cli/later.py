"""A group of commands that are imported when one is called, so that help comes without the web stack."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click
from rich_click import RichCommand, RichGroup

import kernel
from kernel.cli.faults import CANNOT, Fault


class Announced(RichCommand):
    """Stands in the help for a command that is not imported yet."""

    def __init__(self, name: str, place: str, summary: str) -> None:
        """Keep where the command is, as ``module:attribute``."""
        super().__init__(name=name, help=summary)
        self.place = place

    def command(self) -> click.Command:
        """Import the command; raises ``Fault`` when something that it needs is not installed."""
        module, _, attribute = self.place.partition(":")
        try:
            return cast("click.Command", getattr(import_module(module), attribute))
        except ImportError as error:
            home = Path(kernel.__file__).parent
            raise Fault(
                f"The command {self.name} cannot be loaded: {error}. The installation is incomplete, or another "
                f"package has overwritten files in {home}: install mt4-manager-api again"
            ) from error


class Later(RichGroup):
    """Also tells a ``Fault`` of any command in words."""

    def __init__(self, *arguments: Any, later: Mapping[str, tuple[str, str]], **options: Any) -> None:
        """``later`` has place and summary by name."""
        super().__init__(*arguments, **options)
        for name, (place, summary) in later.items():
            self.add_command(Announced(name, place, summary))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's interface
        """Keep the order in which they were given: the most used first."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Import the command that is really called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.command() if isinstance(command, Announced) else command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what an operator can mend ends it with exit code 2 and a message."""
        try:
            return super().invoke(ctx)
        except Fault as fault:
            click.echo(f"mt4api: {fault}", err=True)
            ctx.exit(CANNOT)
