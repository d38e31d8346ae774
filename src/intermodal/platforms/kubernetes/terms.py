"""What every part of this translation shares: the shape of its output, and a few values."""

from __future__ import annotations

from typing import Any, TypeAlias

from intermodal.model.support import Exact

Object: TypeAlias = dict[str, Any]
"""A Kubernetes object, or a piece of one, as plain data in the order to be written."""

DEFAULT = "the default"
"""How a written value that equals the platform's default is told of: leaving it out changes nothing."""
UNCHANGED = Exact(how=DEFAULT)

WAIT_IMAGE = "docker.io/library/busybox:1.37.0"
"""What waits for services and copies files, unless the option wait-image names another: small, with a shell."""

WAIT_API_IMAGE = "docker.io/curlimages/curl:8.11.1"
"""What asks the API whether a Job is done, unless the option wait-api-image names another.

curl checks the API's certificate, which busybox's wget does not.
"""
