"""What each wish may say: the reader of every field, from plain data to a typed value.

Belongs here: the forms of values. Does not: where wishes are written, and which of two wins.
A reader raises `ValueError` saying what the value must be; the value itself is never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.platforms.kubernetes.names import label_value, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KINDS = {
    "none": "none",
    "cluster": "cluster",
    "clusterip": "cluster",
    "headless": "headless",
    "nodeport": "nodeport",
    "node-port": "nodeport",
    "loadbalancer": "loadbalancer",
    "load-balancer": "loadbalancer",
    "ingress": "ingress",
    "gateway": "gateway",
}
CONTROLLERS = {name: name for name in ("deployment", "statefulset", "daemonset", "job", "cronjob")}
PULL_POLICIES = {"always": "Always", "ifnotpresent": "IfNotPresent", "never": "Never"}
CONCURRENCY = {"allow": "Allow", "forbid": "Forbid", "replace": "Replace"}
TRAFFIC_POLICIES = {"local": "Local", "cluster": "Cluster"}
AFFINITIES = {"none": "None", "clientip": "ClientIP"}
ACCESS_MODES = {
    **{mode.lower(): mode for mode in ("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod")},
    "rwo": "ReadWriteOnce",
    "rwx": "ReadWriteMany",
    "rox": "ReadOnlyMany",
    "rwop": "ReadWriteOncePod",
}
POLICIES = {
    **{name: name for name in ("claim", "local", "hostpath", "ephemeral", "memory", "nfs", "configmap", "secret")},
    "persistentvolumeclaim": "claim",
    "emptydir": "ephemeral",
}
QUANTITY_UNITS = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E", "m", "")


def one_of(table: Mapping[str, str]) -> Callable[[Any], str]:
    """A reader of a fixed set of words, whatever their case."""
    words = ", ".join(dict.fromkeys(table.values()))

    def read(value: Any) -> str:  # noqa: ANN401 - whatever the file says
        found = table.get(value.strip().lower()) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"must be one of {words}")
        return found

    return read


def text(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """Any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def between(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers from `least` to `most`, written as number or text."""

    def read(value: Any) -> int:  # noqa: ANN401 - whatever the file says
        digits = value.strip() if isinstance(value, str) else value
        if isinstance(digits, str) and digits.isascii() and digits.isdigit() and len(digits) <= 10:
            digits = int(digits)
        if isinstance(digits, bool) or not isinstance(digits, int) or not least <= digits <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return digits

    return read


def truth(value: Any) -> bool:  # noqa: ANN401 - whatever the file says
    """A truth value."""
    found = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).lower())
    if found is None:
        raise ValueError("must be true or false")
    return found


def object_name(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """The name of an object that exists in the cluster already: RFC 1123 labels with dots between."""
    name = text(value)
    if len(name) > 253 or any(part != slug(part) or not part for part in name.split(".")):
        raise ValueError("must be the name of an object: lower-case letters, digits, '-' and '.'")
    return name


def object_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever the file says
    """Names of objects, as a list or with commas between."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items:
        raise ValueError("must be a list of names of objects")
    return tuple(object_name(item) for item in items)


def host(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """A DNS name; its first label may be `*`."""
    name = text(value).lower()
    labels = name.removeprefix("*.").split(".")
    if len(name) > 253 or any(not label or label != slug(label) or len(label) > 63 for label in labels):
        raise ValueError("must be a DNS name such as shop.example.org")
    return name


def url_path(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """The path of a URL."""
    path = text(value)
    if not path.startswith("/"):
        raise ValueError("must start with '/'")
    return path


def address(value: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - whatever the file says
    """Kompose's `host/path,host/path`, or `true` for any host, as pairs of host and path; () for `false`."""
    if str(value).lower() in {"true", "false"}:
        return (("", ""),) if str(value).lower() == "true" else ()
    pairs = []
    for part in text(value).split(","):
        name, slash, rest = part.strip().partition("/")
        pairs.append((host(name), slash + rest))
    return tuple(pairs)


def annotation_map(value: Any) -> dict[str, str]:  # noqa: ANN401 - whatever the file says
    """Annotations, by key."""
    if not isinstance(value, dict) and not hasattr(value, "items"):
        raise ValueError("must be a mapping of annotations")
    found = {str(key): "" if item is None else _plain_text(item) for key, item in value.items()}
    for key in found:
        annotation_key(key)
    return found


def annotation_key(key: str) -> str:
    """A qualified name: an optional DNS prefix, `/`, and a name of at most 63 characters."""
    prefix, slash, name = key.rpartition("/")
    if not name or label_value(name) != name or (slash and len(prefix) > 253):
        raise ValueError("must have keys such as example.org/name")
    if slash:
        host(prefix)
    return key


def schedule(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """A cron schedule: five fields or one of the @ words."""
    line = text(value)
    if not line.startswith("@") and len(line.split()) != 5:
        raise ValueError("must be a cron schedule of five fields, such as '0 3 * * *'")
    return line


def quantity(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    """A Kubernetes quantity such as 10Gi."""
    written = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    unit = next((unit for unit in QUANTITY_UNITS if unit and written.endswith(unit)), "")
    number = written.removesuffix(unit)
    digits = number.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and number[0] != "." and number[-1] != "."):
        raise ValueError("must be a quantity such as 10Gi")
    return written


def _plain_text(value: Any) -> str:  # noqa: ANN401 - whatever the file says
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("must have texts for values")


Reader = Any
SERVICE: Mapping[str, Reader] = {
    "controller": one_of(CONTROLLERS),
    "schedule": schedule,
    "service_account": object_name,
    "image_pull_secrets": object_names,
    "image_pull_policy": one_of(PULL_POLICIES),
    "fs_group": between(0, 2**31 - 1),
    "cron_concurrency": one_of(CONCURRENCY),
    "cron_backoff_limit": between(0, 2**31 - 1),
    "ephemeral_request": quantity,
    "ephemeral_limit": quantity,
    "expose.kind": one_of(KINDS),
    "expose.host": host,
    "expose.path": url_path,
    "expose.port": between(1, 65535),
    "expose.node_port": between(1, 65535),
    "expose.class": object_name,
    "expose.tls": object_name,
    "expose.annotations": annotation_map,
    "expose.traffic_policy": one_of(TRAFFIC_POLICIES),
    "expose.session_affinity": one_of(AFFINITIES),
    "expose.host_ports": truth,
    "expose.dns_name": text,
    "expose.address": address,
}
VOLUME: Mapping[str, Reader] = {
    "policy": one_of(POLICIES),
    "class": object_name,
    "size": quantity,
    "access": one_of(ACCESS_MODES),
    "node": object_name,
    "path": url_path,
    "server": text,
}
