"""`intermodal translate`: an application becomes a platform's files, with a word on every value that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, PROBLEMS, SCHEMA
from intermodal.kit.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from intermodal.cli.loading import Done
    from intermodal.cli.output import Console

STDOUT = "-"


class _Translate(Command):
    examples = """\
  intermodal translate -f compose.yaml --platform kubernetes -o out/
  intermodal translate --platform swarm -o - > stack.yaml
  intermodal translate --platform kubernetes --set isolate=yes --allow-loss privileged -o out/
  intermodal translate --platform kubernetes --json | jq '.ledger[] | select(.outcome == "missing")'
"""


@click.command("translate", cls=_Translate)
@options.sources
@options.settings
@click.option("-o", "--output", metavar="DIR", default=STDOUT, help="Folder to write to; - is stdout, the default.")
@click.option(
    "--output-format",
    type=click.Choice(("yaml", "json", "single")),
    default="yaml",
    help="One YAML file per object, one JSON file per object, or a single YAML file.",
)
@click.option("--force", is_flag=True, help="Write into a folder that is not empty; your files in it are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print documents, diagnostics and the whole ledger as JSON.")
@options.talk
def command(console: Console, output: str, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Translate an application to a platform.

    Every value of your files is carried over or reported. What loses data, weakens security or stops the application
    from starting is an error: nothing is written then, unless --allow-loss names it.
    """
    from intermodal.cli import loading, telling  # noqa: PLC0415 - `--help` does without them

    done = loading.translate(console, chosen)
    extra = () if console.as_json or output != STDOUT else _unattached(done)
    if console.as_json:
        _print_json(console, done)
    else:
        telling.tell(console, done.result.ledger, done.losses, (*done.warnings, *extra))
    if done.refused:
        accepting = " ".join(f"--allow-loss {code}" for code in done.refused)
        console.say(f"nothing was written; to accept what is lost: {accepting}")
        return PROBLEMS
    return _write(console, output, chosen, done)


def _write(console: Console, output: str, chosen: dict[str, Any], done: Done) -> int:
    from intermodal.cli.writing import rendered, write_folder  # noqa: PLC0415 - nothing is written after a refusal

    if output != STDOUT:
        files = rendered(done.result, done.application.name, chosen["output_format"])
        with console.progress(f"writing {output}"):
            return write_folder(console, output, files, force=chosen["force"])
    if not console.as_json:
        from intermodal.cli.writing import as_stream  # noqa: PLC0415 - as above

        console.result(as_stream(done.result, chosen["output_format"]))
    return DONE


def _print_json(console: Console, done: Done) -> None:
    from intermodal.cli.telling import as_data  # noqa: PLC0415 - as above

    documents = [{"name": document.stem, "content": document.content} for document in done.result.documents]
    console.data(
        {
            "schema": SCHEMA,
            "application": done.application.name,
            "platform": done.platform.name,
            "refused": bool(done.refused),
            "documents": documents,
            "attached": [file.path for file in done.result.attached],
            **as_data(done.result.ledger, done.losses, done.warnings),
        }
    )


def _unattached(done: Done) -> tuple[Diagnostic, ...]:
    """Written to stdout, documents have no files beside them."""
    paths = [file.path for file in done.result.attached]
    if not paths:
        return ()
    named = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return (
        Diagnostic(
            code="files-not-beside",
            severity=Severity.WARNING,
            message=f"what is printed refers to files that are not beside it: {named}",
            help="-o DIR writes them too",
        ),
    )
