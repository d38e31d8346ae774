from __future__ import annotations

from typing import Any

from intermodal.clients.docker.images import LocalImages, listed

DIGEST = "sha256:" + "ab" * 32
ID = "sha256:" + "cd" * 32


def test_an_image_is_found_by_every_name_it_has() -> None:
    listing: dict[str, Any] = {
        "Id": ID,
        "RepoTags": ["nginx:1.27", "ghcr.io/me/nginx:mine"],
        "RepoDigests": [f"nginx@{DIGEST}"],
        "Size": 5,
        "Created": 1700000000,
    }
    bare: dict[str, Any] = {
        "Id": "sha256:0",
        "RepoTags": ["<none>:<none>"],
        "RepoDigests": None,
        "Size": 1,
        "Created": 0,
    }
    images = LocalImages(map(listed, [bare, listing]))
    names = ["nginx:1.27", "docker.io/nginx:1.27", "ghcr.io/me/nginx:mine", f"nginx@{DIGEST}", f"nginx:9@{DIGEST}", ID]
    for name in names:
        found = images.find(name)
        assert found, name
        assert (found.id, found.size, found.created) == (ID, 5, 1700000000.0)
    for name in ("nginx", "nginx:1.28", "me/nginx:1.27", f"redis@{DIGEST}", "No Name", "<none>:<none>"):
        assert images.find(name) is None
