"""The engine's answers in everybody's words: what runs, what happened, what is not as wanted. Pure."""

from intermodal.platforms.compose.observe.applications import applications, running
from intermodal.platforms.compose.observe.differences import differences, network_differences, volume_differences
from intermodal.platforms.compose.observe.events import event
from intermodal.platforms.compose.observe.images import held_images
from intermodal.platforms.compose.observe.instances import instance, instance_inspected

__all__ = [
    "applications",
    "differences",
    "event",
    "held_images",
    "instance",
    "instance_inspected",
    "network_differences",
    "running",
    "volume_differences",
]
