"""`intermodal lab images`: images brought into a lab, which reaches no registry outside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.lab import naming
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.cli.output import Console


class _Images(Command):
    examples = """\
  docker save vote:1 worker:1 -o app.tar && intermodal lab images load app.tar
  intermodal lab images load --registry nginx:1.27 redis:7
"""


@click.command("images", cls=_Images)
@click.argument("action", type=click.Choice(("load",)))
@click.argument("images", nargs=-1, required=True, metavar="TAR|IMAGE...")
@naming.named
@click.option("--registry", "pushed", is_flag=True, help="Into the lab's registry instead of onto every node.")
@click.option(
    "--from", "source", default="", metavar="HOST", help="The engine that has the images; DOCKER_HOST unless said."
)
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@options.speaks
def command(console: Console, action: str, images: tuple[str, ...], name: str, *, pushed: bool, source: str) -> int:  # noqa: ARG001 - there is one action
    """Bring images into a lab: archives as `docker save` writes them, or names of images that an engine here has.

    They are loaded onto every node, or into the lab's registry, from which nodes pull what Docker Hub would have by
    its plain name. The names to use are printed.
    """
    from intermodal.lab import images as lab_images  # noqa: PLC0415 - `--help` does without it

    lab = naming.found(name)
    with lab_images.scratch() as folder:
        archives = _archives(images, source, folder)
        names = (lab_images.push if pushed else lab_images.load)(lab, archives)
    console.result("".join(f"{image}\n" for image in names))
    where = f"in the registry of {lab.name}" if pushed else f"on {len(lab.nodes)} nodes"
    console.say(f"{len(names)} image{'s' * (len(names) != 1)} {where}")
    return DONE


def _archives(images: tuple[str, ...], source: str, folder: str) -> list[Path]:
    """The archives, and one more of the images that are named."""
    from pathlib import Path  # noqa: PLC0415 - `--help` does without it

    archives = [Path(image) for image in images if Path(image).is_file()]
    names = [image for image in images if not Path(image).is_file()]
    if names:
        from intermodal.clients.docker.connect import connect  # noqa: PLC0415 - archives do without it
        from intermodal.lab.images import saved  # noqa: PLC0415 - as above
        from intermodal.model.platform import Target  # noqa: PLC0415 - as above

        target = Target(host=source, environment=os.environ, home=os.environ.get("HOME", ""))
        with connect(target) as engine:
            archives.append(saved(engine, names, Path(folder)))
    return archives
