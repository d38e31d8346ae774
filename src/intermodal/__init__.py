"""The library's front door: load an application, translate it. Everything is imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.compose.load import Loaded
    from intermodal.platforms import Translated

__all__ = ["__version__", "load", "translate"]
__version__ = "0.1.0"


def load(
    *files: str,
    profiles: tuple[str, ...] = (),
    env_files: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    project_name: str = "",
    project_directory: str = "",
) -> Loaded:
    """Load the application that Compose files describe; without files, the one of the working directory.

    `environment` is what variables are taken from, by default this process's. Raises
    `intermodal.kit.diagnostics.Rejected` with every finding where the application cannot be used.
    """
    import os  # noqa: PLC0415 - a library that is only imported should cost nothing

    from intermodal.compose.load import Request  # noqa: PLC0415 - as above
    from intermodal.compose.load import load as load_request  # noqa: PLC0415 - as above

    request = Request(
        files=files,
        profiles=profiles,
        env_files=env_files,
        environment=os.environ if environment is None else environment,
        project_name=project_name,
        project_directory=project_directory,
        working_directory=os.getcwd(),  # noqa: PTH109 - text, as the request wants it
        stdin=None,
    )
    return load_request(request)


def translate(
    loaded: Loaded,
    platform: str,
    *,
    version: str = "",
    namespace: str = "",
    options: Mapping[str, str] | None = None,
) -> Translated:
    """Translate a loaded application; the result holds the documents and the ledger of every written value.

    Losses are in the ledger, never raised. Raises `intermodal.kit.diagnostics.Rejected` for a platform or options
    that do not exist.
    """
    from intermodal.model.platform import Settings  # noqa: PLC0415 - a library only imported should cost nothing
    from intermodal.platforms import find, translated  # noqa: PLC0415 - as above

    settings = Settings(version=version, namespace=namespace, options=options or {})
    return translated(find(platform), loaded.application, settings, loaded.files)
