"""Whether the parts of an application fit together. Works on the resolved long-form tree.

What docker compose refuses is an error here, with places; what it lets pass although it cannot work is a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import consistency, origin_rules, sharing
from intermodal.compose.known import Known
from intermodal.compose.rings import check_rings
from intermodal.compose.treewalk import mapping, part

if TYPE_CHECKING:
    from collections.abc import Collection

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping


def check_references(tree: Mapping, findings: Findings, inactive: Collection[str] = ()) -> None:
    """Check every reference from one part of an application to another; `inactive` services are out of the tree."""
    services = mapping(tree, "services")
    known = Known(tree, inactive)
    for name, service in services.items.items() if services else ():
        node = part(service)
        if node is not None:
            for rule in consistency.RULES:
                rule(name, node, known, findings)
    sharing.check_published(services, findings)
    sharing.check_container_names(services, findings)
    origin_rules.check_shared_files(tree, findings)
    origin_rules.check_externals(tree, findings)
    check_rings(services, findings)
