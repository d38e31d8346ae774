"""The Docker Engine's HTTP API, as one object. Knows containers and services, not applications."""
