"""``mt4api plugin``: what is installed, what of it runs, and what is wrong with the rest."""

import click
import msgspec
from rich_click import RichGroup

from kernel.cli.listing import Described, described
from kernel.cli.options import located
from kernel.cli.reading import read_settings, told
from kernel.cli.survey import survey
from kernel.loader import discover


@click.group("plugin", cls=RichGroup)
@located
def plugin() -> None:
    """Look at the plugins."""


@plugin.command("list")
@located
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of text.")
def list_plugins(as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """List every installed plugin, whether the settings list it or not.

    State is enabled, off (installed, but not listed in [kernel] plugins) or broken, with the reasons.
    For each enabled plugin: its hooks with their place among all plugins' and their time limit in
    seconds, and its routes with the scope that they ask for. Plugins that are off are not imported, so
    nothing more is known of them. Needs neither a store nor a trade server.
    """
    with told():
        settings = read_settings()
        installed = discover()
        plugins = described(settings, survey(settings, installed), installed)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(plugins)).decode())
    else:
        click.echo("\n".join(map(_text, plugins)) if plugins else "No plugin is installed or listed.")


def _text(one: Described) -> str:
    name = click.style(one.name, bold=True)
    origin = f"{one.version} from {one.distribution}" if one.distribution else "not installed"
    color = {"enabled": "green", "off": None, "broken": "red"}[one.state]
    lines = [f"{name} {origin}: {click.style(one.state, fg=color)}"]
    lines += [f"  reason  {reason}" for reason in one.reasons]
    lines += [
        f"  hook    {hook.name}, number {hook.order}, "
        + (f"at most {hook.seconds:g} s" if hook.seconds is not None else "asked once at the start")
        for hook in one.hooks or ()
    ]
    lines += [f"  route   {route.method:6} {route.path}  scope {route.scope}" for route in one.routes or ()]
    return "\n".join(lines)
