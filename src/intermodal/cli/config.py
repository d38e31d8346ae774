"""`intermodal config`: the application with everything resolved, as `docker compose config` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, as_json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from intermodal.cli.output import Console
    from intermodal.compose.load import Loaded
    from intermodal.model.application import Application


class _Config(Command):
    examples = """\
  intermodal config
  intermodal config -f compose.yaml -f compose.prod.yaml --profile web
  intermodal config --services
"""


@click.command("config", cls=_Config)
@options.sources
@click.option("--format", "written", type=click.Choice(("yaml", "json")), default="yaml", help="How it is printed.")
@click.option("--services", "listed", flag_value="services", help="Print the names of the services only.")
@click.option("--volumes", "listed", flag_value="volumes", help="Print the names of the volumes only.")
@click.option("--networks", "listed", flag_value="networks", help="Print the names of the networks only.")
@click.option("--images", "listed", flag_value="images", help="Print the names of the images only.")
@click.option("--profiles", "listed", flag_value="profiles", help="Print the names of all profiles only.")
@click.option("--no-interpolate", is_flag=True, help="Leave ${VARIABLES} as they are written.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit code tells.")
@options.speaks
def command(console: Console, written: str, listed: str | None, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Print the application with everything resolved.

    Files merged, variables filled in, short forms made long: what `docker compose config` prints.
    """
    from intermodal.cli import loading  # noqa: PLC0415 - `--help` does without it

    if listed == "profiles":
        chosen["profiles"] = ("*",)
    loaded = loading.load(console, chosen, interpolate=not chosen["no_interpolate"])
    console.report(loaded.diagnostics)
    if listed:
        console.result("".join(f"{name}\n" for name in _LISTS[listed](loaded.application)))
    elif not console.quiet:
        console.result(_text(loaded, written))
    return DONE


def _text(loaded: Loaded, written: str) -> str:
    from intermodal.compose.render import render  # noqa: PLC0415 - names are printed without it

    if written == "json":
        return as_json_text(render(loaded.tree, loaded.application), indent=2)
    from intermodal.kit.emitter import emit  # noqa: PLC0415 - JSON is printed without it

    return emit(render(loaded.tree, loaded.application, yaml=True))


def _images(application: Application) -> list[str]:
    """What `docker compose` runs: an image it builds is called after the project and the service."""
    services = application.services.values()
    return sorted({service.image or f"{application.name}-{service.name}" for service in services})


def _profiles(application: Application) -> list[str]:
    return sorted({profile for service in application.services.values() for profile in service.profiles})


_LISTS: Mapping[str, Callable[[Application], Iterable[str]]] = {
    "services": lambda application: application.services,
    "volumes": lambda application: application.volumes,
    "networks": lambda application: application.networks,
    "images": _images,
    "profiles": _profiles,
}
