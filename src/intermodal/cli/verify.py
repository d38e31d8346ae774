"""`intermodal verify`: whether what runs is what the file says, field by field, and well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, PROBLEMS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.cli.output import Console
    from intermodal.model.changes import Difference
    from intermodal.model.running import Standing


class _Verify(Command):
    examples = """\
  intermodal verify
  intermodal verify -f compose.yaml --platform swarm
  intermodal verify --json | jq '.drift'
"""


@click.command("verify", cls=_Verify)
@options.engine
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Compare what runs with what the files say, and look whether it is well.

    Every field of every service, network, volume, config and secret is compared with the engine's own account; the
    exit code is 1 where anything differs or is not healthy.
    """
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it
    from intermodal.platforms.rollout import WELL, standing  # noqa: PLC0415 - as above

    loaded = connection.loaded(console, chosen)
    drift = loaded.engine.drift(loaded.application, loaded.files, loaded.wishes)
    running = loaded.engine.observe(loaded.application.name)
    standings = tuple(standing(service) for service in running.services.values())
    ill = [one for one in standings if one.health not in WELL]
    if console.as_json:
        _print_json(console, drift, standings)
    else:
        _print(console, drift, ill)
        if not drift:
            console.result(f"what runs is what the file says: {len(standings)} services compared\n")
    return PROBLEMS if drift or ill else DONE


def _print(console: Console, drift: Mapping[str, tuple[Difference, ...]], ill: list[Standing]) -> None:
    from intermodal.cli.differences import lines  # noqa: PLC0415 - JSON does without it

    for key, differences in drift.items():
        console.result(f"{key.replace('/', ' ', 1)} is not as the file says\n{lines(differences)}")
    for one in ill:
        why = "".join(f"    {reason}\n" for reason in one.why)
        console.result(f"service {one.service} is not healthy: {one.ready} of {one.wanted}\n{why}")


def _print_json(console: Console, drift: Mapping[str, tuple[Difference, ...]], standings: tuple[Standing, ...]) -> None:
    from intermodal.kit.records import as_dict  # noqa: PLC0415 - text does without it

    console.data(
        {
            "schema": SCHEMA,
            "drift": {key: [as_dict(one) for one in differences] for key, differences in drift.items()},
            "services": [as_dict(one) for one in standings],
        }
    )
