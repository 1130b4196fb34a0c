"""``mt4api config``: the settings checked, shown and described."""

import json

import click
from rich_click import RichGroup

from kernel.cli.options import located
from kernel.cli.reading import read_settings, told
from kernel.cli.survey import every_problem, survey
from kernel.config import ConfigError, schema, shown


@click.group("config", cls=RichGroup)
@located
def config() -> None:
    """Look at the settings."""


@config.command("check")
@located
@click.pass_context
def check(context: click.Context) -> None:
    """Check the settings of the kernel, the driver and every listed plugin, and report all problems at once.

    Each problem is a line with the section, the key, what is wrong and where the value came from. The
    exit code is 0 when there is none and 1 otherwise. Plugins and driver are imported, nothing is started.
    """
    try:
        settings = read_settings()
        problems = survey(settings).faults
    except ConfigError as error:
        problems = every_problem(error)
    else:
        if not problems:
            plugins = ", ".join(settings.kernel.plugins) or "none"
            click.echo(f"The settings are valid. Driver: {settings.mt4.driver}. Plugins: {plugins}.")
            return
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found.", err=True)
    context.exit(1)


@config.command("show")
@located
@click.option("--origin", is_flag=True, help="Add to each key where its value came from.")
def show(origin: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show all settings as they take effect, as TOML, with secrets as stars.

    Sections of plugins that are not loaded are shown with every value starred.
    """
    with told():
        settings = read_settings()
        found = survey(settings)
        for reasons in found.reasons.values():
            click.echo("\n".join(f"mt4api: {reason}" for reason in reasons), err=True)
        sound = {plugin.name for plugin in found.plugins}
        types = {place: kind for place, kind in found.types.items() if place[0] == "mt4" or place[1] in sound}
        click.echo(shown(settings, origin=origin, types=types), nl=False)


@config.command("schema")
@located
def print_schema() -> None:
    """Print the JSON Schema of the settings file, with the sections of the driver and of the listed plugins.

    Editors complete and check mt4api.toml with it.
    """
    with told():
        settings = read_settings()
    click.echo(json.dumps(schema(survey(settings).types), indent=2, ensure_ascii=False))
