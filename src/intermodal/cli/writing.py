"""A translation as files, or as one stream; and writing the files into a folder that may hold other people's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.cli.output import DONE, PROBLEMS, as_json_text
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.emitter import emit, emit_all

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.kit.folder import Decision, Seen
    from intermodal.platforms import Translated


def rendered(result: Translated, application: str, form: str) -> dict[str, bytes]:
    """The files of a translation by name, attached ones included."""
    files = {file.path: file.content for file in result.attached}
    if form == "single":
        made = {f"{application}.yaml": emit_all(document.content for document in result.documents)}
    elif form == "json":
        made = {f"{document.stem}.json": as_json_text(document.content, indent=2) for document in result.documents}
    else:
        made = {f"{document.stem}.yaml": emit(document.content) for document in result.documents}
    if len(made) < len(result.documents) and form != "single":
        raise AssertionError("two documents have one name")
    return {name: text.encode() for name, text in made.items()} | files


def as_stream(result: Translated, form: str) -> str:
    """Every document in one text."""
    if form == "json":
        return "".join(as_json_text(document.content, indent=2) for document in result.documents)
    return emit_all(document.content for document in result.documents)


def write_folder(console: Console, folder: str, files: dict[str, bytes], *, force: bool) -> int:
    """Write the files, or say why not; returns the exit code."""
    from intermodal.kit.folder import carry_out, decide, look  # noqa: PLC0415 - stdout needs no folder

    try:
        seen = look(folder, files)
        decision = decide(seen, files)
        if decision.needs_force and not force:
            console.report([_not_empty(folder, seen)])
            return PROBLEMS
        kept = carry_out(folder, seen, decision)
    except OSError as error:
        console.report([_failed(folder, error)])
        return PROBLEMS
    found = [*(_kept(name, folder) for name in kept), *(_left(name, folder) for name in decision.left)]
    if found:
        console.report(found)
    console.say(_wrote(folder, decision))
    return DONE


def _wrote(folder: str, decision: Decision) -> str:
    place = folder.rstrip("/") + "/"
    if not decision.write and not decision.remove:
        return f"nothing to write: {place} is up to date"
    number = len(decision.write)
    said = [f"wrote {number} file{'s' * (number != 1)} to {place}"]
    said += [f"{len(decision.unchanged)} unchanged"] if decision.unchanged else []
    said += [f"{len(decision.remove)} removed that are no longer needed"] if decision.remove else []
    return ", ".join(said)


def _not_empty(folder: str, seen: Seen) -> Diagnostic:
    ours = sum(name in seen.ours for name in seen.files)
    others = len(seen.files) - ours + len(seen.foreign)
    held = [f"{ours} file{'s' * (ours != 1)} of an earlier translation"] if ours else []
    held += [f"{others} file{'s' * (others != 1)} of yours"] if others else []
    return Diagnostic(
        code="output-folder-not-empty",
        severity=Severity.ERROR,
        message=f"nothing was written: {folder} is not empty, it holds {' and '.join(held)}",
        help="choose another folder, or add --force: it replaces what intermodal wrote and keeps every file of yours",
    )


def _failed(folder: str, error: OSError) -> Diagnostic:
    reason = error.strerror or str(error)
    return Diagnostic(
        code="output-not-written",
        severity=Severity.ERROR,
        message=f"{folder} cannot be written: {reason}",
        help="no file in it is half written; when the cause is gone, run the command again",
    )


def _kept(name: str, folder: str) -> Diagnostic:
    return Diagnostic(
        code="output-file-kept",
        severity=Severity.WARNING,
        message=f"a file in {folder} that was not ours, or that somebody edited, is now called {name}",
        help="compare it with the new file, then delete it",
    )


def _left(name: str, folder: str) -> Diagnostic:
    return Diagnostic(
        code="output-file-stale",
        severity=Severity.WARNING,
        message=f"{name} in {folder} is no longer part of the translation, and stays because somebody edited it",
        help="delete it unless you need it; it would be deployed with the others",
    )
