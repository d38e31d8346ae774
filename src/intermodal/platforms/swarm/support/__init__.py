"""What becomes of every field of an application on Swarm, as `docker stack deploy` (28.2) has it. Data only.

Outcomes that hang on a value are told by the translation; the rows here hold for all other values. What a stack
file drops in silence or refuses was found by asking the client: tests/platforms/swarm/test_client.py does so again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.swarm.support.containers import CONTAINERS
from intermodal.platforms.swarm.support.deploying import DEPLOYING
from intermodal.platforms.swarm.support.network import NETWORK
from intermodal.platforms.swarm.support.operated import DIFFERENT
from intermodal.platforms.swarm.support.shared import SHARED, extensions
from intermodal.platforms.swarm.support.storage import STORAGE

if TYPE_CHECKING:
    from intermodal.model.support import Support

_FIELDS: Support = {**CONTAINERS, **DEPLOYING, **NETWORK, **STORAGE, **SHARED}
SUPPORT: Support = {**extensions(_FIELDS), **_FIELDS}
OPERATED: Support = {**SUPPORT, **DIFFERENT}
"""What becomes of every field when `up` runs the application: the API can say more than a stack file."""
