"""Rows for the translation: a Compose file carries everything, but for what loading has used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact
from intermodal.platforms.compose.support.operated import OPERATED
from intermodal.platforms.compose.support.words import LOADED, SAME, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

WRITTEN: Support = {
    **dict.fromkeys(OPERATED, SAME),
    **rows("", LOADED, "version include.**"),
    **rows("services.*.", LOADED, "extends.** profiles.* env_file.*.required env_file.*.format"),
    "services.*.env_file.*.path": Exact(how="environment: its variables are written out"),
    "services.*.label_file.*": Exact(how="labels"),
}
