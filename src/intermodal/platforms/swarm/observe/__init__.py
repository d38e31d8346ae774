"""Answers of a Swarm's API -> what runs, in the words of `model.running`, and how it differs from what is wanted. Pure.

Every function takes answers of list calls as they are; fields it does not know do not matter. The time taken grows
with the answers and no faster: services and tasks are looked at once each.
"""

from __future__ import annotations

from intermodal.platforms.swarm.observe.differences import KEEPS_INSTANCES, differences, network_differences
from intermodal.platforms.swarm.observe.nodes import nodes
from intermodal.platforms.swarm.observe.services import applications, running

__all__ = ["KEEPS_INSTANCES", "applications", "differences", "network_differences", "nodes", "running"]
