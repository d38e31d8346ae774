"""What becomes of every field of an application: in a Compose file (`SUPPORT`), and on one engine (`OPERATED`).

Data only. Outcomes that hang on a value are told by the translation and by the requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.compose.support.operated import OPERATED
from intermodal.platforms.compose.support.written import WRITTEN

if TYPE_CHECKING:
    from intermodal.model.support import Support

__all__ = ["OPERATED", "SUPPORT"]

SUPPORT: Support = WRITTEN
