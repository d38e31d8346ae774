"""What becomes of every field that says what runs, as whom, within which limits, how many of it and where.

Where the outcome hangs on the value, the translation's notes say so and outrank these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.support.deployment import DEPLOYMENT
from intermodal.platforms.kubernetes.support.limits import LIMITS
from intermodal.platforms.kubernetes.support.processes import PROCESSES

if TYPE_CHECKING:
    from intermodal.model.support import Support

WORKLOAD: Support = {**PROCESSES, **LIMITS, **DEPLOYMENT}
