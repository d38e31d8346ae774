"""Environment variables, configs and secrets, as the container sees them."""
